//! A runtime that AWS no longer patches.

use crate::subject::image::is_image;
use crate::verdict::judge::{evidence, judge};
use crate::{Check, Context, Draft, Findings};
use jiff::civil::Date;
use maremma_facts::{Lifecycle, runtimes, sources};
use maremma_model::{
    Confidence, Control, Equivalent, Fact, Fix, Function, Id, Peer, Rule, Severity, State, Text, Tier, Verdict, Why,
};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "runtime-deprecated",
        title: "Runtime without security patches",
        tier: Tier::Hardening,
        severity: Severity::Medium,
        confidence: Confidence::High,
        subject: "AWS::Lambda::Function",
        controls: &[
            Control::cis("4.11"),
            Control::fsbp("Lambda.2"),
            Control::nist("SI-2"),
            Control::pci("12.3.4"),
            Control::owasp("SAS-6"),
        ],
        equivalents: &[
            Equivalent::exact(Peer::Checkov, "CKV_AWS_363"),
            Equivalent::exact(Peer::Prowler, "awslambda_function_using_supported_runtimes"),
            Equivalent::exact(Peer::SecurityHub, "FSBP Lambda.2"),
            Equivalent::near(Peer::CfnLint, "W2531"),
            Equivalent::near(Peer::CfnLint, "E2531"),
            Equivalent::near(Peer::CfnLint, "E2533"),
            Equivalent::near(Peer::Config, "lambda-function-settings-check"),
        ],
        page: include_str!("runtime_deprecated.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (id, row) in context.estate.functions.iter() {
        findings.add(match is_image(row) {
            Some(true) => not_applicable(id, row, "the image brings its own runtime"),
            _ if row.runtime.is_unset() => not_applicable(id, row, "Runtime is not set"),
            _ => draft(context, id, row),
        });
    }
}

fn not_applicable(id: Id<Function>, row: &Function, says: &str) -> Draft {
    let fact = Fact::Attribute {
        name: "Runtime".into(),
        value: None,
    };
    let evidence = evidence(&row.resource, &row.runtime.at, says, fact);
    Draft::new(id, Verdict::NotApplicable, says, evidence)
}

fn draft(context: &Context<'_>, id: Id<Function>, row: &Function) -> Draft {
    let today = context.as_of;
    let deprecated = |runtime: &Text| Some(lifecycle(runtime)?.1.deprecated.is_some_and(|date| date <= today));
    let mut judgement = judge(&row.resource, "Runtime", &row.runtime, |runtime| match runtime {
        Some(runtime) => deprecated(runtime),
        None => Some(false),
    });
    let name = context.name(id);
    let mut known: Vec<_> = row.runtime.possible().filter_map(lifecycle).collect();
    known.sort_by_key(|(_, life)| (life.update_block.is_none(), life.update_block, life.deprecated));
    let worst = known
        .iter()
        .find(|(_, life)| life.deprecated.is_some_and(|date| date <= today));
    let Some((runtime, life)) = worst else {
        if let (Verdict::Pass, [(runtime, life), ..]) = (judgement.verdict, known.as_slice()) {
            judgement.evidence.says = format!("{}, {}", judgement.evidence.says, supported(life));
            judgement.evidence.fact = dated(runtime, "deprecated", life.deprecated).unwrap_or(judgement.evidence.fact);
        }
        let unlisted = row.runtime.possible().find(|runtime| lifecycle(runtime).is_none());
        let bad = format!("{name} uses a deprecated Runtime");
        return Draft::judged(id, judgement, bad)
            .undecided(unlisted.map(why_unlisted))
            .affects([id]);
    };
    let blocked = life.update_block.is_some_and(|date| date <= today);
    let (event, date) = if blocked {
        ("update-block", life.update_block)
    } else {
        ("deprecated", life.deprecated)
    };
    if let (Verdict::Fail, Some(fact)) = (judgement.verdict, dated(runtime, event, date)) {
        judgement.evidence.fact = fact;
    }
    let bad = format!("Runtime {runtime} of {name} is {}", dates(life, today));
    Draft::judged(id, judgement, bad)
        .severity(if blocked { Severity::High } else { CHECK.rule.severity })
        .affects([id])
        .fix(fix(row, runtime, life))
}

fn lifecycle(runtime: &Text) -> Option<(&str, &'static Lifecycle)> {
    let name = runtime.as_literal()?;
    Some((name, runtimes().get(name)?))
}

fn dated(runtime: &str, event: &str, date: Option<Date>) -> Option<Fact> {
    Some(Fact::Dated {
        subject: runtime.into(),
        event: event.into(),
        date: date?.to_string().into(),
    })
}

fn supported(life: &Lifecycle) -> String {
    match life.deprecated {
        Some(date) => format!("which is deprecated from {date}"),
        None => "for which no end is announced".to_owned(),
    }
}

/// `deprecated since 2025-12-15, updates of functions that use it are blocked from 2027-03-03`.
fn dates(life: &Lifecycle, today: Date) -> String {
    let since = life.deprecated.map(|date| format!("deprecated since {date}"));
    let blocked = life.update_block.map(|date| {
        let word = if date <= today { "since" } else { "from" };
        format!("updates of functions that use it are blocked {word} {date}")
    });
    since.into_iter().chain(blocked).collect::<Vec<_>>().join(", ")
}

fn why_unlisted(runtime: &Text) -> Why {
    let date = sources()
        .iter()
        .find(|source| source.name == "runtime-lifecycle")
        .map_or_else(String::new, |source| format!(" of {}", source.date));
    match runtime.why() {
        Some(why) => why.clone(),
        None => Why::Unresolved(format!("runtime {runtime} is not in the facts{date}").into()),
    }
}

/// A replacement where the runtime is written out and the successor is of the same language.
fn fix(row: &Function, runtime: &str, life: &Lifecycle) -> Fix {
    let Some(successor) = &life.successor else {
        return Fix::new("Move to a runtime that is supported, and test the function with it");
    };
    let fix = Fix::new(format!("Move to {successor}, and test the function with it"));
    let written_here = matches!(row.runtime.state, State::Set(_)) && row.runtime.by.is_none();
    if written_here && language(runtime) == language(successor) {
        fix.replace(&row.runtime.at, successor)
    } else {
        fix.snippet(format!("Runtime: {successor}"))
    }
}

fn language(runtime: &str) -> &str {
    let name = runtime
        .split(|c: char| !c.is_ascii_alphabetic())
        .next()
        .unwrap_or(runtime);
    if name == "dotnetcore" { "dotnet" } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Trust;
    use jiff::civil::date;
    use maremma_model::Finding;
    use maremma_source::{Options, read_texts};

    fn on(day: Date, runtime: &str) -> Finding {
        let text = format!(
            "Resources:\n  Orders:\n    Type: AWS::Lambda::Function\n    Properties:\n      Runtime: {runtime}\n"
        );
        let estate = read_texts(&[("template.yaml", &text)], &Options::default());
        let trust = Trust::default();
        let context = Context::new(&estate, &trust, day);
        let mut findings = crate::run(&context, &[&CHECK]);
        assert_eq!(findings.len(), 1);
        findings.remove(0)
    }

    #[test]
    fn the_day_decides() {
        let life = runtimes().get("python3.9").unwrap();
        let (deprecated, blocked) = (life.deprecated.unwrap(), life.update_block.unwrap());
        let before = on(deprecated.yesterday().unwrap(), "python3.9");
        assert_eq!(before.verdict, Verdict::Pass);
        assert!(
            before.message.ends_with(&format!("deprecated from {deprecated}")),
            "{}",
            before.message
        );
        let since = on(deprecated, "python3.9");
        assert_eq!((since.verdict, since.severity), (Verdict::Fail, Severity::Medium));
        assert_eq!(
            since.message,
            format!(
                "Runtime python3.9 of Orders is deprecated since {deprecated}, \
                 updates of functions that use it are blocked from {blocked}"
            )
        );
        assert!(matches!(&since.evidence.fact, Fact::Dated { event, .. } if &**event == "deprecated"));
        let last = on(blocked.yesterday().unwrap(), "python3.9");
        assert_eq!(last.severity, Severity::Medium);
        let after = on(blocked, "python3.9");
        assert_eq!((after.verdict, after.severity), (Verdict::Fail, Severity::High));
        assert!(
            after.message.ends_with(&format!("blocked since {blocked}")),
            "{}",
            after.message
        );
        assert!(matches!(&after.evidence.fact, Fact::Dated { event, .. } if &**event == "update-block"));
    }

    #[test]
    fn what_the_facts_do_not_know_is_said_with_their_date() {
        let finding = on(date(2026, 6, 1), "cobol85");
        assert_eq!(finding.verdict, Verdict::Undetermined);
        let [Why::Unresolved(words)] = finding.undecided.as_slice() else {
            panic!("{:?}", finding.undecided)
        };
        assert!(
            words.starts_with("runtime cobol85 is not in the facts of 20"),
            "{words}"
        );
    }

    #[test]
    fn only_the_same_language_is_replaced_in_place() {
        let edit = |runtime| on(date(2026, 6, 1), runtime).fix.unwrap().edit;
        assert!(edit("nodejs12.x").is_some());
        assert!(edit("dotnetcore3.1").is_some());
        assert!(edit("go1.x").is_none());
    }
}
