//! What a reader pastes to fix a finding.

use crate::source::Sources;
use crate::window::{Extent, Window, window};
use maremma_model::Fix;
use maremma_model::finding::Edit;

/// In bytes. The whole of a longer line helps nobody to paste.
const LONGEST: usize = 120;

/// The snippet, or the line as it is after the edit, with what may be a secret masked and line breaks trimmed. It is
/// as its file or its author wrote it, and not yet harmless.
pub(crate) fn paste(sources: &Sources<'_>, fix: &Fix) -> Option<String> {
    let edit = || fix.edit.as_ref().map(|edit| edited(sources, edit));
    let text = fix.snippet.clone().or_else(edit)?;
    Some(sources.masks.scrub(&text).trim_matches('\n').to_owned())
}

/// The line as it is after the edit, where that is one line of a reasonable length.
fn edited(sources: &Sources<'_>, edit: &Edit) -> String {
    let span = edit.at.span;
    let line = (span.start.line == span.end.line)
        .then(|| window(sources, edit.at, &[], Extent::lines(0, 0)))
        .flatten();
    let Some(Window { mut text, spans, .. }) = line else {
        return edit.replacement.clone();
    };
    let Some(value) = spans.into_iter().next() else {
        return edit.replacement.clone();
    };
    if text.len() <= LONGEST {
        text.replace_range(value, &edit.replacement);
        return text.trim().to_owned();
    }
    let key = text.get(..value.start).and_then(key_before);
    key.map_or_else(
        || edit.replacement.clone(),
        |key| format!("{key}: {}", edit.replacement),
    )
}

/// The key that a value stands after, with its quotes.
fn key_before(before: &str) -> Option<&str> {
    let before = before.trim_end().strip_suffix(':')?;
    let part = |c: char| c.is_alphanumeric() || matches!(c, '"' | '\'' | ':' | '_');
    let start = before.rfind(|c| !part(c)).map_or(0, |at| at + 1);
    before.get(start..).filter(|key| !key.is_empty())
}
