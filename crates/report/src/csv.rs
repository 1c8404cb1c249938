//! The report as comma-separated values (RFC 4180): one row a finding, for spreadsheets.
//!
//! What was not read or not assessed has rows of its own, so that a sheet without failing rows is not
//! taken for a clean bill.

use crate::order::{Names, Sorted, gaps, not_assessed, worst_first};
use crate::plain;
use crate::remedy::{cause, paste};
use crate::run::Run;
use crate::source::Sources;
use maremma_model::{Finding, Location};
use std::io::{self, Write};

/// Columns are added at the end, so that what reads them by number goes on.
const COLUMNS: [&str; COUNT] = [
    "verdict",
    "severity",
    "check",
    "title",
    "kind",
    "address",
    "name",
    "account",
    "region",
    "qualifier",
    "detail",
    "functions",
    "message",
    "file",
    "line",
    "column",
    "end_line",
    "end_column",
    "evidence",
    "fix",
    "paste",
    "undecided",
    "tier",
    "confidence",
    "controls",
    "equivalents",
    "suppressed_by",
    "suppression_reason",
    "suppression_until",
    "fingerprint",
];
const COUNT: usize = 30;
type Row = [String; COUNT];

/// Writes the report as comma-separated values. The verdict of a suppressed finding is `suppressed`:
/// who filters by `fail` gets what counts. `not_read` and `not_assessed` stand in the same column.
///
/// # Errors
/// Those of `out`.
pub fn csv(run: &Run<'_>, out: &mut impl Write) -> io::Result<()> {
    let sources = Sources::of(run.estate);
    let names = Names::of(run);
    let sorted = Sorted::of(run.findings);
    write_row(&COLUMNS, out)?;
    for findings in [&sorted.failed, &sorted.undetermined, &sorted.suppressed] {
        for finding in worst_first(findings) {
            write_row(&row(&sources, &names, finding), out)?;
        }
    }
    if run.options.include_passed {
        for finding in sorted.passed.iter().chain(&sorted.not_applicable) {
            write_row(&row(&sources, &names, finding), out)?;
        }
    }
    for gap in gaps(run.estate) {
        let mut row = Row::default();
        set(&mut row, "verdict", "not_read");
        set(&mut row, "check", &gap.affects.join(" "));
        set(&mut row, "message", &gap.reason);
        if let Some(at) = &gap.at {
            place(&mut row, &sources, at);
        }
        write_row(&row, out)?;
    }
    for entry in not_assessed(run) {
        let mut row = Row::default();
        set(&mut row, "verdict", "not_assessed");
        set(&mut row, "check", &entry.check);
        set(&mut row, "message", &entry.reason);
        write_row(&row, out)?;
    }
    Ok(())
}

fn row(sources: &Sources<'_>, names: &Names<'_>, f: &Finding) -> Row {
    let mut row = Row::default();
    let verdict = f.suppression.as_ref().map_or(f.verdict.word(), |_| "suppressed");
    let functions: Vec<&str> = f.affects.iter().map(|id| names.name(id)).collect();
    let controls: Vec<String> = f
        .rule
        .controls
        .iter()
        .map(|c| format!("{} {}", c.framework, c.id))
        .collect();
    let equivalents: Vec<&str> = f.rule.equivalents.iter().map(|other| other.id).collect();
    let subject = &f.subject;
    for (column, text) in [
        ("verdict", verdict),
        ("severity", f.severity.word()),
        ("check", f.rule.id),
        ("title", f.rule.title),
        ("kind", &subject.kind),
        ("address", &subject.address),
        ("name", &subject.name),
        ("account", subject.account.as_deref().unwrap_or_default()),
        ("region", subject.region.as_deref().unwrap_or_default()),
        ("qualifier", subject.qualifier.as_deref().unwrap_or_default()),
        ("detail", f.detail.as_deref().unwrap_or_default()),
        ("functions", &functions.join(" ")),
        ("message", &f.message),
        ("evidence", &f.evidence.says),
        ("tier", f.rule.tier.word()),
        ("confidence", f.confidence.word()),
        ("controls", &controls.join("; ")),
        ("equivalents", &equivalents.join("; ")),
        ("fingerprint", &f.fingerprint),
    ] {
        set(&mut row, column, text);
    }
    place(&mut row, sources, &f.evidence.at);
    if let Some(fix) = &f.fix {
        set(&mut row, "fix", &fix.says);
        set(&mut row, "paste", &paste(sources, fix).unwrap_or_default());
    }
    if !f.undecided.is_empty() {
        let (because, remedy) = cause(f);
        let remedy = remedy.map(|remedy| format!(": {remedy}")).unwrap_or_default();
        set(&mut row, "undecided", &format!("{because}{remedy}"));
    }
    if let Some(why) = &f.suppression {
        set(&mut row, "suppressed_by", &why.source);
        set(&mut row, "suppression_reason", &why.reason);
        set(&mut row, "suppression_until", why.until.as_deref().unwrap_or_default());
    }
    row
}

/// A place in a file in columns; another one in words, where the file would stand.
fn place(row: &mut Row, sources: &Sources<'_>, at: &Location) {
    let Location::File(place) = at else {
        return set(row, "file", &sources.words(at));
    };
    let (start, end) = (place.span.start, place.span.end);
    set(row, "file", sources.path(place.file));
    set(row, "line", &start.line.to_string());
    set(row, "column", &start.column.to_string());
    set(row, "end_line", &end.line.to_string());
    set(row, "end_column", &end.column.to_string());
}

fn set(row: &mut Row, column: &str, text: &str) {
    let at = COLUMNS.iter().position(|name| *name == column);
    if let Some(cell) = at.and_then(|at| row.get_mut(at)) {
        text.clone_into(cell);
    }
}

fn write_row(row: &[impl AsRef<str>], out: &mut impl Write) -> io::Result<()> {
    for (index, text) in row.iter().enumerate() {
        if index > 0 {
            out.write_all(b",")?;
        }
        out.write_all(cell(text.as_ref()).as_bytes())?;
    }
    out.write_all(b"\r\n")
}

/// A cell that a spreadsheet takes for text, whatever a stranger wrote: one that would be a formula
/// gets an apostrophe before it (OWASP, "CSV Injection").
fn cell(text: &str) -> String {
    let text = plain::block(text);
    let formula = |c: char| matches!(c, '=' | '+' | '-' | '@' | '\t' | '\n' | '＝' | '＋' | '－' | '＠');
    let apostrophe = if text.starts_with(formula) { "'" } else { "" };
    if text.contains([',', '"', '\n']) {
        return format!("\"{apostrophe}{}\"", text.replace('"', "\"\""));
    }
    format!("{apostrophe}{text}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{estate, open_url, run, wide_role};
    use crate::run::NotAssessed;
    use maremma_model::{Gap, GapKind, Suppression, Verdict, Why};
    use std::collections::BTreeMap;

    type Sheet = Vec<BTreeMap<String, String>>;

    fn read(run: &Run<'_>) -> Sheet {
        let mut out = Vec::new();
        csv(run, &mut out).unwrap();
        let mut reader = ::csv::Reader::from_reader(out.as_slice());
        let rows: Result<Sheet, _> = reader.deserialize().collect();
        rows.unwrap()
    }

    #[test]
    fn every_finding_has_a_row_and_so_has_what_was_not_read() {
        let mut estate = estate();
        let mut unsure = wide_role(&estate);
        unsure.verdict = Verdict::Undetermined;
        unsure.undecided = vec![Why::Parameter("Stage".into())];
        let mut accepted = open_url(&estate);
        accepted.suppression = Some(Suppression {
            source: "comment".into(),
            reason: "public, on purpose".into(),
            until: Some("2027-01-01".into()),
        });
        let mut passed = wide_role(&estate);
        passed.verdict = Verdict::Pass;
        estate.gaps.push(Gap {
            kind: GapKind::Unparsed,
            reason: "not YAML".into(),
            at: Some(crate::fixture::place(&estate, "Stock").into()),
            affects: Vec::new(),
        });
        let findings = [unsure, accepted, passed, open_url(&estate)];
        let not_assessed = [NotAssessed {
            check: "role-admin".into(),
            reason: "no roles".into(),
        }];
        let mut run = Run {
            not_assessed: &not_assessed,
            ..run(&estate, &findings)
        };
        let told = |rows: &Sheet| rows.iter().map(|row| row["verdict"].clone()).collect::<Vec<_>>();
        let rows = read(&run);
        assert_eq!(
            told(&rows),
            ["fail", "undetermined", "suppressed", "not_read", "not_assessed"]
        );
        assert_eq!(rows[0]["line"], "11");
        assert_eq!(rows[0]["paste"], "AuthType: AWS_IAM");
        assert_eq!(rows[0]["controls"], "fsbp Lambda.1");
        assert!(rows[1]["undecided"].ends_with("was not given: --parameter Stage=VALUE"));
        assert_eq!(rows[1]["functions"], "Orders Stock");
        assert_eq!(rows[2]["suppression_reason"], "public, on purpose");
        assert_eq!(rows[3]["line"], "17");
        run.options.include_passed = true;
        assert_eq!(told(&read(&run))[3], "pass");
    }

    #[test]
    fn what_a_stranger_writes_stays_one_cell_and_no_formula() {
        let estate = estate();
        let hostile = "=cmd|'/C calc'!A0,\"x\"\r\nsecond\u{1b}[2J 📚";
        for begin in ["=1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", "＝1"] {
            let mut open = open_url(&estate);
            open.message = begin.into();
            open.detail = Some(hostile.into());
            let findings = [open];
            let rows = read(&run(&estate, &findings));
            assert_eq!(rows.len(), 1);
            assert!(rows[0]["message"].starts_with(['\'', '␍']), "{:?}", rows[0]["message"]);
            assert_eq!(rows[0]["detail"], "'=cmd|'/C calc'!A0,\"x\"\nsecond␛[2J 📚");
        }
    }

    #[test]
    fn values_in_a_proposed_edit_are_masked() {
        let estate = estate();
        let mut open = open_url(&estate);
        open.fix = Some(maremma_model::Fix::new("set it").snippet("PASSWORD: hunter2hunter2"));
        let findings = [open];
        assert_eq!(read(&run(&estate, &findings))[0]["paste"], "PASSWORD: •••");
    }
}
