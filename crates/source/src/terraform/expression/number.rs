//! Numbers: decimal fractions, computed exactly or not at all.

use crate::terraform::value::Number;
use hcl_edit::Formatted;
use std::cmp::Ordering;

/// Most digits that a number is written with.
const MAX_DIGITS: usize = 400;

impl Number {
    /// A number as it may be written, also in a string that is used as one: `1.50`, `1e3`, `-0.5`.
    pub(crate) fn parse(text: &str) -> Option<Number> {
        let (negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (rest, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = format!("{whole}{fraction}");
        let decimal = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if digits.is_empty() || digits.len() > MAX_DIGITS || !decimal(&digits) {
            return None;
        }
        // How many of the digits stand before the point.
        let point = i64::try_from(whole.len()).ok()? + i64::from(exponent);
        Number::of_digits(negative, &digits, point)
    }

    fn of_digits(negative: bool, digits: &str, point: i64) -> Option<Number> {
        let zeros = |count: i64| Some("0".repeat(usize::try_from(count).ok().filter(|count| *count <= MAX_DIGITS)?));
        let length = i64::try_from(digits.len()).ok()?;
        let (whole, fraction) = if point <= 0 {
            (String::new(), format!("{}{digits}", zeros(-point)?))
        } else if point >= length {
            (format!("{digits}{}", zeros(point - length)?), String::new())
        } else {
            let (whole, fraction) = digits.split_at_checked(usize::try_from(point).ok()?)?;
            (whole.to_owned(), fraction.to_owned())
        };
        let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
        let sign = if negative && !(whole.is_empty() && fraction.is_empty()) {
            "-"
        } else {
            ""
        };
        let whole = if whole.is_empty() { "0" } else { whole };
        let text = match fraction {
            "" => format!("{sign}{whole}"),
            fraction => format!("{sign}{whole}.{fraction}"),
        };
        Some(Number(text.into()))
    }

    pub(crate) fn of(count: usize) -> Number {
        Number(count.to_string().into())
    }

    /// The number as a place in a list.
    pub(crate) fn as_index(&self) -> Option<usize> {
        self.0.parse().ok()
    }
}

/// A literal as it was written: the parser's own numbers lose digits.
pub(super) fn written(literal: &Formatted<hcl_edit::Number>) -> String {
    let written = match literal.as_repr() {
        Some(written) => str::to_owned(written),
        None => literal.value().to_string(),
    };
    written.split_whitespace().collect()
}

/// `mantissa` / 10^`scale`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Decimal {
    mantissa: i128,
    scale: u32,
}

/// Digits of a quotient that does not end: those that Terraform computes with.
const QUOTIENT: usize = 154;

impl Decimal {
    pub(super) fn of(number: &Number) -> Option<Decimal> {
        let (whole, fraction) = number.0.split_once('.').unwrap_or((&number.0, ""));
        let mantissa = format!("{whole}{fraction}").parse().ok()?;
        let scale = u32::try_from(fraction.len()).ok()?;
        Some(Decimal { mantissa, scale })
    }

    pub(super) fn number(self) -> Option<Number> {
        let digits = self.mantissa.unsigned_abs().to_string();
        let point = i64::try_from(digits.len()).ok()? - i64::from(self.scale);
        Number::of_digits(self.mantissa < 0, &digits, point)
    }

    /// Both with as many digits behind the point.
    fn aligned(self, other: Decimal) -> Option<(i128, i128, u32)> {
        let scale = self.scale.max(other.scale);
        let raise = |decimal: Decimal| {
            let power = 10_i128.checked_pow(scale - decimal.scale)?;
            decimal.mantissa.checked_mul(power)
        };
        Some((raise(self)?, raise(other)?, scale))
    }

    pub(super) fn negated(self) -> Option<Decimal> {
        let mantissa = self.mantissa.checked_neg()?;
        Some(Decimal { mantissa, ..self })
    }

    pub(super) fn plus(self, other: Decimal) -> Option<Decimal> {
        let (left, right, scale) = self.aligned(other)?;
        let mantissa = left.checked_add(right)?;
        Some(Decimal { mantissa, scale })
    }

    pub(super) fn minus(self, other: Decimal) -> Option<Decimal> {
        self.plus(other.negated()?)
    }

    pub(super) fn times(self, other: Decimal) -> Option<Decimal> {
        let mantissa = self.mantissa.checked_mul(other.mantissa)?;
        let scale = self.scale.checked_add(other.scale)?;
        Some(Decimal { mantissa, scale })
    }

    /// The remainder, with the sign of what is divided.
    pub(super) fn modulo(self, other: Decimal) -> Option<Decimal> {
        let (left, right, scale) = self.aligned(other)?;
        let mantissa = left.checked_rem(right)?;
        Some(Decimal { mantissa, scale })
    }

    /// The quotient, digit by digit.
    pub(super) fn over(self, other: Decimal) -> Option<Number> {
        let (left, right, _) = self.aligned(other)?;
        let negative = (left < 0) != (right < 0);
        let (left, right) = (left.unsigned_abs(), right.unsigned_abs());
        let whole = left.checked_div(right)?.to_string();
        let mut rest = left.checked_rem(right)?;
        let mut digits = whole.clone();
        while rest != 0 && digits.trim_start_matches('0').len() < QUOTIENT && digits.len() < MAX_DIGITS {
            let next = rest.checked_mul(10)?;
            digits.push_str(&(next / right).to_string());
            rest = next % right;
        }
        Number::of_digits(negative, &digits, i64::try_from(whole.len()).ok()?)
    }

    pub(super) fn order(self, other: Decimal) -> Option<Ordering> {
        let (left, right, _) = self.aligned(other)?;
        Some(left.cmp(&right))
    }
}
