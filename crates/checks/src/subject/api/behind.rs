//! What runs behind an API.

use super::{functions_of, runs_function};
use crate::context::Context;
use crate::verdict::findings::Draft;
use crate::verdict::possible::is;
use maremma_iam::Match;
use maremma_model::noun::{HttpRoute, Integration, RestMethod};
use maremma_model::{AnyId, Function, Id, Setting, State, Why};
use std::collections::HashMap;

/// The APIs of an estate, with what runs behind them.
pub(crate) struct Apis<'c> {
    behind: HashMap<AnyId, Behind<'c>>,
    unknown: Behind<'c>,
}

/// What runs behind an API: the methods and routes that run a function, or may.
pub(crate) struct Behind<'c> {
    pub(crate) runs: Match,
    pub(crate) methods: Vec<(Id<RestMethod>, &'c RestMethod)>,
    pub(crate) routes: Vec<(Id<HttpRoute>, &'c HttpRoute)>,
    doubt: &'static str,
    why: Option<Why>,
}

impl<'c> Apis<'c> {
    pub(crate) fn of(context: &'c Context<'c>) -> Self {
        let estate = context.estate;
        let mut behind = HashMap::new();
        for (id, api) in estate.rest_apis.iter() {
            behind.insert(AnyId::RestApi(id), Behind::begin(why_unknown(&api.body)));
        }
        for (id, api) in estate.http_apis.iter() {
            behind.insert(AnyId::HttpApi(id), Behind::begin(why_unknown(&api.body)));
        }
        for (id, method) in estate.rest_methods.iter() {
            for api in method.api.possible().filter_map(|link| link.here()) {
                if let Some(behind) = behind.get_mut(&AnyId::RestApi(api))
                    && behind.runs_one_more(&method.integration)
                {
                    behind.methods.push((id, method));
                }
            }
        }
        for (id, route) in estate.http_routes.iter() {
            for api in route.api.possible().filter_map(|link| link.here()) {
                if let Some(behind) = behind.get_mut(&AnyId::HttpApi(api))
                    && behind.runs_one_more(&route.integration)
                {
                    behind.routes.push((id, route));
                }
            }
        }
        Apis {
            behind,
            unknown: Behind {
                runs: Match::Unknown,
                doubt: "the API is not in this input, and neither is what it runs",
                ..Behind::begin(None)
            },
        }
    }

    /// Of an API that is not in the input, nothing is known.
    pub(crate) fn behind(&self, api: Option<AnyId>) -> &Behind<'c> {
        api.and_then(|api| self.behind.get(&api)).unwrap_or(&self.unknown)
    }
}

impl Behind<'_> {
    /// `why` says why methods may be missing.
    fn begin(why: Option<Why>) -> Self {
        Behind {
            runs: if why.is_some() { Match::Unknown } else { Match::No },
            methods: Vec::new(),
            routes: Vec::new(),
            doubt: "not all that the API runs is known",
            why,
        }
    }

    /// Whether the integration may run a function.
    fn runs_one_more(&mut self, integration: &Integration) -> bool {
        let runs = runs_function(integration);
        if runs.is_unknown() {
            self.doubt = "whether the API runs a function is not known";
            let why = is(&integration.function, &|_| Match::Yes).why.cloned();
            self.why = self.why.take().or(why);
        }
        self.runs = self.runs.or(runs);
        !runs.is_no()
    }

    pub(crate) fn integrations(&self) -> Vec<&Integration> {
        let methods = self.methods.iter().map(|(_, method)| &method.integration);
        let routes = self.routes.iter().map(|(_, route)| &route.integration);
        methods.chain(routes).collect()
    }

    pub(crate) fn functions(&self) -> Vec<Id<Function>> {
        functions_of(&self.integrations())
    }

    /// Why the API is not judged: it runs no function.
    pub(crate) fn excused(&self) -> Option<&'static str> {
        self.runs.is_no().then_some("the API runs no function")
    }

    /// The verdict about an API that may run functions.
    pub(crate) fn settled(&self, draft: Draft) -> Draft {
        let draft = draft.affects(self.functions());
        match self.runs {
            Match::Unknown => draft.doubted(self.doubt, self.why.clone()),
            Match::Yes | Match::No => draft,
        }
    }
}

fn why_unknown<T>(setting: &Setting<T>) -> Option<Why> {
    match &setting.state {
        State::Unknown(unknown) => Some(unknown.why.clone()),
        _ => None,
    }
}
