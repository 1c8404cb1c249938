//! How a value is written in a file, by the file's syntax: what may be replaced, and by what.

use maremma_model::{FileId, Node, NodeValue, SourceFile, Span};
use maremma_source::tree;
use serde_json::Value;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Syntax {
    Json,
    Yaml,
    /// Terraform and OpenTofu.
    Hcl,
}

/// What stands in a template beside its resources. A value there may be of many resources, and of none.
const SHARED: [&str; 5] = ["Parameters", "Mappings", "Conditions", "Rules", "Outputs"];

impl Syntax {
    /// By what the file holds; a snapshot knows the name only.
    pub(crate) fn of(file: &SourceFile) -> Self {
        let path = &*file.path;
        if path.ends_with(".tf") || path.ends_with(".tofu") || path.ends_with(".tfvars") {
            return Syntax::Hcl;
        }
        let json = match &file.text {
            Some(text) => text.trim_start_matches('\u{feff}').trim_start().starts_with('{'),
            None => path.ends_with(".json") || path.ends_with(".template"),
        };
        if json { Syntax::Json } else { Syntax::Yaml }
    }

    /// `value` as it is written in place of `old`: with its quotes, and in JSON always with some, unless both are
    /// numbers or booleans.
    pub(crate) fn written(self, value: &str, old: Option<&str>) -> String {
        let quoted = || Value::from(value).to_string();
        match (self, old.and_then(|old| old.chars().next())) {
            (Syntax::Yaml, Some('"')) => quoted(),
            (Syntax::Yaml, Some('\'')) => format!("'{}'", value.replace('\'', "''")),
            (Syntax::Yaml, _) => value.to_owned(),
            (Syntax::Json | Syntax::Hcl, _) if is_bare(value) && old.is_some_and(is_bare) => value.to_owned(),
            (Syntax::Json, _) => quoted(),
            // A template in a string begins with these. Source: Terraform language, "Strings and Templates".
            (Syntax::Hcl, _) => quoted().replace("${", "$${").replace("%{", "%%{"),
        }
    }

    /// Whether what stands at a place is one plain value of one resource, so that another can take its place.
    ///
    /// # Errors
    /// Why not, as a clause.
    pub(crate) fn replaceable(self, text: &str, span: Span) -> Result<(), &'static str> {
        let old = slice(text, span).ok_or("the place is not in the file")?;
        if old.contains(['\n', '\r']) {
            return Err("the value stands on several lines");
        }
        match self {
            Syntax::Hcl if is_bare(old) || is_hcl_string(old) => Ok(()),
            Syntax::Hcl => Err("an expression stands there"),
            Syntax::Json | Syntax::Yaml => {
                let root = parse(text).ok_or("the file cannot be parsed")?;
                let mut found = Vec::new();
                find(&root, span, None, &mut found);
                match found.as_slice() {
                    [] => Err("no value of its own stands there"),
                    [(section, node)] => plain(*section, node),
                    _ => Err("an anchor stands there, whose value is used elsewhere, too"),
                }
            }
        }
    }

    /// Whether a text reads as before, but for as many values as were replaced.
    pub(crate) fn same_but(self, before: &str, after: &str, replaced: usize) -> bool {
        if self == Syntax::Hcl {
            // One token took the place of another of its kind; what did not parse before may still not.
            return maremma_source::is_terraform(after) || !maremma_source::is_terraform(before);
        }
        match (parse(before), parse(after)) {
            (Some(before), Some(after)) => differing(&before, &after).is_some_and(|count| count <= replaced),
            _ => false,
        }
    }
}

pub(crate) fn slice(text: &str, span: Span) -> Option<&str> {
    text.get(span.start.offset as usize..span.end.offset as usize)
}

fn parse(text: &str) -> Option<Node> {
    tree::parse(text, FileId(0), tree::Syntax::Either)
        .ok()
        .map(|parsed| parsed.root)
}

/// A number or a boolean.
fn is_bare(text: &str) -> bool {
    matches!(serde_json::from_str(text), Ok(Value::Bool(_) | Value::Number(_)))
}

/// A quoted string without templates in it.
fn is_hcl_string(text: &str) -> bool {
    let Some(inner) = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) else {
        return false;
    };
    let mut escaped = false;
    let closed_within = inner.chars().any(|c| {
        let ends = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    });
    let templates = inner.replace("$${", "").replace("%%{", "");
    !closed_within && !escaped && !templates.contains("${") && !templates.contains("%{")
}

/// The values at a place, each with the section of the template that it is in.
fn find<'n>(node: &'n Node, span: Span, section: Option<&'n str>, found: &mut Vec<(Option<&'n str>, &'n Node)>) {
    if node.place.span == span {
        found.push((section, node));
    }
    for entry in node.entries() {
        find(&entry.value, span, section.or(Some(&entry.key)), found);
    }
    for item in node.items() {
        find(item, span, section, found);
    }
}

fn plain(section: Option<&str>, node: &Node) -> Result<(), &'static str> {
    if node.tag.is_some() || !matches!(node.value, NodeValue::Scalar { .. }) {
        return Err("an intrinsic function or a map stands there");
    }
    match section {
        Some(section) if SHARED.contains(&section) => {
            Err("the value is of a parameter or a mapping, which may be used elsewhere")
        }
        _ => Ok(()),
    }
}

/// How many values differ between trees of one shape.
fn differing(a: &Node, b: &Node) -> Option<usize> {
    if a.tag != b.tag {
        return None;
    }
    let sum = |counts: &mut dyn Iterator<Item = Option<usize>>| counts.sum::<Option<usize>>();
    match (&a.value, &b.value) {
        (NodeValue::Map(a), NodeValue::Map(b)) if a.len() == b.len() => sum(&mut a.iter().zip(b).map(|(a, b)| {
            (a.key == b.key).then_some(())?;
            differing(&a.value, &b.value)
        })),
        (NodeValue::Seq(a), NodeValue::Seq(b)) if a.len() == b.len() => {
            sum(&mut a.iter().zip(b).map(|(a, b)| differing(a, b)))
        }
        (NodeValue::Scalar { text: a, .. }, NodeValue::Scalar { text: b, .. }) => Some(usize::from(a != b)),
        (NodeValue::Null, NodeValue::Null) => Some(0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use maremma_model::Pos;

    fn span(text: &str, old: &str) -> Span {
        let start = u32::try_from(text.find(old).unwrap()).unwrap();
        let pos = |offset: u32| {
            let before = &text[..offset as usize];
            let column = before.chars().rev().take_while(|c| *c != '\n').count();
            Pos {
                offset,
                line: 1 + u32::try_from(before.matches('\n').count()).unwrap(),
                column: 1 + u32::try_from(column).unwrap(),
            }
        };
        Span {
            start: pos(start),
            end: pos(start + u32::try_from(old.len()).unwrap()),
        }
    }

    #[test]
    fn a_value_keeps_its_quotes() {
        for (syntax, value, old, written) in [
            (Syntax::Yaml, "AWS_IAM", "NONE", "AWS_IAM"),
            (Syntax::Yaml, "it's", "'NONE'", "'it''s'"),
            (Syntax::Yaml, "AWS_IAM", "\"NONE\"", "\"AWS_IAM\""),
            (Syntax::Json, "AWS_IAM", "\"NONE\"", "\"AWS_IAM\""),
            (Syntax::Json, "true", "false", "true"),
            (Syntax::Json, "true", "\"false\"", "\"true\""),
            (Syntax::Json, "AWS_IAM", "{\"Ref\": \"B\"}", "\"AWS_IAM\""),
            (Syntax::Hcl, "180", "30", "180"),
            (Syntax::Hcl, "AWS_IAM", "\"NONE\"", "\"AWS_IAM\""),
            (Syntax::Hcl, "${a} %{b} \"c\"", "\"NONE\"", "\"$${a} %%{b} \\\"c\\\"\""),
        ] {
            assert_eq!(syntax.written(value, Some(old)), written, "{syntax:?} {value}");
        }
    }

    #[test]
    fn only_a_plain_value_of_a_resource_is_replaced() {
        let ok = |syntax: Syntax, text: &str, old: &str| syntax.replaceable(text, span(text, old));
        assert_eq!(ok(Syntax::Yaml, "Resources: {A: NONE}", "NONE"), Ok(()));
        assert_eq!(ok(Syntax::Yaml, "Globals: {A: 'NONE'}", "'NONE'"), Ok(()));
        assert_eq!(
            ok(Syntax::Json, "{\"Resources\": {\"é\": \"NONE\"}}", "\"NONE\""),
            Ok(())
        );
        for (text, old) in [
            ("Resources: {A: !Ref NONE}", "!Ref NONE"),
            ("Resources: {A: !Ref NONE}", "NONE"),
            ("Resources: {A: {Ref: NONE}}", "{Ref: NONE}"),
            ("Resources: {NONE: 1}", "NONE"),
            ("Parameters: {A: {Default: NONE}}", "NONE"),
            ("Mappings: {A: {B: {C: NONE}}}", "NONE"),
            ("Resources: {A: &a NONE, B: *a}", "NONE"),
            ("Resources:\n  A: |\n    NONE\n", "NONE"),
            ("Resources: {A: NONE, B: [}", "NONE"),
        ] {
            assert!(ok(Syntax::Yaml, text, old).is_err(), "{text}");
        }
        assert_eq!(ok(Syntax::Hcl, "a = \"NONE\"", "\"NONE\""), Ok(()));
        assert_eq!(
            ok(Syntax::Hcl, "a = \"$${x} \\\"y\\\" \\\\\"", "\"$${x} \\\"y\\\" \\\\\""),
            Ok(())
        );
        assert_eq!(ok(Syntax::Hcl, "a = true", "true"), Ok(()));
        for (text, old) in [
            ("a = var.auth", "var.auth"),
            ("a = \"${var.auth}\"", "\"${var.auth}\""),
            ("a = \"b\" == c ? \"d\" : \"e\"", "\"b\" == c ? \"d\" : \"e\""),
        ] {
            assert!(ok(Syntax::Hcl, text, old).is_err(), "{text}");
        }
    }

    #[test]
    fn a_text_that_reads_otherwise_is_noticed() {
        let same = |before: &str, after: &str| Syntax::Yaml.same_but(before, after, 1);
        assert!(same("A: NONE\nB: 1", "A: AWS_IAM\nB: 1"));
        assert!(!same("A: NONE\nB: 1", "A: C: D\nB: 1"));
        assert!(!same("A: NONE\nB: 1", "A: a # b\nB: 2"));
        assert!(!same("A: [NONE]", "A: [a, b]"));
        assert!(!same("A: NONE", "A: ["));
    }
}
