//! `AWS::Serverless::LayerVersion`: a layer version that is replaced when anything of it changes.

use super::Sam;
use super::handed_on::{Stored, same, stored};
use super::make::{Make, digest, set, slot};
use super::source::Source;
use maremma_model::{GapKind, Node};

pub(super) fn expand(sam: &mut Sam<'_>, source: Source<'_>) {
    let make = Make(source.place);
    let written = source.node.get("Properties");
    let mut properties = same(
        written,
        &[
            "CompatibleArchitectures",
            "CompatibleRuntimes",
            "Description",
            "LicenseInfo",
        ],
    );
    let name = source.property("LayerName").cloned();
    properties.push(("LayerName", name.unwrap_or_else(|| make.text(source.id))));
    let mut local = None;
    match source.property("ContentUri") {
        Some(uri) => match stored(sam, "ContentUri", uri, ["S3Bucket", "S3Key", "S3ObjectVersion"]) {
            Stored::Object(object) => properties.push(("Content", object)),
            Stored::Local(path) => local = Some(Make(uri.place).text(&path)),
            Stored::Unknown => {}
        },
        None => {
            let reason = format!("layer {}: ContentUri is missing", source.id);
            sam.gap(GapKind::Unparsed, reason, source.place);
        }
    }
    let mut layer = make.resource("AWS::Lambda::LayerVersion", properties);
    if let Some(policy) = retention(sam, source) {
        set(&mut layer, "DeletionPolicy", policy);
    }
    let id = format!("{}{}", source.id, digest(source.node));
    sam.rename(source.id, &id);
    sam.add_main_as(source, &id, layer);
    // Content on disk is told as the CDK tells of its assets.
    if let Some(path) = local
        && let Some(layer) = sam.made_mut(&id)
        && let Some(metadata) = slot(layer, "Metadata", |make| make.map(Vec::new()))
    {
        set(metadata, "aws:asset:path", path);
        set(metadata, "aws:asset:property", make.text("Content"));
    }
}

/// What becomes of the version when it is replaced: it is kept unless something else is written.
fn retention(sam: &Sam<'_>, source: Source<'_>) -> Option<Node> {
    let Some(written) = source.property("RetentionPolicy") else {
        let own = source.node.get("DeletionPolicy").is_some();
        return (!own).then(|| Make(source.place).text("Retain"));
    };
    let make = Make(written.place);
    match sam.text(written).map(|text| text.to_ascii_lowercase()).as_deref() {
        Some("retain") => Some(make.text("Retain")),
        Some("delete") => Some(make.text("Delete")),
        _ => {
            let reason = format!("layer {}: RetentionPolicy: expected Retain or Delete", source.id);
            sam.gap(GapKind::Unparsed, reason, written.place);
            None
        }
    }
}
