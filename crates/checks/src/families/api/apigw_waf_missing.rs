//! A public stage of a REST API that no web ACL stands before.

use crate::subject::api::{Apis, Protocol, Staged, is_private, stages};
use crate::verdict::judge::whole;
use crate::verdict::possible::is;
use crate::{Check, Context, Draft, Findings};
use maremma_iam::Match;
use maremma_model::noun::AnyLink;
use maremma_model::{Confidence, Control, Equivalent, Fix, Peer, Resource, Rule, Severity, Tier, Verdict};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "apigw-waf-missing",
        title: "Public REST API stage without web ACL",
        tier: Tier::Hygiene,
        severity: Severity::Medium,
        confidence: Confidence::High,
        subject: "AWS::ApiGateway::Stage",
        controls: &[
            Control::fsbp("APIGateway.4"),
            Control::nist("AC-4(21)"),
            Control::pci("6.4.2"),
            Control::owasp("SAS-1"),
        ],
        equivalents: &[
            Equivalent::near(Peer::Checkov, "CKV2_AWS_29"),
            Equivalent::near(Peer::Prowler, "apigateway_restapi_waf_acl_attached"),
            Equivalent::near(Peer::SecurityHub, "FSBP APIGateway.4"),
            Equivalent::near(Peer::Kics, "fcbf9019-566c-4832-a65c-af00d8137d2b"),
            Equivalent::near(Peer::Config, "api-gw-associated-with-waf"),
            Equivalent::near(Peer::CloudSploit, "apigatewayWafEnabled"),
            Equivalent::near(Peer::CdkNag, "AwsSolutions-APIG3"),
        ],
        page: include_str!("apigw_waf_missing.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let apis = Apis::of(context);
    let stages = stages(context, &apis);
    let mut elsewhere = false;
    for staged in &stages {
        let draft = match excused(context, &stages, staged) {
            Some(says) => Err(says),
            None if guarded(context, staged).is_no() && !holds_acls(context, &staged.stage.resource) => {
                elsewhere = true;
                Err("the input declares no web ACL")
            }
            None => Ok(staged.behind.settled(draft(context, staged))),
        };
        findings.add(draft.unwrap_or_else(|says| {
            Draft::new(
                staged.id,
                Verdict::NotApplicable,
                says,
                whole(&staged.stage.resource, says),
            )
        }));
    }
    if elsewhere {
        findings.not_assessed(
            "the input declares no web ACL beside some public stages; scan it together with what associates them",
        );
    }
}

fn excused(context: &Context<'_>, stages: &[Staged<'_, '_>], staged: &Staged<'_, '_>) -> Option<&'static str> {
    if staged.protocol != Protocol::Rest {
        return Some("AWS WAF protects REST APIs only");
    }
    if is_private(context, staged.api) {
        return Some("the API is private");
    }
    let own_guarded = |own: &Staged<'_, '_>| own.api == staged.api && !guarded(context, own).is_no();
    if staged.beside && !stages.iter().any(own_guarded) {
        return Some("the stage that is written has no web ACL either");
    }
    staged.behind.excused()
}

fn draft(context: &Context<'_>, staged: &Staged<'_, '_>) -> Draft {
    let resource = &staged.stage.resource;
    if staged.beside {
        let bad = format!(
            "{} is a way past the web ACL: AWS SAM makes it beside the one that is written",
            staged.name
        );
        let says = "no web ACL stands before the stage that AWS SAM makes";
        let fix = Fix::new("Have SAM make no second stage: set OpenApiVersion on the API or in Globals.Api")
            .snippet("Globals:\n  Api:\n    OpenApiVersion: 3.0.1");
        return Draft::new(staged.id, Verdict::Fail, bad, whole(resource, says)).fix(fix);
    }
    let bad = format!("No web ACL stands before {}", lowered(&staged.name));
    let fix = Fix::new("Associate a web ACL with the stage").snippet(
        "# in Resources\n\
         ApiFirewall:\n  \
           Type: AWS::WAFv2::WebACLAssociation\n  \
           Properties:\n    \
             WebACLArn: !GetAtt Firewall.Arn\n    \
             ResourceArn: !Sub arn:${AWS::Partition}:apigateway:${AWS::Region}::/restapis/${Api}/stages/${Stage}",
    );
    let says = "no web ACL association of this input is on the stage";
    let draft = match guarded(context, staged) {
        Match::Yes => {
            let says = "a web ACL stands before the stage";
            Draft::new(staged.id, Verdict::Pass, says, whole(resource, says))
        }
        Match::No => Draft::new(staged.id, Verdict::Fail, bad, whole(resource, says)),
        Match::Unknown => Draft::new(
            staged.id,
            Verdict::Fail,
            bad,
            whole(resource, "whether a web ACL association is on the stage is not known"),
        )
        .doubted("what a web ACL association is on is not known", None),
    };
    draft.fix(fix)
}

/// The name of a stage within a sentence.
fn lowered(name: &str) -> String {
    name.replacen("Stage ", "stage ", 1)
}

/// Whether a web ACL is associated with the stage.
fn guarded(context: &Context<'_>, staged: &Staged<'_, '_>) -> Match {
    let associations = context.estate.web_acl_associations.values();
    Match::any(associations.map(|association| {
        let beside = association.resource.unit == staged.stage.resource.unit;
        // A name that is not known leaves a reference to the stage.
        let itself = |link: Option<&AnyLink>| (link.and_then(AnyLink::here) == Some(staged.id.into())).into();
        let by_name = staged
            .is_of(&association.on, beside)
            .and(staged.is_called(&association.stage));
        is(&association.on, &itself).is.or(by_name)
    }))
}

/// Whether a unit declares web ACLs or associates them, so that this association would be there too.
fn holds_acls(context: &Context<'_>, stage: &Resource) -> bool {
    if context.is_live(stage) {
        return context.unasked("AWS::WAFv2::WebACLAssociation", stage).is_none();
    }
    let unit = stage.unit;
    const ACLS: [&str; 2] = ["AWS::WAFv2::WebACL", "AWS::WAFRegional::WebACL"];
    let mut associations = context.estate.web_acl_associations.values();
    let mut others = context.estate.others.values();
    associations.any(|association| association.resource.unit == unit)
        || others.any(|other| other.resource.unit == unit && ACLS.contains(&&*other.resource.kind))
}
