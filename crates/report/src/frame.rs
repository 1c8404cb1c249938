//! A code frame: a few lines of source with the value underlined and said what it is.

use crate::plain;
use crate::source::Sources;
use crate::style::{Palette, severity_style};
use crate::window::{Window, window};
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use maremma_model::{Evidence, Place, Severity};

/// Lines shown above the value: enough for its key and the resource's section.
const BEFORE: usize = 2;
const AFTER: usize = 1;
/// What the renderer needs beside the code; narrower terminals get this much all the same.
const NARROWEST: usize = 60;

/// The frame of `primary`, with those of `related` that stand next to it underlined, too. `None`
/// where there is no source to show. The second value tells which of `related` are in the frame.
pub(crate) fn frame(
    sources: &Sources<'_>,
    primary: &Evidence,
    related: &[Evidence],
    severity: Severity,
    palette: Palette,
    width: Option<usize>,
) -> Option<(String, Vec<bool>)> {
    let place = primary.at.place()?;
    let near: Vec<Option<Place>> = related.iter().map(|other| near(place, other)).collect();
    let spans: Vec<_> = near.iter().flatten().map(|place| place.span).collect();
    let window = window(sources, place, &spans, BEFORE, AFTER)?;
    let labels = related
        .iter()
        .zip(&near)
        .filter(|(_, near)| near.is_some())
        .map(|(other, _)| other);
    let text = render(&window, primary, labels, severity, palette, width);
    Some((text, near.iter().map(Option::is_some).collect()))
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

fn render<'e>(
    window: &Window,
    primary: &Evidence,
    related: impl Iterator<Item = &'e Evidence>,
    severity: Severity,
    palette: Palette,
    width: Option<usize>,
) -> String {
    let mut spans = window.spans.iter().cloned();
    let says = plain::line(&primary.says);
    let first = spans.next().unwrap_or_default();
    let mut snippet = Snippet::source(window.text.as_str())
        .line_start(window.line)
        .fold(false)
        .annotation(AnnotationKind::Primary.span(first).label(says.as_ref()));
    let labels: Vec<_> = related.map(|other| plain::line(&other.says)).collect();
    for (span, label) in spans.zip(&labels) {
        snippet = snippet.annotation(AnnotationKind::Context.span(span).label(label.as_ref()));
    }
    let group = Group::with_level(Level::ERROR).element(snippet);
    let renderer = if palette.color() {
        Renderer::styled().error(severity_style(severity))
    } else {
        Renderer::plain()
    };
    renderer
        .term_width(width.unwrap_or(usize::from(u16::MAX)).max(NARROWEST))
        .render(&[group])
}
