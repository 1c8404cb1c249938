//! What the commands that judge share: read the targets, choose the checks, judge and suppress.

use crate::args::{Chosen, Failing, Reading};
use crate::baseline::Baseline;
use crate::config::Config;
use crate::output::Terminal;
use crate::own;
use crate::paste;
use crate::progress::Progress;
use crate::select::{self, Catalogue};
use jiff::civil::Date;
use maremma_checks::{AnyCheck, Assessment, Context, Keep, Suppressions, suppress};
use maremma_model::finding::Counted;
use maremma_model::{Estate, Finding, Framework, Gap, Rule, Severity, Tier, Verdict};
use maremma_report::{DatedFacts, NotAssessed, Note, Tool};
use std::path::PathBuf;

/// Findings, where there must be none.
pub(crate) const FINDINGS: u8 = 1;

pub(crate) const TOOL: Tool<'static> = Tool {
    name: "maremma",
    version: env!("CARGO_PKG_VERSION"),
    url: env!("CARGO_PKG_REPOSITORY"),
};

/// What is asked for, the command line before the configuration.
pub(crate) struct Asked<'a> {
    pub(crate) framework: Option<Framework>,
    pub(crate) tier: Tier,
    /// The only checks to run; all of the tier where there is none.
    pub(crate) only: &'a [String],
    skip: Vec<String>,
}

impl<'a> Asked<'a> {
    pub(crate) fn of(chosen: &'a Chosen, config: &'a Config) -> Self {
        // A framework asks for every tier, unless a tier is said where the framework is.
        let tier = match (chosen.tier, chosen.framework) {
            (Some(tier), _) => tier,
            (None, Some(_)) => Tier::Hygiene,
            (None, None) => config
                .tier
                .or(config.framework.map(|_| Tier::Hygiene))
                .unwrap_or(Tier::Hardening),
        };
        let only = if chosen.checks.is_empty() {
            &config.check
        } else {
            &chosen.checks
        };
        Asked {
            framework: chosen.framework.or(config.framework),
            tier,
            only,
            skip: chosen.skip.iter().chain(&config.skip).cloned().collect(),
        }
    }

    /// The checks of the framework that do not run.
    pub(crate) fn left_out(&self, selected: &Selected, chosen: &[&'static Rule]) -> Vec<&'static Rule> {
        self.framework
            .map_or_else(Vec::new, |framework| selected.catalogue.left_out(framework, chosen))
    }

    /// The checks that are asked for, of those that come with the program and one's own.
    pub(crate) fn selected(&self, chosen: &Chosen, config: &Config) -> anyhow::Result<Selected> {
        let own = own::load(chosen.own.directories(config))?;
        let catalogue = Catalogue::with(own);
        let checks = catalogue.checks(&select::Asked {
            tier: self.tier,
            only: self.only,
            skip: &self.skip,
            framework: self.framework,
        })?;
        Ok(Selected {
            catalogue,
            checks,
            own: own.iter().map(|check| check.rule.id).collect(),
        })
    }
}

/// The checks of a run, among all that there are.
pub(crate) struct Selected {
    catalogue: Catalogue,
    pub(crate) checks: Vec<AnyCheck>,
    /// The ids of one's own.
    pub(crate) own: Vec<&'static str>,
}

/// The day that stands for today.
pub(crate) fn day(chosen: &Chosen) -> Date {
    chosen.as_of.unwrap_or_else(|| jiff::ZonedDateTime::now().date())
}

/// What fails a run, the command line before the configuration.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bar {
    pub(crate) fail_on: Severity,
    pub(crate) strict: bool,
}

impl Bar {
    pub(crate) fn of(failing: &Failing, config: &Config) -> Self {
        Bar {
            fail_on: failing.fail_on.or(config.fail_on).unwrap_or(Severity::Low),
            strict: failing.strict || config.strict,
        }
    }

    /// Whether a finding fails the run.
    pub(crate) fn fails(self, finding: &Finding) -> bool {
        finding.suppression.is_none()
            && finding.severity >= self.fail_on
            && (finding.verdict == Verdict::Fail || self.strict && finding.verdict == Verdict::Undetermined)
    }
}

/// Reads targets, with progress on a terminal.
pub(crate) fn read(
    targets: &[PathBuf],
    reading: &Reading,
    config: &Config,
    terminal: &Terminal,
) -> anyhow::Result<Estate> {
    let progress = Progress::new(terminal.progress);
    let estate = maremma_source::read(targets, &config.reading(reading), &mut |path| progress.file(path));
    progress.finish();
    Ok(estate?)
}

/// What the checks said, with what was suppressed marked.
#[derive(Debug)]
pub(crate) struct Judged {
    pub(crate) findings: Vec<Finding>,
    pub(crate) counted: Counted,
    pub(crate) not_assessed: Vec<NotAssessed>,
    pub(crate) notes: Vec<Note>,
    /// What is wrong with policies, which only who judges them reads.
    pub(crate) gaps: Vec<Gap>,
}

pub(crate) fn judge(
    context: &Context<'_>,
    config: &Config,
    selected: &Selected,
    baseline: &Baseline,
    keep: Keep,
) -> Judged {
    let Assessment {
        mut findings,
        counted,
        not_assessed,
    } = maremma_checks::assess(context, &selected.checks, keep);
    let rules: Vec<&'static Rule> = selected.checks.iter().map(|check| check.rule()).collect();
    let idle = suppress(
        &mut findings,
        context.estate,
        &Suppressions {
            entries: &config.ignores,
            baseline: baseline.entries(),
            as_of: context.as_of,
            known: &selected.catalogue.rules(),
        },
        &rules,
    );
    paste::in_syntax(&mut findings, context.estate);
    let notes = idle
        .into_iter()
        .map(|idle| Note {
            message: idle.message,
            at: idle.at,
        })
        .collect();
    Judged {
        findings,
        counted,
        not_assessed: not_assessed.into_iter().map(of_input).collect(),
        notes,
        gaps: context.policies.gaps(),
    }
}

fn of_input(entry: maremma_checks::NotAssessed) -> NotAssessed {
    NotAssessed {
        check: entry.check.to_owned(),
        reason: entry.reason,
    }
}

/// The facts about AWS that judgements rest on.
pub(crate) fn facts() -> Vec<DatedFacts> {
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

/// Targets as they were given.
pub(crate) fn told(targets: &[PathBuf]) -> Vec<String> {
    targets.iter().map(|target| target.display().to_string()).collect()
}
