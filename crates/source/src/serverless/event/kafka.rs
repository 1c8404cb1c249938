//! `msk` and `kafka`: a topic that the function reads.

use super::super::naming;
use super::super::service::{Service, entries, handed, listed};
use super::Event;
use super::mapping::{self, grant, grant_network};
use crate::cloudformation::make::Make;
use maremma_model::Node;

/// How the framework calls what a mapping needs to reach a cluster, and how Lambda does; what stands before the value;
/// whether it is a secret.
const ACCESS: [(&str, &str, &str, bool); 7] = [
    ("vpcSubnet", "VPC_SUBNET", "subnet:", false),
    ("vpcSecurityGroup", "VPC_SECURITY_GROUP", "security_group:", false),
    ("saslPlainAuth", "BASIC_AUTH", "", true),
    ("saslScram256Auth", "SASL_SCRAM_256_AUTH", "", true),
    ("saslScram512Auth", "SASL_SCRAM_512_AUTH", "", true),
    ("clientCertificateTlsAuth", "CLIENT_CERTIFICATE_TLS_AUTH", "", true),
    ("serverRootCaCertificate", "SERVER_ROOT_CA_CERTIFICATE", "", true),
];

pub(super) fn msk(service: &mut Service<'_>, event: Event<'_>) {
    let (Some(arn), Some(topic)) = (event.part("arn").cloned(), event.part("topic").cloned()) else {
        return event.missing(service, "arn and topic");
    };
    let at = event.at();
    let cluster = match service.text(&arn) {
        Some(text) => text.split('/').nth(1).unwrap_or_default().to_owned(),
        None => service.named(&arn, '/'),
    };
    let actions = ["kafka:DescribeCluster", "kafka:GetBootstrapBrokers"];
    grant(service, event, &actions, arn.clone(), false);
    grant_network(service, event);
    let mut special = vec![
        ("EventSourceArn", arn),
        ("StartingPosition", at.text("TRIM_HORIZON")),
        ("Topics", at.list(vec![topic.clone()])),
    ];
    if let Some(secret) = event.part("saslScram512") {
        special.push((
            "SourceAccessConfigurations",
            access(at, vec![("SASL_SCRAM_512_AUTH", secret.clone())]),
        ));
    }
    special.extend(group(event, "AmazonManagedKafkaEventSourceConfig"));
    let ids = [cluster, service.named(&topic, '/')].map(|name| naming::cut(&naming::alphanumeric(&name), 79));
    mapping::mapping(
        service,
        event,
        &format!("EventSourceMappingMSK{}", ids.concat()),
        special,
    );
}

pub(super) fn self_managed(service: &mut Service<'_>, event: Event<'_>) {
    let (Some(servers), Some(topic)) = (event.part("bootstrapServers").cloned(), event.part("topic").cloned()) else {
        return event.missing(service, "bootstrapServers and topic");
    };
    let at = event.at();
    let mut configured = Vec::new();
    let mut network = false;
    for entry in event.part("accessConfigurations").map_or(&[][..], entries) {
        let known = ACCESS.iter().find(|(name, ..)| *name == &*entry.key);
        let (kind, prefix, secret) = known.map_or((&*entry.key, "", false), |(_, kind, prefix, secret)| {
            network |= !secret;
            (*kind, *prefix, *secret)
        });
        for value in listed(&entry.value) {
            if secret {
                grant(service, event, &["secretsmanager:GetSecretValue"], value.clone(), false);
            }
            let at = Make(value.place);
            configured.push((kind, service.joined(at, vec![at.text(prefix), value])));
        }
    }
    if network {
        grant_network(service, event);
    }
    let endpoints = at.map(vec![("KafkaBootstrapServers", servers)]);
    let mut special = vec![
        ("SelfManagedEventSource", at.map(vec![("Endpoints", endpoints)])),
        ("StartingPosition", at.text("TRIM_HORIZON")),
        ("Topics", at.list(vec![topic.clone()])),
        ("SourceAccessConfigurations", access(at, configured)),
    ];
    special.extend(group(event, "SelfManagedKafkaEventSourceConfig"));
    if let Some(failed) = event.part("onFailureDestination") {
        let at = Make(failed.place);
        let target = at.map(vec![("Destination", failed.clone())]);
        special.push(("DestinationConfig", at.map(vec![("OnFailure", target)])));
    }
    let topic = naming::cut(&naming::alphanumeric(&service.named(&topic, '/')), 158);
    mapping::mapping(service, event, &format!("EventSourceMappingKafka{topic}"), special);
}

fn group<'p>(event: Event<'_>, property: &'p str) -> Option<(&'p str, Node)> {
    let group = handed(event.node, &[("consumerGroupId", "ConsumerGroupId")]);
    (!group.is_empty()).then(|| (property, event.at().map(group)))
}

/// How a mapping reaches its source: kinds and values.
pub(super) fn access(at: Make, configured: Vec<(&str, Node)>) -> Node {
    let each = configured
        .into_iter()
        .map(|(kind, value)| at.map(vec![("Type", at.text(kind)), ("URI", value)]));
    at.list(each.collect())
}
