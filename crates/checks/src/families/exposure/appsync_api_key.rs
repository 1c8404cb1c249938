//! A GraphQL API that runs functions for everybody who has its key.

use crate::access::role::functions;
use crate::verdict::findings::lowered;
use crate::verdict::judge::{judge, whole};
use crate::{Check, Context, Draft, Findings};
use maremma_model::noun::{AnyLink, GraphqlApi};
use maremma_model::{
    Confidence, Control, Equivalent, Fix, Function, Id, Peer, Rule, Severity, State, Text, Tier, TriggerKind, Verdict,
    Why,
};
use std::collections::BTreeSet;

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "appsync-api-key",
        title: "GraphQL API that an API key opens",
        tier: Tier::Hardening,
        severity: Severity::Medium,
        confidence: Confidence::Medium,
        subject: "AWS::AppSync::GraphQLApi",
        controls: &[
            Control::fsbp("AppSync.5"),
            Control::nist("AC-3"),
            Control::nist("AC-14"),
            Control::owasp("SAS-2"),
        ],
        equivalents: &[
            Equivalent::near(Peer::Prowler, "appsync_graphql_api_no_api_key_authentication"),
            Equivalent::near(Peer::SecurityHub, "FSBP AppSync.5"),
            Equivalent::near(Peer::Config, "appsync-authorization-check"),
        ],
        page: include_str!("appsync_api_key.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (id, row) in context.estate.graphql_apis.iter() {
        let behind = behind(context, id, row);
        findings.add(draft(context, id, row, &behind).affects(behind));
    }
}

/// The functions that the data sources of an API run.
fn behind(context: &Context<'_>, id: Id<GraphqlApi>, row: &GraphqlApi) -> Vec<Id<Function>> {
    let source = AnyLink::Here(id.into());
    let triggers = context.relations.triggers_from(row.resource.unit, &source).iter();
    let triggers = triggers.filter_map(|trigger| context.estate.triggers.get(*trigger));
    let sources = triggers.filter(|trigger| trigger.kind == TriggerKind::AppSyncDataSource);
    let functions = sources.flat_map(|trigger| trigger.function.possible());
    let functions: BTreeSet<_> = functions.filter_map(|reference| reference.function.here()).collect();
    functions.into_iter().collect()
}

fn draft(context: &Context<'_>, id: Id<GraphqlApi>, row: &GraphqlApi, behind: &[Id<Function>]) -> Draft {
    let not_applicable = |says: &str| Draft::new(id, Verdict::NotApplicable, says, whole(&row.resource, says));
    if behind.is_empty() {
        return not_applicable("no data source of the API runs a function of this input");
    }
    if row.visibility.value().and_then(Text::as_literal) == Some("PRIVATE") {
        return not_applicable("the API answers in VPCs only");
    }
    let judgement = judge(&row.resource, "AuthenticationType", &row.authentication_type, |kind| {
        kind.map_or(Some(false), |kind| kind.as_literal().map(|kind| kind == "API_KEY"))
    });
    let bad = format!("Whoever has the API key can run {}", functions(context, behind));
    let marked = !row.additional_types.is_unset();
    let draft = if judgement.verdict == Verdict::Fail && marked {
        let doubt = "the schema may mark their fields for another type";
        let message = format!("not known whether {}: {doubt}", lowered(&bad));
        Draft::new(id, Verdict::Undetermined, message, judgement.evidence).undecided([Why::Unresolved(
            "which fields the schema marks with a type of authentication".into(),
        )])
    } else {
        Draft::judged(id, judgement, bad)
    };
    let fix = Fix::new("Ask for identities: of IAM, of a user pool, of an identity provider, or by a function");
    draft.fix(match row.authentication_type.state {
        State::Set(_) => fix.replace(&row.authentication_type.at, "AWS_IAM"),
        _ => fix.snippet("AuthenticationType: AWS_IAM"),
    })
}
