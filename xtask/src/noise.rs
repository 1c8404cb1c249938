//! What the checks say of many templates that nobody wrote for them: how much is read, how much is found.

use anyhow::{Context as _, Result};
use maremma_checks::{Context, Trust, all, run as run_checks};
use maremma_model::{Finding, Tier, Verdict};
use maremma_source::{Options, read_texts};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// What was said over all templates.
#[derive(Default)]
struct Tally {
    templates: usize,
    /// Read without a gap.
    whole: usize,
    functions: usize,
    /// Fails and undetermined verdicts by check.
    by_check: BTreeMap<&'static str, (Tier, usize, usize)>,
    /// The reasons of gaps, by how many templates have them.
    gaps: BTreeMap<String, usize>,
}

/// Judges every template below a directory by itself, and prints what that came to.
pub(crate) fn run(directory: &Path) -> Result<()> {
    let mut paths = Vec::new();
    templates(directory, &mut paths)?;
    paths.sort();
    let mut tally = Tally::default();
    for path in &paths {
        // A file that is not text is no template.
        if let Ok(text) = fs::read_to_string(path) {
            tally.add(&text);
        }
    }
    tally.print();
    Ok(())
}

fn templates(directory: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(directory).with_context(|| format!("cannot read {}", directory.display()))? {
        let path = entry?.path();
        let ending = path.extension().and_then(|ending| ending.to_str());
        if path.is_dir() {
            templates(&path, found)?;
        } else if matches!(ending, Some("yaml" | "yml" | "json" | "template")) {
            found.push(path);
        }
    }
    Ok(())
}

impl Tally {
    fn add(&mut self, text: &str) {
        let estate = read_texts(&[("template", text)], &Options::default());
        if estate.units.is_empty() {
            return;
        }
        let trust = Trust::default();
        let context = Context::new(&estate, &trust, jiff::ZonedDateTime::now().date());
        let findings = run_checks(&context, all());
        self.templates += 1;
        self.functions += estate.functions.len();
        let gaps = estate.gaps.iter().chain(&context.policies.gaps()).count();
        self.whole += usize::from(gaps == 0);
        let mut reasons: Vec<_> = estate.gaps.iter().map(|gap| gap.reason.to_string()).collect();
        reasons.sort();
        reasons.dedup();
        for reason in reasons {
            *self.gaps.entry(reason).or_default() += 1;
        }
        for finding in &findings {
            self.count(finding);
        }
    }

    fn count(&mut self, finding: &Finding) {
        let entry = self.by_check.entry(finding.rule.id);
        let (_, fails, undetermined) = entry.or_insert((finding.rule.tier, 0, 0));
        match finding.verdict {
            Verdict::Fail => *fails += 1,
            Verdict::Undetermined => *undetermined += 1,
            Verdict::Pass | Verdict::NotApplicable => {}
        }
    }

    fn print(&self) {
        let Tally {
            templates,
            whole,
            functions,
            ..
        } = self;
        println!("{templates} templates with {functions} functions; {whole} read without a gap");
        for tier in Tier::ALL {
            let of_tier = self.by_check.values().filter(|(of, ..)| of == tier);
            let (fails, undetermined) = of_tier.fold((0, 0), |sum, (_, fails, open)| (sum.0 + fails, sum.1 + open));
            #[expect(clippy::cast_precision_loss, reason = "an average is for people")]
            let each = fails as f64 / (*templates).max(1) as f64;
            println!("{tier}: {fails} failed ({each:.2} a template), {undetermined} undetermined");
        }
        println!("\n| check | tier | failed | undetermined |\n|---|---|---|---|");
        for (check, (tier, fails, undetermined)) in &self.by_check {
            println!("| {check} | {tier} | {fails} | {undetermined} |");
        }
        let mut gaps: Vec<_> = self.gaps.iter().collect();
        gaps.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
        println!("\nGaps, by templates:");
        for (reason, templates) in gaps.iter().take(25) {
            println!("  {templates}  {reason}");
        }
    }
}
