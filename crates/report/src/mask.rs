//! Which stretches of which files no report shows, found once a run.
//!
//! Masked is every place that holds a value which may be a secret: environment and stage variables,
//! event source tokens, the text of secrets and parameters, and what a reader marked as sensitive. A
//! value that comes from elsewhere (the default of a parameter) is masked there too.

use maremma_model::{Candidate, EnvValue, Estate, FileId, Location, Place, Setting, State};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

/// What is shown in place of a value. It tells nothing, not even the length.
pub(crate) const MASK: &str = "•••";

/// Shorter values are masked only where they stand: they are too common to be looked for elsewhere.
const SHORTEST: usize = 8;

#[derive(Debug, Default)]
pub(crate) struct Masks {
    /// Sorted, and none touches another.
    ranges: BTreeMap<FileId, Vec<Range<usize>>>,
    /// The lines of all values that may be secrets.
    values: HashSet<Box<str>>,
}

impl Masks {
    pub(crate) fn of(estate: &Estate) -> Self {
        let mut found = Found::default();
        for place in &estate.sensitive {
            found.places.push(*place);
        }
        for setting in settings(estate) {
            found.setting(estate, setting);
        }
        for function in estate.functions.values() {
            if function.environment_at.is_unknown() {
                found.places.extend(function.environment_at.at.place());
            }
        }
        let mut masks = Masks::default();
        for place in found.places {
            let range = range(place);
            if let Some(written) = written(estate, place)
                && !is_reference(written)
            {
                masks.ranges.entry(place.file).or_default().push(range);
            }
        }
        masks.find_elsewhere(estate, &found.elsewhere);
        masks.values = found.values;
        for ranges in masks.ranges.values_mut() {
            merge(ranges);
        }
        masks
    }

    pub(crate) fn in_file(&self, file: FileId) -> &[Range<usize>] {
        self.ranges.get(&file).map_or(&[], Vec::as_slice)
    }

    /// `text` (what a fix proposes) without the values that may be secrets.
    pub(crate) fn scrub<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.values.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut hidden = scalars(text, &self.values);
        merge(&mut hidden);
        if hidden.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut out = String::with_capacity(text.len());
        let mut from = 0;
        for range in hidden {
            out.push_str(text.get(from..range.start).unwrap_or_default());
            out.push_str(MASK);
            from = range.end;
        }
        out.push_str(text.get(from..).unwrap_or_default());
        Cow::Owned(out)
    }

    fn find_elsewhere(&mut self, estate: &Estate, values: &HashSet<Box<str>>) {
        if values.is_empty() {
            return;
        }
        for (row, file) in estate.files.iter().enumerate() {
            let Some(text) = file.text.as_deref() else { continue };
            let file = FileId(u32::try_from(row).unwrap_or(u32::MAX));
            let found = scalars(text, values);
            if !found.is_empty() {
                self.ranges.entry(file).or_default().extend(found);
            }
        }
    }
}

/// What the walk over the estate gathers.
#[derive(Default)]
struct Found {
    places: Vec<Place>,
    values: HashSet<Box<str>>,
    /// Values that are not written where their setting is.
    elsewhere: HashSet<Box<str>>,
}

impl Found {
    fn setting(&mut self, estate: &Estate, setting: &Setting<EnvValue>) {
        self.state(estate, &setting.state, &setting.at, setting.by.is_some());
    }

    fn state(&mut self, estate: &Estate, state: &State<EnvValue>, at: &Location, by: bool) {
        match state {
            State::Set(EnvValue::Clear(secret)) => {
                // A text that is all hole was written as a reference, which tells nothing.
                let text = secret.reveal();
                let mut literals = text.pieces().into_iter().filter_map(|piece| match piece {
                    maremma_model::Piece::Literal(literal) => Some(literal),
                    maremma_model::Piece::Hole(_) => None,
                });
                if let Some(first) = literals.next() {
                    self.places.extend(at.place());
                    let written = at.place().and_then(|place| written(estate, place)).unwrap_or_default();
                    for literal in std::iter::once(first).chain(literals) {
                        self.value(&literal, by, written);
                    }
                }
            }
            // What was read from a snapshot has no text; from a template, the judged value has.
            State::Set(EnvValue::Judged(_)) => self.places.extend(at.place()),
            State::Set(EnvValue::Plain(_)) | State::Default(_) | State::Unset => {}
            State::Unknown(unknown) if unknown.candidates.is_empty() => self.places.extend(at.place()),
            State::Unknown(unknown) => {
                for Candidate { state, at, .. } in &unknown.candidates {
                    self.state(estate, state, at, by);
                }
            }
        }
    }

    /// A value that is not in the text `written` where its setting is came there by a reference.
    fn value(&mut self, literal: &str, by: bool, written: &str) {
        for line in literal.lines().map(str::trim).filter(|line| line.len() >= SHORTEST) {
            self.values.insert(line.into());
            if by || !written.contains(line) {
                self.elsewhere.insert(line.into());
            }
        }
    }
}

fn range(place: Place) -> Range<usize> {
    place.span.start.offset as usize..place.span.end.offset as usize
}

/// The text at a place.
fn written(estate: &Estate, place: Place) -> Option<&str> {
    estate.file(place.file)?.text.as_deref()?.get(range(place))
}

/// Every setting of the estate that may hold a secret.
fn settings(estate: &Estate) -> impl Iterator<Item = &Setting<EnvValue>> {
    let variables = estate
        .functions
        .values()
        .flat_map(|f| f.environment.iter().map(|v| &v.value));
    let stages = estate
        .stages
        .values()
        .flat_map(|s| s.variables.iter().map(|v| &v.value));
    let tokens = estate.permissions.values().map(|p| &p.event_source_token);
    let access = estate
        .triggers
        .values()
        .filter_map(|t| t.mapping.as_ref())
        .flat_map(|m| m.source_access.iter().map(|a| &a.uri));
    let secrets = estate.secrets.values().map(|s| &s.literal_value);
    let parameters = estate.parameters.values().map(|p| &p.value);
    variables
        .chain(stages)
        .chain(tokens)
        .chain(access)
        .chain(secrets)
        .chain(parameters)
}

/// Whether a value is written as nothing but a reference by name (`!Ref Orders`,
/// `{"Fn::GetAtt": ["Orders", "Arn"]}`), which a reader wants to see.
fn is_reference(written: &str) -> bool {
    let inner = written.trim().trim_start_matches('{').trim_end_matches('}').trim();
    let rest = ["!Ref ", "!GetAtt ", "!ImportValue "]
        .iter()
        .find_map(|tag| inner.strip_prefix(tag))
        .or_else(|| {
            let (key, rest) = inner.split_once(':')?;
            // `Fn::GetAtt` has colons of its own.
            let (key, rest) = if key.trim_matches(['"', '\'']) == "Fn" {
                let (name, rest) = rest.strip_prefix(':')?.split_once(':')?;
                (name, rest)
            } else {
                (key, rest)
            };
            ["Ref", "GetAtt", "ImportValue"]
                .contains(&key.trim().trim_matches(['"', '\'']))
                .then_some(rest)
        });
    rest.is_some_and(|rest| {
        rest.chars()
            .all(|c| c.is_ascii_alphanumeric() || " .:_-\"'[],\n".contains(c))
            && !rest.contains(": ")
    })
}

/// The stretches of `text` that are one of `values` as a whole scalar: quoted, or all that follows a
/// key or a dash on its line.
fn scalars(text: &str, values: &HashSet<Box<str>>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut check = |from: usize, token: &str| {
        let trimmed = token.trim();
        if values.contains(trimmed) {
            let start = from + (token.len() - token.trim_start().len());
            found.push(start..start + trimmed.len());
        }
    };
    let flow: &[char] = &['"', '\'', ',', '{', '}', '[', ']'];
    let mut line_start = 0;
    for line in text.split_inclusive('\n') {
        // A quoted scalar may hold the characters that end a plain one, and the other quote.
        for separators in [&['"'][..], &['\''], flow, &[]] {
            let mut from = line_start;
            for token in line.split(separators) {
                check(from, token);
                for indicator in [": ", "- "] {
                    if let Some((before, after)) = token.split_once(indicator) {
                        check(from + before.len() + indicator.len(), after);
                    }
                }
                from += token.len() + 1;
            }
        }
        line_start += line.len();
    }
    found
}

/// Sorts `ranges` and joins those that overlap.
fn merge(ranges: &mut Vec<Range<usize>>) {
    ranges.sort_by_key(|range| (range.start, range.end));
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges.drain(..).filter(|range| !range.is_empty()) {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    *ranges = merged;
}

#[cfg(test)]
mod tests;
