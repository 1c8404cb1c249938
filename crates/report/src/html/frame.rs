//! A code frame as lines of HTML, with the values that evidence points at marked.

use super::Page;
use crate::order::count;
use crate::window::{Extent, Window, window};
use maremma_model::{Evidence, Location, Place};
use std::ops::Range;

/// Lines shown around the value that a finding is about.
const BEFORE: usize = 3;
const AFTER: usize = 2;

/// Evidence with the code that it points at.
#[derive(Debug)]
pub(super) struct Shown<'a> {
    /// `template.yaml:31:17`.
    pub(super) place: String,
    /// The resource that stands there.
    pub(super) address: Option<&'a str>,
    pub(super) says: &'a str,
    /// Empty where the text is not at hand, or where another frame shows it.
    pub(super) lines: Vec<Line>,
    /// `and 3 more lines`.
    pub(super) more: Option<String>,
    /// The value is marked in the frame of the first evidence.
    pub(super) above: bool,
}

#[derive(Debug)]
pub(super) struct Line {
    pub(super) number: usize,
    pub(super) parts: Vec<Part>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) mark: Mark,
    pub(super) text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    No,
    Value,
    Related,
}

/// The frames of a finding's evidence: the first one with what stands around it, the others with what they point at.
pub(super) fn frames<'a>(page: &Page<'a>, first: &'a Evidence, related: &'a [Evidence]) -> Vec<Shown<'a>> {
    let near: Vec<Option<Place>> = related.iter().map(|other| near(&first.at, other)).collect();
    let spans: Vec<_> = near.iter().flatten().map(|place| place.span).collect();
    let shown = first
        .at
        .place()
        .and_then(|place| window(&page.sources, place, &spans, Extent::lines(BEFORE, AFTER)));
    // A span beyond the cut of a long line is empty.
    let mut seen = shown.iter().flat_map(|window| window.spans.iter().skip(1));
    let above: Vec<bool> = near
        .iter()
        .map(|near| near.is_some() && seen.next().is_some_and(|span| !span.is_empty()))
        .collect();
    let mut frames = vec![of(page, first, shown, false)];
    for (other, above) in related.iter().zip(above) {
        let place = other.at.place().filter(|_| !above);
        let shown = place.and_then(|place| window(&page.sources, place, &[], Extent::lines(0, 0)));
        frames.push(of(page, other, shown, above));
    }
    frames
}

fn of<'a>(page: &Page<'a>, evidence: &'a Evidence, shown: Option<Window>, above: bool) -> Shown<'a> {
    let hidden = shown.as_ref().map_or(0, |window| window.hidden_lines);
    Shown {
        place: page.sources.words(&evidence.at),
        address: evidence.address.as_deref(),
        says: &evidence.says,
        lines: shown.map(lines).unwrap_or_default(),
        more: (hidden > 0).then(|| format!("and {}", count(hidden, "more line"))),
        above,
    }
}

/// The place of `other` where the frame of `at` shows it anyway.
fn near(at: &Location, other: &Evidence) -> Option<Place> {
    let here = at.place()?;
    let there = other.at.place().filter(|there| there.file == here.file)?;
    let (line, last) = (there.span.start.line as usize, there.span.end.line as usize);
    let (from, to) = (here.span.start.line as usize, here.span.end.line as usize);
    (there.span != here.span && line + BEFORE >= from && last <= to + AFTER).then_some(there)
}

fn lines(window: Window) -> Vec<Line> {
    let first = window.spans.first().cloned().unwrap_or_default();
    let others = window.spans.get(1..).unwrap_or_default();
    let mut at = 0;
    let of = |(row, text): (usize, &str)| {
        let line = at..at + text.len();
        at = line.end + 1;
        Line {
            number: window.line + row,
            parts: parts(&window.text, line, &first, others),
        }
    };
    window.text.split('\n').enumerate().map(of).collect()
}

/// A line, cut where a mark begins or ends.
fn parts(text: &str, line: Range<usize>, first: &Range<usize>, others: &[Range<usize>]) -> Vec<Part> {
    let mut cuts = vec![line.start, line.end];
    for span in others.iter().chain([first]) {
        cuts.extend([span.start, span.end].into_iter().filter(|at| line.contains(at)));
    }
    cuts.sort_unstable();
    cuts.dedup();
    // The indentation of a value's later lines is not the value.
    let indent = text
        .get(line.clone())
        .map_or(0, |text| text.len() - text.trim_start().len());
    let mark = |at: usize| match at {
        at if at < line.start + indent => Mark::No,
        at if first.contains(&at) => Mark::Value,
        at if others.iter().any(|span| span.contains(&at)) => Mark::Related,
        _ => Mark::No,
    };
    if indent > 0 && !cuts.contains(&(line.start + indent)) {
        cuts.push(line.start + indent);
        cuts.sort_unstable();
    }
    let mut parts: Vec<Part> = Vec::new();
    for pair in cuts.windows(2) {
        let [from, to] = pair else { continue };
        let text = text.get(*from..*to).unwrap_or_default();
        match parts.last_mut() {
            Some(last) if last.mark == mark(*from) => last.text.push_str(text),
            _ => parts.push(Part {
                mark: mark(*from),
                text: text.to_owned(),
            }),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{estate, evidence, place, run};

    fn marked(lines: &[Line]) -> String {
        let part = |part: &Part| match part.mark {
            Mark::No => part.text.clone(),
            Mark::Value => format!("[{}]", part.text),
            Mark::Related => format!("({})", part.text),
        };
        let line = |line: &Line| format!("{} {}", line.number, line.parts.iter().map(part).collect::<String>());
        lines.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn the_value_and_what_stands_near_are_marked_and_secrets_are_not_shown() {
        let estate = estate();
        let run = run(&estate, &[]);
        let page = Page::of(&run);
        let first = evidence("OrdersUrl", place(&estate, "AWS::Lambda::Url"), "a URL");
        let related = [
            evidence("OrdersUrl", place(&estate, "NONE"), "open"),
            evidence("Role", place(&estate, "AWS::IAM::Role"), "elsewhere"),
        ];
        let frames = frames(&page, &first, &related);
        assert_eq!(
            marked(&frames[0].lines),
            "6         Variables:\n7           PASSWORD: •••\n8   OrdersUrl:\n9     Type: [AWS::Lambda::Url]\n10     Properties:\n11       AuthType: (NONE)"
        );
        assert!(frames[1].above && frames[1].lines.is_empty());
        assert_eq!(marked(&frames[2].lines), "13     Type: [AWS::IAM::Role]");
    }

    #[test]
    fn a_value_of_several_lines_is_marked_without_its_indentation() {
        let text = "a: {\n  b: c}";
        assert_eq!(
            marked(&lines(Window {
                text: text.to_owned(),
                line: 1,
                spans: vec![3..text.len()],
                hidden_lines: 0,
            })),
            "1 a: [{]\n2   [b: c}]"
        );
    }
}
