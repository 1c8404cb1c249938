//! Functions of numbers.

use super::super::value::Value;
use super::argument::too_large;
use super::number::Decimal;
use super::string::exactly;
use super::{Call, Function, MANY, Outcome, Stop, fail, function};
use std::cmp::Ordering;

pub(super) const FUNCTIONS: &[Function] = &[
    function("abs", 1..=1, abs),
    function("ceil", 1..=1, ceil),
    function("floor", 1..=1, floor),
    function("log", 2..=2, log),
    function("max", 1..=MANY, max),
    function("min", 1..=MANY, min),
    function("parseint", 2..=2, parseint),
    function("pow", 2..=2, pow),
    function("signum", 1..=1, signum),
];

fn abs(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [number] = exactly(arguments)?;
    Ok(call.number(call.to_number(number)?.abs()))
}

fn ceil(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [number] = exactly(arguments)?;
    Ok(call.number(Decimal::new(call.to_number(number)?.ceil())))
}

fn floor(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [number] = exactly(arguments)?;
    Ok(call.number(Decimal::new(call.to_number(number)?.floor())))
}

fn signum(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [number] = exactly(arguments)?;
    Ok(call.number(Decimal::new(call.to_number(number)?.signum())))
}

/// Terraform counts logarithms and powers in binary fractions of 64 bits, as is done here.
fn log(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [number, base] = exactly(arguments)?;
    let (number, base) = (call.to_number(number)?.to_f64(), call.to_number(base)?.to_f64());
    binary(call, number.ln() / base.ln())
}

fn pow(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [number, power] = exactly(arguments)?;
    let (number, power) = (call.to_number(number)?.to_f64(), call.to_number(power)?.to_f64());
    binary(call, number.powf(power))
}

fn binary(call: &Call<'_>, value: f64) -> Outcome {
    if value.is_nan() {
        return fail("there is no such number");
    }
    Ok(call.number(Decimal::from_f64(value).ok_or_else(too_large)?))
}

fn max(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    extreme(call, arguments, Ordering::Greater)
}

fn min(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    extreme(call, arguments, Ordering::Less)
}

fn extreme(call: &Call<'_>, arguments: &[Value], wins: Ordering) -> Outcome {
    let mut best: Option<Decimal> = None;
    for argument in arguments {
        let number = call.to_number(argument)?;
        if best.is_none_or(|best| number.compare(best) == wins) {
            best = Some(number);
        }
    }
    best.map_or_else(|| fail("expected a number"), |best| Ok(call.number(best)))
}

/// Up to base 36 the case of letters does not matter; beyond it capitals follow small letters.
fn parseint(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [text, base] = exactly(arguments)?;
    let (text, base) = (call.to_literal(text)?, call.to_integer(base)?);
    if !(2..=62).contains(&base) {
        return fail(format!("expected a base from 2 to 62, found {base}"));
    }
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(&text)),
    };
    let wrong = || Stop::Failed(format!("{:?} is no whole number in base {base}", &*text));
    if digits.is_empty() {
        return Err(wrong());
    }
    let base = i128::from(base);
    let mut whole: i128 = 0;
    for letter in digits.chars() {
        let digit = match letter {
            '0'..='9' => u32::from(letter) - u32::from('0'),
            'a'..='z' => u32::from(letter) - u32::from('a') + 10,
            'A'..='Z' if base <= 36 => u32::from(letter) - u32::from('A') + 10,
            'A'..='Z' => u32::from(letter) - u32::from('A') + 36,
            _ => return Err(wrong()),
        };
        let digit = Some(i128::from(digit))
            .filter(|digit| *digit < base)
            .ok_or_else(wrong)?;
        let next = whole.checked_mul(base).and_then(|whole| whole.checked_add(digit));
        whole = next.ok_or_else(too_large)?;
    }
    Ok(call.number(Decimal::new(if negative { -whole } else { whole })))
}
