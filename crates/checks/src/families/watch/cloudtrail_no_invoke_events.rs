//! A trail that does not record who invokes the functions beside it.

use crate::access::role::functions;
use crate::context::standing::Scope;
use crate::subject::trail::{Invoked, records, why};
use crate::verdict::judge::{evidence, whole};
use crate::{Check, Context, Draft, Findings};
use maremma_iam::Match;
use maremma_model::noun::Trail;
use maremma_model::{
    Confidence, Control, Equivalent, Evidence, Fact, Fix, Function, Id, Peer, Rule, Severity, Tier, Verdict,
};
use std::collections::BTreeMap;

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "cloudtrail-no-invoke-events",
        title: "Trail without the invocations of functions",
        tier: Tier::Hygiene,
        severity: Severity::Low,
        confidence: Confidence::High,
        subject: "AWS::CloudTrail::Trail",
        controls: &[
            Control::owasp("SAS-5"),
            Control::nist("AU-2"),
            Control::nist("AU-12"),
            Control::pci("10.2.1"),
        ],
        equivalents: &[Equivalent::near(
            Peer::Prowler,
            "awslambda_function_invoke_api_operations_cloudtrail_logging_enabled",
        )],
        page: include_str!("cloudtrail_no_invoke_events.md"),
    },
    run,
};

/// Every function is asked of every trail, so that their number is bounded: an account has five trails in a region,
/// and ten event data stores.
/// Source: CloudTrail user guide, "Quotas in AWS CloudTrail".
const MOST_TRAILS: usize = 100;

#[derive(Default)]
struct Beside<'c> {
    trails: Vec<(Id<Trail>, &'c Trail)>,
    functions: Vec<Invoked<'c>>,
}

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let mut scopes: BTreeMap<Scope, Beside<'_>> = BTreeMap::new();
    for (id, trail) in context.estate.trails.iter() {
        let beside = scopes.entry(context.scope(&trail.resource)).or_default();
        beside.trails.push((id, trail));
    }
    for (id, function) in context.estate.functions.iter() {
        let beside = scopes.entry(context.scope(&function.resource)).or_default();
        beside.functions.push(Invoked { id, function });
    }
    share(context, &mut scopes);
    for beside in scopes.values_mut() {
        beside
            .trails
            .sort_by(|(_, one), (_, other)| one.resource.address.cmp(&other.resource.address));
        if beside.trails.is_empty() {
            without_trail(context, findings, &beside.functions);
        }
        if beside.trails.len() > MOST_TRAILS {
            findings.not_assessed(format!(
                "more than {MOST_TRAILS} trails stand beside one another, which no account may have"
            ));
            continue;
        }
        judge(context, findings, beside);
    }
}

/// A trail of all regions stands beside the functions of each region of its account.
fn share<'c>(context: &Context<'c>, scopes: &mut BTreeMap<Scope, Beside<'c>>) {
    let of_all_regions = |(_, trail): &(Id<Trail>, &Trail)| {
        trail.multi_region.value() == Some(&true) && context.is_live(&trail.resource)
    };
    let account = |scope: &Scope| scope.0.as_ref().map(|(account, _)| account.clone());
    let shared: Vec<_> = context
        .estate
        .trails
        .iter()
        .filter(of_all_regions)
        .map(|(id, trail)| (context.scope(&trail.resource), (id, trail)))
        .collect();
    for (scope, beside) in scopes.iter_mut() {
        let elsewhere = shared
            .iter()
            .filter(|(own, _)| own != scope && account(own).is_some() && account(own) == account(scope));
        beside.trails.extend(elsewhere.map(|(_, trail)| *trail));
    }
}

/// What an account whose trails were asked for lacks is told of the first of its functions.
fn without_trail(context: &Context<'_>, findings: &mut Findings<'_>, functions_beside: &[Invoked<'_>]) {
    let first = functions_beside
        .iter()
        .min_by_key(|invoked| &invoked.function.resource.address);
    let Some(first) = first else { return };
    let resource = &first.function.resource;
    let tables = ["AWS::CloudTrail::Trail", "AWS::CloudTrail::EventDataStore"];
    if !context.is_live(resource) {
        return findings.not_assessed(
            "the input declares no trail and no event data store beside some functions; scan it together with them",
        );
    }
    if let Some(why) = tables.iter().find_map(|table| context.unasked(table, resource)) {
        return findings.not_assessed(format!("not all trails and event data stores are known: {why}"));
    }
    let ids: Vec<_> = functions_beside.iter().map(|invoked| invoked.id).collect();
    let message = format!("nobody records who invokes {}", functions(context, &ids));
    let evidence = whole(
        resource,
        "the account has no trail and no event data store in its region",
    );
    let draft = Draft::new(first.id, Verdict::Fail, message, evidence);
    findings.add(draft.affects(ids).fix(Fix::new(
        "Make a trail of all regions that records data events of functions",
    )));
}

/// One finding for all trails of a scope: one of them has to record the invocations.
fn judge(context: &Context<'_>, findings: &mut Findings<'_>, beside: &Beside<'_>) {
    let recorded =
        |function: &Invoked<'_>| Match::any(beside.trails.iter().map(|(_, trail)| records(trail, *function)));
    let (mut missed, mut open) = (Vec::new(), Vec::new());
    for function in &beside.functions {
        match recorded(function) {
            Match::Yes => {}
            Match::No => missed.push(function.id),
            Match::Unknown => open.push(function.id),
        }
    }
    let mut told = false;
    for (id, trail) in &beside.trails {
        let draft = if beside.functions.is_empty() {
            let says = "no function is declared beside the trail";
            Draft::new(*id, Verdict::NotApplicable, says, whole(&trail.resource, says))
        } else if missed.is_empty() && open.is_empty() {
            let says = "invocations of the functions beside the trail are recorded";
            Draft::new(*id, Verdict::Pass, says, whole(&trail.resource, says))
        } else if told {
            let says = "what the trails of the input leave out is told of the first of them";
            Draft::new(*id, Verdict::NotApplicable, says, whole(&trail.resource, says))
        } else {
            told = true;
            verdict(context, (*id, trail), &missed, &open)
        };
        // One trail may be judged beside the functions of several regions.
        let (own, here) = (context.scope(&trail.resource), beside.functions.first());
        let here = here.map(|invoked| context.scope(&invoked.function.resource));
        let region = here.filter(|here| *here != own).and_then(|here| here.0);
        findings.add(match region {
            Some((_, region)) => draft.detail(region),
            None => draft,
        });
    }
}

fn verdict(
    context: &Context<'_>,
    (id, trail): (Id<Trail>, &Trail),
    missed: &[Id<Function>],
    open: &[Id<Function>],
) -> Draft {
    let name = context.name(id);
    let fix = Fix::new("Record data events of functions").snippet(
        "AdvancedEventSelectors:\n  - FieldSelectors:\n      - {Field: eventCategory, Equals: [Management]}\n  - FieldSelectors:\n      - {Field: eventCategory, Equals: [Data]}\n      - {Field: resources.type, Equals: [\"AWS::Lambda::Function\"]}",
    );
    let draft = if missed.is_empty() {
        let doubt = why(trail);
        let because = doubt.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
        let whom = functions(context, open);
        let message = format!("not known whether {name} records who invokes {whom}{because}");
        Draft::new(id, Verdict::Undetermined, message, selectors(trail, "may select")).undecided(doubt)
    } else {
        let message = format!("{name} does not record who invokes {}", functions(context, missed));
        Draft::new(id, Verdict::Fail, message, selectors(trail, "does not select"))
    };
    let affected = if missed.is_empty() { open } else { missed };
    draft.affects(affected.iter().copied()).fix(fix)
}

fn selectors(trail: &Trail, selects: &str) -> Evidence {
    let (advanced, basic) = (&trail.advanced_selectors, &trail.selectors);
    let (name, at) = match (advanced.is_unset(), basic.is_unset()) {
        (false, _) => ("AdvancedEventSelectors", &advanced.at),
        (true, false) => ("EventSelectors", &basic.at),
        (true, true) => {
            let says = "the trail has no event selectors: it records management events only";
            return whole(&trail.resource, says);
        }
    };
    let (name, says, at) = match trail.is_logging.value() {
        Some(false) => (
            "IsLogging",
            "the trail is switched off".to_owned(),
            &trail.is_logging.at,
        ),
        _ => (name, format!("{name} {selects} Invoke events of these functions"), at),
    };
    let fact = Fact::Attribute {
        name: name.into(),
        value: None,
    };
    evidence(&trail.resource, at, says, fact)
}
