//! Fixes in the syntax of the file that they are for: what is pasted into JSON is JSON.

use crate::syntax::{Syntax, slice};
use maremma_model::finding::Edit;
use maremma_model::{Estate, FileId, Finding, Fix, SourceFile};
use maremma_source::tree::{self, long_form};
use serde_json::Value;

/// Checks write their fixes as YAML; here each becomes what its file wants.
pub(crate) fn in_syntax(findings: &mut [Finding], estate: &Estate) {
    for finding in findings {
        let place = finding.evidence.at.place();
        let Some(fix) = &mut finding.fix else { continue };
        if let Some(edit) = &mut fix.edit {
            quote(edit, estate);
        }
        let file = place.and_then(|place| file(estate, place.file));
        if file.is_some_and(|file| Syntax::of(file) == Syntax::Json) {
            translate(fix);
        }
    }
}

fn file(estate: &Estate, id: FileId) -> Option<&SourceFile> {
    estate.files.get(usize::try_from(id.0).ok()?)
}

/// The quotes of the value that is replaced.
fn quote(edit: &mut Edit, estate: &Estate) {
    let Some(file) = file(estate, edit.at.file) else { return };
    let old = file.text.as_deref().and_then(|text| slice(text, edit.at.span));
    edit.replacement = Syntax::of(file).written(&edit.replacement, old);
}

/// What is no YAML, such as a table of `maremma.toml`, stays as it is.
fn translate(fix: &mut Fix) {
    let Some(snippet) = &fix.snippet else { return };
    let parts: Option<Vec<String>> = snippet.split("\n\n").map(part).collect();
    if let Some(parts) = parts {
        fix.snippet = Some(parts.join("\n\n"));
    }
}

/// One stretch of a snippet, after the comment that says where it goes.
fn part(yaml: &str) -> Option<String> {
    let comments = yaml.lines().take_while(|line| line.starts_with('#'));
    let comments: Vec<&str> = comments.collect();
    let rest: Vec<&str> = yaml.lines().skip(comments.len()).collect();
    let parsed = tree::parse(&rest.join("\n"), FileId(0), tree::Syntax::Either).ok()?;
    let json = inner(&long_form(&parsed.root))?;
    Some(
        comments
            .into_iter()
            .chain([json.as_str()])
            .collect::<Vec<_>>()
            .join("\n"),
    )
}

/// The entries of a map or a list without its brackets: they are pasted into another.
fn inner(value: &Value) -> Option<String> {
    let pretty = serde_json::to_string_pretty(value).ok()?;
    if !(value.is_object() || value.is_array()) {
        return Some(pretty);
    }
    let lines: Vec<&str> = pretty.lines().collect();
    let between = lines.get(1..lines.len().checked_sub(1)?)?;
    let shifted = between.iter().map(|line| line.strip_prefix("  ").unwrap_or(line));
    Some(shifted.collect::<Vec<_>>().join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use maremma_model::{Place, Pos, Span};

    fn pasted(yaml: &str) -> String {
        let mut fix = Fix::new("").snippet(yaml);
        translate(&mut fix);
        fix.snippet.unwrap()
    }

    #[test]
    fn snippets_become_entries_of_json() {
        assert_eq!(
            pasted("SourceAccount: !Ref AWS::AccountId"),
            "\"SourceAccount\": {\n  \"Ref\": \"AWS::AccountId\"\n}"
        );
        assert_eq!(pasted("- a\n- b"), "\"a\",\n\"b\"");
        assert_eq!(
            pasted("A: !GetAtt B.Arn\n\n# in Resources\nB: 1"),
            "\"A\": {\n  \"Fn::GetAtt\": [\n    \"B\",\n    \"Arn\"\n  ]\n}\n\n# in Resources\n\"B\": 1"
        );
    }

    #[test]
    fn what_is_no_yaml_stays() {
        let toml = "[trust]\nlayer_publishers = [\"111122223333\"]";
        assert_eq!(pasted(toml), toml);
    }

    fn edited(path: &str, text: &str, old: &str) -> String {
        let mut estate = Estate::default();
        estate.files.push(SourceFile {
            path: path.into(),
            text: Some(text.into()),
        });
        let start = u32::try_from(text.find(old).unwrap()).unwrap();
        let pos = |offset| Pos {
            offset,
            line: 1,
            column: 1,
        };
        let span = Span {
            start: pos(start),
            end: pos(start + u32::try_from(old.len()).unwrap()),
        };
        let mut edit = Edit {
            at: Place { file: FileId(0), span },
            replacement: "AWS_IAM".into(),
        };
        quote(&mut edit, &estate);
        edit.replacement
    }

    #[test]
    fn a_replacement_keeps_its_quotes() {
        assert_eq!(edited("t.yaml", "A: NONE", "NONE"), "AWS_IAM");
        assert_eq!(edited("t.yaml", "A: 'NONE'", "'NONE'"), "'AWS_IAM'");
        assert_eq!(edited("t.yaml", "A: \"NONE\"", "\"NONE\""), "\"AWS_IAM\"");
        assert_eq!(
            edited("t.json", "{\"A\": {\"Ref\": \"B\"}}", "{\"Ref\": \"B\"}"),
            "\"AWS_IAM\""
        );
    }
}
