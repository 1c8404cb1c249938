//! Whether a setting is given at all, whatever its value.

use crate::verdict::judge::{Judgement, attribute};
use maremma_model::{Resource, Setting, State, Verdict, Why};

/// Whether a setting is given, with the reasons why that is not known. A value that is decided at
/// deployment is one, AWS's default is none, and of the others `empty` says which stand for none.
pub(crate) fn given<T>(state: &State<T>, empty: &impl Fn(&T) -> bool) -> (Option<bool>, Vec<Why>) {
    match state {
        State::Set(value) => (Some(!empty(value)), Vec::new()),
        State::Default(_) | State::Unset => (Some(false), Vec::new()),
        State::Unknown(unknown) if unknown.candidates.is_empty() => match unknown.why {
            Why::Condition(_) | Why::Macro(_) | Why::Unresolved(_) | Why::NotKept => (None, vec![unknown.why.clone()]),
            _ => (Some(true), Vec::new()),
        },
        State::Unknown(unknown) => {
            let mut worlds = unknown.candidates.iter().map(|world| given(&world.state, empty).0);
            let first = worlds.next().flatten();
            if first.is_some() && worlds.all(|world| world == first) {
                (first, Vec::new())
            } else {
                (None, vec![unknown.why.clone()])
            }
        }
    }
}

/// Judges the lack of a setting: the attribute `name` of `resource`, whose values `show` shows.
pub(crate) fn judge_given<T>(
    resource: &Resource,
    name: &str,
    setting: &Setting<T>,
    show: &dyn Fn(&T) -> String,
    empty: &impl Fn(&T) -> bool,
) -> Judgement {
    let (given, undecided) = given(&setting.state, empty);
    Judgement {
        verdict: match given {
            Some(true) => Verdict::Pass,
            Some(false) => Verdict::Fail,
            None => Verdict::Undetermined,
        },
        evidence: attribute(resource, name, setting, show),
        undecided,
    }
}
