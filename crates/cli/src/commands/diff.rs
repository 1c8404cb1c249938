//! `maremma diff`: read and judge two targets, and tell what lies between them.

use crate::args::{Diff, DiffFormat};
use crate::baseline::Baseline;
use crate::config::{self, Config};
use crate::judging::{self, Asked, Bar, FINDINGS, Judged, TOOL};
use crate::output::{self, Terminal};
use anyhow::Context as _;
use maremma_checks::{Context, Keep, Said, compare};
use maremma_model::Estate;
use maremma_report::{Difference, Side, TextOptions};
use maremma_source::{Options, SourceError};
use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

pub(super) fn run(args: &Diff, terminal: &Terminal) -> anyhow::Result<ExitCode> {
    let of = |target: &Path| config::load(&[target.to_owned()], &args.reading);
    // What the change does to the configuration is a part of it; which checks run, the new one says for both.
    let (old_config, new_config) = (of(&args.old)?, of(&args.new)?);
    let selected = Asked::of(&args.chosen, &new_config).selected(&args.chosen, &new_config)?;
    let (mut old, mut new) = read(args, &old_config, &new_config)?;
    let as_of = judging::day(&args.chosen);
    let old_context = Context::new(&old, &old_config.trust, as_of);
    let new_context = Context::new(&new, &new_config.trust, as_of);
    let nothing = Baseline::default();
    let judge =
        |context: &Context<'_>, config: &Config| judging::judge(context, config, &selected, &nothing, Keep::Open);
    let before = judge(&old_context, &old_config);
    let after = judge(&new_context, &new_config);
    let (not_before, not_after) = (unassessed(&before), unassessed(&after));
    let change = compare(
        (&old_context, said(&before, &not_before)),
        (&new_context, said(&after, &not_after)),
    );
    old.gaps.extend(before.gaps.iter().cloned());
    new.gaps.extend(after.gaps.iter().cloned());

    let bar = Bar::of(&args.failing, &new_config);
    let failing = change.findings.failing(|finding| bar.fails(finding));
    let difference = Difference {
        tool: TOOL,
        as_of: &as_of.to_string(),
        facts: &judging::facts(),
        old: Side {
            target: &args.old.display().to_string(),
            estate: &old,
            not_assessed: &before.not_assessed,
        },
        new: Side {
            target: &args.new.display().to_string(),
            estate: &new,
            not_assessed: &after.not_assessed,
        },
        change: &change,
        fail_on: bar.fail_on,
        failing,
    };
    write(args, &difference, terminal)?;
    if failing > 0 || bar.strict && new.gaps.iter().any(|gap| !old.gaps.contains(gap)) {
        return Ok(ExitCode::from(FINDINGS));
    }
    // Nothing of a target could be read: that nothing is new is not known then.
    let unread = old.units.is_empty() || new.units.is_empty();
    Ok(if unread {
        ExitCode::from(crate::COULD_NOT_RUN)
    } else {
        ExitCode::SUCCESS
    })
}

fn said<'f>(judged: &'f Judged, not_assessed: &'f [&'f str]) -> Said<'f> {
    Said {
        findings: &judged.findings,
        not_assessed,
    }
}

fn unassessed(judged: &Judged) -> Vec<&str> {
    judged.not_assessed.iter().map(|entry| entry.check.as_str()).collect()
}

/// Both targets. A parameter that is given need be declared in one of them only: the change may be about it.
fn read(args: &Diff, old_config: &Config, new_config: &Config) -> anyhow::Result<(Estate, Estate)> {
    let one = |target: &Path, config: &Config| declared(target, config.reading(&args.reading));
    let (old, not_in_old) = one(&args.old, old_config).with_context(|| format!("{}", args.old.display()))?;
    let (new, not_in_new) = one(&args.new, new_config).with_context(|| format!("{}", args.new.display()))?;
    if let Some(name) = not_in_old.intersection(&not_in_new).next() {
        return Err(SourceError::Undeclared { name: name.clone() }.into());
    }
    Ok((old, new))
}

/// A target, and the parameters that it does not declare.
fn declared(target: &Path, mut options: Options) -> Result<(Estate, BTreeSet<String>), SourceError> {
    let mut missing = BTreeSet::new();
    loop {
        match maremma_source::read(&[target.to_owned()], &options, &mut |_| {}) {
            Err(SourceError::Undeclared { name }) => {
                options.declared.retain(|declared| *declared != name);
                missing.insert(name);
            }
            read => return Ok((read?, missing)),
        }
    }
}

fn write(args: &Diff, difference: &Difference<'_>, terminal: &Terminal) -> anyhow::Result<()> {
    let file = args.output.as_deref();
    let mut report = output::open(file)?;
    let out = &mut report;
    let written = match args.format {
        DiffFormat::Text => {
            let options = TextOptions {
                color: terminal.color && file.is_none(),
                width: Some(terminal.width),
            };
            maremma_report::diff_text(difference, &options, out)
        }
        DiffFormat::Json => maremma_report::diff_json(difference, out),
        DiffFormat::Markdown => maremma_report::diff_markdown(difference, out),
    };
    output::named(file, written.and_then(|()| report.flush()))
}
