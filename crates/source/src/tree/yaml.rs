//! YAML: `saphyr-parser` gives events; this builds the tree, expands aliases within bounds and keeps
//! tags.

use super::index::{CharIndex, small};
use super::json::unique;
use super::{MAX_DEPTH, MAX_NODES, Parsed, Problem, TreeError};
use maremma_model::{Entry, FileId, Node, NodeValue, Place, Pos, Span};
use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Tag};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

pub(super) fn parse(text: &str, file: FileId) -> Result<Parsed, TreeError> {
    let mut builder = Builder {
        text,
        chars: CharIndex::new(text),
        file,
        open: Vec::new(),
        anchors: HashMap::new(),
        nodes: 0,
        problems: Vec::new(),
        root: None,
    };
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| TreeError {
            at: builder.pos(error.marker()),
            what: error.info().to_owned(),
            bounds: error.info().contains("recursion limit"),
        })?;
        // Only the first document is read: no format of ours has more than one.
        if matches!(event, Event::DocumentEnd) {
            break;
        }
        builder.event(event, builder.place(span.start, span.end))?;
    }
    let empty = || TreeError {
        at: Pos {
            offset: 0,
            line: 1,
            column: 1,
        },
        what: "the file is empty".to_owned(),
        bounds: false,
    };
    let root = builder.root.ok_or_else(empty)?;
    Ok(Parsed {
        root,
        problems: builder.problems,
    })
}

/// A collection whose end has not been seen.
struct Open {
    kind: Kind,
    tag: Option<Arc<str>>,
    anchor: usize,
    start: Place,
    nodes_before: usize,
}

enum Kind {
    Seq(Vec<Node>),
    Map {
        entries: Vec<Entry>,
        key: Option<(Arc<str>, Place)>,
        merges: Vec<Node>,
    },
}

struct Builder<'a> {
    text: &'a str,
    chars: CharIndex<'a>,
    file: FileId,
    open: Vec<Open>,
    /// Finished anchored nodes, with the number of nodes in each.
    anchors: HashMap<usize, (Node, usize)>,
    nodes: usize,
    problems: Vec<Problem>,
    root: Option<Node>,
}

impl Builder<'_> {
    fn pos(&self, marker: &Marker) -> Pos {
        let offset = self.chars.byte(marker.index());
        Pos {
            offset: small(offset),
            line: small(marker.line()),
            column: small(marker.col() + 1),
        }
    }

    fn place(&self, start: Marker, end: Marker) -> Place {
        Place {
            file: self.file,
            span: Span {
                start: self.pos(&start),
                end: self.pos(&end),
            },
        }
    }

    fn event(&mut self, event: Event<'_>, place: Place) -> Result<(), TreeError> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let place = self.trimmed(place, style);
                let node = Node {
                    value: scalar(text, style),
                    tag: tag_name(tag),
                    place,
                };
                self.count(1, place)?;
                self.finish(node, anchor, 1)
            }
            Event::SequenceStart(anchor, tag) => self.start(Kind::Seq(Vec::new()), anchor, tag, place),
            Event::MappingStart(anchor, tag) => self.start(
                Kind::Map {
                    entries: Vec::new(),
                    key: None,
                    merges: Vec::new(),
                },
                anchor,
                tag,
                place,
            ),
            Event::SequenceEnd | Event::MappingEnd => self.end(place),
            Event::Alias(anchor) => {
                let Some((node, size)) = self.anchors.get(&anchor).cloned() else {
                    return Err(malformed(
                        place,
                        "an alias refers to an anchor that contains it or does not exist",
                    ));
                };
                self.count(size, place)?;
                self.finish(node, 0, size)
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) | Event::DocumentEnd => {
                Ok(())
            }
        }
    }

    fn count(&mut self, nodes: usize, place: Place) -> Result<(), TreeError> {
        self.nodes = self.nodes.saturating_add(nodes);
        if self.nodes > MAX_NODES {
            let what = format!("more than {MAX_NODES} values, aliases included");
            return Err(TreeError {
                at: place.span.start,
                what,
                bounds: true,
            });
        }
        Ok(())
    }

    /// The parser's span may take in the white space after a plain scalar, and a comment after a quoted
    /// one.
    fn trimmed(&self, place: Place, style: ScalarStyle) -> Place {
        let written = self.written(place);
        match style {
            ScalarStyle::Plain => self.cut(place, written.trim_end().len()),
            ScalarStyle::SingleQuoted => self.cut(place, closing_quote(written, b'\'').unwrap_or(written.len())),
            ScalarStyle::DoubleQuoted => self.cut(place, closing_quote(written, b'"').unwrap_or(written.len())),
            ScalarStyle::Literal | ScalarStyle::Folded => place,
        }
    }

    fn written(&self, place: Place) -> &str {
        let (start, end) = (place.span.start.offset as usize, place.span.end.offset as usize);
        self.text.get(start..end).unwrap_or("")
    }

    /// The place without what follows its first `length` bytes.
    fn cut(&self, mut place: Place, length: usize) -> Place {
        let Some(kept) = self.written(place).get(..length) else {
            return place;
        };
        if place.span.start.offset as usize + length < place.span.end.offset as usize {
            let lines = kept.matches('\n').count();
            let last = kept.rsplit('\n').next().unwrap_or("").chars().count();
            place.span.end = Pos {
                offset: small(place.span.start.offset as usize + length),
                line: place.span.start.line + small(lines),
                column: if lines == 0 {
                    place.span.start.column + small(last)
                } else {
                    small(last + 1)
                },
            };
        }
        place
    }

    fn start(&mut self, kind: Kind, anchor: usize, tag: Option<Cow<'_, Tag>>, start: Place) -> Result<(), TreeError> {
        self.count(1, start)?;
        if self.open.len() >= MAX_DEPTH {
            let what = format!("nested deeper than {MAX_DEPTH} levels");
            return Err(TreeError {
                at: start.span.start,
                what,
                bounds: true,
            });
        }
        if let Some(Open {
            kind: Kind::Map { key: None, .. },
            ..
        }) = self.open.last()
        {
            return Err(malformed(start, "expected a scalar as a key, found a collection"));
        }
        self.open.push(Open {
            kind,
            tag: tag_name(tag),
            anchor,
            start,
            nodes_before: self.nodes - 1,
        });
        Ok(())
    }

    fn end(&mut self, at: Place) -> Result<(), TreeError> {
        let Some(open) = self.open.pop() else {
            return Err(malformed(at, "a collection ends that did not begin"));
        };
        let mut place = open.start;
        // A flow collection ends with its bracket; a block collection with its last child.
        // The parser's span of a bracket may take in a comment after it.
        let bracket = self.written(at).starts_with([']', '}']);
        let at = if bracket { self.cut(at, 1) } else { at };
        let value = match open.kind {
            Kind::Seq(items) => {
                place.span.end = if bracket {
                    at.span.end
                } else {
                    items.last().map_or(place.span.start, |n| n.place.span.end)
                };
                NodeValue::Seq(items)
            }
            Kind::Map { entries, merges, .. } => {
                place.span.end = if bracket {
                    at.span.end
                } else {
                    entries.last().map_or(place.span.start, |e| e.value.place.span.end)
                };
                let entries = unique(entries, &mut self.problems);
                NodeValue::Map(self.merged(entries, merges)?)
            }
        };
        let nodes = self.nodes - open.nodes_before;
        self.finish(
            Node {
                value,
                tag: open.tag,
                place,
            },
            open.anchor,
            nodes,
        )
    }

    /// `<<` adds the entries that the map itself does not have.
    fn merged(&mut self, mut entries: Vec<Entry>, merges: Vec<Node>) -> Result<Vec<Entry>, TreeError> {
        for merge in merges {
            let sources = if merge.is_map() {
                std::slice::from_ref(&merge)
            } else {
                merge.items()
            };
            for entry in sources.iter().flat_map(Node::entries) {
                if !entries.iter().any(|own| own.key == entry.key) {
                    self.count(1, entry.key_place)?;
                    entries.push(entry.clone());
                }
            }
        }
        Ok(entries)
    }

    fn finish(&mut self, node: Node, anchor: usize, size: usize) -> Result<(), TreeError> {
        if anchor != 0 {
            self.anchors.insert(anchor, (node.clone(), size));
            self.count(size, node.place)?;
        }
        match self.open.last_mut().map(|open| &mut open.kind) {
            None => self.root = Some(node),
            Some(Kind::Seq(items)) => items.push(node),
            Some(Kind::Map { entries, key, merges }) => match key.take() {
                None => match node.value {
                    NodeValue::Scalar { text, .. } => *key = Some((text, node.place)),
                    NodeValue::Null => *key = Some(("".into(), node.place)),
                    NodeValue::Seq(_) | NodeValue::Map(_) => {
                        return Err(malformed(node.place, "expected a scalar as a key, found a collection"));
                    }
                },
                Some((key, _)) if &*key == "<<" => merges.push(node),
                Some((key, key_place)) => entries.push(Entry {
                    key,
                    key_place,
                    value: node,
                }),
            },
        }
        Ok(())
    }
}

/// The length of a quoted scalar, its tag and quotes included.
fn closing_quote(written: &str, quote: u8) -> Option<usize> {
    let mut bytes = written.bytes().enumerate();
    bytes.by_ref().find(|(_, byte)| *byte == quote)?;
    while let Some((index, byte)) = bytes.next() {
        if quote == b'"' && byte == b'\\' {
            bytes.next();
        } else if byte == quote {
            // In single quotes, two stand for one.
            if quote == b'"' || written.as_bytes().get(index + 1) != Some(&quote) {
                return Some(index + 1);
            }
            bytes.next();
        }
    }
    None
}

fn malformed(place: Place, what: &str) -> TreeError {
    TreeError {
        at: place.span.start,
        what: what.to_owned(),
        bounds: false,
    }
}

fn scalar(text: Cow<'_, str>, style: ScalarStyle) -> NodeValue {
    let quoted = !matches!(style, ScalarStyle::Plain);
    if !quoted && matches!(&*text, "" | "~" | "null" | "Null" | "NULL") {
        return NodeValue::Null;
    }
    NodeValue::Scalar {
        text: text.into(),
        quoted,
    }
}

/// `!Ref` is kept as `Ref`; tags of the core schema (`!!str`) say nothing that a reader needs.
fn tag_name(tag: Option<Cow<'_, Tag>>) -> Option<Arc<str>> {
    let tag = tag?;
    (!tag.is_yaml_core_schema() && !tag.suffix.is_empty()).then(|| tag.suffix.as_str().into())
}
