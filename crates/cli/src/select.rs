//! Which checks run, and which findings are asked for.

use anyhow::bail;
use maremma_checks::{AnyCheck, UserCheck, all, distance};
use maremma_model::{Estate, Finding, Framework, Rule, Tier};
use std::collections::HashSet;

/// What the command line and the configuration ask for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) tier: Tier,
    /// By their ids; none for all of the tier.
    pub(crate) only: &'a [String],
    pub(crate) skip: &'a [String],
    pub(crate) framework: Option<Framework>,
}

/// Every check that there is.
#[derive(Debug)]
pub(crate) struct Catalogue(Vec<AnyCheck>);

impl Catalogue {
    /// Those of the house and the user's own.
    pub(crate) fn with(own: &'static [UserCheck]) -> Self {
        let house = all().iter().copied().map(AnyCheck::from);
        Catalogue(house.chain(own.iter().map(AnyCheck::from)).collect())
    }

    pub(crate) fn rules(&self) -> Vec<&'static Rule> {
        self.0.iter().map(|check| check.rule()).collect()
    }

    /// The checks of a tier and below, or those named, with a control of the framework; less those left out.
    pub(crate) fn checks(&self, asked: &Asked<'_>) -> anyhow::Result<Vec<AnyCheck>> {
        let ids = |names: &[String]| {
            let ids = names.iter().map(|name| Ok(self.find(name)?.rule().id));
            ids.collect::<anyhow::Result<HashSet<_>>>()
        };
        let (wanted, unwanted) = (ids(asked.only)?, ids(asked.skip)?);
        let chosen = self.0.iter().copied().filter(|check| {
            let rule = check.rule();
            let named = if wanted.is_empty() {
                rule.tier <= asked.tier
            } else {
                wanted.contains(rule.id)
            };
            named && asked.framework.is_none_or(|of| has(rule, of)) && !unwanted.contains(rule.id)
        });
        let chosen: Vec<_> = chosen.collect();
        if chosen.is_empty() {
            let of = asked
                .framework
                .map(|framework| format!(" with a control of {framework}"));
            bail!(
                "no check{} is left to run: see `maremma checks`",
                of.unwrap_or_default()
            );
        }
        Ok(chosen)
    }

    /// The checks about controls of the framework that are not among those chosen.
    pub(crate) fn left_out(&self, framework: Framework, chosen: &[&'static Rule]) -> Vec<&'static Rule> {
        let runs = |rule: &Rule| chosen.iter().any(|one| one.id == rule.id);
        let rules = self.rules().into_iter();
        rules.filter(|rule| has(rule, framework) && !runs(rule)).collect()
    }

    /// A check by its id, or by the id of an exact equivalent in another tool.
    pub(crate) fn find(&self, name: &str) -> anyhow::Result<AnyCheck> {
        let by_id = self.0.iter().find(|check| check.rule().id == name);
        let by_equivalent = || {
            self.0.iter().find(|check| {
                let mut equivalents = check.rule().equivalents.iter();
                equivalents.any(|e| e.exact && e.id.eq_ignore_ascii_case(name))
            })
        };
        match by_id.or_else(by_equivalent) {
            Some(check) => Ok(*check),
            None => {
                let ids = self.0.iter().map(|check| check.rule().id);
                let near = ids.min_by_key(|id| distance(id, name));
                let hint = near
                    .filter(|id| distance(id, name) <= 4)
                    .map(|id| format!(": did you mean {id}?"))
                    .unwrap_or_default();
                bail!("no check is called {name:?}{hint} (`maremma checks` lists them)")
            }
        }
    }

    /// A check by its id or that of an equivalent, near ones included where there is but one; and what it is to the id where
    /// it is not the very same.
    pub(crate) fn explained(&self, name: &str) -> anyhow::Result<(&'static Rule, Option<String>)> {
        let error = match self.find(name) {
            Ok(check) => return Ok((check.rule(), None)),
            Err(error) => error,
        };
        let near = |rule: &&'static Rule| {
            let ids = rule.equivalents.iter().map(|other| other.id);
            let controls = rule.controls.iter().map(|control| control.id);
            ids.chain(controls).any(|id| id.eq_ignore_ascii_case(name))
        };
        let near: Vec<&'static Rule> = self.rules().into_iter().filter(near).collect();
        match near.as_slice() {
            [] => Err(error),
            [rule] => Ok((
                *rule,
                Some(format!("no check asks the same as {name}; {} comes near", rule.id)),
            )),
            several => {
                let ids: Vec<&str> = several.iter().map(|rule| rule.id).collect();
                bail!("no check asks the same as {name}; near it come {}", ids.join(", "))
            }
        }
    }
}

/// Whether a check is about a control of the framework.
pub(crate) fn has(rule: &Rule, framework: Framework) -> bool {
    rule.controls.iter().any(|control| control.framework == framework)
}

/// Keeps the findings that touch functions whose name or address matches the glob, and says how many
/// functions those are.
pub(crate) fn functions(findings: &mut Vec<Finding>, estate: &Estate, glob: &str) -> anyhow::Result<usize> {
    let matcher = globset::Glob::new(glob)?.compile_matcher();
    let mut ids = HashSet::new();
    for row in estate.functions.values() {
        let name = row.resource.name.to_string();
        if matcher.is_match(&name) || matcher.is_match(&*row.resource.address) {
            ids.insert(row.resource.address.clone());
        }
    }
    if ids.is_empty() {
        bail!("no function matches {glob:?}");
    }
    // `affects` holds ids, whose end is the address or the name.
    let touches = |finding: &Finding| {
        ids.contains(&finding.subject.address)
            || finding.affects.iter().any(|id| {
                let name = id.rsplit(['#', ':']).next().unwrap_or(id);
                ids.contains(name) || matcher.is_match(name)
            })
    };
    findings.retain(touches);
    Ok(ids.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(name: &str) -> anyhow::Result<AnyCheck> {
        Catalogue::with(&[]).find(name)
    }

    fn explained(name: &str) -> anyhow::Result<(&'static Rule, Option<String>)> {
        Catalogue::with(&[]).explained(name)
    }

    #[test]
    fn a_misspelt_check_is_guessed() {
        let error = find("url-auth-nome").unwrap_err().to_string();
        assert!(error.contains("did you mean url-auth-none?"), "{error}");
        assert_eq!(find("ckv_aws_258").unwrap().rule().id, "url-auth-none");
    }

    #[test]
    fn what_comes_near_is_explained_where_it_is_one() {
        assert!(explained("url-auth-none").unwrap().1.is_none());
        assert!(explained("CKV_AWS_258").unwrap().1.is_none());
        // The catalogue grows: what comes near one check today may come near two tomorrow.
        let ids = all()
            .iter()
            .flat_map(|check| check.rule.controls)
            .map(|control| control.id);
        let single = ids.filter(|id| {
            let with = |check: &&&maremma_checks::Check| check.rule.controls.iter().any(|control| control.id == *id);
            all().iter().filter(with).count() == 1
        });
        let remarks: Vec<String> = single.filter_map(|id| explained(&id.to_lowercase()).ok()?.1).collect();
        assert!(
            remarks.iter().any(|remark| remark.contains("comes near")),
            "{remarks:?}"
        );
        let several = explained("AC-3").unwrap_err().to_string();
        assert!(
            several.contains("near it come") && several.contains("key-policy-open"),
            "{several}"
        );
        assert!(explained("CKV_AWS_999999").is_err());
    }
}
