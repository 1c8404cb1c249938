//! `SNS`: a subscription of the function, or of a queue that the function reads.

use super::super::Sam;
use super::super::make::{self, Make};
use super::super::source::Event;
use super::permission::permit;
use super::{Host, Needs};
use maremma_model::Node;

pub(super) fn topic(sam: &mut Sam<'_>, host: &Host<'_>, event: Event<'_>) -> Needs {
    let Some(topic) = event.property("Topic") else {
        sam.missing(event, "Topic");
        return Needs::default();
    };
    match event.property("SqsSubscription") {
        Some(subscription) if subscription.is_map() && !make::is_call(subscription) => {
            queue_of(sam, host, event, topic, subscription)
        }
        Some(subscription) if sam.truth(subscription) == Some(true) => queue(sam, host, event, topic),
        Some(subscription) if sam.truth(subscription).is_none() => {
            sam.unreadable("SqsSubscription", "expected true, false or a map", subscription);
            Needs::default()
        }
        _ => {
            let at = Make(event.place);
            subscribe(sam, host, event, topic, "lambda", host.target(at));
            permit(
                sam,
                host,
                event,
                "sns.amazonaws.com",
                vec![("SourceArn", topic.clone())],
            );
            Needs::default()
        }
    }
}

fn subscribe(sam: &mut Sam<'_>, host: &Host<'_>, event: Event<'_>, topic: &Node, protocol: &str, endpoint: Node) {
    let at = Make(event.place);
    let mut properties = vec![
        ("Endpoint", endpoint),
        ("Protocol", at.text(protocol)),
        ("TopicArn", topic.clone()),
    ];
    for name in ["Region", "FilterPolicy", "FilterPolicyScope", "RedrivePolicy"] {
        if let Some(value) = event.property(name) {
            properties.push((name, value.clone()));
        }
    }
    sam.add(
        host.source,
        &host.id(event, ""),
        at.resource("AWS::SNS::Subscription", properties),
    );
}

/// A queue made for the subscription.
fn queue(sam: &mut Sam<'_>, host: &Host<'_>, event: Event<'_>, topic: &Node) -> Needs {
    let at = event.make("SqsSubscription");
    let id = host.id(event, "Queue");
    sam.add(host.source, &id, at.resource("AWS::SQS::Queue", Vec::new()));
    sam.rename(&format!("{}.DestinationQueue", host.source.id), &id);
    let queue = Queue {
        arn: at.get_att(&id, "Arn"),
        url: at.reference(&id),
        policy: host.id(event, "QueuePolicy"),
        batch: at.plain("10"),
        enabled: at.plain("true"),
    };
    queue.subscribe(sam, host, event, topic, at)
}

/// A queue that is there already.
fn queue_of(sam: &mut Sam<'_>, host: &Host<'_>, event: Event<'_>, topic: &Node, written: &Node) -> Needs {
    let at = Make(written.place);
    let (Some(arn), Some(url)) = (written.get("QueueArn"), written.get("QueueUrl")) else {
        sam.unreadable("SqsSubscription", "expected QueueArn and QueueUrl", written);
        return Needs::default();
    };
    let policy = written.get("QueuePolicyLogicalId").and_then(|id| sam.text(id));
    // The transform takes `false` for absent.
    let enabled = written.get("Enabled").filter(|node| sam.truth(node) != Some(false));
    let queue = Queue {
        arn: arn.clone(),
        url: url.clone(),
        policy: policy.map_or_else(|| host.id(event, "QueuePolicy"), |id| id.to_string()),
        batch: written.get("BatchSize").cloned().unwrap_or_else(|| at.plain("10")),
        enabled: enabled.cloned().unwrap_or_else(|| at.plain("true")),
    };
    queue.subscribe(sam, host, event, topic, at)
}

struct Queue {
    arn: Node,
    url: Node,
    policy: String,
    batch: Node,
    enabled: Node,
}

impl Queue {
    fn subscribe(self, sam: &mut Sam<'_>, host: &Host<'_>, event: Event<'_>, topic: &Node, at: Make) -> Needs {
        let mapping = vec![
            ("BatchSize", self.batch),
            ("Enabled", self.enabled),
            ("EventSourceArn", self.arn.clone()),
            ("FunctionName", host.function(at)),
        ];
        let mapping = at.resource("AWS::Lambda::EventSourceMapping", mapping);
        sam.add(host.source, &host.id(event, "EventSourceMapping"), mapping);
        let by = at.map(vec![("aws:SourceArn", topic.clone())]);
        let statement = at.map(vec![
            ("Action", at.text("sqs:SendMessage")),
            ("Effect", at.text("Allow")),
            ("Principal", at.text("*")),
            ("Resource", self.arn.clone()),
            ("Condition", at.map(vec![("ArnEquals", by)])),
        ]);
        let document = at.map(vec![
            ("Version", at.text("2012-10-17")),
            ("Statement", at.list(vec![statement])),
        ]);
        let properties = vec![("PolicyDocument", document), ("Queues", at.list(vec![self.url]))];
        sam.add(
            host.source,
            &self.policy,
            at.resource("AWS::SQS::QueuePolicy", properties),
        );
        subscribe(sam, host, event, topic, "sqs", self.arn);
        Needs {
            managed: vec!["service-role/AWSLambdaSQSQueueExecutionRole"],
            inline: Vec::new(),
        }
    }
}
