//! One end of a connector: a resource by its logical id, or by the properties that are written instead.

use super::super::Sam;
use super::super::make::{Make, named};
use crate::tree::long_form;
use maremma_model::Node;

/// What a connector can ask of a resource.
#[derive(Default)]
pub(in super::super) struct End {
    pub(in super::super) logical_id: Option<String>,
    /// The CloudFormation type.
    pub(in super::super) kind: String,
    /// The type as written, which may be a serverless one.
    pub(in super::super) told: String,
    pub(in super::super) arn: Option<Node>,
    pub(in super::super) role_name: Option<Node>,
    pub(in super::super) queue_url: Option<Node>,
    pub(in super::super) resource_id: Option<Node>,
    pub(in super::super) name: Option<Node>,
    pub(in super::super) qualifier: Option<Node>,
}

/// Serverless types, and what connectors take them for where no logical id is written.
const SERVERLESS: &[(&str, &str)] = &[
    ("AWS::Serverless::Function", "AWS::Lambda::Function"),
    ("AWS::Serverless::StateMachine", "AWS::StepFunctions::StateMachine"),
    ("AWS::Serverless::Api", "AWS::ApiGateway::RestApi"),
    ("AWS::Serverless::HttpApi", "AWS::ApiGatewayV2::Api"),
    ("AWS::Serverless::SimpleTable", "AWS::DynamoDB::Table"),
];

impl End {
    /// An end of a CloudFormation type of which nothing else is known.
    pub(in super::super) fn of_kind(kind: &str) -> End {
        End {
            kind: kind.to_owned(),
            told: kind.to_owned(),
            ..End::default()
        }
    }

    /// Reads one end; `other` is what it is connected with. The error says what is wrong.
    pub(super) fn read(sam: &Sam<'_>, node: &Node, other: &Node) -> Result<End, String> {
        if !node.is_map() {
            return Err(format!("expected a map with an Id, found {}", node.describe()));
        }
        let others = node
            .entries()
            .iter()
            .any(|entry| !matches!(&*entry.key, "Id" | "Qualifier"));
        match node.get("Id") {
            Some(id) if !others => {
                let id = sam.text(id).ok_or("it is not known which resource Id names")?;
                End::of_resource(sam, &id, node, other)
            }
            None if others => End::of_properties(sam, node),
            _ => Err("expected an Id with an optional Qualifier, or a Type with other properties".to_owned()),
        }
    }

    fn of_properties(sam: &Sam<'_>, node: &Node) -> Result<End, String> {
        let told = node.get("Type").and_then(|kind| sam.text(kind));
        let told = told.ok_or("Type is missing")?.to_string();
        let cfn = SERVERLESS.iter().find(|(serverless, _)| *serverless == told);
        let kind = cfn.map_or(told.clone(), |(_, cfn)| (*cfn).to_owned());
        let property = |name: &str| node.get(name).filter(|node| !node.is_null()).cloned();
        Ok(End {
            logical_id: None,
            told: kind.clone(),
            kind,
            arn: property("Arn"),
            role_name: property("RoleName"),
            queue_url: property("QueueUrl"),
            resource_id: property("ResourceId"),
            name: property("Name"),
            qualifier: property("Qualifier"),
        })
    }

    fn of_resource(sam: &Sam<'_>, id: &str, node: &Node, other: &Node) -> Result<End, String> {
        let kind_of = |node: &Node| node.get("Type").and_then(Node::as_str).map(str::to_owned);
        let made = sam
            .made(id)
            .ok_or_else(|| format!("{id} is no resource of this template"))?;
        let kind = kind_of(made).ok_or_else(|| format!("{id} has no Type"))?;
        let told = sam.written(id).and_then(|entry| kind_of(&entry.value));
        let make = Make(node.place);
        let known = Known::of(&kind, make, id);
        let role = role(&kind, made, other);
        Ok(End {
            logical_id: Some(id.to_owned()),
            told: told.unwrap_or_else(|| kind.clone()),
            kind,
            arn: known.arn,
            role_name: role.and_then(named).map(|id| make.reference(&id)),
            queue_url: known.queue_url,
            resource_id: known.resource_id,
            name: known.name,
            qualifier: node.get("Qualifier").cloned().or(known.qualifier),
        })
    }
}

/// What a resource of a type gives of itself: `Ref` and attributes, as CloudFormation documents them.
#[derive(Default)]
struct Known {
    arn: Option<Node>,
    queue_url: Option<Node>,
    resource_id: Option<Node>,
    name: Option<Node>,
    qualifier: Option<Node>,
}

impl Known {
    fn of(kind: &str, make: Make, id: &str) -> Self {
        let arn = Some(make.get_att(id, "Arn"));
        let reference = Some(make.reference(id));
        match kind {
            "AWS::Lambda::Function"
            | "AWS::Events::Rule"
            | "AWS::Events::EventBus"
            | "AWS::DynamoDB::Table"
            | "AWS::S3::Bucket"
            | "AWS::Location::PlaceIndex" => Known {
                arn,
                ..Known::default()
            },
            "AWS::SNS::Topic" | "AWS::AppSync::DataSource" => Known {
                arn: reference,
                ..Known::default()
            },
            "AWS::SQS::Queue" => Known {
                arn,
                queue_url: reference,
                ..Known::default()
            },
            "AWS::StepFunctions::StateMachine" => Known {
                arn: reference,
                name: Some(make.get_att(id, "Name")),
                ..Known::default()
            },
            "AWS::AppSync::GraphQLApi" => Known {
                arn: reference,
                resource_id: Some(make.get_att(id, "ApiId")),
                ..Known::default()
            },
            // The qualifier is the end of an `execute-api` ARN: the whole API where none is written.
            "AWS::ApiGateway::RestApi" | "AWS::ApiGatewayV2::Api" => Known {
                arn,
                resource_id: reference,
                qualifier: Some(make.text("*")),
                ..Known::default()
            },
            _ => Known::default(),
        }
    }
}

/// The role that a resource acts by.
fn role<'n>(kind: &str, resource: &'n Node, other: &Node) -> Option<&'n Node> {
    let properties = resource.get("Properties")?;
    match kind {
        "AWS::Lambda::Function" => properties.get("Role"),
        "AWS::StepFunctions::StateMachine" => properties.get("RoleArn"),
        "AWS::AppSync::DataSource" => properties.get("ServiceRoleArn"),
        // A rule has a role for every target.
        "AWS::Events::Rule" => {
            let targets = properties.get("Targets")?.items();
            targets.iter().find(|target| is_target(target, other))?.get("RoleArn")
        }
        _ => None,
    }
}

fn is_target(target: &Node, other: &Node) -> bool {
    let Some(arn) = target.get("Arn") else { return false };
    if let (Some(named), Some(id)) = (named(arn), other.get("Id").and_then(Node::as_str)) {
        return &*named == id;
    }
    other.get("Arn").is_some_and(|other| long_form(other) == long_form(arn))
}
