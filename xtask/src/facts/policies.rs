//! The documents of AWS managed policies, from `moto`, which copies them from AWS.

use super::file;
use super::package::{Registry, Shelf};
use crate::paths;
use anyhow::{Context, Result, ensure};
use miniz_oxide::deflate::compress_to_vec_zlib;
use serde_json::{Map, Value, json};

pub(crate) const TABLE: &str = "managed-policies";
const FILE: &str = "moto/iam/aws_managed_policies.py";

/// A block is closed once it has this much text: large enough to compress well, small enough to inflate at once.
const BLOCK: usize = 64 << 10;

pub(crate) fn renew(shelf: &Shelf) -> Result<()> {
    let package = shelf.fetch(Registry::PyPi, "moto")?;
    let text = package.read(FILE)?;
    let policies = json_of_module(&text)?;
    ensure!(policies.len() > 1000, "only {} policies", policies.len());
    let (data, blocks) = compress(&policies)?;
    std::fs::write(data_file(), &data)?;
    let mut facts = Map::new();
    facts.insert("blocks".to_owned(), Value::Array(blocks));
    facts.insert("policies".to_owned(), json!(policies.len()));
    facts.insert("sha256".to_owned(), json!(file::sha256(&data)));
    println!(
        "wrote managed-policies.bin: {} policies, {} bytes",
        policies.len(),
        data.len()
    );
    file::write(TABLE, vec![package.source(TABLE, FILE, &text)], &facts)
}

/// Checks the data file against the hash in the index.
pub(crate) fn verify_blocks(index: &Value) -> Result<()> {
    let hash = file::sha256(&std::fs::read(data_file())?);
    let said = index.get("sha256").and_then(Value::as_str).unwrap_or_default();
    ensure!(
        hash == said,
        "managed-policies.bin was changed by hand: it has SHA-256 {hash}"
    );
    Ok(())
}

fn data_file() -> std::path::PathBuf {
    paths::facts_data().join("managed-policies.bin")
}

/// The module is one Python string that holds JSON.
fn json_of_module(text: &str) -> Result<Map<String, Value>> {
    let string = text.split("\"\"\"").nth(1).context("no string in the module")?;
    ensure!(
        !string.contains('\\'),
        "the string has escapes, which Python would read first"
    );
    Ok(serde_json::from_str(string)?)
}

/// Lines of `name TAB path TAB version TAB document`, sorted by name, in blocks of zlib.
fn compress(policies: &Map<String, Value>) -> Result<(Vec<u8>, Vec<Value>)> {
    let mut names: Vec<&String> = policies.keys().collect();
    names.sort();
    let (mut data, mut blocks, mut block, mut first) = (Vec::new(), Vec::new(), String::new(), "");
    for (position, name) in names.iter().enumerate() {
        if block.is_empty() {
            first = name.as_str();
        }
        block.push_str(&line(name, policies.get(*name).unwrap_or(&Value::Null))?);
        if block.len() >= BLOCK || position + 1 == names.len() {
            let compressed = compress_to_vec_zlib(block.as_bytes(), 9);
            blocks.push(json!({"first": first, "offset": data.len(), "length": compressed.len()}));
            data.extend(compressed);
            block.clear();
        }
    }
    Ok((data, blocks))
}

fn line(name: &str, policy: &Value) -> Result<String> {
    let field = |key: &str| {
        policy
            .get(key)
            .and_then(Value::as_str)
            .with_context(|| format!("{name} has no {key}"))
    };
    let document = policy.get("Document").filter(|document| document.is_object());
    let document = document.with_context(|| format!("{name} has no document"))?;
    let line = format!(
        "{name}\t{}\t{}\t{document}\n",
        field("Path")?,
        field("DefaultVersionId")?
    );
    ensure!(
        line.matches('\t').count() == 3 && line.matches('\n').count() == 1,
        "{name} has a tab or a line break"
    );
    Ok(line)
}
