//! What a statement of a resource policy lets strangers do, told of one party that it admits.

use crate::access::party::{Reach, limits, principal, reach, who};
use crate::verdict::answer::Answer;
use maremma_iam::{Match, Party, Statement};
use maremma_model::{Fix, Severity, Why};

/// The harm that a check looks for.
pub(crate) struct Harm<'q> {
    /// What is done, as it follows a name: `can read or change secret S, on which F depends`.
    pub(crate) deed: String,
    /// Where everybody may do it.
    pub(crate) by_everybody: Severity,
    /// Where one stranger may, or a service on behalf of any account.
    pub(crate) by_stranger: Severity,
    /// Whether a service that nothing limits counts.
    pub(crate) by_services: bool,
    /// Whether a policy can admit everybody at all, and what decides that where it is not known.
    pub(crate) open: &'q dyn Fn() -> (Match, Option<Why>),
    pub(crate) fix: Fix,
}

/// A policy may admit everybody.
pub(crate) fn always() -> (Match, Option<Why>) {
    (Match::Yes, None)
}

impl Harm<'_> {
    /// The answer about a party that the statement allows to do it, as far as `allowed` says; `None` where that does
    /// not matter.
    pub(crate) fn by(self, statement: &Statement, allowed: Match, party: &Party) -> Option<Answer> {
        let Harm { deed, fix, .. } = self;
        let (everybody, stranger) = (self.by_everybody, self.by_stranger);
        let (at, says) = principal(party);
        let bad = format!("{} {deed}{}", who(party), limits(party));
        let reach = reach(party);
        if allowed.is_no() || reach == Reach::Ours {
            return None;
        }
        if allowed.is_unknown() {
            let mut texts = statement
                .actions
                .items
                .iter()
                .chain(statement.resources.iter().flat_map(|r| &r.items));
            let hole = texts.find_map(|item| item.text.why().cloned());
            let doubt = "what it allows is not known";
            return Some(Answer::undetermined(at, &bad, doubt, hole).severity(stranger));
        }
        Some(match reach {
            Reach::Everybody => match (self.open)() {
                (Match::Yes, _) => Answer::fail(at, bad, says).severity(everybody).fix(fix),
                (Match::No, _) => return None,
                (Match::Unknown, why) => {
                    let doubt = "whether the bucket blocks public policies is not known";
                    Answer::undetermined(at, &bad, doubt, why).severity(everybody)
                }
            },
            Reach::Foreign(name) => {
                let message = format!("A stranger, {name}, {deed}{}", limits(party));
                Answer::fail(at, message, says).severity(stranger).fix(fix)
            }
            Reach::Unscoped(_) if self.by_services => {
                let message = format!("{} {deed}, on behalf of any AWS account", who(party));
                Answer::fail(at, message, says).severity(stranger).fix(fix)
            }
            Reach::Undecided { doubt, why } => {
                Answer::undetermined(at, &format!("A stranger {deed}"), &doubt, why).severity(stranger)
            }
            Reach::Unscoped(_) | Reach::Ours => return None,
        })
    }
}
