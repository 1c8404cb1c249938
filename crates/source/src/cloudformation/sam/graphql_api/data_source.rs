//! Data sources of a GraphQL API: tables and functions, each with a role that may use it.

use super::super::Sam;
use super::super::connector::{Connector, End, connect};
use super::super::handed_on::{properties, same};
use super::super::make::Make;
use super::Api;
use maremma_model::{Entry, GapKind, Node};

/// What the two kinds of data sources differ in.
struct Kind {
    /// Their key in `DataSources`.
    section: &'static str,
    suffix: &'static str,
    connector: &'static str,
    /// The type of what they use.
    used: &'static str,
    permissions: &'static [&'static str],
}

const TABLE: Kind = Kind {
    section: "DynamoDb",
    suffix: "DynamoDBDataSource",
    connector: "ToTableConnector",
    used: "AWS::DynamoDB::Table",
    permissions: &["Read", "Write"],
};

const FUNCTION: Kind = Kind {
    section: "Lambda",
    suffix: "LambdaDataSource",
    connector: "ToLambdaConnector",
    used: "AWS::Lambda::Function",
    permissions: &["Write"],
};

pub(super) fn expand(sam: &mut Sam<'_>, api: &Api<'_>) {
    for section in api.entries("DataSources") {
        let kind = [TABLE, FUNCTION].into_iter().find(|kind| kind.section == &*section.key);
        match kind {
            Some(kind) => {
                for entry in section.value.entries() {
                    one(sam, api, &kind, entry);
                }
            }
            None => {
                let reason = format!(
                    "API {}: {} is no kind of data source that is known here",
                    api.source.id, section.key
                );
                sam.gap(GapKind::Unsupported, reason, section.key_place);
            }
        }
    }
}

/// The logical id of a data source by its key; `None` where the API has none of that key.
pub(super) fn id_of(api: &Api<'_>, key: &str) -> Option<String> {
    let sections = api.entries("DataSources");
    [TABLE, FUNCTION].iter().find_map(|kind| {
        let section = sections.iter().find(|section| &*section.key == kind.section)?;
        section.value.get(key)?;
        Some(api.id(&format!("{key}{}", kind.suffix)))
    })
}

fn one(sam: &mut Sam<'_>, api: &Api<'_>, kind: &Kind, entry: &Entry) {
    let make = Make(entry.key_place);
    let id = api.id(&format!("{}{}", entry.key, kind.suffix));
    let table = kind.section == TABLE.section;
    let mut made = same(Some(&entry.value), &["Description"]);
    let name = entry.value.get("Name").filter(|name| !name.is_null()).cloned();
    made.push(("Name", name.unwrap_or_else(|| make.text(&entry.key))));
    made.push(api.api_id(make));
    let (kind_name, config) = if table {
        ("AMAZON_DYNAMODB", ("DynamoDBConfig", table_config(entry)))
    } else {
        ("AWS_LAMBDA", ("LambdaConfig", function_config(entry)))
    };
    made.push(("Type", make.text(kind_name)));
    made.push(config);
    let required = if table { "TableName" } else { "FunctionArn" };
    if entry.value.get(required).is_none() {
        let reason = format!("data source {}: {required} is missing", entry.key);
        sam.gap(GapKind::Unparsed, reason, entry.key_place);
    }
    let role = match entry.value.get("ServiceRoleArn").filter(|role| !role.is_null()) {
        Some(role) => role.clone(),
        None => own_role(sam, api, kind, entry, &id),
    };
    made.push(("ServiceRoleArn", role));
    api.add(sam, &id, make.resource("AWS::AppSync::DataSource", made));
}

fn table_config(entry: &Entry) -> Node {
    let make = Make(entry.key_place);
    let names = [
        ("DeltaSync", "DeltaSyncConfig"),
        ("Region", "AwsRegion"),
        ("TableName", "TableName"),
        ("UseCallerCredentials", "UseCallerCredentials"),
        ("Versioned", "Versioned"),
    ];
    let mut config = properties(Some(&entry.value), &names);
    if !config.iter().any(|(name, _)| *name == "AwsRegion") {
        config.push(("AwsRegion", make.reference("AWS::Region")));
    }
    make.map(config)
}

fn function_config(entry: &Entry) -> Node {
    let names = [("FunctionArn", "LambdaFunctionArn")];
    Make(entry.key_place).map(properties(Some(&entry.value), &names))
}

/// Makes the role of a data source with what lets it use its table or function, and gives its ARN.
fn own_role(sam: &mut Sam<'_>, api: &Api<'_>, kind: &Kind, entry: &Entry, id: &str) -> Node {
    let make = Make(entry.key_place);
    let role_id = format!("{id}Role");
    let trust = make.trust(&["appsync.amazonaws.com"]);
    let role = make.resource("AWS::IAM::Role", vec![("AssumeRolePolicyDocument", trust)]);
    api.add(sam, &role_id, role);
    let asked = entry.value.get("Permissions").map_or(&[][..], Node::items);
    let asked: Vec<String> = asked
        .iter()
        .filter_map(|item| Some(sam.text(item)?.to_string()))
        .collect();
    let all = || kind.permissions.iter().map(|name| (*name).to_owned()).collect();
    let connector = Connector {
        id: format!("{id}{}", kind.connector),
        node: None,
        permissions: if asked.is_empty() { all() } else { asked },
        place: entry.key_place,
    };
    let source = End {
        role_name: Some(make.reference(&role_id)),
        ..End::of_kind("AWS::AppSync::DataSource")
    };
    let destination = End {
        arn: used(entry, kind),
        ..End::of_kind(kind.used)
    };
    connect(sam, &connector, "", &source, &destination);
    make.get_att(&role_id, "Arn")
}

/// The ARN of the table or function.
fn used(entry: &Entry, kind: &Kind) -> Option<Node> {
    let written = |name: &str| entry.value.get(name).filter(|node| !node.is_null()).cloned();
    if kind.section == FUNCTION.section {
        return written("FunctionArn");
    }
    written("TableArn").or_else(|| {
        let make = Make(entry.key_place);
        let region = written("Region").unwrap_or_else(|| make.reference("AWS::Region"));
        let text = "arn:${AWS::Partition}:dynamodb:${__Region__}:${AWS::AccountId}:table/${__TableName__}";
        let variables = vec![("__Region__", region), ("__TableName__", written("TableName")?)];
        Some(make.sub_with(text, variables))
    })
}
