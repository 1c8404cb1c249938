//! Keys, secrets and parameters.

use super::policy::carried_by;
use crate::cx::Cx;
use crate::props::Props;
use maremma_model::noun::*;
use maremma_model::{Hole, Piece, Resource, Setting, State, Text, Why};

/// `AWS::KMS::Key` and `AWS::KMS::ReplicaKey`.
pub(crate) fn key(cx: &Cx<'_>, resource: Resource, p: &Props<'_>) -> Key {
    Key {
        policy: carried_by(cx, &resource, p, "KeyPolicy"),
        rotation: p.boolean("EnableKeyRotation").or_default(false),
        enabled: p.boolean("Enabled").or_default(true),
        key_spec: p.text("KeySpec").or_default("SYMMETRIC_DEFAULT".into()),
        origin: p.text("Origin").or_default("AWS_KMS".into()),
        resource,
    }
}

/// A secret without `SecretString` is generated, or empty.
pub(crate) fn secret(_: &Cx<'_>, resource: Resource, p: &Props<'_>) -> ManagedSecret {
    let replicas = p.list("ReplicaRegions");
    ManagedSecret {
        kms_key: p.any_of::<Key>("KmsKeyId"),
        literal_value: p.value("SecretString", "SecretString"),
        replicas: p.setting("ReplicaRegions", |_| {
            let region = |replica: &Props<'_>| replica.text("Region").value().cloned();
            State::Set(replicas.iter().filter_map(region).collect())
        }),
        resource,
    }
}

pub(crate) fn parameter(cx: &Cx<'_>, resource: Resource, p: &Props<'_>) -> Parameter {
    Parameter {
        kind: p.text("Type"),
        value: p.value("Value", "Value"),
        content: content(cx, p),
        resource,
    }
}

/// What `Value` is, in every world. That it is no string is told where the value itself is read.
fn content(cx: &Cx<'_>, p: &Props<'_>) -> Setting<ParameterContent> {
    let mut content = p.setting("Value", |document| match document.as_text() {
        Some(text) => State::Set(content_of(cx, text)),
        None => State::Set(ParameterContent::Other),
    });
    let settle = |state: &mut State<ParameterContent>| {
        if let State::Unknown(unknown) = state
            && unknown.candidates.is_empty()
            && let Some(why) = secret_hole(cx, &unknown.why)
        {
            *state = State::Set(ParameterContent::Secret(why));
        }
    };
    settle(&mut content.state);
    if let State::Unknown(unknown) = &mut content.state {
        unknown
            .candidates
            .iter_mut()
            .for_each(|candidate| settle(&mut candidate.state));
    }
    content
}

/// Attributes by which a resource gives out a secret that it was made with.
/// Sources: CloudFormation template reference, "Return values" of `AWS::IAM::AccessKey` and
/// `AWS::Cognito::UserPoolClient`; the pages of Terraform's provider, "Attribute Reference" of
/// `aws_iam_access_key`, `aws_cognito_user_pool_client` and `aws_secretsmanager_secret_version`.
const SECRET_ATTRIBUTES: &[&str] = &["SecretAccessKey", "ClientSecret", "SecretString"];

/// The same of Terraform's data sources, and of resources that CloudFormation has no word for: by type.
/// Sources: the pages of the providers `hashicorp/aws`, `hashicorp/random` and `hashicorp/tls`.
const SECRET_ADDRESSES: &[(&str, &str)] = &[
    ("aws_secretsmanager_random_password", "random_password"),
    ("aws_secretsmanager_secret_version", "secret_string"),
    ("random_password", "result"),
    ("tls_private_key", "private_key_openssh"),
    ("tls_private_key", "private_key_pem"),
    ("tls_private_key", "private_key_pem_pkcs8"),
];

/// A look-up whose result is a secret; that of a parameter is one only as `ssm-secure`.
const SECRET_LOOK_UPS: &[&str] = &["{{resolve:secretsmanager:", "{{resolve:ssm-secure:"];

fn content_of(cx: &Cx<'_>, value: &Text) -> ParameterContent {
    let pieces = value.pieces();
    if let Some(why) = pieces.iter().find_map(|piece| secret_in(cx, piece)) {
        return ParameterContent::Secret(why);
    }
    match pieces.as_slice() {
        [Piece::Hole(hole)] if hole.stands_for.is_some() || matches!(hole.why, Why::Pseudo(_)) => {
            ParameterContent::Pointer
        }
        _ if points(value) => ParameterContent::Pointer,
        _ => ParameterContent::Other,
    }
}

fn secret_in(cx: &Cx<'_>, piece: &Piece) -> Option<Why> {
    match piece {
        Piece::Literal(text) => {
            let found = SECRET_LOOK_UPS.iter().find(|start| text.contains(**start))?;
            Some(Why::Dynamic(format!("{found}...}}}}").into()))
        }
        Piece::Hole(Hole {
            why,
            stands_for: Some(attribute),
        }) if SECRET_ATTRIBUTES.contains(&&*attribute.name) => Some(why.clone()),
        Piece::Hole(hole) => secret_hole(cx, &hole.why),
    }
}

/// The reason of a hole, where a secret stands in it. Of a `NoEcho` parameter that nobody gave a value,
/// nothing is known but that it is one.
fn secret_hole(cx: &Cx<'_>, why: &Why) -> Option<Why> {
    let secret = match why {
        Why::NoEcho(_) => true,
        Why::Parameter(name) if cx.origin.is_hidden(cx.own, name) => return Some(Why::NoEcho(name.clone())),
        Why::Dynamic(reference) => SECRET_LOOK_UPS.iter().any(|start| reference.starts_with(start)),
        Why::Attribute(name) => {
            let (address, last) = name.rsplit_once('.').unwrap_or_default();
            let given = |(ty, attribute): &(&str, &str)| *attribute == last && address.split('.').any(|step| step == *ty);
            SECRET_ATTRIBUTES.contains(&last) || SECRET_ADDRESSES.iter().any(given)
        }
        _ => false,
    };
    secret.then(|| why.clone())
}

fn points(value: &Text) -> bool {
    const ADDRESSES: &[&str] = &["arn:", "http://", "https://", "/", "s3://", "alias/"];
    let start = value.prefix();
    let address = ADDRESSES.iter().any(|address| start.starts_with(address)) && !value.marked('#').contains('@');
    let plain = value.as_literal().is_some_and(|text| {
        text.is_empty()
            || ["true", "false"].iter().any(|flag| text.eq_ignore_ascii_case(flag))
            || text.len() <= 5 && text.bytes().all(|byte| byte.is_ascii_digit())
    });
    address || plain
}
