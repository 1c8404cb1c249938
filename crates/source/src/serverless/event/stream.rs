//! `stream`: a stream of Kinesis or of a DynamoDB table that the function reads.

use super::super::naming;
use super::super::service::Service;
use super::Event;
use super::mapping::{self, grant};

const TABLE: [&str; 4] = [
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "dynamodb:DescribeStream",
    "dynamodb:ListStreams",
];
const STREAM: [&str; 4] = [
    "kinesis:GetRecords",
    "kinesis:GetShardIterator",
    "kinesis:DescribeStream",
    "kinesis:ListStreams",
];
const CONSUMED: [&str; 4] = [
    "kinesis:GetRecords",
    "kinesis:GetShardIterator",
    "kinesis:DescribeStreamSummary",
    "kinesis:ListShards",
];

pub(super) fn mapping(service: &mut Service<'_>, event: Event<'_>) {
    let Some(arn) = event.main("arn") else {
        return event.missing(service, "arn");
    };
    let at = event.at();
    let written = event.part("type").and_then(|kind| service.text(kind));
    let text = service.text(&arn);
    let kind = written.or_else(|| text.as_deref()?.split(':').nth(2).map(str::to_owned));
    let table = kind.as_deref() == Some("dynamodb");
    let name = match &text {
        Some(text) => text.split('/').nth(1).unwrap_or_default().to_owned(),
        None => service.named(&arn, '/'),
    };
    let consumer = event.part("consumer").filter(|consumer| service.on(consumer)).cloned();
    let actions = match (table, &consumer) {
        (true, _) => &TABLE,
        (false, Some(_)) => &CONSUMED,
        (false, None) => &STREAM,
    };
    grant(service, event, actions, arn.clone(), true);
    let mut source = arn.clone();
    if let Some(consumer) = consumer.filter(|_| !table) {
        source = if service.text(&consumer).as_deref() == Some("true") {
            let consumer = format!("{}{name}Consumer", event.function.key);
            let id = format!("{}StreamConsumer", naming::normal(&consumer));
            let properties = vec![("StreamARN", arn), ("ConsumerName", at.text(&consumer))];
            let resource = at.resource("AWS::Kinesis::StreamConsumer", properties);
            service.add_for(event.function, &id, resource);
            at.reference(&id)
        } else {
            consumer
        };
        grant(service, event, &["kinesis:SubscribeToShard"], source.clone(), false);
    }
    let mut special = vec![
        ("EventSourceArn", source),
        ("BatchSize", at.plain("10")),
        ("Enabled", at.plain("true")),
        ("StartingPosition", at.text("TRIM_HORIZON")),
    ];
    special.extend(mapping::on_failure(service, event).map(|config| ("DestinationConfig", config)));
    let kind = kind.map_or_else(String::new, |kind| naming::upper_first(&kind));
    let id = format!("EventSourceMapping{kind}{}", naming::alphanumeric(&name));
    mapping::mapping(service, event, &id, special);
}
