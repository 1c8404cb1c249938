//! A quick look over a text before it is parsed: where its top-level blocks are, and its heredocs.

use std::ops::Range;

/// What is known of a text without parsing it.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// The top-level blocks and attributes, one after the other.
    pub(super) items: Vec<Range<usize>>,
    /// Where `<<-` stands.
    pub(super) flush: Vec<usize>,
    /// Heredocs without a line, from `<<` to the end of their delimiter.
    pub(super) empty: Vec<Range<usize>>,
    /// An object with more keys than the parser looks through in reasonable time.
    pub(super) crowded: Option<usize>,
}

/// What the scan is inside of.
enum Mode {
    /// Brackets; in an object, entries are counted.
    Block,
    Object {
        start: usize,
        entries: usize,
    },
    Brackets,
    Quoted,
    Interpolation,
    Heredoc {
        start: usize,
        delimiter: Range<usize>,
    },
}

/// Heredocs without an end that are looked behind.
const MAX_OPEN: usize = 20;

/// Comparisons of keys: the parser compares every key of an object with all others.
const MAX_COMPARISONS: usize = 100_000_000;

/// How the blocks of a configuration begin.
const BLOCKS: [&str; 13] = [
    "check",
    "data",
    "ephemeral",
    "import",
    "locals",
    "module",
    "moved",
    "output",
    "provider",
    "removed",
    "resource",
    "terraform",
    "variable",
];

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    modes: Vec<Mode>,
    item: Option<usize>,
    /// The last token was a name or a string: a brace behind it opens a block.
    labelled: bool,
    comparisons: usize,
    /// Heredocs that turned out to have no end: from here on they are none.
    open: usize,
    scan: Scan,
}

pub(super) fn scan(text: &str) -> Scan {
    let mut scanner = Scanner {
        text,
        at: 0,
        modes: Vec::new(),
        item: None,
        labelled: false,
        comparisons: 0,
        open: 0,
        scan: Scan::default(),
    };
    while scanner.at < text.len() || scanner.reopen() {
        scanner.next();
    }
    scanner.end_item(text.len());
    scanner.scan
}

impl Scanner<'_> {
    fn byte(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    fn begins(&self, with: &str) -> bool {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        rest.starts_with(with.as_bytes())
    }

    fn next(&mut self) {
        match self.modes.last() {
            Some(Mode::Quoted) => self.quoted(),
            Some(Mode::Heredoc { start, delimiter }) => {
                let (start, delimiter) = (*start, delimiter.clone());
                self.heredoc(start, &delimiter);
            }
            _ => self.code(),
        }
    }

    fn end_item(&mut self, at: usize) {
        if let Some(start) = self.item.take() {
            self.scan.items.push(start..at);
        }
    }

    /// To the end of the line, newline not included.
    fn line_end(&self, from: usize) -> usize {
        let rest = self.text.as_bytes().get(from..).unwrap_or_default();
        from + rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len())
    }

    fn code(&mut self) {
        let Some(byte) = self.byte(0) else { return };
        if byte == b'\n' {
            return self.newline();
        }
        if byte.is_ascii_whitespace() {
            self.at += 1;
            return;
        }
        if byte == b'#' || self.begins("//") {
            self.at = self.line_end(self.at);
            return;
        }
        if self.begins("/*") {
            let rest = self.text.as_bytes().get(self.at + 2..).unwrap_or_default();
            let end = rest.windows(2).position(|window| window == b"*/");
            self.at = end.map_or(self.text.len(), |end| self.at + end + 4);
            return;
        }
        self.item.get_or_insert(self.at);
        let labelled = std::mem::take(&mut self.labelled);
        match byte {
            b'"' => self.modes.push(Mode::Quoted),
            b'{' => {
                let outer = matches!(self.modes.last(), None | Some(Mode::Block));
                let object = Mode::Object {
                    start: self.at,
                    entries: 0,
                };
                self.modes.push(if labelled && outer { Mode::Block } else { object });
            }
            b'[' | b'(' => self.modes.push(Mode::Brackets),
            b'}' | b']' | b')' => self.close(),
            b',' => self.entry(),
            b'<' if self.begins("<<") && self.open_heredoc() => return,
            _ if is_name(byte) => {
                self.labelled = true;
                while self.byte(1).is_some_and(is_name) {
                    self.at += 1;
                }
            }
            _ => {}
        }
        self.at += 1;
    }

    fn close(&mut self) {
        if let Some(Mode::Object { start, entries }) = self.modes.pop() {
            self.comparisons = self.comparisons.saturating_add(entries.saturating_mul(entries));
            if self.comparisons > MAX_COMPARISONS {
                self.scan.crowded.get_or_insert(start);
            }
        }
    }

    fn entry(&mut self) {
        if let Some(Mode::Object { entries, .. }) = self.modes.last_mut() {
            *entries += 1;
        }
    }

    fn newline(&mut self) {
        self.entry();
        self.labelled = false;
        self.at += 1;
        // A block that begins at the margin ends whatever was left open before it.
        if self.modes.is_empty() || self.begins_block() {
            self.modes.clear();
            self.end_item(self.at);
        }
    }

    fn begins_block(&self) -> bool {
        BLOCKS.iter().filter(|block| self.begins(block)).any(|block| {
            let rest = self.text.as_bytes().get(self.at + block.len()..).unwrap_or_default();
            let spaces = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
            matches!(rest.get(spaces), Some(b'"' | b'{'))
        })
    }

    fn quoted(&mut self) {
        match self.byte(0) {
            Some(b'\\') => self.at += 2,
            Some(b'"') => {
                self.modes.pop();
                self.labelled = true;
                self.at += 1;
            }
            // A string does not go over lines: the quote is not closed.
            Some(b'\n') => {
                self.modes.pop();
            }
            _ => self.literal(),
        }
    }

    /// One byte of a template, or what begins with it.
    fn literal(&mut self) {
        if self.begins("$${") || self.begins("%%{") {
            self.at += 3;
        } else if self.begins("${") || self.begins("%{") {
            self.at += 2;
            self.modes.push(Mode::Interpolation);
        } else {
            self.at += 1;
        }
    }

    /// At the end of the text, goes back to the first heredoc that did not end, and behind its beginning.
    fn reopen(&mut self) -> bool {
        let heredoc = self.modes.iter().enumerate().find_map(|(index, mode)| match mode {
            Mode::Heredoc { start, .. } => Some((index, *start)),
            _ => None,
        });
        let Some((index, start)) = heredoc.filter(|_| self.open < MAX_OPEN) else {
            return false;
        };
        self.open += 1;
        self.modes.truncate(index);
        self.scan.flush.retain(|at| *at < start);
        self.scan.empty.retain(|heredoc| heredoc.start < start);
        self.at = start + 2;
        true
    }

    /// Whether a heredoc begins here.
    fn open_heredoc(&mut self) -> bool {
        let flush = self.byte(2) == Some(b'-');
        let start = self.at + if flush { 3 } else { 2 };
        let bytes = self.text.as_bytes();
        let name = bytes.get(start..).unwrap_or_default();
        let end = start + name.iter().take_while(|byte| is_name(**byte)).count();
        let line = self.line_end(end);
        let clean = matches!(bytes.get(end..line), Some(b"" | b"\r"));
        if end == start || !clean {
            return false;
        }
        if flush {
            self.scan.flush.push(self.at);
        }
        self.modes.push(Mode::Heredoc {
            start: self.at,
            delimiter: start..end,
        });
        // The newline before the first line is where the end may already stand.
        self.at = line;
        true
    }

    fn heredoc(&mut self, start: usize, delimiter: &Range<usize>) {
        if self.byte(0) != Some(b'\n') {
            return self.literal();
        }
        let first = self.line_end(start) == self.at;
        self.at += 1;
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let spaces = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let delimiter = self.text.as_bytes().get(delimiter.clone()).unwrap_or_default();
        let after = rest.get(spaces..).and_then(|line| line.strip_prefix(delimiter));
        if after.is_some_and(|after| !after.first().copied().is_some_and(is_name)) {
            self.at += spaces + delimiter.len();
            self.modes.pop();
            if first {
                self.scan.flush.retain(|at| *at < start);
                self.scan.empty.push(start..self.at);
            }
        }
    }
}

/// Whether a byte stands in a name. Other alphabets have names too.
fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-') || !byte.is_ascii()
}
