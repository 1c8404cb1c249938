//! One role for several functions.

use crate::access::identity::identity;
use crate::access::role::is_admin;
use crate::verdict::answer::{Answer, Carrier};
use crate::{Check, Context, Findings};
use maremma_model::noun::Function;
use maremma_model::{
    Confidence, Control, Equivalent, Existence, Fix, Id, Link, Location, Peer, Rule, Severity, State, Tier, UnitId, Why,
};
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "role-shared",
        title: "One role for several functions",
        tier: Tier::Hygiene,
        severity: Severity::Low,
        confidence: Confidence::High,
        subject: "AWS::IAM::Role",
        controls: &[Control::cis("4.5"), Control::nist("AC-6"), Control::owasp("SAS-4")],
        equivalents: &[Equivalent::near(Peer::CloudSploit, "lambdaUniqueExecutionRole")],
        page: include_str!("role_shared.md"),
    },
    run,
};

const SNIPPET: &str = "\
OrdersRole:
  Type: AWS::IAM::Role
  Properties:
    AssumeRolePolicyDocument:
      Version: \"2012-10-17\"
      Statement:
        - Effect: Allow
          Principal: {Service: lambda.amazonaws.com}
          Action: sts:AssumeRole";

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (id, row) in context.estate.roles.iter() {
        let users = Users::of(
            context,
            context.relations.functions_of_role(id).iter().copied(),
            &row.resource.exists,
        );
        let name = context.name(id);
        let admin = || identity(context, id, row).is_some_and(|identity| is_admin(&identity));
        let answer = users.answer(context, &name, &row.resource.at, admin);
        let draft = Carrier::of(id, &row.resource).draft(answer, None);
        findings.add(draft.affects(users.all()));
    }
    for ((_, role), functions) in outside(context) {
        let first = functions
            .first()
            .and_then(|first| Some((*first, context.estate.functions.get(*first)?)));
        let Some((id, row)) = first else { continue };
        let users = Users::of(context, functions.iter().copied(), &Existence::Always);
        let answer = users.answer(context, &role, &row.role.at, || false);
        // A role that is elsewhere has no row; the first of its functions stands for all.
        let draft = Carrier::of(id, &row.resource).draft(answer, None).detail(role);
        findings.add(draft.affects(users.all()));
    }
}

/// The functions of each role that is not in this input, by their address.
fn outside(context: &Context<'_>) -> BTreeMap<(UnitId, Arc<str>), Vec<Id<Function>>> {
    let mut roles: BTreeMap<_, Vec<(&str, Id<Function>)>> = BTreeMap::new();
    for (id, row) in context.estate.functions.iter() {
        if let Some(Link::Outside(role)) = row.role.value() {
            let functions = roles.entry((row.resource.unit, role.to_string().into())).or_default();
            functions.push((&*row.resource.address, id));
        }
    }
    let sorted = roles.into_iter().map(|(role, mut functions)| {
        functions.sort();
        (role, functions.into_iter().map(|(_, id)| id).collect())
    });
    sorted.collect()
}

/// The functions of one role.
struct Users {
    /// They are there, and the role is theirs, whenever the role is there.
    sure: Vec<Id<Function>>,
    /// Others, each with what decides it.
    maybe: Vec<(Id<Function>, Why)>,
}

impl Users {
    fn of(context: &Context<'_>, functions: impl Iterator<Item = Id<Function>>, role_exists: &Existence) -> Self {
        let mut users = Users {
            sure: Vec::new(),
            maybe: Vec::new(),
        };
        for id in functions {
            let Some(row) = context.estate.functions.get(id) else {
                continue;
            };
            let exists = &row.resource.exists;
            match (exists, &row.role.state) {
                (Existence::OffByDefault(_), _) if exists != role_exists => {}
                (Existence::When(words), _) if exists != role_exists => {
                    users.maybe.push((id, Why::Condition(words.clone())));
                }
                (_, State::Unknown(unknown)) => users.maybe.push((id, unknown.why.clone())),
                _ => users.sure.push(id),
            }
        }
        users
    }

    fn all(&self) -> impl Iterator<Item = Id<Function>> {
        self.sure.iter().copied().chain(self.maybe.iter().map(|(id, _)| *id))
    }

    fn answer(&self, context: &Context<'_>, role: &str, at: &Location, admin: impl FnOnce() -> bool) -> Answer {
        let count = self.all().count();
        if count == 0 {
            return Answer::not_applicable(at, "no function of this input runs as the role");
        }
        if count == 1 {
            return Answer::pass(at, "one function runs as the role");
        }
        const SHOWN: usize = 3;
        let names: Vec<_> = self.all().take(SHOWN).map(|id| context.name(id).to_string()).collect();
        let more = match count - names.len() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let bad = format!(
            "Role {role} is the role of {count} functions, {}{more}: whoever takes over one of them has the rights of all",
            names.join(", ")
        );
        let fix = Fix::new("Give each function a role of its own, with what that function needs").snippet(SNIPPET);
        let answer = match self.maybe.first() {
            Some((_, why)) if self.sure.len() < 2 => {
                let doubt = "which of them there are is decided at deployment";
                Answer::undetermined(at, &bad, doubt, Some(why.clone()))
            }
            _ => Answer::fail(at, bad, format!("{count} functions run as the role")),
        };
        let severity = if admin() { Severity::Medium } else { Severity::Low };
        answer.severity(severity).fix(fix)
    }
}
