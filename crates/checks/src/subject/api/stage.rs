//! The stages of APIs, each with what runs behind it.

use super::{Apis, Behind};
use crate::context::Context;
use crate::verdict::findings::{Draft, Findings};
use crate::verdict::judge::whole;
use crate::verdict::possible::{Told, any, is};
use maremma_iam::Match;
use maremma_model::noun::{AnyLink, MethodSetting, Stage, UsagePlan};
use maremma_model::{AnyId, Id, Piece, Setting, State, Text, Verdict, Why};

/// What kind of API a stage serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    Rest,
    Http,
    WebSocket,
    /// One of the second family, which of the two is not known.
    V2,
}

/// A stage with its API.
pub(crate) struct Staged<'a, 'c> {
    pub(crate) id: Id<Stage>,
    pub(crate) stage: &'c Stage,
    pub(crate) api: Option<AnyId>,
    pub(crate) protocol: Protocol,
    pub(crate) behind: &'a Behind<'c>,
    /// `Stage prod of orders`, for a message.
    pub(crate) name: String,
    /// Whether it is the stage without settings that AWS SAM makes beside the one that is written.
    pub(crate) beside: bool,
}

pub(crate) fn stages<'a, 'c>(context: &'c Context<'c>, apis: &'a Apis<'c>) -> Vec<Staged<'a, 'c>> {
    let stages = context.estate.stages.iter();
    let staged = stages.map(|(id, stage)| {
        let api = stage.api.value().and_then(AnyLink::here);
        Staged {
            id,
            stage,
            api,
            protocol: protocol(context, stage, api),
            behind: apis.behind(api),
            name: name(context, stage, api),
            beside: is_beside(context, stage, api),
        }
    });
    staged.collect()
}

/// Judges every stage whose API runs a function, or may; `question` may say why a stage is none of
/// the check's.
pub(crate) fn judge_stages<'c>(
    context: &'c Context<'c>,
    findings: &mut Findings<'_>,
    question: impl Fn(&Staged<'_, 'c>) -> Result<Draft, &'static str>,
) {
    let apis = Apis::of(context);
    for staged in stages(context, &apis) {
        let draft = match staged.behind.excused() {
            Some(says) => Err(says),
            None if staged.beside => {
                Err("AWS SAM makes this stage beside the one that is written, where nothing can be set")
            }
            None => question(&staged),
        };
        findings.add(match draft {
            Ok(draft) => staged.behind.settled(draft),
            Err(says) => Draft::new(
                staged.id,
                Verdict::NotApplicable,
                says,
                whole(&staged.stage.resource, says),
            ),
        });
    }
}

fn protocol(context: &Context<'_>, stage: &Stage, api: Option<AnyId>) -> Protocol {
    if !stage.resource.kind.starts_with("AWS::ApiGatewayV2::") {
        return Protocol::Rest;
    }
    let api = match api {
        Some(AnyId::HttpApi(api)) => context.estate.http_apis.get(api),
        _ => None,
    };
    match api.and_then(|api| api.protocol.value()?.as_literal()) {
        Some("WEBSOCKET") => Protocol::WebSocket,
        Some(_) => Protocol::Http,
        None => Protocol::V2,
    }
}

fn name(context: &Context<'_>, stage: &Stage, api: Option<AnyId>) -> String {
    let name = match stage.name.value().and_then(Text::as_literal) {
        Some(name) => name.to_owned(),
        None => stage.resource.address.to_string(),
    };
    match api {
        Some(api) => format!("Stage {name} of {}", context.name(api)),
        None => format!("Stage {name}"),
    }
}

/// Source: AWS SAM, `OpenApiVersion`: where it is not set, a stage called `Stage` is made as well.
fn is_beside(context: &Context<'_>, stage: &Stage, api: Option<AnyId>) -> bool {
    let of_deployment = |stage: &Stage| &*stage.resource.kind == "AWS::ApiGateway::Deployment";
    let own = |other: &Stage| !of_deployment(other) && other.api.value().and_then(AnyLink::here) == api;
    of_deployment(stage)
        && stage.name.value().and_then(Text::as_literal) == Some("Stage")
        && api.is_some()
        && context.estate.stages.values().any(own)
}

impl Staged<'_, '_> {
    /// Whether a name that is written elsewhere is this stage's. What is not known for the same reason,
    /// such as a parameter, is the same.
    pub(crate) fn is_called(&self, name: &Setting<Text>) -> Match {
        let own = &self.stage.name;
        let same = match (unknown(own), unknown(name)) {
            (Some(Why::Parameter(own)), Some(Why::Parameter(name))) => own == name,
            _ => false,
        };
        let named = is(name, &|name| match name {
            Some(name) => self.is_text(own.value(), name),
            None => Match::No,
        });
        if same { Match::Yes } else { named.is }
    }

    fn is_text(&self, own: Option<&Text>, name: &Text) -> Match {
        let stands_for = match name.pieces().as_slice() {
            [Piece::Hole(hole)] => hole.stands_for.as_ref().map(|attribute| attribute.of),
            _ => None,
        };
        match (stands_for, own.and_then(Text::as_literal), name.as_literal()) {
            (Some(other), _, _) if other == self.id.into() => Match::Yes,
            (Some(AnyId::Stage(_)), _, _) => Match::No,
            (_, Some(own), Some(name)) => (own == name).into(),
            // No stage is called by the empty text.
            (_, None, Some("")) => Match::No,
            _ if own == Some(name) => Match::Yes,
            _ => Match::Unknown,
        }
    }

    /// `all methods`, for a message.
    pub(crate) fn all(&self) -> &'static str {
        if self.protocol == Protocol::Rest {
            "all methods"
        } else {
            "all routes"
        }
    }

    /// Whether a usage plan lets its keys call the stage.
    pub(crate) fn is_in(&self, plan: &UsagePlan) -> Match {
        let beside = plan.resource.unit == self.stage.resource.unit;
        any(&plan.stages, &|planned| {
            let api = self.is_of(&planned.api, beside);
            api.and(self.is_called(&planned.stage))
        })
        .is
    }

    /// Whether a link leads to the API of the stage. One that leads outside of its unit may, from
    /// `beside` the stage.
    pub(crate) fn is_of(&self, link: &Setting<AnyLink>, beside: bool) -> Match {
        is(link, &|link| match link {
            Some(AnyLink::Here(api)) if self.api.is_some() => (Some(*api) == self.api).into(),
            Some(_) if beside => Match::Unknown,
            _ => Match::No,
        })
        .is
    }

    /// The settings for all methods or routes.
    pub(crate) fn wide(&self) -> impl Iterator<Item = &MethodSetting> {
        self.stage.methods.iter().filter(|setting| is_wide(setting))
    }

    /// Whether something is set of all that runs a function: by one setting for everything, or one by
    /// one.
    pub(crate) fn sets<'s>(&'s self, ask: &dyn Fn(&'s MethodSetting) -> Match) -> Match {
        let settings = &self.stage.methods;
        let of = |covers: &dyn Fn(&MethodSetting) -> bool| {
            let known = |setting: &'s MethodSetting| match setting.selector.as_literal() {
                Some(_) => ask(setting),
                None => ask(setting).and(Match::Unknown),
            };
            Match::any(settings.iter().filter(|setting| covers(setting)).map(known))
        };
        let every = of(&is_wide);
        let methods = self.behind.methods.iter().map(|(_, method)| {
            let verb = method.method.value();
            of(&|setting| covers(&setting.selector, &method.path, verb))
        });
        let routes = self.behind.routes.iter().map(|(_, route)| {
            let key = route.route_key.value();
            of(&|setting| Some(&setting.selector) == key)
        });
        let mut each = methods.chain(routes).peekable();
        match each.peek() {
            Some(_) => every.or(Match::all(each)),
            None => every,
        }
    }
}

/// One whose selector is not known may be.
fn is_wide(setting: &MethodSetting) -> bool {
    matches!(setting.selector.as_literal(), None | Some("*/*" | "$default"))
}

/// Whether a setting of `orders/GET` is about a method. A path is written `~1orders~1{id}` there.
/// Source: AWS CloudFormation template reference, AWS::ApiGateway::Stage MethodSetting.
fn covers(selector: &Text, path: &Text, verb: Option<&Text>) -> bool {
    let (Some(selector), Some(path)) = (selector.as_literal(), path.as_literal()) else {
        return false;
    };
    let Some((on, method)) = selector.rsplit_once('/') else {
        return false;
    };
    let on = on.replace("~1", "/");
    let all = method == "*" || verb.and_then(Text::as_literal) == Some(method);
    all && (on == "*" || on.trim_matches('/') == path.trim_matches('/'))
}

/// Why a name is not known: of a setting, or of a text that is one hole.
fn unknown(name: &Setting<Text>) -> Option<&Why> {
    match &name.state {
        State::Unknown(unknown) => Some(&unknown.why),
        State::Set(Text::Holed(pieces)) => match pieces.as_slice() {
            [Piece::Hole(hole)] if hole.stands_for.is_none() => Some(&hole.why),
            _ => None,
        },
        State::Set(_) | State::Default(_) | State::Unset => None,
    }
}

/// Whether a setting names something. A name that is given at deployment is one.
pub(crate) fn named<T>(setting: &Setting<T>) -> Told<'_, T> {
    let told = is(setting, &|value| value.is_some().into());
    match told.why {
        Some(
            Why::Parameter(_) | Why::NoEcho(_) | Why::Pseudo(_) | Why::Attribute(_) | Why::Import(_) | Why::Dynamic(_),
        ) if told.value.is_none() && told.when.is_none() => Told {
            is: Match::Yes,
            why: None,
            ..told
        },
        _ => told,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_of_methods_are_found_by_path_and_verb() {
        let covers = |selector: &str, path: &str| covers(&selector.into(), &path.into(), Some(&"GET".into()));
        assert!(covers("~1orders~1{id}/GET", "/orders/{id}"));
        assert!(covers("orders/GET", "/orders"));
        assert!(covers("~1/*", "/"));
        assert!(covers("*/*", "/orders"));
        assert!(!covers("~1orders/POST", "/orders"));
        assert!(!covers("~1orders/GET", "/orders/{id}"));
    }
}
