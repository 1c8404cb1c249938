//! A runtime that is held to one version, so that patches do not reach it.

use crate::subject::image::is_image;
use crate::verdict::judge::{judge, whole};
use crate::{Check, Context, Draft, Findings};
use maremma_model::noun::{RuntimeManagement, Version};
use maremma_model::{
    AnyId, Confidence, Control, Fix, Function, Id, Resource, Rule, Severity, State, Text, Tier, Verdict, Why,
};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "runtime-pinned",
        title: "Runtime that is not patched",
        tier: Tier::Hardening,
        severity: Severity::Medium,
        confidence: Confidence::High,
        subject: "AWS::Lambda::Function",
        controls: &[Control::nist("SI-2"), Control::owasp("SAS-6")],
        equivalents: &[],
        page: include_str!("runtime_pinned.md"),
    },
    run,
};

const ATTRIBUTE: &str = "UpdateRuntimeOn";

/// Source: Lambda API reference, "RuntimeManagementConfig".
const MODES: [&str; 3] = ["Auto", "FunctionUpdate", "Manual"];

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (id, row) in context.estate.functions.iter() {
        let unsuited = match (is_image(row), row.edge) {
            (Some(true), _) => Some("the image brings its own runtime"),
            (_, true) => Some("the function runs at the edge"),
            _ => None,
        };
        let subject = (id.into(), &row.resource, &*context.name(id));
        findings.add(
            match unsuited {
                Some(says) => Draft::new(id, Verdict::NotApplicable, says, whole(&row.resource, says)),
                None => draft(subject, &row.runtime_management, "RuntimeManagementConfig"),
            }
            .affects([id]),
        );
    }
    for (id, row) in context.estate.versions.iter() {
        // A version takes the function's runtime as it is; only one that says more is judged.
        if !matches!(row.runtime_management.update_runtime_on.state, State::Default(_)) {
            findings.add(of_version(context, id, row));
        }
    }
}

fn of_version(context: &Context<'_>, id: Id<Version>, row: &Version) -> Draft {
    let function: Option<Id<Function>> = row.function.value().and_then(|reference| reference.function.here());
    let name = function.map_or_else(|| context.name(id), |function| context.name(function));
    let subject = (id.into(), &row.resource, &*format!("a version of {name}"));
    draft(subject, &row.runtime_management, "RuntimePolicy").affects(function)
}

fn draft((id, resource, name): (AnyId, &Resource, &str), managed: &RuntimeManagement, block: &str) -> Draft {
    let setting = &managed.update_runtime_on;
    let judgement = judge(resource, ATTRIBUTE, setting, |value| match value?.as_literal()? {
        "Manual" | "FunctionUpdate" => Some(true),
        "Auto" => Some(false),
        _ => None,
    });
    let unknown = setting
        .value()
        .and_then(Text::as_literal)
        .filter(|value| !MODES.contains(value));
    if let Some(value) = unknown {
        let says = format!("Lambda knows no {ATTRIBUTE} {value}: it is one of {}", MODES.join(", "));
        let message = format!("not known whether the runtime of {name} is patched: {says}");
        let draft = Draft::new(id, Verdict::Undetermined, message, judgement.evidence);
        return draft.undecided([Why::Unresolved(says.into())]);
    }
    let manual = setting.possible().any(|value| value.as_literal() == Some("Manual"));
    let pinned = managed
        .runtime_version_arn
        .value()
        .map_or_else(String::new, |arn| match arn {
            Text::Literal(arn) => format!(" {arn}"),
            Text::Holed(_) => String::new(),
        });
    let (bad, severity) = match manual {
        true => (
            format!("The runtime of {name} stays at one version{pinned}: no patch of it reaches the function"),
            Severity::Medium,
        ),
        false => (
            format!("The runtime of {name} is patched only when the function is updated"),
            Severity::Info,
        ),
    };
    let fix = Fix::new(
        "Let Lambda take in patched runtimes, and go back to a version only for as long as one breaks the function",
    );
    let written = setting.by.is_none() && managed.runtime_version_arn.is_unset();
    Draft::judged(id, judgement, bad)
        .severity(severity)
        .fix(match &setting.state {
            State::Set(_) if written => fix.replace(&setting.at, "Auto"),
            _ => fix.snippet(format!("{block}: {{{ATTRIBUTE}: Auto}}")),
        })
}
