//! Where the outcome of an asynchronous invocation goes: `EventInvokeConfig` and its destinations.

use super::super::Sam;
use super::super::event::Needs;
use super::super::make::{self, Make};
use super::super::source::Source;
use super::version::Alias;
use maremma_model::Node;

/// Makes the configuration and the destinations that are to be made.
pub(super) fn invoke_config(sam: &mut Sam<'_>, source: Source<'_>, alias: Option<&Alias>) -> Needs {
    let mut needs = Needs::default();
    let Some(config) = source.property("EventInvokeConfig") else {
        return needs;
    };
    let is_nothing = config.is_map() && config.entries().is_empty();
    if make::is_no_value(config) || is_nothing {
        return needs;
    }
    if make::is_call(config) || !config.is_map() {
        sam.unreadable("EventInvokeConfig", "expected a map", config);
        return needs;
    }
    let at = Make(config.place);
    let id = format!("{}EventInvokeConfig", source.id);
    let qualifier = alias.map_or_else(|| at.text("$LATEST"), |alias| alias.name.clone());
    let mut properties = vec![("FunctionName", at.reference(source.id)), ("Qualifier", qualifier)];
    for name in ["MaximumEventAgeInSeconds", "MaximumRetryAttempts"] {
        if let Some(value) = config.get(name) {
            properties.push((name, value.clone()));
        }
    }
    let destinations = config.get("DestinationConfig").unwrap_or(config);
    let mut made = Vec::new();
    for outcome in ["OnSuccess", "OnFailure"] {
        let Some(written) = destinations.get(outcome) else {
            continue;
        };
        let target = target(sam, source, &format!("{id}{outcome}"), written, &mut needs);
        if let Some(target) = target {
            let at = Make(written.place);
            made.push((outcome, at.map(vec![("Destination", target)])));
        }
    }
    properties.push(("DestinationConfig", Make(destinations.place).map(made)));
    let mut resource = at.resource("AWS::Lambda::EventInvokeConfig", properties);
    if let Some(alias) = alias {
        make::set(&mut resource, "DependsOn", at.texts(&[&alias.id]));
    }
    if let Some(metadata) = source.node.get("Metadata") {
        make::set(&mut resource, "Metadata", metadata.clone());
    }
    sam.add(source, &id, resource);
    needs
}

/// The destination, made where none is written: a queue or a topic.
fn target(sam: &mut Sam<'_>, source: Source<'_>, id: &str, written: &Node, needs: &mut Needs) -> Option<Node> {
    let kind = written.get("Type").and_then(|kind| sam.text(kind));
    let Some(kind) = kind else {
        sam.unreadable("DestinationConfig", "expected a Type", written);
        return written.get("Destination").cloned();
    };
    let found = sam.destinations.get(&written.place).cloned();
    let destination = written.get("Destination").filter(|node| !node.is_null());
    let destination = found.as_ref().or(destination);
    let target = match destination.filter(|node| !make::is_no_value(node)) {
        None => create(sam, source, id, &kind, written, source.condition().map(str::to_owned))?,
        Some(node) => match make::branches(node) {
            Some((condition, then, otherwise)) if make::is_no_value(then) || make::is_no_value(otherwise) => {
                let at = Make(node.place);
                let missing = if make::is_no_value(then) {
                    condition.to_owned()
                } else {
                    sam.not_apart(condition, at)
                };
                let exists = match source.condition() {
                    Some(own) => sam.both(own, &missing, at),
                    None => missing.clone(),
                };
                let made = create(sam, source, id, &kind, written, Some(exists))?;
                let given = if make::is_no_value(then) { otherwise } else { then };
                let branches = vec![at.text(&missing), made, given.clone()];
                at.map(vec![("Fn::If", at.list(branches))])
            }
            _ => node.clone(),
        },
    };
    sam.destinations.insert(written.place, target.clone());
    if &*kind == "S3" {
        sam.unreadable("DestinationConfig", "the Type of a bucket is S3Bucket here", written);
    }
    match send(&kind, &target, Make(written.place)) {
        Some(document) => {
            let name = if &*kind == "S3Bucket" { "S3" } else { &kind };
            needs.inline.push((format!("{id}{name}Policy"), document));
        }
        None => sam.unreadable("DestinationConfig", "the Type is not one that is known here", written),
    }
    Some(target)
}

fn create(
    sam: &mut Sam<'_>,
    source: Source<'_>,
    id: &str,
    kind: &str,
    written: &Node,
    exists: Option<String>,
) -> Option<Node> {
    let at = Make(written.place);
    let (suffix, resource, name) = match kind {
        "SQS" => ("Queue", "AWS::SQS::Queue", "DestinationQueue"),
        "SNS" => ("Topic", "AWS::SNS::Topic", "DestinationTopic"),
        _ => {
            sam.unreadable("DestinationConfig", "expected a Destination", written);
            return None;
        }
    };
    let id = format!("{id}{suffix}");
    let mut made = at.resource(resource, Vec::new());
    if let Some(exists) = exists {
        make::set(&mut made, "Condition", at.text(&exists));
    }
    sam.add(source, &id, made);
    sam.rename(&format!("{}.{name}", source.id), &id);
    Some(if suffix == "Queue" {
        at.get_att(&id, "Arn")
    } else {
        at.reference(&id)
    })
}

/// What a role needs to send to a destination of a kind; `None` where the kind is not known.
pub(in crate::cloudformation::sam) fn send(kind: &str, target: &Node, at: Make) -> Option<Node> {
    let action = match kind {
        "SQS" => "sqs:SendMessage",
        "SNS" => "sns:publish",
        "Lambda" => "lambda:InvokeFunction",
        "EventBridge" => "events:PutEvents",
        "S3" | "S3Bucket" => return Some(objects(target, at)),
        _ => return None,
    };
    let statement = at.statement(at.text(action), target.clone());
    Some(at.map(vec![("Statement", at.list(vec![statement]))]))
}

fn objects(bucket: &Node, at: Make) -> Node {
    let parts = at.list(vec![bucket.clone(), at.text("*")]);
    let objects = at.map(vec![("Fn::Join", at.list(vec![at.text("/"), parts]))]);
    let statements = vec![
        at.statement(at.text("s3:PutObject"), objects),
        at.statement(at.text("s3:ListBucket"), bucket.clone()),
    ];
    at.map(vec![("Statement", at.list(statements))])
}
