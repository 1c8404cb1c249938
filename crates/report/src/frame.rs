//! A code frame: a few lines of source with the value underlined and said what it is.

use crate::order::count;
use crate::plain;
use crate::source::Sources;
use crate::style::{Palette, severity_style};
use crate::window::{Extent, LONGEST_LINE, Window, window};
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use maremma_model::{Evidence, Place, Severity};
use std::borrow::Cow;
use std::ops::Range;
use unicode_width::UnicodeWidthStr;

/// Lines shown above the value: enough for its key and the resource's section.
const BEFORE: usize = 2;
const AFTER: usize = 1;
/// Columns that the line numbers and the indentation take.
const GUTTER: usize = 10;
/// Narrower terminals get this much code all the same.
const NARROWEST: usize = 50;

/// A frame, and what it says of the evidence that it was made from.
pub(crate) struct Frame {
    pub(crate) text: String,
    /// What the primary evidence says, where it is too long to stand in the frame.
    pub(crate) beside: Option<String>,
    /// Which of the related evidence is in the frame.
    pub(crate) related: Vec<bool>,
}

/// The frame of `primary`, with those of `related` that stand next to it underlined, too. `None`
/// where there is no source to show.
pub(crate) fn frame(
    sources: &Sources<'_>,
    primary: &Evidence,
    related: &[Evidence],
    severity: Severity,
    palette: Palette,
    width: Option<usize>,
) -> Option<Frame> {
    let place = primary.at.place()?;
    let near: Vec<Option<Place>> = related.iter().map(|other| near(place, other)).collect();
    let spans: Vec<_> = near.iter().flatten().map(|place| place.span).collect();
    let room = width.map_or(LONGEST_LINE, |width| width.saturating_sub(GUTTER));
    let extent = Extent {
        before: BEFORE,
        after: AFTER,
        longest: room.clamp(NARROWEST, LONGEST_LINE),
    };
    let window = window(sources, place, &spans, extent)?;
    // A span beyond the cut of a long line is empty.
    let mut found = window.spans.iter().skip(1);
    let framed: Vec<bool> = near
        .iter()
        .map(|near| near.is_some() && found.next().is_some_and(|span| !span.is_empty()))
        .collect();
    let first = window.spans.first().cloned().unwrap_or_default();
    let mut label = plain::line(&primary.says).into_owned();
    if window.hidden_lines > 0 {
        label = format!("{label} (and {} not shown)", count(window.hidden_lines, "more line"));
    }
    let fits = column(&window, first.end) + label.width() <= room;
    let (inside, beside) = if fits { (Some(label), None) } else { (None, Some(label)) };
    let mut marks = vec![(first, AnnotationKind::Primary, inside)];
    let shown = window.spans.iter().skip(1).filter(|span| !span.is_empty());
    let said = related.iter().zip(&framed).filter(|(_, framed)| **framed);
    for (span, (other, _)) in shown.zip(said) {
        let label = plain::line(&other.says).into_owned();
        marks.push((span.clone(), AnnotationKind::Context, Some(label)));
    }
    Some(Frame {
        text: render(&window, marks, severity, palette),
        beside,
        related: framed,
    })
}

/// The column of an offset in the window.
fn column(window: &Window, offset: usize) -> usize {
    let before = window.text.get(..offset).unwrap_or_default();
    before.rsplit('\n').next().unwrap_or_default().width()
}

/// The place of `other` where the frame of `place` shows it anyway.
fn near(place: Place, other: &Evidence) -> Option<Place> {
    let there = other.at.place().filter(|there| there.file == place.file)?;
    let (here, line) = (place.span.start.line, there.span.start.line);
    let single = there.span.end.line == line && place.span.end.line == here;
    // On one line of machine-written JSON, what is far away was cut.
    let close = there.span.start.offset.abs_diff(place.span.start.offset) < 200;
    let in_sight = line + BEFORE as u32 >= here && line <= here + AFTER as u32;
    (single && close && in_sight && there.span != place.span).then_some(there)
}

type Mark = (Range<usize>, AnnotationKind, Option<String>);

fn render(window: &Window, marks: Vec<Mark>, severity: Severity, palette: Palette) -> String {
    let marks = marks
        .into_iter()
        .map(|(span, kind, label)| kind.span(span).label(label.map(Cow::Owned)));
    let snippet = Snippet::source(window.text.as_str())
        .line_start(window.line)
        .fold(false)
        .annotations(marks);
    let group = Group::with_level(Level::ERROR).element(snippet);
    let renderer = if palette.color() {
        Renderer::styled().error(severity_style(severity))
    } else {
        Renderer::plain()
    };
    // The window was cut to the width; where the renderer cut too, its marks would not fit ours.
    renderer.term_width(usize::from(u16::MAX)).render(&[group])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{estate_of, evidence, place};

    #[test]
    fn no_text_and_no_place_upsets_the_renderer() {
        let text = "é\t: 漢NONE\n\r\n\u{301}x\u{202e}\u{1b}[0m👩‍👩‍👧\n\n\ty: |\n\t z";
        let estate = estate_of("t.yaml", text);
        let sources = Sources::of(&estate);
        let mut here = place(&estate, "NONE");
        for start in 0..=text.len() + 2 {
            for end in start..=text.len() + 2 {
                here.span.start.offset = start as u32;
                here.span.end.offset = end as u32;
                let primary = evidence("X", here, "says\u{1b}");
                let related = [evidence("Y", place(&estate, ":"), "")];
                let frame = frame(
                    &sources,
                    &primary,
                    &related,
                    Severity::Low,
                    Palette::new(false),
                    Some(10),
                );
                assert!(!frame.unwrap().text.contains('\u{1b}'));
            }
        }
    }

    #[test]
    fn what_stands_next_to_the_value_is_underlined_too() {
        let estate = estate_of("t.yaml", "A:\n  Type: NONE\n  Cors: all\n");
        let sources = Sources::of(&estate);
        let primary = evidence("A", place(&estate, "NONE"), "open");
        let related = [evidence("A", place(&estate, "all"), "any origin")];
        let frame = frame(&sources, &primary, &related, Severity::Low, Palette::new(false), None).unwrap();
        assert_eq!(frame.related, [true]);
        assert_eq!(
            frame.text,
            "  |\n1 | A:\n2 |   Type: NONE\n  |         ^^^^ open\n3 |   Cors: all\n  |         --- any origin"
        );
    }
}
