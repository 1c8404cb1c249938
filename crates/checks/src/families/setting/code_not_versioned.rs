//! A function that is invoked as it was last deployed, with no version to go back to.

use crate::subject::asked::{Asked, each_function};
use crate::verdict::judge::{evidence, whole};
use crate::{Check, Context, Draft, Findings};
use maremma_model::{
    Confidence, Control, Equivalent, Fact, Fix, Function, FunctionRef, Id, Peer, Rule, Setting, Severity, Tier,
    TriggerKind, Verdict,
};
use std::cell::Cell;
use std::collections::BTreeSet;

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "code-not-versioned",
        title: "Function invoked without a version",
        tier: Tier::Hygiene,
        severity: Severity::Info,
        confidence: Confidence::Medium,
        subject: "AWS::Lambda::Function",
        controls: &[Control::owasp("SAS-3"), Control::nist("CM-2")],
        equivalents: &[Equivalent::near(Peer::Config, "LAMBDA_CODE_IS_VERSIONED")],
        page: include_str!("code_not_versioned.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let estate = context.estate;
    let versions = estate.versions.values().map(|row| &row.function);
    let aliases = estate.aliases.values().map(|row| &row.function);
    let published: BTreeSet<_> = versions.chain(aliases).flat_map(named).map(|(id, _)| id).collect();
    let invoked = invoked(context);
    let asked = |row: &Function| Asked::not_at_edge(row, "CloudFront takes numbered versions only");
    let unasked = Cell::new(None);
    each_function(context, findings, asked, |id, row| {
        let fact = Fact::Attribute {
            name: "AWS::Lambda::Version".into(),
            value: None,
        };
        if published.contains(&id) {
            let says = "a version or an alias of the function is published";
            return Draft::new(id, Verdict::Pass, says, whole(&row.resource, says));
        }
        if !invoked.contains(&id) {
            let says = "nothing in this input invokes the function";
            return Draft::new(id, Verdict::NotApplicable, says, whole(&row.resource, says));
        }
        if let Some(why) = context.unasked("AWS::Lambda::Version", &row.resource) {
            unasked.set(Some(why));
            let says = "the versions of the function were not asked for";
            return Draft::new(id, Verdict::NotApplicable, says, whole(&row.resource, says));
        }
        let says = "no version of the function is published";
        let message = format!(
            "Events run the code of {} that was deployed last, and no version is there to go back to",
            context.name(id)
        );
        let fix = Fix::new("Publish a version with each deployment, and invoke the function by an alias").snippet(
            "# AWS SAM, in the function\nAutoPublishAlias: live\n\n\
             # CloudFormation, in Resources: a Version takes a new logical id with each release\n\
             ReleaseOne:\n  \
               Type: AWS::Lambda::Version\n  \
               Properties: {FunctionName: !Ref Function}\n\
             Live:\n  \
               Type: AWS::Lambda::Alias\n  \
               Properties: {FunctionName: !Ref Function, Name: live, FunctionVersion: !GetAtt ReleaseOne.Version}",
        );
        Draft::new(
            id,
            Verdict::Fail,
            message,
            evidence(&row.resource, &row.resource.at, says, fact),
        )
        .fix(fix)
    });
    if let Some(why) = unasked.take() {
        findings.not_assessed(format!("not all versions of functions are known: {why}"));
    }
}

/// The functions that events, URLs or APIs invoke without a qualifier. A custom resource is left out: it
/// runs with the deployment itself.
fn invoked(context: &Context<'_>) -> BTreeSet<Id<Function>> {
    let estate = context.estate;
    let triggers = estate.triggers.values();
    let triggers = triggers.filter(|row| row.kind != TriggerKind::CustomResource);
    let triggers = triggers.map(|row| &row.function);
    let urls = estate.urls.values().filter(|row| row.qualifier.is_unset());
    let urls = urls.map(|row| &row.function);
    let routes = estate.http_routes.values().map(|row| &row.integration.function);
    let methods = estate.rest_methods.values().map(|row| &row.integration.function);
    let references = triggers.chain(urls).chain(routes).chain(methods);
    let unqualified = references
        .flat_map(named)
        .filter(|(_, reference)| reference.qualifier.is_none());
    unqualified.map(|(id, _)| id).collect()
}

/// The functions of this estate that a setting may name.
fn named(setting: &Setting<FunctionRef>) -> impl Iterator<Item = (Id<Function>, &FunctionRef)> {
    setting
        .possible()
        .filter_map(|reference| Some((reference.function.here()?, reference)))
}
