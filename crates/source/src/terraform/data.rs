//! Data sources whose attributes follow from the configuration, without asking AWS.

#[cfg(test)]
mod tests;

use super::scope::Scope;
use super::value::{Kind, Value};
use super::{expression, function, policy_document};
use crate::cloudformation::partition;
use maremma_model::{Hole, Piece, Place, Text, Why};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Where the provider of a data source deploys to, as far as that is known.
#[derive(Clone, Debug, Default)]
pub(crate) struct Target {
    pub(crate) account: Option<Arc<str>>,
    pub(crate) region: Option<Arc<str>>,
}

/// A data source: what it is asked, and where.
pub(crate) struct Query<'a> {
    /// `aws_region`.
    pub(crate) kind: &'a str,
    /// Its arguments and, as lists of maps, its blocks.
    pub(crate) body: &'a Value,
    pub(crate) target: &'a Target,
    pub(crate) scope: &'a dyn Scope,
    /// Where the attribute is referred to.
    pub(crate) at: Place,
}

type Source = fn(&Query<'_>, &str) -> Option<Value>;

/// The data sources that are computed here. Each answers the attributes that it knows.
const SOURCES: [(&str, Source); 12] = [
    ("aws_arn", aws_arn),
    ("aws_caller_identity", aws_caller_identity),
    ("aws_iam_policy", aws_iam_policy),
    ("aws_iam_policy_document", aws_iam_policy_document),
    ("aws_lambda_layer_version", aws_lambda_layer_version),
    ("aws_partition", aws_partition),
    ("aws_region", aws_region),
    ("aws_service_principal", aws_service_principal),
    ("local_file", local_file),
    ("local_sensitive_file", local_file),
    ("null_data_source", null_data_source),
    ("template_file", template_file),
];

/// One attribute of a data source: computed, or an argument that it was given (as the `output_path` of
/// `archive_file`). `None` where it is known only when the data source is read.
pub(crate) fn attribute(query: &Query<'_>, name: &str) -> Option<Value> {
    let source = SOURCES.iter().find(|(kind, _)| *kind == query.kind);
    let computed = source.and_then(|(_, source)| source(query, name));
    let given = || {
        query.argument(name).map(|value| Value {
            at: query.at,
            ..value.clone()
        })
    };
    computed.or_else(given)
}

impl Query<'_> {
    fn argument(&self, name: &str) -> Option<&Value> {
        match &self.body.kind {
            Kind::Map(fields) => fields.get(name).filter(|value| !matches!(value.kind, Kind::Null)),
            _ => None,
        }
    }

    fn pieces(&self, pieces: impl IntoIterator<Item = Piece>) -> Option<Value> {
        Some(Value::new(Kind::Text(Text::from_pieces(pieces)), self.at))
    }

    fn known_or(&self, known: Option<&str>, pseudo: &str) -> Piece {
        match known {
            Some(known) => Piece::Literal(known.into()),
            None => Piece::Hole(Hole {
                why: Why::Pseudo(pseudo.into()),
                stands_for: None,
            }),
        }
    }

    fn partition(&self) -> Piece {
        self.known_or(
            self.target.region.as_deref().map(|region| partition(region).0),
            "AWS::Partition",
        )
    }
}

fn aws_iam_policy_document(query: &Query<'_>, name: &str) -> Option<Value> {
    match name {
        "json" | "minified_json" => Some(policy_document::document(query.body, query.scope, query.at)),
        _ => None,
    }
}

/// A layer that is looked up by its name is one of the own account; which version is the newest is known only
/// when it is read.
fn aws_lambda_layer_version(query: &Query<'_>, name: &str) -> Option<Value> {
    let layer = match query.argument("layer_name").map(|value| &value.kind) {
        Some(Kind::Text(text)) => text.pieces(),
        _ => return None,
    };
    let own = match layer.first()? {
        Piece::Literal(begin) => !begin.starts_with("arn:"),
        Piece::Hole(_) => return None,
    };
    let literal = |text: &str| Piece::Literal(text.into());
    let account = query.known_or(query.target.account.as_deref(), "AWS::AccountId");
    let region = query.known_or(query.target.region.as_deref(), "AWS::Region");
    let before = [
        literal("arn:"),
        query.partition(),
        literal(":lambda:"),
        region,
        literal(":"),
        account,
        literal(":layer:"),
    ];
    let whole = before.into_iter().filter(|_| own).chain(layer);
    let version = match query.argument("version").map(|value| &value.kind) {
        Some(Kind::Number(number)) => literal(&number.0),
        Some(Kind::Text(Text::Literal(version))) => literal(version),
        _ => Piece::Hole(Hole {
            why: Why::Unresolved("which version of the layer is the newest is known when Terraform reads it".into()),
            stands_for: None,
        }),
    };
    match name {
        "layer_arn" => query.pieces(whole),
        "arn" => query.pieces(whole.chain([literal(":"), version])),
        _ => None,
    }
}

fn aws_partition(query: &Query<'_>, name: &str) -> Option<Value> {
    let suffix = query.target.region.as_deref().map(|region| partition(region).1);
    match name {
        "partition" | "id" => query.pieces([query.partition()]),
        "dns_suffix" => query.pieces([query.known_or(suffix, "AWS::URLSuffix")]),
        _ => None,
    }
}

fn aws_caller_identity(query: &Query<'_>, name: &str) -> Option<Value> {
    match name {
        "account_id" | "id" => query.pieces([query.known_or(query.target.account.as_deref(), "AWS::AccountId")]),
        _ => None,
    }
}

/// The region that it is asked for, else the provider's.
fn aws_region(query: &Query<'_>, name: &str) -> Option<Value> {
    if !matches!(name, "name" | "region" | "id") {
        return None;
    }
    if let Some(asked) = query.argument("region").or_else(|| query.argument("name")) {
        return Some(Value {
            at: query.at,
            ..asked.clone()
        });
    }
    if query.argument("endpoint").is_some() {
        return Some(Value::unresolved("a region that is found by its endpoint", query.at));
    }
    query.pieces([query.known_or(query.target.region.as_deref(), "AWS::Region")])
}

/// The ARN of a policy of AWS's own follows from its name.
fn aws_iam_policy(query: &Query<'_>, name: &str) -> Option<Value> {
    let literal = |name: &str| match query.argument(name).map(|value| &value.kind) {
        Some(Kind::Text(Text::Literal(text))) => Some(text.clone()),
        _ => None,
    };
    if !matches!(name, "arn" | "id") {
        return None;
    }
    if let Some(arn) = query.argument("arn") {
        return Some(Value {
            at: query.at,
            ..arn.clone()
        });
    }
    let managed = maremma_facts::managed_policy_named(&literal("name")?)?;
    let path = format!(":iam::aws:policy{}{}", managed.path, managed.name);
    query.pieces([
        Piece::Literal("arn:".into()),
        query.partition(),
        Piece::Literal(path.into()),
    ])
}

/// Services whose principal ends with the suffix of its partition outside of `aws` and `aws-us-gov`:
/// <https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/service_principal>.
const OWN_SUFFIX: [&str; 7] = [
    "cloudhsm",
    "codedeploy",
    "config",
    "dms",
    "elasticmapreduce",
    "logs",
    "workspaces",
];

fn aws_service_principal(query: &Query<'_>, name: &str) -> Option<Value> {
    let service = match query.argument("service_name").map(|value| &value.kind) {
        Some(Kind::Text(text)) => text.clone(),
        _ => return None,
    };
    let region = match query.argument("region").map(|value| &value.kind) {
        Some(Kind::Text(Text::Literal(region))) => Some(region.clone()),
        Some(_) => None,
        None => query.target.region.clone(),
    };
    let usual = service
        .as_literal()
        .is_some_and(|service| !OWN_SUFFIX.contains(&service))
        || region
            .as_ref()
            .is_some_and(|region| !region.starts_with("cn-") && !region.contains("-iso"));
    let suffix = query.known_or(usual.then_some("amazonaws.com"), "AWS::URLSuffix");
    let region = query.known_or(region.as_deref(), "AWS::Region");
    let dot = Piece::Literal(".".into());
    match name {
        "name" => query.pieces(service.pieces().into_iter().chain([dot, suffix])),
        "suffix" => query.pieces([suffix]),
        "region" => query.pieces([region]),
        "id" => query.pieces(service.pieces().into_iter().chain([dot.clone(), region, dot, suffix])),
        _ => None,
    }
}

/// The parts of an ARN, where what is not known of it has no colon.
fn aws_arn(query: &Query<'_>, name: &str) -> Option<Value> {
    const PARTS: [&str; 5] = ["partition", "service", "region", "account", "resource"];
    let arn = query.argument("arn")?;
    if name == "id" {
        return Some(Value {
            at: query.at,
            ..arn.clone()
        });
    }
    let at = PARTS.iter().position(|part| *part == name)?;
    let split = function::call(
        "split",
        vec![Value::text(":", query.at), arn.clone()],
        query.scope,
        query.at,
    );
    let Kind::List(parts) = &split.kind else {
        return Some(split);
    };
    let part = if name == "resource" {
        let rest: Vec<Value> = parts.iter().skip(at + 1).cloned().collect();
        let rest = Value::new(Kind::List(std::rc::Rc::new(rest)), query.at);
        function::call("join", vec![Value::text(":", query.at), rest], query.scope, query.at)
    } else {
        parts.get(at + 1)?.clone()
    };
    Some(Value { at: query.at, ..part })
}

fn local_file(query: &Query<'_>, name: &str) -> Option<Value> {
    let function = match name {
        "content" => "file",
        "content_base64" => "filebase64",
        "content_md5" => "filemd5",
        "content_sha1" => "filesha1",
        "content_sha256" => "filesha256",
        "content_base64sha256" => "filebase64sha256",
        "content_sha512" => "filesha512",
        "content_base64sha512" => "filebase64sha512",
        _ => return None,
    };
    let path = query.argument("filename")?.clone();
    let mut content = function::call(function, vec![path], query.scope, query.at);
    content.sensitive |= query.kind == "local_sensitive_file";
    Some(content)
}

fn null_data_source(query: &Query<'_>, name: &str) -> Option<Value> {
    match name {
        "outputs" => query.argument("inputs").cloned(),
        _ => None,
    }
}

fn template_file(query: &Query<'_>, name: &str) -> Option<Value> {
    if name != "rendered" {
        return None;
    }
    let template = query.argument("template")?;
    let variables = match query.argument("vars").map(|value| &value.kind) {
        Some(Kind::Map(variables)) => (**variables).clone(),
        Some(_) => return None,
        None => BTreeMap::new(),
    };
    match &template.kind {
        Kind::Text(Text::Literal(text)) => Some(expression::template(text, variables, query.scope, query.at)),
        _ => None,
    }
}
