//! What the statements of a policy come to, in every world that they may be in.

use crate::verdict::findings::{Draft, lowered};
use maremma_iam::{Policy, Selection, Statement, World};
use maremma_model::{AnyId, Evidence, Fact, Fix, Location, Resource, Setting, Severity, State, Verdict, Why};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What one statement, in one world, comes to.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) verdict: Verdict,
    message: String,
    /// What stands at `at`.
    says: String,
    at: Location,
    undecided: Vec<Why>,
    severity: Option<Severity>,
    fix: Option<Fix>,
    /// The evidence as data, where it is no statement.
    fact: Option<Fact>,
}

impl Answer {
    /// `message` is the sentence of the finding, `says` what stands at the place.
    pub(crate) fn fail(at: &Location, message: impl Into<String>, says: impl Into<String>) -> Self {
        Answer {
            verdict: Verdict::Fail,
            message: message.into(),
            says: says.into(),
            at: at.clone(),
            undecided: Vec::new(),
            severity: None,
            fix: None,
            fact: None,
        }
    }

    /// `bad` is the sentence that would hold; `doubt` says why that is not known.
    pub(crate) fn undetermined(at: &Location, bad: &str, doubt: &str, why: Option<Why>) -> Self {
        Answer {
            verdict: Verdict::Undetermined,
            undecided: why.into_iter().collect(),
            ..Answer::fail(at, format!("not known whether {}: {doubt}", lowered(bad)), doubt)
        }
    }

    pub(crate) fn pass(at: &Location, says: impl Into<String>) -> Self {
        let says = says.into();
        Answer {
            verdict: Verdict::Pass,
            ..Answer::fail(at, says.clone(), says)
        }
    }

    pub(crate) fn not_applicable(at: &Location, says: impl Into<String>) -> Self {
        Answer {
            verdict: Verdict::NotApplicable,
            ..Answer::pass(at, says)
        }
    }

    pub(crate) fn severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    pub(crate) fn fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }

    pub(crate) fn fact(mut self, fact: Fact) -> Self {
        self.fact = Some(fact);
        self
    }

    /// What stands at the place came about by something else: `by the default of parameter Stage`.
    pub(crate) fn by(mut self, by: &str) -> Self {
        self.says = format!("{}, {by}", self.says);
        self
    }

    /// Holds only in a world that nothing decides.
    pub(crate) fn only_when(mut self, when: &str) -> Self {
        if self.verdict == Verdict::Fail {
            self.verdict = Verdict::Undetermined;
            self.message = format!("{}; this holds when {when}", self.message);
            self.undecided.push(Why::Condition(when.into()));
        }
        self
    }

    pub(crate) fn is_graver_than(&self, severity: Severity) -> bool {
        self.severity.is_some_and(|own| own > severity)
    }

    /// What is gravest comes first: a fail before an undetermined verdict before a pass, then by
    /// severity. A check whose severities differ gives every answer one.
    pub(crate) fn weight(&self) -> (Verdict, Reverse<Option<Severity>>) {
        (self.verdict, Reverse(self.severity))
    }
}

/// The gravest of some answers; the first of equals.
pub(crate) fn gravest(answers: impl IntoIterator<Item = Answer>) -> Option<Answer> {
    answers.into_iter().min_by_key(Answer::weight)
}

/// The answer about a setting in every world that it may be in; `None` where it is not set. What fails
/// in some worlds only is undetermined, by the condition.
pub(crate) fn in_worlds<T>(
    setting: &Setting<T>,
    question: impl Fn(Result<&T, &Why>, &Location) -> Answer,
) -> Option<Answer> {
    let of = |state: &State<T>, at: &Location| match state {
        State::Set(value) | State::Default(value) => Some(question(Ok(value), at)),
        State::Unset => None,
        State::Unknown(unknown) => Some(question(Err(&unknown.why), at)),
    };
    let answer = match &setting.state {
        State::Unknown(unknown) if !unknown.candidates.is_empty() => {
            let worlds = unknown.candidates.iter();
            let answers: Vec<_> = worlds
                .filter_map(|world| Some((&world.when, of(&world.state, &world.at)?)))
                .collect();
            let failing = answers.iter().filter(|(_, answer)| answer.verdict == Verdict::Fail);
            let always = failing.count() == unknown.candidates.len();
            gravest(answers.into_iter().map(|(when, answer)| match always {
                true => answer,
                false => answer.only_when(when),
            }))
        }
        state => of(state, &setting.at),
    }?;
    Some(match &setting.by {
        Some(by) => answer.by(by),
        None => answer,
    })
}

/// An answer, and the statement that it is of.
pub(crate) type OfStatement<'p> = (Option<&'p Statement>, Answer);

/// The resource that carries what is judged, and the policy's name there, where that is a policy.
#[derive(Clone, Debug)]
pub(crate) struct Carrier<'a> {
    pub(crate) id: AnyId,
    pub(crate) resource: &'a Resource,
    pub(crate) policy: Arc<str>,
    /// The place that stands for a policy which is written outside the estate.
    pub(crate) attached_at: Option<&'a Location>,
}

impl<'a> Carrier<'a> {
    /// A resource whose own attributes are judged.
    pub(crate) fn of(id: impl Into<AnyId>, resource: &'a Resource) -> Self {
        Carrier {
            id: id.into(),
            resource,
            policy: "".into(),
            attached_at: None,
        }
    }

    /// The draft of one statement, or of what is no statement.
    pub(crate) fn draft(&self, answer: Answer, statement: Option<&Statement>) -> Draft {
        let fact = match statement {
            Some(statement) => Fact::Statement {
                policy: self.policy.clone(),
                sid: statement.sid.as_ref().map(|sid| sid.text.to_string().into()),
                index: u32::try_from(statement.index).unwrap_or(u32::MAX),
            },
            None => answer.fact.unwrap_or(Fact::Resource),
        };
        let evidence = Evidence {
            at: self.attached_at.unwrap_or(&answer.at).clone(),
            address: Some(self.resource.address.clone()),
            says: answer.says,
            fact,
        };
        let mut draft = Draft::new(self.id, answer.verdict, answer.message, evidence).undecided(answer.undecided);
        if let Some(severity) = answer.severity {
            draft = draft.severity(severity);
        }
        match answer.fix {
            Some(fix) => draft.fix(fix),
            None => draft,
        }
    }
}

/// Asks every statement of a policy and brings its worlds together: one answer a statement, in the
/// order written. `bad` is the sentence that an unread part leaves open.
pub(crate) fn ask<'p>(
    policy: &'p Policy,
    bad: &str,
    question: impl Fn(&'p Statement) -> Answer,
) -> Vec<OfStatement<'p>> {
    let answers = policy.allows().map(|statement| (statement, question(statement)));
    in_order(policy, bad, answers)
}

/// As [`ask`], of answers that are there: one of each statement that allows.
pub(crate) fn in_order<'p>(
    policy: &'p Policy,
    bad: &str,
    answers: impl Iterator<Item = (&'p Statement, Answer)>,
) -> Vec<OfStatement<'p>> {
    let mut by_index: BTreeMap<usize, Vec<(&Statement, Answer)>> = BTreeMap::new();
    for (statement, answer) in answers {
        by_index.entry(statement.index).or_default().push((statement, answer));
    }
    let mut answers: Vec<_> = by_index.into_values().filter_map(together).collect();
    answers.extend(policy.unread.iter().map(|unread| {
        let doubt = format!("{} is not known: {}", unread.path, unread.why);
        (
            None,
            Answer::undetermined(&unread.at, bad, &doubt, Some(unread.why.clone())),
        )
    }));
    answers
}

/// The worlds of one statement: bad in all of them is a fail, bad in some is undetermined.
fn together<'p>(worlds: Vec<(&'p Statement, Answer)>) -> Option<OfStatement<'p>> {
    let bad: Vec<&World> = worlds
        .iter()
        .filter(|(_, answer)| answer.verdict == Verdict::Fail)
        .map(|(statement, _)| &statement.world)
        .collect();
    let always = World::exhaust(&bad);
    let settled = worlds.into_iter().map(|(statement, answer)| {
        let answer = match always {
            true => answer,
            false => answer.only_when(&statement.world.to_string()),
        };
        (Some(statement), answer)
    });
    settled.min_by_key(|(_, answer)| answer.weight())
}

/// The items of `Action` or `Resource` for a message: the first of many.
pub(crate) fn few(selection: &Selection) -> String {
    const SHOWN: usize = 3;
    let shown = selection.items.iter().take(SHOWN).map(|item| item.text.to_string());
    let list = shown.collect::<Vec<_>>().join(", ");
    match selection.items.len().checked_sub(SHOWN) {
        Some(more) if more > 0 => format!("{list} and {more} more"),
        _ => list,
    }
}
