//! Functions of different rights on the same instances.

use crate::verdict::judge::{evidence, whole};
use crate::{Check, Context, Draft, Findings};
use maremma_iam::Match;
use maremma_model::noun::{CapacityProvider, Role};
use maremma_model::{
    AnyId, Confidence, Control, Evidence, Fact, Fix, Function, Id, Link, Resource, Rule, Severity, State, Tier, UnitId,
    Verdict, Why,
};
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "capacity-provider-shared",
        title: "Instances that functions of different rights share",
        tier: Tier::Hygiene,
        severity: Severity::Medium,
        confidence: Confidence::High,
        subject: "AWS::Lambda::CapacityProvider",
        controls: &[Control::nist("AC-6"), Control::nist("SC-39"), Control::owasp("SAS-4")],
        equivalents: &[],
        page: include_str!("capacity_provider_shared.md"),
    },
    run,
};

/// What names one provider: its row, or its ARN as a unit writes it.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Provider {
    Here(Id<CapacityProvider>),
    Outside(UnitId, Arc<str>),
}

type Users<'c> = Vec<(Id<Function>, &'c Function)>;

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let mut providers: BTreeMap<Provider, Users<'_>> = BTreeMap::new();
    for (id, _) in context.estate.capacity_providers.iter() {
        providers.entry(Provider::Here(id)).or_default();
    }
    for (id, row) in context.estate.functions.iter() {
        for link in row.capacity_provider.possible() {
            let provider = match link {
                Link::Here(provider) => Provider::Here(*provider),
                Link::Outside(text) => match text.as_literal() {
                    Some(arn) => Provider::Outside(row.resource.unit, arn.into()),
                    None => continue,
                },
                Link::Unknown(_) => continue,
            };
            providers.entry(provider).or_default().push((id, row));
        }
    }
    for (provider, users) in providers {
        let first = users.iter().min_by_key(|(_, row)| &row.resource.address);
        let (subject, name): (AnyId, Arc<str>) = match (&provider, first) {
            (Provider::Here(id), _) => ((*id).into(), context.name(*id)),
            (Provider::Outside(_, arn), Some((first, _))) => ((*first).into(), arn.clone()),
            (Provider::Outside(..), None) => continue,
        };
        let Some(resource) = context.resource(subject) else {
            continue;
        };
        let affected: Vec<_> = users.iter().map(|(id, _)| *id).collect();
        findings.add(draft(context, (subject, resource), &name, &users).affects(affected));
    }
}

fn draft(context: &Context<'_>, (id, resource): (AnyId, &Resource), name: &str, users: &Users<'_>) -> Draft {
    let settled = |verdict, says: &str| Draft::new(id, verdict, says, whole(resource, says));
    if users.is_empty() {
        return settled(Verdict::NotApplicable, "no function of this input runs on it");
    }
    let (apart, why) = apart(users);
    let bad = format!(
        "The instances of {name} are shared by functions of different roles, which containers do not keep apart"
    );
    let fix = Fix::new("Give functions that need not trust each other capacity providers of their own").snippet(
        "CapacityProviderConfig:\n  \
           LambdaManagedInstancesCapacityProviderConfig:\n    \
             CapacityProviderArn: !GetAtt OwnProvider.Arn\n\n\
         # AWS SAM, in the function\n\
         CapacityProviderConfig: {Arn: !GetAtt OwnProvider.Arn}",
    );
    match apart {
        Match::No => settled(Verdict::Pass, "all functions here that run on it have one role"),
        Match::Yes => Draft::new(
            id,
            Verdict::Fail,
            bad,
            whole(resource, "its functions have different roles"),
        )
        .related(roles(context, users))
        .fix(fix),
        Match::Unknown => {
            let says = "whether its functions have different roles is not known";
            settled(Verdict::Undetermined, says)
                .undecided(why)
                .related(roles(context, users))
                .fix(fix)
        }
    }
}

/// Whether two of the functions have different roles, and what that hangs on.
fn apart(users: &Users<'_>) -> (Match, Option<Why>) {
    let (mut why, mut apart) = (None, Match::No);
    let mut first: Option<&Link<Role>> = None;
    for (_, row) in users {
        match (known(row), first) {
            (Ok(role), None) => first = Some(role),
            (Ok(role), Some(first)) => apart = apart.or(differ(first, role)),
            (Err(unknown), _) => why = Some(unknown),
        }
    }
    match why {
        Some(_) if users.len() > 1 => (apart.or(Match::Unknown), why),
        _ => (apart, why),
    }
}

/// The role of a function that surely runs on the provider.
fn known(row: &Function) -> Result<&Link<Role>, Why> {
    if let State::Unknown(unknown) = &row.capacity_provider.state {
        return Err(unknown.why.clone());
    }
    match &row.role.state {
        State::Set(Link::Unknown(why)) | State::Default(Link::Unknown(why)) => Err(why.clone()),
        State::Set(link) | State::Default(link) => Ok(link),
        State::Unset => Err(Why::Unresolved("a function has no Role".into())),
        State::Unknown(unknown) => Err(unknown.why.clone()),
    }
}

fn differ(one: &Link<Role>, other: &Link<Role>) -> Match {
    match (one, other) {
        (Link::Here(one), Link::Here(other)) => (one != other).into(),
        (Link::Outside(one), Link::Outside(other)) if one == other => Match::No,
        (Link::Outside(one), Link::Outside(other)) => match (one.as_literal(), other.as_literal()) {
            (Some(_), Some(_)) => Match::Yes,
            _ => Match::Unknown,
        },
        (Link::Here(_), Link::Outside(text)) | (Link::Outside(text), Link::Here(_)) => match text.as_literal() {
            Some(_) => Match::Yes,
            None => Match::Unknown,
        },
        _ => Match::Unknown,
    }
}

fn roles(context: &Context<'_>, users: &Users<'_>) -> Vec<Evidence> {
    let of = |(id, row): &(Id<Function>, &Function)| {
        let role = match row.role.value() {
            Some(Link::Here(role)) => context.name(*role).to_string(),
            Some(Link::Outside(text)) => text.to_string(),
            _ => "a role that is not known".to_owned(),
        };
        let fact = Fact::Attribute {
            name: "Role".into(),
            value: Some(role.clone()),
        };
        evidence(
            &row.resource,
            &row.role.at,
            format!("{} runs as {role}", context.name(*id)),
            fact,
        )
    };
    users.iter().map(of).collect()
}
