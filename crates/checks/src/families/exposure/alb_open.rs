//! A load balancer that leads everybody on the internet to a function.

use crate::access::role::functions;
use crate::subject::api::Door;
use crate::subject::balancer::{Way, behind, door};
use crate::verdict::findings::lowered;
use crate::verdict::judge::{evidence, whole};
use crate::{Check, Context, Draft, Findings};
use maremma_model::{
    AnyId, Confidence, Control, Equivalent, Fact, Fix, Link, Location, Peer, Rule, Setting, Severity, Tier, Verdict,
};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "alb-open",
        title: "Load balancer without authentication",
        tier: Tier::Core,
        severity: Severity::High,
        confidence: Confidence::High,
        subject: "AWS::ElasticLoadBalancingV2::Listener",
        controls: &[Control::nist("AC-3"), Control::nist("AC-14"), Control::owasp("SAS-2")],
        equivalents: &[
            Equivalent::near(Peer::CloudSploit, "lambdaNetworkExposure"),
            Equivalent::near(Peer::Prowler, "elbv2_internet_facing"),
            Equivalent::near(Peer::Trivy, "AWS-0053"),
        ],
        page: include_str!("alb_open.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let estate = context.estate;
    for (id, row) in estate.listeners.iter() {
        let listener = Setting::set(Link::Here(id), row.resource.at.clone());
        let way = Way {
            id: id.into(),
            resource: &row.resource,
            listener: &listener,
            conditions: &[],
            actions: &row.actions,
            functions: behind(context, &row.resource, &row.actions),
        };
        findings.add(draft(context, &way));
    }
    for (id, row) in estate.listener_rules.iter() {
        let way = Way {
            id: id.into(),
            resource: &row.resource,
            listener: &row.listener,
            conditions: &row.conditions,
            actions: &row.actions,
            functions: behind(context, &row.resource, &row.actions),
        };
        findings.add(draft(context, &way));
    }
}

fn draft(context: &Context<'_>, way: &Way<'_>) -> Draft {
    let not_applicable = |says: &str| Draft::new(way.id, Verdict::NotApplicable, says, whole(way.resource, says));
    let Some(forward) = way.forward(context) else {
        return not_applicable("no action forwards to a function of this input");
    };
    let Some(door) = door(context, way) else {
        return not_applicable("the load balancer is not part of this input").affects(way.functions.iter().copied());
    };
    let bad = format!(
        "Anybody on the internet can run {} through a load balancer",
        functions(context, &way.functions)
    );
    let at = |at: &Location, says: &str| {
        let fact = Fact::Attribute {
            name: "Type".into(),
            value: Some("forward".to_owned()),
        };
        evidence(way.resource, at, says, fact)
    };
    let draft = match door {
        Door::Open => {
            let evidence = at(&forward.kind.at, "nothing before the forward asks who calls");
            Draft::new(way.id, Verdict::Fail, bad, evidence)
        }
        Door::Closed(says) => Draft::new(way.id, Verdict::Pass, says.as_str(), at(&forward.kind.at, &says)),
        Door::Unknown { doubt, why } => {
            let message = format!("not known whether {}: {doubt}", lowered(&bad));
            Draft::new(way.id, Verdict::Undetermined, message, at(&forward.kind.at, &doubt)).undecided(why)
        }
    };
    draft.affects(way.functions.iter().copied()).fix(fix(way))
}

fn fix(way: &Way<'_>) -> Fix {
    let list = if matches!(way.id, AnyId::Listener(_)) {
        "DefaultActions"
    } else {
        "Actions"
    };
    Fix::new("Let the load balancer ask who calls before it forwards, on a listener with HTTPS").snippet(format!(
        "{list}:\n  \
           - Type: authenticate-cognito\n    \
             Order: 1\n    \
             AuthenticateCognitoConfig:\n      \
               UserPoolArn: !GetAtt Users.Arn\n      \
               UserPoolClientId: !Ref UsersClient\n      \
               UserPoolDomain: !Ref UsersDomain\n  \
           - {{Type: forward, Order: 2, TargetGroupArn: !Ref FunctionTargets}}"
    ))
}
