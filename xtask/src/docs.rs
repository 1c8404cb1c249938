//! Documents made from code: the pages and catalogue of checks, the schemas of reports.

use crate::generate::Files;
use maremma_checks::Check;
use maremma_model::{Equivalent, Framework, Peer, Rule, Tier};
use std::collections::BTreeMap;
use std::fmt::Write as _;

const MADE: &str = "<!-- Made by `cargo xtask generate`; edit the page beside the check. -->\n";

/// A page for every check, the catalogue, and the checks by other tools' ids.
pub(crate) fn checks() -> Files {
    let checks = maremma_checks::all();
    let mut files: Files = checks
        .iter()
        .map(|check| (format!("{}.md", check.rule.id), page(&check.rule)))
        .collect();
    files.insert("README.md".to_owned(), catalogue(checks));
    files.insert("coming-from.md".to_owned(), coming_from(checks));
    files
}

pub(crate) fn schemas() -> Files {
    let file = |name: &str, schema: String| (name.to_owned(), format!("{}\n", schema.trim_end()));
    Files::from([
        file("diff.schema.json", maremma_report::diff_schema()),
        file("scan.schema.json", maremma_report::scan_schema()),
        ("snapshot-members.md".to_owned(), members()),
    ])
}

/// What is read of formats, where that is a table in the code.
pub(crate) fn formats() -> Files {
    Files::from([("terraform-resources.md".to_owned(), terraform_resources())])
}

fn terraform_resources() -> String {
    let types = maremma_source::terraform_types();
    let mut text = format!(
        "<!-- Made by `cargo xtask generate` from the tables of words. -->\n\
         # Terraform's resources\n\n\
         The {} types of the AWS provider that [configurations](terraform.md) and [plans](terraform-plan.md) are read for, the CloudFormation type\n\
         whose checks judge each, and the attributes that are read. A type *of* another one sets properties of the resource that the attribute in\n\
         brackets names. Other types are in the estate by type and address alone, and so are those of other providers.\n\n\
         | Terraform | CloudFormation | Attributes |\n|---|---|---|\n",
        types.len()
    );
    for ty in types {
        let of = ty.by.map_or_else(String::new, |by| format!("of (`{by}`) "));
        let attributes: Vec<String> = ty.attributes.iter().map(|name| format!("`{name}`")).collect();
        let _ = writeln!(text, "| `{}` | {of}`{}` | {} |", ty.name, ty.cfn, attributes.join(", "));
    }
    text
}

/// What expressions in checks of one's own can ask for, from the types of the model.
fn members() -> String {
    let mut text = "<!-- Made by `cargo xtask generate` from the types of the model. -->\n\
        # Members of a snapshot's rows\n\n\
        What expressions in [checks of one's own](../user-checks.md) can ask for. Every row also has `name`, `arn`, `address`, `kind`, `account` and\n\
        `region`, which are texts. `[]` stands for the items of a list, *document* for a part of a policy, whose members are AWS's, and *resource* for a\n\
        row of any table.\n"
        .to_owned();
    for noun in maremma_checks::user::members() {
        let _ = writeln!(text, "\n## `estate.{}`: {}\n", noun.table, noun.name.replace('_', " "));
        let kinds: Vec<String> = noun.kinds.iter().map(|kind| format!("`{kind}`")).collect();
        if !kinds.is_empty() {
            let _ = writeln!(text, "Subject {}.\n", kinds.join(", "));
        }
        if noun.members.is_empty() {
            text += "No members of its own.\n";
            continue;
        }
        text += "| Member | What is there |\n|---|---|\n";
        for (path, of) in noun.members {
            let _ = writeln!(text, "| `{path}` | {of} |");
        }
    }
    text
}

/// The prose of a check's page, with the rule's metadata below its title.
fn page(rule: &Rule) -> String {
    let prose = maremma_report::prose(rule.page);
    let (title, body) = prose.split_once('\n').unwrap_or((&prose, ""));
    let mut page = format!("{MADE}{title}\n\n");
    let _ = writeln!(page, "| | |\n|---|---|");
    let _ = writeln!(page, "| Check | `{}` |", rule.id);
    let _ = writeln!(page, "| Subject | `{}` |", rule.subject);
    let _ = writeln!(page, "| Tier | {} |", rule.tier);
    let _ = writeln!(page, "| Severity | {} |", rule.severity);
    let _ = writeln!(page, "| Confidence | {} |", rule.confidence);
    row(&mut page, "Controls", &controls(rule));
    row(&mut page, "In other tools", &in_other_tools(rule));
    page + body
}

fn row(page: &mut String, name: &str, cell: &str) {
    if !cell.is_empty() {
        let _ = writeln!(page, "| {name} | {cell} |");
    }
}

/// `NIST AC-3, AC-6; OWASP SAS-2`.
fn controls(rule: &Rule) -> String {
    let ids = rule
        .controls
        .iter()
        .map(|control| (control.framework, control.id.to_owned()));
    grouped(ids, |framework| framework.word().to_uppercase())
}

/// Exact ones first: `Checkov `CKV_AWS_301`; near: KICS `...``.
fn in_other_tools(rule: &Rule) -> String {
    let of = |exact: bool| {
        let ids = rule.equivalents.iter().filter(move |other| other.exact == exact);
        grouped(ids.map(|other| (other.peer, format!("`{}`", bare(other.id)))), |peer| {
            peer.to_string()
        })
    };
    let (exact, near) = (of(true), of(false));
    match (exact.is_empty(), near.is_empty()) {
        (_, true) => exact,
        (true, false) => format!("near: {near}"),
        (false, false) => format!("{exact}; near: {near}"),
    }
}

/// Names with what belongs to them, in the order of the names.
fn grouped<N: Ord + Copy>(ids: impl Iterator<Item = (N, String)>, name: impl Fn(N) -> String) -> String {
    let mut groups: BTreeMap<N, Vec<String>> = BTreeMap::new();
    for (of, id) in ids {
        groups.entry(of).or_default().push(id);
    }
    let groups = groups.into_iter().map(|(of, mut ids)| {
        ids.sort_by(|a, b| maremma_report::natural_order(a, b));
        format!("{} {}", name(of), ids.join(", "))
    });
    groups.collect::<Vec<_>>().join("; ")
}

/// Every check, a table a tier.
fn catalogue(checks: &[&Check]) -> String {
    let mut rules: Vec<&Rule> = checks.iter().map(|check| &check.rule).collect();
    rules.sort_by_key(|rule| (rule.tier, std::cmp::Reverse(rule.severity), rule.id));
    let mut text = format!(
        "{MADE}# Checks\n\n{} checks, by tier and severity. `maremma explain CHECK` prints a page. Another tool's checks are found by\n\
         their ids in [coming from another tool](coming-from.md); *near* ones ask nearly the same.\n",
        rules.len()
    );
    for tier in Tier::ALL {
        let of_tier: Vec<&&Rule> = rules.iter().filter(|rule| rule.tier == *tier).collect();
        if of_tier.is_empty() {
            continue;
        }
        let (name, says) = tier_heading(*tier);
        let _ = writeln!(text, "\n## {name}\n\n{says}\n");
        text +=
            "| Check | What it finds | Severity | Subject | Controls | In other tools |\n|---|---|---|---|---|---|\n";
        for rule in of_tier {
            let Rule {
                id,
                title,
                severity,
                subject,
                ..
            } = rule;
            let _ = writeln!(
                text,
                "| [`{id}`]({id}.md) | {title} | {severity} | `{subject}` | {} | {} |",
                controls(rule),
                in_other_tools(rule)
            );
        }
    }
    text
}

fn tier_heading(tier: Tier) -> (&'static str, &'static str) {
    match tier {
        Tier::Core => ("Core", "An attacker gains by it."),
        Tier::Hardening => (
            "Hardening",
            "Defence in depth that an expert would ask for. A plain scan shows core and hardening.",
        ),
        Tier::Hygiene => ("Hygiene", "Good practice without a direct attack: `--tier hygiene`."),
    }
}

/// Our checks by the id of another tool's: the check, and whether it asks the very same.
type Theirs = BTreeMap<&'static str, BTreeMap<&'static str, bool>>;

/// An id of Security Hub without the name of its standard, which findings do not have.
fn bare(id: &'static str) -> &'static str {
    id.strip_prefix("FSBP ").unwrap_or(id)
}

/// The ids of other tools with our checks, a table a tool.
fn coming_from(checks: &[&Check]) -> String {
    let mut peers: BTreeMap<Peer, Theirs> = BTreeMap::new();
    for rule in checks.iter().map(|check| &check.rule) {
        let controls = rule
            .controls
            .iter()
            .filter(|control| control.framework == Framework::Fsbp);
        let controls = controls.map(|control| Equivalent::near(Peer::SecurityHub, control.id));
        for other in rule.equivalents.iter().copied().chain(controls) {
            let exact = peers
                .entry(other.peer)
                .or_default()
                .entry(bare(other.id))
                .or_default()
                .entry(rule.id)
                .or_default();
            *exact |= other.exact;
        }
    }
    let mut text = format!(
        "{MADE}# Coming from another tool\n\n\
         What its checks are called here. *Exact* asks the very same, so that Checkov's skip comments of it count here, too; *near* asks nearly the\n\
         same: read the page before you carry a decision over. `maremma explain ID` takes these ids as well, and `--check` and `--skip` the exact ones.\n\
         What is not listed has no check here.\n"
    );
    for (peer, theirs) in peers {
        let _ = writeln!(text, "\n## {peer}\n\n| {peer} | Here | Match |\n|---|---|---|");
        let mut rows: Vec<_> = theirs.into_iter().collect();
        rows.sort_by(|(a, _), (b, _)| maremma_report::natural_order(a, b));
        for (id, ours) in rows {
            for (check, exact) in ours {
                let exact = if exact { "exact" } else { "near" };
                let _ = writeln!(text, "| `{id}` | [`{check}`]({check}.md) | {exact} |");
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_equivalent_and_control_of_security_hub_is_in_a_table() {
        let checks = maremma_checks::all();
        let page = coming_from(checks);
        for rule in checks.iter().map(|check| &check.rule) {
            let controls = rule
                .controls
                .iter()
                .filter(|control| control.framework == Framework::Fsbp);
            let ids = rule
                .equivalents
                .iter()
                .map(|other| other.id)
                .chain(controls.map(|control| control.id));
            for id in ids.map(bare) {
                let row = format!("| `{id}` | [`{}`]({}.md) |", rule.id, rule.id);
                assert!(page.contains(&row), "{row}");
            }
        }
        assert!(
            page.contains("| `CKV_AWS_258` | [`url-auth-none`](url-auth-none.md) | exact |"),
            "{page}"
        );
    }

    #[test]
    fn every_type_of_terraform_has_a_row() {
        let page = terraform_resources();
        let types = maremma_source::terraform_types();
        assert_eq!(page.matches("\n| `aws_").count(), types.len());
        assert!(page.contains("| of (`role`) `AWS::IAM::Role` |"), "{page}");
        let function = page.lines().find(|line| line.starts_with("| `aws_lambda_function` |"));
        assert!(function.unwrap().contains("`environment.variables`"), "{function:?}");
    }

    #[test]
    fn the_catalogue_has_a_row_a_check() {
        let checks = maremma_checks::all();
        let page = catalogue(checks);
        assert_eq!(page.matches("\n| [`").count(), checks.len());
    }
}
