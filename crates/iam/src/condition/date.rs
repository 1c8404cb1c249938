//! Dates of the `Date` operators: ISO 8601 (the W3C profile), or seconds since 1970.
//! <https://www.w3.org/TR/NOTE-datetime>

/// Seconds since 1970-01-01T00:00:00Z and nanoseconds.
pub(super) fn parse(text: &str) -> Option<(i64, u32)> {
    let text = text.trim();
    if let Some(seconds) = epoch(text) {
        return Some(seconds);
    }
    let (date, time) = match text.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let days = days(date)?;
    let (seconds, nanos) = time.map_or(Some((0, 0)), seconds_of_day)?;
    Some((days.checked_mul(86_400)?.checked_add(seconds)?, nanos))
}

/// Five digits and more: four are a year.
fn epoch(text: &str) -> Option<(i64, u32)> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if whole.trim_start_matches('-').len() <= 4 || whole.trim_start_matches('-').contains('-') {
        return None;
    }
    Some((whole.parse().ok()?, nanoseconds(fraction)?))
}

/// `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
fn days(date: &str) -> Option<i64> {
    let mut parts = date.split('-');
    let year = digits(parts.next()?, 4)?;
    let month = parts.next().map_or(Some(1), |part| digits(part, 2))?;
    let day = parts.next().map_or(Some(1), |part| digits(part, 2))?;
    let valid = parts.next().is_none() && (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day);
    valid.then(|| days_from_civil(year, month, day))
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01 in the Gregorian calendar; years begin in March, so that the leap day is
/// the last of its year.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let month = (month + 9) % 12;
    let leap_days = year / 4 - year / 100 + year / 400;
    year * 365 + leap_days + (month * 153 + 2) / 5 + day - 1 - 719_468
}

/// `hh:mmTZD`, `hh:mm:ssTZD` or `hh:mm:ss.sTZD`; the zone is `Z` or `+hh:mm`, and UTC where it is
/// left out.
fn seconds_of_day(time: &str) -> Option<(i64, u32)> {
    let (clock, offset) = match time.find(['Z', '+', '-']) {
        Some(at) => (time.get(..at)?, zone(time.get(at..)?)?),
        None => (time, 0),
    };
    let mut parts = clock.split(':');
    let hours = digits(parts.next()?, 2)?;
    let minutes = digits(parts.next()?, 2)?;
    let (seconds, nanos) = match parts.next() {
        Some(part) => {
            let (whole, fraction) = part.split_once('.').unwrap_or((part, ""));
            (digits(whole, 2)?, nanoseconds(fraction)?)
        }
        None => (0, 0),
    };
    let valid = parts.next().is_none() && hours <= 24 && minutes < 60 && seconds <= 60;
    valid.then_some((hours * 3600 + minutes * 60 + seconds - offset, nanos))
}

fn zone(zone: &str) -> Option<i64> {
    let (sign, rest) = match zone.chars().next()? {
        'Z' => return (zone.len() == 1).then_some(0),
        '+' => (1, zone.strip_prefix('+')?),
        _ => (-1, zone.strip_prefix('-')?),
    };
    let (hours, minutes) = rest.split_once(':').or_else(|| rest.split_at_checked(2))?;
    Some(sign * (digits(hours, 2)? * 3600 + digits(minutes, 2)? * 60))
}

fn digits(text: &str, count: usize) -> Option<i64> {
    let all = text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|_| all)
}

fn nanoseconds(fraction: &str) -> Option<u32> {
    if !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    fraction
        .bytes()
        .chain(std::iter::repeat(b'0'))
        .take(9)
        .try_fold(0u32, |nanos, digit| {
            nanos.checked_mul(10)?.checked_add(u32::from(digit.wrapping_sub(b'0')))
        })
}
