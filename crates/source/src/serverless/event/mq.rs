//! `activemq` and `rabbitmq`: a queue of a broker that the function reads.

use super::super::naming;
use super::super::service::Service;
use super::Event;
use super::kafka::access;
use super::mapping::{self, grant, grant_network};

pub(super) fn active(service: &mut Service<'_>, event: Event<'_>) {
    broker(service, event, "ActiveMQ");
}

pub(super) fn rabbit(service: &mut Service<'_>, event: Event<'_>) {
    broker(service, event, "RabbitMQ");
}

fn broker(service: &mut Service<'_>, event: Event<'_>, kind: &str) {
    let part = |key: &str| event.part(key).cloned();
    let (Some(arn), Some(secret), Some(queue)) = (part("arn"), part("basicAuthArn"), part("queue")) else {
        return event.missing(service, "arn, basicAuthArn and queue");
    };
    let at = event.at();
    grant(
        service,
        event,
        &["secretsmanager:GetSecretValue"],
        secret.clone(),
        false,
    );
    grant(service, event, &["mq:DescribeBroker"], arn.clone(), false);
    grant_network(service, event);
    let mut configured = vec![("BASIC_AUTH", secret)];
    configured.extend(part("virtualHost").map(|host| ("VIRTUAL_HOST", host)));
    let name = naming::cut(&naming::alphanumeric(&service.named(&queue, '/')), 150);
    let special = vec![
        ("EventSourceArn", arn),
        ("Queues", at.list(vec![queue])),
        ("SourceAccessConfigurations", access(at, configured)),
    ];
    mapping::mapping(service, event, &format!("EventSourceMapping{kind}{name}"), special);
}
