//! A function's image that nobody scans for known flaws.

use crate::access::role::functions;
use crate::context::relations::items;
use crate::subject::image::repository;
use crate::verdict::judge::{judge, whole};
use crate::{Check, Context, Draft, Findings};
use globset::Glob;
use maremma_iam::Match;
use maremma_model::noun::{RegistryScanning, Repository};
use maremma_model::{
    Confidence, Control, Equivalent, Evidence, Fix, Function, Id, Peer, Resource, Rule, Setting, Severity, State, Text,
    Tier, Verdict, Why,
};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "image-scan-off",
        title: "Image that is not scanned when it is pushed",
        tier: Tier::Hygiene,
        severity: Severity::Medium,
        confidence: Confidence::Medium,
        subject: "AWS::ECR::Repository",
        controls: &[
            Control::fsbp("ECR.1"),
            Control::nist("RA-5"),
            Control::pci("11.3.1.3"),
            Control::owasp("SAS-6"),
        ],
        equivalents: &[
            Equivalent::near(Peer::Checkov, "CKV_AWS_163"),
            Equivalent::near(Peer::Prowler, "ecr_repositories_scan_images_on_push_enabled"),
            Equivalent::near(Peer::SecurityHub, "FSBP ECR.1"),
        ],
        page: include_str!("image_scan_off.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (id, row) in context.estate.repositories.iter() {
        let users = users(context, id);
        let draft = match users.is_empty() {
            true => {
                let says = "no function of this input runs an image of it";
                Draft::new(id, Verdict::NotApplicable, says, whole(&row.resource, says))
            }
            false => draft(context, id, row, &users),
        };
        findings.add(draft.affects(users));
    }
}

/// The functions that run, or may run, an image of a repository.
fn users(context: &Context<'_>, of: Id<Repository>) -> Vec<Id<Function>> {
    let functions = context.estate.functions.iter();
    let runs = |row: &Function| {
        let mut uris = row.code.image_uri.possible();
        uris.any(|uri| repository(context, row, uri) == Some(of))
    };
    functions.filter(|(_, row)| runs(row)).map(|(id, _)| id).collect()
}

fn draft(context: &Context<'_>, id: Id<Repository>, row: &Repository, users: &[Id<Function>]) -> Draft {
    let bad = format!(
        "Images of {} that {} runs are not scanned when they are pushed",
        context.name(id),
        functions(context, users)
    );
    let judgement = judge(&row.resource, "ScanOnPush", &row.scan_on_push, |on| Some(!*on?));
    if judgement.verdict != Verdict::Pass {
        for scanning in context.estate.registry_scannings.values() {
            if !of_one_registry(context, &row.resource, &scanning.resource) {
                continue;
            }
            match scans(scanning, &row.resource.name) {
                Match::No => {}
                Match::Yes => {
                    let says = format!("{} has the registry scan it", scanning.resource.address);
                    return Draft::new(id, Verdict::Pass, says.clone(), whole(&row.resource, says));
                }
                Match::Unknown => return unknown(id, scanning, &bad, judgement.evidence),
            }
        }
    }
    let written = matches!(row.scan_on_push.state, State::Set(_)) && row.scan_on_push.by.is_none();
    let fix = Fix::new("Scan every image when it is pushed, here or for the whole registry");
    Draft::judged(id, judgement, bad).fix(if written {
        fix.replace(&row.scan_on_push.at, "true")
    } else {
        fix.snippet("ImageScanningConfiguration: {ScanOnPush: true}")
    })
}

fn unknown(id: Id<Repository>, scanning: &RegistryScanning, bad: &str, evidence: Evidence) -> Draft {
    let doubt = format!("whether a rule of {} is for it is not known", scanning.resource.address);
    let message = format!("not known whether images are scanned: {doubt}, and if not, {bad}");
    Draft::new(id, Verdict::Undetermined, message, evidence).undecided([Why::Unresolved(doubt.into())])
}

/// There is one scanning configuration an account and region.
fn of_one_registry(context: &Context<'_>, repository: &Resource, scanning: &Resource) -> bool {
    let place = |resource: &Resource| {
        let unit = context.estate.unit(resource.unit)?;
        Some((unit.account.clone()?, unit.region.clone()?))
    };
    repository.unit == scanning.unit || place(repository).is_some_and(|own| Some(own) == place(scanning))
}

/// Whether a rule is for a repository. Source: Amazon ECR user guide, "Configuring enhanced scanning for images
/// in Amazon ECR", on filters with and without wildcards.
fn scans(scanning: &RegistryScanning, name: &Text) -> Match {
    if scanning.rules.value().is_none() {
        return if scanning.rules.is_unset() {
            Match::No
        } else {
            Match::Unknown
        };
    }
    let unread = |rule: &Setting<_>| rule.value().is_none();
    let filters = items(&scanning.rules).map(|rule| match rule.filters.value() {
        Some(filters) => Match::any(filters.iter().map(|filter| matches(filter.value(), name))),
        None if rule.filters.is_unset() => Match::No,
        None => Match::Unknown,
    });
    let known = Match::any(filters);
    match scanning.rules.value().into_iter().flatten().any(unread) {
        true => known.or(Match::Unknown),
        false => known,
    }
}

fn matches(filter: Option<&Text>, name: &Text) -> Match {
    let Some(filter) = filter.and_then(Text::as_literal) else {
        return Match::Unknown;
    };
    if filter.trim_matches('*').is_empty() {
        return Match::Yes;
    }
    let Some(name) = name.as_literal() else {
        return Match::Unknown;
    };
    if !filter.contains('*') {
        return name.contains(filter).into();
    }
    Glob::new(filter).map_or(Match::Unknown, |glob| glob.compile_matcher().is_match(name).into())
}
