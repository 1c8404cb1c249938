//! What passes events on without a function.

use super::*;
use maremma_model::noun::{AnyLink, Forwarding, TriggerKind};

/// Kind, source and target of every forwarding, by address and name.
fn forwarded(estate: &Estate) -> Vec<(TriggerKind, String, String)> {
    let words = |link: &Setting<AnyLink>| match link.value() {
        Some(AnyLink::Here(id)) => estate.resource(*id).unwrap().address.to_string(),
        Some(AnyLink::Outside(text)) => text.to_string(),
        other => format!("{other:?}"),
    };
    let of = |row: &Forwarding| (row.kind, words(&row.source), words(&row.target));
    estate.forwardings.values().map(of).collect()
}

#[test]
fn what_goes_on_to_something_else_than_a_function_is_forwarded() {
    let estate = estate(&format!(
        "{FUNCTION}\
         \x20 Inbox: {{Type: AWS::SQS::Queue}}\n\
         \x20 News:\n    Type: AWS::SNS::Topic\n    Properties:\n      Subscription:\n\
         \x20       - {{Protocol: sqs, Endpoint: !GetAtt Inbox.Arn}}\n\
         \x20       - {{Protocol: email, Endpoint: a@example.com}}\n\
         \x20       - {{Protocol: lambda, Endpoint: !GetAtt Fn.Arn}}\n\
         \x20 Uploads:\n    Type: AWS::S3::Bucket\n    Properties:\n      NotificationConfiguration:\n\
         \x20       TopicConfigurations: [{{Event: 's3:ObjectCreated:*', Topic: !Ref News}}]\n\
         \x20       QueueConfigurations: [{{Event: 's3:ObjectCreated:Put', Queue: !GetAtt Inbox.Arn}}]\n\
         \x20 Rule:\n    Type: AWS::Events::Rule\n    Properties:\n      EventPattern: {{source: [shop]}}\n      Targets:\n\
         \x20       - {{Id: a, Arn: !GetAtt Inbox.Arn}}\n\
         \x20       - {{Id: b, Arn: !GetAtt Fn.Arn}}\n\
         \x20 Pipe: {{Type: AWS::Pipes::Pipe, Properties: {{Source: !GetAtt Inbox.Arn, Enrichment: !GetAtt Fn.Arn, Target: !Ref News}}}}\n\
         \x20 Logs: {{Type: AWS::Logs::SubscriptionFilter, Properties: {{LogGroupName: /aws/lambda/fn, DestinationArn: 'arn:aws:logs:eu-west-1:111122223333:destination:d'}}}}\n"
    ));
    let mut found = forwarded(&estate);
    found.sort();
    let row = |kind, source: &str, target: &str| (kind, source.to_owned(), target.to_owned());
    let mut expected = vec![
        row(TriggerKind::SnsSubscription, "News", "Inbox"),
        row(TriggerKind::S3Notification, "Uploads", "News"),
        row(TriggerKind::S3Notification, "Uploads", "Inbox"),
        row(TriggerKind::EventRule, "default", "Inbox"),
        row(TriggerKind::Pipe, "Inbox", "News"),
        row(
            TriggerKind::LogSubscription,
            "/aws/lambda/fn",
            "arn:aws:logs:eu-west-1:111122223333:destination:d",
        ),
    ];
    expected.sort();
    assert_eq!(found, expected);
    assert_eq!(estate.triggers.len(), 3, "subscription, rule and enrichment");
    let selected = estate
        .forwardings
        .values()
        .find(|row| row.kind == TriggerKind::S3Notification);
    let events: Vec<_> = selected.unwrap().filters.value().unwrap().iter().map(literal).collect();
    assert_eq!(events, ["s3:ObjectCreated:Put"]);
}
