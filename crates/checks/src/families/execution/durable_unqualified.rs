//! A durable function that is invoked without a version.

use crate::verdict::judge::{evidence, whole};
use crate::{Check, Context, Draft, Findings};
use maremma_model::noun::Trigger;
use maremma_model::{Confidence, Control, Fact, Fix, Function, Id, Rule, Severity, State, Tier, Verdict, Why};
use std::collections::BTreeSet;

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "durable-unqualified",
        title: "Durable function invoked without a version",
        tier: Tier::Hardening,
        severity: Severity::Medium,
        confidence: Confidence::High,
        subject: "AWS::Lambda::Function",
        controls: &[Control::owasp("SAS-9")],
        equivalents: &[],
        page: include_str!("durable_unqualified.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (id, row) in context.estate.functions.iter() {
        let durable = &row.durable.execution_timeout.state;
        let sure = match durable {
            State::Unset => {
                let says = "its executions are not durable";
                findings.add(Draft::new(id, Verdict::NotApplicable, says, whole(&row.resource, says)).affects([id]));
                continue;
            }
            // It is durable whatever the number is; not so where it may not be there.
            State::Unknown(unknown)
                if unknown
                    .candidates
                    .iter()
                    .any(|world| matches!(world.state, State::Unset)) =>
            {
                Some(unknown.why.clone())
            }
            _ => None,
        };
        of_function(context, findings, (id, row), sure);
    }
}

fn of_function(
    context: &Context<'_>,
    findings: &mut Findings<'_>,
    (id, row): (Id<Function>, &Function),
    doubt: Option<Why>,
) {
    let mut told = BTreeSet::new();
    let triggers = context.relations.triggers(id).iter();
    for trigger in triggers.filter_map(|trigger| context.estate.triggers.get(*trigger)) {
        let qualified = trigger
            .function
            .value()
            .is_none_or(|reference| reference.qualifier.is_some());
        if !qualified && told.insert(trigger.resource.address.clone()) {
            findings.add(draft(context, id, trigger, doubt.as_ref()));
        }
    }
    if told.is_empty() {
        let says = "what invokes it here names a version or an alias";
        findings.add(Draft::new(id, Verdict::Pass, says, whole(&row.resource, says)).affects([id]));
    }
}

fn draft(context: &Context<'_>, id: Id<Function>, trigger: &Trigger, doubt: Option<&Why>) -> Draft {
    let name = context.name(id);
    let bad = format!(
        "{} invokes durable function {name} without a version: Lambda refuses it, or, by $LATEST, \
         resumes executions with other code than they began with",
        trigger.resource.address
    );
    let (verdict, message) = match doubt {
        None => (Verdict::Fail, bad),
        Some(why) => (
            Verdict::Undetermined,
            format!("not known whether {name} is durable: {why}"),
        ),
    };
    let fact = Fact::Attribute {
        name: "function".into(),
        value: None,
    };
    let says = format!("it names neither a version nor an alias of {name}");
    let evidence = evidence(&trigger.resource, &trigger.function.at, says, fact);
    Draft::new(id, verdict, message, evidence)
        .detail(trigger.resource.address.clone())
        .undecided(doubt.cloned())
        .affects([id])
        .fix(
            Fix::new("Publish a version, and let whoever invokes the function name an alias of it").snippet(
                "Alias:\n  \
                   Type: AWS::Lambda::Alias\n  \
                   Properties:\n    \
                     FunctionName: !Ref Function\n    \
                     FunctionVersion: !GetAtt Version.Version\n    \
                     Name: live\n\
                 Version:\n  \
                   Type: AWS::Lambda::Version\n  \
                   Properties: {FunctionName: !Ref Function}",
            ),
        )
}
