//! Suppressions that are written as comments: ours, and those of Checkov, Trivy and tfsec.

use super::language::{Comment, Language};
use super::{Candidate, Scope, source_of};
use jiff::civil::Date;
use maremma_model::{Estate, FileId, Location, Place, Pos, Span};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use std::sync::Arc;

const MARK: &str = "maremma:";
const CHECKOV: &str = "checkov:skip=";
/// Trivy took over the rules of tfsec, and with them its comments.
/// Source: tfsec and Trivy documentation, "Ignoring Checks" and "Filtering".
const IGNORES: [(&str, &str); 2] = [("trivy:ignore:", "trivy"), ("tfsec:ignore:", "tfsec")];

/// What one comment says of one check.
#[derive(Debug, PartialEq, Eq)]
struct Mark {
    check: Arc<str>,
    source: &'static str,
    reason: Arc<str>,
    until: Option<Date>,
}

pub(super) fn from_comments(estate: &Estate, as_of: Date) -> Vec<Candidate<'static>> {
    let mut candidates = Vec::new();
    for (row, file) in estate.files.iter().enumerate() {
        let Some(text) = file.text.as_deref() else { continue };
        let marks_of = [MARK, CHECKOV, IGNORES[0].0, IGNORES[1].0];
        if !marks_of.iter().any(|mark| text.contains(mark)) {
            continue;
        }
        let id = FileId(u32::try_from(row).unwrap_or(u32::MAX));
        let comments = Language::of(&file.path, text).comments(text);
        let lines = Lines {
            texts: text.lines().collect(),
            heads: heads(estate, id),
            comments: alone(&comments),
        };
        let starts = starts(text);
        for comment in comments {
            let found = marks(comment.text);
            if found.is_empty() {
                continue;
            }
            let start = starts.get(comment.line as usize - 1).copied().unwrap_or_default();
            let at = comment_place(id, comment.line, start, lines.text(comment.line));
            for mark in found {
                let scope = match mark.source {
                    // Checkov's comments count for the resource that they stand in.
                    "checkov" => lines.around(comment.line),
                    _ => lines.below(&comment),
                };
                candidates.push(Candidate {
                    wrong: mark
                        .reason
                        .is_empty()
                        .then_some("gives no reason, so it does not count"),
                    check: mark.check,
                    source: mark.source,
                    reason: mark.reason,
                    until: mark.until.map(|until| until.to_string().into()),
                    expired: mark.until.is_some_and(|until| until < as_of),
                    at: Some(Location::File(at)),
                    scope: Scope::Lines { file: id, lines: scope },
                    used: false,
                });
            }
        }
    }
    candidates
}

fn alone(comments: &[Comment<'_>]) -> BTreeSet<u32> {
    let alone = comments.iter().filter(|comment| comment.alone);
    alone.map(|comment| comment.line).collect()
}

/// Where each line begins.
fn starts(text: &str) -> Vec<usize> {
    std::iter::once(0)
        .chain(text.match_indices('\n').map(|(at, _)| at + 1))
        .collect()
}

/// The lines on which the resources of a file begin, each with the last line of what is known of it.
fn heads(estate: &Estate, file: FileId) -> BTreeMap<u32, u32> {
    let places = estate.resources().filter_map(|(_, head)| head.at.place());
    let own = places.filter(|place| place.file == file);
    own.map(|place| (place.span.start.line, place.span.end.line)).collect()
}

/// A file, line by line.
struct Lines<'t> {
    texts: Vec<&'t str>,
    heads: BTreeMap<u32, u32>,
    /// Those that hold nothing but a comment.
    comments: BTreeSet<u32>,
}

impl<'t> Lines<'t> {
    fn text(&self, number: u32) -> &'t str {
        let row = (number as usize).checked_sub(1);
        row.and_then(|row| self.texts.get(row)).copied().unwrap_or_default()
    }

    /// The last line of a resource.
    fn end(&self, head: u32) -> u32 {
        let known = self.heads.get(&head).copied().unwrap_or_default();
        end_of_block(&self.texts, head).max(known)
    }

    /// A comment's line and the next; where a resource begins there, all of the resource. A comment below it is passed
    /// over, for it may be another suppression.
    fn below(&self, comment: &Comment<'_>) -> RangeInclusive<u32> {
        let mut next = comment.last + 1;
        while comment.alone && self.comments.contains(&next) {
            next += 1;
        }
        let head = if comment.alone { next } else { comment.line };
        let last = match self.heads.contains_key(&head) {
            true => self.end(head).max(next),
            false => next,
        };
        comment.line..=last
    }

    /// The outermost resource that a line stands in.
    fn around(&self, number: u32) -> RangeInclusive<u32> {
        let above = self.heads.range(..=number);
        let mut blocks = above.map(|(head, _)| *head..=self.end(*head));
        blocks
            .find(|block| block.contains(&number))
            .unwrap_or(number..=number + 1)
    }
}

/// The last line of what is indented below a key.
fn end_of_block(lines: &[&str], head: u32) -> u32 {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let first = (head as usize).checked_sub(1).and_then(|row| lines.get(row));
    let own = indent(first.copied().unwrap_or_default());
    let mut end = head;
    for (number, line) in (head + 1..).zip(lines.iter().skip(head as usize)) {
        let counts = !line.trim().is_empty() && !line.trim_start().starts_with(['#', '/']);
        if counts && indent(line) <= own {
            break;
        }
        end = number;
    }
    end
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
            source: source_of(id.trim(), "comment"),
            reason: reason.into(),
            until,
        };
        return ids.split(',').map(of).collect();
    }
    if let Some((_, rest)) = comment.split_once(CHECKOV) {
        let (id, reason) = rest.trim().split_once(':').unwrap_or((rest, "skipped for Checkov"));
        return vec![Mark {
            check: id.trim().into(),
            source: source_of(id.trim(), "checkov"),
            reason: reason.trim().into(),
            until: None,
        }];
    }
    comment.split_whitespace().filter_map(ignored).collect()
}

/// `trivy:ignore:AVD-AWS-0001:exp:2027-01-31`. What is ignored only in a workspace or for a value is not for us to judge.
fn ignored(word: &str) -> Option<Mark> {
    let (prefix, source) = IGNORES.iter().find(|(prefix, _)| word.starts_with(prefix))?;
    let mut parts = word.strip_prefix(prefix)?.split(':');
    let id = parts.next().filter(|id| !id.is_empty() && !id.contains('['))?;
    let until = match (parts.next(), parts.next(), parts.next()) {
        (None, ..) => None,
        (Some("exp"), Some(date), None) => Some(date.parse().ok()?),
        _ => return None,
    };
    // The same rule goes by `AWS-0001` and by `AVD-AWS-0001`, in any case.
    let id = id.to_ascii_uppercase();
    Some(Mark {
        check: id.strip_prefix("AVD-").unwrap_or(&id).into(),
        source,
        reason: match *source {
            "trivy" => "ignored for Trivy".into(),
            _ => "ignored for tfsec".into(),
        },
        until,
    })
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
    fn trivy_and_tfsec_are_understood() {
        let one = |check: &str, until: Option<&str>| {
            (
                check.to_owned(),
                "ignored for Trivy".to_owned(),
                until.map(str::to_owned),
            )
        };
        assert_eq!(told("trivy:ignore:AVD-AWS-0001"), [one("AWS-0001", None)]);
        assert_eq!(
            told(" trivy:ignore:aws-0001:exp:2027-01-31 why"),
            [one("AWS-0001", Some("2027-01-31"))]
        );
        assert_eq!(
            told("tfsec:ignore:aws-lambda-enable-tracing tfsec:ignore:AWS-0003").len(),
            2
        );
        for nothing in [
            "trivy:ignore:",
            "trivy:ignore:AWS-0001:ws:prod",
            "trivy:ignore:AWS-0001[name=a]",
            "trivy:ignore:AWS-0001:exp:soon",
        ] {
            assert_eq!(told(nothing), [], "{nothing}");
        }
    }

    fn lines(text: &str, heads: &[(u32, u32)]) -> (Vec<Comment<'static>>, Lines<'static>) {
        let text: &'static str = Box::leak(text.to_owned().into_boxed_str());
        let language = if text.contains('{') {
            Language::Hcl
        } else {
            Language::Yaml
        };
        let comments = language.comments(text);
        let lines = Lines {
            texts: text.lines().collect(),
            heads: heads.iter().copied().collect(),
            comments: alone(&comments),
        };
        (comments, lines)
    }

    #[test]
    fn a_block_ends_where_the_next_begins() {
        let (comments, yaml) = lines(
            "R:\n  Fn: # x\n    Type: T\n\n    # y\n    P: 1\n  Url:\n    Type: U\n",
            &[(2, 2), (7, 7)],
        );
        let [x, y] = comments.as_slice() else {
            panic!("{comments:?}")
        };
        assert_eq!(yaml.below(x), 2..=6);
        assert_eq!(yaml.below(y), 5..=6);
        assert_eq!(yaml.around(5), 2..=6);
        assert_eq!(yaml.around(1), 1..=2);
    }

    #[test]
    fn a_comment_above_a_block_counts_for_all_of_it() {
        let text = "# a\n// b\n/* c\n*/\nresource \"x\" \"y\" {\n  p = 1 # d\n# e\n    q = 2\n}\n";
        // The reader tells where a block of HCL ends, however it is indented.
        let (comments, hcl) = lines(text, &[(5, 9)]);
        let below: Vec<_> = comments.iter().map(|comment| hcl.below(comment)).collect();
        assert_eq!(below, [1..=9, 2..=9, 3..=9, 4..=9, 6..=7, 7..=8]);
        assert_eq!(hcl.around(6), 5..=9);
        let (comments, hcl) = lines("# a\n# b\nresource \"x\" \"y\" {\n  p = 1\n}\n", &[(3, 5)]);
        assert!(comments.iter().all(|comment| *hcl.below(comment).end() == 5));
    }
}
