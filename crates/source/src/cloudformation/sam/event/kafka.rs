//! Event source mappings of Kafka: Amazon MSK, and clusters of one's own.

use super::super::super::template::call;
use super::super::Sam;
use super::super::make::{Make, is_call};
use super::super::source::Event;
use super::pull::{event_source, mapping};
use super::secret::{self, access};
use super::{Host, Needs};
use maremma_model::Node;

const CERTIFICATE: &str = "CLIENT_CERTIFICATE_TLS_AUTH";

/// How one signs in with a secret.
const SECRETS: [&str; 5] = [
    "BASIC_AUTH",
    CERTIFICATE,
    "OAUTHBEARER_AUTH",
    "SASL_SCRAM_256_AUTH",
    "SASL_SCRAM_512_AUTH",
];

pub(super) fn msk(sam: &mut Sam<'_>, host: &Host<'_>, event: Event<'_>) -> Needs {
    let mut own: Vec<_> = event_source(sam, event, "Stream").into_iter().collect();
    own.extend(config(event).map(|config| ("AmazonManagedKafkaEventSourceConfig", config)));
    let mut needs = mapping(sam, host, event, own);
    needs.managed.push("service-role/AWSLambdaMSKExecutionRole");
    let mut statements = registry(sam, event);
    let certificates = access(event).filter(|entry| secret::kind(sam, entry).as_deref() == Some(CERTIFICATE));
    statements.extend(certificates.filter_map(secret::read));
    if !statements.is_empty() {
        let at = Make(event.place);
        let document = at.map(vec![("Statement", at.list(statements))]);
        needs.inline.insert(0, ("MSKExecutionRolePolicy".into(), document));
    }
    needs
}

pub(super) fn self_managed(sam: &mut Sam<'_>, host: &Host<'_>, event: Event<'_>) -> Needs {
    let at = Make(event.place);
    let mut own: Vec<_> = config(event)
        .map(|config| ("SelfManagedKafkaEventSourceConfig", config))
        .into_iter()
        .collect();
    match event.property("KafkaBootstrapServers") {
        Some(servers) => {
            let at = Make(servers.place);
            let endpoints = at.map(vec![("KafkaBootstrapServers", servers.clone())]);
            own.push(("SelfManagedEventSource", at.map(vec![("Endpoints", endpoints)])));
        }
        None => sam.missing(event, "KafkaBootstrapServers"),
    }
    let mut needs = mapping(sam, host, event, own);
    let of = |wanted: &[&str]| {
        access(event)
            .filter(|entry| secret::kind(sam, entry).is_some_and(|kind| wanted.contains(&&*kind)))
            .collect::<Vec<_>>()
    };
    let mut statements: Vec<_> = of(&SECRETS).into_iter().filter_map(secret::read).collect();
    statements.extend(of(&["SERVER_ROOT_CA_CERTIFICATE"]).into_iter().filter_map(secret::read));
    if !of(&["VPC_SUBNET", "VPC_SECURITY_GROUP"]).is_empty() {
        statements.push(secret::network(event.make("SourceAccessConfigurations")));
    }
    statements.extend(secret::decrypt(sam, event, |at| at.texts(&["kms:Decrypt"])));
    statements.extend(registry(sam, event));
    if !statements.is_empty() {
        let document = at.map(vec![
            ("Version", at.text("2012-10-17")),
            ("Statement", at.list(statements)),
        ]);
        needs
            .inline
            .insert(0, ("SelfManagedKafkaExecutionRolePolicy".into(), document));
    }
    needs
}

/// The group of consumers and the registry of schemas.
fn config(event: Event<'_>) -> Option<Node> {
    let names = ["ConsumerGroupId", "SchemaRegistryConfig"];
    let entries: Vec<_> = names
        .iter()
        .filter_map(|name| Some((*name, event.property(name)?.clone())))
        .collect();
    (!entries.is_empty()).then(|| Make(event.place).map(entries))
}

/// To read schemas: of AWS Glue, or of a registry with credentials.
fn registry(sam: &Sam<'_>, event: Event<'_>) -> Vec<Node> {
    let Some(config) = event.property("SchemaRegistryConfig") else {
        return Vec::new();
    };
    let at = Make(config.place);
    let mut statements = Vec::new();
    for name in ["EventRecordFormat", "SchemaValidationConfigs"] {
        if config.get(name).is_none() && !is_call(config) {
            sam.unreadable("SchemaRegistryConfig", &format!("expected {name}"), config);
        }
    }
    match config.get("SchemaRegistryURI") {
        Some(uri) => {
            if let Some(name) = glue_registry(sam, uri) {
                let schemas =
                    format!("arn:${{AWS::Partition}}:glue:${{AWS::Region}}:${{AWS::AccountId}}:schema/{name}/*");
                let schemas = at.list(vec![at.sub(&schemas)]);
                statements.push(at.statement(at.texts(&["glue:GetRegistry"]), uri.clone()));
                statements.push(at.statement(at.texts(&["glue:GetSchemaVersion"]), schemas));
            }
        }
        None => sam.unreadable("SchemaRegistryConfig", "expected a SchemaRegistryURI", config),
    }
    let credentials = config.get("AccessConfigs").into_iter().flat_map(Node::items);
    statements.extend(credentials.filter_map(secret::read));
    statements
}

/// The name of a registry of AWS Glue that an ARN names. The transform knows parameters, partition and
/// region, and not the account: an ARN with `${AWS::AccountId}` gets no statements.
fn glue_registry(sam: &Sam<'_>, uri: &Node) -> Option<String> {
    let text = match uri.as_str() {
        Some(text) => text.to_owned(),
        None => {
            let call = call(uri).filter(|call| call.name == "Sub")?;
            substituted(sam, call.argument.as_str()?, Make(uri.place))
        }
    };
    let mut parts = text.splitn(6, ':');
    let (arn, service, resource) = (parts.next()?, parts.nth(1)?, parts.nth(2)?);
    if arn != "arn" || service != "glue" {
        return None;
    }
    let name = resource.split(':').next()?.strip_prefix("registry/")?;
    Some(name.to_owned())
}

/// A text with the values of the parameters that it names.
fn substituted(sam: &Sam<'_>, text: &str, at: Make) -> String {
    let text = text
        .replace("${AWS::Partition}", "aws")
        .replace("${AWS::Region}", "region");
    let mut result = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once("${") {
        let Some((name, behind)) = after.split_once('}') else {
            break;
        };
        result.push_str(before);
        match sam.text(&at.reference(name)).filter(|_| !name.starts_with("AWS::")) {
            Some(value) => result.push_str(&value),
            None => result.push_str(&format!("${{{name}}}")),
        }
        rest = behind;
    }
    result.push_str(rest);
    result
}
