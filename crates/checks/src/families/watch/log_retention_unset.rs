//! Logs of functions that are kept for ever.

use crate::subject::asked::brought;
use crate::subject::logs::{Logs, only_retention};
use crate::verdict::given::judge_given;
use crate::verdict::judge::{judge_as, whole};
use crate::{Check, Context, Draft, Findings};
use maremma_model::noun::LogGroup;
use maremma_model::{
    Confidence, Control, Equivalent, Fix, Function, Id, Link, Peer, Rule, Severity, Tier, Verdict, Why,
};
use std::collections::BTreeSet;

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "log-retention-unset",
        title: "Logs of functions without an end",
        tier: Tier::Hygiene,
        severity: Severity::Low,
        confidence: Confidence::High,
        subject: "AWS::Logs::LogGroup",
        controls: &[
            Control::nist("AU-11"),
            Control::nist("SI-12"),
            Control::pci("10.5.1"),
            Control::owasp("SAS-5"),
        ],
        equivalents: &[
            Equivalent::exact(Peer::Checkov, "CKV_AWS_66"),
            Equivalent::near(Peer::Checkov, "CKV_AWS_338"),
            Equivalent::near(Peer::CfnNag, "W86"),
            Equivalent::near(Peer::CdkNag, "LambdaLogging"),
            Equivalent::near(Peer::CloudSploit, "lambdaLogGroups"),
            Equivalent::near(
                Peer::Prowler,
                "cloudwatch_log_group_retention_policy_specific_days_enabled",
            ),
            Equivalent::near(Peer::ServerlessRules, "WS1004"),
        ],
        page: include_str!("log_retention_unset.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let logs = Logs::of(context);
    let writers = logs.writers();
    let nobody = BTreeSet::new();
    for (id, group) in context.estate.log_groups.iter() {
        let functions = writers.get(&id).unwrap_or(&nobody);
        findings.add(of_group(&logs, id, group, functions).affects(functions.iter().copied()));
    }
    let mut unasked = None;
    for (id, function) in context.estate.functions.iter() {
        if logs.declared(id, function).is_no()
            && let Some(why) = context.unasked("AWS::Logs::LogGroup", &function.resource)
        {
            unasked = Some(why);
            let says = "the log groups of the account were not asked for";
            let draft = Draft::new(id, Verdict::NotApplicable, says, whole(&function.resource, says));
            findings.add(draft.affects([id]));
            continue;
        }
        findings.add(of_function(context, &logs, id, function).affects([id]));
    }
    if let Some(why) = unasked {
        findings.not_assessed(format!("not all log groups are known: {why}"));
    }
}

fn of_group(logs: &Logs<'_>, id: Id<LogGroup>, group: &LogGroup, functions: &BTreeSet<Id<Function>>) -> Draft {
    if functions.is_empty() {
        let says = "no function here writes to the log group";
        return Draft::new(id, Verdict::NotApplicable, says, whole(&group.resource, says));
    }
    let days = &group.retention_days;
    let judgement = judge_given(&group.resource, "RetentionInDays", days, &ToString::to_string, &|_| {
        false
    });
    if judgement.verdict != Verdict::Pass && !only_retention(group) && logs.retained_by_another(id, group) {
        let says = "a custom resource of the CDK's sets the retention of the log group";
        return Draft::new(id, Verdict::Pass, says, whole(&group.resource, says));
    }
    let bad = "The log group keeps what functions write for ever";
    let fix = Fix::new("Say how long the logs are of use").snippet("RetentionInDays: 90");
    Draft::judged(id, judgement, bad).fix(fix)
}

/// A function whose log group is not here: Lambda makes one, without an end.
fn of_function(context: &Context<'_>, logs: &Logs<'_>, id: Id<Function>, row: &Function) -> Draft {
    if row.edge {
        let says = "Lambda@Edge logs in the region nearest to the viewer, where no template of the function reaches";
        return Draft::new(id, Verdict::NotApplicable, says, whole(&row.resource, says));
    }
    if let Some(says) = brought(row) {
        return Draft::new(id, Verdict::NotApplicable, says, whole(&row.resource, says));
    }
    let named = &row.logging.log_group;
    let declared = logs.declared(id, row);
    let show = |link: &Link<LogGroup>| context.linked(link);
    let name = "LoggingConfig.LogGroup";
    // Lambda answers the name of the group for every function, also before it makes the group.
    let all_known = context.is_live(&row.resource) && context.unasked("AWS::Logs::LogGroup", &row.resource).is_none();
    let mut judgement = judge_as(&row.resource, name, named, &show, |link| match link {
        Some(Link::Here(_)) => Some(false),
        Some(Link::Outside(name)) if all_known && name.as_literal().is_some() => Some(true),
        Some(Link::Outside(_) | Link::Unknown(_)) => None,
        None if declared.is_unknown() => None,
        None => Some(declared.is_no()),
    });
    let elsewhere = matches!(named.value(), Some(Link::Outside(_)));
    let (says, why) = match judgement.verdict {
        Verdict::Fail if context.is_live(&row.resource) => ("the function has no log group yet", None),
        Verdict::Fail => ("no log group of the function is declared in its template", None),
        Verdict::Pass if named.is_unset() => ("the log group of the function is declared in its template", None),
        Verdict::Undetermined if elsewhere => (
            "LoggingConfig.LogGroup names a log group that is not in this input",
            Some("the log group of a function is not in this input"),
        ),
        Verdict::Undetermined if named.is_unset() => (
            "a log group whose name is not known may be the function's",
            Some("the name of a log group or of a function is not known"),
        ),
        _ => (judgement.evidence.says.as_str(), None),
    };
    judgement.evidence.says = says.to_owned();
    judgement.undecided.extend(why.map(|why| Why::Unresolved(why.into())));
    let bad = format!(
        "Lambda makes the log group of {}, and keeps what it logs for ever",
        context.name(id)
    );
    let fix = Fix::new("Declare the log group, and have the function write to it").snippet(
        "LoggingConfig: {LogGroup: !Ref Log}\n\n\
         # in Resources\n\
         Log:\n  \
           Type: AWS::Logs::LogGroup\n  \
           Properties: {RetentionInDays: 90}",
    );
    Draft::judged(id, judgement, bad)
        .severity(Severity::Info)
        .confidence(Confidence::Medium)
        .fix(fix)
}
