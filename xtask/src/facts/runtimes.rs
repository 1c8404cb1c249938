//! The lifecycle of Lambda runtimes, from `cfn-lint`, which AWS keeps.

use super::file;
use super::package::{Registry, Shelf};
use anyhow::{Context, Result, ensure};
use jiff::civil::Date;
use serde_json::{Map, Value, json};

pub(crate) const TABLE: &str = "runtime-lifecycle";
const FILE: &str = "cfnlint/data/AdditionalSpecs/LmbdRuntimeLifecycle.json";

pub(crate) fn renew(shelf: &Shelf) -> Result<()> {
    let package = shelf.fetch(Registry::PyPi, "cfn-lint")?;
    let text = package.read(FILE)?;
    let listed: Map<String, Value> = serde_json::from_str(&text)?;
    let mut facts = Map::new();
    for (runtime, entry) in &listed {
        let facts_of = lifecycle(entry).with_context(|| format!("cannot read the entry of {runtime}"))?;
        facts.insert(runtime.clone(), facts_of);
    }
    ensure!(facts.len() >= 40, "only {} runtimes", facts.len());
    file::write(TABLE, vec![package.source(TABLE, FILE, &text)], &facts)
}

fn lifecycle(entry: &Value) -> Result<Value> {
    let date = |key: &str| -> Result<Option<Date>> {
        match entry.get(key).with_context(|| format!("no {key}"))? {
            Value::Null => Ok(None),
            value => Ok(Some(value.as_str().context("a date is a string")?.parse()?)),
        }
    };
    Ok(json!({
        "deprecated": date("deprecated")?,
        "create_block": date("create-block")?,
        "update_block": date("update-block")?,
        "successor": entry.get("successor").and_then(Value::as_str),
    }))
}
