//! Who gets as far as the methods and routes of an API, whatever their authorizers ask.

mod behind;
mod form;
mod policy;
mod stage;

pub(crate) use behind::{Apis, Behind};
pub(crate) use form::{Family, fix};
pub(crate) use stage::{Protocol, Staged, judge_stages, named, stages};

use crate::context::Context;
use crate::context::relations::items;
use crate::verdict::findings::Draft;
use crate::verdict::judge::attribute;
use crate::verdict::possible::{Told, any, is};
use maremma_iam::Match;
use maremma_model::noun::{AnyLink, Form, Integration, RestApi, RestMethod};
use maremma_model::{AnyId, Function, Id, Link, Resource, Setting, State, Text, Verdict, Why};
use policy::OwnPolicy;
use std::collections::{BTreeSet, HashMap};

/// Whether callers without credentials get in.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Door {
    Open,
    /// In words why not.
    Closed(String),
    Unknown {
        doubt: String,
        why: Option<Why>,
    },
}

impl Door {
    /// One door behind the other.
    pub(crate) fn and(self, other: Door) -> Door {
        match (self, other) {
            (Door::Open, other) => other,
            (closed @ Door::Closed(_), _) | (_, closed @ Door::Closed(_)) => closed,
            (unknown, _) => unknown,
        }
    }
}

/// The doors of the REST APIs of an estate.
pub(crate) struct RestDoors<'c> {
    context: &'c Context<'c>,
    doors: HashMap<Id<RestApi>, (Door, Option<OwnPolicy>)>,
}

impl<'c> RestDoors<'c> {
    pub(crate) fn of(context: &'c Context<'c>) -> Self {
        let door = |(id, api): (Id<RestApi>, &RestApi)| {
            let tls = mutual_tls(context, id.into(), &api.disable_execute_api_endpoint);
            (id, (endpoint(api).and(tls), OwnPolicy::of(context, id, api)))
        };
        RestDoors {
            context,
            doors: context.estate.rest_apis.iter().map(door).collect(),
        }
    }

    pub(crate) fn to(&self, method: &RestMethod) -> Door {
        let api = match method.api.value() {
            Some(Link::Here(api)) => self.doors.get(api),
            _ => None,
        };
        let Some((door, policy)) = api else {
            let why = match (&method.api.state, method.api.value()) {
                (State::Unknown(unknown), _) => Some(unknown.why.clone()),
                (_, Some(Link::Outside(api))) => api.why().cloned(),
                _ => None,
            };
            return Door::Unknown {
                doubt: "the API is not in this input, and neither are its endpoint type and its policy".to_owned(),
                why,
            };
        };
        let view = self.context.view(method.resource.unit);
        let policy = policy.as_ref().map_or(Door::Open, |policy| policy.to(method, view));
        door.clone().and(policy)
    }
}

/// Only the interface endpoints of VPCs lead to a private API.
fn endpoint(api: &RestApi) -> Door {
    let private = any(&api.endpoint_types, &|kind| {
        kind.as_literal()
            .is_some_and(|kind| kind.eq_ignore_ascii_case("PRIVATE"))
            .into()
    });
    match private.is {
        Match::No => Door::Open,
        Match::Yes => Door::Closed("the API is private: only VPC endpoints lead to it".to_owned()),
        Match::Unknown => unknown(&private, "EndpointConfiguration.Types", "has"),
    }
}

/// Whether an API is reached by the interface endpoints of VPCs only.
pub(crate) fn is_private(context: &Context<'_>, api: Option<AnyId>) -> bool {
    matches!(endpoint_of(context, api), Door::Closed(_))
}

/// Who gets to an API by its kind of endpoint.
pub(crate) fn endpoint_of(context: &Context<'_>, api: Option<AnyId>) -> Door {
    match api {
        Some(AnyId::RestApi(id)) => context.estate.rest_apis.get(id).map_or(Door::Open, endpoint),
        _ => Door::Open,
    }
}

fn unknown<T: std::fmt::Display>(told: &Told<'_, T>, name: &str, verb: &str) -> Door {
    Door::Unknown {
        doubt: told.words(name, verb),
        why: told.why.cloned(),
    }
}

/// With its own endpoint off, an API is reached by its domains only, and those may ask for a client
/// certificate.
/// Source: API Gateway developer guide, "How to turn on mutual TLS authentication".
pub(crate) fn mutual_tls(context: &Context<'_>, api: AnyId, disabled: &Setting<bool>) -> Door {
    let off = is(disabled, &|value| value.map_or(Match::No, |&off| off.into()));
    if off.is.is_no() {
        return Door::Open;
    }
    let domains = context.estate.domains.values();
    let own: Vec<_> = domains
        .filter(|domain| items(&domain.apis).any(|mapped| *mapped == AnyLink::Here(api)))
        .map(|domain| is(&domain.mutual_tls_truststore, &|store| store.is_some().into()))
        .collect();
    if own.iter().any(|certified| certified.is.is_no()) {
        return Door::Open;
    }
    if off.is.is_unknown() {
        return unknown(&off, "DisableExecuteApiEndpoint", "is");
    }
    match own.iter().find(|certified| certified.is.is_unknown()) {
        Some(certified) => unknown(certified, "MutualTlsAuthentication.TruststoreUri", "is"),
        None if own.is_empty() => Door::Unknown {
            doubt: "the API's own endpoint is off, and no domain that leads to it is in this input".to_owned(),
            why: None,
        },
        None => Door::Closed("callers need a client certificate (mutual TLS)".to_owned()),
    }
}

/// A method in the words of a message: `GET /orders`.
pub(crate) fn route(method: &RestMethod) -> String {
    let verb = method
        .method
        .value()
        .map_or_else(|| "?".to_owned(), ToString::to_string);
    format!("{verb} {}", method.path)
}

/// Whether an integration runs a function. One whose URI is not known may, unless its type says that
/// it leads elsewhere.
pub(crate) fn runs_function(integration: &Integration) -> Match {
    let function = is(&integration.function, &|function| function.is_some().into());
    if !function.is.is_unknown() || function.value.is_some() {
        return function.is;
    }
    let elsewhere = is(&integration.kind, &|kind| {
        let other = |kind: &str| matches!(kind, "MOCK" | "HTTP" | "HTTP_PROXY");
        kind.and_then(Text::as_literal).is_some_and(other).into()
    });
    if elsewhere.is.is_yes() {
        Match::No
    } else {
        Match::Unknown
    }
}

/// The functions of this input that integrations run.
pub(crate) fn functions_of(integrations: &[&Integration]) -> Vec<Id<Function>> {
    let references = integrations
        .iter()
        .flat_map(|integration| integration.function.possible());
    let functions: BTreeSet<_> = references.filter_map(|reference| reference.function.here()).collect();
    functions.into_iter().collect()
}

/// `run orders`, for a message.
fn deed(context: &Context<'_>, integrations: &[&Integration]) -> String {
    match functions_of(integrations).as_slice() {
        [] => {
            let mut references = integrations
                .iter()
                .flat_map(|integration| integration.function.possible());
            let outside = references.find_map(|reference| match &reference.function {
                Link::Outside(name) => Some(format!("run {name}")),
                Link::Here(_) | Link::Unknown(_) => None,
            });
            outside.unwrap_or_else(|| "run a function".to_owned())
        }
        [only] => format!("run {}", context.name(*only)),
        [first, rest @ ..] => format!("run {} and {}", context.name(*first), more(rest.len())),
    }
}

fn more(functions: usize) -> String {
    match functions {
        1 => "1 more function".to_owned(),
        many => format!("{many} more functions"),
    }
}

/// A method or route, as the checks of both families of APIs ask about it.
pub(crate) struct Entrance<'a> {
    pub(crate) resource: &'a Resource,
    pub(crate) authorization_type: &'a Setting<Text>,
    pub(crate) form: Form,
    pub(crate) door: Door,
    /// What is run behind it.
    pub(crate) integrations: Vec<&'a Integration>,
}

impl Entrance<'_> {
    /// The verdict. `bad` is a clause: `anybody on the internet can call GET /orders`.
    pub(crate) fn draft(self, context: &Context<'_>, id: impl Into<AnyId>, bad: &str) -> Draft {
        let setting = self.authorization_type;
        let mut evidence = attribute(self.resource, "AuthorizationType", setting, &ToString::to_string);
        let nobody = is(setting, &|value| match value.map(Text::as_literal) {
            Some(Some(kind)) => kind.eq_ignore_ascii_case("NONE").into(),
            Some(None) => Match::Unknown,
            None => Match::Yes,
        });
        if nobody.is.is_yes()
            && let Some(says) = form::nothing_asked(self.form, &setting.state)
        {
            evidence.says = says.to_owned();
        }
        let id = id.into();
        let passes = match &self.door {
            _ if nobody.is.is_no() => Some(evidence.says.clone()),
            Door::Closed(says) => Some(says.clone()),
            Door::Open | Door::Unknown { .. } => None,
        };
        if let Some(says) = passes {
            return Draft::new(id, Verdict::Pass, says, evidence).affects(functions_of(&self.integrations));
        }
        let bad = format!("{bad} and so {}", deed(context, &self.integrations));
        let (mut doubts, mut whys) = (Vec::new(), Vec::new());
        if nobody.is.is_unknown() {
            doubts.push(evidence.says.clone());
            whys.extend(nobody.why.cloned());
        }
        if let Door::Unknown { doubt, why } = self.door {
            doubts.push(doubt);
            whys.extend(why);
        }
        if !Match::any(self.integrations.iter().map(|integration| runs_function(integration))).is_yes() {
            doubts.push("whether its integration is a function is not known".to_owned());
            let unknown = |integration: &&Integration| is(&integration.function, &|_| Match::Yes).why.cloned();
            whys.extend(self.integrations.iter().find_map(unknown));
        }
        let draft = match doubts.as_slice() {
            [] => Draft::new(id, Verdict::Fail, raised(&bad), evidence),
            _ => {
                let message = format!("not known whether {bad}: {}", doubts.join("; "));
                Draft::new(id, Verdict::Undetermined, message, evidence).undecided(whys)
            }
        };
        draft.affects(functions_of(&self.integrations))
    }
}

/// A clause as a sentence.
fn raised(clause: &str) -> String {
    let mut letters = clause.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}
