//! The common case without holes: strings against patterns, without allocating.

use super::{Grammar, Syntax};

pub(super) fn matches(pattern: &str, subject: &str, grammar: Grammar<'_>) -> bool {
    let glob = |pattern: &str, subject: &str| {
        if grammar.wildcards {
            glob(pattern, subject, grammar.fold_case)
        } else if grammar.fold_case {
            pattern.eq_ignore_ascii_case(subject)
        } else {
            pattern == subject
        }
    };
    if !grammar.wildcards || grammar.syntax == Syntax::Free || !pattern.contains(['*', '?']) {
        return glob(pattern, subject);
    }
    let strict = grammar.syntax.strict_segments();
    let (mut pattern, mut subject) = (pattern, subject);
    for segment in 0..strict {
        let Some((head, rest)) = pattern.split_once(':') else {
            let open = pattern.ends_with('*')
                && (grammar.syntax == Syntax::Arn || (segment == 0 && pattern.bytes().all(|b| b == b'*')));
            let (first, more) = subject
                .split_once(':')
                .map_or((subject, false), |(first, _)| (first, true));
            return (open || !more) && glob(pattern, first);
        };
        let Some((subject_head, subject_rest)) = subject.split_once(':') else {
            return false;
        };
        if !glob(head, subject_head) {
            return false;
        }
        (pattern, subject) = (rest, subject_rest);
    }
    glob(pattern, subject)
}

/// The classic two-pointer walk: on a mismatch only the last `*` takes up one more character, which
/// suffices because what stands before it matched as early as it could.
fn glob(pattern: &str, subject: &str, fold_case: bool) -> bool {
    let same = |a: char, b: char| a == b || (fold_case && a.eq_ignore_ascii_case(&b));
    let (mut p, mut s) = (pattern.chars(), subject.chars());
    let mut star = None;
    loop {
        let (mut p_next, mut s_next) = (p.clone(), s.clone());
        match (p_next.next(), s_next.next()) {
            (Some('*'), _) => {
                p = p_next;
                if p.as_str().is_empty() {
                    return true;
                }
                star = Some((p.clone(), s.clone()));
                continue;
            }
            (None, None) => return true,
            (Some(a), Some(b)) if a == '?' || same(a, b) => {
                (p, s) = (p_next, s_next);
                continue;
            }
            (Some(_), None) => return false,
            _ => {}
        }
        let Some((after_star, mut taken)) = star.take() else {
            return false;
        };
        if taken.next().is_none() {
            return false;
        }
        (p, s) = (after_star.clone(), taken.clone());
        star = Some((after_star, taken));
    }
}
