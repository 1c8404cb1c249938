//! `maremma fix`: apply the edits that findings propose, or show them.

use crate::args::Fix;
use crate::baseline::Baseline;
use crate::config::{self, Config};
use crate::edits::{self, Plan};
use crate::judging::{self, Asked, FINDINGS, Judged, Selected};
use crate::output::{self, Terminal};
use jiff::civil::Date;
use maremma_checks::{Context, Keep, Said, compare};
use maremma_model::{Estate, FileId, Finding, Verdict};
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

pub(super) fn run(args: &Fix, terminal: &Terminal) -> anyhow::Result<ExitCode> {
    let targets = &args.target.targets;
    let config = config::load(targets, &args.target.reading)?;
    let selected = Asked::of(&args.chosen, &config).selected(&args.chosen, &config)?;
    let as_of = judging::day(&args.chosen);
    let estate = judging::read(targets, &args.target.reading, &config, terminal)?;
    let judged = judge(&estate, &config, &selected, as_of);
    let plan = Plan::of(&judged.findings, &estate);
    let all = if args.write {
        let (written, all) = write(&plan, &estate, targets);
        if written > 0 {
            let after = judging::read(targets, &args.target.reading, &config, terminal)?;
            let again = judge(&after, &config, &selected, as_of);
            let told = result((&estate, &judged), (&after, &again), &config, as_of, written);
            output::write(None, told.as_bytes())?;
        }
        all
    } else {
        let all = show(&plan, &estate, terminal)?;
        all && plan.count() == 0
    };
    say_rest(&plan, &estate, args.write, terminal);
    Ok(if all {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(FINDINGS)
    })
}

fn judge(estate: &Estate, config: &Config, selected: &Selected, as_of: Date) -> Judged {
    let context = Context::new(estate, &config.trust, as_of);
    judging::judge(&context, config, selected, &Baseline::default(), Keep::Open)
}

fn path(estate: &Estate, file: FileId) -> &str {
    estate.file(file).map_or("?", |file| &file.path)
}

const UNREADABLE: &str = "it would not read as before but for the edits";

/// Prints what would change; whether all of it can be written.
fn show(plan: &Plan, estate: &Estate, terminal: &Terminal) -> anyhow::Result<bool> {
    let mut all = true;
    let mut patches = String::new();
    for (file, edits) in &plan.edits {
        if edits::applied(estate, *file, edits).is_some() {
            patches.push_str(&maremma_report::patch(estate, *file, edits, terminal.color));
        } else {
            all = false;
            terminal.remark(&format!("{} is left as it is: {UNREADABLE}", path(estate, *file)));
        }
    }
    output::write(None, patches.as_bytes())?;
    Ok(all)
}

/// Writes the files: how many edits that were, and whether it was all of them.
fn write(plan: &Plan, estate: &Estate, targets: &[PathBuf]) -> (usize, bool) {
    let (mut written, mut all) = (0, true);
    for (file, edits) in &plan.edits {
        let told = path(estate, *file);
        let old = estate
            .file(*file)
            .and_then(|file| file.text.as_deref())
            .unwrap_or_default();
        let done = match edits::applied(estate, *file, edits) {
            Some(new) => edits::located(targets, told, old).and_then(|path| edits::write(&path, old, &new)),
            None => Err(anyhow::anyhow!("{UNREADABLE}")),
        };
        match done {
            Ok(()) => written += edits.len(),
            Err(error) => {
                all = false;
                output::say_error(&error.context(format!("cannot edit {told}")));
            }
        }
    }
    (written, all)
}

/// What the edits came to, found by judging again.
fn result(
    (old, before): (&Estate, &Judged),
    (new, after): (&Estate, &Judged),
    config: &Config,
    as_of: Date,
    written: usize,
) -> String {
    let (old, new) = (
        Context::new(old, &config.trust, as_of),
        Context::new(new, &config.trust, as_of),
    );
    let said =
        |judged: &'_ Judged| -> Vec<String> { judged.not_assessed.iter().map(|entry| entry.check.clone()).collect() };
    let (not_before, not_after) = (said(before), said(after));
    let (not_before, not_after): (Vec<&str>, Vec<&str>) = (
        not_before.iter().map(String::as_str).collect(),
        not_after.iter().map(String::as_str).collect(),
    );
    let of = |judged, not_assessed| Said {
        findings: judged,
        not_assessed,
    };
    let change = compare(
        (&old, of(&before.findings, &not_before)),
        (&new, of(&after.findings, &not_after)),
    );
    let fails = |finding: &&Finding| finding.verdict == Verdict::Fail && finding.suppression.is_none();
    let fixed = change
        .findings
        .gone
        .iter()
        .filter(|(finding, _)| fails(finding))
        .count();
    let better = change.findings.changed.iter();
    let better = better.filter(|(old, new)| fails(old) && !fails(new)).count();
    let left = after.findings.iter().filter(fails).count();
    let mut told = format!(
        "edits written: {written} · findings fixed: {} · left: {left}\n",
        fixed + better
    );
    for finding in change.findings.new.iter().filter(|finding| fails(finding)) {
        let line = format!(
            "new since: {} {} {}: {}",
            finding.severity, finding.rule.id, finding.subject.address, finding.message
        );
        let _ = writeln!(told, "{}", maremma_report::harmless(&line));
    }
    told
}

/// What is not done, and why.
fn say_rest(plan: &Plan, estate: &Estate, written: bool, terminal: &Terminal) {
    for skipped in &plan.skipped {
        let (file, line) = (path(estate, skipped.at.file), skipped.at.span.start.line);
        let (check, reason) = (skipped.check, &skipped.reason);
        terminal.remark(&format!("{file}:{line}: left as it is for {check}: {reason}"));
    }
    if plan.count() > 0 && !written {
        terminal.remark(&format!(
            "edits: {} in files: {}, for findings: {}; --write writes them",
            plan.count(),
            plan.edits.len(),
            plan.findings
        ));
    }
    let others = plan.by_hand + plan.skipped.len();
    if others > 0 {
        terminal.remark(&format!(
            "findings that need a hand: {others}, of which say what to paste: {}; see `maremma scan`",
            plan.with_snippet
        ));
    } else if plan.count() == 0 {
        terminal.remark("nothing to edit");
    }
}
