//! `AWS::Serverless::SimpleTable`: a table with one key, billed on demand unless throughput is provisioned.

use super::Sam;
use super::handed_on::{same, tags};
use super::make::Make;
use super::source::Source;
use maremma_model::{GapKind, Node};

pub(super) fn expand(sam: &mut Sam<'_>, source: Source<'_>) {
    let make = source.make("PrimaryKey");
    let (name, kind) = key(sam, source, make);
    let mut attribute = vec![("AttributeName", name.clone())];
    attribute.extend(kind.map(|kind| ("AttributeType", make.text(kind))));
    let schema = make.map(vec![("AttributeName", name), ("KeyType", make.text("HASH"))]);
    let mut properties = same(
        source.node.get("Properties"),
        &[
            "PointInTimeRecoverySpecification",
            "ProvisionedThroughput",
            "SSESpecification",
            "TableName",
        ],
    );
    properties.push(("AttributeDefinitions", make.list(vec![make.map(attribute)])));
    properties.push(("KeySchema", make.list(vec![schema])));
    if source.property("ProvisionedThroughput").is_none() {
        properties.push(("BillingMode", make.text("PAY_PER_REQUEST")));
    }
    let tags = tags(sam, source.property("Tags"));
    if !tags.is_empty() {
        properties.push(("Tags", source.make("Tags").list(tags)));
    }
    let table = Make(source.place).resource("AWS::DynamoDB::Table", properties);
    sam.add_main(source, table);
}

/// The name and the type of the key: the string `id` where none is written.
fn key(sam: &Sam<'_>, source: Source<'_>, make: Make) -> (Node, Option<&'static str>) {
    let Some(key) = source.property("PrimaryKey") else {
        return (make.text("id"), Some("S"));
    };
    let kind = key.get("Type").and_then(|kind| sam.text(kind));
    let kind = match kind.as_deref() {
        Some("String") => Some("S"),
        Some("Number") => Some("N"),
        Some("Binary") => Some("B"),
        _ => None,
    };
    if kind.is_none() || key.get("Name").is_none() {
        let reason = format!(
            "table {}: PrimaryKey: expected a Name and a Type of String, Number or Binary",
            source.id
        );
        sam.gap(GapKind::Unparsed, reason, key.place);
    }
    (key.get("Name").cloned().unwrap_or_else(|| make.text("id")), kind)
}
