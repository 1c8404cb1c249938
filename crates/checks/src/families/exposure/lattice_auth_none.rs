//! A VPC Lattice service that runs a function for every client of its networks.

use crate::access::role::functions;
use crate::subject::traffic::is_one_of;
use crate::verdict::findings::lowered;
use crate::verdict::judge::{judge, whole};
use crate::verdict::possible::is;
use crate::{Check, Context, Draft, Findings};
use maremma_iam::Match;
use maremma_model::noun::{AnyLink, LatticeService};
use maremma_model::{Confidence, Control, Fix, Function, Id, Link, Rule, Severity, State, Tier, Verdict, Why};
use std::collections::BTreeSet;

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "lattice-auth-none",
        title: "VPC Lattice service without authentication",
        tier: Tier::Hardening,
        severity: Severity::Medium,
        confidence: Confidence::High,
        subject: "AWS::VpcLattice::Service",
        controls: &[Control::nist("AC-3"), Control::nist("AC-14"), Control::owasp("SAS-2")],
        equivalents: &[],
        page: include_str!("lattice_auth_none.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (id, row) in context.estate.lattice_services.iter() {
        let behind = behind(context, row);
        findings.add(draft(context, id, row, &behind).affects(behind));
    }
}

/// The functions that the target groups of a service run.
fn behind(context: &Context<'_>, row: &LatticeService) -> Vec<Id<Function>> {
    let groups = row.target_groups.iter();
    let triggers = groups.flat_map(|group: &AnyLink| context.relations.triggers_from(row.resource.unit, group));
    let triggers = triggers.filter_map(|trigger| context.estate.triggers.get(*trigger));
    let functions = triggers.flat_map(|trigger| trigger.function.possible());
    let functions: BTreeSet<_> = functions.filter_map(|reference| reference.function.here()).collect();
    functions.into_iter().collect()
}

fn draft(context: &Context<'_>, id: Id<LatticeService>, row: &LatticeService, behind: &[Id<Function>]) -> Draft {
    let not_applicable = |says: &str| Draft::new(id, Verdict::NotApplicable, says, whole(&row.resource, says));
    if behind.is_empty() {
        return not_applicable("the service runs no function of this input");
    }
    if row.networks.is_empty() {
        return not_applicable("the service is in no service network of this input");
    }
    let judgement = judge(&row.resource, "AuthType", &row.auth_type, |kind| {
        kind.map_or(Some(true), |kind| kind.as_literal().map(|kind| kind == "NONE"))
    });
    let bad = format!(
        "Every client of its service networks can run {} through {}",
        functions(context, behind),
        context.name(id)
    );
    let (open, why) = open(context, row);
    let draft = match (judgement.verdict, open) {
        (Verdict::Fail | Verdict::Undetermined, Match::No) => {
            let says = "the service networks ask for IAM authentication";
            Draft::new(id, Verdict::Pass, says, judgement.evidence)
        }
        (Verdict::Fail, Match::Unknown) => {
            let doubt = "whether the service network asks who calls is not known";
            let message = format!("not known whether {}: {doubt}", lowered(&bad));
            Draft::new(id, Verdict::Undetermined, message, judgement.evidence).undecided(why)
        }
        _ => Draft::judged(id, judgement, bad),
    };
    let fix = Fix::new("Ask for IAM authentication, and say in an auth policy who may call");
    draft.fix(match row.auth_type.state {
        State::Set(_) => fix.replace(&row.auth_type.at, "AWS_IAM"),
        _ => fix.snippet("AuthType: AWS_IAM"),
    })
}

/// Whether one of the service networks lets its clients through unasked.
fn open(context: &Context<'_>, row: &LatticeService) -> (Match, Option<Why>) {
    let of = |link: Option<&Link<_>>| match link {
        Some(Link::Here(network)) => {
            let row = context.estate.service_networks.get(*network);
            row.map_or(Match::Unknown, |row| is_one_of(&row.auth_type, &["NONE"], Match::Yes))
        }
        Some(Link::Outside(_) | Link::Unknown(_)) => Match::Unknown,
        None => Match::No,
    };
    let told: Vec<_> = row.networks.iter().map(|network| is(network, &of)).collect();
    let why = told.iter().find_map(|told| told.why.cloned());
    (Match::any(told.iter().map(|told| told.is)), why)
}
