//! References to what the configuration decides after all: the version of a function that is not published,
//! the ARNs
//! of stages and of identity providers.

use super::read::{at, name_of};
use crate::terraform::instance::Instance;
use maremma_model::{AnyId, Document, Hole, Piece, Text, Value, Why};
use std::collections::HashMap;

/// The values of attributes by resource and CloudFormation's name.
type Known = HashMap<AnyId, Vec<(&'static str, Text)>>;

/// Longest name that is written in the place of a reference: those of stages have 128 characters.
const MAX_NAME: usize = 256;

/// Writes them where they are referred to.
pub(super) fn decide(instances: &mut [Instance]) {
    let known: Known = instances.iter().map(|one| (one.id, known(one))).collect();
    for instance in instances {
        write(&mut instance.body, &known);
    }
}

/// Sources: provider `hashicorp/aws`, attributes `publish` and `version` of `aws_lambda_function`, `arn` and
/// `execution_arn` of stages; API Gateway developer guide, "ARN format";
/// IAM user guide, "IAM identifiers": an OIDC provider is called as its URL is, without the scheme.
fn known(instance: &Instance) -> Vec<(&'static str, Text)> {
    let read = |name: &str| name_of(&at(&instance.body, name)?);
    match &*instance.ty {
        "aws_lambda_function" => {
            let publish = at(&instance.body, "publish");
            let unpublished = publish.is_none_or(|publish| publish.as_str() == Some("false"));
            unpublished.then(|| ("Version", "$LATEST".into())).into_iter().collect()
        }
        "aws_api_gateway_stage" => stage(read("rest_api_id"), read("stage_name"), "restapis"),
        "aws_apigatewayv2_stage" => stage(read("api_id"), read("name"), "apis"),
        "aws_iam_openid_connect_provider" => identity_provider(read("url")),
        _ => Vec::new(),
    }
}

fn identity_provider(url: Option<Text>) -> Vec<(&'static str, Text)> {
    let url = url.as_ref().and_then(Text::as_literal).filter(|url| url.len() < MAX_NAME);
    let Some(name) = url.map(|url| url.strip_prefix("https://").unwrap_or(url)) else {
        return Vec::new();
    };
    let pseudo = |name: &str| Text::hole(Why::Pseudo(name.into()));
    let (partition, account) = (pseudo("AWS::Partition"), pseudo("AWS::AccountId"));
    let [arn, iam, own] = ["arn:", ":iam::", ":oidc-provider/"].map(Text::literal);
    let name = Text::literal(name);
    vec![("Arn", Text::concat([&arn, &partition, &iam, &account, &own, &name]))]
}

fn stage(api: Option<Text>, name: Option<Text>, family: &str) -> Vec<(&'static str, Text)> {
    let short = |text: &Text| text.pieces().len() < 8 && text.to_string().len() < MAX_NAME;
    let (Some(api), Some(name)) = (api.filter(short), name.filter(short)) else {
        return Vec::new();
    };
    let pseudo = |name: &str| Text::hole(Why::Pseudo(name.into()));
    let (partition, region) = (pseudo("AWS::Partition"), pseudo("AWS::Region"));
    let account = pseudo("AWS::AccountId");
    let [arn, own, apis, stages] = ["arn:", ":apigateway:", "::/", "/stages/"].map(Text::literal);
    let [call, colon, slash] = [":execute-api:", ":", "/"].map(Text::literal);
    let family = Text::literal(family);
    let itself = [
        &arn, &partition, &own, &region, &apis, &family, &slash, &api, &stages, &name,
    ];
    let calls = [
        &arn, &partition, &call, &region, &colon, &account, &colon, &api, &slash, &name,
    ];
    vec![("Arn", Text::concat(itself)), ("ExecutionArn", Text::concat(calls))]
}

fn write(document: &mut Document, known: &Known) {
    match &mut document.value {
        Value::List(items) => items.iter_mut().for_each(|item| write(item, known)),
        Value::Map(fields) => fields.iter_mut().for_each(|field| write(&mut field.value, known)),
        Value::Choice(branches) => branches.iter_mut().for_each(|branch| write(&mut branch.value, known)),
        Value::Scalar { text, .. } => {
            if text.holes().any(|hole| value(hole, known).is_some()) {
                let pieces = text.pieces().into_iter().flat_map(|piece| match &piece {
                    Piece::Hole(hole) => value(hole, known).map_or_else(|| vec![piece.clone()], Text::pieces),
                    Piece::Literal(_) => vec![piece],
                });
                *text = Text::from_pieces(pieces);
            }
        }
        Value::Absent | Value::Null | Value::Unknown(_) => {}
    }
}

fn value<'k>(hole: &Hole, known: &'k Known) -> Option<&'k Text> {
    let attribute = hole.stands_for.as_ref()?;
    let values = known.get(&attribute.of)?;
    let found = values.iter().find(|(name, _)| *name == &*attribute.name);
    found.map(|(_, text)| text)
}
