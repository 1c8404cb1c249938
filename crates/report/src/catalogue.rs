//! The catalogue of checks, for a terminal and as JSON.

use crate::json::to_string;
use crate::style::Palette;
use maremma_model::{Confidence, Control, Rule, Severity, Tier};
use serde::Serialize;

/// One line a check, by id.
pub fn catalogue_text(rules: &[&Rule], color: bool) -> String {
    let palette = Palette::new(color);
    let rules = sorted(rules);
    let widest = rules.iter().map(|rule| rule.id.len()).max().unwrap_or_default();
    let lines = rules.into_iter().map(|rule| {
        format!(
            "{} {} {} {}\n",
            palette.strong(&format!("{:widest$}", rule.id)),
            palette.severity(rule.severity, &format!("{:8}", rule.severity)),
            palette.faint(&format!("{:9}", rule.tier)),
            rule.title
        )
    });
    lines.collect()
}

/// `{"checks": [{"id", "title", "tier", "severity", "subject", "confidence", "controls", "equivalents"}]}`, by id.
pub fn catalogue_json(rules: &[&Rule]) -> String {
    #[derive(Serialize)]
    struct Catalogue<'a> {
        checks: Vec<Check<'a>>,
    }
    #[derive(Serialize)]
    struct Check<'a> {
        id: &'a str,
        title: &'a str,
        tier: Tier,
        severity: Severity,
        subject: &'a str,
        confidence: Confidence,
        controls: &'a [Control],
        equivalents: Vec<&'a str>,
    }
    let check = |rule: &Rule| Check {
        id: rule.id,
        title: rule.title,
        tier: rule.tier,
        severity: rule.severity,
        subject: rule.subject,
        confidence: rule.confidence,
        controls: rule.controls,
        equivalents: rule.equivalents.iter().map(|other| other.id).collect(),
    };
    to_string(&Catalogue {
        checks: sorted(rules).into_iter().map(check).collect(),
    })
}

fn sorted<'a>(rules: &[&'a Rule]) -> Vec<&'a Rule> {
    let mut rules = rules.to_vec();
    rules.sort_by_key(|rule| rule.id);
    rules
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{OPEN_URL, WIDE_ROLE};

    #[test]
    fn the_catalogue_is_sorted_and_aligned() {
        assert_eq!(
            catalogue_text(&[&OPEN_URL, &WIDE_ROLE], false),
            "role-admin    high     core      Execution role may do everything\n\
             url-auth-none critical core      Function URL without authentication\n"
        );
        let json: serde_json::Value = serde_json::from_str(&catalogue_json(&[&OPEN_URL])).unwrap();
        assert_eq!(json["checks"][0]["equivalents"][0], "CKV_AWS_258");
        assert_eq!(json["checks"][0]["tier"], "core");
        let control = serde_json::json!({"framework": "fsbp", "id": "Lambda.1"});
        assert_eq!(json["checks"][0]["controls"][0], control);
    }
}
