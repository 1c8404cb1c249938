//! The last lines, read in five seconds.

use super::Page;
use crate::order::{Sorted, count};
use maremma_model::{Severity, Tier};
use std::io::{self, Write};
use std::time::Duration;

pub(super) fn write(page: &Page<'_>, sorted: &Sorted<'_>, named_checks: bool, out: &mut impl Write) -> io::Result<()> {
    let run = page.run;
    writeln!(out, "{}", verdict(page, sorted))?;
    let mut read = vec![
        count(run.functions, "function"),
        count(run.estate.files.len(), "file"),
        count(run.checks.len(), "check"),
    ];
    read.push(elapsed(run.elapsed));
    let tier = match run.options.tier {
        _ if named_checks => "",
        Tier::Hygiene => "",
        Tier::Core => " · more with --tier hardening",
        Tier::Hardening => " · more with --tier hygiene",
    };
    writeln!(out, "{}", page.palette.faint(&format!("{}{tier}", read.join(" · "))))
}

/// The counts. That nothing was found is said only of what was read.
fn verdict(page: &Page<'_>, sorted: &Sorted<'_>) -> String {
    let run = page.run;
    let mut parts = Vec::new();
    for severity in Severity::ALL.iter().rev() {
        let n = sorted.by_severity(*severity);
        if n > 0 {
            parts.push(page.palette.severity(*severity, &format!("{n} {severity}")));
        }
    }
    let gaps = run.estate.gaps.len();
    let open = sorted.undetermined.len() + gaps + run.not_assessed.len();
    if parts.is_empty() {
        parts.push(match (run.functions, open) {
            (0, _) => page.palette.caution("no function was read, so nothing was judged"),
            (_, 0) => page.palette.good("nothing found"),
            _ => page.palette.caution("nothing found in what was read and decided"),
        });
    }
    let mut beside = |n: usize, words: &str| {
        if n > 0 {
            parts.push(page.palette.caution(&format!("{n} {words}")));
        }
    };
    beside(sorted.undetermined.len(), "undetermined");
    beside(gaps, "not read");
    beside(run.not_assessed.len(), "not assessed");
    if !sorted.suppressed.is_empty() {
        parts.push(page.palette.faint(&format!("{} suppressed", sorted.suppressed.len())));
    }
    parts.join(" · ")
}

fn elapsed(time: Duration) -> String {
    if time < Duration::from_secs(1) {
        format!("{} ms", time.as_millis())
    } else {
        format!("{:.1} s", time.as_secs_f64())
    }
}
