//! Locations and regions. Columns are those of the model: 1-based, code points, the end exclusive.

use super::{Log, put, uri};
use crate::window::{Extent, window};
use maremma_model::{Location, Place, Span};
use serde_json::{Value, json};

/// Whether lines of the source go with a location. Those that could not be read may hold secrets that
/// nobody could find.
#[derive(Clone, Copy, Debug)]
pub(super) enum Lines {
    Shown,
    Hidden,
}

/// A `location`; `address` is the resource that stands there.
pub(super) fn location(log: &Log<'_>, at: &Location, address: Option<&str>, lines: Lines) -> Value {
    let mut value = match at {
        Location::File(place) => {
            let mut value = json!({});
            let physical = match lines {
                Lines::Shown => physical(log, *place),
                Lines::Hidden => bare(log, *place).0,
            };
            put(&mut value, "physicalLocation", physical);
            value
        }
        Location::Aws { arn, attribute, call } => json!({
            "logicalLocations": [{ "fullyQualifiedName": arn, "kind": "resource" }],
            "properties": { "attribute": attribute, "call": call },
        }),
        Location::Artifact { digest, path, line } => {
            let mut physical = json!({ "artifactLocation": uri::artifact(path) });
            if let Some(line) = line.filter(|line| *line > 0) {
                put(&mut physical, "region", json!({ "startLine": line }));
            }
            json!({ "physicalLocation": physical, "properties": { "artifact": digest } })
        }
    };
    if let (Some(address), Location::File(_) | Location::Artifact { .. }) = (address, at) {
        let logical = json!([{ "fullyQualifiedName": address, "kind": "resource" }]);
        put(&mut value, "logicalLocations", logical);
    }
    value
}

/// A `physicalLocation` without lines, and its region.
fn bare(log: &Log<'_>, place: Place) -> (Value, Option<Value>) {
    let mut value = json!({ "artifactLocation": uri::artifact(log.sources.path(place.file)) });
    let region = (place.span.start.line > 0).then(|| region(place.span));
    if let Some(region) = &region {
        put(&mut value, "region", region.clone());
    }
    (value, region)
}

/// A `physicalLocation` with the lines around the value, masked.
fn physical(log: &Log<'_>, place: Place) -> Value {
    let (mut value, region) = bare(log, place);
    let window = window(&log.sources, place, &[], Extent::lines(1, 1));
    let (Some(mut region), Some(window)) = (region, window) else {
        return value;
    };
    let said = window.spans.into_iter().next().and_then(|span| window.text.get(span));
    if let Some(said) = said.filter(|said| !said.is_empty()) {
        put(&mut region, "snippet", json!({ "text": said }));
        put(&mut value, "region", region);
    }
    let last = window.line + window.text.split('\n').count() - 1;
    let context = json!({ "startLine": window.line, "endLine": last, "snippet": { "text": window.text } });
    put(&mut value, "contextRegion", context);
    value
}

pub(super) fn region(span: Span) -> Value {
    json!({
        "startLine": span.start.line.max(1),
        "startColumn": span.start.column.max(1),
        "endLine": span.end.line.max(1),
        "endColumn": span.end.column.max(1),
    })
}
