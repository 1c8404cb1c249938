//! HCL that is written, as `terraform fmt` would leave it.

/// What stands in a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Item {
    Attribute(String, Expression),
    Block { head: String, body: Vec<Item> },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Expression {
    /// A reference, number, boolean or string, as it is written.
    Plain(String),
    List(Vec<Expression>),
    Object(Vec<(String, Expression)>),
    /// A document in an attribute that wants text.
    Encoded(Box<Expression>),
}

/// What an attribute at a dotted path gets: a value, or blocks of its name.
pub(super) enum Leaf {
    Value(Expression),
    Blocks(Vec<Vec<Item>>),
}

/// Longest list on one line.
const MAX_WIDTH: usize = 80;

/// Puts a leaf at a dotted path, into the blocks that are there already.
pub(super) fn put(body: &mut Vec<Item>, path: &str, leaf: Leaf) {
    let Some((block, rest)) = path.split_once('.') else {
        match leaf {
            Leaf::Value(value) => body.push(Item::Attribute(path.to_owned(), value)),
            Leaf::Blocks(blocks) => body.extend(blocks.into_iter().map(|inner| Item::Block {
                head: path.to_owned(),
                body: inner,
            })),
        }
        return;
    };
    let there = body.iter_mut().find_map(|item| match item {
        Item::Block { head, body } if head == block => Some(body),
        _ => None,
    });
    if let Some(inner) = there {
        return put(inner, rest, leaf);
    }
    let mut inner = Vec::new();
    put(&mut inner, rest, leaf);
    body.push(Item::Block {
        head: block.to_owned(),
        body: inner,
    });
}

/// The text of a string between its quotes.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c => out.push(c),
        }
    }
    // A template in a string begins with these. Source: Terraform language, "Strings and Templates".
    out.replace("${", "$${").replace("%{", "%%{")
}

pub(super) fn quoted(text: &str) -> Expression {
    Expression::Plain(format!("\"{}\"", escaped(text)))
}

/// A body without braces.
pub(super) fn written(body: &[Item]) -> String {
    let mut out = Vec::new();
    let mut run: Vec<(String, Vec<String>)> = Vec::new();
    for item in body {
        match item {
            Item::Attribute(name, value) => {
                if run.is_empty() && !out.is_empty() {
                    out.push(String::new());
                }
                run.push((name.clone(), lines(value)));
            }
            Item::Block { head, body } => {
                out.extend(assigned(std::mem::take(&mut run)));
                if !out.is_empty() {
                    out.push(String::new());
                }
                out.extend(block(head, body));
            }
        }
    }
    out.extend(assigned(run));
    out.join("\n")
}

fn block(head: &str, body: &[Item]) -> Vec<String> {
    if body.is_empty() {
        return vec![format!("{head} {{}}")];
    }
    braced(format!("{head} {{"), written(body).lines().map(str::to_owned), "}")
}

/// Indented between two lines; blank lines stay empty.
fn braced(open: String, inner: impl Iterator<Item = String>, close: &str) -> Vec<String> {
    let indented = inner.map(|line| match line.is_empty() {
        true => line,
        false => format!("  {line}"),
    });
    std::iter::once(open)
        .chain(indented)
        .chain([close.to_owned()])
        .collect()
}

/// Neighbours on one line each have their signs of equality below each other.
fn assigned(attributes: Vec<(String, Vec<String>)>) -> Vec<String> {
    let mut out = Vec::new();
    for run in attributes.chunk_by(|a, b| a.1.len() == 1 && b.1.len() == 1) {
        let width = run
            .iter()
            .map(|(name, _)| name.chars().count())
            .max()
            .unwrap_or_default();
        for (name, value) in run {
            let mut value = value.iter();
            let first = value.next().map_or("", String::as_str);
            out.push(format!("{name:width$} = {first}"));
            out.extend(value.cloned());
        }
    }
    out
}

pub(super) fn expression(value: &Expression) -> String {
    lines(value).join("\n")
}

fn lines(value: &Expression) -> Vec<String> {
    match value {
        Expression::Plain(text) => vec![text.clone()],
        Expression::List(items) => list(items),
        Expression::Object(fields) if fields.is_empty() => vec!["{}".to_owned()],
        Expression::Object(fields) => {
            let fields = fields.iter().map(|(key, value)| (key_of(key), lines(value))).collect();
            braced("{".to_owned(), assigned(fields).into_iter(), "}")
        }
        Expression::Encoded(inner) => {
            let text = format!("jsonencode({})", expression(inner));
            text.lines().map(str::to_owned).collect()
        }
    }
}

fn list(items: &[Expression]) -> Vec<String> {
    let items: Vec<Vec<String>> = items.iter().map(lines).collect();
    let width: usize = items.iter().flatten().map(|line| line.len() + 2).sum();
    if width <= MAX_WIDTH && items.iter().all(|item| item.len() == 1) {
        let items: Vec<String> = items.into_iter().flatten().collect();
        return vec![format!("[{}]", items.join(", "))];
    }
    let inner = items.into_iter().flat_map(|mut item| {
        if let Some(last) = item.last_mut() {
            last.push(',');
        }
        item
    });
    braced("[".to_owned(), inner, "]")
}

/// The key of an object: with quotes where it is no name.
fn key_of(key: &str) -> String {
    let is_name = key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    match is_name {
        true => key.to_owned(),
        false => format!("\"{}\"", escaped(key)),
    }
}
