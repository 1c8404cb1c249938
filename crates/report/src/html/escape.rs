//! Text of strangers in HTML: neither markup nor what lets a line read otherwise than it is.

use crate::plain::stand_in;
use askama::filters::Escaper;
use std::fmt::{self, Write};

/// The escaper of every template of this room. It serves texts and quoted attributes alike.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Escape;

impl Escaper for Escape {
    fn write_escaped_str<W: Write>(&self, mut out: W, text: &str) -> fmt::Result {
        let mut from = 0;
        for (at, c) in text.char_indices() {
            let entity = match c {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                '"' => "&quot;",
                '\'' => "&#39;",
                // No line of the file begins with a text of a stranger: some that read logs act on how a line begins.
                '\n' => "&#10;",
                '\t' => continue,
                _ => match stand_in(c) {
                    None => continue,
                    Some(other) => {
                        out.write_str(text.get(from..at).unwrap_or_default())?;
                        out.write_char(other)?;
                        from = at + c.len_utf8();
                        continue;
                    }
                },
            };
            out.write_str(text.get(from..at).unwrap_or_default())?;
            out.write_str(entity)?;
            from = at + c.len_utf8();
        }
        out.write_str(text.get(from..).unwrap_or_default())
    }
}

/// The id of an element, and what an address leads to it by: everything but letters, digits and a few signs that
/// mean nothing in a fragment is percent-encoded, so that both are the same text.
pub(super) fn fragment(kind: &str, name: &str) -> String {
    let mut out = format!("{kind}/");
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'/' | b':') {
            out.push(char::from(byte));
        } else {
            // Writing to memory cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn escaped(text: &str) -> String {
        let mut out = String::new();
        Escape.write_escaped_str(&mut out, text).unwrap();
        out
    }

    #[test]
    fn what_html_acts_on_is_escaped_and_what_deceives_is_replaced() {
        assert_eq!(
            escaped("</script>\"'&\u{202e}\u{0}\u{9b}é\n\tx"),
            "&lt;/script&gt;&quot;&#39;&amp;\u{fffd}␀\u{fffd}é&#10;\tx"
        );
        assert_eq!(escaped("plain"), "plain");
    }

    #[test]
    fn a_fragment_is_its_own_address() {
        assert_eq!(fragment("function", "a b#Ü<\""), "function/a%20b%23%C3%9C%3C%22");
        assert_eq!(fragment("check", "url-auth-none"), "check/url-auth-none");
    }
}
