//! Text of strangers, made harmless for a terminal: no control character, escape sequence, bidi
//! override or invisible character gets through.

use std::borrow::Cow;

/// What stands for a character that must not reach a terminal; `None` for all the others.
///
/// Controls become their pictures, so that an escape sequence is seen and not obeyed. Bidirectional
/// and invisible characters become U+FFFD: they let a line read otherwise than it is
/// (CVE-2021-42574).
pub(crate) fn stand_in(c: char) -> Option<char> {
    match c {
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)),
        '\u{7f}' => Some('\u{2421}'),
        '\u{80}'..='\u{9f}'
        | '\u{ad}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}' => Some('\u{fffd}'),
        _ => None,
    }
}

/// One line of harmless text. Line breaks and tabs become spaces.
pub(crate) fn line(text: &str) -> Cow<'_, str> {
    clean(text, |c| matches!(c, '\n' | '\t').then_some(' '))
}

/// Harmless text that keeps its line breaks and tabs.
pub fn block(text: &str) -> Cow<'_, str> {
    clean(text, |c| matches!(c, '\n' | '\t').then_some(c))
}

fn clean(text: &str, allowed: impl Fn(char) -> Option<char>) -> Cow<'_, str> {
    if !text.chars().any(|c| stand_in(c).is_some()) && !text.contains("::") && !text.contains("##[") {
        return Cow::Borrowed(text);
    }
    let text = text.replace("\r\n", "\n");
    let text: String = text
        .chars()
        .map(|c| allowed(c).or_else(|| stand_in(c)).unwrap_or(c))
        .collect();
    Cow::Owned(disobeyed(text))
}

/// Text that is no command to a CI that prints it: GitHub's runner obeys lines that begin with `::`, indented or not, and its older
/// commands wherever `##[` stands.
fn disobeyed(text: String) -> String {
    let text = if text.contains("##[") {
        text.replace("##[", "#\u{fffd}[")
    } else {
        text
    };
    if !text.lines().any(|line| line.trim_start().starts_with("::")) {
        return text;
    }
    let lines = text.split('\n').map(|line| match line.trim_start().strip_prefix("::") {
        Some(rest) => {
            let indent = line.len() - line.trim_start().len();
            format!("{}\u{fffd}:{rest}", " ".repeat(indent))
        }
        None => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_are_seen_and_not_obeyed() {
        assert_eq!(line("\u{1b}[2Jgone\u{9b}31m"), "␛[2Jgone\u{fffd}31m");
        assert_eq!(line("admin\u{202e}nimda\u{2066}"), "admin\u{fffd}nimda\u{fffd}");
        assert_eq!(line("a\r\nb\tc"), "a b c");
        assert_eq!(block("a\r\nb\tc\u{7}"), "a\nb\tc␇");
        assert!(matches!(line("Bücher 📚"), Cow::Borrowed(_)));
        assert_eq!(line("AWS::Lambda::Url"), "AWS::Lambda::Url");
    }

    #[test]
    fn no_text_is_a_command_to_who_prints_it() {
        assert_eq!(line("::error::x"), "\u{fffd}:error::x");
        assert_eq!(block("a\n  ::error::x\nb::c"), "a\n  \u{fffd}:error::x\nb::c");
        assert_eq!(line("\r\n\t::error::x"), "  \u{fffd}:error::x");
        assert_eq!(line("a ##[error]x"), "a #\u{fffd}[error]x");
    }
}
