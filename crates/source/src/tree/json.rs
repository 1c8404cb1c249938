//! JSON: `jsonc-parser` gives the syntax tree with byte ranges; strict JSON only.

use super::index::LineIndex;
use super::{MAX_DEPTH, MAX_NODES, Parsed, Problem, TreeError};
use jsonc_parser::ast::{ObjectPropName, Value};
use jsonc_parser::common::{Range, Ranged};
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use maremma_model::{Entry, FileId, Node, NodeValue, Place, Span};
use std::collections::HashMap;

const STRICT: ParseOptions = ParseOptions {
    allow_comments: false,
    allow_loose_object_property_names: false,
    allow_trailing_commas: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

pub(super) fn parse(text: &str, file: FileId) -> Result<Parsed, TreeError> {
    let lines = LineIndex::new(text);
    let ast = parse_to_ast(text, &CollectOptions::default(), &STRICT).map_err(|error| {
        let what = error.kind().to_string();
        TreeError {
            at: lines.pos(error.range().start),
            bounds: what.contains("nesting depth"),
            what: lower(&what),
        }
    })?;
    let Some(value) = ast.value else {
        return Err(TreeError {
            at: lines.pos(0),
            what: "the file is empty".to_owned(),
            bounds: false,
        });
    };
    let mut builder = Builder {
        lines,
        file,
        nodes: 0,
        problems: Vec::new(),
    };
    let root = builder.node(value, 0)?;
    Ok(Parsed {
        root,
        problems: builder.problems,
    })
}

fn lower(words: &str) -> String {
    let mut chars = words.chars();
    chars
        .next()
        .map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

struct Builder<'a> {
    lines: LineIndex<'a>,
    file: FileId,
    nodes: usize,
    problems: Vec<Problem>,
}

impl Builder<'_> {
    fn place(&self, range: Range) -> Place {
        let span = Span {
            start: self.lines.pos(range.start),
            end: self.lines.pos(range.end),
        };
        Place { file: self.file, span }
    }

    fn node(&mut self, value: Value<'_>, depth: usize) -> Result<Node, TreeError> {
        let place = self.place(value.range());
        self.nodes += 1;
        if depth > MAX_DEPTH {
            let what = format!("nested deeper than {MAX_DEPTH} levels");
            return Err(TreeError {
                at: place.span.start,
                what,
                bounds: true,
            });
        }
        if self.nodes > MAX_NODES {
            let what = format!("more than {MAX_NODES} values");
            return Err(TreeError {
                at: place.span.start,
                what,
                bounds: true,
            });
        }
        let value = match value {
            Value::StringLit(literal) => NodeValue::Scalar {
                text: literal.value.into(),
                quoted: true,
            },
            Value::NumberLit(literal) => NodeValue::Scalar {
                text: literal.value.into(),
                quoted: false,
            },
            Value::BooleanLit(literal) => NodeValue::Scalar {
                text: literal.value.to_string().into(),
                quoted: false,
            },
            Value::NullKeyword(_) => NodeValue::Null,
            Value::Array(array) => NodeValue::Seq(
                array
                    .elements
                    .into_iter()
                    .map(|item| self.node(item, depth + 1))
                    .collect::<Result<_, _>>()?,
            ),
            Value::Object(object) => {
                let mut entries = Vec::with_capacity(object.properties.len());
                for property in object.properties {
                    let (key, range) = match property.name {
                        ObjectPropName::String(name) => (name.value.into(), name.range),
                        ObjectPropName::Word(name) => (name.value.into(), name.range),
                    };
                    let value = self.node(property.value, depth + 1)?;
                    entries.push(Entry {
                        key,
                        key_place: self.place(range),
                        value,
                    });
                }
                NodeValue::Map(unique(entries, &mut self.problems))
            }
        };
        Ok(Node::new(value, place))
    }
}

/// Keeps the last of entries with the same key, as CloudFormation does, and reports each.
pub(super) fn unique(entries: Vec<Entry>, problems: &mut Vec<Problem>) -> Vec<Entry> {
    let mut last: HashMap<&str, usize> = HashMap::with_capacity(entries.len());
    for (at, entry) in entries.iter().enumerate() {
        if last.insert(&entry.key, at).is_some() {
            let reason = format!("duplicate key {:?}: only the last one counts", entry.key);
            problems.push(Problem {
                place: entry.key_place,
                reason,
            });
        }
    }
    if last.len() == entries.len() {
        return entries;
    }
    let mut keep = vec![false; entries.len()];
    for at in last.into_values() {
        if let Some(slot) = keep.get_mut(at) {
            *slot = true;
        }
    }
    entries
        .into_iter()
        .zip(keep)
        .filter_map(|(entry, keep)| keep.then_some(entry))
        .collect()
}
