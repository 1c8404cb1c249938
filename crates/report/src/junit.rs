//! The report as JUnit XML, for the test view of a CI: a suite a check, a case a subject.

use crate::order::{Names, Sorted, gaps, not_assessed};
use crate::plain;
use crate::remedy::{paste, undecided};
use crate::run::Run;
use crate::source::Sources;
use maremma_model::{Finding, Location, Rule, Verdict};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

/// What became of a case.
enum Outcome {
    Passed,
    /// It fails the run: a heading, its kind, and the text.
    Failed(String, &'static str, String),
    /// It does not, and why.
    Skipped(String),
}

struct Case {
    name: String,
    /// The file and the line.
    at: Option<(String, u32)>,
    outcome: Outcome,
}

/// Suites by name.
type Suites<'a> = BTreeMap<&'a str, Vec<Case>>;

/// Writes the report as JUnit XML. A failure is what fails the run: findings below `--fail-on`, what is undetermined, suppressed, not
/// read or not assessed is skipped and says why. A check that found nothing is one case that passed.
///
/// # Errors
/// Those of `out`.
pub fn junit(run: &Run<'_>, out: &mut impl Write) -> io::Result<()> {
    let suites = suites(run);
    let all = || suites.values().flatten();
    writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    writeln!(
        out,
        r#"<testsuites name="{}" {} time="{:.3}">"#,
        text(run.tool.name),
        counts(all()),
        run.elapsed.as_secs_f64()
    )?;
    for (name, cases) in &suites {
        writeln!(
            out,
            r#"  <testsuite name="{}" {} timestamp="{}T00:00:00">"#,
            text(name),
            counts(cases.iter()),
            text(run.as_of)
        )?;
        for case in cases {
            write_case(name, case, out)?;
        }
        writeln!(out, "  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}

fn counts<'c>(cases: impl Iterator<Item = &'c Case>) -> String {
    let (mut tests, mut failures, mut skipped) = (0, 0, 0);
    for case in cases {
        tests += 1;
        match case.outcome {
            Outcome::Passed => {}
            Outcome::Failed(..) => failures += 1,
            Outcome::Skipped(_) => skipped += 1,
        }
    }
    format!(r#"tests="{tests}" failures="{failures}" errors="0" skipped="{skipped}""#)
}

fn write_case(suite: &str, case: &Case, out: &mut impl Write) -> io::Result<()> {
    let at = match &case.at {
        Some((file, line)) => format!(r#" file="{}" line="{line}""#, line_of(file)),
        None => String::new(),
    };
    let head = format!(
        r#"<testcase name="{}" classname="{}"{at}"#,
        line_of(&case.name),
        line_of(suite)
    );
    match &case.outcome {
        Outcome::Passed => writeln!(out, "    {head}/>"),
        Outcome::Skipped(why) => writeln!(
            out,
            "    {head}>\n      <skipped message=\"{}\"/>\n    </testcase>",
            line_of(why)
        ),
        Outcome::Failed(message, kind, body) => writeln!(
            out,
            "    {head}>\n      <failure message=\"{}\" type=\"{kind}\">{}</failure>\n    </testcase>",
            line_of(message),
            text(body)
        ),
    }
}

fn suites<'a>(run: &Run<'a>) -> Suites<'a> {
    let sources = Sources::of(run.estate);
    let names = Names::of(run);
    let sorted = Sorted::of(run.findings);
    let mut suites: Suites<'a> = run.checks.iter().map(|rule: &&Rule| (rule.id, Vec::new())).collect();
    let kinds = [
        &sorted.failed,
        &sorted.undetermined,
        &sorted.suppressed,
        &sorted.passed,
        &sorted.not_applicable,
    ];
    for finding in kinds.into_iter().flatten() {
        let listed = run.options.include_passed || !decided_well(finding.verdict);
        if listed {
            let case = case(run, &sources, &names, finding);
            suites.entry(finding.rule.id).or_default().push(case);
        }
    }
    for entry in not_assessed(run) {
        suites.entry(&entry.check).or_default().push(Case {
            name: "not assessed".to_owned(),
            at: None,
            outcome: Outcome::Skipped(entry.reason.clone()),
        });
    }
    for cases in suites.values_mut().filter(|cases| cases.is_empty()) {
        cases.push(Case {
            name: "nothing found".to_owned(),
            at: None,
            outcome: Outcome::Passed,
        });
    }
    let unread = gaps(run.estate).into_iter().enumerate().map(|(index, gap)| Case {
        // Two gaps of one place are two cases.
        name: format!("{}: not read", place_or(&sources, gap.at.as_ref(), index)),
        at: gap.at.as_ref().and_then(|at| line(&sources, at)),
        outcome: Outcome::Skipped(format!("not read: {}", gap.reason)),
    });
    let unread: Vec<Case> = unread.collect();
    if !unread.is_empty() {
        suites.insert("not-read", unread);
    }
    suites
}

fn place_or(sources: &Sources<'_>, at: Option<&Location>, index: usize) -> String {
    at.map_or_else(|| format!("gap {}", index + 1), |at| sources.words(at))
}

fn decided_well(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Pass | Verdict::NotApplicable)
}

fn case(run: &Run<'_>, sources: &Sources<'_>, names: &Names<'_>, f: &Finding) -> Case {
    let detail = f.detail.as_ref().map(|detail| format!(" {detail}")).unwrap_or_default();
    let outcome = match (&f.suppression, f.verdict) {
        (Some(why), _) if !decided_well(f.verdict) => {
            let until = why
                .until
                .as_ref()
                .map(|until| format!(", until {until}"))
                .unwrap_or_default();
            Outcome::Skipped(format!("suppressed: {} ({}{until})", why.reason, why.source))
        }
        (_, Verdict::Pass) => Outcome::Passed,
        (_, Verdict::NotApplicable) => Outcome::Skipped(format!("not applicable: {}", f.message)),
        (_, Verdict::Undetermined) => Outcome::Skipped(format!("{}: {}", undecided(f), f.message)),
        (_, Verdict::Fail) if f.severity < run.options.fail_on => {
            let below = format!("{}, below --fail-on {}", f.severity, run.options.fail_on);
            Outcome::Skipped(format!("{} ({below})", f.message))
        }
        (_, Verdict::Fail) => Outcome::Failed(
            format!("{}: {}", f.severity, f.message),
            f.severity.word(),
            body(sources, names, f),
        ),
    };
    Case {
        name: format!("{}{detail} ({})", f.subject.address, f.subject.kind),
        at: line(sources, &f.evidence.at),
        outcome,
    }
}

fn line(sources: &Sources<'_>, at: &Location) -> Option<(String, u32)> {
    let place = at.place()?;
    Some((sources.path(place.file).to_owned(), place.span.start.line))
}

/// What a person reads who opens the failed test.
fn body(sources: &Sources<'_>, names: &Names<'_>, f: &Finding) -> String {
    let mut body = format!("{}\n", f.message);
    for evidence in std::iter::once(&f.evidence).chain(&f.related) {
        // Writing to a string cannot fail.
        let _ = writeln!(body, "{}: {}", sources.words(&evidence.at), evidence.says);
    }
    if !f.affects.is_empty() {
        let functions: Vec<&str> = f.affects.iter().map(|id| names.name(id)).collect();
        let _ = writeln!(body, "affects: {}", functions.join(", "));
    }
    if let Some(fix) = &f.fix {
        let _ = writeln!(body, "fix: {}", fix.says);
        for line in paste(sources, fix).iter().flat_map(|paste| paste.lines()) {
            let _ = writeln!(body, "  {line}");
        }
    }
    let _ = write!(body, "maremma explain {}", f.rule.id);
    body
}

/// Text in one line, as the value of an attribute.
fn line_of(words: &str) -> String {
    escaped(plain::line(words))
}

fn text(words: &str) -> String {
    escaped(plain::block(words))
}

/// What is markup escaped; `plain` has replaced the control characters, which XML 1.0 does not have, and
/// two that remain are no characters there.
fn escaped(words: Cow<'_, str>) -> String {
    let mut out = String::with_capacity(words.len());
    for c in words.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{OPEN_URL, estate, evidence, finding, open_url, place, run, wide_role};
    use crate::run::NotAssessed;
    use maremma_model::{Fix, Gap, GapKind, Severity, Suppression, Why};
    use roxmltree::{Document, Node};

    fn written(run: &Run<'_>) -> String {
        let mut out = Vec::new();
        junit(run, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    /// The cases as `suite / name: outcome`.
    fn told(document: &Document<'_>) -> Vec<String> {
        let cases = document.descendants().filter(|node| node.has_tag_name("testcase"));
        let outcome = |case: Node<'_, '_>| match case.first_element_child() {
            Some(child) => format!("{} {}", child.tag_name().name(), child.attribute("message").unwrap()),
            None => "passed".to_owned(),
        };
        cases
            .map(|case| {
                let [suite, name] = ["classname", "name"].map(|name| case.attribute(name).unwrap());
                format!("{suite} / {name}: {}", outcome(case))
            })
            .collect()
    }

    #[test]
    fn what_fails_the_run_is_a_failure_and_all_else_is_told() {
        let mut estate = estate();
        estate.gaps.push(Gap {
            kind: GapKind::Unparsed,
            reason: "not YAML".into(),
            at: Some(place(&estate, "Stock").into()),
            affects: Vec::new(),
        });
        let mut unsure = finding(
            &OPEN_URL,
            "Other",
            &[],
            evidence("Other", place(&estate, "NONE"), "open"),
        );
        unsure.verdict = Verdict::Undetermined;
        unsure.undecided = vec![Why::Parameter("Stage".into())];
        let mut accepted = finding(
            &OPEN_URL,
            "Third",
            &[],
            evidence("Third", place(&estate, "NONE"), "open"),
        );
        accepted.suppression = Some(Suppression {
            source: "comment".into(),
            reason: "public".into(),
            until: Some("2027-01-01".into()),
        });
        let findings = [wide_role(&estate), unsure, accepted, open_url(&estate)];
        let not_assessed = [NotAssessed {
            check: "role-admin".into(),
            reason: "no roles here".into(),
        }];
        let mut run = Run {
            not_assessed: &not_assessed,
            ..run(&estate, &findings)
        };
        run.options.fail_on = Severity::Critical;
        let xml = written(&run);
        let document = Document::parse(&xml).unwrap();
        assert_eq!(
            told(&document),
            [
                "not-read / template.yaml:17:3: not read: skipped not read: not YAML",
                "role-admin / Role (AWS::IAM::Role): skipped Execution role may do everything of Role (high, below --fail-on critical)",
                "role-admin / not assessed: skipped no roles here",
                "url-auth-none / OrdersUrl (AWS::Lambda::Url): failure critical: Function URL without authentication of OrdersUrl",
                "url-auth-none / Other (AWS::Lambda::Url): skipped undetermined because parameter Stage has no default and was not given: --parameter Stage=VALUE: Function URL without authentication of Other",
                "url-auth-none / Third (AWS::Lambda::Url): skipped suppressed: public (comment, until 2027-01-01)",
            ]
        );
        let root = document.root_element();
        let number = |name| root.attribute(name).unwrap();
        assert_eq!(["tests", "failures", "skipped"].map(number), ["6", "1", "5"]);
        let failure = document
            .descendants()
            .find(|node| node.has_tag_name("failure"))
            .unwrap();
        assert_eq!(
            failure.text().unwrap(),
            "Function URL without authentication of OrdersUrl\ntemplate.yaml:11:17: AuthType is NONE\naffects: Orders\n\
             fix: set AuthType to AWS_IAM\n  AuthType: AWS_IAM\nmaremma explain url-auth-none"
        );
        assert_eq!(failure.parent().unwrap().attribute("line"), Some("11"));
    }

    #[test]
    fn a_check_that_found_nothing_passed() {
        let estate = estate();
        let xml = written(&run(&estate, &[]));
        let document = Document::parse(&xml).unwrap();
        let expected = [
            "role-admin / nothing found: passed",
            "url-auth-none / nothing found: passed",
        ];
        assert_eq!(told(&document), expected);
        let mut passed = open_url(&estate);
        passed.verdict = Verdict::Pass;
        let findings = [passed];
        let mut run = run(&estate, &findings);
        run.options.include_passed = true;
        let xml = written(&run);
        assert!(xml.contains("OrdersUrl (AWS::Lambda::Url)"), "{xml}");
    }

    #[test]
    fn what_a_stranger_writes_is_text() {
        let estate = estate();
        let hostile = "]]> <x a=\"'&amp;\">\u{0}\u{1b}[2J\u{85}\u{ffff}\u{202e} 📚\r\n</failure>";
        let shown = "]]> <x a=\"'&amp;\">␀␛[2J\u{fffd}\u{fffd}\u{fffd} 📚";
        let mut open = open_url(&estate);
        open.message = hostile.into();
        open.detail = Some(hostile.into());
        open.subject.address = hostile.into();
        open.fix = Some(Fix::new(hostile).snippet("PASSWORD: hunter2hunter2\n]]>"));
        let findings = [open];
        let xml = written(&run(&estate, &findings));
        let document = Document::parse(&xml).unwrap();
        let failure = document
            .descendants()
            .find(|node| node.has_tag_name("failure"))
            .unwrap();
        let text = failure.text().unwrap();
        assert!(text.starts_with(&format!("{shown}\n</failure>\n")), "{text}");
        assert!(text.contains("PASSWORD: •••\n  ]]>"), "{text}");
        assert_eq!(
            failure.attribute("message").unwrap(),
            format!("critical: {shown} </failure>")
        );
    }
}
