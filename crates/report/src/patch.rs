//! What edits do to a file, as a unified diff for people: what may be a secret is masked in it.

use crate::mask::{MASK, Masks};
use crate::plain;
use crate::source::Sources;
use crate::style::Palette;
use maremma_model::change::Turn;
use maremma_model::finding::Edit;
use maremma_model::{Estate, FileId};
use std::collections::BTreeMap;
use std::ops::Range;

/// Lines shown before and after one that changes.
const CONTEXT: usize = 3;

/// The diff of one file. `edits` stay on one line each and do not touch one another.
pub fn patch(estate: &Estate, file: FileId, edits: &[Edit], color: bool) -> String {
    let sources = Sources::of(estate);
    let palette = Palette::new(color);
    let path = plain::line(sources.path(file)).into_owned();
    let mut by_row: BTreeMap<usize, Vec<&Edit>> = BTreeMap::new();
    for edit in edits.iter().filter(|edit| edit.at.file == file) {
        let row = sources.row(file, edit.at.span.start.offset as usize);
        by_row.entry(row).or_default().push(edit);
    }
    let mut out = palette.strong(&format!("--- a/{path}\n+++ b/{path}"));
    out.push('\n');
    for hunk in hunks(&by_row, &sources, file) {
        let count = hunk.len();
        let start = hunk.start + 1;
        out.push_str(&palette.faint(&format!("@@ -{start},{count} +{start},{count} @@")));
        out.push('\n');
        write_hunk(hunk, &by_row, &sources, file, palette, &mut out);
    }
    out
}

/// The rows to show, each range with its context.
fn hunks(by_row: &BTreeMap<usize, Vec<&Edit>>, sources: &Sources<'_>, file: FileId) -> Vec<Range<usize>> {
    let mut hunks: Vec<Range<usize>> = Vec::new();
    for row in by_row.keys() {
        let mut end = row + 1;
        while end <= row + CONTEXT
            && sources
                .line(file, end)
                .is_some_and(|line| !is_end(sources, file, &line))
        {
            end += 1;
        }
        let start = row.saturating_sub(CONTEXT);
        match hunks.last_mut() {
            Some(last) if start <= last.end => last.end = end,
            _ => hunks.push(start..end),
        }
    }
    hunks
}

/// After the last line break there is no line.
fn is_end(sources: &Sources<'_>, file: FileId, line: &Range<usize>) -> bool {
    line.is_empty() && sources.text(file).is_some_and(|text| text.len() == line.start)
}

fn write_hunk(
    hunk: Range<usize>,
    by_row: &BTreeMap<usize, Vec<&Edit>>,
    sources: &Sources<'_>,
    file: FileId,
    palette: Palette,
    out: &mut String,
) {
    let mut added = String::new();
    for row in hunk {
        let Some(line) = sources.line(file, row) else { continue };
        let text = sources.text(file).unwrap_or_default();
        let old = masked(text, line.clone(), sources.masks.in_file(file));
        let Some(edits) = by_row.get(&row) else {
            out.push_str(&std::mem::take(&mut added));
            out.push_str(&format!(" {}\n", plain::line(&old)));
            continue;
        };
        let new = edited(text, line, edits, &sources.masks, file);
        out.push_str(&palette.turn(Turn::Removed, &format!("-{}", plain::line(&old))));
        out.push('\n');
        added.push_str(&palette.turn(Turn::Added, &format!("+{}", plain::line(&new))));
        added.push('\n');
    }
    out.push_str(&added);
}

/// A stretch of a text without what may be a secret.
fn masked(text: &str, range: Range<usize>, hidden: &[Range<usize>]) -> String {
    let mut out = String::new();
    let mut from = range.start;
    for hide in hidden
        .iter()
        .filter(|hide| hide.start < range.end && range.start < hide.end)
    {
        out.push_str(text.get(from..hide.start.max(from)).unwrap_or_default());
        out.push_str(MASK);
        from = hide.end.clamp(from, range.end);
    }
    out.push_str(text.get(from..range.end).unwrap_or_default());
    out
}

/// A line with its edits.
fn edited(text: &str, line: Range<usize>, edits: &[&Edit], masks: &Masks, file: FileId) -> String {
    let mut edits = edits.to_vec();
    edits.sort_by_key(|edit| edit.at.span.start.offset);
    let hidden = masks.in_file(file);
    let mut out = String::new();
    let mut from = line.start;
    for edit in edits {
        let span = edit.at.span;
        out.push_str(&masked(text, from..span.start.offset as usize, hidden));
        out.push_str(&masks.scrub(&edit.replacement));
        from = span.end.offset as usize;
    }
    out.push_str(&masked(text, from..line.end, hidden));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn lines_change_and_secrets_stay_hidden() {
        let estate = fixture::estate();
        let edit = |old: &str, new: &str| Edit {
            at: fixture::place(&estate, old),
            replacement: new.to_owned(),
        };
        let said = patch(&estate, FileId(0), &[edit("NONE", "AWS_IAM")], false);
        assert_eq!(
            said,
            "--- a/template.yaml\n+++ b/template.yaml\n@@ -8,7 +8,7 @@\n   OrdersUrl:\n     Type: AWS::Lambda::Url\n     Properties:\n-      AuthType: NONE\n+      AuthType: AWS_IAM\n   Role:\n     Type: AWS::IAM::Role\n     Properties:\n"
        );
        let both = patch(
            &estate,
            FileId(0),
            &[edit("NONE", "hunter2hunter2"), edit("OrdersUrl", "U")],
            false,
        );
        assert!(
            both.contains("-  OrdersUrl:\n") && both.contains("+      AuthType: •••\n"),
            "{both}"
        );
        assert!(both.contains("PASSWORD: •••") && !both.contains("hunter2"), "{both}");
        let last = patch(&estate, FileId(0), &[edit("Stock", "S\u{1b}")], false);
        assert!(
            last.ends_with("-  Stock:\n+  S␛:\n     Type: AWS::Lambda::Function\n"),
            "{last}"
        );
    }
}
