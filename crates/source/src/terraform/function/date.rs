//! Functions of dates and times.

use super::super::value::Value;
use super::number::Decimal;
use super::string::exactly;
use super::{Call, Function, Outcome, Stop, fail, function};
use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp};
use std::cmp::Ordering;
use std::iter::Peekable;
use std::str::Chars;

pub(super) const FUNCTIONS: &[Function] = &[
    function("formatdate", 2..=2, formatdate),
    function("plantimestamp", 0..=0, now),
    function("timeadd", 2..=2, timeadd),
    function("timecmp", 2..=2, timecmp),
    function("timestamp", 0..=0, now),
];

fn now(call: &Call<'_>, _: &[Value]) -> Outcome {
    Err(Stop::unresolved(&format!(
        "{}() is decided when Terraform runs",
        call.name
    )))
}

/// A time in a zone, as RFC 3339 writes it.
struct Moment {
    local: DateTime,
    /// Minutes before UTC.
    offset: i32,
}

impl Moment {
    fn parse(text: &str) -> Result<Self, Stop> {
        let wrong = || Stop::Failed(format!("expected a time such as 2024-05-01T12:00:00Z, found {text:?}"));
        let shape = |template: &str, text: &str| {
            template.len() == text.len()
                && template.bytes().zip(text.bytes()).all(|(wanted, byte)| match wanted {
                    b'0' => byte.is_ascii_digit(),
                    other => other == byte,
                })
        };
        let (local, rest) = text.split_at_checked(19).ok_or_else(wrong)?;
        if !shape("0000-00-00T00:00:00", local) {
            return Err(wrong());
        }
        let fraction = rest
            .strip_prefix('.')
            .map_or(0, |rest| 1 + rest.bytes().take_while(u8::is_ascii_digit).count());
        let (_, zone) = rest.split_at_checked(fraction).ok_or_else(wrong)?;
        let offset = match zone {
            "Z" => 0,
            zone if shape("+00:00", zone) || shape("-00:00", zone) => {
                let number =
                    |range: std::ops::Range<usize>| zone.get(range).and_then(|digits| digits.parse::<i32>().ok());
                let (hours, minutes) = number(1..3).zip(number(4..6)).ok_or_else(wrong)?;
                if hours > 23 || minutes > 59 {
                    return Err(wrong());
                }
                let offset = hours * 60 + minutes;
                if zone.starts_with('-') { -offset } else { offset }
            }
            _ => return Err(wrong()),
        };
        Ok(Moment {
            local: local.parse().map_err(|_| wrong())?,
            offset,
        })
    }

    fn utc(&self) -> Result<Timestamp, Stop> {
        let offset = SignedDuration::from_mins(i64::from(self.offset));
        let utc = self.local.checked_sub(offset).ok();
        let utc = utc.and_then(|utc| jiff::tz::Offset::UTC.to_timestamp(utc).ok());
        utc.ok_or_else(out_of_range)
    }

    /// `+05:30`, with or without its colon.
    fn zone(&self, colon: &str) -> String {
        let sign = if self.offset < 0 { '-' } else { '+' };
        let minutes = self.offset.abs();
        format!("{sign}{:02}{colon}{:02}", minutes / 60, minutes % 60)
    }
}

fn out_of_range() -> Stop {
    Stop::unresolved("a time that is out of range")
}

fn timecmp(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [one, two] = exactly(arguments)?;
    let (one, two) = (
        Moment::parse(&call.to_literal(one)?)?,
        Moment::parse(&call.to_literal(two)?)?,
    );
    Ok(call.number(Decimal::new(match one.utc()?.cmp(&two.utc()?) {
        Ordering::Less => -1,
        Ordering::Equal => 0,
        Ordering::Greater => 1,
    })))
}

fn timeadd(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [time, duration] = exactly(arguments)?;
    let time = Moment::parse(&call.to_literal(time)?)?;
    let nanoseconds = duration_of(&call.to_literal(duration)?)?;
    let whole = i64::try_from(nanoseconds.div_euclid(1_000_000_000)).map_err(|_| out_of_range())?;
    let local = time
        .local
        .checked_add(SignedDuration::from_secs(whole))
        .map_err(|_| out_of_range())?;
    let moved = Moment { local, ..time };
    let zone = if moved.offset == 0 {
        "Z".to_owned()
    } else {
        moved.zone(":")
    };
    call.string(format!("{}{zone}", local.strftime("%Y-%m-%dT%H:%M:%S")))
}

/// Units in nanoseconds.
const UNITS: [(&str, f64); 7] = [
    ("ns", 1.0),
    ("us", 1e3),
    ("µs", 1e3),
    ("ms", 1e6),
    ("s", 1e9),
    ("m", 60e9),
    ("h", 3600e9),
];

/// `1h30m`, `-1.5h`: nanoseconds.
fn duration_of(text: &str) -> Result<i128, Stop> {
    let wrong = || Stop::Failed(format!("expected a duration such as 1h30m, found {text:?}"));
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(wrong());
    }
    let mut total = 0.0;
    while !rest.is_empty() {
        let end = rest
            .find(|letter: char| !letter.is_ascii_digit() && letter != '.')
            .ok_or_else(wrong)?;
        let (number, behind) = rest.split_at(end);
        let end = behind
            .find(|letter: char| letter.is_ascii_digit() || letter == '.')
            .unwrap_or(behind.len());
        let (unit, behind) = behind.split_at(end);
        let number: f64 = number.parse().map_err(|_| wrong())?;
        let (_, size) = UNITS.iter().find(|(name, _)| *name == unit).ok_or_else(wrong)?;
        total += number * size;
        rest = behind;
    }
    // Go holds a duration in 64 bits of nanoseconds.
    if total > 9.2e18 {
        return Err(wrong());
    }
    #[allow(clippy::cast_possible_truncation, reason = "the bound is checked above")]
    let total = total as i128;
    Ok(if negative { -total } else { total })
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

fn formatdate(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [format, time] = exactly(arguments)?;
    let (format, time) = (call.to_literal(format)?, Moment::parse(&call.to_literal(time)?)?);
    let mut made = String::new();
    let mut letters = format.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\'' => quoted(&mut letters, &mut made)?,
            'a'..='z' | 'A'..='Z' => {
                let mut count = 1;
                while letters.next_if_eq(&letter).is_some() {
                    count += 1;
                }
                match part(letter, count, &time) {
                    Some(part) => made.push_str(&part),
                    None => {
                        let word = letter.to_string().repeat(count.min(8));
                        return fail(format!("{word:?} is no part of a date"));
                    }
                }
            }
            _ => made.push(letter),
        }
    }
    call.string(made)
}

/// What stands between single quotes; two of them are one.
fn quoted(letters: &mut Peekable<Chars<'_>>, made: &mut String) -> Result<(), Stop> {
    if letters.next_if_eq(&'\'').is_some() {
        made.push('\'');
        return Ok(());
    }
    while let Some(letter) = letters.next() {
        match letter {
            '\'' if letters.next_if_eq(&'\'').is_some() => made.push('\''),
            '\'' => return Ok(()),
            _ => made.push(letter),
        }
    }
    fail("a quote is not closed")
}

fn part(letter: char, count: usize, time: &Moment) -> Option<String> {
    let local = &time.local;
    let padded = |number: i8| match count {
        1 => Some(number.to_string()),
        2 => Some(format!("{number:02}")),
        _ => None,
    };
    let named = |names: &[&str], at: i8| {
        let name = names.get(usize::try_from(at - 1).ok()?)?;
        if count == 3 {
            name.get(..3).map(str::to_owned)
        } else {
            Some((*name).to_owned())
        }
    };
    match (letter, count) {
        ('Y', 2) => Some(format!("{:02}", local.year().rem_euclid(100))),
        ('Y', 4) => Some(format!("{:04}", local.year())),
        ('M', 3 | 4) => named(&MONTHS, local.month()),
        ('M', _) => padded(local.month()),
        ('D', _) => padded(local.day()),
        ('E', 3 | 4) => named(&DAYS, local.weekday().to_monday_one_offset()),
        ('h', _) => padded(local.hour()),
        ('H', _) => padded(if local.hour() % 12 == 0 { 12 } else { local.hour() % 12 }),
        ('A', 2) => Some(if local.hour() < 12 { "AM" } else { "PM" }.to_owned()),
        ('a', 2) => Some(if local.hour() < 12 { "am" } else { "pm" }.to_owned()),
        ('m', _) => padded(local.minute()),
        ('s', _) => padded(local.second()),
        ('Z', 1) if time.offset == 0 => Some("Z".to_owned()),
        ('Z', 3) if time.offset == 0 => Some("UTC".to_owned()),
        ('Z', 1 | 5) => Some(time.zone(":")),
        ('Z', 3 | 4) => Some(time.zone("")),
        _ => None,
    }
}
