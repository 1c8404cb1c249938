//! A check of one's own over every row of its subject.

use super::UserCheck;
use super::evaluate::{Evaluation, MOST_STEPS};
use super::expression::Expression;
use super::message::show;
use super::rows::Rows;
use super::value::{Doubt, Value};
use super::view::View;
use super::worlds::{MOST, Worlds};
use crate::context::Context;
use crate::verdict::findings::{Draft, Findings, lowered};
use crate::verdict::judge::whole;
use maremma_model::{AnyId, Evidence, Fact, Fix, Function, Id, Location, Noun, Role, LayerVersion, Verdict, Why};
use std::rc::Rc;

pub(super) fn judge(check: &UserCheck, context: &Context<'_>, findings: &mut Findings<'_>) {
    let rows = Rows::new(context);
    let mut steps = 0;
    for id in context.estate.rows_of(check.noun) {
        let of_kind = context.resource(id).is_some_and(|head| &*head.kind == check.rule.subject);
        if of_kind {
            let subject = Subject {
                check,
                rows: &rows,
                id,
            };
            findings.add(subject.draft(&mut steps));
        }
    }
}

struct Subject<'a, 'c> {
    check: &'a UserCheck,
    rows: &'a Rows<'c>,
    id: AnyId,
}

/// What one world comes to.
enum Told {
    Verdict(Verdict),
    Doubt(Rc<Doubt>),
}

impl Subject<'_, '_> {
    fn draft(&self, steps: &mut usize) -> Draft {
        let (verdict, doubts) = self.verdict(steps);
        let message = self.message();
        let evidence = self.evidence(&message);
        let message = match verdict {
            Verdict::Fail => message,
            Verdict::Undetermined => {
                let doubts: Vec<String> = doubts.iter().map(words).collect();
                let because = if doubts.is_empty() { evidence.says.clone() } else { doubts.join("; ") };
                format!("not known whether {}: {because}", lowered(&message))
            }
            Verdict::Pass => format!("not so: {}", lowered(&message)),
            Verdict::NotApplicable => "the check is not about this one".to_owned(),
        };
        let whys = doubts.into_iter().map(|doubt| match doubt {
            Doubt::Why(why) => why,
            Doubt::Says(says) => Why::Unresolved(says.into()),
        });
        let draft = Draft::new(self.id, verdict, message, evidence).undecided(whys).affects(self.affects());
        match &self.check.fix {
            Some(fix) => draft.fix(Fix::new(fix.trim_end_matches('.'))),
            None => draft,
        }
    }

    /// The verdict over all worlds, and what an undetermined one waits for.
    fn verdict(&self, steps: &mut usize) -> (Verdict, Vec<Doubt>) {
        let head = self.rows.context.resource(self.id);
        let mut worlds = head.map_or_else(Worlds::default, |head| Worlds::of(&head.exists));
        let mut verdicts = Vec::new();
        let mut doubts: Vec<Doubt> = Vec::new();
        let mut add = |doubt: Doubt| {
            if doubts.len() < 3 && !doubts.contains(&doubt) {
                doubts.push(doubt);
            }
        };
        let mut open = Vec::new();
        loop {
            match self.in_world(&mut worlds, steps) {
                Told::Verdict(verdict) => verdicts.push(verdict),
                Told::Doubt(doubt) => {
                    verdicts.push(Verdict::Undetermined);
                    add((*doubt).clone());
                }
            }
            open.extend(worlds.whys().cloned());
            match worlds.next() {
                Ok(true) if *steps <= MOST_STEPS => {}
                Ok(_) => break,
                Err(()) => {
                    add(Doubt::Says(format!("it hangs on more than {MOST} worlds")));
                    return (Verdict::Undetermined, doubts);
                }
            }
        }
        let has = |verdict| verdicts.contains(&verdict);
        let all = |verdict| verdicts.iter().all(|one| *one == verdict);
        let verdict = match () {
            () if all(Verdict::Fail) => Verdict::Fail,
            () if all(Verdict::NotApplicable) => Verdict::NotApplicable,
            () if has(Verdict::Fail) || has(Verdict::Undetermined) => Verdict::Undetermined,
            () => Verdict::Pass,
        };
        if verdict != Verdict::Undetermined {
            return (verdict, Vec::new());
        }
        open.into_iter().for_each(|why| add(Doubt::Why(why)));
        (verdict, doubts)
    }

    fn in_world(&self, worlds: &mut Worlds, steps: &mut usize) -> Told {
        let mut ask = |expression: &Expression| self.evaluation(worlds, steps).evaluate(&expression.code);
        let applies = match self.check.applies.as_ref().map(&mut ask) {
            None | Some(Value::Bool(true)) => None,
            Some(Value::Bool(false)) => return Told::Verdict(Verdict::NotApplicable),
            Some(other) => Some(doubt(&other, "where")),
        };
        let word = if self.check.negated { "passes" } else { "fails" };
        match (ask(&self.check.holds), applies) {
            (Value::Bool(holds), None) if holds != self.check.negated => Told::Verdict(Verdict::Fail),
            (Value::Bool(holds), _) if holds == self.check.negated => Told::Verdict(Verdict::Pass),
            (_, Some(doubt)) => Told::Doubt(doubt),
            (other, None) => Told::Doubt(doubt(&other, word)),
        }
    }

    fn evaluation<'e>(&'e self, worlds: &'e mut Worlds, steps: &'e mut usize) -> Evaluation<'e, 'e> {
        Evaluation {
            rows: self.rows,
            worlds,
            steps,
            names: vec![Value::Row(self.id), Value::Estate],
        }
    }

    fn message(&self) -> String {
        let (mut worlds, mut steps) = (Worlds::default(), 0);
        self.check.message.say(&mut self.evaluation(&mut worlds, &mut steps))
    }

    /// The member at its place; the subject, of which the message speaks, where it has none.
    fn evidence(&self, message: &str) -> Evidence {
        let context = self.rows.context;
        let Some(head) = context.resource(self.id) else {
            return Evidence {
                at: Location::File(maremma_model::Place::default()),
                address: None,
                says: String::new(),
                fact: Fact::Resource,
            };
        };
        let written = self.check.at.split_first().and_then(|(first, rest)| {
            let (path, at) = self.place(self.rows.view(self.id, first)?, rest, first.clone())?;
            Some((path, at))
        });
        let Some((path, at)) = written else {
            return whole(head, message);
        };
        let (mut worlds, mut steps) = (Worlds::default(), 0);
        let value = self.shown(&path, &mut worlds, &mut steps);
        let says = match (&value, worlds.whys().next()) {
            (_, Some(why)) => format!("{path} is not decided: {why}"),
            (None, None) => format!("{path} is not set"),
            (Some(value), None) => format!("{path} is {value}"),
        };
        Evidence {
            at,
            address: Some(head.address.clone()),
            says,
            fact: Fact::Attribute {
                name: path.into(),
                value,
            },
        }
    }

    fn shown(&self, path: &str, worlds: &mut Worlds, steps: &mut usize) -> Option<String> {
        let mut evaluation = self.evaluation(worlds, steps);
        let mut value = Value::Row(self.id);
        for name in path.split('.') {
            value = evaluation.member(&value, name);
        }
        match value {
            Value::Null => None,
            value => Some(show(&value, &evaluation)),
        }
    }

    /// The last setting of this row on the path, and where it stands.
    fn place(&self, view: View, rest: &[String], path: String) -> Option<(String, Location)> {
        let inner = match &view {
            View::Record("Setting", _) => {
                let at = view.field("at")?.restore::<Location>()?;
                let further = match (view.field("state"), rest) {
                    (Some(View::Variant(_, "set" | "default", inner)), [_, ..]) => {
                        self.further(inner, rest, &path)
                    }
                    _ => None,
                };
                return Some(further.unwrap_or((path, at)));
            }
            view => view,
        };
        self.further(inner, rest, &path)
    }

    fn further(&self, view: &View, rest: &[String], path: &str) -> Option<(String, Location)> {
        let (first, rest) = rest.split_first()?;
        self.place(view.field(first)?.clone(), rest, format!("{path}.{first}"))
    }

    fn affects(&self) -> Vec<Id<Function>> {
        let relations = &self.rows.context.relations;
        if let Some(function) = Function::from_any(self.id) {
            return vec![function];
        }
        if let Some(role) = Role::from_any(self.id) {
            return relations.functions_of_role(role).to_vec();
        }
        if let Some(layer) = LayerVersion::from_any(self.id) {
            return relations.functions_of_layer(layer).to_vec();
        }
        let (mut worlds, mut steps) = (Worlds::default(), 0);
        let mut evaluation = self.evaluation(&mut worlds, &mut steps);
        let reference = evaluation.member(&Value::Row(self.id), "function");
        let function = match reference {
            Value::Record(_) => evaluation.member(&reference, "function"),
            other => other,
        };
        match function {
            Value::Row(id) => Function::from_any(id).into_iter().collect(),
            _ => relations.functions_that_name(self.id).to_vec(),
        }
    }
}

/// Why an expression came to no truth.
fn doubt(value: &Value, key: &str) -> Rc<Doubt> {
    match value {
        Value::Unknown(doubt) => match &**doubt {
            Doubt::Why(_) => doubt.clone(),
            Doubt::Says(says) => Rc::new(Doubt::Says(format!("in its {key}, {says}"))),
        },
        other => Rc::new(Doubt::Says(format!("its {key} comes to {}", other.describe()))),
    }
}

fn words(doubt: &Doubt) -> String {
    match doubt {
        Doubt::Why(why) => Why::to_string(why),
        Doubt::Says(says) => says.clone(),
    }
}
