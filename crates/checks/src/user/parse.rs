//! The text of an expression to its tree, within bounds.

use cel::common::ast::{IdedExpr, SourceInfo};
use cel::parser::Parser;

/// In bytes. Longer ones are several checks.
const MAX_LENGTH: usize = 2048;
/// How deep an expression may nest.
pub(crate) const MAX_DEPTH: u16 = 48;
/// What the parser needs of it for an expression of that length and depth, several times over.
const STACK: usize = 64 << 20;

/// What is wrong with an expression, and where in it, in bytes.
#[derive(Debug)]
pub(crate) struct Problem {
    pub(crate) at: usize,
    pub(crate) says: String,
}

/// Parses on a stack of its own, which the parser's many levels need.
pub(crate) fn parse(source: &str) -> Result<(IdedExpr, SourceInfo), Problem> {
    let whole = |says: String| Problem { at: 0, says };
    if source.len() > MAX_LENGTH {
        return Err(whole(format!(
            "an expression has at most {MAX_LENGTH} bytes: make several checks of it"
        )));
    }
    if source.trim().is_empty() {
        return Err(whole("expected an expression".to_owned()));
    }
    let parse = || {
        let parser = Parser::new().max_recursion_depth(MAX_DEPTH).error_recovery_limit(4);
        let parsed = parser.parse_with_source_info(source);
        parsed.map_err(|errors| syntax(source, &errors))
    };
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, parse);
        let parsed = thread.ok().and_then(|thread| thread.join().ok());
        parsed.unwrap_or_else(|| Err(whole("this cannot be parsed".to_owned())))
    })
}

/// The first of the parser's complaints.
fn syntax(source: &str, errors: &cel::ParseErrors) -> Problem {
    let Some(first) = errors.errors.first() else {
        return Problem {
            at: 0,
            says: "this is no CEL expression".to_owned(),
        };
    };
    let number = |n: isize| usize::try_from(n).unwrap_or(0);
    let (line, column) = (number(first.pos.0).saturating_sub(1), number(first.pos.1));
    let before: usize = source.split_inclusive('\n').take(line).map(str::len).sum();
    Problem {
        at: (before + column.saturating_sub(1)).min(source.len()),
        says: format!("this is no CEL expression: {}", complaint(&first.msg)),
    }
}

/// What the parser says, without what is only of use to whoever wrote it.
fn complaint(says: &str) -> String {
    if says.contains("Recursion limit") {
        return format!("it has more than {MAX_DEPTH} levels");
    }
    let line = says.lines().next().unwrap_or_default();
    let line = line.strip_prefix("Syntax error: ").unwrap_or(line);
    line.chars().take(200).collect()
}
