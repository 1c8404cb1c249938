//! The statements of functions' resource-based policies, as the checks of that policy ask them.

use crate::context::Context;
use crate::verdict::answer::{Answer, Carrier, ask, few, gravest};
use crate::verdict::findings::Findings;
use maremma_iam::{Admission, Limit, Match, Party, Statement, admits_after_denies};
use maremma_model::noun::Permission;
use maremma_model::{Id, Link, Text};
use std::sync::Arc;

/// One permission, before a check.
#[derive(Debug)]
pub(crate) struct Case {
    /// The function and its qualifier, in words: `orders:live`.
    pub(crate) function: Arc<str>,
    /// An event of AWS SAM makes the permission: it stands where its cause does, in every part.
    pub(crate) by_event: bool,
}

/// Judges every permission: `bad` is the sentence that a statement of which nothing is known leaves
/// open, `question` answers for a statement and whom it admits.
pub(crate) fn judge_permissions(
    context: &Context<'_>,
    findings: &mut Findings<'_>,
    bad: impl Fn(&Case) -> String,
    question: impl Fn(&Case, &Statement, &Admission) -> Answer,
) {
    for (id, row) in context.estate.permissions.iter() {
        let Some(policy) = context.policies.permission(id) else {
            continue;
        };
        let case = case(context, row);
        let view = context.view(row.resource.unit);
        let answers = ask(policy, &bad(&case), |statement| {
            question(&case, statement, &admits_after_denies(policy, statement, view))
        });
        let worst = answers.into_iter().min_by_key(|(_, answer)| answer.weight());
        let (statement, answer) = worst.unwrap_or_else(|| {
            let problem = policy
                .problems
                .first()
                .map_or_else(|| "it says nothing".to_owned(), ToString::to_string);
            (
                None,
                Answer::not_applicable(&row.resource.at, format!("the statement admits nobody: {problem}")),
            )
        });
        let carrier = carrier(context, id, row);
        let reference = row.function.value();
        findings.add(
            carrier
                .draft(answer, statement)
                .qualifier(reference.and_then(|reference| reference.qualifier.as_ref()))
                .affects(reference.and_then(|reference| reference.function.here())),
        );
    }
}

fn carrier<'c>(context: &Context<'_>, id: Id<Permission>, row: &'c Permission) -> Carrier<'c> {
    Carrier {
        id: id.into(),
        resource: &row.resource,
        policy: format!("resource-based policy of {}", function(context, row)).into(),
        attached_at: None,
    }
}

fn case(context: &Context<'_>, row: &Permission) -> Case {
    let qualifier = row.function.value().and_then(|reference| reference.qualifier.as_ref());
    let function = function(context, row);
    Case {
        function: match qualifier {
            Some(qualifier) => format!("{function}:{qualifier}").into(),
            None => function,
        },
        by_event: row
            .statement
            .get("Principal")
            .is_some_and(|principal| principal.at == row.resource.at),
    }
}

fn function(context: &Context<'_>, row: &Permission) -> Arc<str> {
    match row.function.value().map(|reference| &reference.function) {
        Some(Link::Here(id)) => context.name(*id),
        Some(Link::Outside(text)) => text.to_string().into(),
        Some(Link::Unknown(_)) | None => "a function".into(),
    }
}

/// What the statement lets its principals do, as a verb with its object: `invoke orders`.
pub(crate) fn deed(case: &Case, statement: &Statement) -> String {
    if statement.only_actions(&["lambda:Invoke*"]) == Match::Yes {
        format!("invoke {}", case.function)
    } else {
        format!("do {} on {}", few(&statement.actions), case.function)
    }
}

/// The `SourceArn` that a service must come with. AddPermission takes one only with the id of an account
/// or, of a bucket, none: whatever a hole in it stands for, it limits.
/// Source: Lambda API reference, "AddPermission", the pattern of `SourceArn`.
pub(crate) fn source_arn(party: &Party) -> Option<&Text> {
    let named = |limit: &&Limit| limit.positive && limit.key.eq_ignore_ascii_case("aws:SourceArn");
    party.limits.iter().find(named)?.values.first()
}

/// Whether the statement serves only a function URL that asks nobody who they are.
pub(crate) fn serves_open_url(statement: &Statement) -> bool {
    let all = |key: &str, value: &str| {
        statement.conditions.iter().any(|condition| {
            let values = &condition.values;
            condition.is_on(key)
                && !values.is_empty()
                && values.iter().all(|leaf| {
                    leaf.text
                        .as_literal()
                        .is_some_and(|text| text.eq_ignore_ascii_case(value))
                })
        })
    };
    all("lambda:FunctionUrlAuthType", "NONE") || all("lambda:InvokedViaFunctionUrl", "true")
}

/// The gravest answer about the parties of a statement.
pub(crate) fn of_parties(statement: &Statement, answers: impl IntoIterator<Item = Answer>) -> Answer {
    gravest(answers).unwrap_or_else(|| Answer::not_applicable(&statement.at, "the statement admits nobody"))
}
