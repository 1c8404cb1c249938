//! `format` and `formatlist`: verbs, widths and precisions.

use super::super::value::{Kind, Value};
use super::number::Decimal;
use super::{
    Call, Function, MANY, MAX_TEXT, Opens, Outcome, Stop, TEXT_WEIGHT, argument, fail, function, hole, render,
};
use maremma_model::{Hole, Piece, Text, Why};
use std::iter::Peekable;
use std::str::Chars;
use unicode_segmentation::UnicodeSegmentation;

pub(super) const FUNCTIONS: &[Function] = &[
    function("format", 1..=MANY, format),
    function("formatlist", 1..=MANY, formatlist).opening(Opens::All),
];

/// What stands between `%` and the letter, and the letter.
#[derive(Debug, Default)]
struct Verb {
    zero: bool,
    sharp: bool,
    plus: bool,
    minus: bool,
    space: bool,
    width: Option<usize>,
    precision: Option<usize>,
    /// `[n]`: which argument, from 1.
    argument: Option<usize>,
    letter: char,
}

fn format(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let Some((format, arguments)) = arguments.split_first() else {
        return fail("expected a format");
    };
    call.text(formatted(call, &call.to_text(format)?, arguments)?)
}

/// Lists are walked side by side; anything else is used for every element.
fn formatlist(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let Some((format, arguments)) = arguments.split_first() else {
        return fail("expected a format");
    };
    let format = call.to_text(format)?;
    let mut length = None;
    for argument in arguments {
        match &argument.kind {
            Kind::List(items) if length.is_some_and(|length| length != items.len()) => {
                return fail("the lists are of different lengths");
            }
            Kind::List(items) => length = Some(items.len()),
            Kind::Unknown(why) => return Err(Stop::Unknown(why.clone())),
            _ => {}
        }
    }
    let mut made = Vec::new();
    for at in 0..length.unwrap_or(1) {
        call.spend(arguments.len())?;
        let of_row = |argument: &Value| match &argument.kind {
            Kind::List(items) => items.get(at).cloned(),
            _ => Some(argument.clone()),
        };
        let row: Vec<Value> = arguments.iter().filter_map(of_row).collect();
        made.push(call.text(formatted(call, &format, &row)?)?);
    }
    call.list(made)
}

fn formatted(call: &Call<'_>, format: &Text, arguments: &[Value]) -> Result<Text, Stop> {
    let mut made = Made {
        call,
        arguments,
        pieces: Vec::new(),
        next: 0,
        highest: 0,
        indexed: false,
        length: 0,
    };
    let parts = format.pieces();
    for (at, part) in parts.iter().enumerate() {
        match (part, parts.get(at + 1)) {
            (Piece::Hole(hole), _) if has_no_verbs(hole) => made.pieces.push(part.clone()),
            (Piece::Hole(hole), _) => return Err(Stop::Unknown(hole.why.clone())),
            // What is no verb may become one by what stands in the hole behind it.
            (Piece::Literal(text), Some(Piece::Hole(hole))) => {
                let unknown = || Stop::Unknown(hole.why.clone());
                made.literal(text, &|_| unknown())?;
            }
            (Piece::Literal(text), _) => made.literal(text, &|stop| stop)?,
        }
        if made.length > MAX_TEXT {
            break;
        }
    }
    if made.highest < arguments.len() && !made.indexed && made.length <= MAX_TEXT {
        return fail(format!(
            "the format uses {} of {} arguments",
            made.highest,
            arguments.len()
        ));
    }
    Ok(Text::from_pieces(made.pieces))
}

/// Whether nothing in a hole of a format can be a verb: no ARN has a percent sign, nor has what AWS fills in.
fn has_no_verbs(hole: &Hole) -> bool {
    let arn = hole
        .stands_for
        .as_ref()
        .is_some_and(|attribute| &*attribute.name == "Arn");
    arn || hole::lacks(hole, ['%'].into_iter())
}

/// A format so far.
struct Made<'a> {
    call: &'a Call<'a>,
    arguments: &'a [Value],
    pieces: Vec<Piece>,
    /// The next argument, and how many have been used.
    next: usize,
    highest: usize,
    indexed: bool,
    length: usize,
}

impl Made<'_> {
    /// A stretch that is known. `broken` says what an incomplete verb means.
    fn literal(&mut self, format: &str, broken: &dyn Fn(Stop) -> Stop) -> Result<(), Stop> {
        self.call.spend(format.len() / TEXT_WEIGHT + 1)?;
        let mut literal = String::new();
        let mut letters = format.chars().peekable();
        while let Some(letter) = letters.next() {
            if letter != '%' {
                literal.push(letter);
                continue;
            }
            if letters.next_if_eq(&'%').is_some() {
                literal.push('%');
                continue;
            }
            let verb = verb(&mut letters).map_err(broken)?;
            self.pieces.push(Piece::Literal(std::mem::take(&mut literal).into()));
            self.argument(&verb)?;
            if self.length > MAX_TEXT {
                break;
            }
        }
        self.pieces.push(Piece::Literal(literal.into()));
        Ok(())
    }

    fn argument(&mut self, verb: &Verb) -> Result<(), Stop> {
        if let Some(position) = verb.argument {
            self.next = position.saturating_sub(1);
            self.indexed = true;
        }
        let Some(argument) = self.arguments.get(self.next) else {
            return fail(format!(
                "the format asks for argument {}, found {}",
                self.next + 1,
                self.arguments.len()
            ));
        };
        self.next += 1;
        self.highest = self.highest.max(self.next);
        for piece in one(self.call, verb, argument)?.pieces() {
            self.length = self.length.saturating_add(argument::length_of(&piece));
            self.pieces.push(piece);
        }
        Ok(())
    }
}

fn verb(letters: &mut Peekable<Chars<'_>>) -> Result<Verb, Stop> {
    let mut verb = Verb::default();
    while let Some(flag) = letters.next_if(|letter| matches!(letter, '0' | '#' | '+' | '-' | ' ')) {
        match flag {
            '0' => verb.zero = true,
            '#' => verb.sharp = true,
            '+' => verb.plus = true,
            '-' => verb.minus = true,
            _ => verb.space = true,
        }
    }
    verb.width = digits(letters);
    if letters.next_if_eq(&'.').is_some() {
        verb.precision = Some(digits(letters).unwrap_or(0));
    }
    if letters.next_if_eq(&'[').is_some() {
        verb.argument = digits(letters).filter(|position| *position > 0);
        if verb.argument.is_none() || letters.next_if_eq(&']').is_none() {
            return fail("expected [n] with the number of an argument in the format");
        }
    }
    match letters.next() {
        Some(letter) => verb.letter = letter,
        None => return fail("the format ends behind a %: write %% for the sign itself"),
    }
    Ok(verb)
}

fn digits(letters: &mut Peekable<Chars<'_>>) -> Option<usize> {
    let mut number = None;
    while let Some(digit) = letters.peek().and_then(|letter| letter.to_digit(10)) {
        letters.next();
        let so_far: usize = number.unwrap_or(0);
        number = Some(so_far.saturating_mul(10).saturating_add(digit as usize));
    }
    number
}

fn one(call: &Call<'_>, verb: &Verb, argument: &Value) -> Result<Text, Stop> {
    call.spend_text(verb.width.unwrap_or(0).saturating_add(verb.precision.unwrap_or(0)))?;
    if matches!(argument.kind, Kind::Null) && verb.letter != 'v' {
        return fail(format!("%{} does not take null", verb.letter));
    }
    let text = match verb.letter {
        'v' => as_is(call, verb, argument)?,
        's' => cut(call, verb, call.to_text(argument)?)?,
        'q' => {
            let text = cut(call, verb, call.to_text(argument)?)?;
            render::json(call, &call.value(Kind::Text(text)))?
        }
        't' => match call.to_bool(argument) {
            Ok(known) => Text::literal(known.to_string()),
            Err(Stop::Unknown(why)) => Text::hole(why),
            Err(failed) => return Err(failed),
        },
        'b' | 'd' | 'o' | 'x' | 'X' | 'e' | 'E' | 'f' | 'g' | 'G' => match call.to_number(argument) {
            Ok(number) => return numeric(verb, number),
            Err(Stop::Unknown(why)) => Text::hole(why),
            Err(failed) => return Err(failed),
        },
        other => return fail(format!("%{other} is no verb of a format")),
    };
    Ok(padded(verb, text))
}

/// What is printed for `%v`: a string or number as it is, anything else as JSON.
fn as_is(call: &Call<'_>, verb: &Verb, argument: &Value) -> Result<Text, Stop> {
    match &argument.kind {
        Kind::Text(_) | Kind::Json(_) if !verb.sharp => call.to_text(argument),
        Kind::Number(_) if !verb.sharp => Ok(Text::literal(general(call.to_number(argument)?, None))),
        Kind::Unknown(why) => Ok(Text::hole(why.clone())),
        _ => render::json(call, argument),
    }
}

fn cut(call: &Call<'_>, verb: &Verb, text: Text) -> Result<Text, Stop> {
    match (verb.precision, &text) {
        (None | Some(0), _) => Ok(text),
        (Some(most), Text::Literal(known)) => Ok(Text::literal(known.graphemes(true).take(most).collect::<String>())),
        (Some(_), Text::Holed(_)) => Ok(super::hole::whole(call, &text)),
    }
}

fn padded(verb: &Verb, text: Text) -> Text {
    let Some(width) = verb.width else { return text };
    let known = match &text {
        Text::Literal(known) => known,
        // How much is missing is not known; where nothing can be, nothing is added.
        Text::Holed(pieces) => {
            let least: usize = pieces
                .iter()
                .map(|piece| match piece {
                    Piece::Literal(known) => known.graphemes(true).count(),
                    Piece::Hole(_) => 0,
                })
                .sum();
            let why = || text.why().cloned().unwrap_or(Why::NotKept);
            return if least >= width { text } else { Text::hole(why()) };
        }
    };
    let missing = width.saturating_sub(known.graphemes(true).count());
    let fill = if verb.zero { "0" } else { " " }.repeat(missing);
    Text::literal(if verb.minus {
        format!("{known}{fill}")
    } else {
        format!("{fill}{known}")
    })
}

fn numeric(verb: &Verb, number: Decimal) -> Result<Text, Stop> {
    let negative = number.signum() < 0;
    let size = number.abs();
    let digits = match verb.letter {
        'e' | 'E' => exponential(size.to_f64(), Some(verb.precision.unwrap_or(6))),
        'f' => fixed(size, verb.precision.unwrap_or(6)),
        'g' | 'G' => general(size, verb.precision),
        letter => {
            let Some(whole) = size.integer() else {
                return fail(format!("%{letter} takes a whole number, found {number}"));
            };
            let digits = match letter {
                'b' => format!("{whole:b}"),
                'o' => format!("{whole:o}"),
                'x' => format!("{whole:x}"),
                'X' => format!("{whole:X}"),
                _ => whole.to_string(),
            };
            let least = verb.precision.unwrap_or(0).saturating_sub(digits.len());
            format!("{}{digits}", "0".repeat(least))
        }
    };
    let digits = if matches!(verb.letter, 'E' | 'G') {
        digits.to_uppercase()
    } else {
        digits
    };
    let sign = match (negative, verb.plus, verb.space) {
        (true, _, _) => "-",
        (_, true, _) => "+",
        (_, _, true) => " ",
        _ => "",
    };
    let base = match (verb.sharp, verb.letter) {
        (true, 'x') => "0x",
        (true, 'X') => "0X",
        (true, 'o') => "0",
        (true, 'b') => "0b",
        _ => "",
    };
    let missing = verb
        .width
        .unwrap_or(0)
        .saturating_sub(sign.len() + base.len() + digits.len());
    Ok(Text::literal(if verb.minus {
        format!("{sign}{base}{digits}{}", " ".repeat(missing))
    } else if verb.zero {
        format!("{sign}{base}{}{digits}", "0".repeat(missing))
    } else {
        format!("{}{sign}{base}{digits}", " ".repeat(missing))
    }))
}

fn fixed(number: Decimal, places: usize) -> String {
    match number.integer() {
        Some(whole) if places == 0 => whole.to_string(),
        Some(whole) => format!("{whole}.{}", "0".repeat(places)),
        None => format!("{:.places$}", number.to_f64(), places = places.min(1000)),
    }
}

/// `1.5e+06`: at least two digits of exponent, and its sign.
fn exponential(number: f64, places: Option<usize>) -> String {
    let text = match places {
        Some(places) => format!("{number:.places$e}", places = places.min(1000)),
        None => format!("{number:e}"),
    };
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let (sign, exponent) = match exponent.strip_prefix('-') {
        Some(exponent) => ('-', exponent),
        None => ('+', exponent),
    };
    format!("{digits}e{sign}{exponent:0>2}")
}

/// The shorter of both, with `places` digits in all. An exponent below -4, or from the number of digits on
/// (from 6 on where none is given), is written as such, as Go does it for numbers of any size:
/// <https://pkg.go.dev/math/big#Float.Text>.
fn general(number: Decimal, places: Option<usize>) -> String {
    let value = number.abs().to_f64();
    let sign = if number.signum() < 0 { "-" } else { "" };
    if value == 0.0 {
        return "0".to_owned();
    }
    let places = places.map(|places| places.max(1));
    let rounded = exponential(value, places.map(|places| places - 1));
    let (digits, exponent) = rounded.split_once('e').unwrap_or((&rounded, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let most = places.map_or(6, |places| i32::try_from(places).unwrap_or(i32::MAX));
    let trimmed = |digits: &str| match digits.contains('.') {
        true => digits.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => digits.to_owned(),
    };
    if exponent < -4 || exponent >= most {
        let digits = trimmed(digits);
        let rest = rounded.split_once('e').map_or("+00", |(_, rest)| rest);
        return format!("{sign}{digits}e{rest}");
    }
    match places {
        None => number.to_string(),
        Some(places) => {
            let behind = i32::try_from(places)
                .unwrap_or(i32::MAX)
                .saturating_sub(1)
                .saturating_sub(exponent);
            let behind = usize::try_from(behind).unwrap_or(0).min(1000);
            format!("{sign}{}", trimmed(&format!("{value:.behind$}")))
        }
    }
}
