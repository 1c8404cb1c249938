//! The rows of an estate as expressions see them: settings as their values, links as what they lead to.

use super::relate::{self, Related};
use super::types;
use super::value::Value;
use super::view::{View, Viewer};
use super::worlds::Worlds;
use crate::context::Context;
use crate::verdict::findings::id_of;
use crate::{Check, run};
use maremma_model::{AnyId, Document, Existence, Extent, Text, Verdict, Why, document};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

pub(crate) struct Rows<'c> {
    pub(crate) context: &'c Context<'c>,
    related: RefCell<HashMap<(&'static str, &'static str), Rc<Related>>>,
    tables: RefCell<HashMap<&'static str, Value>>,
    failed: RefCell<HashMap<&'static str, Rc<Failed>>>,
}

/// Lists whose items may be more than are known, by a setting of their own.
const AS_A_WHOLE: &[(&str, &str, &str)] = &[("Function", "environment", "environment_at")];

/// What a check of the house says: of whom it fails, and of whom it does not know.
type Failed = HashMap<AnyId, Option<Why>>;

impl<'c> Rows<'c> {
    pub(crate) fn new(context: &'c Context<'c>) -> Self {
        Rows {
            context,
            related: RefCell::default(),
            tables: RefCell::default(),
            failed: RefCell::default(),
        }
    }

    pub(crate) fn arn(&self, id: AnyId) -> Option<&'c Text> {
        self.context.resource(id).map(|head| &head.arn)
    }

    /// The view of a noun's own member; of a member of the head it has none.
    pub(crate) fn view(&self, id: AnyId, name: &str) -> Option<View> {
        match self.context.estate.serialize_row(id, Viewer { only: Some(name) })? {
            Ok(View::Record(_, fields)) => fields.into_iter().next().map(|(_, view)| view),
            Ok(_) => None,
            // A model that cannot be viewed is a fault, which a test looks for; it must not pass for a null.
            Err(_) => Some(not_kept()),
        }
    }

    pub(crate) fn member(&self, id: AnyId, name: &str, worlds: &mut Worlds) -> Value {
        if let Some(relation) = relate::find(id.noun(), name) {
            return self.to(id, relation, worlds);
        }
        let read = match self.view(id, name) {
            Some(view) => self.read(&view, worlds),
            None => return self.head(id, name),
        };
        match (
            AS_A_WHOLE
                .iter()
                .find(|(of, list, _)| *of == id.noun() && *list == name),
            &read,
        ) {
            (Some((_, _, whole)), Value::List(items)) => {
                match self.view(id, whole).map(|view| self.read(&view, worlds)) {
                    Some(unknown @ Value::Unknown(_)) => {
                        Value::List(Rc::new(items.iter().cloned().chain([unknown]).collect()))
                    }
                    _ => read,
                }
            }
            _ => read,
        }
    }

    /// A member that every row has.
    fn head(&self, id: AnyId, name: &str) -> Value {
        let Some(head) = self.context.resource(id) else {
            return Value::Null;
        };
        let unit = self.context.estate.unit(head.unit);
        let known = |text: Option<&Arc<str>>, pseudo: &str| match text {
            Some(text) => Value::Text(Text::Literal(text.clone())),
            None => Value::unknown(Why::Pseudo(pseudo.into())),
        };
        match name {
            "name" => Value::Text(head.name.clone()),
            "arn" => Value::Text(head.arn.clone()),
            "address" => Value::Text(Text::Literal(head.address.clone())),
            "kind" => Value::Text(Text::Literal(head.kind.clone())),
            "account" => known(unit.and_then(|unit| unit.account.as_ref()), "AWS::AccountId"),
            "region" => known(unit.and_then(|unit| unit.region.as_ref()), "AWS::Region"),
            _ => Value::Null,
        }
    }

    /// The rows that refer to one. They are those of the input: what hangs on a resource is written beside it.
    fn to(&self, id: AnyId, relation: &'static relate::Relation, worlds: &mut Worlds) -> Value {
        let estate = self.context.estate;
        let key = (id.noun(), relation.member);
        let known = self.related.borrow().get(&key).cloned();
        let related = known.unwrap_or_else(|| {
            let related = Rc::new(relation.work_out(estate));
            self.related.borrow_mut().insert(key, related.clone());
            related
        });
        let Some(head) = self.context.resource(id) else {
            return Value::Null;
        };
        let (rows, perhaps) = related.to(id, head.unit);
        let rows = self.there(rows, worlds).into_iter();
        let perhaps = perhaps.map(|why| Value::unknown(why.clone()));
        Value::List(Rc::new(rows.chain(perhaps).collect()))
    }

    /// Those rows that exist in this world.
    fn there(&self, rows: &[AnyId], worlds: &mut Worlds) -> Vec<Value> {
        let exists = |id: &&AnyId| {
            let head = self.context.resource(**id);
            head.is_some_and(|head| worlds.exists(&head.exists))
        };
        rows.iter().filter(exists).map(|id| Value::Row(*id)).collect()
    }

    /// All rows of a table; and, where the input may not hold all that there are, one that is not known.
    pub(crate) fn table(&self, name: &str, worlds: &mut Worlds) -> Value {
        let Some(noun) = types::table(name) else {
            return Value::Null;
        };
        if let Some(known) = self.tables.borrow().get(noun) {
            return known.clone();
        }
        let estate = self.context.estate;
        let ids = estate.rows_of(noun);
        let always = |id: &AnyId| {
            estate
                .resource(*id)
                .is_some_and(|head| head.exists == Existence::Always)
        };
        let same_everywhere = ids.iter().all(always);
        let mut rows = self.there(&ids, worlds);
        let complete = |kind: &str| {
            let units = estate.units.iter();
            let mut places = units.map(|unit| (unit.account.as_deref(), unit.region.as_deref()));
            places.all(|(account, region)| estate.extent(kind, account, region) == Extent::Complete)
        };
        if !super::kinds::of(noun).all(complete) {
            let says = format!(
                "the input may not hold every {}",
                types::variable(noun).replace('_', " ")
            );
            rows.push(Value::doubt(says));
        }
        let table = Value::List(Rc::new(rows));
        if same_everywhere {
            self.tables.borrow_mut().insert(noun, table.clone());
        }
        table
    }

    /// A view as a value, in a world.
    pub(crate) fn read(&self, view: &View, worlds: &mut Worlds) -> Value {
        match view {
            View::Null => Value::Null,
            View::Bool(value) => Value::Bool(*value),
            View::Integer(value) => Value::Integer(*value),
            View::Text(text) => Value::Text(Text::Literal(text.clone())),
            View::Row(id) => Value::Row(*id),
            View::List(items) => Value::List(Rc::new(self.items(items, worlds))),
            View::Record("Setting", _) => view
                .field("state")
                .map_or(Value::Null, |state| self.read(state, worlds)),
            View::Record("Document", _) => match view.restore::<Document>() {
                Some(document) => self.document(&document, worlds),
                None => Value::Null,
            },
            View::Record(..) => Value::Record(Rc::new(view.clone())),
            View::Variant("State", "unset", _) => Value::Null,
            View::Variant("State", "unknown", unknown) => self.unknown(unknown, worlds),
            View::Variant("State" | "AnyId", _, inner) => self.read(inner, worlds),
            View::Variant("Text", ..) => view.restore().map_or(Value::Null, Value::Text),
            View::Variant("Link" | "AnyLink", "here", inner) => self.read(inner, worlds),
            View::Variant("Link" | "AnyLink", "outside", text) => text.restore().map_or(Value::Null, Value::Outside),
            View::Variant("Link" | "AnyLink", _, why) => why.restore().map_or(Value::Null, Value::unknown),
            View::Variant("Kept", kept, inner) => Value::Record(Rc::new(kept_back(kept, inner))),
            View::Variant(_, word, _) => Value::Text(Text::literal(*word)),
        }
    }

    /// An item that is not there in this world is left out.
    fn items(&self, items: &[View], worlds: &mut Worlds) -> Vec<Value> {
        let mut read = Vec::with_capacity(items.len());
        for item in items {
            let setting = matches!(item, View::Record("Setting", _));
            match self.read(item, worlds) {
                Value::Null if setting => {}
                value => read.push(value),
            }
        }
        read
    }

    fn unknown(&self, unknown: &View, worlds: &mut Worlds) -> Value {
        let Some(why) = unknown.field("why").and_then(View::restore::<Why>) else {
            return Value::Null;
        };
        let candidates = match unknown.field("candidates") {
            Some(View::List(candidates)) if !candidates.is_empty() => candidates,
            _ => return Value::unknown(why),
        };
        let when = candidates.iter().map(|candidate| match candidate.field("when") {
            Some(View::Text(when)) => when.clone(),
            _ => "".into(),
        });
        let at = worlds.choose(&why, when.collect());
        match candidates.get(at).and_then(|candidate| candidate.field("state")) {
            Some(state) => self.read(state, worlds),
            None => Value::unknown(why),
        }
    }

    /// A part of a policy document. What is a number or a flag there is a text, as IAM takes it.
    pub(crate) fn document(&self, part: &Document, worlds: &mut Worlds) -> Value {
        match &part.value {
            document::Value::Absent | document::Value::Null => Value::Null,
            document::Value::Scalar { text, .. } => Value::Text(text.clone()),
            document::Value::Unknown(why) => Value::unknown(why.clone()),
            document::Value::Map(_) => Value::Document(Rc::new(part.clone())),
            document::Value::List(items) => {
                let items = items.iter().map(|item| self.document(item, worlds));
                Value::List(Rc::new(items.filter(|item| !matches!(item, Value::Null)).collect()))
            }
            document::Value::Choice(branches) => {
                let when: Vec<Arc<str>> = branches.iter().map(|branch| branch.when.clone()).collect();
                let why = Why::Condition(when.first().cloned().unwrap_or_else(|| "".into()));
                let at = worlds.choose(&why, when);
                branches
                    .get(at)
                    .map_or(Value::Null, |branch| self.document(&branch.value, worlds))
            }
        }
    }

    /// Whether a check of the house fails a row, or something that touches a function.
    pub(crate) fn fails(&self, check: &'static Check, id: AnyId) -> Value {
        let known = self.failed.borrow().get(check.rule.id).cloned();
        let failed = known.unwrap_or_else(|| {
            let failed = Rc::new(self.failed_by(check));
            self.failed.borrow_mut().insert(check.rule.id, failed.clone());
            failed
        });
        match failed.get(&id) {
            None => Value::Bool(false),
            Some(None) => Value::Bool(true),
            Some(Some(why)) => Value::unknown(why.clone()),
        }
    }

    fn failed_by(&self, check: &'static Check) -> Failed {
        let estate = self.context.estate;
        let functions: HashMap<Arc<str>, AnyId> = estate
            .functions
            .iter()
            .map(|(id, row)| (id_of(estate, &row.resource), id.into()))
            .collect();
        let mut failed = Failed::new();
        for finding in run(self.context, &[check]) {
            let doubt = match finding.verdict {
                Verdict::Fail => None,
                Verdict::Undetermined => Some(
                    finding
                        .undecided
                        .first()
                        .cloned()
                        .unwrap_or_else(|| Why::Unresolved(finding.message.as_str().into())),
                ),
                Verdict::Pass | Verdict::NotApplicable => continue,
            };
            let touched = finding.affects.iter().filter_map(|id| functions.get(id).copied());
            for id in finding.subject.resource.into_iter().chain(touched) {
                let told = failed.entry(id).or_insert_with(|| doubt.clone());
                if doubt.is_none() {
                    *told = None;
                }
            }
        }
        failed
    }
}

/// What is told of a value that may be a secret: what it is, and the text only where it is none.
fn kept_back(kept: &'static str, inner: &View) -> View {
    let (kind, text) = match kept {
        "plain" | "reference" => (View::Text(kept.into()), inner.clone()),
        _ => (inner.field("class").cloned().unwrap_or(View::Null), not_kept()),
    };
    View::Record("Value", vec![("kind", kind), ("text", text)])
}

fn not_kept() -> View {
    let why = View::of(&Why::NotKept).unwrap_or(View::Null);
    View::Variant("Link", "unknown", Box::new(why))
}
