//! Which methods of a REST API its resource policy opens to callers without credentials.
//!
//! A policy names the API by its id, which a template does not know, or leaves it out
//! (`execute-api:/stage/GET/orders`). Both forms are brought to one before they are matched.
//! Source: API Gateway developer guide, "How API Gateway resource policies affect authorization
//! workflow": without an authorizer a caller needs an explicit allow.

use super::Door;
use crate::context::Context;
use maremma_iam::{Arn, Leaf, Policy, Selection, Statement, View, Who, World, admits_after_denies};
use maremma_model::noun::{RestApi, RestMethod};
use maremma_model::{AnyId, Document, Id, Piece, State, Text, Value, Why};

/// What every resource of the API begins with, here.
const OWN: &str = "arn:aws:execute-api:region:account:";

/// The policy of an API, with its resources in one form.
pub(super) struct OwnPolicy {
    policy: Policy,
    /// The worlds in which there is no policy.
    absent: Vec<World>,
}

impl OwnPolicy {
    /// `None` where the API has no policy.
    pub(super) fn of(context: &Context<'_>, id: Id<RestApi>, api: &RestApi) -> Option<Self> {
        let rows = context.relations.resource_policies(AnyId::RestApi(id));
        let mut policy = rows.iter().find_map(|row| context.policies.resource(*row))?.clone();
        for statement in &mut policy.statements {
            let items = statement
                .resources
                .iter_mut()
                .flat_map(|resources| &mut resources.items);
            items.for_each(|item| item.text = own(&item.text));
        }
        let mut absent = Vec::new();
        match &api.policy.state {
            State::Set(document) | State::Default(document) => without(document, &World::ALWAYS, &mut absent),
            State::Unknown(unknown) => {
                let unset = unknown
                    .candidates
                    .iter()
                    .filter(|candidate| candidate.state == State::Unset);
                absent.extend(unset.filter_map(|candidate| World::ALWAYS.with(&candidate.when)));
            }
            State::Unset => {}
        }
        Some(OwnPolicy { policy, absent })
    }

    pub(super) fn to(&self, method: &RestMethod, view: &View) -> Door {
        let mut open = self.absent.clone();
        let mut doubt = None;
        for statement in self.policy.allows() {
            let Some((part, sure)) = part(statement, method) else {
                continue;
            };
            let admission = admits_after_denies(&self.policy, &part, view);
            for party in admission.parties {
                match party.who {
                    Who::Public(public) if public.anonymous && sure => open.push(statement.world.clone()),
                    Who::Public(public) if public.anonymous => {
                        let words = format!(
                            "whether {} of the API's policy is about it is not known",
                            statement.name()
                        );
                        doubt.get_or_insert((words, hole(statement)));
                    }
                    Who::Unknown(why) => drop(doubt.get_or_insert((why.words, why.why))),
                    _ => {}
                }
            }
        }
        let unread = self.policy.unread.first();
        let unread = unread.map(|unread| {
            (
                format!("{} of the API's policy is not known", unread.path),
                Some(unread.why.clone()),
            )
        });
        let worlds: Vec<&World> = open.iter().collect();
        match (open.first(), doubt.or(unread)) {
            (Some(_), _) if World::exhaust(&worlds) => Door::Open,
            (Some(world), _) => Door::Unknown {
                doubt: format!("the API's policy leaves it open when {world}"),
                why: Some(Why::Condition(world.to_string().into())),
            },
            (None, Some((doubt, why))) => Door::Unknown { doubt, why },
            (None, None) => Door::Closed("the API's policy limits who may call it".to_owned()),
        }
    }
}

/// What a statement allows of one method, and whether it is known to allow any of it; `None` where it
/// allows none of it.
fn part(statement: &Statement, method: &RestMethod) -> Option<(Statement, bool)> {
    let whole = resource(method);
    let selects = statement
        .covers_action("execute-api:Invoke")
        .and(statement.touches_resources(&whole));
    if selects.is_no() {
        return None;
    }
    let of = |texts: Vec<Text>| {
        let leaf = |text| Leaf {
            text,
            at: statement.at.clone(),
        };
        Selection {
            negated: false,
            items: texts.into_iter().map(leaf).collect(),
            at: statement.at.clone(),
        }
    };
    let all = Statement {
        actions: of(vec!["execute-api:Invoke".into()]),
        resources: Some(of(vec![whole.clone()])),
        ..statement.clone()
    };
    // One stage of the method is less than the method.
    let narrower = statement.resources.iter().filter(|resources| !resources.negated);
    let narrower = narrower.flat_map(|resources| &resources.items).map(|item| &item.text);
    let narrower: Vec<_> = narrower
        .filter(|text| all.covers_resources(text).is_yes())
        .cloned()
        .collect();
    let wide = statement.touches_resources(&whole).is_yes() && statement.covers_resources(&whole).is_yes();
    let resources = if wide || narrower.is_empty() {
        vec![whole]
    } else {
        narrower
    };
    let part = Statement {
        resources: Some(of(resources)),
        ..all
    };
    Some((part, selects.is_yes()))
}

fn hole(statement: &Statement) -> Option<Why> {
    let resources = statement.resources.iter().flat_map(|resources| &resources.items);
    let leaves = statement.actions.items.iter().chain(resources);
    leaves.filter_map(|leaf| leaf.text.why()).next().cloned()
}

/// A method as a resource: every stage, and anything in the place of a path parameter.
fn resource(method: &RestMethod) -> Text {
    let verb = match method.method.value() {
        Some(verb) if verb.as_literal() == Some("ANY") => "*".into(),
        Some(verb) => verb.clone(),
        None => Text::hole(Why::Unresolved("HttpMethod is not known".into())),
    };
    let path = Text::from_pieces(method.path.pieces().into_iter().map(|piece| match piece {
        Piece::Literal(text) => Piece::Literal(with_wildcards(&text).into()),
        hole @ Piece::Hole(_) => hole,
    }));
    Text::concat([&Text::literal(format!("{OWN}api/*/")), &verb, &path])
}

/// `/orders/{id}` as `/orders/*`.
fn with_wildcards(path: &str) -> String {
    let mut parts = path.split('{');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push('*');
        out.push_str(part.split_once('}').map_or("", |(_, rest)| rest));
    }
    out
}

/// A resource of the policy in the form of [`resource`].
fn own(text: &Text) -> Text {
    if let Some(short) = after(text, "execute-api:") {
        let path = after(&short, "/").unwrap_or(short);
        return Text::concat([&Text::literal(format!("{OWN}api/")), &path]);
    }
    let Some(arn) = Arn::parse(text).filter(|arn| arn.service.as_literal() == Some("execute-api")) else {
        return text.clone();
    };
    let resource = arn.resource.pieces();
    let slash = resource
        .iter()
        .position(|piece| matches!(piece, Piece::Literal(text) if text.contains('/')));
    let (Some(slash), false) = (slash, first_segment_is_pattern(&resource)) else {
        return Text::concat([&OWN.into(), &arn.resource]);
    };
    let path = resource
        .into_iter()
        .skip(slash)
        .enumerate()
        .map(|(index, piece)| match piece {
            Piece::Literal(text) if index == 0 => {
                Piece::Literal(text.split_once('/').map_or("", |(_, path)| path).into())
            }
            piece => piece,
        });
    Text::concat([&Text::literal(format!("{OWN}api/")), &Text::from_pieces(path)])
}

/// Whether a wildcard stands in the place of the API's id.
fn first_segment_is_pattern(resource: &[Piece]) -> bool {
    for piece in resource {
        if let Piece::Literal(text) = piece {
            let (segment, ends) = text.split_once('/').map_or((&**text, false), |(id, _)| (id, true));
            if segment.contains(['*', '?']) {
                return true;
            }
            if ends {
                return false;
            }
        }
    }
    false
}

fn after(text: &Text, prefix: &str) -> Option<Text> {
    let rest: std::sync::Arc<str> = text.prefix().strip_prefix(prefix)?.into();
    let pieces = text.pieces().into_iter().skip(1);
    Some(Text::from_pieces(std::iter::once(Piece::Literal(rest)).chain(pieces)))
}

/// The worlds in which a document is not there.
fn without(document: &Document, world: &World, absent: &mut Vec<World>) {
    match &document.value {
        Value::Absent | Value::Null => absent.push(world.clone()),
        Value::Choice(branches) => branches.iter().for_each(|branch| {
            if let Some(world) = world.with(&branch.when) {
                without(&branch.value, &world, absent);
            }
        }),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use maremma_model::Hole;

    fn id(name: &str) -> Piece {
        Piece::Hole(Hole {
            why: Why::Attribute(name.into()),
            stands_for: None,
        })
    }

    #[test]
    fn resources_of_every_form_come_to_one() {
        let shown = |text: &Text| own(text).to_string();
        assert_eq!(shown(&"*".into()), "*");
        assert_eq!(shown(&"execute-api:/*".into()), format!("{OWN}api/*"));
        assert_eq!(
            shown(&"execute-api:/prod/GET/orders".into()),
            format!("{OWN}api/prod/GET/orders")
        );
        let arn = "arn:aws:execute-api:eu-west-1:123456789012:abc123/*/GET/orders";
        assert_eq!(shown(&arn.into()), format!("{OWN}api/*/GET/orders"));
        assert_eq!(shown(&"arn:aws:execute-api:*:*:*".into()), format!("{OWN}*"));
        assert_eq!(
            shown(&"arn:aws:execute-api:*:*:*/prod/*".into()),
            format!("{OWN}*/prod/*")
        );
        let holed = Text::from_pieces([
            Piece::Literal("arn:aws:execute-api:".into()),
            id("AWS::Region"),
            Piece::Literal(":".into()),
            id("AWS::AccountId"),
            Piece::Literal(":".into()),
            id("Api"),
            Piece::Literal("/prod/".into()),
            id("Method"),
        ]);
        assert_eq!(shown(&holed), format!("{OWN}api/prod/${{Method}}"));
    }

    #[test]
    fn parameters_of_a_path_are_wildcards() {
        assert_eq!(with_wildcards("/orders/{id}/items/{item+}"), "/orders/*/items/*");
        assert_eq!(with_wildcards("/"), "/");
    }
}
