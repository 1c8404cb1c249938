//! Fixes in the syntax of the file that they are for: what is pasted into JSON is JSON.

use crate::syntax::{Syntax, slice};
use maremma_model::finding::Edit;
use maremma_model::{Estate, FileId, Finding, Fix, SourceFile};
use maremma_source::tree::{self, long_form};
use serde_json::Value;

/// What a fix that could not be said otherwise begins with.
const FOREIGN: &str = "# in the words of CloudFormation: Terraform has another way to say this";

/// Checks write their fixes as YAML; here each becomes what its file wants.
pub(crate) fn in_syntax(findings: &mut [Finding], estate: &Estate) {
    for finding in findings {
        let place = finding.evidence.at.place();
        let unit = finding.subject.resource.and_then(|id| estate.resource(id));
        let format = unit
            .and_then(|resource| estate.unit(resource.unit))
            .map(|unit| &*unit.format);
        let Some(fix) = &mut finding.fix else { continue };
        if let Some(edit) = fix.edit.take().filter(|edit| is_source(edit, format, estate)) {
            fix.edit = quoted(edit, &finding.subject.kind, estate);
        }
        let file = place.and_then(|place| file(estate, place.file));
        if file.is_some_and(|file| Syntax::of(file) == Syntax::Hcl) || format.is_some_and(is_terraform) {
            terraform(fix, &finding.subject.kind, &finding.subject.address);
        } else if file.is_some_and(|file| Syntax::of(file) == Syntax::Json) {
            translate(fix);
        }
    }
}

/// Configurations, plans and states.
fn is_terraform(format: &str) -> bool {
    format.starts_with("terraform")
}

/// Whether what stands at a place is written by people, in the words of the check: a plan and the answers of
/// the AWS CLI are made, and the Serverless Framework has words of its own outside of `resources`.
fn is_source(edit: &Edit, format: Option<&str>, estate: &Estate) -> bool {
    let Some(file) = file(estate, edit.at.file) else {
        return false;
    };
    match format {
        Some("responses") => false,
        Some(format) if is_terraform(format) => Syntax::of(file) == Syntax::Hcl,
        Some("serverless") => in_resources(file, edit),
        _ => true,
    }
}

/// Whether a place in `serverless.yml` is in the part that is CloudFormation.
fn in_resources(file: &SourceFile, edit: &Edit) -> bool {
    let Some(text) = &file.text else { return false };
    let Ok(parsed) = tree::parse(text, edit.at.file, tree::Syntax::Either) else {
        return false;
    };
    let resources = parsed.root.get("resources").map(|node| node.place.span);
    let template = parsed.root.get("Resources").map(|node| node.place.span);
    let span = edit.at.span;
    let within =
        |outer: maremma_model::Span| outer.start.offset <= span.start.offset && span.end.offset <= outer.end.offset;
    resources.or(template).is_some_and(within)
}

fn terraform(fix: &mut Fix, kind: &str, address: &str) {
    let Some(snippet) = &fix.snippet else { return };
    // A table of `maremma.toml`, which is the same for every format.
    let is_toml = |line: &str| line.starts_with('[') && line.ends_with(']') && !line.contains(' ');
    if snippet.lines().any(is_toml) {
        return;
    }
    let said = maremma_source::terraform_snippet(snippet, kind, address);
    fix.snippet = Some(said.unwrap_or_else(|| format!("{FOREIGN}\n{snippet}")));
}

fn file(estate: &Estate, id: FileId) -> Option<&SourceFile> {
    estate.files.get(usize::try_from(id.0).ok()?)
}

/// The value as its file writes it: with the quotes of the value that it replaces, and in Terraform only where
/// the attribute says the same as the property.
fn quoted(edit: Edit, kind: &str, estate: &Estate) -> Option<Edit> {
    let file = file(estate, edit.at.file)?;
    let syntax = Syntax::of(file);
    let value = match (syntax, file.text.as_deref()) {
        (Syntax::Hcl, Some(text)) => in_terraform(text, &edit, kind)?,
        _ => edit.replacement,
    };
    let old = file.text.as_deref().and_then(|text| slice(text, edit.at.span));
    Some(Edit {
        replacement: syntax.written(&value, old),
        ..edit
    })
}

/// What an attribute is to be, by the name before it; what stands in a policy keeps its words.
fn in_terraform(text: &str, edit: &Edit, kind: &str) -> Option<String> {
    let before = text.get(..edit.at.span.start.offset as usize)?.trim_end();
    if before.ends_with(['[', ',']) {
        return Some(edit.replacement.clone());
    }
    let before = before.strip_suffix(['=', ':'])?.trim_end();
    let name = before
        .rsplit(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .next()?;
    if before.ends_with('"') || name.starts_with(|c: char| c.is_ascii_uppercase()) {
        return Some(edit.replacement.clone());
    }
    maremma_source::terraform_value(kind, name, &edit.replacement)
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
        let edit = Edit {
            at: Place { file: FileId(0), span },
            replacement: "AWS_IAM".into(),
        };
        quoted(edit, "AWS::Lambda::Url", &estate).map_or_else(String::new, |edit| edit.replacement)
    }

    #[test]
    fn an_attribute_gets_a_value_of_its_own() {
        let value = |text: &str, old: &str| edited("main.tf", text, old);
        assert_eq!(value("authorization_type = \"NONE\"", "\"NONE\""), "\"AWS_IAM\"");
        assert_eq!(value("Principal = \"*\"", "\"*\""), "\"AWS_IAM\"");
        // The default of a variable, and an attribute that says something else.
        assert_eq!(value("default = \"NONE\"", "\"NONE\""), "");
        assert_eq!(value("allow_origins = \"NONE\"", "\"NONE\""), "");
    }

    #[test]
    fn what_terraform_cannot_say_is_called_so() {
        let said = |yaml: &str| {
            let mut fix = Fix::new("").snippet(yaml);
            terraform(&mut fix, "AWS::Lambda::Function", "aws_lambda_function.orders");
            fix.snippet.unwrap()
        };
        assert_eq!(said("KmsKeyArn: !GetAtt Key.Arn"), "kms_key_arn = aws_kms_key.key.arn");
        let yaml = "DurableConfig:\n  KMSKeyArn: !GetAtt Key.Arn";
        assert_eq!(said(yaml), format!("{FOREIGN}\n{yaml}"));
        assert_eq!(said("[trust]\naccounts = [\"1\"]"), "[trust]\naccounts = [\"1\"]");
    }

    #[test]
    fn only_the_template_in_a_service_is_edited() {
        let text = "functions:\n  a: {url: NONE}\nresources:\n  Resources: {U: {AuthType: NO}}\n";
        let file = SourceFile {
            path: "serverless.yml".into(),
            text: Some(text.into()),
        };
        let at = |old: &str| {
            let offset = u32::try_from(text.find(old).unwrap()).unwrap();
            let pos = |offset| Pos {
                offset,
                ..Pos::default()
            };
            let span = Span {
                start: pos(offset),
                end: pos(offset + u32::try_from(old.len()).unwrap()),
            };
            Edit {
                at: Place { file: FileId(0), span },
                replacement: String::new(),
            }
        };
        assert!(in_resources(&file, &at("NO}}")));
        assert!(!in_resources(&file, &at("NONE")));
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
