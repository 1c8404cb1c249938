//! The code of a function: `CodeUri`, `InlineCode` or `ImageUri`.

use super::super::Sam;
use super::super::make::{self, Make};
use super::super::source::Source;
use maremma_model::{GapKind, Node};

/// The `Code` of the function; `None` where it stands on disk, or is not known.
pub(super) fn of(sam: &Sam<'_>, source: Source<'_>) -> Option<Node> {
    let image = source.property("ImageUri");
    let inline = source.property("InlineCode");
    let mut code = if let (Some(uri), true) = (image, is_image(sam, source)) {
        Make(uri.place).map(vec![("ImageUri", uri.clone())])
    } else if let Some(text) = inline {
        Make(text.place).map(vec![("ZipFile", text.clone())])
    } else {
        object(sam, source.property("CodeUri")?)?
    };
    if let Some(key) = source.property("SourceKMSKeyArn") {
        make::set(&mut code, "SourceKMSKeyArn", key.clone());
    }
    Some(code)
}

fn is_image(sam: &Sam<'_>, source: Source<'_>) -> bool {
    match source.property("PackageType") {
        Some(kind) => sam.text(kind).as_deref() != Some("Zip"),
        None => source.property("InlineCode").is_none() && source.property("CodeUri").is_none(),
    }
}

/// Where the function's code stands on disk.
pub(super) fn local<'n>(sam: &Sam<'_>, source: Source<'n>) -> Option<&'n Node> {
    let code = source.property("CodeUri")?;
    if source.property("InlineCode").is_some() || source.property("ImageUri").is_some() {
        return None;
    }
    (!code.is_map() && !sam.text(code)?.contains("://")).then_some(code)
}

/// The object in S3 that a URI names: `s3://bucket/key?versionId=3`, or its parts in a map.
fn object(sam: &Sam<'_>, uri: &Node) -> Option<Node> {
    if uri.is_map() && !make::is_call(uri) {
        return parts(sam, uri);
    }
    let Some(text) = sam.text(uri) else {
        let reason = "CodeUri: it is not known where this points";
        sam.gap(GapKind::Absent, reason, uri.place);
        return None;
    };
    let (bucket, path) = text.strip_prefix("s3://")?.split_once('/')?;
    let (key, query) = path.split_once('?').unwrap_or((path, ""));
    let make = Make(uri.place);
    let mut entries = vec![("S3Bucket", make.text(bucket)), ("S3Key", make.text(key))];
    if let Some(version) = query.split('&').find_map(|pair| pair.strip_prefix("versionId=")) {
        entries.push(("S3ObjectVersion", make.text(version)));
    }
    Some(make.map(entries))
}

fn parts(sam: &Sam<'_>, uri: &Node) -> Option<Node> {
    let (Some(bucket), Some(key)) = (uri.get("Bucket"), uri.get("Key")) else {
        sam.unreadable("CodeUri", "expected Bucket and Key", uri);
        return None;
    };
    let mut entries = vec![("S3Bucket", bucket.clone()), ("S3Key", key.clone())];
    if let Some(version) = uri.get("Version") {
        entries.push(("S3ObjectVersion", version.clone()));
    }
    Some(Make(uri.place).map(entries))
}
