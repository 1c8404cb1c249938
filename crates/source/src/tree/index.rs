//! From character or byte offsets to positions.

use maremma_model::Pos;

/// Every how many characters the byte offset is kept.
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
pub(super) struct LineIndex<'a> {
    text: &'a str,
    starts: Vec<usize>,
    ascii: bool,
}

impl<'a> LineIndex<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let starts = std::iter::once(0)
            .chain(
                text.bytes()
                    .enumerate()
                    .filter(|(_, byte)| *byte == b'\n')
                    .map(|(at, _)| at + 1),
            )
            .collect();
        LineIndex {
            text,
            starts,
            ascii: text.is_ascii(),
        }
    }

    pub(super) fn pos(&self, byte: usize) -> Pos {
        let line = self.starts.partition_point(|start| *start <= byte);
        let start = self.starts.get(line.saturating_sub(1)).copied().unwrap_or(0);
        let before = self.text.get(start..byte).unwrap_or("");
        let column = if self.ascii {
            before.len()
        } else {
            before.chars().count()
        };
        Pos {
            offset: small(byte),
            line: small(line),
            column: small(column + 1),
        }
    }
}

/// Offsets fit 32 bits, because readers refuse larger files.
pub(super) fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
