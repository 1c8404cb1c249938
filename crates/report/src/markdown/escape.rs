//! Text of strangers in Markdown: no markup, no mention and no link comes of it.

use crate::plain;

/// In characters. What is longer is cut: it would take the place of other findings.
const LONGEST: usize = 1_000;

/// One line of text, without anything that Markdown, HTML or a code host gives a meaning.
pub(crate) fn text(words: &str) -> String {
    let words = plain::line(words);
    let mut out = String::with_capacity(words.len());
    let mut before = ' ';
    for (index, c) in words.chars().enumerate() {
        if index == LONGEST {
            out.push('…');
            break;
        }
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // A comment ends what would be a mention, a reference to an issue, or an address.
            '@' => out.push_str("@<!-- -->"),
            '#' => out.push_str("\\#<!-- -->"),
            '/' if before == ':' => out.push_str("<!-- -->/"),
            '.' if out.to_ascii_lowercase().ends_with("www") => out.push_str("<!-- -->."),
            // A list, a rule or a heading at the begin of a line; here every text is the begin of one.
            '-' | '+' | '=' | '.' | ')' if index < 12 => {
                out.push('\\');
                out.push(c);
            }
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | '!' | '|' | '~' | '$' => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
        before = c;
    }
    out
}

/// One line of code.
pub(crate) fn code(words: &str) -> String {
    let words = plain::line(words);
    let words = cut(words.trim(), LONGEST);
    if words.is_empty() {
        return String::new();
    }
    let ticks = "`".repeat(longest_run(&words) + 1);
    // A space keeps apart the delimiter and a backtick at an end; both are taken off again.
    let space = if words.starts_with('`') || words.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{ticks}{space}{words}{space}{ticks}")
}

/// A block of code, indented as a part of a list.
pub(crate) fn block(words: &str, indent: &str) -> String {
    let words = cut(words, LONGEST);
    let fence = "`".repeat(longest_run(&words).max(2) + 1);
    let lines = std::iter::once(format!("{fence}yaml"))
        .chain(words.lines().map(str::to_owned))
        .chain([fence.clone()]);
    lines.map(|line| format!("{indent}{line}\n")).collect()
}

fn cut(words: &str, longest: usize) -> String {
    match words.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", words.get(..end).unwrap_or_default()),
        None => words.to_owned(),
    }
}

/// How many backticks stand together at most.
fn longest_run(words: &str) -> usize {
    words.split(|c| c != '`').map(str::len).max().unwrap_or_default()
}
