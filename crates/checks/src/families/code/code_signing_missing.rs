//! A function that takes code from anybody who may update it, signed or not.

use crate::subject::asked::brought;
use crate::subject::image::is_image;
use crate::verdict::given::given;
use crate::verdict::judge::{attribute, evidence};
use crate::{Check, Context, Draft, Findings};
use maremma_model::noun::CodeSigningConfig;
use maremma_model::{
    Confidence, Control, Equivalent, Fact, Fix, Function, Id, Link, Peer, Rule, Severity, State, Tier, UnitId, Verdict,
    Why,
};
use std::collections::HashSet;

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "code-signing-missing",
        title: "Function without code signing",
        tier: Tier::Hygiene,
        severity: Severity::Medium,
        confidence: Confidence::High,
        subject: "AWS::Lambda::Function",
        controls: &[
            Control::cis("4.8"),
            Control::nist("CM-14"),
            Control::nist("SI-7"),
            Control::owasp("SAS-3"),
        ],
        equivalents: &[
            Equivalent::exact(Peer::Checkov, "CKV_AWS_272"),
            Equivalent::near(Peer::CloudSploit, "lambdaCodeSigningEnabled"),
        ],
        page: include_str!("code_signing_missing.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let functions = || context.estate.functions.iter();
    let signed = functions().filter(|(_, row)| signed(&row.code_signing_config.state).0 == Some(true));
    let signing: HashSet<UnitId> = signed.map(|(_, row)| row.resource.unit).collect();
    for (id, row) in functions() {
        // Where nobody signs, it is a way of working to take up; beside signed ones, it is a hole.
        let severity = if signing.contains(&row.resource.unit) {
            Severity::Medium
        } else {
            Severity::Low
        };
        findings.add(draft(context, id, row).severity(severity).affects([id]));
    }
}

fn draft(context: &Context<'_>, id: Id<Function>, row: &Function) -> Draft {
    if let Some(says) = unsuited(row) {
        let fact = Fact::Attribute {
            name: "CodeSigningConfigArn".into(),
            value: None,
        };
        let evidence = evidence(&row.resource, &row.resource.at, says, fact);
        return Draft::new(id, Verdict::NotApplicable, says, evidence);
    }
    let (signed, mut undecided) = signed(&row.code_signing_config.state);
    let mut verdict = match signed {
        Some(true) => Verdict::Pass,
        Some(false) => Verdict::Fail,
        None => Verdict::Undetermined,
    };
    let evidence = attribute(
        &row.resource,
        "CodeSigningConfigArn",
        &row.code_signing_config,
        &|link| match link {
            Link::Here(config) => context.name(*config).to_string(),
            Link::Outside(text) => text.to_string(),
            Link::Unknown(why) => why.name().to_owned(),
        },
    );
    let bad = format!("Lambda deploys unsigned code to {}", context.name(id));
    let message = match verdict {
        Verdict::Fail if is_image(row).is_none() => {
            verdict = Verdict::Undetermined;
            undecided = why(&row.package_type.state).into_iter().collect();
            format!("{bad}, unless it is an image: PackageType is not known")
        }
        Verdict::Fail => bad,
        Verdict::Undetermined => format!("not known whether {bad}: {}", evidence.says),
        Verdict::Pass | Verdict::NotApplicable => evidence.says.clone(),
    };
    Draft::new(id, verdict, message, evidence)
        .undecided(undecided)
        .fix(fix())
}

/// Why signing is not asked of a function.
fn unsuited(row: &Function) -> Option<&'static str> {
    if is_image(row) == Some(true) {
        return Some("Lambda signs no images");
    }
    if row.edge {
        return Some("the function runs at the edge");
    }
    if let Some(says) = brought(row) {
        return Some(says);
    }
    let inline = !row.code.zip_file.is_unset() && row.code.s3_key.is_unset();
    inline.then_some("the code is written in the template, which nobody can sign")
}

/// Whether a configuration is named. A value that is given at deployment names one.
fn signed(state: &State<Link<CodeSigningConfig>>) -> (Option<bool>, Vec<Why>) {
    given(
        state,
        &|link| matches!(link, Link::Outside(text) if text.as_literal() == Some("")),
    )
}

fn why<T>(state: &State<T>) -> Option<Why> {
    match state {
        State::Unknown(unknown) => Some(unknown.why.clone()),
        _ => None,
    }
}

fn fix() -> Fix {
    Fix::new("Name a code-signing configuration that blocks what its publishers have not signed").snippet(
        "CodeSigningConfigArn: !Ref Signing\n\n\
         # in Resources\n\
         Signing:\n  \
           Type: AWS::Lambda::CodeSigningConfig\n  \
           Properties:\n    \
             AllowedPublishers: {SigningProfileVersionArns: [!GetAtt Publisher.ProfileVersionArn]}\n    \
             CodeSigningPolicies: {UntrustedArtifactOnDeployment: Enforce}\n\
         Publisher:\n  \
           Type: AWS::Signer::SigningProfile\n  \
           Properties: {PlatformId: AWSLambda-SHA384-ECDSA}",
    )
}
