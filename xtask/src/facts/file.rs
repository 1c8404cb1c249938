//! The form of a facts file: `sources`, the SHA-256 of the facts, `facts`.

use crate::paths;
use anyhow::{Context, Result, ensure};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Every facts file.
const TABLES: [&str; 5] = [
    super::runtimes::TABLE,
    super::policies::TABLE,
    super::publishers::TABLE,
    super::sam::CONNECTORS,
    super::sam::TEMPLATES,
];

/// Writes `TABLE.json`, one fact a line so that a renewal reads well as a diff.
pub(crate) fn write(table: &str, sources: Vec<Value>, facts: &Map<String, Value>) -> Result<()> {
    let hash = sha256(serde_json::to_string(facts)?.as_bytes());
    let lines: Vec<String> = facts
        .iter()
        .map(|(key, value)| format!("{}: {value}", json!(key)))
        .collect();
    let sources: Vec<String> = sources.iter().map(Value::to_string).collect();
    let text = format!(
        "{{\n\"sources\": [\n{}\n],\n\"sha256\": \"{hash}\",\n\"facts\": {{\n{}\n}}\n}}\n",
        sources.join(",\n"),
        lines.join(",\n"),
    );
    std::fs::write(paths::facts_data().join(format!("{table}.json")), text)?;
    println!("wrote {table}.json: {} entries", facts.len());
    Ok(())
}

/// Checks the committed facts against their committed hashes; asks no registry.
pub(crate) fn verify() -> Result<()> {
    for table in TABLES {
        let file = format!("{table}.json");
        let text =
            std::fs::read_to_string(paths::facts_data().join(&file)).with_context(|| format!("cannot read {file}"))?;
        let value: Value = serde_json::from_str(&text).with_context(|| format!("{file} is not JSON"))?;
        let facts = value.get("facts").with_context(|| format!("{file} has no facts"))?;
        let hash = sha256(serde_json::to_string(facts)?.as_bytes());
        let said = value.get("sha256").and_then(Value::as_str).unwrap_or_default();
        ensure!(
            hash == said,
            "{file} was changed by hand: its facts have SHA-256 {hash}"
        );
        if table == super::policies::TABLE {
            super::policies::verify_blocks(facts)?;
        }
    }
    Ok(())
}
