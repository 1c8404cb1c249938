//! A check of one's own over every row of its subject.

use super::UserCheck;
use super::evaluate::{Evaluation, MOST_STEPS, too_many_steps};
use super::expression::Expression;
use super::message::show;
use super::rows::Rows;
use super::value::{Doubt, Value};
use super::view::View;
use super::worlds::{MOST, Worlds};
use crate::context::Context;
use crate::verdict::findings::{Draft, Findings, lowered};
use crate::verdict::judge::whole;
use maremma_model::{
    AnyId, Evidence, Fact, Fix, Function, Id, LayerVersion, Location, Noun, Place, Role, Verdict, Why,
};
use std::rc::Rc;

pub(super) fn judge(check: &UserCheck, context: &Context<'_>, findings: &mut Findings<'_>) {
    let rows = Rows::new(context);
    let mut steps = 0;
    for id in context.estate.rows_of(check.noun) {
        let of_kind = context
            .resource(id)
            .is_some_and(|head| &*head.kind == check.rule.subject);
        if of_kind {
            let subject = Subject { check, rows: &rows, id };
            let told = subject.verdict(&mut steps);
            findings.add(match findings.keeps(told.verdict) {
                true => subject.draft(told),
                false => subject.counted(told.verdict),
            });
        }
    }
}

/// So many worlds of a member are shown.
const SHOWN: usize = 4;

struct Subject<'a, 'c> {
    check: &'a UserCheck,
    rows: &'a Rows<'c>,
    id: AnyId,
}

/// What the check comes to over all worlds.
struct Sentence {
    verdict: Verdict,
    /// The world that the message is about: where the check fails, or may.
    world: Worlds,
    doubts: Vec<Doubt>,
}

/// What one world comes to.
enum Told {
    Verdict(Verdict),
    Doubt(Rc<Doubt>),
}

impl Subject<'_, '_> {
    /// What is only counted needs no words.
    fn counted(&self, verdict: Verdict) -> Draft {
        let nowhere = Location::File(Place::default());
        let evidence = Evidence {
            at: nowhere,
            address: None,
            says: String::new(),
            fact: Fact::Resource,
        };
        Draft::new(self.id, verdict, "", evidence)
    }

    fn draft(&self, told: Sentence) -> Draft {
        let Sentence {
            verdict,
            mut world,
            doubts,
        } = told;
        let message = self.check.message.say(&mut self.evaluation(&mut world, &mut 0));
        let evidence = self.evidence(&message);
        let message = match verdict {
            Verdict::Fail => message,
            Verdict::Undetermined => {
                let doubts: Vec<String> = doubts.iter().map(doubt_in_words).collect();
                let because = if doubts.is_empty() {
                    evidence.says.clone()
                } else {
                    doubts.join("; ")
                };
                format!("not known whether {}: {because}", lowered(&message))
            }
            Verdict::Pass => format!("not so: {}", lowered(&message)),
            Verdict::NotApplicable => "the check is not about this one".to_owned(),
        };
        let doubts = doubts.into_iter().filter(|_| verdict == Verdict::Undetermined);
        let whys = doubts.map(|doubt| match doubt {
            Doubt::Why(why) => why,
            Doubt::Says(says) => Why::Unresolved(says.into()),
        });
        let draft = Draft::new(self.id, verdict, message, evidence)
            .undecided(whys)
            .affects(self.affects());
        match &self.check.fix {
            Some(fix) => draft.fix(Fix::new(fix.trim_end_matches('.'))),
            None => draft,
        }
    }

    /// The verdict over all worlds, and what an undetermined one waits for.
    fn verdict(&self, steps: &mut usize) -> Sentence {
        let head = self.rows.context.resource(self.id);
        let mut worlds = head.map_or_else(Worlds::default, |head| Worlds::of(&head.exists));
        let mut verdicts = Vec::new();
        let (mut doubts, mut open) = (Vec::new(), Vec::new());
        let mut gravest: Option<(Verdict, Worlds)> = None;
        loop {
            let verdict = match self.in_world(&mut worlds, steps) {
                Told::Verdict(verdict) => verdict,
                Told::Doubt(doubt) => {
                    doubts.push((*doubt).clone());
                    Verdict::Undetermined
                }
            };
            if gravest.as_ref().is_none_or(|(before, _)| verdict < *before) {
                gravest = Some((verdict, worlds.clone()));
            }
            verdicts.push(verdict);
            open.extend(worlds.whys().cloned().map(Doubt::Why));
            let unseen = match worlds.next() {
                Ok(true) if *steps <= MOST_STEPS => continue,
                Ok(false) => break,
                Ok(true) => too_many_steps(),
                Err(()) => format!("it hangs on more than {MOST} worlds"),
            };
            verdicts.push(Verdict::Undetermined);
            doubts.push(Doubt::Says(unseen));
            break;
        }
        doubts.append(&mut open);
        Sentence {
            verdict: together(&verdicts),
            world: gravest.map_or_else(Worlds::default, |(_, world)| world),
            doubts: first_few(doubts),
        }
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

    /// The member at its place; the subject, of which the message speaks, where it has none.
    fn evidence(&self, message: &str) -> Evidence {
        let context = self.rows.context;
        let Some(head) = context.resource(self.id) else {
            return Evidence {
                at: Location::File(Place::default()),
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
        let (says, value) = self.shown(&path);
        let says = format!("{path} is {says}");
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

    /// A member in words, in every world, and its value where there is but one.
    fn shown(&self, path: &str) -> (String, Option<String>) {
        let head = self.rows.context.resource(self.id);
        let mut worlds = head.map_or_else(Worlds::default, |head| Worlds::of(&head.exists));
        let mut told: Vec<(Value, String, String)> = Vec::new();
        loop {
            let mut steps = 0;
            let mut evaluation = self.evaluation(&mut worlds, &mut steps);
            let mut value = Value::Row(self.id);
            for name in path.split('.') {
                value = evaluation.member(&value, name);
            }
            let words = match &value {
                Value::Unknown(doubt) => format!("not known: {}", doubt_in_words(doubt)),
                value => show(value, &evaluation),
            };
            told.push((value, words, worlds.when()));
            if told.len() == SHOWN || worlds.next() != Ok(true) {
                break;
            }
        }
        match told.as_slice() {
            [(Value::Null | Value::Unknown(_), words, when)] if when.is_empty() => (words.clone(), None),
            [(_, words, when)] if when.is_empty() => (words.clone(), Some(words.clone())),
            worlds => {
                let worlds = worlds.iter().map(|(_, words, when)| format!("{words} when {when}"));
                (worlds.collect::<Vec<_>>().join(", "), None)
            }
        }
    }

    /// The last setting of this row on the path, and where it stands.
    fn place(&self, view: View, rest: &[String], path: String) -> Option<(String, Location)> {
        let inner = match &view {
            View::Record("Setting", _) => {
                let at = view.field("at")?.restore::<Location>()?;
                let further = match (view.field("state"), rest) {
                    (Some(View::Variant(_, "set" | "default", inner)), [_, ..]) => self.further(inner, rest, &path),
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

fn doubt_in_words(doubt: &Doubt) -> String {
    match doubt {
        Doubt::Why(why) => why.to_string(),
        Doubt::Says(says) => says.clone(),
    }
}

/// All bad: fail. None bad and none open: pass, or not applicable where none is applicable.
fn together(verdicts: &[Verdict]) -> Verdict {
    let all = |verdict| verdicts.iter().all(|one| *one == verdict);
    let open = |one: &Verdict| matches!(one, Verdict::Fail | Verdict::Undetermined);
    match verdicts.first() {
        Some(first) if all(*first) => *first,
        _ if verdicts.iter().any(open) => Verdict::Undetermined,
        _ => Verdict::Pass,
    }
}

fn first_few(doubts: Vec<Doubt>) -> Vec<Doubt> {
    let mut few: Vec<Doubt> = Vec::new();
    for doubt in doubts {
        if few.len() < 3 && !few.contains(&doubt) {
            few.push(doubt);
        }
    }
    few
}
