//! The page of a check of one's own, with the sections that pages have.

use std::fmt::Write as _;

pub(crate) struct Parts<'p> {
    pub(crate) title: &'p str,
    pub(crate) subject: &'p str,
    pub(crate) applies: Option<&'p str>,
    /// `fails` or `passes`, and the expression.
    pub(crate) rule: (&'static str, &'p str),
    pub(crate) why: Option<&'p str>,
    pub(crate) fix: Option<&'p str>,
    pub(crate) limits: Option<&'p str>,
    pub(crate) references: &'p [&'p str],
}

pub(crate) fn write(parts: &Parts<'_>) -> String {
    let mut page = format!("# {}\n\n## What it finds\n\n", parts.title);
    let (word, expression) = parts.rule;
    let _ = writeln!(
        page,
        "Every `{}` that {} this:\n\n{}",
        parts.subject,
        verb(word),
        code(expression)
    );
    if let Some(applies) = parts.applies {
        let _ = writeln!(page, "\nof those where this holds:\n\n{}", code(applies));
    }
    let sections = [
        ("Why it matters", parts.why),
        ("Fix", parts.fix),
        ("Limits", parts.limits),
    ];
    for (heading, text) in sections {
        if let Some(text) = text {
            let _ = write!(page, "\n## {heading}\n\n{text}\n");
        }
    }
    if !parts.references.is_empty() {
        page += "\n## References\n\n";
        for url in parts.references {
            let _ = writeln!(page, "- <{url}>");
        }
    }
    page
}

fn verb(word: &str) -> &'static str {
    if word == "passes" { "does not meet" } else { "meets" }
}

/// An expression as a block of code, indented: a fence might stand in it.
fn code(expression: &str) -> String {
    let lines = expression.trim().lines().map(|line| format!("    {}", line.trim_end()));
    lines.collect::<Vec<_>>().join("\n")
}
