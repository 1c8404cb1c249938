//! A difference in the shape of the JSON report.

use super::schema as s;
use super::{Difference, SCHEMA, Side};
use crate::json::build::{Build, gaps, location, unit};
use crate::json::schema as scan;
use crate::mask::Masks;
use maremma_model::change::{Difference as One, FunctionChange, RoleChange, Stand, Turn};
use maremma_model::{Estate, Severity, Verdict};
use std::borrow::Cow;

pub(super) fn difference<'a>(of: &Difference<'a>) -> s::Diff<'a> {
    let change = of.change;
    let values = Values {
        old: of.old.estate,
        new: of.new.estate,
        masks: (Masks::of(of.old.estate), Masks::of(of.new.estate)),
    };
    let (mut old, mut new) = (Build::of(of.old.estate), Build::of(of.new.estate));
    let findings = &change.findings;
    s::Diff {
        schema: SCHEMA,
        tool: scan::Tool {
            name: of.tool.name,
            version: of.tool.version,
            url: of.tool.url,
        },
        as_of: of.as_of,
        facts: of.facts.iter().map(crate::json::build::facts).collect(),
        old: side(&of.old),
        new: side(&of.new),
        summary: summary(of),
        findings: s::Findings {
            new: findings.new.iter().map(|finding| new.finding(finding)).collect(),
            gone: findings
                .gone
                .iter()
                .map(|(finding, reason)| s::Gone {
                    reason: s::Reason(*reason),
                    finding: old.finding(finding),
                })
                .collect(),
            changed: findings
                .changed
                .iter()
                .map(|(before, after)| s::Changed {
                    before: old.finding(before),
                    after: new.finding(after),
                })
                .collect(),
        },
        functions: change
            .functions
            .iter()
            .map(|function| values.function(function))
            .collect(),
        roles: change.roles.iter().map(|role| values.role(role)).collect(),
    }
}

fn side<'a>(side: &Side<'a>) -> s::Side<'a> {
    s::Side {
        target: side.target,
        units: side.estate.units.iter().map(unit).collect(),
        functions: side.estate.functions.len(),
        gaps: gaps(side.estate),
        not_assessed: side
            .not_assessed
            .iter()
            .map(|entry| scan::NotAssessed {
                check: &entry.check,
                reason: entry.reason.as_str().into(),
            })
            .collect(),
    }
}

fn summary(of: &Difference<'_>) -> s::Summary {
    let change = of.change;
    let new = &change.findings.new;
    let failed = |severity: Severity| {
        let of = new.iter().filter(|finding| finding.verdict == Verdict::Fail);
        of.filter(|finding| finding.severity == severity).count()
    };
    let functions = |turn: Turn| {
        change
            .functions
            .iter()
            .filter(|function| function.turn() == turn)
            .count()
    };
    s::Summary {
        new: scan::Severities {
            critical: failed(Severity::Critical),
            high: failed(Severity::High),
            medium: failed(Severity::Medium),
            low: failed(Severity::Low),
            info: failed(Severity::Info),
        },
        new_undetermined: new
            .iter()
            .filter(|finding| finding.verdict == Verdict::Undetermined)
            .count(),
        gone: change.findings.gone.len(),
        changed: change.findings.changed.len(),
        same: change.findings.same,
        functions_added: functions(Turn::Added),
        functions_removed: functions(Turn::Removed),
        functions_changed: functions(Turn::Changed),
        opened: change.differences().filter(|one| one.opens).count(),
        unknown: change.differences().filter(|one| one.turn == Turn::Unknown).count(),
        fail_on: scan::Severity(of.fail_on),
        failing: of.failing,
    }
}

struct Values<'a> {
    old: &'a Estate,
    new: &'a Estate,
    masks: (Masks, Masks),
}

impl<'a> Values<'a> {
    fn function(&self, function: &'a FunctionChange) -> s::Function<'a> {
        let stand = |estate: &'a Estate, stand: &'a Stand| s::Stand {
            unit: &stand.unit,
            address: &stand.address,
            location: location(estate, &stand.at, Some(&stand.address)),
        };
        s::Function {
            name: &function.name,
            change: s::Turn(function.turn()),
            old: function.old.as_ref().map(|old| stand(self.old, old)),
            new: function.new.as_ref().map(|new| stand(self.new, new)),
            differences: function.differences.iter().map(|one| self.one(one)).collect(),
        }
    }

    fn role(&self, role: &'a RoleChange) -> s::Role<'a> {
        s::Role {
            old: role.old.as_deref(),
            new: role.new.as_deref(),
            functions: role.functions.iter().map(AsRef::as_ref).collect(),
            differences: role.differences.iter().map(|one| self.one(one)).collect(),
        }
    }

    fn one(&self, one: &'a One) -> s::Difference<'a> {
        let scrubbed = |text: &'a Option<String>| -> Option<Cow<'a, str>> {
            let text = self.masks.0.scrub(text.as_deref()?);
            match text {
                Cow::Borrowed(text) => Some(self.masks.1.scrub(text)),
                Cow::Owned(text) => Some(Cow::Owned(self.masks.1.scrub(&text).into_owned())),
            }
        };
        let estate = if one.in_old { self.old } else { self.new };
        s::Difference {
            aspect: s::Aspect(one.aspect),
            change: s::Turn(one.turn),
            what: scrubbed(&one.what),
            before: scrubbed(&one.before),
            after: scrubbed(&one.after),
            opens: one.opens,
            location: location(estate, &one.at, None),
        }
    }
}
