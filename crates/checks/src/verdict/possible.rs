//! Questions to settings and lists, answered over every value that they may take.

use maremma_iam::Match;
use maremma_model::noun::Items;
use maremma_model::{Location, Setting, State, Text, Unknown, Why};
use std::fmt::Display;

/// What a setting or list comes to.
#[derive(Clone, Debug)]
pub(crate) struct Told<'a, T> {
    pub(crate) is: Match,
    /// The value of which it holds, or may hold.
    pub(crate) value: Option<&'a T>,
    pub(crate) at: &'a Location,
    /// The world in which the value is there, in words.
    pub(crate) when: Option<&'a str>,
    /// What decides an unknown answer.
    pub(crate) why: Option<&'a Why>,
}

/// Whether the setting is as `ask` says of a value, or of the lack of one.
pub(crate) fn is<'a, T>(setting: &'a Setting<T>, ask: &dyn Fn(Option<&T>) -> Match) -> Told<'a, T> {
    of(&setting.state, &setting.at, &|value, at| {
        Told::known(ask(value), value, at)
    })
}

/// Whether any member of the list is as `ask` says.
pub(crate) fn any<'a, T>(list: &'a Items<T>, ask: &dyn Fn(&T) -> Match) -> Told<'a, T> {
    let of_item = |item: &'a Setting<T>| is(item, &|value| value.map_or(Match::No, ask));
    of(&list.state, &list.at, &|items: Option<&'a Vec<Setting<T>>>, at| {
        let told = items.into_iter().flatten().map(of_item);
        let minded = told.filter(|told| !told.is.is_no()).min_by_key(rank);
        minded.unwrap_or_else(|| Told::known(Match::No, None, at))
    })
}

/// Why a text is not known, or not all of it.
pub(crate) fn why(setting: &Setting<Text>) -> Option<&Why> {
    match &setting.state {
        State::Unknown(unknown) => Some(&unknown.why),
        State::Set(text) | State::Default(text) => text.why(),
        State::Unset => None,
    }
}

fn of<'a, S, T>(
    state: &'a State<S>,
    at: &'a Location,
    ask: &dyn Fn(Option<&'a S>, &'a Location) -> Told<'a, T>,
) -> Told<'a, T> {
    match state {
        State::Set(value) | State::Default(value) => ask(Some(value), at),
        State::Unset => ask(None, at),
        State::Unknown(unknown) => of_worlds(unknown, at, ask),
    }
}

fn of_worlds<'a, S, T>(
    unknown: &'a Unknown<S>,
    at: &'a Location,
    ask: &dyn Fn(Option<&'a S>, &'a Location) -> Told<'a, T>,
) -> Told<'a, T> {
    let worlds: Vec<_> = unknown
        .candidates
        .iter()
        .map(|candidate| Told {
            when: Some(&candidate.when),
            ..of(&candidate.state, &candidate.at, ask)
        })
        .collect();
    let agreed = worlds.first().map(|first| first.is).filter(|first| {
        let same = |told: &Told<'_, T>| told.is == *first;
        !first.is_unknown() && worlds.iter().all(same)
    });
    let gravest = worlds.into_iter().min_by_key(rank);
    let open = Told::known(Match::Unknown, None, at);
    let told = gravest.unwrap_or(open);
    match agreed {
        Some(is) => Told { is, when: None, ..told },
        None => Told {
            is: Match::Unknown,
            why: Some(&unknown.why),
            ..told
        },
    }
}

fn rank<T>(told: &Told<'_, T>) -> u8 {
    match told.is {
        Match::Yes => 0,
        Match::Unknown => 1,
        Match::No => 2,
    }
}

impl<'a, T> Told<'a, T> {
    fn known(is: Match, value: Option<&'a T>, at: &'a Location) -> Self {
        Told {
            is,
            value,
            at,
            when: None,
            why: None,
        }
    }
}

impl<T: Display> Told<'_, T> {
    /// `AllowOrigins has *`, `AllowOrigins has * when IsProd`, `AllowOrigins is not known: ...`.
    pub(crate) fn words(&self, name: &str, verb: &str) -> String {
        let when = self.when.map(|when| format!(" when {when}")).unwrap_or_default();
        match (self.value, self.why) {
            (Some(value), _) => format!("{name} {verb} {value}{when}"),
            (None, Some(why)) => format!("{name} is not known: {why}"),
            (None, None) => format!("{name} is not set{when}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use maremma_model::{Candidate, Place};

    fn at(line: u32) -> Location {
        let mut place = Place::default();
        place.span.start.line = line;
        Location::File(place)
    }

    fn choice<T>(states: Vec<State<T>>) -> Setting<T> {
        let candidate = |(index, state)| Candidate {
            state,
            when: format!("World{index}").into(),
            at: at(u32::try_from(index).unwrap() + 10),
        };
        Setting {
            state: State::Unknown(Unknown {
                why: Why::Condition("World".into()),
                candidates: states.into_iter().enumerate().map(candidate).collect(),
            }),
            at: at(1),
            by: None,
        }
    }

    fn star(value: Option<&&str>) -> Match {
        value.is_some_and(|value| *value == "*").into()
    }

    #[test]
    fn worlds_that_agree_decide() {
        assert_eq!(is(&Setting::set("*", at(1)), &star).is, Match::Yes);
        assert_eq!(
            is(&choice(vec![State::Set("*"), State::Set("*")]), &star).is,
            Match::Yes
        );
        assert_eq!(is(&choice(vec![State::Set("a"), State::Unset]), &star).is, Match::No);
        let mixed = choice(vec![State::Set("a"), State::Set("*")]);
        let told = is(&mixed, &star);
        assert_eq!((told.is, told.when), (Match::Unknown, Some("World1")));
        assert_eq!(told.words("Origin", "is"), "Origin is * when World1");
        assert_eq!(is(&choice(vec![]), &star).is, Match::Unknown);
    }

    #[test]
    fn a_list_has_what_one_of_its_members_is() {
        let ask = |value: &&str| star(Some(value));
        let list = |items: Vec<Setting<&'static str>>| Setting::set(items, at(1));
        let sure = list(vec![choice(vec![]), Setting::set("*", at(3))]);
        assert_eq!(any(&sure, &ask).is, Match::Yes);
        assert_eq!(any(&sure, &ask).at, &at(3));
        assert_eq!(
            any(&list(vec![choice(vec![]), Setting::set("a", at(3))]), &ask).is,
            Match::Unknown
        );
        assert_eq!(any(&list(vec![Setting::set("a", at(3))]), &ask).is, Match::No);
        assert_eq!(any(&Setting::unset(at(1)), &ask).is, Match::No);
        let lists = choice(vec![State::Set(vec![Setting::set("*", at(3))]), State::Unset]);
        assert_eq!(any(&lists, &ask).is, Match::Unknown);
    }
}
