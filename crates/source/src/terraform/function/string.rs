//! Functions of strings.

use super::super::value::{Kind, Value};
use super::argument::is_empty;
use super::{Call, Function, MANY, MAX_TEXT, Opens, Outcome, Stop, argument, fail, function, hole, pattern};
use maremma_model::{Hole, Piece, Text, Why};
use unicode_segmentation::UnicodeSegmentation;

pub(super) const FUNCTIONS: &[Function] = &[
    function("chomp", 1..=1, chomp),
    function("endswith", 2..=2, endswith),
    function("indent", 2..=2, indent),
    function("join", 1..=MANY, join).opening(Opens::All),
    function("lower", 1..=1, lower),
    function("ltrim", 2..=2, ltrim),
    function("regex", 2..=2, pattern::regex),
    function("regexall", 2..=2, pattern::regexall),
    function("replace", 3..=3, replace),
    function("rtrim", 2..=2, rtrim),
    function("split", 2..=2, split),
    function("startswith", 2..=2, startswith),
    function("strcontains", 2..=2, strcontains),
    function("strrev", 1..=1, strrev),
    function("substr", 3..=3, substr),
    function("title", 1..=1, title),
    function("trim", 2..=2, trim),
    function("trimprefix", 2..=2, trimprefix),
    function("trimspace", 1..=1, trimspace),
    function("trimsuffix", 2..=2, trimsuffix),
    function("upper", 1..=1, upper),
];

/// The arguments of a function that takes one, two or three.
pub(super) fn exactly<const N: usize>(arguments: &[Value]) -> Result<&[Value; N], Stop> {
    let found = arguments.try_into();
    found.map_err(|_| Stop::Failed(format!("expected {N} arguments, found {}", arguments.len())))
}

fn upper(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [text] = exactly(arguments)?;
    call.text(hole::cased(call, &call.to_text(text)?, |letter| {
        letter.to_uppercase().to_string()
    }))
}

fn lower(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [text] = exactly(arguments)?;
    call.text(hole::cased(call, &call.to_text(text)?, |letter| {
        letter.to_lowercase().to_string()
    }))
}

/// The first letter of every word in upper case; what is no letter, digit, apostrophe or underscore ends one.
fn title(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [text] = exactly(arguments)?;
    let Text::Literal(text) = call.to_text(text)? else {
        return call.text(hole::whole(call, &call.to_text(text)?));
    };
    let mut made = String::with_capacity(text.len());
    let mut before = ' ';
    for letter in text.chars() {
        let separates = match before {
            '_' => false,
            before if before.is_ascii() => !before.is_ascii_alphanumeric(),
            before => before.is_whitespace(),
        };
        if separates {
            made.extend(letter.to_uppercase());
        } else {
            made.push(letter);
        }
        before = letter;
    }
    call.string(made)
}

fn strrev(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [text] = exactly(arguments)?;
    match call.to_text(text)? {
        Text::Literal(text) => call.string(text.graphemes(true).rev().collect::<String>()),
        holed @ Text::Holed(_) => call.text(hole::whole(call, &holed)),
    }
}

/// Letters are counted as readers see them. An offset below zero counts from the end, a length below zero
/// takes all that is left.
fn substr(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [text, offset, length] = exactly(arguments)?;
    let (offset, length) = (call.to_integer(offset)?, call.to_integer(length)?);
    let text = call.to_text(text)?;
    let known = match &text {
        Text::Literal(text) => text,
        Text::Holed(_) => {
            let prefix = text.prefix();
            let letters = i64::try_from(prefix.graphemes(true).count()).unwrap_or(i64::MAX);
            // The last letter before a hole may go on in it.
            if offset < 0 || length < 0 || offset.saturating_add(length) >= letters {
                return call.text(hole::whole(call, &text));
            }
            prefix
        }
    };
    let letters: Vec<&str> = known.graphemes(true).collect();
    let count = i64::try_from(letters.len()).unwrap_or(i64::MAX);
    let start = if offset < 0 {
        offset.saturating_add(count).max(0)
    } else {
        offset
    };
    let start = usize::try_from(start).unwrap_or(usize::MAX);
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    let taken: String = letters.into_iter().skip(start).take(length).collect();
    call.string(taken)
}

fn join(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let Some((separator, lists)) = arguments.split_first() else {
        return fail("expected a separator");
    };
    let separator = call.to_text(separator)?;
    if lists.is_empty() {
        return fail("expected a list of strings behind the separator");
    }
    let mut pieces: Vec<Piece> = Vec::new();
    let (mut first, mut length) = (true, 0usize);
    for list in lists {
        // A list of which nothing is known is a text of which nothing is known.
        let items = match call.to_items(list) {
            Err(Stop::Unknown(why)) => return call.text(Text::hole(why)),
            items => items?,
        };
        for item in items.iter() {
            let text = call.to_text(item)?;
            let apart = if first { Vec::new() } else { separator.pieces() };
            first = false;
            for piece in apart.into_iter().chain(text.pieces()) {
                length = length.saturating_add(argument::length_of(&piece));
                pieces.push(piece);
            }
            if length > MAX_TEXT {
                return call.text(Text::from_pieces(pieces));
            }
        }
    }
    call.text(Text::from_pieces(pieces))
}

/// A text of which a part is not known may be divided there, too.
fn split(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [separator, text] = exactly(arguments)?;
    let separator = call.to_literal(separator)?;
    let text = call.to_text(text)?;
    if let Some(text) = text.as_literal() {
        call.spend(text.len())?;
        if separator.is_empty() {
            let letters = text.chars().map(|letter| Value::text(letter.to_string(), call.at));
            return call.list(letters.collect());
        }
        return call.list(text.split(&*separator).map(|part| Value::text(part, call.at)).collect());
    }
    let whole = separator.chars().nth(1).is_none() && !separator.is_empty();
    if !whole || !text.holes().all(|hole| hole::lacks(hole, separator.chars())) {
        return Err(Stop::Unknown(text.why().cloned().unwrap_or(Why::NotKept)));
    }
    let mut parts: Vec<Vec<Piece>> = vec![Vec::new()];
    for piece in text.pieces() {
        match piece {
            Piece::Literal(literal) => {
                for (at, part) in literal.split(&*separator).enumerate() {
                    if at > 0 {
                        parts.push(Vec::new());
                    }
                    parts
                        .last_mut()
                        .into_iter()
                        .for_each(|last| last.push(Piece::Literal(part.into())));
                }
            }
            hole @ Piece::Hole(_) => parts.last_mut().into_iter().for_each(|last| last.push(hole.clone())),
        }
    }
    let texts = parts.into_iter().map(Text::from_pieces);
    call.list(texts.map(|text| call.value(Kind::Text(text))).collect())
}

/// Between slashes the second argument is a pattern.
fn replace(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [text, from, to] = exactly(arguments)?;
    let text = call.to_text(text)?;
    let Text::Literal(from) = call.to_text(from)? else {
        return call.text(Text::hole(argument::why(from)));
    };
    let to = call.to_text(to)?;
    let inside = from.strip_prefix('/').and_then(|rest| rest.strip_suffix('/'));
    let made = match inside {
        Some(inside) => pattern::replaced(call, &text, inside, &to)?,
        None => hole::replaced(call, &text, &from, &to)?,
    };
    call.text(made)
}

fn indent(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [spaces, text] = exactly(arguments)?;
    let spaces = call.to_count(spaces)?;
    call.spend_text(spaces)?;
    let line = format!("\n{}", " ".repeat(spaces));
    let text = call.to_text(text)?;
    call.text(hole::replaced(call, &text, "\n", &Text::literal(line))?)
}

fn chomp(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [text] = exactly(arguments)?;
    let text = call.to_text(text)?;
    ends(call, &text, Ends::Right, |letter| matches!(letter, '\n' | '\r'))
}

fn trimspace(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [text] = exactly(arguments)?;
    // JSON begins and ends with what is no space.
    if matches!(text.kind, Kind::Json(_)) {
        return Ok(text.clone());
    }
    let text = call.to_text(text)?;
    ends(call, &text, Ends::Both, char::is_whitespace)
}

fn trim(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    trimmed(call, arguments, Ends::Both)
}

fn ltrim(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    trimmed(call, arguments, Ends::Left)
}

fn rtrim(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    trimmed(call, arguments, Ends::Right)
}

fn trimmed(call: &Call<'_>, arguments: &[Value], which: Ends) -> Outcome {
    let [text, letters] = exactly(arguments)?;
    let letters = call.to_literal(letters)?;
    ends(call, &call.to_text(text)?, which, |letter| letters.contains(letter))
}

#[derive(Clone, Copy, PartialEq)]
enum Ends {
    Left,
    Right,
    Both,
}

/// Takes letters off the ends. A hole at an end, or one that only such letters keep from it, may lose some;
/// an attribute that AWS decides neither begins nor ends with a space.
fn ends(call: &Call<'_>, text: &Text, which: Ends, is: impl Fn(char) -> bool + Copy) -> Outcome {
    let mut pieces = text.pieces();
    let only_spaces = !('!'..='~').any(is);
    let strip = |piece: &mut Piece, left: bool| -> bool {
        match piece {
            Piece::Literal(literal) => {
                let rest = if left {
                    literal.trim_start_matches(is)
                } else {
                    literal.trim_end_matches(is)
                };
                let emptied = rest.is_empty();
                *literal = rest.into();
                emptied
            }
            Piece::Hole(hole) => {
                let solid = only_spaces && (hole.stands_for.is_some() || matches!(hole.why, Why::Pseudo(_)));
                if !solid {
                    let changed = hole::whole(call, &Text::from_pieces([Piece::Hole(hole.clone())]));
                    hole.clone_from(changed.holes().next().unwrap_or(&hole.clone()));
                }
                !solid
            }
        }
    };
    if which != Ends::Right {
        pieces.iter_mut().all(|piece| strip(piece, true));
    }
    if which != Ends::Left {
        pieces.iter_mut().rev().all(|piece| strip(piece, false));
    }
    call.text(Text::from_pieces(pieces))
}

fn trimprefix(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [text, prefix] = exactly(arguments)?;
    let (text, prefix) = (call.to_text(text)?, call.to_literal(prefix)?);
    let mut pieces = text.pieces();
    match (begins(&text, &prefix), pieces.first_mut()) {
        (Some(true), Some(Piece::Literal(first))) => {
            *first = first.strip_prefix(&*prefix).unwrap_or(first).into();
            call.text(Text::from_pieces(pieces))
        }
        (Some(_), _) => call.text(text),
        (None, _) => call.text(hole::whole(call, &text)),
    }
}

fn trimsuffix(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [text, suffix] = exactly(arguments)?;
    let (text, suffix) = (call.to_text(text)?, call.to_literal(suffix)?);
    let mut pieces = text.pieces();
    match (finishes(&text, &suffix), pieces.last_mut()) {
        (Some(true), Some(Piece::Literal(last))) => {
            *last = last.strip_suffix(&*suffix).unwrap_or(last).into();
            call.text(Text::from_pieces(pieces))
        }
        (Some(_), _) => call.text(text),
        (None, _) => call.text(hole::whole(call, &text)),
    }
}

fn startswith(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [text, prefix] = exactly(arguments)?;
    let (text, prefix) = (call.to_text(text)?, call.to_literal(prefix)?);
    call.perhaps(begins(&text, &prefix), || text.why().cloned().unwrap_or(Why::NotKept))
}

fn endswith(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [text, suffix] = exactly(arguments)?;
    let (text, suffix) = (call.to_text(text)?, call.to_literal(suffix)?);
    call.perhaps(finishes(&text, &suffix), || text.why().cloned().unwrap_or(Why::NotKept))
}

/// Whether the text begins with `prefix`, where what is known of it tells.
fn begins(text: &Text, prefix: &str) -> Option<bool> {
    let known = text.prefix();
    if known.starts_with(prefix) {
        return Some(true);
    }
    let may = text.as_literal().is_none() && prefix.starts_with(known);
    let next = prefix.strip_prefix(known).and_then(|rest| rest.chars().next());
    let first = text.holes().next();
    let cannot = |(hole, next): (&Hole, char)| hole::lacks(hole, [next].into_iter());
    (!may || first.zip(next).is_some_and(cannot)).then_some(false)
}

fn finishes(text: &Text, suffix: &str) -> Option<bool> {
    let known = text.suffix();
    if known.ends_with(suffix) {
        return Some(true);
    }
    let may = text.as_literal().is_none() && suffix.ends_with(known);
    (!may).then_some(false)
}

fn strcontains(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [text, part] = exactly(arguments)?;
    let (text, part) = (call.to_text(text)?, call.to_literal(part)?);
    let found = text.pieces().iter().any(|piece| match piece {
        Piece::Literal(literal) => literal.contains(&*part),
        Piece::Hole(_) => false,
    });
    let known = text.as_literal().is_some() || is_empty(&Text::literal(part)) == Some(true);
    call.perhaps((found || known).then_some(found), || {
        text.why().cloned().unwrap_or(Why::NotKept)
    })
}
