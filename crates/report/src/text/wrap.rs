//! Words broken into lines of a width.

use unicode_width::UnicodeWidthStr;

/// Text narrower than this is not worth wrapping.
const NARROWEST: usize = 30;

/// `text` after `lead`, its further lines indented by `indent`; `lead` counts as `lead_width`
/// columns, since it may hold colours. Words are never broken: one of them may be an address to copy.
pub(crate) fn hang(lead: &str, lead_width: usize, indent: usize, text: &str, width: Option<usize>) -> String {
    let mut out = String::from(lead);
    let limit = width.map_or(usize::MAX, |width| width.max(indent + NARROWEST));
    let mut column = lead_width;
    let mut fresh = true;
    for word in text.split_whitespace() {
        let length = word.width();
        if !fresh && column + 1 + length > limit {
            out.push('\n');
            out.push_str(&" ".repeat(indent));
            column = indent;
        } else if !fresh {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += length;
        fresh = false;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn further_lines_hang() {
        let text = "aaaa bbbb cccc dddd eeee ffff gggg hhhh";
        assert_eq!(
            hang("  fix  ", 7, 7, text, Some(37)),
            "  fix  aaaa bbbb cccc dddd eeee ffff\n       gggg hhhh"
        );
        assert_eq!(hang("> ", 2, 2, text, None), format!("> {text}"));
    }
}
