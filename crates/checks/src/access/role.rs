//! The statements of execution roles, as the checks of roles ask them.

use crate::access::identity::{Identity, Source, identity};
use crate::context::Context;
use crate::verdict::answer::{Answer, Carrier, OfStatement, ask};
use crate::verdict::findings::Findings;
use maremma_iam::{Grant, Limit, Question, Statement, World, grants_by};
use maremma_model::noun::Role;
use maremma_model::{AnyId, Function, Id, Verdict, Why};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a check asks of roles.
pub(crate) struct Ask<'q> {
    /// The sentence that a document of which nothing is known leaves open; it is given the role's name.
    pub(crate) bad: &'q dyn Fn(&str) -> String,
    /// Why a role is not this check's to judge.
    pub(crate) excused: &'q dyn Fn(&Identity<'_>) -> Option<&'static str>,
    /// `None` where nothing is wrong with the statement.
    pub(crate) question: &'q dyn Fn(&Case<'_, '_>, &Statement) -> Option<Answer>,
    /// What a pass says.
    pub(crate) good: &'static str,
    /// Whether a policy of which nothing is known leaves the question open.
    pub(crate) minds_unseen: bool,
}

/// One policy of one role, before a check.
pub(crate) struct Case<'i, 'c> {
    context: &'i Context<'i>,
    identity: &'i Identity<'c>,
    pub(crate) source: &'i Source<'c>,
}

/// A verdict on one statement, for all roles that share its policy.
struct Told<'c> {
    carrier: Carrier<'c>,
    statement: Option<&'c Statement>,
    answer: Answer,
    affects: Vec<Id<Function>>,
}

type AllTold<'c> = BTreeMap<(AnyId, Option<Arc<str>>), Told<'c>>;

/// Judges every execution role; what is bad is said of the resource that carries the statement, once
/// for all roles that it is attached to.
pub(crate) fn judge_roles(context: &Context<'_>, findings: &mut Findings<'_>, check: &Ask<'_>) {
    let mut told = AllTold::new();
    for (id, row) in context.estate.roles.iter() {
        let at = &row.resource.at;
        let Some(identity) = identity(context, id, row) else {
            let answer = Answer::not_applicable(at, "no function of this input runs as the role");
            findings.add(role(id, row).draft(answer, None));
            continue;
        };
        let clean = match (check.excused)(&identity) {
            Some(says) => Some(Answer::not_applicable(at, says)),
            None => judge_role(context, check, &identity, &mut told).then(|| Answer::pass(at, check.good)),
        };
        if let Some(answer) = clean {
            let draft = role(id, row).draft(answer, None);
            findings.add(draft.affects(identity.functions.iter().copied()));
        }
    }
    for ((_, detail), told) in told {
        let draft = told.carrier.draft(told.answer, told.statement).affects(told.affects);
        findings.add(match detail {
            Some(detail) => draft.detail(detail),
            None => draft,
        });
    }
}

/// The role as the carrier of what is said of all of it.
pub(crate) fn role(id: Id<Role>, row: &Role) -> Carrier<'_> {
    Carrier::of(id, &row.resource)
}

/// Whether nothing is wrong with the role.
fn judge_role<'c>(context: &Context<'_>, check: &Ask<'_>, identity: &Identity<'c>, told: &mut AllTold<'c>) -> bool {
    let name = context.name(identity.id);
    let bad = (check.bad)(&name);
    let mut clean = true;
    for source in &identity.sources {
        let case = Case {
            context,
            identity,
            source,
        };
        let mut answers = ask(source.policy, &bad, |statement| {
            (check.question)(&case, statement).unwrap_or_else(|| Answer::pass(&statement.at, check.good))
        });
        if source.aws.is_some() {
            answers = answers
                .into_iter()
                .min_by_key(|(_, answer)| answer.weight())
                .into_iter()
                .collect();
        }
        for (statement, answer) in answers {
            let answer = source.when.map_or(answer.clone(), |when| answer.only_when(when));
            if matches!(answer.verdict, Verdict::Fail | Verdict::Undetermined) {
                clean = false;
                tell(identity, source, (statement, answer), told);
            }
        }
    }
    if let Some(unseen) = identity.unseen.first().filter(|_| clean && check.minds_unseen) {
        let answer = Answer::undetermined(&unseen.at, &bad, &unseen.doubt, Some(unseen.why.clone()));
        let told = told.entry((identity.id.into(), None)).or_insert_with(|| Told {
            carrier: role(identity.id, identity.row),
            statement: None,
            answer,
            affects: Vec::new(),
        });
        told.affects.extend(identity.functions);
        clean = false;
    }
    clean
}

fn tell<'c>(
    identity: &Identity<'c>,
    source: &Source<'c>,
    (statement, answer): OfStatement<'c>,
    told: &mut AllTold<'c>,
) {
    let key = (source.carrier.id, Some(detail(source, statement)));
    let told = told.entry(key).or_insert_with(|| Told {
        carrier: source.carrier.clone(),
        statement,
        answer: answer.clone(),
        affects: Vec::new(),
    });
    if answer.weight() < told.answer.weight() {
        told.answer = answer;
        told.statement = statement;
    }
    told.affects.extend(identity.functions);
}

/// The statement: with its policy where a role can have several.
fn detail(source: &Source<'_>, statement: Option<&Statement>) -> Arc<str> {
    let policy = &source.carrier.policy;
    match (source.aws, statement, source.carrier.id) {
        (Some(_), _, _) | (_, None, AnyId::Role(_)) => policy.clone(),
        (_, Some(statement), AnyId::Role(_)) => format!("{policy}/{}", statement.name()).into(),
        (_, Some(statement), _) => statement.name().into(),
        (_, None, _) => "PolicyDocument".into(),
    }
}

impl Case<'_, '_> {
    /// `Role OrdersRole`, or `AdministratorAccess, attached to role OrdersRole,`.
    pub(crate) fn subject(&self) -> String {
        let role = self.context.name(self.identity.id);
        match (self.source.aws, self.source.carrier.id) {
            (Some(aws), _) => format!("{}, attached to role {role},", aws.name),
            (None, AnyId::Role(_)) => format!("Role {role}"),
            (None, _) => format!("Policy {} of role {role}", self.source.carrier.policy),
        }
    }

    /// Whose code runs as the role, in words: `orders or one of 2 others`.
    pub(crate) fn functions(&self) -> String {
        functions(self.context, self.identity.functions)
    }

    /// What the statement alone grants of all that the question names.
    pub(crate) fn effect(&self, statement: &Statement, question: &Question<'_>) -> Effect {
        effect(&grants_by(&self.identity.policies, statement, question))
    }
}

/// Functions in words.
pub(crate) fn functions(context: &Context<'_>, functions: &[Id<Function>]) -> String {
    match functions {
        [] => "a function that runs as it".to_owned(),
        [only] => context.name(*only).to_string(),
        [first, second] => format!("{} or {}", context.name(*first), context.name(*second)),
        [first, rest @ ..] => format!("{} or one of {} others", context.name(*first), rest.len()),
    }
}

/// What a grant comes to for code that runs as the role.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Effect {
    Full,
    /// Only from certain places or at certain times, but all of it; in words.
    Confined(String),
    /// Conditions leave a part of it, or nothing.
    Partial,
    Nothing,
    Unknown {
        doubt: String,
        why: Option<Why>,
    },
}

pub(crate) fn effect(grant: &Grant<'_>) -> Effect {
    match grant {
        Grant::Granted(_) => Effect::Full,
        Grant::NotGranted | Grant::Denied { .. } | Grant::Capped { .. } => Effect::Nothing,
        Grant::Unknown { doubt, .. } => Effect::Unknown {
            doubt: doubt.words.clone(),
            why: doubt.why.clone(),
        },
        Grant::Conditional {
            limits, denied_when, ..
        } => conditional(limits, denied_when),
    }
}

fn conditional(limits: &[Limit], denied_when: &[&Statement]) -> Effect {
    let unseen = denied_when
        .iter()
        .find_map(|deny| Some((deny, deny.conditions_unknown.clone()?)));
    if let Some((deny, why)) = unseen {
        return Effect::Unknown {
            doubt: format!("when {} denies it is not known", deny.name()),
            why: Some(why),
        };
    }
    let mut denied = denied_when.iter().flat_map(|deny| &deny.conditions);
    let all = limits
        .iter()
        .all(|limit| only_confines(&limit.key) || asks_for_own_calls(limit))
        && denied.all(|condition| only_confines(&condition.key));
    if !all {
        return Effect::Partial;
    }
    let words = limits.iter().map(ToString::to_string);
    let denied = denied_when
        .iter()
        .map(|deny| format!("within what {} leaves", deny.name()));
    Effect::Confined(words.chain(denied).collect::<Vec<_>>().join(", "))
}

/// Keys that say from where, when or to whom a request goes, and leave what it may do as it is. What
/// runs in the function's place meets them, or the own account's are all that there is to take.
const CONFINE: &[&str] = &[
    "aws:CurrentTime",
    "aws:EpochTime",
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:PrincipalOrgID",
    "aws:PrincipalOrgPaths",
    "aws:RequestedRegion",
    "aws:ResourceAccount",
    "aws:ResourceOrgID",
    "aws:ResourceOrgPaths",
    "aws:SecureTransport",
    "aws:SourceIp",
    "aws:SourceVpc",
    "aws:SourceVpcArn",
    "aws:SourceVpce",
    "aws:VpcSourceIp",
    "lambda:SourceFunctionArn",
    "s3:ResourceAccount",
];

fn only_confines(key: &str) -> bool {
    CONFINE.iter().any(|confining| confining.eq_ignore_ascii_case(key))
}

/// Whether the caller must call by itself, which who has taken over the function does.
fn asks_for_own_calls(limit: &Limit) -> bool {
    let is = |value: &str| limit.values.iter().all(|text| text.as_literal() == Some(value));
    limit.key.eq_ignore_ascii_case("aws:ViaAWSService") && limit.operator.starts_with("Bool") && is("false")
}

/// Whether a statement that surely applies lets the role do everything; `role-admin` says so, and the
/// other checks of roles have nothing to add.
pub(crate) fn is_admin(identity: &Identity<'_>) -> bool {
    let sources = identity.sources.iter().filter(|source| source.when.is_none());
    let statements = sources.flat_map(|source| source.policy.allows());
    let admin = |statement: &&Statement| {
        let grant = grants_by(&identity.policies, statement, &Question::ADMIN);
        matches!(effect(&grant), Effect::Full | Effect::Confined(_))
    };
    let worlds: Vec<_> = statements.filter(admin).map(|statement| &statement.world).collect();
    World::exhaust(&worlds)
}
