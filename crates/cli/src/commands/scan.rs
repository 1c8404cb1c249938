//! `maremma scan`: read, judge, suppress, report.

use crate::args::Scan;
use crate::baseline::Baseline;
use crate::config;
use crate::judging::{self, Asked, Bar, FINDINGS, TOOL};
use crate::output::{self, Destination, Format, Terminal};
use crate::select;
use anyhow::bail;
use maremma_checks::{Context, Keep};
use maremma_model::{Estate, Finding, Rule};
use maremma_report::{Options, Run, Scope, TextOptions};
use std::io::Write as _;
use std::process::ExitCode;
use std::time::Instant;

pub(super) fn run(args: &Scan, terminal: &Terminal) -> anyhow::Result<ExitCode> {
    let start = Instant::now();
    let destinations = destinations(args)?;
    let targets = &args.target.targets;
    let config = config::load(targets, &args.target.reading)?;
    let asked = Asked::of(&args.chosen, &config);
    let selected = asked.selected(&args.chosen, &config)?;
    let baseline = args.baseline.as_deref().or(config.baseline.as_deref());
    let baseline = baseline.map(Baseline::read).transpose()?.unwrap_or_default();
    let as_of = judging::day(&args.chosen);

    let mut estate = judging::read(targets, &args.target.reading, &config, terminal)?;
    // Which good verdicts touch a function or a control is known only from the verdicts themselves.
    let keep = if args.include_passed || args.function.is_some() || asked.framework.is_some() {
        Keep::Every
    } else {
        Keep::Open
    };
    let context = Context::new(&estate, &config.trust, as_of);
    let mut judged = judging::judge(&context, &config, &selected, &baseline, keep);
    drop(context);
    let functions = match &args.function {
        Some(glob) => select::functions(&mut judged.findings, &estate, glob)?,
        None => estate.functions.len(),
    };
    estate.gaps.append(&mut judged.gaps);
    let rules: Vec<&'static Rule> = selected.checks.iter().map(|check| check.rule()).collect();
    let left_out = asked.left_out(&selected, &rules);
    let bar = Bar::of(&args.failing, &config);
    let run = Run {
        tool: TOOL,
        targets: &judging::told(targets),
        as_of: &as_of.to_string(),
        facts: &judging::facts(),
        estate: &estate,
        findings: &judged.findings,
        counted: judged.counted,
        checks: &rules,
        own: &selected.own,
        not_assessed: &judged.not_assessed,
        notes: &judged.notes,
        functions,
        framework: asked.framework.map(|framework| Scope {
            framework,
            left_out: &left_out,
        }),
        options: Options {
            include_passed: args.include_passed,
            fail_on: bar.fail_on,
            strict: bar.strict,
            tier: asked.tier,
            named: !asked.only.is_empty(),
        },
        elapsed: start.elapsed(),
    };
    write_all(&destinations, &run, terminal)?;
    let code = exit_code(&estate, &judged.findings, bar);
    // The process ends here: to free a large estate piece by piece only takes time.
    std::mem::forget((estate, judged));
    Ok(code)
}

/// Where the reports go: every `--format`, the text to stdout where none is asked for.
fn destinations(args: &Scan) -> anyhow::Result<Vec<Destination>> {
    let mut destinations = args.format.clone();
    if destinations.is_empty() {
        destinations.push(Destination {
            format: Format::Text,
            file: None,
        });
    }
    let mut loose = destinations.iter_mut().filter(|destination| destination.file.is_none());
    let first = loose.next();
    if loose.next().is_some() {
        bail!("two reports cannot both go to stdout: write one of them as --format FORMAT=FILE");
    }
    match (&args.output, first) {
        (Some(path), Some(first)) => first.file = Some(path.clone()),
        (Some(path), None) => bail!("--output {}: every --format has a file of its own", path.display()),
        (None, _) => {}
    }
    Ok(destinations)
}

fn write_all(destinations: &[Destination], run: &Run<'_>, terminal: &Terminal) -> anyhow::Result<()> {
    for destination in destinations {
        write(destination, run, terminal)?;
    }
    // An event is about a finding; that nothing was lost is for whoever runs the scan to know.
    let unread = run.estate.gaps.len() + run.not_assessed.len();
    if unread > 0 && destinations.iter().all(|of| of.format == Format::Ocsf) {
        terminal.remark(&format!(
            "{unread} gaps and checks not assessed have no place in OCSF: --format text or json lists them"
        ));
    }
    Ok(())
}

fn write(destination: &Destination, run: &Run<'_>, terminal: &Terminal) -> anyhow::Result<()> {
    let file = destination.file.as_deref();
    let mut report = output::open(file)?;
    let out = &mut report;
    let written = match destination.format {
        Format::Text => {
            let options = TextOptions {
                color: terminal.color && file.is_none(),
                width: Some(terminal.width),
            };
            maremma_report::text(run, &options, out)
        }
        Format::Json => maremma_report::json(run, out),
        Format::Sarif => maremma_report::sarif(run, out),
        Format::Html => maremma_report::html(run, out),
        Format::Junit => maremma_report::junit(run, out),
        Format::Ocsf => maremma_report::ocsf(run, out),
        Format::Csv => maremma_report::csv(run, out),
        Format::Markdown => maremma_report::markdown(run, out),
        Format::Github => maremma_report::github(run, out),
    };
    output::named(file, written.and_then(|()| report.flush()))
}

fn exit_code(estate: &Estate, findings: &[Finding], bar: Bar) -> ExitCode {
    if findings.iter().any(|finding| bar.fails(finding)) || bar.strict && !estate.gaps.is_empty() {
        return ExitCode::from(FINDINGS);
    }
    // Something was recognised and nothing of it could be read: that is no clean bill.
    if estate.units.is_empty() {
        ExitCode::from(crate::COULD_NOT_RUN)
    } else {
        ExitCode::SUCCESS
    }
}
