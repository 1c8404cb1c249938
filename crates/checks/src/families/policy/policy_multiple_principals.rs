//! A function that several kinds of callers invoke.

use crate::verdict::judge::{evidence, whole};
use crate::{Check, Context, Draft, Findings};
use maremma_iam::{Party, Who, admits_after_denies};
use maremma_model::noun::Permission;
use maremma_model::{
    Confidence, Control, Equivalent, Existence, Fact, Fix, Function, Id, Peer, Rule, Severity, Tier, Verdict, Why,
};
use std::collections::BTreeSet;

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "policy-multiple-principals",
        title: "Function with several kinds of callers",
        tier: Tier::Hygiene,
        severity: Severity::Info,
        confidence: Confidence::High,
        subject: "AWS::Lambda::Function",
        controls: &[Control::nist("AC-6"), Control::owasp("SAS-1")],
        equivalents: &[Equivalent::near(Peer::ServerlessRules, "WS1002")],
        page: include_str!("policy_multiple_principals.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (id, row) in context.estate.functions.iter() {
        let callers = Callers::of(context, id, &row.resource.exists);
        let verdict = callers.verdict();
        let names = callers.all().join(", ");
        let bad = format!("{} is invoked by callers of several kinds: {names}", context.name(id));
        let says = match verdict {
            Verdict::Fail => "its permissions admit callers of several kinds",
            Verdict::Undetermined => "which of its permissions there are, or whom they admit, is not known",
            Verdict::Pass => "its permissions admit callers of one kind",
            Verdict::NotApplicable => "no permission of this input admits anybody to the function",
        };
        let message = match verdict {
            Verdict::Fail => format!("{bad}; each brings events of its own form, and any of them may be the weak one"),
            Verdict::Undetermined => format!(
                "not known whether callers of several kinds invoke {}: {says}",
                context.name(id)
            ),
            Verdict::Pass | Verdict::NotApplicable => says.to_owned(),
        };
        let related = callers.permissions.iter().filter_map(|permission| {
            let row = context.estate.permissions.get(*permission)?;
            let says = format!("permission {}", row.resource.address);
            Some(evidence(&row.resource, &row.resource.at, says, Fact::Resource))
        });
        let undecided = (verdict == Verdict::Undetermined).then_some(callers.why.clone());
        let draft = Draft::new(id, verdict, message, whole(&row.resource, says))
            .affects([id])
            .undecided(undecided.flatten());
        let bad = matches!(verdict, Verdict::Fail | Verdict::Undetermined);
        let related: Vec<_> = if bad { related.collect() } else { Vec::new() };
        let fix =
            Fix::new("Let a function of its own take each kind of events, and both call the code that they share");
        findings.add(draft.related(related).fix(fix));
    }
}

/// The kinds of callers that the permissions of a function admit.
#[derive(Default)]
struct Callers {
    sure: BTreeSet<String>,
    maybe: BTreeSet<String>,
    /// How many parties are not known.
    unknown: usize,
    /// What decides it, where something does.
    why: Option<Why>,
    permissions: Vec<Id<Permission>>,
}

impl Callers {
    fn of(context: &Context<'_>, function: Id<Function>, function_exists: &Existence) -> Self {
        let mut callers = Callers::default();
        for id in context.relations.permissions(function) {
            let row = context.estate.permissions.get(*id);
            let (Some(row), Some(policy)) = (row, context.policies.permission(*id)) else {
                continue;
            };
            let exists = &row.resource.exists;
            let condition = match exists {
                _ if exists == function_exists => None,
                Existence::Always => None,
                Existence::OffByDefault(_) => continue,
                Existence::When(words) => Some(Why::Condition(words.clone())),
            };
            callers.permissions.push(*id);
            let view = context.view(row.resource.unit);
            let worlds = policy.allows().count();
            for statement in policy.allows() {
                let admission = admits_after_denies(policy, statement, view);
                let open = match worlds {
                    0 | 1 => None,
                    _ => Some(Why::Condition(statement.world.to_string().into())),
                };
                for party in &admission.parties {
                    callers.add(party, condition.clone().or_else(|| open.clone()));
                }
            }
        }
        callers
    }

    /// `open` is why the party may not be admitted.
    fn add(&mut self, party: &Party, open: Option<Why>) {
        match (kind(party), open) {
            (Some(kind), None) => {
                self.sure.insert(kind);
            }
            (Some(kind), Some(why)) => {
                self.maybe.insert(kind);
                self.why.get_or_insert(why);
            }
            (None, _) => {
                if let Who::Unknown(doubt) = &party.who {
                    let why = || Why::Unresolved(doubt.words.as_str().into());
                    self.unknown += 1;
                    self.why.get_or_insert(doubt.why.clone().unwrap_or_else(why));
                }
            }
        }
    }

    fn verdict(&self) -> Verdict {
        match (self.sure.len(), self.all().len() + self.unknown) {
            (2.., _) => Verdict::Fail,
            (_, 2..) => Verdict::Undetermined,
            (_, 1) => Verdict::Pass,
            (_, 0) => Verdict::NotApplicable,
        }
    }

    fn all(&self) -> Vec<&str> {
        let mut all: Vec<_> = self.sure.iter().chain(&self.maybe).map(String::as_str).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// The kind of a caller, in words; `None` where it is not known, or where it comes along with the others.
fn kind(party: &Party) -> Option<String> {
    match &party.who {
        // Copies to the edge and runs there what CloudFront invokes.
        Who::Service { name: Some(name), .. } if name.prefix().contains("lambda.") && !is_alarm(name.prefix()) => None,
        Who::Service { name: Some(name), .. } => {
            let label = name.prefix().split('.').next().filter(|_| !is_alarm(name.prefix()));
            Some(label.unwrap_or("cloudwatch").to_owned())
        }
        Who::Service { name: None, .. } => Some("any service".to_owned()),
        Who::Public(_) | Who::Limited => Some("everybody".to_owned()),
        Who::Account(_) | Who::Principal { .. } | Who::Organization { .. } | Who::Canonical { .. } => {
            Some("AWS accounts".to_owned())
        }
        Who::Federated { .. } => Some("federated identities".to_owned()),
        Who::Unknown(_) => None,
    }
}

fn is_alarm(service: &str) -> bool {
    service.starts_with("lambda.alarms.")
}
