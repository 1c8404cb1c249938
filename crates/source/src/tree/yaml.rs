//! YAML: `saphyr-parser` gives events; this builds the tree, expands aliases within bounds and keeps
//! tags.

use super::index::{CharIndex, small};
use super::json::unique;
use super::{MAX_ALIASED, MAX_DEPTH, MAX_NODES, Parsed, Problem, TreeError};
use maremma_model::{Entry, FileId, Node, NodeValue, Place, Pos, Span};
use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Tag};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// How many bytes of text count as a node: aliases repeat long texts, too.
const TEXT_WEIGHT: usize = 64;

pub(super) fn parse(text: &str, file: FileId) -> Result<Parsed, TreeError> {
    let mut builder = Builder {
        text,
        chars: CharIndex::new(text),
        file,
        open: Vec::new(),
        anchors: HashMap::new(),
        nodes: 0,
        aliased: 0,
        problems: Vec::new(),
        last: Pos::default(),
        root: None,
    };
    let mut ended = false;
    for event in Parser::new_from_str(text) {
        if ended && !matches!(event, Ok((Event::StreamEnd, _))) {
            // No format of ours has more than one document.
            builder.more(event.as_ref().map_or_else(ScanError::marker, |(_, span)| &span.start));
            break;
        }
        let (event, span) = event.map_err(|error| {
            let at = builder.pos(error.marker());
            if error.info().contains("recursion limit") {
                return TreeError::too_deep(at);
            }
            TreeError {
                at,
                what: error.info().to_owned(),
                bounds: false,
            }
        })?;
        let place = builder.place(span.start, span.end);
        // An empty document may stand before the one that says something.
        ended = matches!(event, Event::DocumentEnd) && builder.root.as_ref().is_some_and(|root| !root.is_null());
        builder.event(event, place)?;
    }
    let empty = || TreeError {
        at: Pos {
            offset: 0,
            line: 1,
            column: 1,
        },
        what: if text.trim().is_empty() {
            "the file is empty".to_owned()
        } else {
            "the file holds only comments".to_owned()
        },
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
    /// Those of them that aliases and merge keys repeat.
    aliased: usize,
    problems: Vec<Problem>,
    /// Where what was read last ends: what an alias stands for is written elsewhere.
    last: Pos,
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
                self.last = place.span.end;
                let size = 1 + text.len() / TEXT_WEIGHT;
                let node = Node {
                    value: scalar(text, style),
                    tag: tag_name(tag),
                    place,
                };
                self.count(size, place)?;
                self.finish(node, anchor, size)
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
                let Some((_, size)) = self.anchors.get(&anchor) else {
                    return Err(malformed(
                        place,
                        "an alias refers to an anchor that contains it or does not exist",
                    ));
                };
                let size = *size;
                self.last = place.span.end;
                self.repeat(size, place)?;
                self.count(size, place)?;
                match self.anchors.get(&anchor).cloned() {
                    Some((node, _)) => self.finish(node, 0, size),
                    None => Ok(()),
                }
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) | Event::DocumentEnd => {
                Ok(())
            }
        }
    }

    fn more(&mut self, at: &Marker) {
        let place = self.place(*at, *at);
        let reason = "only the first document of a file is read, and more follows here".to_owned();
        self.problems.push(Problem {
            place,
            reason,
            dropped: None,
        });
    }

    fn count(&mut self, nodes: usize, place: Place) -> Result<(), TreeError> {
        self.nodes = self.nodes.saturating_add(nodes);
        if self.nodes > MAX_NODES {
            return Err(TreeError::too_many(place.span.start));
        }
        Ok(())
    }

    /// Counts the nodes that an alias or a merge key repeats.
    fn repeat(&mut self, nodes: usize, place: Place) -> Result<(), TreeError> {
        self.aliased = self.aliased.saturating_add(nodes);
        if self.aliased > MAX_ALIASED {
            let what = format!("aliases make more than {MAX_ALIASED} values");
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

    /// The end of a block collection, which is that of its last child.
    fn written_until(&self, collection: Place) -> Pos {
        if self.last.offset < collection.span.start.offset {
            return collection.span.start;
        }
        self.last
    }

    fn start(&mut self, kind: Kind, anchor: usize, tag: Option<Cow<'_, Tag>>, start: Place) -> Result<(), TreeError> {
        self.count(1, start)?;
        if self.open.len() >= MAX_DEPTH {
            return Err(TreeError::too_deep(start.span.start));
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
                    self.written_until(place)
                };
                NodeValue::Seq(items)
            }
            Kind::Map { entries, merges, .. } => {
                place.span.end = if bracket {
                    at.span.end
                } else {
                    self.written_until(place)
                };
                let entries = unique(entries, &mut self.problems);
                NodeValue::Map(self.merged(entries, merges)?)
            }
        };
        self.last = place.span.end;
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
        if merges.is_empty() {
            return Ok(entries);
        }
        let mut keys: HashSet<Arc<str>> = entries.iter().map(|entry| entry.key.clone()).collect();
        for merge in merges {
            let sources = if merge.is_map() {
                std::slice::from_ref(&merge)
            } else {
                merge.items()
            };
            if sources.is_empty() || !sources.iter().all(|source| source.is_map() && source.tag.is_none()) {
                let reason = format!(
                    "<<: expected a map or a list of maps to merge, found {}",
                    merge.describe()
                );
                let place = merge.place;
                self.problems.push(Problem {
                    place,
                    reason,
                    dropped: None,
                });
            }
            for entry in sources.iter().flat_map(Node::entries) {
                if keys.insert(entry.key.clone()) {
                    self.repeat(1, entry.key_place)?;
                    self.count(1, entry.key_place)?;
                    entries.push(entry.clone());
                }
            }
        }
        Ok(entries)
    }

    fn finish(&mut self, node: Node, anchor: usize, size: usize) -> Result<(), TreeError> {
        if anchor != 0 {
            self.repeat(size, node.place)?;
            self.anchors.insert(anchor, (node.clone(), size));
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
