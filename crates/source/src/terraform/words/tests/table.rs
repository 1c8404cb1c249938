//! The tables as a whole.

use super::*;
use crate::terraform::words::{terraform_path, terraform_paths, words};
use crate::tree::{self, Syntax};
use maremma_model::{FileId, Node, NodeValue};
use std::collections::BTreeSet;
use std::path::Path;

/// What CloudFormation can say and Terraform's provider cannot: a type, or a property of one.
const NOT_IN_TERRAFORM: &[(&str, &str)] = &[
    // A stage that a deployment makes has settings of methods and variables only.
    ("AWS::ApiGateway::Deployment", "StageDescription"),
    // Bodies are read from files into the configuration, and no API is cloned.
    ("AWS::ApiGateway::RestApi", "BodyS3Location"),
    ("AWS::ApiGateway::RestApi", "CloneFrom"),
    // Only of an integration of its own.
    ("AWS::ApiGatewayV2::Api", "RequestParameters"),
    // A table has its replicas in blocks of its own, and each has a row by the table of its region.
    ("AWS::DynamoDB::GlobalTable", ""),
    // `aws_cloudwatch_event_bus_policy` is a policy of its own.
    ("AWS::Events::EventBus", "Policy"),
    // Terraform attaches a policy from the other side.
    ("AWS::IAM::ManagedPolicy", "Groups"),
    ("AWS::IAM::ManagedPolicy", "Roles"),
    ("AWS::IAM::ManagedPolicy", "Users"),
    // An inline policy is one of a role, user or group.
    ("AWS::IAM::Policy", ""),
    ("AWS::IAM::User", "Policies"),
    ("AWS::Lambda::Function", "DurableConfig.KMSKeyArn"),
    // What `publish` makes; of it nothing can be set but concurrency.
    ("AWS::Lambda::Version", ""),
    // The provider has no alias of a bot.
    ("AWS::Lex::BotAlias", ""),
    // Subscriptions and policies are resources of their own.
    ("AWS::SNS::Topic", "Subscription"),
    ("AWS::SNS::TopicInlinePolicy", ""),
    ("AWS::SQS::QueueInlinePolicy", ""),
    ("AWS::SSM::ResourcePolicy", ""),
    // The configuration itself puts values into a definition, which it holds whole.
    ("AWS::StepFunctions::StateMachine", "DefinitionS3Location"),
    ("AWS::StepFunctions::StateMachine", "DefinitionSubstitutions"),
    // What AWS says of what is there: the configuration says it in other words.
    ("AWS::Lambda::Function", "CodeSha256"),
    ("AWS::Lambda::LayerVersionPermission", "Statement"),
    ("AWS::Lambda::Permission", "Statement"),
    // Resources that a stack's own functions provide.
    ("Custom::LogRetention", ""),
    ("Custom::Thing", ""),
];

/// The types and the paths of every property that is read.
fn every_property() -> BTreeSet<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/kinds");
    let mut found = BTreeSet::new();
    for file in std::fs::read_dir(root).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let tree = tree::parse(&text, FileId::default(), Syntax::Either).unwrap();
        for resource in entries(&get(&tree.root, "Resources").unwrap()) {
            let NodeValue::Scalar { text: cfn, .. } = &get(&resource.1, "Type").unwrap().value else {
                panic!()
            };
            let cfn = cfn.to_string();
            found.insert((cfn.clone(), String::new()));
            if let Some(properties) = get(&resource.1, "Properties") {
                leaves(&properties, "", &mut |path| {
                    found.insert((cfn.clone(), path.to_owned()));
                });
            }
        }
    }
    found
}

fn entries(node: &Node) -> Vec<(String, Node)> {
    match &node.value {
        NodeValue::Map(entries) => entries
            .iter()
            .map(|entry| (entry.key.to_string(), entry.value.clone()))
            .collect(),
        _ => Vec::new(),
    }
}

fn get(node: &Node, key: &str) -> Option<Node> {
    entries(node)
        .into_iter()
        .find(|(found, _)| found == key)
        .map(|(_, value)| value)
}

fn leaves(node: &Node, path: &str, found: &mut dyn FnMut(&str)) {
    match &node.value {
        NodeValue::Map(_) => entries(node).iter().for_each(|(key, value)| {
            // What is called by a function of CloudFormation is a value.
            if key == "Ref" || key.starts_with("Fn::") {
                return found(path);
            }
            let path = if path.is_empty() {
                key.clone()
            } else {
                format!("{path}.{key}")
            };
            leaves(value, &path, found);
        }),
        NodeValue::Seq(items) => items.iter().for_each(|item| leaves(item, path, found)),
        _ => found(path),
    }
}

#[test]
fn every_property_that_is_read_can_be_written_in_terraform() {
    let mut used = BTreeSet::new();
    let mut missing = Vec::new();
    for (cfn, path) in every_property() {
        let known = match path.is_empty() {
            true => words().any(|word| word.cfn() == cfn),
            false => terraform_path(&cfn, &path).is_some(),
        };
        let listed = NOT_IN_TERRAFORM
            .iter()
            .find(|(not, property)| *not == cfn && (property.is_empty() || within(&path, property)));
        match (known, listed) {
            (true, None) => {}
            (false, Some(listed)) => {
                used.insert(listed);
            }
            (true, Some(_)) => missing.push(format!("{cfn} {path} is listed, and can be written")),
            (false, None) => missing.push(format!("{cfn} {path}")),
        }
    }
    assert_eq!(missing, Vec::<String>::new());
    assert_eq!(used.len(), NOT_IN_TERRAFORM.len());
}

fn within(path: &str, above: &str) -> bool {
    path.strip_prefix(above)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

#[test]
fn every_type_stands_once_and_says_what_it_becomes() {
    let types: Vec<_> = words().map(|word| word.ty).collect();
    let unique: BTreeSet<_> = types.iter().collect();
    assert_eq!(types.len(), unique.len());
    assert_eq!(cfn_type("aws_lambda_function"), Some("AWS::Lambda::Function"));
    assert_eq!(cfn_type("aws_iam_role_policy_attachment"), None);
    assert_eq!(cfn_type("aws_instance"), None);
}

#[test]
fn properties_lead_back_to_attributes() {
    let path = |cfn: &str, property: &str| {
        let path = terraform_path(cfn, property).unwrap();
        format!("{} {}", path.ty, path.attribute)
    };
    let function = "AWS::Lambda::Function";
    assert_eq!(
        path(function, "Environment.Variables"),
        "aws_lambda_function environment.variables"
    );
    assert_eq!(
        path(function, "Environment.Variables.STAGE"),
        "aws_lambda_function environment.variables.STAGE"
    );
    assert_eq!(
        path(function, "RecursiveLoop"),
        "aws_lambda_function_recursion_config recursive_loop"
    );
    assert_eq!(
        path("AWS::IAM::Role", "Policies.PolicyDocument"),
        "aws_iam_role inline_policy.policy"
    );
    assert_eq!(
        path("AWS::Events::Rule", "Targets.DeadLetterConfig.Arn"),
        "aws_cloudwatch_event_target dead_letter_config.arn"
    );
    let arns: Vec<_> = terraform_paths("AWS::IAM::Role", "ManagedPolicyArns")
        .iter()
        .map(|path| (path.ty, path.own))
        .collect();
    assert_eq!(
        arns[..2],
        [("aws_iam_role", true), ("aws_iam_role_policy_attachment", false)]
    );
    assert_eq!(terraform_path(function, "Nothing"), None);
}

#[test]
fn references_stand_for_attributes_of_cloudformation() {
    let id = Resources::promise(&mut crate::kinds::Counts::default(), "AWS::Lambda::Function");
    let shown = |ty: &str, name: &str| {
        let text = attribute(ty, name, id, &format!("{ty}.a"));
        text.pieces()
            .iter()
            .map(|piece| match piece {
                Piece::Literal(text) => text.to_string(),
                Piece::Hole(hole) => match &hole.stands_for {
                    Some(own) => format!("<{}>", own.name),
                    None => format!("<{}>", hole.why.name()),
                },
            })
            .collect::<String>()
    };
    assert_eq!(shown("aws_lambda_function", "arn"), "<Arn>");
    assert_eq!(
        shown("aws_lambda_function", "invoke_arn"),
        "arn:<AWS::Partition>:apigateway:<AWS::Region>:lambda:path/2015-03-31/functions/<Arn>/invocations"
    );
    assert_eq!(
        shown("aws_api_gateway_rest_api", "root_resource_id"),
        "<RootResourceId>"
    );
    assert_eq!(shown("aws_security_group", "id"), "<GroupId>");
    assert_eq!(
        shown("aws_cloudwatch_log_group", "arn"),
        "arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:<Ref>"
    );
    assert_eq!(shown("aws_instance", "private_ip"), "<PrivateIp>");
    assert_eq!(shown("aws_instance", "id"), "<Ref>");
}

#[test]
fn every_type_has_attributes_for_the_documentation() {
    let function = words().find(|word| word.ty == "aws_lambda_function").unwrap();
    assert!(
        function
            .attributes()
            .contains(&"file_system_config.local_mount_path".to_owned())
    );
    let attachment = words()
        .find(|word| word.ty == "aws_iam_role_policy_attachment")
        .unwrap();
    assert_eq!(attachment.attributes(), ["policy_arn", "role"]);
}
