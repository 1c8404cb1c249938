//! A deployment that sends all events to the new version at once.

use crate::subject::deployment::each_group;
use crate::verdict::judge::judge;
use crate::{Check, Context, Draft, Findings};
use maremma_model::noun::DeploymentGroup;
use maremma_model::{Confidence, Control, Equivalent, Fix, Id, Peer, Rule, Severity, State, Tier, Why};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "codedeploy-all-at-once",
        title: "Deployment of functions that shifts all traffic at once",
        tier: Tier::Hygiene,
        severity: Severity::Low,
        confidence: Confidence::High,
        subject: "AWS::CodeDeploy::DeploymentGroup",
        controls: &[Control::owasp("SAS-3")],
        equivalents: &[
            Equivalent::near(
                Peer::Steampipe,
                "codedeploy_deployment_group_lambda_allatonce_traffic_shift_disabled",
            ),
            Equivalent::near(Peer::Config, "codedeploy-lambda-allatonce-traffic-shift-disabled"),
        ],
        page: include_str!("codedeploy_all_at_once.md"),
    },
    run,
};

const ATTRIBUTE: &str = "DeploymentConfigName";
const AT_ONCE: &str = "CodeDeployDefault.LambdaAllAtOnce";
const CANARY: &str = "CodeDeployDefault.LambdaCanary10Percent5Minutes";

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    each_group(context, findings, |id, row| draft(context, id, row));
}

fn draft(context: &Context<'_>, id: Id<DeploymentGroup>, row: &DeploymentGroup) -> Draft {
    let setting = &row.deployment_config;
    let judgement = judge(&row.resource, ATTRIBUTE, setting, |name| {
        Some(name?.as_literal()? == AT_ONCE)
    });
    let name = context.name(id);
    let draft = Draft::judged(
        id,
        judgement,
        format!("{name} shifts all traffic to a new version at once"),
    );
    let fix = Fix::new("Shift a tenth first, and the rest when nothing goes wrong");
    let (why, written) = match &setting.state {
        // CodeDeploy documents only the default of instances, which functions cannot have.
        State::Unset => {
            let words = "which configuration CodeDeploy takes for functions where none is named is not documented";
            (Some(Why::Unresolved(words.into())), false)
        }
        State::Set(text) => (
            text.why().cloned(),
            text.as_literal() == Some(AT_ONCE) && setting.by.is_none(),
        ),
        _ => (None, false),
    };
    draft.undecided(why).fix(if written {
        fix.replace(&setting.at, CANARY)
    } else {
        fix.snippet(format!(
            "{ATTRIBUTE}: {CANARY}\n\n\
             # AWS SAM, in the function\n\
             DeploymentPreference: {{Type: Canary10Percent5Minutes}}"
        ))
    })
}
