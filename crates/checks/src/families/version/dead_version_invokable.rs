//! A permission to invoke a version that nothing here uses any more.

use crate::subject::version::{Named, Target, targets};
use crate::verdict::answer::{Answer, Carrier};
use crate::{Check, Context, Findings};
use maremma_iam::Match;
use maremma_model::{
    Confidence, Control, Fact, Fix, Function, Id, Location, Permission, Rule, Severity, Text, Tier, Why,
};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "dead-version-invokable",
        title: "Permission to invoke an abandoned version",
        tier: Tier::Hardening,
        severity: Severity::Medium,
        confidence: Confidence::Medium,
        subject: "AWS::Lambda::Permission",
        controls: &[Control::nist("AC-6"), Control::owasp("SAS-11")],
        equivalents: &[],
        page: include_str!("dead_version_invokable.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (id, row) in context.estate.permissions.iter() {
        let reference = row.function.value();
        let function = reference.and_then(|reference| reference.function.here());
        let qualifier = reference.and_then(|reference| reference.qualifier.as_ref());
        let answer = match (function, qualifier) {
            (Some(function), Some(qualifier)) => answer(context, (id, row), function, qualifier),
            (Some(_), None) => none(row, "it is for no single version"),
            (None, _) => none(row, "the function is not in this input"),
        };
        let answer = answer.fact(Fact::Attribute {
            name: "FunctionName".into(),
            value: qualifier.map(ToString::to_string),
        });
        let draft = Carrier::of(id, &row.resource).draft(answer, None);
        findings.add(draft.affects(function).qualifier(qualifier));
    }
}

fn none(row: &Permission, says: &str) -> Answer {
    Answer::not_applicable(&row.function.at, says)
}

fn answer(
    context: &Context<'_>,
    (id, row): (Id<Permission>, &Permission),
    function: Id<Function>,
    qualifier: &Text,
) -> Answer {
    let Some(version) = Named::of(qualifier) else {
        return none(row, "it names no version, but an alias or what is not known");
    };
    let at: &Location = &row.function.at;
    let name = context.name(function);
    let (targets, open) = targets(context, function);
    if targets.is_empty() && open.is_none() {
        return none(row, "no alias of the function here says which version is in use");
    }
    if triggered(context, function, version) {
        return Answer::pass(at, format!("a trigger here invokes {}", version.words(context)));
    }
    let older = targets.iter().map(|target| is_older(version, target.version));
    let abandoned = Match::all(older).and(if open.is_none() { Match::Yes } else { Match::Unknown });
    let bad = format!(
        "{} lets {} of {name} be invoked, which is older than what its aliases run",
        context.name(id),
        version.words(context)
    );
    match abandoned {
        Match::No => Answer::pass(
            at,
            format!("an alias here runs {}, or an older one", version.words(context)),
        ),
        Match::Yes => {
            let runs = targets.first().map_or_else(String::new, |target| {
                format!(": alias {} runs {}", target.alias, shown(context, target.version))
            });
            let says = format!("FunctionName names {}", version.words(context));
            Answer::fail(at, format!("{bad}{runs}"), says).fix(fix(&targets))
        }
        Match::Unknown => {
            let doubt = "which versions its aliases run is not known";
            let hole = || targets.iter().find_map(|target| target.version.why().cloned());
            let why = open.or_else(hole);
            let why = why.unwrap_or_else(|| Why::Unresolved(doubt.into()));
            Answer::undetermined(at, &bad, doubt, Some(why))
        }
    }
}

/// Whether a version is older than the one that an alias runs.
fn is_older(version: Named, than: &Text) -> Match {
    if than.as_literal() == Some("$LATEST") {
        return Match::Yes;
    }
    match Named::of(than).and_then(|other| version.is_older_than(other)) {
        Some(older) => older.into(),
        None => Match::Unknown,
    }
}

fn triggered(context: &Context<'_>, function: Id<Function>, version: Named) -> bool {
    let triggers = context.relations.triggers(function).iter();
    let references = triggers.filter_map(|id| context.estate.triggers.get(*id)?.function.value());
    let mut named = references.filter_map(|reference| Named::of(reference.qualifier.as_ref()?));
    named.any(|named| named == version)
}

fn shown(context: &Context<'_>, version: &Text) -> String {
    Named::of(version).map_or_else(|| version.to_string(), |version| version.words(context))
}

fn fix(targets: &[Target<'_>]) -> Fix {
    let fix = Fix::new("Permit the alias instead, which moves on with every release, and delete the version");
    match targets.first() {
        Some(target) => fix.snippet(format!("FunctionName: !Sub \"${{Function}}:{}\"", target.alias)),
        None => fix,
    }
}
