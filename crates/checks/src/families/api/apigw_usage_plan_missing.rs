//! A stage that asks for API keys and is in no usage plan.

use crate::subject::api::{Protocol, Staged, judge_stages};
use crate::verdict::judge::whole;
use crate::verdict::possible::is;
use crate::{Check, Context, Draft, Findings};
use maremma_iam::Match;
use maremma_model::{Confidence, Control, Equivalent, Fix, Peer, Resource, Rule, Setting, Severity, Tier, Verdict};
use std::cell::Cell;

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "apigw-usage-plan-missing",
        title: "API keys without a usage plan",
        tier: Tier::Hygiene,
        severity: Severity::Low,
        confidence: Confidence::High,
        subject: "AWS::ApiGateway::Stage",
        controls: &[Control::nist("SC-5"), Control::owasp("SAS-8")],
        equivalents: &[
            Equivalent::near(Peer::CfnNag, "W64"),
            Equivalent::near(Peer::CfnNag, "W68"),
            Equivalent::near(Peer::Kics, "7f8f1b60-43df-4c28-aa21-fb836dbd8071"),
        ],
        page: include_str!("apigw_usage_plan_missing.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let elsewhere = Cell::new(false);
    judge_stages(context, findings, |staged| {
        if staged.protocol == Protocol::Http {
            return Err("HTTP APIs have no API keys");
        }
        let asked = asked(staged);
        if asked.is_no() {
            return Err("no method asks for an API key");
        }
        let plans = context.estate.usage_plans.values();
        let planned = Match::any(plans.map(|plan| staged.is_in(plan)));
        let resource = &staged.stage.resource;
        if planned.is_yes() {
            let says = "a usage plan covers the stage";
            return Ok(Draft::new(staged.id, Verdict::Pass, says, whole(resource, says)));
        }
        if !holds_keys(context, resource) {
            elsewhere.set(true);
            return Err("the input declares neither API keys nor usage plans");
        }
        let bad = format!("{} asks for API keys that no usage plan limits", staged.name);
        let says = "no usage plan of this input covers the stage";
        let draft = Draft::new(staged.id, Verdict::Fail, bad, whole(resource, says));
        let draft = match asked {
            Match::Unknown => draft.doubted("whether its methods ask for a key is not known", None),
            Match::Yes | Match::No => draft,
        };
        let draft = match planned {
            Match::Unknown => draft.doubted("which stages the usage plans cover is not known", None),
            Match::Yes | Match::No => draft,
        };
        let fix = Fix::new("Put the stage into a usage plan with limits").snippet(
            "# in Resources\n\
             Partners:\n  \
               Type: AWS::ApiGateway::UsagePlan\n  \
               Properties:\n    \
                 ApiStages: [{ApiId: !Ref Api, Stage: !Ref Stage}]\n    \
                 Quota: {Limit: 10000, Period: DAY}\n    \
                 Throttle: {RateLimit: 10, BurstLimit: 20}",
        );
        Ok(draft.fix(fix))
    });
    if elsewhere.get() {
        findings.not_assessed(
            "stages ask for API keys, and the input declares neither keys nor usage plans beside them; scan it together with what does",
        );
    }
}

/// Whether a method or route that runs a function asks for a key.
fn asked(staged: &Staged<'_, '_>) -> Match {
    let asks = |asked: &Setting<bool>| is(asked, &|asked| asked.map_or(Match::No, |&asked| asked.into())).is;
    let methods = staged.behind.methods.iter().map(|(_, method)| &method.api_key_required);
    let routes = staged.behind.routes.iter().map(|(_, route)| &route.api_key_required);
    Match::any(methods.chain(routes).map(asks))
}

/// Whether a unit declares what belongs to keys, so that a plan would be there too.
fn holds_keys(context: &Context<'_>, stage: &Resource) -> bool {
    if context.is_live(stage) {
        return context.unasked("AWS::ApiGateway::UsagePlan", stage).is_none();
    }
    let unit = stage.unit;
    let mut plans = context.estate.usage_plans.values();
    let mut others = context.estate.others.values();
    plans.any(|plan| plan.resource.unit == unit)
        || others.any(|other| other.resource.unit == unit && &*other.resource.kind == "AWS::ApiGateway::ApiKey")
}
