//! Whose estate this is: what makes an account own, trusted or foreign.

use crate::arn::Arn;
use maremma_model::{Text, Why};
use std::sync::Arc;

/// What the caller of [`crate::admits`] knows about the estate and whom it trusts.
#[derive(Clone, Debug, Default)]
pub struct View {
    /// The estate's own account, where it is known (`--account`, `[estate] account`, live input).
    pub account: Option<Arc<str>>,
    /// `[trust] accounts`, and any account that the caller counts among them.
    pub trusted_accounts: Vec<Arc<str>>,
    /// `[trust] organization`.
    pub organizations: Vec<Arc<str>>,
}

/// What an account or organization is to the estate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    Own,
    Trusted,
    /// Known not to be own, and not trusted.
    Foreign,
    /// It is not known which account it is, or which one is own.
    Unknown,
}

/// An account of AWS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Twelve digits, or a text with a hole or wildcard.
    pub id: Text,
    pub standing: Standing,
}

impl View {
    /// What an account id is to the estate. The hole `AWS::AccountId` is the own account.
    pub fn account(&self, id: &Text) -> Account {
        let standing = match id {
            Text::Literal(id) if self.account.as_deref() == Some(id) => Standing::Own,
            Text::Literal(id) if self.trusted_accounts.contains(id) => Standing::Trusted,
            Text::Literal(id) if self.account.is_some() && is_account_id(id) => Standing::Foreign,
            Text::Literal(id) if &**id == "${aws:ResourceAccount}" => Standing::Own,
            id if is_own_account_hole(id) => Standing::Own,
            _ => Standing::Unknown,
        };
        Account {
            id: id.clone(),
            standing,
        }
    }

    /// What an organization (its id, or a path that begins with it) is to the estate.
    pub fn organization(&self, id: &Text) -> Standing {
        let Some(id) = id.as_literal().and_then(|path| path.split('/').next()) else {
            return Standing::Unknown;
        };
        if self.organizations.iter().any(|known| &**known == id) {
            Standing::Trusted
        } else if id == "${aws:ResourceOrgID}" {
            Standing::Own
        } else if self.organizations.is_empty() || id.contains(['*', '?', '$']) {
            Standing::Unknown
        } else {
            Standing::Foreign
        }
    }

    /// The account of a principal, by its ARN, its id, or the resource of this estate that it is.
    pub(crate) fn account_of(&self, principal: &Text) -> Account {
        let of_estate = |text: &Text| text.holes().any(|hole| hole.stands_for.is_some());
        let unknown = |standing| Account {
            id: Text::hole(Why::Unresolved("the account is not known".into())),
            standing,
        };
        match Arn::parse(principal) {
            // Origin access identities: their ARN has `cloudfront` in the place of the account.
            Some(arn) if arn.account.as_literal() == Some("cloudfront") => unknown(if of_estate(principal) {
                Standing::Own
            } else {
                Standing::Unknown
            }),
            Some(arn) => self.account(&arn.account),
            None if principal.as_attribute().is_some() => Account {
                id: Text::hole(Why::Pseudo("AWS::AccountId".into())),
                standing: Standing::Own,
            },
            None => unknown(Standing::Unknown),
        }
    }
}

pub(crate) fn is_account_id(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_own_account_hole(text: &Text) -> bool {
    let Text::Holed(pieces) = text else {
        return false;
    };
    let mut holes = text.holes();
    pieces.len() == 1
        && holes.any(|hole| {
            hole.stands_for.is_none() && matches!(&hole.why, Why::Pseudo(name) if &**name == "AWS::AccountId")
        })
}
