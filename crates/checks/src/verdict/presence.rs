//! Whether something is set at all, whatever it comes to.

use crate::verdict::answer::Answer;
use maremma_iam::Match;
use maremma_model::{Fact, Setting, State, Why};

/// In which worlds a setting is there. A value that is not known is there.
pub(crate) enum Presence<'a> {
    Always,
    Never,
    /// Not there in a world that nothing decides, in words.
    NotWhen(&'a str, &'a Why),
}

pub(crate) fn presence<T>(setting: &Setting<T>) -> Presence<'_> {
    let unknown = match &setting.state {
        State::Set(_) | State::Default(_) => return Presence::Always,
        State::Unset => return Presence::Never,
        State::Unknown(unknown) => unknown,
    };
    let mut lacking = unknown
        .candidates
        .iter()
        .filter(|candidate| matches!(candidate.state, State::Unset));
    let count = lacking.clone().count();
    match lacking.next() {
        None => Presence::Always,
        Some(_) if count == unknown.candidates.len() => Presence::Never,
        Some(candidate) => Presence::NotWhen(&candidate.when, &unknown.why),
    }
}

/// Whether a setting is there.
pub(crate) fn is_there<T>(setting: &Setting<T>) -> Match {
    match presence(setting) {
        Presence::Always => Match::Yes,
        Presence::Never => Match::No,
        Presence::NotWhen(..) => Match::Unknown,
    }
}

/// The answer where the lack of the attribute `name` is bad: `bad` is the sentence of a fail.
pub(crate) fn lack<T>(setting: &Setting<T>, name: &str, bad: &str) -> Answer {
    let answer = match presence(setting) {
        Presence::Always => Answer::pass(&setting.at, format!("{name} is set")),
        Presence::Never => Answer::fail(&setting.at, bad, format!("{name} is not set")),
        Presence::NotWhen(when, why) => {
            let doubt = format!("{name} is not set when {when}");
            Answer::undetermined(&setting.at, bad, &doubt, Some(why.clone()))
        }
    };
    answer.fact(Fact::Attribute {
        name: name.into(),
        value: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use maremma_model::{Candidate, Place, Unknown};

    fn worlds(states: Vec<State<u32>>) -> Setting<u32> {
        let candidate = |state| Candidate {
            state,
            when: "IsProd".into(),
            at: Place::default().into(),
        };
        Setting {
            state: State::Unknown(Unknown {
                why: Why::Condition("IsProd".into()),
                candidates: states.into_iter().map(candidate).collect(),
            }),
            at: Place::default().into(),
            by: None,
        }
    }

    #[test]
    fn what_is_not_known_is_there() {
        let open = || {
            State::Unknown(Unknown {
                why: Why::NotKept,
                candidates: Vec::new(),
            })
        };
        assert_eq!(is_there(&worlds(vec![])), Match::Yes);
        assert_eq!(is_there(&worlds(vec![State::Set(1), open()])), Match::Yes);
        assert_eq!(is_there(&worlds(vec![State::Set(1), State::Unset])), Match::Unknown);
        assert_eq!(is_there(&worlds(vec![State::Unset, State::Unset])), Match::No);
        assert_eq!(is_there(&Setting::<u32>::unset(Place::default())), Match::No);
    }
}
