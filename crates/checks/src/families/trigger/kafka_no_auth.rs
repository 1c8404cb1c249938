//! A self-managed Kafka cluster that a function reads without either asking who the other is.

use crate::context::name_of;
use crate::subject::events::{fires, invoked};
use crate::verdict::answer::{Answer, Carrier};
use crate::verdict::possible::is;
use crate::verdict::presence::is_there;
use crate::{Check, Context, Findings};
use maremma_iam::Match;
use maremma_model::noun::{Mapping, SourceAccess, Trigger, TriggerKind};
use maremma_model::{Confidence, Control, Fix, Rule, Severity, Text, Tier};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "kafka-no-auth",
        title: "Kafka read without authentication",
        tier: Tier::Core,
        severity: Severity::High,
        confidence: Confidence::High,
        subject: "AWS::Lambda::EventSourceMapping",
        controls: &[Control::nist("IA-9"), Control::owasp("SAS-1"), Control::owasp("SAS-2")],
        equivalents: &[],
        page: include_str!("kafka_no_auth.md"),
    },
    run,
};

/// Source: AWS Lambda API reference, `SourceAccessConfiguration`.
const AUTHENTICATION: [&str; 4] = [
    "BASIC_AUTH",
    "CLIENT_CERTIFICATE_TLS_AUTH",
    "SASL_SCRAM_256_AUTH",
    "SASL_SCRAM_512_AUTH",
];

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let triggers = context.estate.triggers.iter();
    for (id, row) in triggers.filter(|(_, row)| row.kind == TriggerKind::EventSourceMapping) {
        let Some(mapping) = &row.mapping else { continue };
        let answer = if is_there(&mapping.self_managed_brokers).is_no() {
            let says = "the mapping does not read a self-managed Kafka cluster";
            Answer::not_applicable(&row.resource.at, says)
        } else if !fires(row) {
            Answer::not_applicable(&row.enabled.at, "the mapping is switched off")
        } else {
            answer(row, mapping)
        };
        let draft = Carrier::of(id, &row.resource).draft(answer, None);
        findings.add(draft.affects(invoked([row])));
    }
}

fn answer(row: &Trigger, mapping: &Mapping) -> Answer {
    let kinds = |asked: &'static [&'static str]| {
        let of = move |access: &SourceAccess| {
            is(&access.kind, &|kind: Option<&Text>| match kind.map(Text::as_literal) {
                Some(Some(kind)) => asked.contains(&kind).into(),
                Some(None) => Match::Unknown,
                None => Match::No,
            })
            .is
        };
        Match::any(mapping.source_access.iter().map(of))
    };
    let first = mapping.source_access.first();
    let at = first.map_or(&row.resource.at, |access| &access.kind.at);
    let private = kinds(&["VPC_SUBNET", "VPC_SECURITY_GROUP"]);
    let severity = match private {
        Match::Yes | Match::Unknown => Severity::Medium,
        Match::No => Severity::High,
    };
    let over = match private {
        Match::Yes => "in a private network ",
        Match::No => "over the internet ",
        Match::Unknown => "",
    };
    let bad = format!(
        "Mapping {} reads Kafka {over}without authentication",
        name_of(&row.resource)
    );
    let lacks = match first {
        Some(_) => "SourceAccessConfigurations names no authentication",
        None => "SourceAccessConfigurations is not set",
    };
    let fix = Fix::new("Authenticate to the cluster, with credentials that are kept in Secrets Manager").snippet(
        match first {
            Some(_) => "# add to SourceAccessConfigurations\n- Type: SASL_SCRAM_512_AUTH\n  URI: !Ref KafkaCredentials",
            None => "SourceAccessConfigurations:\n  - Type: SASL_SCRAM_512_AUTH\n    URI: !Ref KafkaCredentials",
        },
    );
    let answer = match kinds(&AUTHENTICATION) {
        Match::Yes => Answer::pass(at, "the mapping authenticates to the cluster"),
        Match::No => Answer::fail(at, bad, lacks),
        Match::Unknown => {
            let open = mapping
                .source_access
                .iter()
                .map(|access| is(&access.kind, &|_| Match::No));
            let why = open.filter_map(|told| told.why).next();
            let doubt = "what SourceAccessConfigurations names is not known";
            Answer::undetermined(at, &bad, doubt, why.cloned())
        }
    };
    answer.severity(severity).fix(fix)
}
