//! The syntax of variables: `${opt:stage, self:custom.stage, 'dev'}` inside a text.

use std::cell::Cell;

/// How deep variables may stand inside each other's addresses and parameters.
const MAX_NESTING: usize = 12;
/// A variable of more bytes than this is taken for text: the framework's users write lines.
const MAX_VARIABLE: usize = 4096;
/// How many characters of variables are looked at in one service.
const MAX_STEPS: usize = 20_000_000;

/// A text as literal pieces and variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Text(String),
    /// The sources that are tried one after the other.
    Variable(Vec<Source>),
}

/// Where a variable gets its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// A value written out: `'dev'`, `true`, `3`; `quoted` tells a string.
    Literal { text: String, quoted: bool },
    /// `self:custom.stage`, `file(a.yml):key`, `strToBool(x)`.
    Named {
        kind: String,
        parameters: Option<Vec<Piece>>,
        address: Vec<Piece>,
    },
}

/// Reads the variables of texts, as often as one service needs it.
#[derive(Default)]
pub(super) struct Parser {
    steps: Cell<usize>,
}

impl Parser {
    /// The pieces of a text. What only looks like a variable stays text: `${AWS::Region}`, `${!Literal}`.
    pub(super) fn parse(&self, text: &str) -> Vec<Piece> {
        let mut reading = Reading {
            parser: self,
            rest: text,
        };
        reading
            .pieces(&[], 0)
            .unwrap_or_else(|| vec![Piece::Text(text.to_owned())])
    }

    /// Whether more was looked at than any service needs: what was read since is taken for text.
    pub(super) fn is_exhausted(&self) -> bool {
        self.steps.get() > MAX_STEPS
    }
}

struct Reading<'a> {
    parser: &'a Parser,
    rest: &'a str,
}

impl Reading<'_> {
    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let steps = &self.parser.steps;
        steps.set(steps.get() + 1);
        let mut chars = self.rest.chars();
        let next = chars.next();
        self.rest = chars.as_str();
        next
    }

    fn skip_spaces(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.next();
        }
    }

    /// Pieces up to one of `ends`, which is not taken; without ends up to the end of the text. `None`
    /// where an end is missing.
    fn pieces(&mut self, ends: &[char], depth: usize) -> Option<Vec<Piece>> {
        let (mut pieces, mut text) = (Vec::new(), String::new());
        loop {
            let Some(next) = self.peek() else {
                if !ends.is_empty() {
                    return None;
                }
                break;
            };
            if ends.contains(&next) {
                break;
            }
            if let Some(after) = self.rest.strip_prefix("\\${") {
                self.rest = after;
                text.push_str("${");
                continue;
            }
            if self.rest.starts_with("${") {
                if let Some(sources) = self.variable(depth) {
                    if !text.is_empty() {
                        pieces.push(Piece::Text(std::mem::take(&mut text)));
                    }
                    pieces.push(Piece::Variable(sources));
                    continue;
                }
                // The framework refuses what is no variable inside one. Were it read on, every beginning
                // would be looked at from within every other.
                if depth > 0 {
                    return None;
                }
            }
            text.extend(self.next());
        }
        if !text.is_empty() {
            pieces.push(Piece::Text(text));
        }
        Some(pieces)
    }

    /// A variable at the beginning of the rest, which stays as it is where there is none.
    fn variable(&mut self, depth: usize) -> Option<Vec<Source>> {
        if depth >= MAX_NESTING || self.parser.is_exhausted() {
            return None;
        }
        let whole = self.rest;
        let longest = whole.len().min(MAX_VARIABLE);
        let end = (0..=longest).rev().find(|end| whole.is_char_boundary(*end))?;
        let mut inner = Reading {
            parser: self.parser,
            rest: whole.get(2..end)?,
        };
        let sources = inner.sources(depth)?;
        let taken = end.saturating_sub(inner.rest.len());
        self.rest = whole.get(taken..)?;
        Some(sources)
    }

    fn sources(&mut self, depth: usize) -> Option<Vec<Source>> {
        let mut sources = vec![self.named(depth)?];
        loop {
            self.skip_spaces();
            match self.next()? {
                '}' => return Some(sources),
                ',' => {}
                _ => return None,
            }
            self.skip_spaces();
            let source = match self.peek()? {
                '\'' | '"' => Source::Literal {
                    text: self.quoted()?,
                    quoted: true,
                },
                _ => {
                    let before = self.rest;
                    match self.named(depth) {
                        Some(source) => source,
                        None => {
                            self.rest = before;
                            self.plain()?
                        }
                    }
                }
            };
            sources.push(source);
        }
    }

    /// A source with a kind: `kind:address`, `kind(parameters)` or `kind(parameters):address`.
    fn named(&mut self, depth: usize) -> Option<Source> {
        let first = self.peek()?;
        if !first.is_ascii_lowercase() {
            return None;
        }
        let length = self
            .rest
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '.')?;
        let (kind, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        let mut parameters = None;
        if self.peek() == Some('(') {
            self.next();
            self.skip_spaces();
            parameters = Some(match self.peek()? {
                '\'' | '"' => vec![Piece::Text(self.quoted()?)],
                _ => trimmed(self.pieces(&[')', '}'], depth + 1)?),
            });
            self.skip_spaces();
            if self.next()? != ')' {
                return None;
            }
        }
        let mut address = Vec::new();
        if self.peek() == Some(':') {
            self.next();
            // `${aws::x}` is no variable.
            if self.peek() == Some(':') {
                return None;
            }
            self.skip_spaces();
            address = match self.peek()? {
                '\'' | '"' => vec![Piece::Text(self.quoted()?)],
                _ => trimmed(self.pieces(&[',', '}'], depth + 1)?),
            };
        } else if parameters.is_none() {
            return None;
        }
        Some(Source::Named {
            kind: kind.to_owned(),
            parameters,
            address,
        })
    }

    fn quoted(&mut self) -> Option<String> {
        let quote = self.next()?;
        let mut text = String::new();
        loop {
            match self.next()? {
                c if c == quote => return Some(text),
                '\\' if quote == '"' => text.push(self.next()?),
                c => text.push(c),
            }
        }
    }

    /// A value without quotes: a number, a truth value, `null`, or words.
    fn plain(&mut self) -> Option<Source> {
        let length = self.rest.find([',', '}'])?;
        let (text, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(Source::Literal {
            text: text.trim().to_owned(),
            quoted: false,
        })
    }
}

fn trimmed(mut pieces: Vec<Piece>) -> Vec<Piece> {
    if let Some(Piece::Text(first)) = pieces.first_mut() {
        *first = first.trim_start().to_owned();
    }
    if let Some(Piece::Text(last)) = pieces.last_mut() {
        *last = last.trim_end().to_owned();
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Piece {
        Piece::Text(text.to_owned())
    }

    fn named(kind: &str, address: Vec<Piece>) -> Source {
        Source::Named {
            kind: kind.to_owned(),
            parameters: None,
            address,
        }
    }

    fn parse(text: &str) -> Vec<Piece> {
        Parser::default().parse(text)
    }

    #[test]
    fn sources_are_tried_in_their_order() {
        let literal = |text: &str, quoted| Source::Literal {
            text: text.to_owned(),
            quoted,
        };
        let sources = vec![
            named("opt", vec![text("stage")]),
            named("self", vec![text("custom.a")]),
            literal("a, b}", true),
            literal("5", false),
        ];
        assert_eq!(
            parse("x-${opt:stage, self:custom.a, 'a, b}', 5}-y"),
            [text("x-"), Piece::Variable(sources), text("-y")]
        );
    }

    #[test]
    fn variables_stand_in_addresses_and_parameters() {
        let stage = Piece::Variable(vec![named("sls", vec![text("stage")])]);
        let file = Source::Named {
            kind: "file".to_owned(),
            parameters: Some(vec![text("./env."), stage.clone(), text(".yml")]),
            address: vec![text("a.b")],
        };
        assert_eq!(
            parse("${file(./env.${sls:stage}.yml):a.b}"),
            [Piece::Variable(vec![file])]
        );
        let nested = named("self", vec![text("custom."), stage]);
        assert_eq!(parse("${self:custom.${sls:stage}}"), [Piece::Variable(vec![nested])]);
    }

    #[test]
    fn what_is_no_variable_stays_text() {
        for plain in [
            "${AWS::Region}",
            "${!Literal}",
            "${Bucket.Arn}",
            "${stageVariables.x}",
            "${self:custom.x",
            "${}",
            "${aws::x}",
            "$opt:x",
            "a $ b",
        ] {
            assert_eq!(parse(plain), [text(plain)]);
        }
        assert_eq!(parse("\\${opt:x}"), [text("${opt:x}")]);
    }

    #[test]
    fn hostile_texts_end() {
        let deep = "${self:".repeat(100_000);
        assert!(!parse(&deep).is_empty());
        let closed = format!("{}x{}", "${self:".repeat(400), "}".repeat(400));
        assert!(!parse(&closed).is_empty());
    }
}
