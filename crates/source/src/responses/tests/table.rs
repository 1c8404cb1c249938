//! The table of operations beside what the readers of rows read, and beside the corpus.

use super::{ACCOUNT, answers, corpus};
use crate::kinds::KINDS;
use crate::responses::layout;
use crate::responses::{table, unasked};
use crate::tree::{self, Syntax};
use maremma_model::{FileId, Node};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Types that no answer declares, and why.
const NEVER: &[(&str, &str)] = &[
    ("AWS::ApiGateway::Deployment", "a stage is listed as one"),
    (
        "AWS::DynamoDB::GlobalTable",
        "a replica is listed as a table of its region",
    ),
    ("AWS::Events::EventBusPolicy", "a bus holds its policy"),
    ("AWS::IAM::GroupPolicy", "groups hold their inline policies"),
    ("AWS::IAM::Policy", "roles hold their inline policies"),
    ("AWS::IAM::RolePolicy", "roles hold their inline policies"),
    ("AWS::IAM::UserPolicy", "users hold their inline policies"),
    ("AWS::KMS::ReplicaKey", "a replica is a key of its region"),
    ("AWS::SNS::TopicInlinePolicy", "read as AWS::SNS::TopicPolicy"),
    ("AWS::SQS::QueueInlinePolicy", "read as AWS::SQS::QueuePolicy"),
    (
        "AWS::WAFRegional::WebACLAssociation",
        "a stage names its web ACL, of either WAF",
    ),
    ("Custom::LogRetention", "a log group says its retention itself"),
];

/// Properties that no answer tells, and why.
const UNTOLD: &[(&str, &str, &str)] = &[
    ("AWS::ApiGateway::RequestValidator", "RestApiId", "it stands in the ARN"),
    ("AWS::ApiGateway::Resource", "RestApiId", "it stands in the ARN"),
    (
        "AWS::ApiGateway::RestApi",
        "BodyS3Location",
        "what was imported is listed",
    ),
    ("AWS::ApiGateway::RestApi", "CloneFrom", "what was cloned is listed"),
    (
        "AWS::ApiGatewayV2::Api",
        "CredentialsArn",
        "quick create makes an integration, which is listed",
    ),
    ("AWS::ApiGatewayV2::Api", "RequestParameters", "as above"),
    (
        "AWS::ApiGatewayV2::Api",
        "RouteKey",
        "quick create makes a route, which is listed",
    ),
    ("AWS::ApiGatewayV2::Api", "Target", "as above"),
    (
        "AWS::EC2::RouteTable",
        "IsMain",
        "subnets without a table are associated with the main one",
    ),
    ("AWS::ECR::RegistryScanningConfiguration", "ScanType", "nobody reads it"),
    (
        "AWS::GuardDuty::Detector",
        "DataSources",
        "the answer has the features that replace them",
    ),
    (
        "AWS::IAM::ManagedPolicy",
        "Groups",
        "groups name the policies that are attached to them",
    ),
    (
        "AWS::IAM::ManagedPolicy",
        "Roles",
        "roles name the policies that are attached to them",
    ),
    (
        "AWS::IAM::ManagedPolicy",
        "Users",
        "users name the policies that are attached to them",
    ),
    (
        "AWS::KinesisFirehose::DeliveryStream",
        "DeliveryStreamName",
        "nobody reads it",
    ),
    (
        "AWS::Lambda::Alias",
        "ProvisionedConcurrencyConfig",
        "list-provisioned-concurrency-configs, a call of its function",
    ),
    ("AWS::Lambda::Version", "ProvisionedConcurrencyConfig", "as above"),
    (
        "AWS::Lambda::Version",
        "RuntimePolicy",
        "get-runtime-management-config is asked of functions only",
    ),
    (
        "AWS::Lambda::LayerVersion",
        "Content",
        "get-layer-version answers a signed link, and no bucket",
    ),
    ("AWS::SNS::Topic", "Subscription", "subscriptions are listed"),
    ("AWS::SecretsManager::Secret", "SecretString", "never asked for"),
    (
        "AWS::StepFunctions::StateMachine",
        "Definition",
        "the answer has it as a text, DefinitionString",
    ),
    ("AWS::StepFunctions::StateMachine", "DefinitionS3Location", "as above"),
    (
        "AWS::StepFunctions::StateMachine",
        "DefinitionSubstitutions",
        "as above",
    ),
    ("AWS::VpcLattice::TargetGroup", "Type", "nobody reads it"),
    (
        "Custom::Thing",
        "ServiceToken",
        "custom resources are of CloudFormation",
    ),
];

/// Operations that are read and that the script of the docs does not call, and why.
const UNCALLED: &[(&str, &str, &str)] = &[
    ("apigateway", "get-method", "get-resources embeds the methods"),
    ("apigateway", "get-rest-api", "get-rest-apis has all of it"),
    (
        "cloudfront",
        "get-distribution",
        "list-distributions has all that is read",
    ),
    ("ec2", "describe-security-group-rules", "groups hold their rules"),
    ("iam", "get-policy", "get-account-authorization-details has all of it"),
    ("iam", "get-policy-version", "as above"),
    ("iam", "get-role", "as above"),
    ("iam", "get-role-policy", "as above"),
    ("iam", "list-attached-role-policies", "as above"),
    ("iam", "list-policies", "as above"),
    ("iam", "list-role-policies", "as above"),
    (
        "lambda",
        "get-code-signing-config",
        "list-code-signing-configs has all of it",
    ),
    ("lambda", "get-function-concurrency", "get-function has it"),
    ("lambda", "get-function-configuration", "get-function has it"),
    ("lambda", "get-function-event-invoke-config", "the list has all of it"),
    ("lambda", "get-function-url-config", "the list has all of it"),
    (
        "lambda",
        "get-layer-version",
        "list-layer-versions has all that is read",
    ),
    ("lambda", "list-tags", "get-function has them"),
    ("wafv2", "get-web-acl-for-resource", "stages name their web ACL"),
    ("wafv2", "list-resources-for-web-acl", "stages name their web ACL"),
];

fn template(path: &Path) -> Node {
    let text = std::fs::read_to_string(path).unwrap();
    tree::parse(&text, FileId(0), Syntax::Either).unwrap().root
}

/// The types and top-level properties that the corpus of kinds sets, which are those that are read.
fn read_properties() -> BTreeSet<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/kinds");
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let root = template(&entry.unwrap().path());
        for resource in root.get("Resources").unwrap().entries() {
            let cfn = resource.value.get("Type").and_then(Node::as_str).unwrap();
            let properties = resource.value.get("Properties").map_or(&[][..], Node::entries);
            found.extend(
                properties
                    .iter()
                    .map(|property| (cfn.to_owned(), property.key.to_string())),
            );
        }
    }
    found
}

#[test]
fn every_type_is_declared_or_said_not_to_be() {
    let declared: BTreeSet<&str> = table::all().flat_map(|operation| operation.tables()).collect();
    for kind in KINDS {
        let never = NEVER.iter().any(|(cfn, _)| cfn == kind);
        assert!(declared.contains(kind) != never, "{kind}");
    }
}

#[test]
fn every_property_is_told_or_said_not_to_be() {
    let told: BTreeSet<(&str, &str)> = table::all()
        .flat_map(unasked::told_by)
        .map(|(cfn, property)| (cfn, property.split('.').next().unwrap_or(property)))
        .collect();
    let made: BTreeSet<&str> = table::all()
        .flat_map(|operation| operation.makes.iter().copied())
        .collect();
    let mut missing = Vec::new();
    for (cfn, property) in &read_properties() {
        if NEVER.iter().any(|(never, _)| never == cfn) || made.contains(cfn.as_str()) {
            continue;
        }
        let untold = UNTOLD.iter().any(|(of, name, _)| of == cfn && name == property);
        if told.contains(&(cfn.as_str(), property.as_str())) == untold {
            missing.push(format!("{cfn} {property}"));
        }
    }
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn every_operation_has_an_answer_in_the_corpus() {
    let mut asked = BTreeMap::new();
    for name in ACCOUNT {
        for (path, _) in answers(&corpus(name)) {
            let told = layout::told(Path::new(path)).unwrap_or_else(|| panic!("{path}"));
            let operation = told.operation().unwrap_or_else(|| panic!("{path}"));
            *asked.entry((operation.service, operation.name)).or_insert(0) += 1;
        }
    }
    let missing: Vec<_> = table::all()
        .map(|operation| (operation.service, operation.name))
        .filter(|operation| !asked.contains_key(operation))
        .collect();
    assert_eq!(missing, []);
}

#[test]
fn no_operation_is_named_twice() {
    let mut seen = BTreeSet::new();
    for operation in table::all() {
        assert!(seen.insert((operation.service, operation.name)), "{}", operation.name);
    }
}

/// The calls of the script, by the word that makes them.
fn calls(word: &str) -> BTreeSet<(String, String)> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/collect.sh");
    let text = std::fs::read_to_string(path).unwrap();
    let lines = text.lines().filter(|line| !line.trim_start().starts_with('#'));
    let words: Vec<&str> = lines.flat_map(str::split_whitespace).collect();
    let calls = words.windows(3).filter(|window| {
        let [call, ..] = window else { return false };
        call.trim_start_matches("$(") == word
    });
    calls
        .map(|window| (window[1].to_owned(), window[2].to_owned()))
        .collect()
}

#[test]
fn the_script_keeps_what_is_read_and_nothing_else() {
    let kept = calls("ask");
    let owned = |(service, name): (&str, &str)| (service.to_owned(), name.to_owned());
    let read: BTreeSet<_> = table::all()
        .map(|operation| owned((operation.service, operation.name)))
        .collect();
    let uncalled: BTreeSet<_> = UNCALLED
        .iter()
        .map(|(service, name, _)| owned((service, name)))
        .collect();
    assert_eq!(
        kept.difference(&read).collect::<Vec<_>>(),
        Vec::<&(String, String)>::new()
    );
    let missing: BTreeSet<_> = read.difference(&kept).cloned().collect();
    assert_eq!(missing, uncalled);
}

#[test]
fn the_script_only_looks() {
    let calls: BTreeSet<_> = calls("ask").into_iter().chain(calls("names")).collect();
    assert!(calls.len() > 100);
    for (service, name) in calls {
        assert!(
            ["describe-", "get-", "list-"].iter().any(|verb| name.starts_with(verb)),
            "{service} {name}"
        );
        let values = [
            "get-secret-value",
            "get-parameter",
            "get-object",
            "get-random-password",
            "get-session-token",
        ];
        assert!(!values.iter().any(|value| name.starts_with(value)), "{service} {name}");
    }
}
