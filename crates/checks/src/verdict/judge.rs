//! A setting judged in every world that it may be in.

use maremma_model::{Evidence, Fact, Location, Resource, Setting, State, Verdict, Why};
use std::fmt::Display;

/// What a setting comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    pub verdict: Verdict,
    pub evidence: Evidence,
    /// What an undetermined verdict waits for.
    pub undecided: Vec<Why>,
}

/// Judges `setting`, the attribute `name` of `resource`. `bad` says of a value whether it is bad, or
/// `None` where that cannot be told; of `None` it says what the lack of a value means. All possible
/// values bad: fail; all good: pass; anything else: undetermined, naming the condition.
pub fn judge<T: Display>(
    resource: &Resource,
    name: &str,
    setting: &Setting<T>,
    bad: impl Fn(Option<&T>) -> Option<bool>,
) -> Judgement {
    judge_as(resource, name, setting, &ToString::to_string, bad)
}

/// As [`judge`], for values that are shown by `show`.
pub(crate) fn judge_as<T>(
    resource: &Resource,
    name: &str,
    setting: &Setting<T>,
    show: &dyn Fn(&T) -> String,
    bad: impl Fn(Option<&T>) -> Option<bool>,
) -> Judgement {
    let (verdict, undecided) = verdict_of(&setting.state, &bad);
    let evidence = attribute(resource, name, setting, show);
    Judgement {
        verdict,
        evidence,
        undecided,
    }
}

fn verdict_of<T>(state: &State<T>, bad: &impl Fn(Option<&T>) -> Option<bool>) -> (Verdict, Vec<Why>) {
    let of = |value: Option<&T>| match bad(value) {
        Some(true) => (Verdict::Fail, Vec::new()),
        Some(false) => (Verdict::Pass, Vec::new()),
        None => (Verdict::Undetermined, Vec::new()),
    };
    match state {
        State::Set(value) | State::Default(value) => of(Some(value)),
        State::Unset => of(None),
        State::Unknown(unknown) => {
            let verdicts: Vec<_> = unknown
                .candidates
                .iter()
                .map(|candidate| verdict_of(&candidate.state, bad).0)
                .collect();
            match verdicts.split_first() {
                Some((first, rest)) if rest.iter().all(|other| other == first) && *first != Verdict::Undetermined => {
                    (*first, Vec::new())
                }
                _ => (Verdict::Undetermined, vec![unknown.why.clone()]),
            }
        }
    }
}

/// The evidence of a setting: the value where it is written, or the place that lacks it.
pub(crate) fn attribute<T>(
    resource: &Resource,
    name: &str,
    setting: &Setting<T>,
    show: &dyn Fn(&T) -> String,
) -> Evidence {
    let by = setting.by.as_ref().map(|by| format!(", {by}")).unwrap_or_default();
    let (says, value) = match &setting.state {
        State::Set(value) => (format!("{name} is {}{by}", show(value)), Some(show(value))),
        State::Default(value) => (format!("{name} is not set, so it is {}", show(value)), None),
        State::Unset => (format!("{name} is not set{by}"), None),
        State::Unknown(unknown) => {
            let worlds: Vec<_> = unknown
                .candidates
                .iter()
                .filter_map(|c| match &c.state {
                    State::Set(value) | State::Default(value) => Some(format!("{} when {}", show(value), c.when)),
                    State::Unset => Some(format!("not set when {}", c.when)),
                    State::Unknown(_) => None,
                })
                .collect();
            let says = if worlds.is_empty() {
                format!("{name} is not known: {}", unknown.why)
            } else {
                format!("{name} is {}", worlds.join(", "))
            };
            (says, None)
        }
    };
    evidence(
        resource,
        &setting.at,
        says,
        Fact::Attribute {
            name: name.into(),
            value,
        },
    )
}

/// Evidence at a place of a resource.
pub(crate) fn evidence(resource: &Resource, at: &Location, says: impl Into<String>, fact: Fact) -> Evidence {
    Evidence {
        at: at.clone(),
        address: Some(resource.address.clone()),
        says: says.into(),
        fact,
    }
}

/// The resource itself as evidence.
pub(crate) fn whole(resource: &Resource, says: impl Into<String>) -> Evidence {
    evidence(resource, &resource.at, says, Fact::Resource)
}
