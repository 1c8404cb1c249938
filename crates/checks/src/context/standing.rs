//! Which account is the estate's own, and whom it trusts.

use crate::context::Trust;
use maremma_iam::{Arn, View};
use maremma_model::{Estate, Link, Setting, Text, UnitId};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What stands beside each other where it is deployed: an account and region, where they are given, else
/// one unit.
pub(crate) type Scope = (Option<(Arc<str>, Arc<str>)>, Option<UnitId>);

/// The view of each unit, in their order.
///
/// A unit whose account is not given has the one that its functions' roles and code-signing
/// configurations name: Lambda takes neither from another account.
pub(crate) fn views(estate: &Estate, trust: &Trust) -> Vec<View> {
    let mut named: Vec<BTreeSet<Arc<str>>> = vec![BTreeSet::new(); estate.units.len()];
    for function in estate.functions.values() {
        let of_unit = named.get_mut(unit_row(function.resource.unit));
        let Some(accounts) = of_unit else { continue };
        accounts.extend(account_of(&function.role));
        accounts.extend(account_of(&function.code_signing_config));
    }
    let units = estate.units.iter().zip(named);
    units
        .map(|(unit, named)| {
            let only = named.first().filter(|_| named.len() == 1).cloned();
            let account = unit.account.clone().or(only);
            let mut trusted: Vec<Arc<str>> = trust.accounts.iter().map(|id| id.as_str().into()).collect();
            if account.is_none() {
                trusted.extend(named);
            }
            View {
                account,
                trusted_accounts: trusted,
                organizations: trust.organization.iter().map(|id| id.as_str().into()).collect(),
            }
        })
        .collect()
}

pub(crate) fn unit_row(unit: UnitId) -> usize {
    unit.0 as usize
}

fn account_of<T>(link: &Setting<Link<T>>) -> Option<Arc<str>> {
    match link.value()? {
        Link::Outside(text) => account_in(text),
        Link::Here(_) | Link::Unknown(_) => None,
    }
}

fn account_in(arn: &Text) -> Option<Arc<str>> {
    let account = Arn::parse(arn)?.account;
    let id = account.as_literal()?;
    (id.len() == 12 && id.bytes().all(|byte| byte.is_ascii_digit())).then(|| id.into())
}
