//! A load balancer that takes requests for a function from the internet without TLS.

use crate::access::role::functions;
use crate::subject::api::Door;
use crate::subject::balancer::{behind, facing};
use crate::subject::vpc::here;
use crate::verdict::findings::lowered;
use crate::verdict::judge::{judge, whole};
use crate::{Check, Context, Draft, Findings};
use maremma_model::noun::Listener;
use maremma_model::{Confidence, Control, Equivalent, Fix, Function, Id, Peer, Rule, Severity, Text, Tier, Verdict};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "alb-plaintext",
        title: "Load balancer without TLS",
        tier: Tier::Hardening,
        severity: Severity::Medium,
        confidence: Confidence::High,
        subject: "AWS::ElasticLoadBalancingV2::Listener",
        controls: &[
            Control::fsbp("ELB.1"),
            Control::nist("SC-8"),
            Control::pci("4.2.1"),
            Control::owasp("SAS-3"),
        ],
        equivalents: &[
            Equivalent::near(Peer::Checkov, "CKV_AWS_2"),
            Equivalent::near(Peer::Checkov, "CKV2_AWS_20"),
            Equivalent::near(Peer::Prowler, "elbv2_ssl_listeners"),
            Equivalent::near(Peer::SecurityHub, "FSBP ELB.1"),
            Equivalent::near(Peer::Config, "alb-http-to-https-redirection-check"),
            Equivalent::near(Peer::CfnNag, "W56"),
            Equivalent::near(Peer::Trivy, "AWS-0054"),
        ],
        page: include_str!("alb_plaintext.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (id, row) in context.estate.listeners.iter() {
        let functions = reached(context, id, row);
        findings.add(draft(context, id, row, &functions).affects(functions));
    }
}

/// The functions behind the listener and behind its rules.
fn reached(context: &Context<'_>, id: Id<Listener>, row: &Listener) -> Vec<Id<Function>> {
    let mut functions = behind(context, &row.resource, &row.actions);
    let rules = context.estate.listener_rules.values();
    for rule in rules.filter(|rule| here(&rule.listener).any(|listener| listener == id)) {
        functions.extend(behind(context, &rule.resource, &rule.actions));
    }
    functions.sort_unstable();
    functions.dedup();
    functions
}

fn draft(context: &Context<'_>, id: Id<Listener>, row: &Listener, reached: &[Id<Function>]) -> Draft {
    let not_applicable = |says: &str| Draft::new(id, Verdict::NotApplicable, says, whole(&row.resource, says));
    if reached.is_empty() {
        return not_applicable("the listener forwards to no function of this input");
    }
    let Some(balancer) = row.load_balancer.value().and_then(|link| context.row(link)) else {
        return not_applicable("the load balancer is not part of this input");
    };
    let judgement = judge(&row.resource, "Protocol", &row.protocol, |protocol| match protocol {
        Some(protocol) => protocol.as_literal().map(|protocol| protocol == "HTTP"),
        None => Some(false),
    });
    let plain = judgement.verdict != Verdict::Pass;
    let bad = format!(
        "Requests for {} cross the internet in the clear",
        functions(context, reached)
    );
    let draft = match facing(balancer) {
        Door::Closed(says) => return not_applicable(&says),
        Door::Unknown { doubt, why } if plain => {
            let message = format!("not known whether {}: {doubt}", lowered(&bad));
            Draft::new(id, Verdict::Undetermined, message, judgement.evidence).undecided(why)
        }
        Door::Unknown { .. } | Door::Open => Draft::judged(id, judgement, bad),
    };
    draft.fix(fix(row))
}

fn fix(row: &Listener) -> Fix {
    let port = row.port.value().and_then(Text::as_literal).unwrap_or("80");
    Fix::new("Redirect to a listener with a certificate, and forward there").snippet(format!(
        "Port: {port}\n\
         Protocol: HTTP\n\
         DefaultActions:\n  \
           - Type: redirect\n    \
             RedirectConfig: {{Protocol: HTTPS, Port: \"443\", StatusCode: HTTP_301}}"
    ))
}
