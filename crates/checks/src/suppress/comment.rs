//! Suppressions that are written as comments, ours and Checkov's.

use super::{Candidate, Scope, source_of};
use jiff::civil::Date;
use maremma_model::{Estate, FileId, Location, Place, Pos, Span};
use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::sync::Arc;

const MARK: &str = "maremma:";
const CHECKOV: &str = "checkov:skip=";

/// What one comment says of one check.
#[derive(Debug, PartialEq, Eq)]
struct Mark {
    check: Arc<str>,
    reason: Arc<str>,
    until: Option<Date>,
}

pub(super) fn from_comments(estate: &Estate, as_of: Date) -> Vec<Candidate<'static>> {
    let mut candidates = Vec::new();
    for (row, file) in estate.files.iter().enumerate() {
        let Some(text) = file.text.as_deref() else { continue };
        if !text.contains(MARK) && !text.contains(CHECKOV) {
            continue;
        }
        let file = FileId(u32::try_from(row).unwrap_or(u32::MAX));
        let lines: Vec<&str> = text.lines().collect();
        let heads = heads(estate, file);
        let mut offset = 0;
        for (number, line) in (1u32..).zip(text.split_inclusive('\n')) {
            let at = comment_place(file, number, offset, line);
            offset += line.len();
            let Some((_, comment)) = line.split_once('#').or_else(|| line.split_once("//")) else {
                continue;
            };
            for mark in marks(comment) {
                let source = source_of(&mark.check, "comment");
                let scope = match source {
                    // Checkov's comments count for the resource that they stand in.
                    "checkov" => around(&heads, &lines, number),
                    _ => below(&heads, &lines, number),
                };
                candidates.push(Candidate {
                    wrong: mark
                        .reason
                        .is_empty()
                        .then_some("gives no reason, so it does not count"),
                    check: mark.check,
                    source,
                    reason: mark.reason,
                    until: mark.until.map(|until| until.to_string().into()),
                    expired: mark.until.is_some_and(|until| until < as_of),
                    at: Some(Location::File(at)),
                    scope: Scope::Lines { file, lines: scope },
                    used: false,
                });
            }
        }
    }
    candidates
}

/// The lines on which the resources of a file begin.
fn heads(estate: &Estate, file: FileId) -> BTreeSet<u32> {
    let places = estate.resources().filter_map(|(_, head)| head.at.place());
    let own = places.filter(|place| place.file == file);
    own.map(|place| place.span.start.line).collect()
}

/// A comment's line and the next; where a resource begins there, all of the resource.
fn below(heads: &BTreeSet<u32>, lines: &[&str], number: u32) -> RangeInclusive<u32> {
    let own = !line(lines, number).trim_start().starts_with(['#', '/']);
    let head = [own.then_some(number), (!own).then_some(number + 1)];
    let block = head.into_iter().flatten().find(|line| heads.contains(line));
    match block {
        Some(head) => number..=end_of_block(lines, head).max(number + 1),
        None => number..=number + 1,
    }
}

/// The outermost resource that a line stands in.
fn around(heads: &BTreeSet<u32>, lines: &[&str], number: u32) -> RangeInclusive<u32> {
    let above = heads.range(..=number).copied();
    let blocks = above.map(|head| head..=end_of_block(lines, head));
    let holds = |block: &RangeInclusive<u32>| block.contains(&number);
    blocks
        .filter(holds)
        .min_by_key(|block| *block.start())
        .unwrap_or(number..=number + 1)
}

/// The last line of what is indented below a key.
fn end_of_block(lines: &[&str], head: u32) -> u32 {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let own = indent(line(lines, head));
    let mut end = head;
    for (number, line) in (head + 1..).zip(lines.iter().skip(head as usize)) {
        let counts = !line.trim().is_empty() && !line.trim_start().starts_with('#');
        if counts && indent(line) <= own {
            break;
        }
        end = number;
    }
    end
}

fn line<'t>(lines: &[&'t str], number: u32) -> &'t str {
    let row = (number as usize).checked_sub(1);
    row.and_then(|row| lines.get(row)).copied().unwrap_or_default()
}

fn comment_place(file: FileId, line: u32, offset: usize, text: &str) -> Place {
    let offset = u32::try_from(offset).unwrap_or(u32::MAX);
    let written = text.trim_end();
    let start = Pos {
        offset,
        line,
        column: 1,
    };
    let length = u32::try_from(written.len()).unwrap_or(0);
    let columns = u32::try_from(written.chars().count()).unwrap_or(0);
    let end = Pos {
        offset: offset.saturating_add(length),
        line,
        column: columns.saturating_add(1),
    };
    Place {
        file,
        span: Span { start, end },
    }
}

/// The checks that a comment suppresses, each with the reason, which may end in `until DATE`.
fn marks(comment: &str) -> Vec<Mark> {
    let ours = comment
        .split_once(MARK)
        .and_then(|(_, rest)| rest.trim_start().strip_prefix("ignore["));
    if let Some((ids, reason)) = ours.and_then(|rest| rest.split_once(']')) {
        let (reason, until) = dated(reason.trim());
        let of = |id: &str| Mark {
            check: id.trim().into(),
            reason: reason.into(),
            until,
        };
        return ids.split(',').map(of).collect();
    }
    let checkovs = comment.split_once(CHECKOV).map(|(_, rest)| rest.trim());
    let of = |rest: &str| {
        let (id, reason) = rest.split_once(':').unwrap_or((rest, "skipped for Checkov"));
        Mark {
            check: id.trim().into(),
            reason: reason.trim().into(),
            until: None,
        }
    };
    checkovs.map(of).into_iter().collect()
}

fn dated(reason: &str) -> (&str, Option<Date>) {
    let (head, last) = reason.rsplit_once(char::is_whitespace).unwrap_or(("", reason));
    let until = head.trim_end().strip_suffix("until");
    match (until, last.parse::<Date>()) {
        (Some(head), Ok(date)) if head.is_empty() || head.ends_with([' ', ',', '\t']) => {
            (head.trim_end_matches([' ', ',', '\t']), Some(date))
        }
        _ => (reason, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(comment: &str) -> Vec<(String, String, Option<String>)> {
        let words = |mark: Mark| {
            (
                mark.check.to_string(),
                mark.reason.to_string(),
                mark.until.map(|date| date.to_string()),
            )
        };
        marks(comment).into_iter().map(words).collect()
    }

    #[test]
    fn marks_are_read_with_or_without_spaces() {
        let one =
            |reason: &str, until: Option<&str>| vec![("a".to_owned(), reason.to_owned(), until.map(str::to_owned))];
        assert_eq!(told(" maremma: ignore[a] because"), one("because", None));
        assert_eq!(told("maremma:ignore[ a ]because"), one("because", None));
        assert_eq!(told(" maremma: ignore[a]"), one("", None));
        assert_eq!(
            told(" maremma: ignore[a] moving, until 2027-01-31"),
            one("moving", Some("2027-01-31"))
        );
        assert_eq!(
            told(" maremma: ignore[a] until 2027-01-31"),
            one("", Some("2027-01-31"))
        );
        assert_eq!(
            told(" maremma: ignore[a] wait until then"),
            one("wait until then", None)
        );
        assert_eq!(told(" maremma: ignore[a, b] both").len(), 2);
        assert_eq!(told(" checkov:skip=a: hook"), one("hook", None));
        assert_eq!(told(" maremma is a dog"), []);
    }

    #[test]
    fn a_block_ends_where_the_next_begins() {
        let text = "R:\n  Fn: # x\n    Type: T\n\n    # y\n    P: 1\n  Url:\n    Type: U\n";
        let lines: Vec<&str> = text.lines().collect();
        let heads = BTreeSet::from([2, 6, 7]);
        assert_eq!(below(&heads, &lines, 2), 2..=6);
        assert_eq!(below(&heads, &lines, 3), 3..=4);
        assert_eq!(around(&heads, &lines, 5), 2..=6);
        assert_eq!(around(&heads, &lines, 1), 1..=2);
    }
}
