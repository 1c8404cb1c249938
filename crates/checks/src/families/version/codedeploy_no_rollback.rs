//! A deployment of functions that does not go back when it fails.

use crate::subject::deployment::each_group;
use crate::verdict::judge::judge;
use crate::verdict::possible::any;
use crate::{Check, Context, Draft, Findings};
use maremma_iam::Match;
use maremma_model::noun::DeploymentGroup;
use maremma_model::{
    Confidence, Control, Equivalent, Evidence, Fact, Fix, Id, Peer, Rule, Severity, Text, Tier, Verdict,
};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "codedeploy-no-rollback",
        title: "Deployment of functions without automatic rollback",
        tier: Tier::Hygiene,
        severity: Severity::Low,
        confidence: Confidence::High,
        subject: "AWS::CodeDeploy::DeploymentGroup",
        controls: &[Control::owasp("SAS-3")],
        equivalents: &[
            Equivalent::near(Peer::Config, "codedeploy-auto-rollback-monitor-enabled"),
            Equivalent::near(Peer::Config, "codedeploy-deployment-group-auto-rollback-enabled"),
        ],
        page: include_str!("codedeploy_no_rollback.md"),
    },
    run,
};

const FAILURE: &str = "DEPLOYMENT_FAILURE";

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    each_group(context, findings, |id, row| draft(context, id, row));
}

fn draft(context: &Context<'_>, id: Id<DeploymentGroup>, row: &DeploymentGroup) -> Draft {
    let bad = format!("{} does not go back when a deployment fails", context.name(id));
    let enabled = judge(
        &row.resource,
        "AutoRollbackConfiguration.Enabled",
        &row.rollback_enabled,
        |on| Some(!*on?),
    );
    let draft = match enabled.verdict {
        Verdict::Pass => of_events(id, row, &bad),
        _ => Draft::judged(id, enabled, bad),
    };
    draft.fix(
        Fix::new("Go back by itself when a deployment fails or an alarm stops it").snippet(
            "AutoRollbackConfiguration:\n  Enabled: true\n  Events: [DEPLOYMENT_FAILURE, DEPLOYMENT_STOP_ON_ALARM]",
        ),
    )
}

fn of_events(id: Id<DeploymentGroup>, row: &DeploymentGroup, bad: &str) -> Draft {
    let name = "AutoRollbackConfiguration.Events";
    let told = any(&row.rollback_events, &|event: &Text| match event.as_literal() {
        Some(event) => (event == FAILURE).into(),
        None => Match::Unknown,
    });
    let (verdict, says) = match told.is {
        Match::Yes => (Verdict::Pass, format!("{name} has {FAILURE}")),
        Match::No => (Verdict::Fail, format!("{name} lacks {FAILURE}")),
        Match::Unknown => (
            Verdict::Undetermined,
            format!("whether {name} has {FAILURE} is not known"),
        ),
    };
    let message = match verdict {
        Verdict::Fail => bad.to_owned(),
        _ => says.clone(),
    };
    let evidence = Evidence {
        at: match told.is {
            Match::No => row.rollback_events.at.clone(),
            _ => told.at.clone(),
        },
        address: Some(row.resource.address.clone()),
        says,
        fact: Fact::Attribute {
            name: name.into(),
            value: told.value.map(ToString::to_string),
        },
    };
    let hole = || told.value.and_then(Text::why).cloned();
    Draft::new(id, verdict, message, evidence).undecided(told.why.cloned().or_else(hole))
}
