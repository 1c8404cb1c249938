//! What a party that a policy admits is to the estate, and in words.

use maremma_iam::{Account, Owner, Party, Scope, Source, Standing, Who};
use maremma_model::{Location, Text, Why};

/// Whether those who are admitted are strangers.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Reach {
    /// Callers of no standing.
    Everybody,
    /// A known stranger, in words.
    Foreign(String),
    /// A service that acts for whoever asks it to, in words.
    Unscoped(String),
    Undecided {
        doubt: String,
        why: Option<Why>,
    },
    Ours,
}

/// What a party is to the estate.
pub(crate) fn reach(party: &Party) -> Reach {
    match &party.who {
        Who::Public(_) => Reach::Everybody,
        Who::Limited | Who::Federated { .. } => Reach::Ours,
        Who::Account(account) => of_account(account, format!("account {}", account.id)),
        Who::Principal { arn, account } => of_account(account, arn.to_string()),
        Who::Organization { ids, standing } => {
            let name = ids.first().map(ToString::to_string).unwrap_or_default();
            match standing {
                Standing::Own | Standing::Trusted => Reach::Ours,
                Standing::Foreign => Reach::Foreign(format!("organization {name}")),
                Standing::Unknown => Reach::Undecided {
                    doubt: format!("organization {name} is neither named in [trust] nor known to be foreign"),
                    why: ids.iter().find_map(|id| id.why().cloned()).or_else(|| {
                        let words = "the own organization is not given: [trust] organization";
                        Some(Why::Unresolved(words.into()))
                    }),
                },
            }
        }
        Who::Canonical { id, standing } => match standing {
            Standing::Own | Standing::Trusted => Reach::Ours,
            Standing::Foreign => Reach::Foreign(format!("the account with canonical id {id}")),
            Standing::Unknown => Reach::Undecided {
                doubt: format!("whose canonical id {id} is, is not known"),
                why: id.why().cloned(),
            },
        },
        Who::Service { name, scope } => of_service(&service(name.as_ref()), scope),
        Who::Unknown(doubt) => Reach::Undecided {
            doubt: doubt.words.clone(),
            why: doubt.why.clone(),
        },
    }
}

fn of_account(account: &Account, words: String) -> Reach {
    match account.standing {
        Standing::Own | Standing::Trusted => Reach::Ours,
        Standing::Foreign => Reach::Foreign(words),
        Standing::Unknown => Reach::Undecided {
            doubt: match account.id.why() {
                Some(Why::Unresolved(_)) => format!("whether {words} is of a foreign account is not known"),
                _ => format!("whether account {} is foreign is not known", account.id),
            },
            why: Some(account.id.why().cloned().unwrap_or_else(own_account_unknown)),
        },
    }
}

fn own_account_unknown() -> Why {
    Why::Pseudo("AWS::AccountId".into())
}

/// A service is as strange as those for whom it acts.
fn of_service(name: &str, scope: &Scope) -> Reach {
    if scope.limits().is_no() {
        return Reach::Unscoped(name.to_owned());
    }
    if scope.limits().is_unknown() {
        let doubt = scope.doubt.as_ref();
        return Reach::Undecided {
            doubt: doubt.map_or_else(String::new, |doubt| doubt.words.clone()),
            why: doubt.and_then(|doubt| doubt.why.clone()),
        };
    }
    let named = scope.named_accounts();
    let reaches = named
        .iter()
        .map(|account| of_account(account, format!("{name} for account {}", account.id)));
    let mut reach = Reach::Ours;
    for other in reaches {
        match other {
            Reach::Foreign(_) => return other,
            Reach::Undecided { .. } => reach = other,
            _ => {}
        }
    }
    reach
}

/// A service in words.
pub(crate) fn service(name: Option<&Text>) -> String {
    name.map_or_else(|| "any AWS service".to_owned(), ToString::to_string)
}

/// The sources of a scope whose account is not fixed.
pub(crate) fn nameless(scope: &Scope) -> impl Iterator<Item = &Source> {
    let loose = |source: &&Source| matches!(source.owner, Owner::NameHolder | Owner::AnyAccount);
    scope.arns.iter().filter(loose)
}

/// `, limited to address 192.0.2.0/24`; empty where nothing limits the party.
pub(crate) fn limits(party: &Party) -> String {
    if party.limits.is_empty() {
        return String::new();
    }
    format!(", {}", party.limits_in_words())
}

/// The entry of `Principal`, as evidence: `Principal is *`.
pub(crate) fn principal(party: &Party) -> (&Location, String) {
    let words = match &party.who {
        Who::Public(public) if public.except.is_empty() => "Principal admits everybody".to_owned(),
        Who::Public(_) => "Principal admits everybody but a few".to_owned(),
        Who::Limited => "Principal admits everybody within the limits of Condition".to_owned(),
        Who::Account(account) => format!("Principal admits account {}", account.id),
        Who::Principal { arn, .. } => format!("Principal admits {arn}"),
        Who::Organization { ids, .. } => {
            let ids: Vec<_> = ids.iter().map(ToString::to_string).collect();
            format!("Principal admits organization {}", ids.join(", "))
        }
        Who::Service { name, .. } => format!("Principal admits {}", service(name.as_ref())),
        Who::Federated { provider } => format!("Principal admits identities of {provider}"),
        Who::Canonical { id, .. } => format!("Principal admits canonical id {id}"),
        Who::Unknown(_) => "Principal is not known".to_owned(),
    };
    (&party.at, words)
}

/// A party in words, at the beginning of a sentence.
pub(crate) fn who(party: &Party) -> String {
    match &party.who {
        Who::Public(_) => "Any AWS account".to_owned(),
        Who::Limited => "Everybody within the limits of Condition".to_owned(),
        Who::Account(account) => format!("Account {}", account.id),
        Who::Principal { arn, .. } => arn.to_string(),
        Who::Organization { ids, .. } => {
            let ids: Vec<_> = ids.iter().map(ToString::to_string).collect();
            format!("Every account of organization {}", ids.join(", "))
        }
        Who::Service { name, .. } => name
            .as_ref()
            .map_or_else(|| "Any AWS service".to_owned(), ToString::to_string),
        Who::Federated { provider } => format!("Identities of {provider}"),
        Who::Canonical { id, .. } => format!("The account with canonical id {id}"),
        Who::Unknown(_) => "A principal that is not known".to_owned(),
    }
}
