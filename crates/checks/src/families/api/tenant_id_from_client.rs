//! A function with tenant isolation whose callers say themselves which tenant they are.

use crate::subject::api::{Door, RestDoors, functions_of, route};
use crate::verdict::judge::{attribute, whole};
use crate::verdict::possible::is;
use crate::{Check, Context, Draft, Findings};
use maremma_iam::Match;
use maremma_model::noun::{ParameterMapping, RestMethod};
use maremma_model::{
    Confidence, Control, Fix, Function, Id, Link, Rule, Setting, Severity, State, Text, Tier, Verdict, Why,
};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "tenant-id-from-client",
        title: "Tenant chosen by the caller",
        tier: Tier::Core,
        severity: Severity::High,
        confidence: Confidence::High,
        subject: "AWS::ApiGateway::Method",
        controls: &[
            Control::nist("AC-3"),
            Control::nist("AC-4"),
            Control::nist("SC-4"),
            Control::owasp("SAS-2"),
            Control::owasp("SAS-12"),
        ],
        equivalents: &[],
        page: include_str!("tenant_id_from_client.md"),
    },
    run,
};

/// The header by which API Gateway names the tenant to Lambda.
/// Source: AWS Lambda developer guide, "Invoking Lambda functions with tenant isolation".
const HEADER: &str = "integration.request.header.X-Amz-Tenant-Id";

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let doors = RestDoors::of(context);
    for (id, method) in context.estate.rest_methods.iter() {
        let name = route(method);
        findings.add(draft(context, &doors, id, method, &name).detail(name));
    }
}

fn draft(context: &Context<'_>, doors: &RestDoors<'_>, id: Id<RestMethod>, method: &RestMethod, name: &str) -> Draft {
    let not_applicable = |says: &str| Draft::new(id, Verdict::NotApplicable, says, whole(&method.resource, says));
    let isolated = isolated(context, method);
    if isolated.is_no() {
        return not_applicable("the integration runs no function with tenant isolation");
    }
    let named = |mapping: &&ParameterMapping| mapping.to.eq_ignore_ascii_case(HEADER);
    let Some(mapping) = method.integration.parameters.iter().find(named) else {
        return not_applicable("the integration names no tenant");
    };
    let client = is(&mapping.from, &|from| match from {
        Some(from) => of_client(from),
        None => Match::No,
    });
    let evidence = attribute(&method.resource, HEADER, &mapping.from, &ToString::to_string);
    if client.is.is_no() {
        return Draft::new(id, Verdict::Pass, evidence.says.clone(), evidence);
    }
    if is_checked_key(method, mapping) {
        let says = "the tenant is the API key, which API Gateway has checked";
        return Draft::new(id, Verdict::Pass, says, evidence);
    }
    let functions = functions_of(&[&method.integration]);
    let tenants = match functions.first() {
        Some(function) => format!("the tenant that {} runs for", context.name(*function)),
        None => "the tenant that the function runs for".to_owned(),
    };
    let bad = format!("Callers of {name} choose {tenants}: {}", evidence.says);
    let mut draft = Draft::new(id, Verdict::Fail, bad, evidence);
    if client.is.is_unknown() {
        draft = draft.doubted(&client.words("the tenant", "is"), client.why.cloned());
    }
    if isolated.is_unknown() {
        draft = draft.doubted(
            "whether the function has tenant isolation is not known",
            why(&method.integration.function),
        );
    }
    let asked = Asked::of(&method.authorization_type);
    if let Some(doubt) = asked.doubt() {
        draft = draft.doubted(doubt, why(&method.authorization_type));
    }
    let severity = match (&asked, doors.to(method)) {
        (Asked::Nobody | Asked::Users, Door::Open | Door::Unknown { .. }) => Severity::High,
        _ => Severity::Medium,
    };
    draft.severity(severity).affects(functions).fix(fix(mapping))
}

fn why<T>(setting: &Setting<T>) -> Option<Why> {
    match &setting.state {
        State::Unknown(unknown) => Some(unknown.why.clone()),
        _ => None,
    }
}

/// Whether the integration runs a function with tenant isolation.
fn isolated(context: &Context<'_>, method: &RestMethod) -> Match {
    is(
        &method.integration.function,
        &|reference| match reference.map(|reference| &reference.function) {
            Some(Link::Here(function)) => of_function(context, *function),
            Some(Link::Outside(_) | Link::Unknown(_)) => Match::Unknown,
            None => Match::No,
        },
    )
    .is
}

fn of_function(context: &Context<'_>, function: Id<Function>) -> Match {
    let function = context.estate.functions.get(function);
    function.map_or(Match::Unknown, |function| {
        is(&function.tenant_isolation, &|mode| match mode.map(Text::as_literal) {
            Some(Some(mode)) => (mode == "PER_TENANT").into(),
            Some(None) => Match::Unknown,
            None => Match::No,
        })
        .is
    })
}

/// Whether a value is a part of the request that the caller writes.
fn of_client(from: &Text) -> Match {
    match from.prefix() {
        "" if from.as_literal().is_none() => Match::Unknown,
        known => known.starts_with("method.request.").into(),
    }
}

/// Whether the tenant is the API key that the method asks for: who sends another tenant's has that
/// tenant's key. Where an authorizer is a function, the key may be what that says, and not the header.
fn is_checked_key(method: &RestMethod, mapping: &ParameterMapping) -> bool {
    let header = |from: &Text| from.as_literal() == Some("method.request.header.x-api-key");
    mapping.from.value().is_some_and(header)
        && method.api_key_required.value() == Some(&true)
        && !matches!(Asked::of(&method.authorization_type), Asked::Function | Asked::Unknown)
}

/// What a method asks its callers for.
enum Asked {
    Nobody,
    /// A token of a user pool: API Gateway compares nothing in it with the request.
    Users,
    /// Signatures: the callers may be services that know their tenants.
    Signers,
    /// A function that sees the request.
    Function,
    Unknown,
}

impl Asked {
    fn of(authorization_type: &Setting<Text>) -> Self {
        match (
            &authorization_type.state,
            authorization_type.value().map(Text::as_literal),
        ) {
            (State::Unset, _) | (_, Some(Some("NONE"))) => Asked::Nobody,
            (_, Some(Some("COGNITO_USER_POOLS"))) => Asked::Users,
            (_, Some(Some("AWS_IAM"))) => Asked::Signers,
            (_, Some(Some("CUSTOM"))) => Asked::Function,
            _ => Asked::Unknown,
        }
    }

    fn doubt(&self) -> Option<&'static str> {
        match self {
            Asked::Nobody | Asked::Users => None,
            Asked::Signers => {
                Some("callers sign their requests, and may be services that are trusted with all tenants")
            }
            Asked::Function => Some("its authorizer is a function, which may compare the tenant with the caller"),
            Asked::Unknown => Some("what its callers are asked for is not known"),
        }
    }
}

fn fix(mapping: &ParameterMapping) -> Fix {
    Fix::new("Let an authorizer find out who calls, and take the tenant from what it says")
        .replace(&mapping.from.at, "context.authorizer.tenantId")
}
