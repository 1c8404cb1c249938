//! What AWS SAM's policy templates and connectors grant, from `aws-sam-translator`, which AWS keeps.

use super::file;
use super::package::{Registry, Shelf};
use anyhow::{Context, Result, ensure};
use serde_json::{Map, Value, json};

pub(crate) const TEMPLATES: &str = "sam-policy-templates";
pub(crate) const CONNECTORS: &str = "sam-connectors";
const TEMPLATES_FILE: &str = "samtranslator/policy_templates_data/policy_templates.json";
const CONNECTORS_FILE: &str = "samtranslator/model/connector_profiles/profiles.json";

pub(crate) fn renew(shelf: &Shelf) -> Result<()> {
    let package = shelf.fetch(Registry::PyPi, "aws-sam-translator")?;
    let text = package.read(TEMPLATES_FILE)?;
    let facts = templates(&serde_json::from_str(&text)?)?;
    ensure!(facts.len() >= 75, "only {} policy templates", facts.len());
    file::write(
        TEMPLATES,
        vec![package.source(TEMPLATES, TEMPLATES_FILE, &text)],
        &facts,
    )?;
    let text = package.read(CONNECTORS_FILE)?;
    let facts = connectors(&serde_json::from_str(&text)?)?;
    ensure!(facts.len() >= 10, "connectors from only {} types", facts.len());
    file::write(
        CONNECTORS,
        vec![package.source(CONNECTORS, CONNECTORS_FILE, &text)],
        &facts,
    )
}

/// Names of parameters and the statements; the descriptions stay behind.
fn templates(listed: &Value) -> Result<Map<String, Value>> {
    let entries = listed
        .get("Templates")
        .and_then(Value::as_object)
        .context("no Templates")?;
    let of = |(name, entry): (&String, &Value)| {
        let parameters: Vec<_> = entry
            .get("Parameters")
            .and_then(Value::as_object)
            .into_iter()
            .flat_map(Map::keys)
            .collect();
        let statement = entry
            .pointer("/Definition/Statement")
            .with_context(|| format!("{name} has no Statement"))?;
        Ok((
            name.clone(),
            json!({ "parameters": parameters, "statement": statement }),
        ))
    };
    entries.iter().map(of).collect()
}

/// Source type, then destination type, then what the pair is given.
fn connectors(listed: &Value) -> Result<Map<String, Value>> {
    Ok(listed
        .get("Permissions")
        .and_then(Value::as_object)
        .context("no Permissions")?
        .clone())
}
