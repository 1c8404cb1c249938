//! Which resource a text names: a reference, an ARN, or a physical name written out.

use crate::site::Site;
use maremma_model::noun::{AnyLink, FunctionRef, LayerVersion};
use maremma_model::{AnyId, Function, Link, Noun, Piece, Text, UnitId, Why};
use std::collections::HashMap;
use std::sync::Arc;

/// The resources of a run by noun and physical name, and the functions behind aliases and versions.
#[derive(Default)]
pub(crate) struct Names {
    by_name: HashMap<(UnitId, &'static str, String), AnyId>,
    qualified: HashMap<AnyId, FunctionRef>,
    /// Resources that are only another name of a resource: the alias of a key.
    same: HashMap<AnyId, AnyId>,
    /// Where the units are deployed: an ARN of another account or region names nothing in one.
    sites: HashMap<UnitId, Site>,
}

impl Names {
    /// Says where a unit is deployed.
    pub(crate) fn settle(&mut self, unit: UnitId, site: Site) {
        self.sites.insert(unit, site);
    }

    pub(crate) fn add(&mut self, unit: UnitId, noun: &'static str, name: &str, id: AnyId) {
        // Equal names in one unit are two worlds of one resource, or a mistake: the first is taken.
        self.by_name.entry((unit, noun, name.to_owned())).or_insert(id);
    }

    /// Says that a resource is only another name of one.
    pub(crate) fn same(&mut self, id: AnyId, of: AnyId) {
        self.same.insert(id, of);
    }

    fn itself(&self, id: AnyId) -> AnyId {
        self.same.get(&id).copied().unwrap_or(id)
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
            return AnyLink::Here(self.itself(attribute.of));
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
                .and_then(|(name, noun)| self.find(unit, noun, bare(noun, name))),
        };
        found.map_or_else(
            || AnyLink::Outside(of_aws(text).unwrap_or_else(|| text.clone())),
            AnyLink::Here,
        )
    }

    fn by_arn(&self, unit: UnitId, arn: &Arn) -> Option<AnyId> {
        if let Some(attribute) = arn.resource.iter().find_map(|piece| match piece {
            Piece::Hole(hole) => hole.stands_for.as_ref(),
            Piece::Literal(_) => None,
        }) {
            return Some(self.itself(attribute.of));
        }
        let site = self.sites.get(&unit).unwrap_or(&Site::NOWHERE);
        if elsewhere(&arn.region, &site.region) || elsewhere(&arn.account, &site.account) {
            return None;
        }
        let [Piece::Literal(resource)] = arn.resource.as_slice() else {
            return None;
        };
        let (noun, name) = named(&arn.service, resource)?;
        // A layer of a foreign account may bear any name: it is ours only where the account says so.
        if noun == LayerVersion::NAME && arn.account.is_some() && site.account.is_none() {
            return None;
        }
        // Secrets Manager puts six characters of its own behind a secret's name.
        let secret = || {
            name.rsplit_once('-')
                .filter(|(_, ending)| noun == "ManagedSecret" && ending.len() == 6)
        };
        self.find(unit, noun, name)
            .or_else(|| self.find(unit, noun, secret()?.0))
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
                    None => whole(Link::Unknown(Why::Attribute(attribute_words(text)))),
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

    /// The function that a text names, where other things may be named too; `None` for them, and where
    /// nothing is known of the text.
    pub(crate) fn target(&self, unit: UnitId, text: &Text) -> Option<FunctionRef> {
        let function = match text {
            Text::Holed(pieces) if starts_with_function(pieces, &self.qualified) => true,
            _ => text.pieces().iter().any(|piece| {
                matches!(piece, Piece::Literal(text) if text.contains(":function:") || text.contains("/functions/"))
            }),
        };
        function.then(|| self.function(unit, text))
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

fn starts_with_function(pieces: &[Piece], qualified: &HashMap<AnyId, FunctionRef>) -> bool {
    let Some(Piece::Hole(hole)) = pieces.first() else {
        return false;
    };
    let of = hole.stands_for.as_ref().map(|attribute| attribute.of);
    of.is_some_and(|of| Function::from_any(of).is_some() || qualified.contains_key(&of))
}

fn attribute_words(text: &Text) -> Arc<str> {
    text.why().map_or("", |why| why.name()).into()
}

/// Whether a part of an ARN says another account or region than the deployment's.
fn elsewhere(segment: &Option<String>, own: &Option<Arc<str>>) -> bool {
    matches!((segment, own), (Some(segment), Some(own)) if !segment.is_empty() && **segment != **own)
}

/// The ARN of a policy of AWS in the partition `aws`, where it is only the partition that is not known:
/// AWS names its policies alike in all of them.
fn of_aws(arn: &Text) -> Option<Text> {
    let Text::Holed(pieces) = arn else { return None };
    let [Piece::Literal(before), Piece::Hole(hole), Piece::Literal(after)] = pieces.as_slice() else {
        return None;
    };
    let partition = hole.why == Why::Pseudo("AWS::Partition".into());
    (&**before == "arn:" && partition && after.starts_with(":iam::aws:policy/"))
        .then(|| Text::literal(format!("arn:aws{after}")))
}

/// A physical name as it is looked up: of a queue's URL the last part, of a parameter's name what
/// stands after the first slash.
pub(crate) fn bare<'a>(noun: &str, name: &'a str) -> &'a str {
    match noun {
        "Queue" if name.starts_with("https://") => name.rsplit('/').next().unwrap_or(name),
        "Parameter" => name.strip_prefix('/').unwrap_or(name),
        _ => name,
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

/// An ARN's service, region and account (`None` for a hole), and what stands after.
struct Arn {
    service: String,
    region: Option<String>,
    account: Option<String>,
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
    let known = |at: usize| match segments.get(at).map(Vec::as_slice) {
        Some([Piece::Literal(text)]) => Some(text.to_string()),
        _ => None,
    };
    Some(Arn {
        service: known(2)?,
        region: known(3),
        account: known(4),
        resource,
    })
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
            if let Some(name) = after("capacity-provider:") {
                return Some(("CapacityProvider", name));
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
            .map(|name| ("Parameter", bare("Parameter", name))),
        "kms" => Some(("Key", resource)),
        "elasticfilesystem" => after("file-system/")
            .map(|name| ("FileSystem", name))
            .or_else(|| after("access-point/").map(|name| ("AccessPoint", name))),
        _ => None,
    }
}
