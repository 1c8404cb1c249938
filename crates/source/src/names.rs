//! Which resource a text names: a reference, an ARN, or a physical name written out.

use maremma_model::noun::{AnyLink, FunctionRef};
use maremma_model::{AnyId, Function, Link, Noun, Piece, Text, UnitId};
use std::collections::HashMap;

/// The resources of a run by noun and physical name, and the functions behind aliases and versions.
#[derive(Default)]
pub(crate) struct Names {
    by_name: HashMap<(UnitId, &'static str, String), AnyId>,
    qualified: HashMap<AnyId, FunctionRef>,
}

impl Names {
    pub(crate) fn add(&mut self, unit: UnitId, noun: &'static str, name: &str, id: AnyId) {
        // Equal names in one unit are two worlds of one resource, or a mistake: the first is taken.
        self.by_name.entry((unit, noun, name.to_owned())).or_insert(id);
    }

    /// Says which function an alias or version belongs to.
    pub(crate) fn qualify(&mut self, id: AnyId, function: FunctionRef) {
        self.qualified.insert(id, function);
    }

    fn find(&self, unit: UnitId, noun: &'static str, name: &str) -> Option<AnyId> {
        self.by_name.get(&(unit, noun, name.to_owned())).copied()
    }

    /// The resource that a text names, as seen from a unit.
    pub(crate) fn link(&self, unit: UnitId, text: &Text, noun: Option<&'static str>) -> AnyLink {
        if let Some(attribute) = text.as_attribute() {
            return AnyLink::Here(attribute.of);
        }
        if let Text::Holed(pieces) = text
            && let [Piece::Hole(hole)] = pieces.as_slice()
        {
            return AnyLink::Unknown(hole.why.clone());
        }
        let found = match arn_of(text) {
            Some(arn) => self.by_arn(unit, &arn),
            None => text
                .as_literal()
                .zip(noun)
                .and_then(|(name, noun)| self.find(unit, noun, name)),
        };
        found.map_or_else(|| AnyLink::Outside(text.clone()), AnyLink::Here)
    }

    fn by_arn(&self, unit: UnitId, arn: &Arn) -> Option<AnyId> {
        if let Some(attribute) = arn.resource.iter().find_map(|piece| match piece {
            Piece::Hole(hole) => hole.stands_for.as_ref(),
            Piece::Literal(_) => None,
        }) {
            return Some(attribute.of);
        }
        let [Piece::Literal(resource)] = arn.resource.as_slice() else {
            return None;
        };
        let (noun, name) = named(&arn.service, resource)?;
        self.find(unit, noun, name)
    }

    /// The function that a text names, with its qualifier. API Gateway's invocation URIs count.
    pub(crate) fn function(&self, unit: UnitId, text: &Text) -> FunctionRef {
        let whole = |function| FunctionRef {
            function,
            qualifier: None,
        };
        if let Some(attribute) = text.as_attribute() {
            return match Function::from_any(attribute.of) {
                Some(id) => whole(Link::Here(id)),
                None => match self.qualified.get(&attribute.of) {
                    Some(known) => FunctionRef {
                        function: known.function.clone(),
                        qualifier: Some(text.clone()),
                    },
                    None => whole(Link::Outside(text.clone())),
                },
            };
        }
        let pieces = inner_arn(text);
        self.by_pieces(unit, &pieces)
            .unwrap_or_else(|| match (text.why(), pieces.as_slice()) {
                (Some(why), [Piece::Hole(_)]) => whole(Link::Unknown(why.clone())),
                _ => whole(Link::Outside(Text::from_pieces(pieces))),
            })
    }

    fn by_pieces(&self, unit: UnitId, pieces: &[Piece]) -> Option<FunctionRef> {
        let (named, rest) = match pieces.split_first()? {
            (Piece::Hole(hole), rest) => {
                let of = hole.stands_for.as_ref()?.of;
                match (Function::from_any(of), self.qualified.get(&of)) {
                    (Some(id), _) => (id, rest.to_vec()),
                    (None, Some(known)) => {
                        let qualifier = Some(Text::from_pieces([Piece::Hole(hole.clone())]));
                        return Some(FunctionRef {
                            function: known.function.clone(),
                            qualifier,
                        });
                    }
                    (None, None) => return None,
                }
            }
            (Piece::Literal(text), rest) => {
                let name = text.split(':').next().unwrap_or(text);
                let id = Function::from_any(self.find(unit, Function::NAME, name)?)?;
                let after = text.get(name.len()..).unwrap_or("");
                let pieces = std::iter::once(Piece::Literal(after.into()))
                    .chain(rest.iter().cloned())
                    .collect();
                (id, pieces)
            }
        };
        Some(FunctionRef {
            function: Link::Here(named),
            qualifier: qualifier(rest),
        })
    }
}

/// What stands after `:` behind a function's name. `$LATEST` is the function itself.
fn qualifier(rest: Vec<Piece>) -> Option<Text> {
    let mut pieces = rest;
    if let Some(Piece::Literal(first)) = pieces.first_mut() {
        *first = first.strip_prefix(':').unwrap_or(first).into();
    }
    let text = Text::from_pieces(pieces);
    (!matches!(text.as_literal(), Some("" | "$LATEST"))).then_some(text)
}

/// The part of a text that names the function: of an API Gateway URI what stands between
/// `functions/` and `/invocations`, of an ARN what stands after `function:`.
fn inner_arn(text: &Text) -> Vec<Piece> {
    let mut pieces = text.pieces();
    if let Some(at) = pieces
        .iter()
        .position(|piece| matches!(piece, Piece::Literal(text) if text.contains("/functions/")))
    {
        pieces = pieces.split_off(at);
        if let Some(Piece::Literal(first)) = pieces.first_mut() {
            *first = first.split_once("/functions/").map_or("", |(_, after)| after).into();
        }
        if let Some(Piece::Literal(last)) = pieces.last_mut() {
            *last = last.strip_suffix("/invocations").unwrap_or(last).into();
        }
    }
    if let Some(at) = pieces
        .iter()
        .position(|piece| matches!(piece, Piece::Literal(text) if text.contains(":function:")))
    {
        pieces = pieces.split_off(at);
        if let Some(Piece::Literal(first)) = pieces.first_mut() {
            *first = first.split_once(":function:").map_or("", |(_, after)| after).into();
        }
    } else if let [Piece::Hole(_), ..] = pieces.as_slice()
        && !pieces
            .iter()
            .any(|piece| matches!(piece, Piece::Hole(hole) if hole.stands_for.is_some()))
    {
        return pieces;
    }
    pieces.retain(|piece| !matches!(piece, Piece::Literal(text) if text.is_empty()));
    pieces
}

/// An ARN's service, and what stands after its account.
struct Arn {
    service: String,
    resource: Vec<Piece>,
}

/// Splits an ARN whose partition, region and account may be holes.
fn arn_of(text: &Text) -> Option<Arn> {
    if !text.prefix().starts_with("arn:") {
        return None;
    }
    let mut segments: Vec<Vec<Piece>> = vec![Vec::new()];
    for piece in text.pieces() {
        match piece {
            Piece::Hole(_) => segments.last_mut()?.push(piece),
            Piece::Literal(text) => {
                let mut rest: &str = &text;
                while segments.len() < 6 {
                    let Some((before, after)) = rest.split_once(':') else {
                        break;
                    };
                    if !before.is_empty() {
                        segments.last_mut()?.push(Piece::Literal(before.into()));
                    }
                    segments.push(Vec::new());
                    rest = after;
                }
                if !rest.is_empty() {
                    segments.last_mut()?.push(Piece::Literal(rest.into()));
                }
            }
        }
    }
    let resource = (segments.len() == 6).then(|| segments.pop())??;
    match segments.get(2)?.as_slice() {
        [Piece::Literal(service)] => Some(Arn {
            service: service.to_string(),
            resource,
        }),
        _ => None,
    }
}

/// The noun and the physical name in the last part of an ARN.
/// Source: AWS service authorization reference, "Resource types defined by" each service.
fn named<'a>(service: &str, resource: &'a str) -> Option<(&'static str, &'a str)> {
    let after = |prefix: &str| resource.strip_prefix(prefix).filter(|name| !name.is_empty());
    let last = |path: &'a str| path.rsplit('/').next().unwrap_or(path);
    match service {
        "lambda" => {
            if let Some(name) = after("function:") {
                return Some(("Function", name.split(':').next().unwrap_or(name)));
            }
            after("layer:").map(|name| ("LayerVersion", name.split(':').next().unwrap_or(name)))
        }
        "iam" => after("role/")
            .map(|path| ("Role", last(path)))
            .or_else(|| after("policy/").map(|path| ("Policy", last(path))))
            .or_else(|| after("user/").map(|path| ("User", last(path)))),
        "s3" => Some(("Bucket", resource.split('/').next().unwrap_or(resource))),
        "sqs" => Some(("Queue", resource)),
        "sns" => Some(("Topic", resource.split(':').next().unwrap_or(resource))),
        "dynamodb" => after("table/").map(|name| ("DataTable", name.split('/').next().unwrap_or(name))),
        "kinesis" => after("stream/").map(|name| ("Stream", name)),
        "events" => after("event-bus/").map(|name| ("Bus", name)),
        "logs" => after("log-group:").map(|name| ("LogGroup", name.strip_suffix(":*").unwrap_or(name))),
        "states" => after("stateMachine:").map(|name| ("StateMachine", name)),
        "ecr" => after("repository/").map(|name| ("Repository", name)),
        "secretsmanager" => after("secret:").map(|name| ("ManagedSecret", name)),
        "ssm" => resource
            .strip_prefix("parameter")
            .map(|name| ("Parameter", name.trim_start_matches('/'))),
        "kms" => Some(("Key", resource)),
        _ => None,
    }
}
