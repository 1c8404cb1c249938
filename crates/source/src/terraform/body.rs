//! Blocks and arguments as they are written, in HCL's own syntax or in its JSON syntax.

use super::source::Source;
use hcl_edit::Span;
use hcl_edit::expr::Expression;
use hcl_edit::structure::{self, Structure};
use maremma_model::{Node, NodeValue, Place};
use std::sync::Arc;

/// What stands between the braces of a block.
#[derive(Default)]
pub(super) struct Body {
    pub(super) arguments: Vec<Argument>,
    pub(super) blocks: Vec<Block>,
}

/// `name = value`.
pub(super) struct Argument {
    pub(super) name: Arc<str>,
    /// Where the name stands.
    pub(super) at: Place,
    pub(super) value: Written,
}

/// `kind "label" { ... }`.
pub(super) struct Block {
    pub(super) kind: Arc<str>,
    pub(super) labels: Vec<Arc<str>>,
    /// From the kind to the last label.
    pub(super) at: Place,
    pub(super) body: Body,
}

/// An expression, and the row of the file that it stands in.
pub(super) struct Written {
    pub(super) source: usize,
    pub(super) at: Place,
    pub(super) syntax: Syntax,
}

pub(super) enum Syntax {
    Hcl(Expression),
    Json(Node),
}

impl Body {
    pub(super) fn argument(&self, name: &str) -> Option<&Argument> {
        self.arguments.iter().find(|argument| &*argument.name == name)
    }

    pub(super) fn value(&self, name: &str) -> Option<&Written> {
        self.argument(name).map(|argument| &argument.value)
    }

    pub(super) fn block(&self, kind: &str) -> Option<&Block> {
        self.blocks.iter().find(|block| &*block.kind == kind)
    }
}

impl Block {
    pub(super) fn label(&self, at: usize) -> &str {
        self.labels.get(at).map_or("", |label| label)
    }
}

impl Written {
    /// A string that is written out, without anything to evaluate in it.
    pub(super) fn literal(&self) -> Option<&str> {
        match &self.syntax {
            Syntax::Hcl(expression) => expression.as_str(),
            Syntax::Json(node) => node.as_str().filter(|text| !is_template(text)),
        }
    }

    /// `true` or `false`, written out.
    pub(super) fn flag(&self) -> Option<bool> {
        match &self.syntax {
            Syntax::Hcl(expression) => expression.as_bool(),
            Syntax::Json(node) => node.as_bool(),
        }
    }

    /// Names with dots between them (`aws.west`), as they are written bare in HCL and quoted in JSON or in HCL's
    /// old manner.
    pub(super) fn dotted(&self, sources: &[Source]) -> String {
        match self.literal() {
            Some(text) => text.to_owned(),
            None => sources
                .get(self.source)
                .map(|source| source.words(self.at))
                .unwrap_or_default(),
        }
    }
}

/// Whether a string of the JSON syntax has something to evaluate in it.
pub(super) fn is_template(text: &str) -> bool {
    text.contains("${") || text.contains("%{")
}

/// The body of a file in HCL's own syntax.
pub(super) fn of_hcl(body: structure::Body, row: usize, source: &Source) -> Body {
    let mut made = Body::default();
    for structure in body {
        match structure {
            Structure::Attribute(attribute) => made.arguments.push(Argument {
                name: attribute.key.as_str().into(),
                at: source.place(attribute.key.span().unwrap_or_default()),
                value: Written {
                    source: row,
                    at: source.place(attribute.value.span().unwrap_or_default()),
                    syntax: Syntax::Hcl(attribute.value),
                },
            }),
            Structure::Block(block) => {
                let start = block.ident.span().unwrap_or_default();
                let end = block.labels.last().and_then(Span::span).unwrap_or(start.clone());
                made.blocks.push(Block {
                    kind: block.ident.as_str().into(),
                    labels: block.labels.iter().map(|label| label.as_str().into()).collect(),
                    at: source.place(start.start..end.end),
                    body: of_hcl(block.body, row, source),
                });
            }
        }
    }
    made
}

/// How many labels a top-level block has, which in JSON are keys like any other.
const LABELS: [(&str, usize); 8] = [
    ("resource", 2),
    ("data", 2),
    ("ephemeral", 2),
    ("variable", 1),
    ("output", 1),
    ("module", 1),
    ("provider", 1),
    ("check", 1),
];

/// The body of a file in JSON syntax. Source: Terraform's language reference, "JSON Configuration Syntax".
pub(super) fn of_json(root: &Node, row: usize) -> Body {
    let mut made = Body::default();
    for entry in entries(root) {
        let labels = LABELS
            .iter()
            .find_map(|(kind, labels)| (*kind == &*entry.key).then_some(*labels))
            .unwrap_or(0);
        let start = Block {
            kind: entry.key.clone(),
            labels: Vec::new(),
            at: entry.key_place,
            body: Body::default(),
        };
        labelled(&start, &entry.value, labels, row, &mut made.blocks);
    }
    made
}

/// A file in JSON of which every entry is an argument.
pub(super) fn arguments_of_json(root: &Node, row: usize) -> Body {
    json_body("", root, row)
}

fn labelled(block: &Block, node: &Node, labels: usize, row: usize, found: &mut Vec<Block>) {
    if labels == 0 {
        for inner in one_or_many(node).iter().filter(|node| node.is_map()) {
            found.push(Block {
                kind: block.kind.clone(),
                labels: block.labels.clone(),
                at: block.at,
                body: json_body(&block.kind, inner, row),
            });
        }
        return;
    }
    for entry in entries(node) {
        let mut further = block.labels.clone();
        further.push(entry.key.clone());
        let block = Block {
            kind: block.kind.clone(),
            labels: further,
            at: entry.key_place,
            body: Body::default(),
        };
        labelled(&block, &entry.value, labels - 1, row, found);
    }
}

/// In JSON an argument and a block look the same: what is no block of Terraform's own is an argument.
fn json_body(kind: &str, node: &Node, row: usize) -> Body {
    let mut made = Body::default();
    for entry in node.entries().iter().filter(|entry| &*entry.key != "//") {
        let labels = match (kind, &*entry.key) {
            ("resource" | "data" | "content", "dynamic") | ("resource", "provisioner") => 1,
            ("resource" | "data", "lifecycle") | ("resource", "connection") | ("dynamic", "content") => 0,
            _ => {
                made.arguments.push(Argument {
                    name: entry.key.clone(),
                    at: entry.key_place,
                    value: Written {
                        source: row,
                        at: entry.value.place,
                        syntax: Syntax::Json(entry.value.clone()),
                    },
                });
                continue;
            }
        };
        let start = Block {
            kind: entry.key.clone(),
            labels: Vec::new(),
            at: entry.key_place,
            body: Body::default(),
        };
        labelled(&start, &entry.value, labels, row, &mut made.blocks);
    }
    made
}

/// The entries of a map, or of a list of maps: JSON may say a block either way.
fn entries(node: &Node) -> impl Iterator<Item = &maremma_model::Entry> {
    one_or_many(node)
        .iter()
        .flat_map(|node| node.entries())
        .filter(|entry| &*entry.key != "//")
}

fn one_or_many(node: &Node) -> &[Node] {
    match &node.value {
        NodeValue::Seq(items) => items,
        _ => std::slice::from_ref(node),
    }
}
