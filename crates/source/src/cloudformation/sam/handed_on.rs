//! Properties that a serverless resource hands on to what is made of it: under the same or another
//! name, as tags, or as an object in S3.

use super::Sam;
use super::make::{Make, is_call};
use maremma_model::{GapKind, Node, NodeValue};
use std::sync::Arc;

/// The properties of a map that are written and not null, each under its new name.
pub(super) fn properties(from: Option<&Node>, names: &[(&str, &'static str)]) -> Vec<(&'static str, Node)> {
    let written = |name: &str| from?.get(name).filter(|node| !node.is_null());
    let one = |(name, new): &(&str, &'static str)| Some((*new, written(name)?.clone()));
    names.iter().filter_map(one).collect()
}

/// Properties that keep their names.
pub(super) fn same(from: Option<&Node>, names: &[&'static str]) -> Vec<(&'static str, Node)> {
    let names: Vec<_> = names.iter().map(|name| (*name, *name)).collect();
    properties(from, &names)
}

/// `Tags`, a map in SAM, as the list of keys and values that CloudFormation takes.
pub(super) fn tags(sam: &Sam<'_>, tags: Option<&Node>) -> Vec<Node> {
    let Some(tags) = tags else { return Vec::new() };
    match &tags.value {
        NodeValue::Map(entries) if !is_call(tags) => entries
            .iter()
            .map(|entry| {
                let make = Make(entry.key_place);
                let value = match entry.value.is_null() {
                    true => make.text(""),
                    false => entry.value.clone(),
                };
                make.map(vec![("Key", make.text(&entry.key)), ("Value", value)])
            })
            .collect(),
        NodeValue::Seq(items) if tags.tag.is_none() => items.clone(),
        _ => {
            let reason = format!("Tags: expected a map, found {}", tags.describe());
            sam.gap(GapKind::Unparsed, reason, tags.place);
            Vec::new()
        }
    }
}

/// The tag by which a resource says that SAM made it.
pub(super) fn created_by(make: Make, key: &str) -> Node {
    make.map(vec![("Key", make.text(key)), ("Value", make.text("SAM"))])
}

/// What a URI of code, content or a definition names.
pub(super) enum Stored {
    /// An object in S3, with the names of its parts that were asked for.
    Object(Node),
    /// A path on disk, before the template is packaged.
    Local(Arc<str>),
    /// It is not known; that has been told.
    Unknown,
}

/// Reads `s3://bucket/key?versionId=3`, or `Bucket`, `Key` and `Version` in a map.
pub(super) fn stored(sam: &Sam<'_>, property: &str, uri: &Node, [bucket, key, version]: [&'static str; 3]) -> Stored {
    if uri.is_map() && !is_call(uri) {
        let parts = properties(Some(uri), &[("Bucket", bucket), ("Key", key), ("Version", version)]);
        if uri.get("Bucket").is_none() || uri.get("Key").is_none() {
            let reason = format!("{property}: expected Bucket and Key");
            sam.gap(GapKind::Unparsed, reason, uri.place);
        }
        return Stored::Object(Make(uri.place).map(parts));
    }
    let Some(text) = sam.text(uri) else {
        let reason = format!("{property}: it is not known where this points");
        sam.gap(GapKind::Unsupported, reason, uri.place);
        return Stored::Unknown;
    };
    let Some((name, path)) = text.strip_prefix("s3://").and_then(|rest| rest.split_once('/')) else {
        return Stored::Local(text);
    };
    let make = Make(uri.place);
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let mut parts = vec![(bucket, make.text(name)), (key, make.text(path))];
    if let Some(text) = query.split('&').find_map(|pair| pair.strip_prefix("versionId=")) {
        parts.push((version, make.text(text)));
    }
    Stored::Object(make.map(parts))
}
