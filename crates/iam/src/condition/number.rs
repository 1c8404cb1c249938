//! Numbers of the `Numeric` operators: integers and decimals.

/// `None` for what is no number; infinities and `NaN` are none either.
pub(super) fn parse(text: &str) -> Option<f64> {
    let text = text.trim();
    let plain = text.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b));
    text.parse().ok().filter(|number: &f64| plain && number.is_finite())
}
