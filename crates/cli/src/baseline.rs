//! What an earlier report of ours tells, JSON or SARIF.

use anyhow::{Context as _, bail};
use maremma_checks::Earlier;
use serde_json::Value;
use std::io::Read as _;
use std::path::Path;

/// Larger files are no report of ours.
const MAX_SIZE: u64 = 1 << 30;
/// How our fingerprints are called in SARIF.
const PRINT: &str = "maremma/";

#[derive(Debug, Default)]
pub(crate) struct Baseline(Vec<Earlier>);

impl Baseline {
    pub(crate) fn read(path: &Path) -> anyhow::Result<Self> {
        let cannot = || format!("cannot read {}", path.display());
        let mut text = String::new();
        let file = std::fs::File::open(path).with_context(cannot)?;
        file.take(MAX_SIZE + 1).read_to_string(&mut text).with_context(cannot)?;
        if text.len() as u64 > MAX_SIZE {
            bail!("{} is larger than {} MiB", path.display(), MAX_SIZE >> 20);
        }
        parse(&text)
            .map(Baseline)
            .with_context(|| format!("{} is no baseline", path.display()))
    }

    pub(crate) fn entries(&self) -> &[Earlier] {
        &self.0
    }
}

fn parse(text: &str) -> anyhow::Result<Vec<Earlier>> {
    let report: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).context("not JSON")?;
    let (entries, found) = if let Some(findings) = list(&report, "findings") {
        let suppressed = list(&report, "suppressed").unwrap_or_default();
        let all: Vec<&Value> = findings.iter().chain(suppressed).collect();
        (all.len(), all.into_iter().filter_map(of_json).collect::<Vec<_>>())
    } else if let Some(runs) = list(&report, "runs") {
        let results = runs.iter().flat_map(|run| list(run, "results").unwrap_or_default());
        let all: Vec<&Value> = results.collect();
        (all.len(), all.into_iter().filter_map(of_sarif).collect())
    } else {
        bail!("expected a report of `maremma scan` in JSON or SARIF");
    };
    let lacking = entries - found.len();
    if lacking > 0 {
        bail!("{lacking} of its {entries} findings have no fingerprint of maremma: is it the report of another tool?");
    }
    Ok(found)
}

fn list<'v>(value: &'v Value, key: &str) -> Option<&'v [Value]> {
    value.get(key).and_then(Value::as_array).map(Vec::as_slice)
}

fn text(value: &Value, pointer: &str) -> Option<String> {
    Some(value.pointer(pointer)?.as_str()?.to_owned())
}

/// `None` where it has no fingerprint.
fn of_json(finding: &Value) -> Option<Earlier> {
    Some(Earlier {
        fingerprint: text(finding, "/fingerprint")?,
        check: text(finding, "/check").unwrap_or_default(),
        detail: text(finding, "/detail"),
        file: text(finding, "/location/file"),
        ..of_subject(finding.get("subject"))
    })
}

fn of_sarif(result: &Value) -> Option<Earlier> {
    let prints = result.get("partialFingerprints")?.as_object()?;
    let print = prints.iter().find(|(name, _)| name.starts_with(PRINT));
    let artifact = "/locations/0/physicalLocation/artifactLocation/uri";
    Some(Earlier {
        fingerprint: print?.1.as_str()?.to_owned(),
        check: text(result, "/ruleId").unwrap_or_default(),
        detail: text(result, "/properties/detail"),
        file: text(result, artifact).map(|uri| decoded(&uri)),
        ..of_subject(result.pointer("/properties/subject"))
    })
}

fn of_subject(subject: Option<&Value>) -> Earlier {
    let of = |key: &str| subject.and_then(|subject| Some(subject.get(key)?.as_str()?.to_owned()));
    let id = of("id").unwrap_or_default();
    Earlier {
        kind: of("kind").unwrap_or_default(),
        address: of("address").unwrap_or_default(),
        // An id is an ARN where all of it is known, and names no unit then.
        unit: id.split_once('#').map(|(unit, _)| unit.to_owned()),
        ..Earlier::default()
    }
}

/// A path out of a relative URI, whose bytes may be written as `%20`.
fn decoded(uri: &str) -> String {
    let mut bytes = Vec::with_capacity(uri.len());
    let mut rest = uri.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_report_of_ours_is_told() {
        let said = |text: &str| format!("{:#}", parse(text).unwrap_err());
        assert!(said("{").contains("not JSON"));
        assert!(said("[]").contains("expected a report"));
        assert!(said("{\"findings\": {}}").contains("expected a report"));
        assert!(said("{\"findings\": [{\"check\": \"a\"}]}").contains("1 of its 1 findings"));
        let foreign = r#"{"runs": [{"results": [{"ruleId": "a", "partialFingerprints": {"primary": "b"}}]}]}"#;
        assert!(said(foreign).contains("another tool"));
        assert!(parse("\u{feff}{\"findings\": []}").unwrap().is_empty());
    }

    #[test]
    fn a_uri_is_a_path_again() {
        assert_eq!(decoded("a%20b/%C3%A9.yaml"), "a b/é.yaml");
        assert_eq!(decoded("100%/x%zz"), "100%/x%zz");
    }
}
