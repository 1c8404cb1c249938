//! Tags: a list where SAM has a map, and on what a function makes where it propagates them.

use super::super::Sam;
use super::super::make::{self, Make};
use super::super::source::Source;
use maremma_model::Node;

/// The types on which the transform puts propagated tags.
const TAGGED: &[&str] = &[
    "AWS::CodeDeploy::Application",
    "AWS::CodeDeploy::DeploymentGroup",
    "AWS::IAM::Role",
    "AWS::IoT::TopicRule",
    "AWS::Lambda::Function",
    "AWS::S3::Bucket",
    "AWS::SNS::Topic",
    "AWS::SQS::Queue",
];

/// The tags of the function itself: that SAM made it, and those written.
pub(super) fn own(source: Source<'_>) -> Node {
    let make = Make(source.place);
    let by = make.map(vec![
        ("Key", make.text("lambda:createdBy")),
        ("Value", make.text("SAM")),
    ]);
    let written = source.property("Tags");
    let mut tags = vec![by];
    tags.extend(written.map(listed).unwrap_or_default());
    Node::seq(tags, written.map_or(source.place, |node| node.place))
}

fn listed(tags: &Node) -> Vec<Node> {
    let make = |entry: &maremma_model::Entry| {
        let at = Make(entry.key_place);
        at.map(vec![("Key", at.text(&entry.key)), ("Value", entry.value.clone())])
    };
    tags.entries().iter().map(make).collect()
}

/// Gives the function's tags to what it made since `before`, and to the buckets of its events, where
/// `PropagateTags` says so.
pub(super) fn propagate(sam: &mut Sam<'_>, source: Source<'_>, before: usize) {
    let wanted = source.property("PropagateTags").and_then(|node| sam.truth(node));
    let Some(tags) = source.property("Tags").filter(|_| wanted == Some(true)) else {
        return;
    };
    let tags = Node::seq(listed(tags), tags.place);
    let events = source.property("Events").map_or(&[][..], Node::entries);
    let bucket = |event: &maremma_model::Entry| make::referenced(event.value.get("Properties")?.get("Bucket")?);
    for id in events.iter().filter_map(bucket) {
        if let Some(bucket) = sam.made_mut(&id) {
            tag(bucket, &tags);
        }
    }
    for entry in sam.made.iter_mut().skip(before) {
        tag(&mut entry.value, &tags);
    }
}

fn tag(resource: &mut Node, tags: &Node) {
    let kind = resource.get("Type").and_then(Node::as_str).unwrap_or("");
    let empty = |make: Make| make.map(Vec::new());
    if TAGGED.contains(&kind)
        && let Some(properties) = make::slot(resource, "Properties", empty)
    {
        make::set(properties, "Tags", tags.clone());
    }
}
