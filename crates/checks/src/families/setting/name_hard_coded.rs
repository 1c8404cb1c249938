//! A function whose name is written in the template.

use crate::subject::asked::{Asked, each_function};
use crate::verdict::given::given;
use crate::verdict::judge::attribute;
use crate::{Check, Context, Draft, Findings};
use maremma_model::{Confidence, Control, Equivalent, Fix, Peer, Rule, Severity, Text, Tier, Verdict};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "name-hard-coded",
        title: "Function with a name of its own",
        tier: Tier::Hygiene,
        severity: Severity::Info,
        confidence: Confidence::High,
        subject: "AWS::Lambda::Function",
        controls: &[Control::owasp("SAS-3")],
        equivalents: &[Equivalent::near(Peer::CfnNag, "W28")],
        page: include_str!("name_hard_coded.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    each_function(
        context,
        findings,
        |row| match &row.resource {
            live if context.is_live(live) => Asked::No("whether somebody chose the name is written in no account"),
            named if context.is_of_terraform(named) => Asked::No("the AWS provider of Terraform asks for a name"),
            _ => Asked::Yes,
        },
        |id, row| {
            let name = &row.given_name;
            let mut evidence = attribute(&row.resource, "FunctionName", name, &ToString::to_string);
            let empty = |name: &Text| name.as_literal() == Some("");
            let (given, undecided) = given(&name.state, &empty);
            let bad = "CloudFormation cannot replace the function while it has this name";
            let (verdict, message) = match given {
                Some(true) => {
                    // The same words for every function: what many have in common is said once.
                    evidence.says = "FunctionName is set".to_owned();
                    (Verdict::Fail, bad.to_owned())
                }
                Some(false) => (Verdict::Pass, evidence.says.clone()),
                None => {
                    let message = format!(
                        "not known whether CloudFormation can replace the function: {}",
                        evidence.says
                    );
                    (Verdict::Undetermined, message)
                }
            };
            let fix = Fix::new("Leave FunctionName out, and refer to the function by !Ref where its name is needed");
            Draft::new(id, verdict, message, evidence).undecided(undecided).fix(fix)
        },
    );
}
