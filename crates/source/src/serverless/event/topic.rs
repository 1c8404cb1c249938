//! `sns`: a topic that calls the function; the framework makes those that have only a name.

use super::super::naming;
use super::super::service::{Service, deep, part};
use super::Event;
use crate::cloudformation::make::{self, Make};
use maremma_model::Node;

pub(super) fn subscription(service: &mut Service<'_>, event: Event<'_>) {
    let at = event.at();
    let written = event
        .node
        .as_str()
        .is_none()
        .then(|| event.part("arn").cloned())
        .flatten();
    let alone = event.main("topicName");
    let arn = written.or_else(|| alone.clone().filter(|node| is_arn(service, node)));
    let named = event.part("topicName").cloned().or_else(|| arn.clone()).or(alone);
    let Some(named) = named else {
        return event.missing(service, "arn or topicName");
    };
    let name = service.named(&named, ':');
    let topic = naming::alphanumeric(&name);
    let source = match &arn {
        Some(arn) => arn.clone(),
        None => at.sub_with(
            "arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:${Topic}",
            vec![("Topic", named.clone())],
        ),
    };
    let redrive = redrive(service, event, &topic, &source);
    let mut properties = vec![("Protocol", at.text("lambda")), ("Endpoint", event.function.target(at))];
    properties.extend(handed(event));
    properties.extend(redrive.map(|policy| ("RedrivePolicy", policy)));
    let id = format!("SnsSubscription{topic}");
    if let Some(arn) = arn {
        properties.push(("TopicArn", arn));
        let resource = at.resource("AWS::SNS::Subscription", properties);
        service.add_for(event.function, &event.id(&id), resource);
    } else {
        let topic_id = format!("SNSTopic{topic}");
        own_topic(service, event, &topic_id, named);
        if properties.len() > 2 {
            properties.push(("TopicArn", at.reference(&topic_id)));
            let resource = at.resource("AWS::SNS::Subscription", properties);
            service.add_for(event.function, &event.id(&id), resource);
        } else if let Some(list) = service
            .made_mut(&topic_id)
            .and_then(|topic| make::get_mut(topic, "Properties"))
            .and_then(|node| make::slot(node, "Subscription", |make| make.list(Vec::new())))
        {
            make::push(list, at.map(properties));
        }
    }
    event.permit(
        service,
        &format!("LambdaPermission{topic}SNS"),
        "sns.amazonaws.com",
        vec![("SourceArn", source)],
    );
}

fn is_arn(service: &Service<'_>, node: &Node) -> bool {
    match service.text(node) {
        Some(text) => text.starts_with("arn:"),
        None => true,
    }
}

fn handed(event: Event<'_>) -> Vec<(&'static str, Node)> {
    let names = [
        ("filterPolicy", "FilterPolicy"),
        ("filterPolicyScope", "FilterPolicyScope"),
    ];
    super::super::service::handed(event.node, &names)
}

fn own_topic(service: &mut Service<'_>, event: Event<'_>, id: &str, name: Node) {
    if service.made(id).is_none() {
        let at = event.at();
        let mut properties = vec![("TopicName", name)];
        if let Some(shown) = event.part("displayName") {
            properties.push(("DisplayName", shown.clone()));
        }
        service.add(id, at.resource("AWS::SNS::Topic", properties));
    }
}

/// `redrivePolicy`, and the policy that lets the topic send to the dead-letter queue.
fn redrive(service: &mut Service<'_>, event: Event<'_>, topic: &str, source: &Node) -> Option<Node> {
    let written = event.part("redrivePolicy")?;
    let at = Make(written.place);
    let (arn, queue) = if let Some(arn) = part(written, "deadLetterTargetArn") {
        let text = service.text(arn).unwrap_or_default();
        let parts: Vec<&str> = text.split(':').collect();
        let url = match parts.as_slice() {
            [_, _, _, region, account, name] => {
                at.sub(&format!("https://sqs.{region}.${{AWS::URLSuffix}}/{account}/{name}"))
            }
            _ => arn.clone(),
        };
        (arn.clone(), url)
    } else if let Some(id) = service.said(written, "deadLetterTargetRef") {
        (at.get_att(&id, "Arn"), at.reference(&id))
    } else {
        let import = |key: &str| {
            let name = deep(written, &["deadLetterTargetImport", key])?;
            Some(at.map(vec![("Fn::ImportValue", name.clone())]))
        };
        (import("arn")?, import("url")?)
    };
    let statement = at.map(vec![
        ("Effect", at.text("Allow")),
        ("Principal", at.map(vec![("Service", at.text("sns.amazonaws.com"))])),
        ("Action", at.text("sqs:SendMessage")),
        ("Resource", arn.clone()),
        (
            "Condition",
            at.map(vec![("ArnEquals", at.map(vec![("aws:SourceArn", source.clone())]))]),
        ),
    ]);
    let document = at.map(vec![
        ("Version", at.text("2012-10-17")),
        ("Statement", at.list(vec![statement])),
    ]);
    let properties = vec![("PolicyDocument", document), ("Queues", at.list(vec![queue]))];
    let id = format!("{topic}To{}DLQPolicy", event.function.base);
    service.add(&id, at.resource("AWS::SQS::QueuePolicy", properties));
    Some(at.map(vec![("deadLetterTargetArn", arn)]))
}
