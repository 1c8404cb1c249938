//! Answers to resources: what they list is declared first, so that whatever else is told finds it.

use super::answer::{Answer, Call, Said};
use super::errors::{Errors, Outcome};
use super::identity::Identities;
use super::operation::{Hook, Operation, Shape, Which, properties};
use super::select::{expand, select, source};
use super::{coverage, table, unasked};
use crate::kinds::kind_of;
use crate::resources::{Declared, Resources};
use crate::rows::Rows;
use crate::site::Site;
use maremma_model::{AnyId, Document, Estate, GapKind, Location, Text, Unit, UnitId, Value};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

/// An operation by its names.
pub(super) type Key = (&'static str, &'static str);

/// Where an account is asked.
pub(super) type Home = (Arc<str>, Option<Arc<str>>);

/// What is known so far.
pub(crate) struct Reading<'a> {
    pub(super) resources: Resources,
    pub(super) rows: &'a mut Rows,
    pub(super) estate: &'a mut Estate,
    pub(super) identities: Identities,
    units: BTreeMap<Home, (UnitId, Rc<Site>)>,
    /// Every resource that answers declare, with its type and where it is.
    pub(super) declared: Vec<(AnyId, &'static str, UnitId)>,
    /// Which operations have answered of which resource.
    pub(super) told: HashSet<(AnyId, Key)>,
    /// Resources that are part of another, for which that one is asked: an alias of its function.
    pub(super) within: HashMap<AnyId, AnyId>,
    /// What is not ours, by its ARN or id: keys and policies that AWS manages.
    pub(super) foreign: HashSet<Arc<str>>,
    pub(super) errors: Errors,
}

/// A part of an answer, and the resource that it is about, where that is declared.
pub(crate) struct Member<'m> {
    pub(super) call: &'m Call,
    pub(super) id: Option<AnyId>,
    pub(super) body: &'m Document,
}

/// A member of a list that became a resource.
struct Listed<'m> {
    shape: &'static Shape,
    call: &'m Call,
    id: AnyId,
    body: &'m Document,
}

/// Puts the answers of a run into CloudFormation's words.
pub(super) fn read(mut answers: Vec<Answer>, rows: &mut Rows, estate: &mut Estate) -> Resources {
    let key = |answer: &Answer| {
        let call = &answer.call;
        let place = table::place(call.operation);
        (
            call.account.clone(),
            call.region.clone(),
            place,
            call.arguments.clone(),
            call.page,
        )
    };
    answers.sort_by_cached_key(key);
    let mut reading = Reading {
        resources: Resources::default(),
        rows,
        estate,
        identities: Identities::default(),
        units: BTreeMap::new(),
        declared: Vec::new(),
        told: HashSet::new(),
        within: HashMap::new(),
        foreign: HashSet::new(),
        errors: Errors::default(),
    };
    reading.twice(&answers);
    for answer in &answers {
        reading.unit(&answer.call.account, answer.call.region.as_ref());
    }
    let mut listed = Vec::new();
    for answer in &answers {
        reading.list(answer, &mut listed);
    }
    for one in listed {
        reading.complete(&one);
    }
    for answer in &answers {
        reading.tell(answer);
    }
    unasked::fill(&mut reading);
    coverage::tell(&mut reading, &answers);
    let errors = std::mem::take(&mut reading.errors);
    errors.tell(&reading.resources);
    reading.resources
}

impl<'a> Reading<'a> {
    /// The unit of an account in a region.
    pub(super) fn unit(&mut self, account: &Arc<str>, region: Option<&Arc<str>>) -> UnitId {
        let home = (account.clone(), region.cloned());
        if let Some((unit, _)) = self.units.get(&home) {
            return *unit;
        }
        let unit = UnitId(u32::try_from(self.estate.units.len()).unwrap_or(u32::MAX));
        let site = Site {
            account: Some(account.clone()),
            region: region.cloned(),
        };
        self.estate.units.push(Unit {
            name: format!("{account}/{}", region.map_or("global", |region| region)).into(),
            format: super::FORMAT.into(),
            account: site.account.clone(),
            region: site.region.clone(),
        });
        self.rows.names.settle(unit, site.clone());
        self.units.insert(home, (unit, Rc::new(site)));
        unit
    }

    pub(super) fn homes(&self) -> impl Iterator<Item = (&Home, UnitId)> {
        self.units.iter().map(|(home, (unit, _))| (home, *unit))
    }

    /// Tells of calls that two files answer: those of another day, which would be mixed up.
    fn twice(&self, answers: &[Answer]) {
        for pair in answers.windows(2) {
            let [one, other] = pair else { continue };
            let (own, next) = (&one.call, &other.call);
            let same = own.page > 0
                && (&own.account, &own.region, key(own.operation))
                    == (&next.account, &next.region, key(next.operation))
                && (&own.arguments, own.page) == (&next.arguments, next.page);
            if same {
                let reason = format!(
                    "{} is answered twice: leave one of the directories out, or what they say is mixed",
                    next.words()
                );
                self.resources.gap(GapKind::Unparsed, reason, other.at.clone());
            }
        }
    }

    /// Declares what an answer lists.
    fn list<'m>(&mut self, answer: &'m Answer, listed: &mut Vec<Listed<'m>>) {
        let Said::Body(body) = &answer.said else { return };
        for (path, shape) in answer.call.operation.lists {
            for member in members(body, path) {
                let shape = match shape.which.map(|which| which(self, member)) {
                    Some(Which::Neither) => continue,
                    Some(Which::Other) => shape.other.unwrap_or(shape),
                    Some(Which::Itself) | None => *shape,
                };
                match self.member(&answer.call, shape, member) {
                    Some(id) => listed.push(Listed {
                        shape,
                        call: &answer.call,
                        id,
                        body: member,
                    }),
                    None => {
                        let names = shape.arn;
                        let reason = format!(
                            "{}: a member without what names it ({names}): it is not read",
                            answer.call.words()
                        );
                        self.resources.gap(GapKind::Unparsed, reason, member.at.clone());
                    }
                }
            }
        }
    }

    /// Declares a member of an answer with the properties that it has.
    fn member(&mut self, call: &Call, shape: &'static Shape, member: &Document) -> Option<AnyId> {
        let arn = shape.arn.split('|').find_map(|arn| expand(call, member, arn))?;
        let arn = arn.strip_suffix(":$LATEST").unwrap_or(&arn);
        let id = self.declare(call, shape.cfn, arn, &named_at(member));
        let mut names = shape
            .names
            .split_whitespace()
            .filter_map(|name| expand(call, member, name))
            .map(Arc::<str>::from);
        if let Some(name) = names.next() {
            self.called(call, id, shape.cfn, name.clone());
            if let Some(declared) = self.resources.get_mut(id) {
                declared.name = Some(Text::literal(name));
            }
        }
        for name in names {
            self.called(call, id, shape.cfn, name);
        }
        self.set(call, id, shape.properties, member);
        self.told.insert((id, key(call.operation)));
        Some(id)
    }

    /// Says that a resource is named so in its account and region.
    pub(super) fn called(&mut self, call: &Call, id: AnyId, cfn: &'static str, name: Arc<str>) {
        let unit = match self.resources.get(id) {
            Some(declared) => declared.unit,
            None => self.unit(&call.account, call.region.as_ref()),
        };
        self.identities.call(unit, cfn, name.clone(), id);
        let is_id = kind_of(cfn).is_some_and(|kind| kind.name.is_none()) || name.starts_with("arn:");
        if let Some(declared) = self.resources.get_mut(id).filter(|_| is_id) {
            declared.ids.push(name);
        }
    }

    /// The resource of a type with an ARN, which is declared where it is not yet.
    pub(super) fn declare(&mut self, call: &Call, cfn: &'static str, arn: &str, at: &Location) -> AnyId {
        if let Some(id) = self.identities.by_arn(cfn, arn) {
            return id;
        }
        let (account, region) = self.home(call, cfn, arn, at);
        let unit = self.unit(&account, region.as_ref());
        let site = self
            .units
            .get(&(account, region))
            .map_or_else(Default::default, |(_, site)| site.clone());
        let id = Resources::promise(&mut self.rows.counts, cfn);
        let address: Arc<str> = arn.into();
        let declared = self.resources.add(id, cfn, unit, &site, &address, at.clone());
        declared.arn = Some(Text::literal(address.clone()));
        self.identities.add(cfn, address, id);
        self.declared.push((id, cfn, unit));
        id
    }

    /// Where a resource is: in the region that its ARN says, of the account that was asked. An answer may list what
    /// others share; a function or a role of another account is an answer in the wrong directory.
    fn home(&mut self, call: &Call, cfn: &str, arn: &str, at: &Location) -> Home {
        let mut segments = arn.split(':').skip(3);
        let region = segments
            .next()
            .filter(|region| !region.is_empty())
            .map(Arc::<str>::from);
        let account = segments.next().filter(|account| super::layout::is_account(account));
        let region = region.or_else(|| call.region.clone());
        if !OWN.contains(&cfn) {
            return (call.account.clone(), region);
        }
        let account = account.map_or_else(|| call.account.clone(), Arc::from);
        if account != call.account || region != call.region {
            let reason = format!(
                "{} names {cfn} of another account or region than its directory says: the ARN is believed",
                call.words()
            );
            self.resources.gap(GapKind::Unparsed, reason, at.clone());
        }
        (account, region)
    }

    /// Sets the properties of a list that a member has.
    pub(super) fn set(&mut self, call: &Call, id: AnyId, list: &'static str, member: &Document) {
        let Some(declared) = self.resources.get_mut(id) else {
            return;
        };
        for (property, from) in properties(list).filter(|(_, from)| *from != "()") {
            if let Some(value) = source(call, member, from) {
                declared.set(property, value);
            }
        }
    }

    fn complete(&mut self, one: &Listed<'_>) {
        if let Some(run) = one.shape.run {
            let member = Member {
                call: one.call,
                id: Some(one.id),
                body: one.body,
            };
            run(self, &member);
        }
    }

    /// What an answer tells of what its call is about.
    fn tell(&mut self, answer: &Answer) {
        let operation = answer.call.operation;
        match &answer.said {
            Said::Body(body) => {
                let named = named(body, operation.named_by);
                let id = self.subject(&answer.call, named);
                if let Some(id) = id {
                    self.told.insert((id, key(operation)));
                    self.set(&answer.call, id, operation.tells, body);
                }
                if let Some(run) = operation.run {
                    self.hook(run, &answer.call, id, body);
                } else if id.is_none() && !operation.of.is_empty() && operation.lists.is_empty() {
                    self.nobody(answer);
                }
            }
            Said::Error { code } => {
                let id = self.subject(&answer.call, None);
                let lists = operation.of.is_empty() && !operation.lists.is_empty();
                let absent = !lists && Outcome::of(code) == Outcome::Absent;
                match id.filter(|_| absent) {
                    Some(id) => {
                        self.told.insert((id, key(operation)));
                        if let Some(none) = operation.none {
                            let nothing = Document::new(Value::Null, answer.at.clone());
                            self.hook(none, &answer.call, Some(id), &nothing);
                        }
                    }
                    None if absent && operation.of.is_empty() => {}
                    None if absent => self.nobody(answer),
                    None => self.errors.add(&answer.call, id, code, &answer.at),
                }
            }
        }
    }

    fn hook(&mut self, hook: Hook, call: &Call, id: Option<AnyId>, body: &Document) {
        hook(self, &Member { call, id, body });
    }

    /// An answer about something that no other answer names.
    fn nobody(&mut self, answer: &Answer) {
        let operation = answer.call.operation;
        let is_foreign = |name: &str| name.contains(":iam::aws:") || self.foreign.contains(name);
        if answer.call.argument(0).is_some_and(is_foreign) {
            return;
        }
        let reason = match answer.call.arguments.is_empty() {
            true => format!(
                "{} {}: the answer does not say what it is about: keep it as <account>/<region>/{}/{}/<argument>.json",
                operation.service, operation.name, operation.service, operation.name
            ),
            false => format!(
                "{}: no other answer names this {}: collect the list of them too",
                answer.call.words(),
                operation.of
            ),
        };
        self.resources.gap(GapKind::Absent, reason, answer.at.clone());
    }

    pub(super) fn declared_mut(&mut self, id: AnyId) -> Option<&mut Declared> {
        self.resources.get_mut(id)
    }
}

/// Types whose rows are always of the account that was asked.
const OWN: &[&str] = &[
    "AWS::Lambda::Function",
    "AWS::Lambda::Version",
    "AWS::Lambda::Alias",
    "AWS::IAM::Role",
    "AWS::IAM::User",
    "AWS::IAM::Group",
    "AWS::IAM::ManagedPolicy",
];

pub(super) fn key(operation: &Operation) -> Key {
    (operation.service, operation.name)
}

/// The members of an answer at a path; an answer that is a list itself (`--query Functions`) is the list.
pub(super) fn members<'d>(body: &'d Document, path: &str) -> Vec<&'d Document> {
    let mut found = vec![body];
    if !path.is_empty() && !matches!(body.value, Value::List(_)) {
        for key in path.split('.') {
            found = match key {
                "*" => found.into_iter().flat_map(|one| one.items()).collect(),
                key => found.into_iter().filter_map(|one| one.get(key)).collect(),
            };
        }
    }
    let mut members = Vec::new();
    for one in found {
        match &one.value {
            Value::List(items) => members.extend(items),
            Value::Null | Value::Absent => {}
            _ => members.push(one),
        }
    }
    members
}

/// What an answer names as what it is about.
fn named<'d>(body: &'d Document, path: &str) -> Option<&'d str> {
    if path.is_empty() {
        return None;
    }
    let mut found = body;
    for key in path.split('.') {
        found = match key {
            "*" => found.items().first()?,
            key => found.get(key)?,
        };
    }
    found.as_str()
}

/// The line of a member that names it, for what the member lacks: its ARN or name, else where it begins.
fn named_at(member: &Document) -> Location {
    let naming = member.fields().iter().find(|field| {
        let key = field.key.to_ascii_lowercase();
        key.ends_with("arn") || key.ends_with("name") || key == "id"
    });
    naming.map_or_else(|| member.at.clone(), |field| field.value.at.clone())
}

/// The distinct members of a set, in order, as words.
pub(super) fn listed<'s>(words: impl IntoIterator<Item = &'s str>) -> String {
    let set: BTreeSet<&str> = words.into_iter().collect();
    set.into_iter().collect::<Vec<_>>().join(", ")
}

/// The value at a path of a member.
pub(super) fn value(member: &Member<'_>, path: &str) -> Option<Document> {
    select(member.body, path)
}
