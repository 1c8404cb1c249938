//! A stage that takes as many requests as the whole account may.

use crate::subject::api::{Protocol, Staged, judge_stages};
use crate::verdict::judge::{attribute, whole};
use crate::verdict::possible::{Told, is};
use crate::{Check, Context, Draft, Findings};
use maremma_iam::Match;
use maremma_model::noun::{MethodSetting, UsagePlan};
use maremma_model::{
    Confidence, Control, Equivalent, Evidence, Fix, Peer, Rule, Setting, Severity, Text, Tier, Verdict,
};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "apigw-throttling-missing",
        title: "API stage without limits of its own",
        tier: Tier::Hygiene,
        severity: Severity::Low,
        confidence: Confidence::High,
        subject: "AWS::ApiGateway::Stage",
        controls: &[Control::nist("SC-5"), Control::owasp("SAS-8")],
        equivalents: &[Equivalent::near(Peer::ServerlessRules, "ES2003")],
        page: include_str!("apigw_throttling_missing.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    judge_stages(context, findings, |staged| {
        let bad = format!("{} takes requests up to the limits of the whole account", staged.name);
        let limited = staged.sets(&|setting| limits(setting).is);
        let draft = match limited.or(by_plan(context, staged)) {
            Match::Yes => {
                let says = "requests to all that runs a function are limited";
                Draft::new(staged.id, Verdict::Pass, says, shown(staged))
            }
            Match::No => Draft::new(staged.id, Verdict::Fail, bad, shown(staged)),
            Match::Unknown => {
                let open = staged
                    .stage
                    .methods
                    .iter()
                    .map(limits)
                    .find(|told| told.is.is_unknown());
                let doubt = open.as_ref().map(|told| told.words("ThrottlingRateLimit", "is"));
                let doubt = doubt.unwrap_or_else(|| "what its limits are about is not known".to_owned());
                let why = open.and_then(|told| told.why.cloned());
                Draft::new(staged.id, Verdict::Fail, bad, shown(staged)).doubted(&doubt, why)
            }
        };
        Ok(draft.fix(fix(staged.protocol)))
    });
}

fn limits(setting: &MethodSetting) -> Told<'_, Text> {
    let set = |setting| is(setting, &|limit| limit.is_some().into());
    let rate = set(&setting.throttling_rate_limit);
    let burst = set(&setting.throttling_burst_limit);
    if rate.is.is_yes() || burst.is.is_no() {
        rate
    } else {
        burst
    }
}

/// Whether every call needs a key of a plan that limits it.
fn by_plan(context: &Context<'_>, staged: &Staged<'_, '_>) -> Match {
    let keys = staged.behind.methods.iter().map(|(_, method)| {
        is(&method.api_key_required, &|asked| {
            asked.map_or(Match::No, |&asked| asked.into())
        })
        .is
    });
    let keys = Match::all(keys).and((!staged.behind.methods.is_empty()).into());
    let limits = |plan: &UsagePlan| (!plan.rate_limit.is_unset() || !plan.burst_limit.is_unset()).into();
    let plans = context.estate.usage_plans.values();
    keys.and(Match::any(plans.map(|plan| staged.is_in(plan).and(limits(plan)))))
}

/// The limit for everything, where one is written.
fn shown(staged: &Staged<'_, '_>) -> Evidence {
    let stage = staged.stage;
    let rates = staged.wide().map(|setting| &setting.throttling_rate_limit);
    match rates.into_iter().find(|rate: &&Setting<Text>| !rate.is_unset()) {
        Some(rate) => attribute(&stage.resource, "ThrottlingRateLimit", rate, &ToString::to_string),
        None => whole(
            &stage.resource,
            format!("no setting for {} has a ThrottlingRateLimit", staged.all()),
        ),
    }
}

fn fix(protocol: Protocol) -> Fix {
    let fix = Fix::new("Set limits that the functions and what is behind them can bear");
    match protocol {
        Protocol::Rest => fix.snippet(
            "MethodSettings:\n  \
               - {ResourcePath: /*, HttpMethod: \"*\", ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100}",
        ),
        Protocol::Http | Protocol::WebSocket | Protocol::V2 => {
            fix.snippet("DefaultRouteSettings:\n  ThrottlingRateLimit: 50\n  ThrottlingBurstLimit: 100")
        }
    }
}
