//! The report as workflow commands of GitHub Actions, which become annotations on the lines of a change.
//! Source: GitHub, "Workflow commands for GitHub Actions".

use crate::order::{Names, Sorted, count, gaps, headline, worst_first};
use crate::plain;
use crate::remedy::{paste, undecided};
use crate::run::Run;
use crate::source::Sources;
use maremma_model::{Finding, Location, Severity};
use std::fmt::Write as _;
use std::io::{self, Write};

/// GitHub shows this many annotations of a level for a step, and says nothing of the others.
const MOST: usize = 10;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    Error,
    Warning,
    Notice,
}

/// An annotation.
struct Command {
    level: Level,
    /// Where it stands; an empty text where it stands nowhere.
    at: String,
    title: String,
    message: String,
}

/// Writes a command for the worst of each level, a plain line for each of the others, and a closing
/// notice that counts them all.
///
/// # Errors
/// Those of `out`.
pub fn github(run: &Run<'_>, out: &mut impl Write) -> io::Result<()> {
    let sources = Sources::of(run.estate);
    let sorted = Sorted::of(run.findings);
    let commands = commands(run, &sources, &sorted);
    let mut others = Vec::new();
    for level in [Level::Error, Level::Warning, Level::Notice] {
        // The closing notice needs a place.
        let room = if level == Level::Notice { MOST - 1 } else { MOST };
        let of_level = commands.iter().filter(|command| command.level == level);
        for (index, command) in of_level.enumerate() {
            if index < room {
                writeln!(out, "{}", written(command))?;
            } else {
                others.push(command);
            }
        }
    }
    for command in &others {
        let place = command.at.replace(",line=", ":").replace("file=", "");
        let place = place.split(',').next().unwrap_or_default();
        let line = format!(
            "maremma: {} {place} {}",
            command.title,
            command.message.replace('\n', "; ")
        );
        // The runner obeys commands of its older kind wherever they stand in a line.
        writeln!(out, "{}", line.replace("##[", "## ["))?;
    }
    let closing = Command {
        level: Level::Notice,
        at: String::new(),
        title: "maremma".to_owned(),
        message: closing(run, &sorted, others.len()),
    };
    writeln!(out, "{}", written(&closing))
}

fn commands(run: &Run<'_>, sources: &Sources<'_>, sorted: &Sorted<'_>) -> Vec<Command> {
    let names = Names::of(run);
    let mut commands = Vec::new();
    for finding in worst_first(&sorted.failed) {
        let level = match finding.severity {
            Severity::Critical | Severity::High => Level::Error,
            Severity::Medium => Level::Warning,
            Severity::Low | Severity::Info => Level::Notice,
        };
        commands.push(Command {
            level,
            at: properties(sources, &finding.evidence.at),
            title: format!("{} {}", finding.severity, finding.rule.id),
            message: message(sources, &names, finding),
        });
    }
    for gap in gaps(run.estate) {
        commands.push(Command {
            level: Level::Warning,
            at: gap.at.as_ref().map(|at| properties(sources, at)).unwrap_or_default(),
            title: "not read".to_owned(),
            message: plain::line(&gap.reason).into_owned(),
        });
    }
    for finding in worst_first(&sorted.undetermined) {
        commands.push(Command {
            level: Level::Notice,
            at: properties(sources, &finding.evidence.at),
            title: format!("undetermined {}", finding.rule.id),
            message: format!("{}\n{}", plain::line(&finding.message), undecided(finding)),
        });
    }
    commands
}

/// What is wrong, whom it concerns, and what to do.
fn message(sources: &Sources<'_>, names: &Names<'_>, finding: &Finding) -> String {
    let mut text = plain::line(&finding.message).into_owned();
    let says = plain::line(&finding.evidence.says);
    // Writing to a string cannot fail.
    let _ = write!(text, "\n{}: {says}", plain::line(&finding.subject.address));
    if finding.affects.len() > 1 {
        let functions: Vec<&str> = finding.affects.iter().map(|id| names.name(id)).collect();
        let _ = write!(text, "\nConcerns {}", plain::line(&functions.join(", ")));
    }
    if let Some(fix) = &finding.fix {
        let _ = write!(text, "\nFix: {}", plain::line(&fix.says));
        if let Some(paste) = paste(sources, fix) {
            let _ = write!(text, "\n{paste}");
        }
    }
    text
}

/// `file=`, `line=` and so on. Columns only within one line, as GitHub asks; its ends are inclusive.
fn properties(sources: &Sources<'_>, at: &Location) -> String {
    let Location::File(place) = at else {
        return String::new();
    };
    let (start, end) = (place.span.start, place.span.end);
    let mut text = format!("file={}", property(sources.path(place.file)));
    if start.line == 0 {
        return text;
    }
    // A block ends where the next line begins.
    let block = end.column <= 1 && end.line > start.line;
    let last = if block { end.line - 1 } else { end.line };
    let _ = write!(text, ",line={},endLine={}", start.line, last.max(start.line));
    if start.line == end.line {
        let last = end.column.saturating_sub(1).max(start.column);
        let _ = write!(text, ",col={},endColumn={last}", start.column);
    }
    text
}

fn written(command: &Command) -> String {
    let level = match command.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Notice => "notice",
    };
    let at = if command.at.is_empty() {
        String::new()
    } else {
        format!("{},", command.at)
    };
    format!(
        "::{level} {at}title={}::{}",
        property(&command.title),
        data(&command.message)
    )
}

/// Text after the last `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property.
fn property(text: &str) -> String {
    data(&plain::line(text)).replace(':', "%3A").replace(',', "%2C")
}

fn closing(run: &Run<'_>, sorted: &Sorted<'_>, others: usize) -> String {
    let mut text = format!("{} ({})", headline(run, sorted), count(run.functions, "function"));
    if others > 0 {
        let _ = write!(
            text,
            ". GitHub shows {MOST} annotations of a level; {} in the log of this step",
            if others == 1 {
                "1 more is".to_owned()
            } else {
                format!("{others} more are")
            }
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{OPEN_URL, estate, evidence, finding, open_url, place, run, wide_role};
    use maremma_model::{Gap, GapKind, Suppression, Verdict, Why};

    fn lines(run: &Run<'_>) -> Vec<String> {
        let mut out = Vec::new();
        github(run, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        text.lines().map(str::to_owned).collect()
    }

    /// What the runner makes of a line: the command, its properties and its text.
    fn parsed(line: &str) -> (String, Vec<(String, String)>, String) {
        let unescaped = |text: &str| {
            let text = text.replace("%0A", "\n").replace("%0D", "\r");
            text.replace("%3A", ":").replace("%2C", ",").replace("%25", "%")
        };
        let rest = line.strip_prefix("::").unwrap();
        let (head, message) = rest.split_once("::").unwrap();
        let (command, properties) = head.split_once(' ').unwrap();
        let pair = |pair: &str| {
            let (key, value) = pair.split_once('=').unwrap();
            (key.to_owned(), unescaped(value))
        };
        (
            command.to_owned(),
            properties.split(',').map(pair).collect(),
            unescaped(message),
        )
    }

    #[test]
    fn a_finding_stands_on_its_line() {
        let mut estate = estate();
        let mut unsure = open_url(&estate);
        unsure.verdict = Verdict::Undetermined;
        unsure.undecided = vec![Why::Parameter("Stage".into())];
        let mut accepted = open_url(&estate);
        accepted.suppression = Some(Suppression {
            source: "comment".into(),
            reason: "public".into(),
            until: None,
        });
        estate.gaps.push(Gap {
            kind: GapKind::Unparsed,
            reason: "not YAML".into(),
            at: None,
            affects: Vec::new(),
        });
        let findings = [wide_role(&estate), unsure, accepted, open_url(&estate)];
        assert_eq!(
            lines(&run(&estate, &findings)),
            [
                "::error file=template.yaml,line=11,endLine=11,col=17,endColumn=20,title=critical url-auth-none::\
                 Function URL without authentication of OrdersUrl%0AOrdersUrl: AuthType is NONE%0A\
                 Fix: set AuthType to AWS_IAM%0AAuthType: AWS_IAM",
                "::error file=template.yaml,line=16,endLine=16,col=11,endColumn=53,title=high role-admin::\
                 Execution role may do everything of Role%0ARole: attached here%0AConcerns Orders, Stock",
                "::warning title=not read::not YAML",
                "::notice file=template.yaml,line=11,endLine=11,col=17,endColumn=20,title=undetermined url-auth-none::\
                 Function URL without authentication of OrdersUrl%0Aundetermined because parameter Stage has no default and was not given: --parameter Stage=VALUE",
                "::notice title=maremma::1 critical, 1 high, 1 undetermined, 1 not read, 1 suppressed (2 functions)",
            ]
        );
    }

    #[test]
    fn a_stranger_writes_no_command() {
        let estate = crate::fixture::estate_of("a,b:c%0A\n::x.yaml", "A: NONE\n");
        let hostile = "x\r\n::error file=/etc/passwd::gone%0A::stop-commands::x ##[add-path]/tmp 📚,:\u{1b}[2J";
        let findings: Vec<Finding> = (0..MOST + 1)
            .map(|n| {
                let mut one = finding(
                    &OPEN_URL,
                    &format!("U{n:02}"),
                    &[],
                    evidence("U", place(&estate, "NONE"), hostile),
                );
                one.message = hostile.to_owned();
                one
            })
            .collect();
        let lines = lines(&run(&estate, &findings));
        assert_eq!(lines.len(), MOST + 2, "{lines:#?}");
        let (command, properties, message) = parsed(&lines[0]);
        assert_eq!(command, "error");
        assert_eq!(properties[0], ("file".to_owned(), "a,b:c%0A ::x.yaml".to_owned()));
        assert_eq!(properties.last().unwrap().1, "critical url-auth-none");
        assert!(
            message.starts_with("x ::error file=/etc/passwd::gone%0A::stop"),
            "{message}"
        );
        let plain = &lines[MOST];
        assert!(plain.starts_with("maremma: critical url-auth-none"), "{plain}");
        assert!(!plain.contains("##[") && !plain.contains('\u{1b}'), "{plain}");
    }

    #[test]
    fn the_worst_are_annotated_and_the_others_counted() {
        let estate = estate();
        let mut findings: Vec<Finding> = (0..12)
            .map(|n| {
                finding(
                    &OPEN_URL,
                    &format!("U{n:02}"),
                    &[],
                    evidence("U", place(&estate, "NONE"), "open"),
                )
            })
            .collect();
        findings[3].severity = Severity::High;
        findings.extend((0..12).map(|n| {
            let mut low = finding(
                &OPEN_URL,
                &format!("L{n:02}"),
                &[],
                evidence("L", place(&estate, "NONE"), "low"),
            );
            low.severity = Severity::Low;
            low
        }));
        let lines = lines(&run(&estate, &findings));
        let of = |level: &str| lines.iter().filter(|line| line.starts_with(level)).count();
        assert_eq!((of("::error"), of("::notice"), of("maremma: ")), (10, 10, 5));
        assert!(!lines[9].contains("high"), "{}", lines[9]);
        assert!(
            lines.last().unwrap().ends_with("5 more are in the log of this step"),
            "{lines:#?}"
        );
    }
}
