//! `maremma scan`: read, judge, suppress, report.

use crate::args::Scan;
use crate::config::{self, Config};
use crate::output::{self, Destination, Format, Terminal};
use crate::own;
use crate::paste;
use crate::progress::Progress;
use crate::select::{self, Catalogue};
use anyhow::{Context as _, bail};
use maremma_checks::{AnyCheck, Assessment, Context, Keep, Suppressions, suppress};
use maremma_model::finding::Counted;
use maremma_model::{Estate, Finding, Framework, Gap, Rule, Severity, Tier, Verdict};
use maremma_report::{DatedFacts, NotAssessed, Note, Options, Run, Scope, TextOptions, Tool};
use std::collections::HashSet;
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

const FINDINGS: u8 = 1;

pub(super) fn run(args: &Scan, terminal: &Terminal) -> anyhow::Result<ExitCode> {
    let start = Instant::now();
    let destinations = destinations(args)?;
    let config = config::load(&args.target)?;
    let asked = Asked::of(args, &config);
    let own = own::load(args.own.directories(&config))?;
    let catalogue = Catalogue::with(own);
    let checks = asked.checks(&catalogue)?;
    let baseline = args.baseline.as_deref().or(config.baseline.as_deref());
    let baseline = baseline.map(fingerprints).transpose()?.unwrap_or_default();
    let as_of = args.as_of.unwrap_or_else(|| jiff::ZonedDateTime::now().date());

    let mut estate = read(args, &config, terminal)?;
    let mut judged = judge(args, &config, (&catalogue, &checks), &estate, &baseline, as_of)?;
    estate.gaps.append(&mut judged.gaps);
    let rules: Vec<&'static Rule> = checks.iter().map(|check| check.rule()).collect();
    let left_out = asked.left_out(&catalogue, &rules);
    let own: Vec<&'static str> = own.iter().map(|check| check.rule.id).collect();
    let fail_on = args.fail_on.or(config.fail_on).unwrap_or(Severity::Low);
    let strict = args.strict || config.strict;
    let targets: Vec<_> = args
        .target
        .targets
        .iter()
        .map(|target| target.display().to_string())
        .collect();
    let run = Run {
        tool: Tool {
            name: "maremma",
            version: env!("CARGO_PKG_VERSION"),
            url: env!("CARGO_PKG_REPOSITORY"),
        },
        targets: &targets,
        as_of: &as_of.to_string(),
        facts: &facts(),
        estate: &estate,
        findings: &judged.findings,
        counted: judged.counted,
        checks: &rules,
        own: &own,
        not_assessed: &judged.not_assessed,
        notes: &judged.notes,
        functions: judged.functions,
        framework: asked.framework.map(|framework| Scope {
            framework,
            left_out: &left_out,
        }),
        options: Options {
            include_passed: args.include_passed,
            fail_on,
            strict,
            tier: asked.tier,
            named: !asked.only.is_empty(),
        },
        elapsed: start.elapsed(),
    };
    write_all(&destinations, &run, terminal)?;
    let code = exit_code(&estate, &judged.findings, fail_on, strict);
    // The process ends here: to free a large estate piece by piece only takes time.
    std::mem::forget((estate, judged));
    Ok(code)
}

/// What is asked for, the command line before the configuration.
struct Asked<'a> {
    framework: Option<Framework>,
    tier: Tier,
    /// The only checks to run; all of the tier where there is none.
    only: &'a [String],
    skip: Vec<String>,
}

impl<'a> Asked<'a> {
    fn of(args: &'a Scan, config: &'a Config) -> Self {
        // A framework asks for every tier, unless a tier is said where the framework is.
        let tier = match (args.tier, args.framework) {
            (Some(tier), _) => tier,
            (None, Some(_)) => Tier::Hygiene,
            (None, None) => config
                .tier
                .or(config.framework.map(|_| Tier::Hygiene))
                .unwrap_or(Tier::Hardening),
        };
        let only = if args.checks.is_empty() {
            &config.check
        } else {
            &args.checks
        };
        Asked {
            framework: args.framework.or(config.framework),
            tier,
            only,
            skip: args.skip.iter().chain(&config.skip).cloned().collect(),
        }
    }

    /// The checks of the framework that do not run.
    fn left_out(&self, catalogue: &Catalogue, chosen: &[&'static Rule]) -> Vec<&'static Rule> {
        self.framework
            .map_or_else(Vec::new, |framework| catalogue.left_out(framework, chosen))
    }

    fn checks(&self, catalogue: &Catalogue) -> anyhow::Result<Vec<AnyCheck>> {
        catalogue.checks(&select::Asked {
            tier: self.tier,
            only: self.only,
            skip: &self.skip,
            framework: self.framework,
        })
    }
}

fn read(args: &Scan, config: &Config, terminal: &Terminal) -> anyhow::Result<Estate> {
    let progress = Progress::new(terminal.progress);
    let estate = maremma_source::read(&args.target.targets, &config.reading(&args.target), &mut |path| {
        progress.file(path)
    });
    progress.finish();
    Ok(estate?)
}

/// What the checks said, with what was suppressed marked.
struct Judged {
    /// How many functions were asked for.
    functions: usize,
    findings: Vec<Finding>,
    counted: Counted,
    not_assessed: Vec<NotAssessed>,
    notes: Vec<Note>,
    /// What is wrong with policies, which only who judges them reads.
    gaps: Vec<Gap>,
}

fn judge(
    args: &Scan,
    config: &Config,
    (catalogue, checks): (&Catalogue, &[AnyCheck]),
    estate: &Estate,
    baseline: &HashSet<String>,
    as_of: jiff::civil::Date,
) -> anyhow::Result<Judged> {
    let context = Context::new(estate, &config.trust, as_of);
    // Which good verdicts touch a function or a control is known only from the verdicts themselves.
    let by_control = Asked::of(args, config).framework.is_some();
    let keep = if args.include_passed || args.function.is_some() || by_control {
        Keep::Every
    } else {
        Keep::Open
    };
    let Assessment {
        mut findings,
        counted,
        not_assessed,
    } = maremma_checks::assess(&context, checks, keep);
    let rules: Vec<&'static Rule> = checks.iter().map(|check| check.rule()).collect();
    let idle = suppress(
        &mut findings,
        estate,
        &Suppressions {
            entries: &config.ignores,
            baseline,
            as_of,
            known: &catalogue.rules(),
        },
        &rules,
    );
    let functions = match &args.function {
        Some(glob) => select::functions(&mut findings, estate, glob)?,
        None => estate.functions.len(),
    };
    paste::in_syntax(&mut findings, estate);
    let notes = idle
        .into_iter()
        .map(|idle| Note {
            message: idle.message,
            at: idle.at,
        })
        .collect();
    Ok(Judged {
        functions,
        findings,
        counted,
        not_assessed: not_assessed.into_iter().map(of_input).collect(),
        notes,
        gaps: context.policies.gaps(),
    })
}

fn of_input(entry: maremma_checks::NotAssessed) -> NotAssessed {
    NotAssessed {
        check: entry.check.to_owned(),
        reason: entry.reason,
    }
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

fn facts() -> Vec<DatedFacts> {
    let of = |info: &maremma_facts::SourceInfo| DatedFacts {
        name: info.name.to_string(),
        source: info.package.to_string(),
        version: info.version.to_string(),
        date: info.date.to_string(),
    };
    let mut facts: Vec<_> = maremma_facts::sources().iter().map(of).collect();
    // One table may be made of several files of one package.
    facts.dedup();
    facts
}

/// The fingerprints in an earlier report of ours, JSON or SARIF.
fn fingerprints(path: &Path) -> anyhow::Result<HashSet<String>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let report: serde_json::Value =
        serde_json::from_str(&text).with_context(|| format!("{} is no JSON", path.display()))?;
    let list = |value: &serde_json::Value, key: &str| value.get(key).and_then(serde_json::Value::as_array).cloned();
    let own = list(&report, "findings").map(|mut findings| {
        findings.extend(list(&report, "suppressed").unwrap_or_default());
        findings
            .iter()
            .filter_map(|f| Some(f.get("fingerprint")?.as_str()?.to_owned()))
            .collect()
    });
    let sarif = || {
        let runs = list(&report, "runs")?;
        let results = runs.iter().flat_map(|run| list(run, "results").unwrap_or_default());
        let of = |result: serde_json::Value| {
            let prints = result.get("partialFingerprints")?.as_object()?.clone();
            prints
                .into_iter()
                .find(|(key, _)| key.starts_with("maremma"))
                .and_then(|(_, value)| Some(value.as_str()?.to_owned()))
        };
        Some(results.filter_map(of).collect())
    };
    own.or_else(sarif)
        .with_context(|| format!("{} is no report of maremma: expected JSON or SARIF", path.display()))
}

fn exit_code(estate: &Estate, findings: &[Finding], fail_on: Severity, strict: bool) -> ExitCode {
    let counts = |finding: &Finding| {
        finding.suppression.is_none()
            && finding.severity >= fail_on
            && (finding.verdict == Verdict::Fail || strict && finding.verdict == Verdict::Undetermined)
    };
    if findings.iter().any(counts) || strict && !estate.gaps.is_empty() {
        return ExitCode::from(FINDINGS);
    }
    // Something was recognised and nothing of it could be read: that is no clean bill.
    if estate.units.is_empty() {
        ExitCode::from(crate::COULD_NOT_RUN)
    } else {
        ExitCode::SUCCESS
    }
}
