//! Where a file has comments, by its language: YAML's `#`, and `#`, `//` and `/* */` of HCL. JSON has none.

use std::iter::Peekable;
use std::str::CharIndices;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    Yaml,
    Hcl,
    Json,
}

/// One line of a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Comment<'t> {
    /// From 1.
    pub(super) line: u32,
    /// On which line the comment as a whole ends.
    pub(super) last: u32,
    /// Nothing but the comment stands on the line.
    pub(super) alone: bool,
    pub(super) text: &'t str,
}

impl Language {
    pub(super) fn of(path: &str, text: &str) -> Self {
        let ends = |endings: &[&str]| endings.iter().any(|ending| path.ends_with(ending));
        if ends(&[".tf", ".tofu", ".tfvars", ".hcl"]) {
            Language::Hcl
        } else if ends(&[".json"]) || text.trim_start().starts_with('{') && !ends(&[".yaml", ".yml"]) {
            Language::Json
        } else {
            Language::Yaml
        }
    }

    pub(super) fn comments(self, text: &str) -> Vec<Comment<'_>> {
        match self {
            Language::Json => Vec::new(),
            Language::Yaml => yaml(text),
            Language::Hcl => Hcl::new(text).comments(),
        }
    }
}

fn yaml(text: &str) -> Vec<Comment<'_>> {
    let lines = (1u32..).zip(text.lines());
    let comment = |(line, text): (u32, &'_ str)| {
        let at = yaml_comment(text)?;
        Some((line, at))
    };
    let found = lines.clone().filter_map(comment);
    let texts: Vec<&str> = text.lines().collect();
    found
        .filter_map(|(line, at)| {
            let (before, rest) = texts.get(line as usize - 1)?.split_at_checked(at)?;
            Some(Comment {
                line,
                last: line,
                alone: before.trim().is_empty(),
                text: rest.trim_start_matches('#'),
            })
        })
        .collect()
}

/// Where a comment begins on a line: at a `#` after a space that is in no quotes.
fn yaml_comment(line: &str) -> Option<usize> {
    let mut quote = None;
    let mut before = ' ';
    let mut escaped = false;
    for (at, c) in line.char_indices() {
        match quote {
            Some('"') if c == '\\' && !escaped => {
                escaped = true;
                continue;
            }
            Some(open) if c == open && !escaped => quote = None,
            Some(_) => {}
            None if c == '#' && before.is_whitespace() => return Some(at),
            // A quote in the middle of a plain scalar is a letter of it.
            None if matches!(c, '"' | '\'') && (before.is_whitespace() || "[{,(:".contains(before)) => quote = Some(c),
            None => {}
        }
        escaped = false;
        before = c;
    }
    None
}

/// What a place in HCL is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum In {
    /// An expression within a string, with its open braces.
    Template(usize),
    String,
}

struct Hcl<'t> {
    text: &'t str,
    rest: Peekable<CharIndices<'t>>,
    line: u32,
    /// Where the line begins.
    start: usize,
    within: Vec<In>,
    found: Vec<Comment<'t>>,
}

impl<'t> Hcl<'t> {
    fn new(text: &'t str) -> Self {
        Hcl {
            text,
            rest: text.char_indices().peekable(),
            line: 1,
            start: 0,
            within: Vec::new(),
            found: Vec::new(),
        }
    }

    fn next(&mut self) -> Option<(usize, char)> {
        let (at, c) = self.rest.next()?;
        if c == '\n' {
            self.line += 1;
            self.start = at + 1;
        }
        Some((at, c))
    }

    fn next_is(&mut self, wanted: char) -> bool {
        self.rest.peek().is_some_and(|(_, c)| *c == wanted)
    }

    fn comments(mut self) -> Vec<Comment<'t>> {
        while let Some((at, c)) = self.next() {
            match (self.within.last().copied(), c) {
                (Some(In::String), _) => self.in_string(c),
                (_, '"') => self.within.push(In::String),
                (_, '#') => self.rest_of_line(at),
                (_, '/') if self.next_is('/') => self.rest_of_line(at),
                (_, '/') if self.next_is('*') => self.block(at),
                (_, '<') if self.next_is('<') => self.heredoc(at),
                (Some(In::Template(open)), '{') => self.replace(In::Template(open + 1)),
                (Some(In::Template(0)), '}') => drop(self.within.pop()),
                (Some(In::Template(open)), '}') => self.replace(In::Template(open - 1)),
                _ => {}
            }
        }
        self.found
    }

    fn replace(&mut self, within: In) {
        self.within.pop();
        self.within.push(within);
    }

    fn in_string(&mut self, c: char) {
        match c {
            '\\' => drop(self.next()),
            '"' => drop(self.within.pop()),
            '$' | '%' if self.next_is('{') => {
                self.next();
                self.within.push(In::Template(0));
            }
            // `$${` is written for `${`.
            '$' | '%' if self.next_is(c) => {
                self.next();
                if self.next_is('{') {
                    self.next();
                }
            }
            // A string ends on its line; what does not is malformed.
            '\n' => drop(self.within.pop()),
            _ => {}
        }
    }

    fn alone(&self, at: usize) -> bool {
        let before = self.text.get(self.start..at).unwrap_or_default();
        before.trim().is_empty()
    }

    fn rest_of_line(&mut self, at: usize) {
        let (line, alone) = (self.line, self.alone(at));
        let rest = self.text.get(at..).unwrap_or_default();
        let text = rest.lines().next().unwrap_or_default();
        self.found.push(Comment {
            line,
            last: line,
            alone,
            text: text.trim_start_matches(['#', '/']),
        });
        while self.rest.peek().is_some_and(|(_, c)| *c != '\n') {
            self.next();
        }
    }

    fn block(&mut self, at: usize) {
        let (first, alone) = (self.line, self.alone(at));
        let rest = self.text.get(at..).unwrap_or_default();
        let length = rest.get(2..).and_then(|rest| rest.find("*/")).map(|end| end + 2);
        let text = rest.get(..length.unwrap_or(rest.len())).unwrap_or_default();
        while self.rest.peek().is_some_and(|(next, _)| *next < at + text.len() + 2) {
            self.next();
        }
        let last = self.line;
        let after = rest.get(text.len() + 2..).and_then(|rest| rest.lines().next());
        let closes = after.unwrap_or_default().trim().is_empty();
        self.found
            .extend((first..).zip(text.split('\n')).map(|(line, text)| Comment {
                line,
                last,
                alone: (alone || line > first) && (closes || line < last),
                text: text.trim_start_matches(['/', '*', ' ', '\t']),
            }));
    }

    /// Passes over a text that ends at a line with its word alone.
    fn heredoc(&mut self, at: usize) {
        let rest = self.text.get(at..).unwrap_or_default();
        let head = rest.lines().next().unwrap_or_default();
        let word = head.trim_start_matches('<').trim_start_matches('-').trim();
        let is_word = !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
        if !is_word {
            return;
        }
        let mut length = 0;
        for (row, line) in rest.split_inclusive('\n').enumerate() {
            length += line.len();
            if row > 0 && line.trim() == word {
                break;
            }
        }
        while self.rest.peek().is_some_and(|(next, _)| *next < at + length) {
            self.next();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(language: Language, text: &str) -> Vec<(u32, bool, String)> {
        let comments = language.comments(text).into_iter();
        comments
            .map(|one| (one.line, one.alone, one.text.trim().to_owned()))
            .collect()
    }

    #[test]
    fn a_language_is_known_by_the_name() {
        assert_eq!(Language::of("a/main.tf", "{"), Language::Hcl);
        assert_eq!(Language::of("a/main.tf.json", "{"), Language::Json);
        assert_eq!(Language::of("t.template", " {"), Language::Json);
        assert_eq!(Language::of("t.template", "A: 1"), Language::Yaml);
        assert_eq!(Language::of("t.yaml", "{A: 1}"), Language::Yaml);
    }

    #[test]
    fn yaml_has_comments_outside_of_quotes() {
        let text = "a: 1 # one\n# two\nb: 'x # no' # three\nc: \"\\\" # no\"\nd: it's # four\ne: f#no\ng: http://no\n";
        let one = |line, alone, text: &str| (line, alone, text.to_owned());
        assert_eq!(
            told(Language::Yaml, text),
            [
                one(1, false, "one"),
                one(2, true, "two"),
                one(3, false, "three"),
                one(5, false, "four")
            ]
        );
        assert!(told(Language::Json, "{\"a\": \"# no\"} // no").is_empty());
    }

    #[test]
    fn hcl_has_three_kinds_of_comments() {
        let text = "a = 1 # one\n// two\n/* three\n * four\n */ b = 2\nc = \"# no // no /* no\" // five\nd = \"${f(\"}\" /* six */)} # no\"\ne = \"$${ # no\" # seven\nf = <<-EOT\n  # no\n  EOT\n# eight\ng = 1 << 2 # nine\nh = \"\\\"# no\"\n";
        let found = told(Language::Hcl, text);
        let words: Vec<&str> = found.iter().map(|(_, _, text)| text.as_str()).collect();
        let expected = [
            "one", "two", "three", "four", "", "five", "six", "seven", "eight", "nine",
        ];
        assert_eq!(words, expected);
        let lines: Vec<u32> = found.iter().map(|(line, _, _)| *line).collect();
        assert_eq!(lines, [1, 2, 3, 4, 5, 6, 7, 8, 12, 13]);
        let alone: Vec<bool> = found.iter().map(|(_, alone, _)| *alone).collect();
        assert_eq!(
            alone,
            [false, true, true, true, false, false, false, false, true, false]
        );
        let block = Language::Hcl.comments("/* a\n b\n*/\n");
        assert!(block.iter().all(|comment| comment.last == 3), "{block:?}");
    }

    #[test]
    fn malformed_text_ends() {
        for text in ["/*", "/* a", "\"", "\"${", "<<EOT\n# no", "<<", "a = \"b\n# one", "\\"] {
            let _ = Language::Hcl.comments(text);
        }
        assert_eq!(told(Language::Hcl, "a = \"b\n# one"), [(2, true, "one".to_owned())]);
    }
}
