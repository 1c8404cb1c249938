//! From character or byte offsets to positions.

use maremma_model::Pos;

/// Every how many characters or bytes the other is kept.
const STRIDE: usize = 256;

/// Byte offsets of characters, for parsers that count characters.
pub(super) struct CharIndex<'a> {
    text: &'a str,
    /// Byte offset of each character whose number is a multiple of [`STRIDE`]; empty for ASCII.
    stops: Vec<usize>,
}

impl<'a> CharIndex<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let stops = if text.is_ascii() {
            Vec::new()
        } else {
            text.char_indices().step_by(STRIDE).map(|(byte, _)| byte).collect()
        };
        CharIndex { text, stops }
    }

    /// The byte offset of a character.
    pub(super) fn byte(&self, char_offset: usize) -> usize {
        if self.stops.is_empty() {
            return char_offset.min(self.text.len());
        }
        let stop = self.stops.get(char_offset / STRIDE).copied().unwrap_or(self.text.len());
        let rest = self.text.get(stop..).unwrap_or("");
        stop + rest
            .char_indices()
            .nth(char_offset % STRIDE)
            .map_or(rest.len(), |(byte, _)| byte)
    }
}

/// Line starts, for parsers that count bytes.
pub(crate) struct LineIndex<T> {
    text: T,
    starts: Vec<usize>,
    /// How many characters begin before each byte whose number is a multiple of [`STRIDE`]; empty for
    /// ASCII. Without it every position on a line of a megabyte would count that line.
    chars: Vec<usize>,
}

impl<T: AsRef<str>> LineIndex<T> {
    pub(crate) fn new(text: T) -> Self {
        let written = text.as_ref();
        let starts = std::iter::once(0)
            .chain(
                written
                    .bytes()
                    .enumerate()
                    .filter(|(_, byte)| *byte == b'\n')
                    .map(|(at, _)| at + 1),
            )
            .collect();
        let mut chars = Vec::new();
        if !written.is_ascii() {
            let mut before = 0;
            for block in written.as_bytes().chunks(STRIDE) {
                chars.push(before);
                before += begun(block);
            }
        }
        LineIndex { text, starts, chars }
    }

    pub(crate) fn pos(&self, byte: usize) -> Pos {
        let line = self.starts.partition_point(|start| *start <= byte);
        let start = self.starts.get(line.saturating_sub(1)).copied().unwrap_or(0);
        let column = self.chars_before(byte).saturating_sub(self.chars_before(start));
        Pos {
            offset: small(byte),
            line: small(line),
            column: small(column + 1),
        }
    }

    fn chars_before(&self, byte: usize) -> usize {
        let text = self.text.as_ref();
        let byte = byte.min(text.len());
        let Some(stop) = self.chars.get(byte / STRIDE) else {
            // ASCII, or the end of the text where a stride ends with it.
            return match self.chars.last() {
                Some(last) => last + begun(text.as_bytes().get(byte - STRIDE..byte).unwrap_or_default()),
                None => byte,
            };
        };
        let block = text.as_bytes().get(byte - byte % STRIDE..byte);
        stop + begun(block.unwrap_or_default())
    }
}

/// How many characters begin in some bytes.
fn begun(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count()
}

/// Offsets fit 32 bits, because readers refuse larger files.
pub(super) fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
