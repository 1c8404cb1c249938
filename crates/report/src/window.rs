//! A few lines of a file around a value: masked, harmless, and cut where lines are long.

use crate::mask::MASK;
use crate::plain::stand_in;
use crate::source::Sources;
use maremma_model::{Place, Span};
use std::ops::Range;

/// Lines of more characters than this are cut around the value, however wide the report is.
pub(crate) const LONGEST_LINE: usize = 300;
/// Lines shown of a value that spans more.
const MOST_LINES: usize = 8;
const CUT: char = '…';

/// What a frame shows.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) text: String,
    /// The number of the first line.
    pub(crate) line: usize,
    /// Where the asked spans are in `text`, in bytes; a span outside the window is empty.
    pub(crate) spans: Vec<Range<usize>>,
    /// How many lines of the value are not shown.
    pub(crate) hidden_lines: usize,
}

/// How much a window shows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Extent {
    /// Lines before and after those of the value.
    pub(crate) before: usize,
    pub(crate) after: usize,
    /// Characters of a line.
    pub(crate) longest: usize,
}

impl Extent {
    pub(crate) fn lines(before: usize, after: usize) -> Self {
        Extent {
            before,
            after,
            longest: LONGEST_LINE,
        }
    }
}

/// The lines of `place` and around it, and where `others` (of the same file) are in them. `None` where the file's text is not at hand.
pub(crate) fn window(sources: &Sources<'_>, place: Place, others: &[Span], extent: Extent) -> Option<Window> {
    let Extent { before, after, longest } = extent;
    let text = sources.text(place.file)?;
    let focus = place.span.start.offset as usize;
    let end = (place.span.end.offset as usize).max(focus);
    // A block's span takes in the line break and the indentation of what follows.
    let end = text.get(focus..end).map_or(end, |value| focus + value.trim_end().len());
    let first = sources.row(place.file, focus);
    let rows = sources.row(place.file, end).saturating_sub(first);
    let hidden_lines = rows.saturating_sub(MOST_LINES - 1);
    // What follows a value that is not shown whole would look like a part of it.
    let (rows, after) = if hidden_lines > 0 {
        (MOST_LINES - 1, 0)
    } else {
        (rows, after)
    };
    let context_before = before.min(first);
    let mut writer = Writer::new(text, sources.masks.in_file(place.file));
    writer.mark(focus, end);
    for span in others {
        writer.mark(span.start.offset as usize, span.end.offset as usize);
    }
    for row in first - context_before..=first + rows + after {
        let Some(line) = sources.line(place.file, row) else {
            break;
        };
        writer.line(cut(text, line, focus, longest));
    }
    let line = (place.span.start.line as usize).saturating_sub(context_before).max(1);
    Some(Window {
        hidden_lines,
        ..writer.finish(line)
    })
}

/// A line, or the stretch of it to show, and whether something was cut at its ends.
struct Shown {
    range: Range<usize>,
    cut_before: bool,
    cut_after: bool,
    /// Where the line ends, shown or not.
    end: usize,
}

fn cut(text: &str, line: Range<usize>, focus: usize, longest: usize) -> Shown {
    let whole = text.get(line.clone()).unwrap_or_default();
    if whole.len() <= longest || whole.char_indices().nth(longest).is_none() {
        return Shown {
            end: line.end,
            range: line,
            cut_before: false,
            cut_after: false,
        };
    }
    let start = if line.contains(&focus) {
        // A third stands before the value, and more where little comes after it.
        let after = text.get(focus..line.end).unwrap_or_default();
        let after = after.chars().take(longest - longest / 3).count();
        let before = text.get(line.start..focus).unwrap_or_default();
        before
            .char_indices()
            .rev()
            .take(longest - after)
            .last()
            .map_or(focus, |(at, _)| line.start + at)
    } else {
        line.start
    };
    let rest = text.get(start..line.end).unwrap_or_default();
    let end = rest.char_indices().nth(longest).map_or(line.end, |(at, _)| start + at);
    Shown {
        cut_before: start > line.start,
        cut_after: end < line.end,
        end: line.end,
        range: start..end,
    }
}

/// Copies lines and keeps track of where marked offsets go.
struct Writer<'a> {
    text: &'a str,
    masks: &'a [Range<usize>],
    out: String,
    begun: bool,
    /// Offset in the file, whether it starts a span, and its place in `out` once known.
    marks: Vec<(usize, bool, Option<usize>)>,
}

impl<'a> Writer<'a> {
    fn new(text: &'a str, masks: &'a [Range<usize>]) -> Self {
        Writer {
            text,
            masks,
            out: String::new(),
            begun: false,
            marks: Vec::new(),
        }
    }

    fn mark(&mut self, start: usize, end: usize) {
        self.marks.push((start, true, None));
        self.marks.push((end, false, None));
    }

    /// What stands at or before `offset` in the file and has no place yet is here.
    fn reach(&mut self, offset: usize, starts_only: bool) {
        let here = self.out.len();
        for (at, is_start, place) in &mut self.marks {
            if place.is_none() && *at <= offset && (*is_start || !starts_only) {
                *place = Some(here);
            }
        }
    }

    fn line(&mut self, shown: Shown) {
        if self.begun {
            self.out.push('\n');
        }
        self.begun = true;
        if shown.cut_before {
            self.out.push(CUT);
        }
        let mut at = shown.range.start;
        let next = self.masks.partition_point(|mask| mask.end <= at);
        for mask in self.masks.get(next..).unwrap_or_default() {
            if mask.start >= shown.range.end {
                break;
            }
            self.copy(at..mask.start.max(at));
            at = self.hide(mask.start.max(at)..mask.end.min(shown.range.end), mask.end);
        }
        self.copy(at..shown.range.end);
        // What ends in the stretch that is cut off ends here.
        self.reach(shown.end, false);
        if shown.cut_after {
            self.out.push(CUT);
        }
    }

    fn copy(&mut self, range: Range<usize>) {
        for (at, c) in self.text.get(range.clone()).unwrap_or_default().char_indices() {
            self.reach(range.start + at, false);
            self.out.push(if c == '\t' { c } else { stand_in(c).unwrap_or(c) });
        }
    }

    /// Masks a stretch of one line, whose indentation stays. Returns where the stretch ends.
    fn hide(&mut self, range: Range<usize>, mask_end: usize) -> usize {
        let hidden = self.text.get(range.clone()).unwrap_or_default();
        let indent = hidden.len() - hidden.trim_start().len();
        self.copy(range.start..range.start + indent);
        if indent < hidden.len() {
            self.reach(range.start + indent, false);
            self.reach(mask_end.saturating_sub(1), true);
            self.out.push_str(MASK);
        }
        range.end
    }

    fn finish(self, line: usize) -> Window {
        let end = self.out.len();
        let ends = self.marks.chunks(2).map(|pair| match pair {
            [(_, _, start), (_, _, stop)] => {
                let start = start.unwrap_or(end);
                start..stop.unwrap_or(end).max(start)
            }
            _ => end..end,
        });
        Window {
            spans: ends.collect(),
            line,
            hidden_lines: 0,
            text: self.out,
        }
    }
}

#[cfg(test)]
mod tests;
