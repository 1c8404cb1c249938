//! Numbers as Terraform counts them: in decimal, so that a tenth is a tenth.

use std::cmp::Ordering;
use std::fmt;

/// `mantissa` / 10^`scale`, in lowest terms, so that equal numbers are equal. Terraform counts with more
/// digits than fit here; what does not fit is no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Decimal {
    mantissa: i128,
    scale: u32,
}

/// Digits behind the point that are kept.
const MAX_SCALE: u32 = 30;

impl Decimal {
    pub(super) fn new(whole: i128) -> Self {
        Decimal {
            mantissa: whole,
            scale: 0,
        }
    }

    /// `5`, `-0.5`, `1e3`; no spaces, no other signs.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (number, exponent) = match text.split_once(['e', 'E']) {
            Some((number, exponent)) => (number, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (negative, digits) = match number.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, number.strip_prefix('+').unwrap_or(number)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all = || whole.bytes().chain(fraction.bytes());
        if all().next().is_none() || !all().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let mut mantissa: i128 = 0;
        for digit in all() {
            mantissa = mantissa.checked_mul(10)?.checked_add(i128::from(digit - b'0'))?;
        }
        let scale = i32::try_from(fraction.len()).ok()?.checked_sub(exponent)?;
        let mantissa = if negative { -mantissa } else { mantissa };
        match u32::try_from(scale) {
            Ok(scale) => Decimal { mantissa, scale }.reduced(),
            Err(_) => {
                let factor = 10i128.checked_pow(scale.unsigned_abs())?;
                Some(Decimal::new(mantissa.checked_mul(factor)?))
            }
        }
    }

    /// The decimal that is printed for a binary fraction; of a whole number every digit.
    pub(super) fn from_f64(value: f64) -> Option<Self> {
        let text = if value.fract() == 0.0 {
            format!("{value:.0}")
        } else {
            value.to_string()
        };
        value.is_finite().then(|| Decimal::parse(&text)).flatten()
    }

    pub(super) fn to_f64(self) -> f64 {
        // The text of a decimal is always a number.
        self.to_string().parse().unwrap_or(f64::NAN)
    }

    fn reduced(mut self) -> Option<Self> {
        while self.scale > 0 && self.mantissa % 10 == 0 {
            self.mantissa /= 10;
            self.scale -= 1;
        }
        (self.scale <= MAX_SCALE).then_some(self)
    }

    /// Both over one scale.
    fn aligned(self, other: Self) -> Option<(i128, i128, u32)> {
        let scale = self.scale.max(other.scale);
        let over = |number: Decimal| number.mantissa.checked_mul(10i128.checked_pow(scale - number.scale)?);
        Some((over(self)?, over(other)?, scale))
    }

    pub(super) fn add(self, other: Self) -> Option<Self> {
        let (one, two, scale) = self.aligned(other)?;
        Decimal {
            mantissa: one.checked_add(two)?,
            scale,
        }
        .reduced()
    }

    pub(super) fn compare(self, other: Self) -> Ordering {
        match self.aligned(other) {
            Some((one, two, _)) => one.cmp(&two),
            None => self.to_f64().total_cmp(&other.to_f64()),
        }
    }

    pub(super) fn abs(self) -> Self {
        Decimal {
            mantissa: self.mantissa.saturating_abs(),
            ..self
        }
    }

    pub(super) fn signum(self) -> i128 {
        self.mantissa.signum()
    }

    /// The whole number, where this is one.
    pub(super) fn integer(self) -> Option<i128> {
        (self.scale == 0).then_some(self.mantissa)
    }

    /// The nearest whole number that is not larger.
    pub(super) fn floor(self) -> i128 {
        let unit = 10i128.pow(self.scale.min(MAX_SCALE));
        self.mantissa.div_euclid(unit)
    }

    pub(super) fn ceil(self) -> i128 {
        let floor = self.floor();
        if self.scale == 0 {
            floor
        } else {
            floor.saturating_add(1)
        }
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.mantissa.unsigned_abs().to_string();
        let sign = if self.mantissa < 0 { "-" } else { "" };
        let scale = usize::try_from(self.scale).unwrap_or(0);
        if scale == 0 {
            return write!(f, "{sign}{digits}");
        }
        let padded = format!("{digits:0>width$}", width = scale + 1);
        let (whole, fraction) = padded.split_at(padded.len() - scale);
        write!(f, "{sign}{whole}.{fraction}")
    }
}
