//! Texts with holes, rewritten piece by piece as far as that is exact.

use super::{Call, Stop};
use maremma_model::{Hole, Piece, Text, Why};

/// What a function made of a hole: it no longer stands for the attribute that it stood for, nor for what
/// AWS fills in.
fn changed(call: &Call<'_>, hole: &Hole) -> Hole {
    let why = match &hole.why {
        why @ Why::Pseudo(name) => Why::Unresolved(format!("{}() of {name}: {why}", call.name).into()),
        why => why.clone(),
    };
    Hole { why, stands_for: None }
}

/// The letters that may stand in a hole, where AWS's own words tell them.
fn letters(hole: &Hole) -> Option<fn(char) -> bool> {
    match &hole.why {
        Why::Pseudo(name) => match &**name {
            "AWS::AccountId" => Some(|letter| letter.is_ascii_digit()),
            "AWS::Region" | "AWS::Partition" => {
                Some(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-')
            }
            _ => None,
        },
        _ => None,
    }
}

/// Whether none of `letters` can stand in the hole.
pub(super) fn lacks(hole: &Hole, mut wanted: impl Iterator<Item = char>) -> bool {
    letters(hole).is_some_and(|may| wanted.any(|letter| !may(letter)))
}

/// The text with its literals rewritten. A hole of which `keeps` says so stays what it is.
pub(super) fn rewritten(
    call: &Call<'_>,
    text: &Text,
    literal: impl Fn(&str) -> String,
    keeps: impl Fn(&Hole) -> bool,
) -> Text {
    Text::from_pieces(text.pieces().into_iter().map(|piece| match piece {
        Piece::Literal(text) => Piece::Literal(literal(&text).into()),
        Piece::Hole(hole) if keeps(&hole) => Piece::Hole(hole),
        Piece::Hole(hole) => Piece::Hole(changed(call, &hole)),
    }))
}

/// A hole in place of the whole text, where something of it is not known.
pub(super) fn whole(call: &Call<'_>, text: &Text) -> Text {
    match text.holes().next() {
        Some(hole) => Text::from_pieces([Piece::Hole(changed(call, hole))]),
        None => text.clone(),
    }
}

/// Letter by letter, as `upper` and `lower` do.
pub(super) fn cased(call: &Call<'_>, text: &Text, case: impl Fn(char) -> String + Copy) -> Text {
    let same = |letter: &char| case(*letter) == letter.to_string();
    let keeps = |hole: &Hole| {
        letters(hole).is_some_and(|may| {
            ('\0'..='\u{7f}')
                .filter(|letter| may(*letter))
                .all(|letter| same(&letter))
        })
    };
    rewritten(call, text, |literal| literal.chars().map(case).collect(), keeps)
}

/// Every `from` replaced by `to`.
pub(super) fn replaced(call: &Call<'_>, text: &Text, from: &str, to: &Text) -> Result<Text, Stop> {
    if from.is_empty() {
        return match (text, to) {
            (Text::Literal(text), Text::Literal(to)) => {
                call.spend_text(text.len().saturating_mul(to.len().saturating_add(1)))?;
                Ok(Text::literal(text.replace("", to)))
            }
            _ => Ok(whole(call, text)),
        };
    }
    let keeps = |hole: &Hole| lacks(hole, from.chars());
    let all_keep = text.holes().all(keeps);
    // What is looked for may begin in a literal and end in a hole.
    let single = from.chars().nth(1).is_none();
    if !single && text.holes().next().is_some() && straddles(text, from) {
        return Ok(whole(call, text));
    }
    let length = |text: &Text| text.pieces().iter().map(super::argument::length_of).sum::<usize>();
    let mut pieces = Vec::new();
    for piece in text.pieces() {
        match piece {
            Piece::Literal(literal) => {
                let found = literal.matches(from).count();
                call.spend_text(found.saturating_mul(length(to)).saturating_add(literal.len()))?;
                for (at, part) in literal.split(from).enumerate() {
                    if at > 0 {
                        pieces.extend(to.pieces());
                    }
                    pieces.push(Piece::Literal(part.into()));
                }
            }
            Piece::Hole(hole) if all_keep || keeps(&hole) => pieces.push(Piece::Hole(hole)),
            Piece::Hole(hole) => pieces.push(Piece::Hole(changed(call, &hole))),
        }
    }
    Ok(Text::from_pieces(pieces))
}

/// Whether `needle` may stand partly in a literal and partly in a hole next to it. A hole may be empty, so
/// that what stands on both of its sides counts too.
fn straddles(text: &Text, needle: &str) -> bool {
    let pieces = text.pieces();
    let splits = || needle.char_indices().skip(1).map(|(at, _)| needle.split_at(at));
    pieces.iter().zip(pieces.iter().skip(1)).any(|pair| match pair {
        (Piece::Literal(before), Piece::Hole(_)) => splits().any(|(begin, _)| before.ends_with(begin)),
        (Piece::Hole(_), Piece::Literal(after)) => splits().any(|(_, end)| after.starts_with(end)),
        _ => false,
    })
}
