//! What would decide a finding, and what would mend it.

use crate::plain;
use crate::source::Sources;
use crate::window::{Extent, Window, window};
use maremma_model::finding::Edit;
use maremma_model::{Finding, Fix, Why};

/// In bytes. The whole of a longer line helps nobody to paste.
const LONGEST_PASTE: usize = 120;

/// Why a finding is undetermined, and what would decide it.
pub(crate) fn cause(finding: &Finding) -> (String, Option<String>) {
    let mut whys: Vec<&Why> = finding.undecided.iter().collect();
    whys.sort();
    whys.dedup();
    if whys.is_empty() {
        return (finding.evidence.says.clone(), None);
    }
    let words: Vec<String> = whys.iter().map(|why| why.to_string()).collect();
    (words.join(" and "), remedies(&whys))
}

/// All that would decide it: the options as they are given, then what else is to be done.
fn remedies(whys: &[&Why]) -> Option<String> {
    let remedies = whys.iter().filter_map(|why| why.remedy());
    let (options, mut deeds): (Vec<_>, Vec<_>) = remedies.partition(|remedy| remedy.starts_with("--"));
    if !options.is_empty() {
        deeds.insert(0, options.join(" "));
    }
    deeds.dedup();
    (!deeds.is_empty()).then(|| deeds.join("; "))
}

/// Why a finding is undetermined and what would decide it, in one line.
pub(crate) fn undecided(finding: &Finding) -> String {
    let (because, remedy) = cause(finding);
    let remedy = remedy.map(|remedy| format!(": {remedy}")).unwrap_or_default();
    plain::line(&format!("undetermined because {because}{remedy}")).into_owned()
}

/// What to paste, masked and harmless, without blank lines around it.
pub(crate) fn paste(sources: &Sources<'_>, fix: &Fix) -> Option<String> {
    let edit = || fix.edit.as_ref().map(|edit| edited(sources, edit));
    let paste = fix.snippet.clone().or_else(edit)?;
    let paste = sources.masks.scrub(&paste);
    let paste = plain::block(&paste);
    Some(paste.trim_matches('\n').to_owned())
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
    if text.len() <= LONGEST_PASTE {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{estate_of, place};

    #[test]
    fn options_stand_together_before_what_else_is_to_be_done() {
        let [stage, zone] = ["Stage", "Zone"].map(|name| Why::Parameter(name.into()));
        let [policy, key] = ["Policy", "Key"].map(|name| Why::Import(name.into()));
        let scan = "scan the stack that exports it in the same run";
        assert_eq!(remedies(&[&policy]).as_deref(), Some(scan));
        assert_eq!(
            remedies(&[&stage, &policy, &key, &zone]),
            Some(format!("--parameter Stage=VALUE --parameter Zone=VALUE; {scan}"))
        );
        assert_eq!(remedies(&[&Why::NotKept, &Why::Import("${Stage}-Key".into())]), None);
    }

    #[test]
    fn a_line_to_paste_is_no_command_to_a_ci() {
        let paste_of = |key: &str| {
            let estate = estate_of("t.yaml", &format!("A:\n  {key}: NONE\n"));
            let at = place(&estate, "NONE");
            paste(&Sources::of(&estate), &Fix::new("").replace(&at.into(), "AWS_IAM"))
        };
        assert_eq!(paste_of("AuthType").unwrap(), "AuthType: AWS_IAM");
        assert_eq!(paste_of("::error::Evil").unwrap(), "\u{fffd}:error::Evil: AWS_IAM");
    }
}
