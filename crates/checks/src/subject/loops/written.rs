//! Where a function's events go: what its role may write, and its destinations.

use super::place::{Item, item, kind_of, name, words};
use super::{Doubt, Hop, Node, Out, Step};
use crate::access::identity::{Identity, Source, identity};
use crate::access::role::{Effect, effect};
use crate::context::Context;
use crate::context::relations::{Named, named};
use crate::subject::flow::Logs;
use crate::verdict::judge::evidence;
use maremma_iam::{Arn, Leaf, On, Question, Standing, Statement, grants_by, overlap};
use maremma_model::noun::{AnyLink, Role};
use maremma_model::{AnyId, Evidence, Existence, Fact, Function, Id, Resource, Setting, State, Text, UnitId, Why};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// The places that lead on, by unit and service, with their names.
type Places = HashMap<(UnitId, &'static str), Vec<(Named, String)>>;

pub(super) fn outs(context: &Context<'_>, hops: &HashMap<Named, Vec<Hop>>) -> HashMap<Id<Function>, Vec<Rc<Out>>> {
    let mut places = Places::new();
    for place in hops.keys() {
        let unit = match &place.1 {
            AnyLink::Here(id) => context.resource(*id).map(|resource| resource.unit),
            _ => place.0,
        };
        let known = unit.zip(kind_of(&place.1)).zip(name(context, place));
        if let Some(((unit, kind), name)) = known {
            places
                .entry((unit, kind.service))
                .or_default()
                .push((place.clone(), name));
        }
    }
    let mut outs: HashMap<Id<Function>, Vec<Rc<Out>>> = HashMap::new();
    for (id, row) in context.estate.roles.iter() {
        let functions = context.relations.functions_of_role(id);
        if functions.is_empty() || hops.is_empty() {
            continue;
        }
        let written: Vec<Rc<Out>> = of_role(context, id, row, &places, hops)
            .into_iter()
            .map(Rc::new)
            .collect();
        for function in functions {
            let runs_as = context.estate.functions.get(*function).map(|row| &row.role);
            let mine = written.iter().map(|out| match runs_as.map(|role| &role.state) {
                Some(State::Unknown(unknown)) => Rc::new(unsure(out, &unknown.why)),
                _ => out.clone(),
            });
            outs.entry(*function).or_default().extend(mine);
        }
    }
    for (function, out) in destinations(context, hops).into_iter().chain(logs(context, hops)) {
        outs.entry(function).or_default().push(Rc::new(out));
    }
    outs
}

fn unsure(out: &Out, why: &Why) -> Out {
    let mut out = out.clone();
    out.step.doubt = Some(Doubt {
        words: format!("which role the function has is not decided: {why}"),
        why: Some(why.clone()),
    });
    out
}

fn of_role(
    context: &Context<'_>,
    id: Id<Role>,
    row: &Role,
    places: &Places,
    hops: &HashMap<Named, Vec<Hop>>,
) -> Vec<Out> {
    let Some(identity) = identity(context, id, row) else {
        return Vec::new();
    };
    let (mut outs, mut told) = (Vec::new(), HashSet::new());
    for source in identity.sources.iter().filter(|source| source.aws.is_none()) {
        let statements = source.policy.allows().filter(|statement| !statement.actions.negated);
        for statement in statements {
            let resources = statement.resources.iter().filter(|resources| !resources.negated);
            for leaf in resources.flat_map(|resources| &resources.items) {
                for (place, keys) in named_by(context, row.resource.unit, leaf, places) {
                    let to = Node::Place(place.clone(), keys);
                    if !hops.contains_key(&place) || told.contains(&to) {
                        continue;
                    }
                    if let Some(out) = of_statement(context, &identity, (source, statement, leaf), &place, &to) {
                        told.insert(to);
                        outs.push(out);
                    }
                }
            }
        }
    }
    outs
}

/// The places that an item of `Resource` names, with the keys in a bucket.
fn named_by(context: &Context<'_>, unit: UnitId, leaf: &Leaf, places: &Places) -> Vec<(Named, Option<Text>)> {
    match item(&leaf.text) {
        None => Vec::new(),
        Some(Item::Row(id, keys)) => vec![((None, AnyLink::Here(id)), keys)],
        Some(Item::Pattern(kind, pattern, keys)) => {
            let account = Arn::parse(&leaf.text).map(|arn| context.view(unit).account(&arn.account).standing);
            if account == Some(Standing::Foreign) {
                return Vec::new();
            }
            let there = places.get(&(unit, kind.service)).into_iter().flatten();
            let covered = there.filter(|(_, name)| overlap(&pattern, &Text::literal(name.as_str())).is_yes());
            covered.map(|(place, _)| (place.clone(), keys.clone())).collect()
        }
    }
}

fn of_statement(
    context: &Context<'_>,
    identity: &Identity<'_>,
    (source, statement, leaf): (&Source<'_>, &Statement, &Leaf),
    place: &Named,
    to: &Node,
) -> Option<Out> {
    let kind = kind_of(&place.1)?;
    let (action, item) = kind
        .actions
        .iter()
        .find_map(|action| Some((*action, names(statement, action)?)))?;
    let question = Question {
        actions: action,
        on: On::These(&leaf.text),
    };
    let doubt = match effect(&grants_by(&identity.policies, statement, &question)) {
        Effect::Full | Effect::Confined(_) => in_some_world(identity, source, statement),
        Effect::Unknown { doubt, why } => Some(Doubt { words: doubt, why }),
        Effect::Partial | Effect::Nothing => return None,
    };
    let carrier = &source.carrier;
    let place = words(context, &place.1, kind);
    Some(Out {
        to: to.clone(),
        step: Step {
            words: format!("may write to {place} ({action})"),
            evidence: Evidence {
                at: item.at.clone(),
                address: Some(carrier.resource.address.clone()),
                says: format!("{} is allowed on {place}", item.text),
                fact: Fact::Statement {
                    policy: carrier.policy.clone(),
                    sid: statement.sid.as_ref().map(|sid| sid.text.to_string().into()),
                    index: u32::try_from(statement.index).unwrap_or(u32::MAX),
                },
            },
            doubt,
            followed: kind.followed,
        },
        place,
        destination: false,
    })
}

/// The item of `Action` that names the action, and not all of the service with it: who allows `s3:*` says
/// nothing of writing.
fn names<'s>(statement: &'s Statement, action: &str) -> Option<&'s Leaf> {
    let action = Text::literal(action.to_lowercase());
    statement.actions.items.iter().find(|item| {
        let Some(text) = item.text.as_literal() else {
            return false;
        };
        let verb = text.split_once(':').map_or("", |(_, verb)| verb);
        let meant = verb.bytes().any(|byte| byte != b'*');
        meant && overlap(&Text::literal(text.to_lowercase()), &action).is_yes()
    })
}

fn in_some_world(identity: &Identity<'_>, source: &Source<'_>, statement: &Statement) -> Option<Doubt> {
    let exists = match &source.carrier.resource.exists {
        Existence::When(words) if source.carrier.resource.exists != identity.row.resource.exists => Some(words),
        _ => None,
    };
    let world = (!statement.world.is_always()).then(|| statement.world.to_string().into());
    let when = source.when.or(exists).cloned().or(world)?;
    Some(Doubt {
        words: format!("the role may when {when}"),
        why: Some(Why::Condition(when)),
    })
}

/// What Lambda writes of every invocation, where that is passed on.
fn logs(context: &Context<'_>, hops: &HashMap<Named, Vec<Hop>>) -> Vec<(Id<Function>, Out)> {
    let mut found = Vec::new();
    let logs = Logs::of(context);
    for place in hops.keys() {
        let Some(kind) = kind_of(&place.1).filter(|kind| kind.service == "logs") else {
            continue;
        };
        let own = place.1.here().and_then(|id| context.resource(id));
        let Some(unit) = place.0.or(own.map(|resource| resource.unit)) else {
            continue;
        };
        let name = words(context, &place.1, kind);
        for function in logs.functions(context, unit, &place.1) {
            let Some(row) = context.estate.functions.get(function) else {
                continue;
            };
            let says = format!("its log goes to {name}");
            let step = Step {
                words: format!("logs to {name}"),
                evidence: evidence(&row.resource, &row.resource.at, says, Fact::Resource),
                doubt: None,
                followed: false,
            };
            let out = Out {
                to: Node::Place(place.clone(), None),
                step,
                place: name.clone(),
                destination: false,
            };
            found.push((function, out));
        }
    }
    found.sort_by(|(one, a), (other, b)| (one, &a.place).cmp(&(other, &b.place)));
    found
}

/// What Lambda itself sends on of asynchronous events.
fn destinations(context: &Context<'_>, hops: &HashMap<Named, Vec<Hop>>) -> Vec<(Id<Function>, Out)> {
    let estate = context.estate;
    let mut found = Vec::new();
    for (id, row) in estate.functions.iter() {
        let sent = Sent {
            resource: &row.resource,
            attribute: "DeadLetterConfig.TargetArn",
            setting: &row.dead_letter_target,
            what: "sends what it fails on to",
        };
        sent.outs(context, id, hops, &mut found);
    }
    for row in estate.invoke_configs.values() {
        let Some(function) = row.function.value().and_then(|reference| reference.function.here()) else {
            continue;
        };
        let failure = (
            "DestinationConfig.OnFailure",
            &row.on_failure,
            "sends what it fails on to",
        );
        let success = ("DestinationConfig.OnSuccess", &row.on_success, "sends its results to");
        for (attribute, setting, what) in [failure, success] {
            let resource = &row.resource;
            let sent = Sent {
                resource,
                attribute,
                setting,
                what,
            };
            sent.outs(context, function, hops, &mut found);
        }
    }
    found
}

struct Sent<'c> {
    resource: &'c Resource,
    attribute: &'static str,
    setting: &'c Setting<AnyLink>,
    what: &'static str,
}

impl Sent<'_> {
    fn outs(
        &self,
        context: &Context<'_>,
        from: Id<Function>,
        hops: &HashMap<Named, Vec<Hop>>,
        found: &mut Vec<(Id<Function>, Out)>,
    ) {
        let says = format!("{} leads here", self.attribute);
        let fact = Fact::Attribute {
            name: self.attribute.into(),
            value: None,
        };
        let doubt = match &self.setting.state {
            State::Unknown(unknown) => Some(Doubt {
                words: format!("{} is not decided: {}", self.attribute, unknown.why),
                why: Some(unknown.why.clone()),
            }),
            _ => None,
        };
        for link in self.setting.possible() {
            let Some((to, place)) = target(context, self.resource.unit, link, hops) else {
                continue;
            };
            let step = Step {
                words: format!("{} {place}", self.what),
                evidence: evidence(self.resource, &self.setting.at, says.clone(), fact.clone()),
                doubt: doubt.clone(),
                followed: false,
            };
            let destination = true;
            found.push((
                from,
                Out {
                    to,
                    step,
                    place,
                    destination,
                },
            ));
        }
    }
}

/// The node of a destination, and its words.
fn target(
    context: &Context<'_>,
    unit: UnitId,
    link: &AnyLink,
    hops: &HashMap<Named, Vec<Hop>>,
) -> Option<(Node, String)> {
    let function = match link {
        AnyLink::Here(AnyId::Function(id)) => Some(*id),
        AnyLink::Here(AnyId::Alias(id)) => {
            let alias = context.estate.aliases.get(*id)?;
            alias.function.value()?.function.here()
        }
        _ => None,
    };
    if let Some(function) = function {
        let words = format!("function {}", context.name(function));
        return Some((Node::Function(function), words));
    }
    let (kind, place) = kind_of(link).zip(named(unit, link))?;
    // Source: AWS Lambda developer guide, "Capturing records of Lambda asynchronous invocations".
    let keys = (kind.service == "s3").then(|| "aws/lambda/async/*".into());
    hops.contains_key(&place)
        .then(|| (Node::Place(place, keys), words(context, link, kind)))
}
