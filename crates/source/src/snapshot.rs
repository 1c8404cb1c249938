//! Snapshots: an estate written once, for questions later and elsewhere. JSON, optionally packed
//! with zstd.

use maremma_model::Estate;
use serde::{Deserialize, Serialize};
use std::io::Read;

/// The schema that this version writes, and the only one that it reads.
pub const SCHEMA: &str = "maremma.snapshot/1";
/// How a text that is packed with zstd begins.
pub(crate) const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// An unpacked snapshot may be this large: a pack of some kilobytes may claim anything.
const MAX_UNPACKED: u64 = 4 * crate::MAX_FILE;

/// Why a snapshot cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    #[error(
        "the snapshot has schema {found:?}, and this version reads {SCHEMA}: write it again with `maremma snapshot`"
    )]
    Version { found: String },
    #[error("the snapshot is damaged: {0}")]
    Damaged(#[from] serde_json::Error),
    #[error("the snapshot cannot be unpacked: {0}")]
    Packed(String),
    #[error("the snapshot is larger than {} MiB when unpacked", MAX_UNPACKED >> 20)]
    TooLarge,
    #[error("the snapshot is nested deeper than {MAX_DEPTH} levels")]
    TooDeep,
}

/// Nested deeper no estate of ours is, and readers recurse.
const MAX_DEPTH: usize = 1_500;

#[derive(Serialize)]
struct Written<'a> {
    schema: &'a str,
    tool: String,
    estate: &'a Estate,
}

#[derive(Deserialize)]
struct Head {
    schema: String,
}

#[derive(Deserialize)]
struct Body {
    estate: Estate,
}

/// Whether a text is a snapshot of any version.
pub(crate) fn is_snapshot(text: &str) -> bool {
    text.trim_start().strip_prefix('{').is_some_and(|rest| {
        let head = rest.trim_start();
        head.strip_prefix("\"schema\"").is_some_and(|rest| {
            rest.trim_start_matches([':', ' ', '\t', '\n', '\r'])
                .starts_with("\"maremma.snapshot/")
        })
    })
}

/// The estate as JSON text. Values that may be secrets are left out by their type.
///
/// # Errors
/// Never for an estate that a reader made.
pub fn write(estate: &Estate) -> Result<String, SnapshotError> {
    let tool = format!("maremma {}", env!("CARGO_PKG_VERSION"));
    Ok(serde_json::to_string(&Written {
        schema: SCHEMA,
        tool,
        estate,
    })?)
}

/// The text packed with zstd.
pub fn pack(text: &str) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(text.as_bytes(), ruzstd::encoding::CompressionLevel::Fastest)
}

/// # Errors
/// Not zstd, damaged, or over the bound.
pub(crate) fn unpack(bytes: &[u8]) -> Result<String, SnapshotError> {
    let packed = |error: &dyn std::fmt::Display| SnapshotError::Packed(error.to_string());
    let mut decoder = ruzstd::decoding::StreamingDecoder::new(bytes).map_err(|error| packed(&error))?;
    let mut unpacked = Vec::new();
    decoder
        .by_ref()
        .take(MAX_UNPACKED + 1)
        .read_to_end(&mut unpacked)
        .map_err(|error| packed(&error))?;
    if unpacked.len() as u64 > MAX_UNPACKED {
        return Err(SnapshotError::TooLarge);
    }
    String::from_utf8(unpacked).map_err(|error| packed(&error))
}

/// The estate of a snapshot that may be packed.
///
/// # Errors
/// As [`read`], or it cannot be unpacked.
pub fn read_bytes(bytes: &[u8]) -> Result<Estate, SnapshotError> {
    if bytes.starts_with(&MAGIC) {
        return read(&unpack(bytes)?);
    }
    let text = std::str::from_utf8(bytes).map_err(|error| SnapshotError::Packed(error.to_string()))?;
    read(text)
}

/// The estate of a snapshot.
///
/// # Errors
/// Another version, or damaged JSON.
pub fn read(text: &str) -> Result<Estate, SnapshotError> {
    if depth(text) > MAX_DEPTH {
        return Err(SnapshotError::TooDeep);
    }
    let head: Head = parsed(text)?;
    if head.schema != SCHEMA {
        return Err(SnapshotError::Version { found: head.schema });
    }
    Ok(parsed::<Body>(text)?.estate)
}

/// The parser's own bound is lower than what documents in an estate need; ours was checked.
fn parsed<T: for<'de> Deserialize<'de>>(text: &str) -> Result<T, serde_json::Error> {
    let mut parser = serde_json::Deserializer::from_str(text);
    parser.disable_recursion_limit();
    let value = T::deserialize(&mut parser)?;
    parser.end()?;
    Ok(value)
}

/// How deep brackets are nested outside of strings.
fn depth(text: &str) -> usize {
    let (mut deepest, mut depth, mut quoted, mut escaped) = (0, 0_usize, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'[' | b'{' if !quoted => depth += 1,
            b']' | b'}' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Options, read_texts};

    #[test]
    fn what_is_nested_deep_is_read_back_and_deeper_is_refused() {
        // A document is a map in a list in a map ... of its own in the snapshot.
        let deep = format!("{}x{}", "[".repeat(190), "]".repeat(190));
        let template = format!(
            "Resources: {{M: {{Type: AWS::StepFunctions::StateMachine, Properties: {{Definition: {{S: {deep}}}}}}}}}"
        );
        let estate = read_texts(&[("t.yaml", &template)], &Options::default());
        let written = write(&estate).unwrap();
        assert!(depth(&written) > 400);
        let back = std::thread::Builder::new()
            .stack_size(64 << 20)
            .spawn(move || read(&written).unwrap())
            .unwrap()
            .join()
            .unwrap();
        assert_eq!(back.state_machines.len(), 1);
        let hostile = format!("{{\"schema\": \"{SCHEMA}\", \"estate\": {}", "[".repeat(1 << 20));
        assert!(matches!(read(&hostile), Err(SnapshotError::TooDeep)));
        assert_eq!(depth(r#"{"a": "[[[\"[[", "b": [1]}"#), 2);
    }
}
