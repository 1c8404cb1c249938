//! Checks of one's own: their files, read into the tree that is checked, and their examples.

use anyhow::{Context as _, bail};
use maremma_checks::user::{self, Example, Expected};
use maremma_checks::{Context, Trust, UserCheck};
use maremma_model::tree::{Entry, Node, NodeValue};
use maremma_model::{FileId, Place, Pos, Span};
use maremma_source::tree::{self, Syntax};
use maremma_source::{Deployment, Options, read_texts};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Of files in all directories together.
const MOST_FILES: usize = 200;
/// In bytes, of one file.
const MAX_SIZE: u64 = 256 << 10;
/// How deep directories of checks may be.
const MAX_DEPTH: usize = 8;
/// What is refused in more places is told of the first.
const MOST_REFUSED: usize = 50;

/// The checks of some directories and files. They live as long as the process.
pub(crate) fn load(places: &[PathBuf]) -> anyhow::Result<&'static [UserCheck]> {
    let mut paths = Vec::new();
    for place in places {
        find(place, 0, &mut paths)?;
    }
    paths.sort();
    paths.dedup();
    let mut files = Vec::new();
    for path in paths {
        let text = text(&path)?;
        let told = path.display().to_string();
        let root = parse(&path, &text).map_err(|wrong| anyhow::anyhow!("{told}:{wrong}"))?;
        files.push((told, root));
    }
    match user::read(&files) {
        Ok(checks) => Ok(Vec::leak(checks)),
        Err(refused) => {
            let mut lines: Vec<String> = refused.iter().take(MOST_REFUSED).map(ToString::to_string).collect();
            if let Some(more) = refused.len().checked_sub(MOST_REFUSED).filter(|more| *more > 0) {
                lines.push(format!("and {more} more"));
            }
            bail!("{}", lines.join("\n"))
        }
    }
}

fn find(place: &Path, depth: usize, paths: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    let unread = || format!("cannot read {}", place.display());
    if !std::fs::metadata(place).with_context(unread)?.is_dir() {
        paths.push(place.to_owned());
        return Ok(());
    }
    if depth > MAX_DEPTH {
        bail!("{} is more than {MAX_DEPTH} directories deep", place.display());
    }
    for entry in std::fs::read_dir(place).with_context(unread)? {
        let entry = entry.with_context(unread)?;
        let (path, kind) = (entry.path(), entry.file_type().with_context(unread)?);
        let is_check = path
            .extension()
            .is_some_and(|end| end == "toml" || end == "yaml" || end == "yml")
            && path.file_name().is_some_and(|name| name != crate::config::NAME);
        // A link may lead round in a circle.
        if kind.is_dir() {
            find(&path, depth + 1, paths)?;
        } else if is_check && path.is_file() {
            paths.push(path);
        }
        if paths.len() > MOST_FILES {
            bail!("more than {MOST_FILES} files of checks: put several checks into one file");
        }
    }
    Ok(())
}

fn text(path: &Path) -> anyhow::Result<String> {
    let unread = || format!("cannot read {}", path.display());
    let file = std::fs::File::open(path).with_context(unread)?;
    let mut text = String::new();
    file.take(MAX_SIZE + 1).read_to_string(&mut text).with_context(unread)?;
    if text.len() as u64 > MAX_SIZE {
        bail!("{} is larger than {} KiB", path.display(), MAX_SIZE >> 10);
    }
    Ok(text)
}

/// The tree of a file, TOML by its name and else YAML; or the line and what is wrong.
fn parse(path: &Path, text: &str) -> Result<Node, String> {
    if path.extension().is_some_and(|end| end == "toml") {
        let lines = Lines::of(text);
        let table = DeTable::parse(text).map_err(|error| {
            let at = lines.pos(error.span().map_or(0, |span| span.start));
            format!("{}:{}: {}", at.line, at.column, error.message())
        })?;
        return Ok(lines.table(table.get_ref(), table.span()));
    }
    let parsed = tree::parse(text, FileId(0), Syntax::Either)
        .map_err(|error| format!("{}:{}: {}", error.at.line, error.at.column, error.what))?;
    match parsed.problems.first() {
        Some(problem) => {
            let at = problem.place.span.start;
            Err(format!("{}:{}: {}", at.line, at.column, problem.reason))
        }
        None => Ok(parsed.root),
    }
}

/// The places of a text of TOML.
struct Lines<'t> {
    text: &'t str,
    /// Where each line begins.
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    fn of(text: &'t str) -> Self {
        let breaks = text.match_indices('\n').map(|(at, _)| at + 1);
        Lines {
            text,
            starts: std::iter::once(0).chain(breaks).collect(),
        }
    }

    fn pos(&self, at: usize) -> Pos {
        let line = self.starts.partition_point(|start| *start <= at);
        let start = line
            .checked_sub(1)
            .and_then(|line| self.starts.get(line))
            .copied()
            .unwrap_or(0);
        let before = self.text.get(start..at).unwrap_or_default().chars().count();
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Pos {
            offset: number(at),
            line: number(line),
            column: number(before + 1),
        }
    }

    fn place(&self, span: std::ops::Range<usize>) -> Place {
        Place {
            file: FileId(0),
            span: Span {
                start: self.pos(span.start),
                end: self.pos(span.end),
            },
        }
    }

    fn table(&self, table: &DeTable<'_>, span: std::ops::Range<usize>) -> Node {
        let entries = table.iter().map(|(key, value)| Entry {
            key: key.get_ref().as_ref().into(),
            key_place: self.place(key.span()),
            value: self.value(value),
        });
        Node::new(NodeValue::Map(entries.collect()), self.place(span))
    }

    /// The depth is bounded by the parser.
    fn value(&self, value: &Spanned<DeValue<'_>>) -> Node {
        let place = self.place(value.span());
        match value.get_ref() {
            DeValue::String(text) => Node::string(text, place),
            DeValue::Integer(number) => Node::plain(number.as_str(), place),
            DeValue::Float(number) => Node::plain(number.as_str(), place),
            DeValue::Boolean(value) => Node::plain(if *value { "true" } else { "false" }, place),
            DeValue::Datetime(date) => Node::plain(&date.to_string(), place),
            DeValue::Array(items) => Node::seq(items.iter().map(|item| self.value(item)).collect(), place),
            DeValue::Table(table) => self.table(table, value.span()),
        }
    }
}

/// What an example comes to where that is not what it expects.
pub(crate) struct Outcome {
    pub(crate) found: &'static str,
    pub(crate) because: String,
}

/// Runs an example; `None` where it comes to what it expects.
pub(crate) fn outcome(check: &UserCheck, example: &Example) -> Option<Outcome> {
    let options = Options {
        deployment: Deployment {
            parameters: example.parameters.clone(),
            account: example.account.clone(),
            region: example.region.clone(),
        },
        ..Options::default()
    };
    let estate = read_texts(&[("template", &example.template)], &options);
    if estate.units.is_empty() {
        let reason = estate.gaps.first().map(|gap| gap.reason.to_string());
        return Some(Outcome {
            found: "no template",
            because: reason.unwrap_or_else(|| "the text is no CloudFormation template".to_owned()),
        });
    }
    let trust = Trust::default();
    let context = Context::new(&estate, &trust, jiff::ZonedDateTime::now().date());
    let findings = check.verdicts(&context);
    let found = Expected::of(&findings);
    if found == example.expected {
        return None;
    }
    let gravest = findings.iter().min_by_key(|finding| finding.verdict);
    let because = gravest.map_or_else(
        || format!("the template has no {}", check.rule.subject),
        |finding| format!("{}: {}", finding.subject.address, finding.message),
    );
    let gaps = estate.gaps.iter().map(|gap| format!("\n  not read: {}", gap.reason));
    Some(Outcome {
        found: found.word(),
        because: because + &gaps.collect::<String>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn toml_keeps_its_places() {
        let text = "id = \"x\"\n\n[[example]]\nexpect = \"fail\" # why\ntemplate = '''\nResources: {}\n'''\n";
        let root = parse(Path::new("x.toml"), text).unwrap();
        let [example] = root.get("example").unwrap().items() else {
            panic!("{root:?}")
        };
        let entry = example.entry("expect").unwrap();
        assert_eq!(
            (entry.key_place.span.start.line, entry.value.place.span.start.column),
            (4, 10)
        );
        assert_eq!(example.get("template").unwrap().as_str(), Some("Resources: {}\n"));
        assert_eq!(example.get("template").unwrap().place.span.end.line, 7);
    }

    #[test]
    fn what_cannot_be_parsed_is_told_with_its_line() {
        assert!(
            parse(Path::new("x.toml"), "id = \"x\"\nid = 3\n")
                .unwrap_err()
                .starts_with("2:")
        );
        assert!(
            parse(Path::new("x.yaml"), "id: x\nid: y\n")
                .unwrap_err()
                .starts_with("2:")
        );
        assert!(parse(Path::new("x.yaml"), "id: [\n").unwrap_err().contains(':'));
    }
}
