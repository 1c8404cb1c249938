//! JSON: `jsonc-parser` gives the syntax tree with byte ranges; strict JSON only.

use super::index::LineIndex;
use super::{MAX_DEPTH, MAX_NODES, Parsed, Problem, TreeError};
use jsonc_parser::ast::{ObjectPropName, Value};
use jsonc_parser::common::{Range, Ranged};
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use maremma_model::{Entry, FileId, Node, NodeValue, Place, Pos, Span};
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
    let mut builder = Builder::at(&lines, file, 0);
    let root = node(text, &mut builder)?;
    Ok(Parsed {
        root,
        problems: builder.problems,
    })
}

/// The tree of a text that is a file or a part of one.
pub(super) fn node(text: &str, builder: &mut Builder<'_>) -> Result<Node, TreeError> {
    if let Some(at) = beyond(text.as_bytes()) {
        return Err(TreeError::too_many(builder.pos(at)));
    }
    let ast = parse_to_ast(text, &CollectOptions::default(), &STRICT).map_err(|error| {
        let (what, at) = (error.kind().to_string(), builder.pos(error.range().start));
        if what.contains("nesting depth") {
            return TreeError::too_deep(at);
        }
        TreeError {
            at,
            bounds: false,
            what: lower(&what),
        }
    })?;
    let Some(value) = ast.value else {
        return Err(TreeError {
            at: builder.pos(0),
            what: "the file is empty".to_owned(),
            bounds: false,
        });
    };
    builder.node(value, 0)
}

/// Where the value begins that is one more than the bound, before any of them takes memory.
fn beyond(text: &[u8]) -> Option<usize> {
    // Every value but the first comes after a bracket or a comma.
    let (mut values, mut quoted, mut escaped) = (1, false, false);
    for (at, byte) in text.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b',' | b'[' | b'{' if !quoted => values += 1,
            _ => {}
        }
        if values > MAX_NODES {
            return Some(at);
        }
    }
    None
}

fn lower(words: &str) -> String {
    let mut chars = words.chars();
    chars
        .next()
        .map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

pub(super) struct Builder<'a> {
    lines: &'a LineIndex<&'a str>,
    file: FileId,
    /// Where the text begins in the file.
    offset: usize,
    problems: Vec<Problem>,
}

impl<'a> Builder<'a> {
    pub(super) fn at(lines: &'a LineIndex<&'a str>, file: FileId, offset: usize) -> Self {
        let problems = Vec::new();
        Builder {
            lines,
            file,
            offset,
            problems,
        }
    }

    fn pos(&self, byte: usize) -> Pos {
        self.lines.pos(self.offset + byte)
    }

    fn place(&self, range: Range) -> Place {
        let span = Span {
            start: self.pos(range.start),
            end: self.pos(range.end),
        };
        Place { file: self.file, span }
    }

    fn node(&mut self, value: Value<'_>, depth: usize) -> Result<Node, TreeError> {
        let place = self.place(value.range());
        if depth > MAX_DEPTH {
            return Err(TreeError::too_deep(place.span.start));
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
        if let Some(before) = last.insert(&entry.key, at) {
            let reason = format!("duplicate key {:?}: only the last one counts", entry.key);
            problems.push(Problem {
                place: entry.key_place,
                reason,
                dropped: entries.get(before).map(|entry| entry.value.place),
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
