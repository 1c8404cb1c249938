//! Which functions a check of a setting asks: not every kind of function has every setting.

use crate::context::Context;
use crate::subject::image::is_image;
use crate::verdict::findings::{Draft, Findings};
use crate::verdict::given::given;
use crate::verdict::judge::whole;
use maremma_model::noun::CodeSigningConfig;
use maremma_model::{Function, Id, Link, State, Verdict, Why};

/// Whether a function is asked.
#[derive(Clone, Debug)]
pub(crate) enum Asked {
    Yes,
    /// Not, and why.
    No(&'static str),
    /// Not in some world, and what decides.
    Unless(&'static str, Vec<Why>),
}

impl Asked {
    /// Lambda@Edge runs a copy of the function near the viewer, with fewer features. Source: Amazon CloudFront
    /// developer guide, "Restrictions on Lambda@Edge".
    pub(crate) fn not_at_edge(function: &Function, says: &'static str) -> Self {
        if function.edge { Asked::No(says) } else { Asked::Yes }
    }

    pub(crate) fn no_image(function: &Function, says: &'static str) -> Self {
        match is_image(function) {
            Some(true) => Asked::No(says),
            Some(false) => Asked::Yes,
            None => Asked::Unless("it is an image", why(&function.package_type.state)),
        }
    }

    /// Lambda Managed Instances: the function runs on instances of a capacity provider.
    pub(crate) fn not_managed(function: &Function, says: &'static str) -> Self {
        match given(&function.capacity_provider.state, &|_| false) {
            (Some(true), _) => Asked::No(says),
            (Some(false), _) => Asked::Yes,
            (None, whys) => Asked::Unless("a capacity provider runs it", whys),
        }
    }

    /// Where code is signed, layers have to be signed by an allowed publisher too. Source: AWS Lambda developer
    /// guide, "Using code signing to verify code integrity with Lambda".
    pub(crate) fn not_signed(function: &Function, says: &'static str) -> Self {
        let empty =
            |link: &Link<CodeSigningConfig>| matches!(link, Link::Outside(text) if text.as_literal() == Some(""));
        match given(&function.code_signing_config.state, &empty) {
            (Some(true), _) => Asked::No(says),
            (Some(false), _) => Asked::Yes,
            (None, whys) => Asked::Unless("its code is signed", whys),
        }
    }

    pub(crate) fn and(self, other: Self) -> Self {
        match (self, other) {
            (no @ Asked::No(_), _) | (_, no @ Asked::No(_)) => no,
            (Asked::Yes, other) => other,
            (unless, _) => unless,
        }
    }
}

fn why<T>(state: &State<T>) -> Vec<Why> {
    match state {
        State::Unknown(unknown) => vec![unknown.why.clone()],
        _ => Vec::new(),
    }
}

/// Judges every function that is asked; `draft` is said of the function alone.
pub(crate) fn each_function<'c>(
    context: &'c Context<'_>,
    findings: &mut Findings<'_>,
    asked: impl Fn(&Function) -> Asked,
    draft: impl Fn(Id<Function>, &'c Function) -> Draft,
) {
    for (id, row) in context.estate.functions.iter() {
        let judged = match asked(row) {
            Asked::Yes => draft(id, row),
            Asked::No(says) => Draft::new(id, Verdict::NotApplicable, says, whole(&row.resource, says)),
            Asked::Unless(doubt, whys) => draft(id, row).unless(doubt, whys),
        };
        findings.add(judged.affects([id]));
    }
}
