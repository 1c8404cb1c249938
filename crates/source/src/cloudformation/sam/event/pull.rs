//! Event source mappings: Lambda reads from a queue, a stream, a broker or a cluster.

use super::super::Sam;
use super::super::function::destination;
use super::super::make::{self, Make};
use super::super::source::Event;
use super::secret::{self, access};
use super::{Host, Needs};
use maremma_model::Node;

/// Properties that mean the same in an event and in `AWS::Lambda::EventSourceMapping`.
const SAME: &[&str] = &[
    "BatchSize",
    "BisectBatchOnFunctionError",
    "Enabled",
    "FilterCriteria",
    "FunctionResponseTypes",
    "KmsKeyArn",
    "LoggingConfig",
    "MaximumBatchingWindowInSeconds",
    "MaximumRecordAgeInSeconds",
    "MaximumRetryAttempts",
    "MetricsConfig",
    "ParallelizationFactor",
    "ProvisionedPollerConfig",
    "Queues",
    "ScalingConfig",
    "SourceAccessConfigurations",
    "StartingPosition",
    "StartingPositionTimestamp",
    "Topics",
    "TumblingWindowInSeconds",
];

pub(super) fn sqs(sam: &mut Sam<'_>, host: &Host<'_>, event: Event<'_>) -> Needs {
    plain(sam, host, event, "Queue", "service-role/AWSLambdaSQSQueueExecutionRole")
}

pub(super) fn kinesis(sam: &mut Sam<'_>, host: &Host<'_>, event: Event<'_>) -> Needs {
    plain(sam, host, event, "Stream", "service-role/AWSLambdaKinesisExecutionRole")
}

pub(super) fn dynamo_db(sam: &mut Sam<'_>, host: &Host<'_>, event: Event<'_>) -> Needs {
    plain(
        sam,
        host,
        event,
        "Stream",
        "service-role/AWSLambdaDynamoDBExecutionRole",
    )
}

fn plain(sam: &mut Sam<'_>, host: &Host<'_>, event: Event<'_>, from: &str, managed: &'static str) -> Needs {
    let source = event_source(sam, event, from);
    let mut needs = mapping(sam, host, event, source.into_iter().collect());
    needs.managed.push(managed);
    needs
}

/// The ARN that an event names, as a property of the mapping.
pub(super) fn event_source(sam: &Sam<'_>, event: Event<'_>, from: &str) -> Option<(&'static str, Node)> {
    let source = event.property(from).cloned();
    if source.is_none() {
        sam.missing(event, from);
    }
    Some(("EventSourceArn", source?))
}

/// Makes the mapping, with what only its kind of source has.
pub(super) fn mapping(sam: &mut Sam<'_>, host: &Host<'_>, event: Event<'_>, own: Vec<(&str, Node)>) -> Needs {
    let at = Make(event.place);
    let mut properties = vec![("FunctionName", host.function(at))];
    for name in SAME {
        if let Some(value) = event.property(name) {
            properties.push((name, value.clone()));
        }
    }
    let mut needs = Needs::default();
    if let Some(config) = event.property("DestinationConfig") {
        properties.push(("DestinationConfig", destinations(sam, host, event, config, &mut needs)));
    }
    properties.extend(own);
    let mapping = at.resource("AWS::Lambda::EventSourceMapping", properties);
    sam.add(host.source, &host.id(event, ""), mapping);
    needs
}

/// The destinations of records that fail, without their `Type`, which says what the role needs.
fn destinations(sam: &Sam<'_>, host: &Host<'_>, event: Event<'_>, config: &Node, needs: &mut Needs) -> Node {
    let mut made = config.clone();
    let Some(failure) = make::get_mut(&mut made, "OnFailure") else {
        sam.unreadable("DestinationConfig", "expected a map with OnFailure", config);
        return made;
    };
    let Some(kind) = make::remove(failure, "Type") else {
        return made;
    };
    let Some(target) = failure.get("Destination") else {
        sam.unreadable("DestinationConfig", "expected a Destination", config);
        return made;
    };
    let at = Make(failure.place);
    let kind = sam.text(&kind).unwrap_or_default();
    // A topic of Kafka needs nothing that the transform knows of.
    match destination::send(&kind, target, at) {
        Some(document) if matches!(&*kind, "SQS" | "SNS" | "S3") => {
            needs
                .inline
                .push((format!("{}{kind}Policy", host.id(event, "")), document));
        }
        _ if &*kind == "Kafka" => {}
        _ => sam.unreadable("DestinationConfig", "the Type is not one that is known here", config),
    }
    made
}

/// A broker of Amazon MQ: the role reads its credentials and looks at it.
pub(super) fn mq(sam: &mut Sam<'_>, host: &Host<'_>, event: Event<'_>) -> Needs {
    let source = event_source(sam, event, "Broker");
    let mut needs = mapping(sam, host, event, source.into_iter().collect());
    let at = event.make("SourceAccessConfigurations");
    let mut statements = Vec::new();
    match access(event).find(|entry| secret::kind(sam, entry).as_deref() == Some("BASIC_AUTH")) {
        Some(entry) => statements.extend(secret::read(entry)),
        None => sam.missing(event, "SourceAccessConfigurations with one of type BASIC_AUTH"),
    }
    if let Some(broker) = event.property("Broker") {
        statements.push(at.statement(at.texts(&["mq:DescribeBroker"]), broker.clone()));
    }
    statements.extend(secret::decrypt(sam, event, |at| at.text("kms:Decrypt")));
    let dynamic = event.property("DynamicPolicyName").and_then(|node| sam.truth(node));
    let name = match dynamic {
        Some(true) => format!("{}AMQPolicy", host.id(event, "")),
        _ => "SamAutoGeneratedAMQPolicy".to_owned(),
    };
    needs
        .inline
        .push((name, at.map(vec![("Statement", at.list(statements))])));
    needs
}

/// A cluster of Amazon DocumentDB: the role reads its credentials, and looks at it and its network.
pub(super) fn document_db(sam: &mut Sam<'_>, host: &Host<'_>, event: Event<'_>) -> Needs {
    let at = Make(event.place);
    let names = ["DatabaseName", "CollectionName", "FullDocument"];
    let config = names
        .iter()
        .filter_map(|name| Some((*name, event.property(name)?.clone())));
    let mut own = vec![("DocumentDBEventSourceConfig", at.map(config.collect()))];
    own.extend(event_source(sam, event, "Cluster"));
    let mut needs = mapping(sam, host, event, own);
    let mut statements = Vec::new();
    match access(event).find(|entry| secret::kind(sam, entry).as_deref() == Some("BASIC_AUTH")) {
        Some(entry) => statements.extend(secret::read(entry)),
        None => sam.missing(event, "SourceAccessConfigurations with one of type BASIC_AUTH"),
    }
    for (action, resource) in [
        ("rds:DescribeDBClusterParameters", "cluster-pg:*"),
        ("rds:DescribeDBSubnetGroups", "subgrp:*"),
    ] {
        let arn = format!("arn:${{AWS::Partition}}:rds:${{AWS::Region}}:${{AWS::AccountId}}:{resource}");
        statements.push(at.statement(at.texts(&[action]), at.sub(&arn)));
    }
    if let Some(cluster) = event.property("Cluster") {
        statements.push(at.statement(at.texts(&["rds:DescribeDBClusters"]), cluster.clone()));
    }
    statements.push(secret::network(at));
    statements.extend(secret::decrypt(sam, event, |at| at.texts(&["kms:Decrypt"])));
    let document = at.map(vec![("Statement", at.list(statements))]);
    needs.inline.push(("SamAutoGeneratedDocumentDBPolicy".into(), document));
    needs
}
