//! The translation of a unit: resources first, then what Terraform writes beside them and CloudFormation on
//! them.

use super::read::{at, build, misplaced, name_of, only_when, property, texts, weight};
use super::table::{Into, Word, json};
use crate::kinds::kind_of;
use crate::names::bare;
use crate::resources::{Declared, Resources};
use crate::rows::Rows;
use crate::site::Site;
use crate::terraform::instance::Instance;
use maremma_model::{AnyId, Document, Existence, GapKind, Text, UnitId, Value};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

pub(crate) struct Translation<'a> {
    pub(super) resources: &'a mut Resources,
    rows: &'a mut Rows,
    unit: UnitId,
    site: Rc<Site>,
    sites: HashMap<Arc<str>, Rc<Site>>,
    /// The resources by CloudFormation type and by what they are called: name, id, ARN.
    named: HashMap<(Arc<str>, String), AnyId>,
    /// Resources by CloudFormation type and by a resource and a text that together name them: the stage of
    /// an API, the alias of a function.
    parts: HashMap<(&'static str, Text, Text), AnyId>,
    /// Resources that have a policy which is a resource of its own.
    policed: HashSet<AnyId>,
    /// The version that a function publishes.
    versions: HashMap<AnyId, AnyId>,
    /// How much may still be copied from one resource to others.
    room: usize,
}

/// How much is copied, beside a multiple of what there is.
const MAX_COPIED: usize = 100_000;
const COPIES: usize = 16;

/// The property by which a resource without a noun of its own is found.
const NAMED: &[(&str, &str)] = &[("AWS::Events::Rule", "Name")];

/// The policies that are resources of their own, with the property that says of what, and the type of that.
const POLICIES: &[(&str, &str, &str)] = &[
    ("AWS::S3::BucketPolicy", "Bucket", "AWS::S3::Bucket"),
    ("AWS::SQS::QueuePolicy", "Queues", "AWS::SQS::Queue"),
    ("AWS::SNS::TopicPolicy", "Topics", "AWS::SNS::Topic"),
    (
        "AWS::SecretsManager::ResourcePolicy",
        "SecretId",
        "AWS::SecretsManager::Secret",
    ),
];

impl<'a> Translation<'a> {
    pub(super) fn new(resources: &'a mut Resources, rows: &'a mut Rows, unit: UnitId, site: &Rc<Site>) -> Self {
        Translation {
            resources,
            rows,
            unit,
            site: site.clone(),
            sites: HashMap::new(),
            named: HashMap::new(),
            parts: HashMap::new(),
            policed: HashSet::new(),
            versions: HashMap::new(),
            room: MAX_COPIED,
        }
    }

    /// Everything, whatever the order of the instances.
    pub(super) fn run(&mut self, mut instances: Vec<Instance>) {
        instances.sort_by(|a, b| a.address.cmp(&b.address));
        super::decided::decide(&mut instances);
        let all: usize = instances.iter().map(|one| weight(&one.body)).sum();
        self.room = all.saturating_mul(COPIES).saturating_add(MAX_COPIED);
        // What is not written in a resource is told of its header.
        instances.iter_mut().for_each(|one| one.body.at = one.at.into());
        let worded: Vec<_> = instances.iter().map(|one| (one, super::word(&one.ty))).collect();
        for (instance, word) in &worded {
            self.add(instance, *word);
        }
        let own = || {
            worded
                .iter()
                .filter_map(|(one, word)| Some((*one, word.filter(|word| word.is_own())?)))
        };
        own().for_each(|(instance, _)| self.call(instance));
        own().for_each(|(instance, word)| self.join(instance, word));
        for (instance, word) in &worded {
            let Some(word) = word else { continue };
            if !word.is_own() && !matches!(instance.exists, Existence::OffByDefault(_)) {
                match word.then {
                    Some(hook) => hook(self, instance),
                    None => self.fold(instance, word),
                }
            }
        }
        for (instance, word) in &worded {
            if let Some(hook) = word.and_then(|word| word.last) {
                hook(self, instance);
            }
        }
    }

    fn site(&mut self, region: Option<&Arc<str>>) -> Rc<Site> {
        let Some(region) = region else { return self.site.clone() };
        let account = self.site.account.clone();
        let site = || {
            Rc::new(Site {
                account,
                region: Some(region.clone()),
            })
        };
        self.sites.entry(region.clone()).or_insert_with(site).clone()
    }

    fn add(&mut self, instance: &Instance, word: Option<&'static Word>) {
        let site = self.site(instance.region.as_ref());
        let own = word.filter(|word| matches!(word.into, Into::Own(_)));
        let cfn = own.map_or(&*instance.ty, |word| word.cfn());
        let header = instance.at.into();
        let declared = self
            .resources
            .add(instance.id, cfn, self.unit, &site, &instance.address, header);
        declared.exists = instance.exists.clone();
        if let Some(word) = word {
            for (block, at) in misplaced(word.entries, &instance.body) {
                let reason = format!("{block}: expected a block");
                self.resources.gap(GapKind::Unparsed, reason, at);
            }
        }
        let Some(word) = own else { return };
        let Some(declared) = self.resources.get_mut(instance.id) else {
            return;
        };
        declared.properties = Rc::new(build(word.entries, &instance.body, instance.id));
        if let Some(hook) = word.then {
            hook(self, instance);
        }
    }

    /// Notes what a resource is called.
    fn call(&mut self, instance: &Instance) {
        let Some(declared) = self.resources.get(instance.id) else {
            return;
        };
        let cfn = declared.cfn.clone();
        let kind = kind_of(&cfn);
        let extra = NAMED.iter().find(|(named, _)| **named == *cfn).map(|(_, name)| *name);
        let name = kind.as_ref().and_then(|kind| kind.name).or(extra);
        let name = name.and_then(|name| declared.properties.get(name)?.as_str());
        // A state knows what AWS calls it.
        let known = ["id", "arn"]
            .iter()
            .filter_map(|name| instance.body.get(name)?.as_str());
        let noun = kind.as_ref().map_or("", |kind| kind.noun);
        for name in name.into_iter().chain(known) {
            let name = bare(noun, name).to_owned();
            self.named.entry((cfn.clone(), name)).or_insert(instance.id);
        }
    }

    /// Notes what a resource is called among those of another one, and what it is the policy of.
    fn join(&mut self, instance: &Instance, word: &Word) {
        let Some(declared) = self.resources.get(instance.id) else {
            return;
        };
        if let Some((_, by, of)) = POLICIES.iter().find(|(cfn, ..)| *cfn == word.cfn())
            && let Some(on) = declared.properties.get(by)
        {
            let on = self.targets(of, on);
            self.policed.extend(on.into_iter().map(|(id, _)| id));
            return;
        }
        let Some(key) = part_key(word.cfn()) else { return };
        let read = |name: &str| name_of(declared.properties.get(name)?);
        if let (Some(of), Some(name)) = (read(key.of), read(key.name)) {
            let of = self.identity(key.owner, of);
            self.parts.entry((word.cfn(), of, name)).or_insert(instance.id);
        }
    }

    /// A text of which only the resource matters that it names.
    fn identity(&self, cfn: &str, text: Text) -> Text {
        let referred = text.as_attribute().map(|attribute| attribute.of);
        let id = referred.or_else(|| self.named(cfn, &Text::literal(text.as_literal()?)));
        id.map_or(text, |id| Text::attribute(id, "", ""))
    }

    /// The resource of a type that belongs to another one and is called by a text: a reference to it, or its
    /// name.
    pub(super) fn part(&self, cfn: &'static str, of: &Document, name: &Document) -> Option<AnyId> {
        let name = name_of(name)?;
        if let Some(id) = name.as_attribute().map(|attribute| attribute.of)
            && self.is(id, cfn)
        {
            return Some(id);
        }
        let of = self.identity(part_key(cfn)?.owner, of.as_text()?.clone());
        self.parts.get(&(cfn, of, name)).copied()
    }

    fn is(&self, id: AnyId, cfn: &str) -> bool {
        self.resources.get(id).is_some_and(|one| &*one.cfn == cfn)
    }

    /// The resource of a type that a text names.
    pub(super) fn named(&self, cfn: &str, text: &Text) -> Option<AnyId> {
        let mut referred = text.holes().filter_map(|hole| Some(hole.stands_for.as_ref()?.of));
        if let Some(id) = referred.find(|id| self.is(*id, cfn)) {
            return Some(id);
        }
        let name = text.as_literal()?;
        let noun = kind_of(cfn).map_or("", |kind| kind.noun);
        let last = || name.rsplit([':', '/']).next().unwrap_or(name);
        let mut names = [name, bare(noun, name)]
            .into_iter()
            .chain(name.starts_with("arn:").then(last));
        names.find_map(|name| self.named.get(&(cfn.into(), name.to_owned())).copied())
    }

    /// The resources of a type that a value may name, each with its world.
    pub(super) fn targets(&self, cfn: &str, value: &Document) -> Vec<(AnyId, Option<Arc<str>>)> {
        let found = texts(value).into_iter();
        found
            .filter_map(|(when, text)| Some((self.named(cfn, &text)?, when)))
            .collect()
    }

    /// Puts what a part of a resource says on that resource.
    pub(super) fn fold(&mut self, instance: &Instance, word: &Word) {
        let (Into::Onto { by, cfn } | Into::Item { by, cfn, .. }) = word.into else {
            return;
        };
        let Some(named) = at(&instance.body, by) else { return };
        let targets = self.targets(cfn, &named);
        if targets.is_empty() {
            self.adrift(instance, by, &named);
        }
        for (id, when) in targets {
            self.put(instance, word, id, when);
        }
    }

    /// Puts the entries of a part on a resource.
    pub(super) fn put(&mut self, instance: &Instance, word: &Word, id: AnyId, when: Option<Arc<str>>) {
        let when = both(&instance.exists, when);
        let values: Vec<_> = match word.into {
            Into::Item { .. } => item(word, instance).into_iter().map(|value| ("", value)).collect(),
            _ => {
                let value = |entry| Some((entry, property(entry, &instance.body, instance.id)?));
                let values = word.entries.iter().filter_map(value);
                values.map(|(entry, value)| (entry.to, value)).collect()
            }
        };
        let Some(declared) = self.resources.get_mut(id) else {
            return;
        };
        for (to, value) in values {
            let value = only_when(value, when.clone());
            match word.into {
                Into::Item { list, .. } => declared.append(list, value),
                _ => declared.set(to, value),
            }
        }
    }

    /// Tells of a part of which it is not known whether its resource is here.
    pub(super) fn adrift(&self, instance: &Instance, by: &str, named: &Document) {
        if matches!(named.value, Value::Unknown(_) | Value::Choice(_)) {
            let reason = format!(
                "{}: it is not known which resource {by} names, so what this sets is not seen",
                instance.ty
            );
            self.resources.gap(GapKind::Unsupported, reason, named.at.clone());
        }
    }

    pub(super) fn get(&self, id: AnyId, property: &str) -> Option<Document> {
        at(&self.resources.get(id)?.properties, property)
    }

    fn change(&mut self, id: AnyId, change: impl FnOnce(&mut Declared)) {
        if let Some(declared) = self.resources.get_mut(id) {
            change(declared);
        }
    }

    /// Counts what is copied; false where there has been too much of it.
    fn spend(&mut self, value: &Document) -> bool {
        if self.room == 0 {
            return false;
        }
        self.room = self.room.saturating_sub(weight(value));
        if self.room == 0 {
            let reason =
                "too much is said of many resources at once: not all of it is read; scan parts of it by themselves";
            self.resources.gap(GapKind::Bounds, reason, value.at.clone());
        }
        self.room > 0
    }

    pub(super) fn set(&mut self, id: AnyId, property: &str, value: Document) {
        if self.spend(&value) {
            self.change(id, |declared| declared.set(property, value));
        }
    }

    /// Whether too much has been copied to copy more.
    pub(super) fn is_full(&self) -> bool {
        self.room == 0
    }

    /// Adds to a list what is there only where an instance is.
    pub(super) fn append(
        &mut self,
        instance: &Instance,
        (id, when): (AnyId, Option<Arc<str>>),
        list: &str,
        value: Document,
    ) {
        let value = only_when(value, both(&instance.exists, when));
        if self.spend(&value) {
            self.change(id, |declared| declared.append(list, value));
        }
    }

    pub(super) fn append_all(
        &mut self,
        instance: &Instance,
        target: (AnyId, Option<Arc<str>>),
        list: &str,
        values: impl IntoIterator<Item = Document>,
    ) {
        for value in values {
            if self.is_full() {
                return;
            }
            self.append(instance, target.clone(), list, value);
        }
    }

    /// A resource that Terraform writes within another one, or makes by itself: what is put behind the address
    /// of that, and the world in which it is there.
    pub(super) fn beside(
        &mut self,
        instance: &Instance,
        cfn: &str,
        (part, when): (&str, Option<Arc<str>>),
        properties: Document,
    ) -> Option<AnyId> {
        if !self.spend(&properties) {
            return None;
        }
        let id = Resources::promise(&mut self.rows.counts, cfn);
        let site = self.site(instance.region.as_ref());
        let address = format!("{}{part}", instance.address).into();
        let at = properties.at.clone();
        let declared = self.resources.add(id, cfn, self.unit, &site, &address, at);
        declared.exists = match (&instance.exists, when) {
            (off @ Existence::OffByDefault(_), _) => off.clone(),
            (exists, when) => both(exists, when).map_or(Existence::Always, Existence::When),
        };
        declared.properties = Rc::new(properties);
        Some(id)
    }

    /// Notes which version a function publishes.
    pub(super) fn publishes(&mut self, function: AnyId, version: AnyId) {
        self.versions.insert(function, version);
    }

    /// The version that a text names by a reference to the function that publishes it.
    pub(super) fn version(&self, named: &Document) -> Option<AnyId> {
        let attribute = named.as_text()?.as_attribute()?;
        let own = (&*attribute.name == "Version").then_some(attribute.of)?;
        self.versions.get(&own).copied()
    }

    /// The policy that is written on a resource. Where it is a resource of its own, a state shows it here too.
    pub(super) fn policy_beside(&mut self, instance: &Instance, cfn: &str, to: &str) {
        let Some((_, by, _)) = POLICIES.iter().find(|(policy, ..)| *policy == cfn) else {
            return;
        };
        let policy = property(&json("policy", ""), &instance.body, instance.id);
        if let Some(policy) = policy.filter(|_| !self.policed.contains(&instance.id)) {
            let at = policy.at.clone();
            let own = Document::text(Text::attribute(instance.id, "Ref", &*instance.address), at.clone());
            let properties = Document::map(vec![(by, own), (to, policy)], at);
            self.beside(instance, cfn, ("", None), properties);
        }
    }

    /// Gives the row of an instance another type of the same noun.
    pub(super) fn becomes(&mut self, instance: &Instance, cfn: &str, properties: Document) {
        let site = self.site(instance.region.as_ref());
        if let Some(declared) = self.resources.get_mut(instance.id) {
            declared.site = site;
            declared.retype(cfn);
            declared.properties = Rc::new(properties);
        }
    }

    pub(super) fn own(&mut self, instance: &Instance) -> Option<&mut Declared> {
        self.resources.get_mut(instance.id)
    }
}

/// What a part adds to a list: a map, or the value of its only entry.
pub(super) fn item(word: &Word, instance: &Instance) -> Option<Document> {
    match word.entries {
        [only] if only.to.is_empty() => property(only, &instance.body, instance.id),
        entries => Some(build(entries, &instance.body, instance.id)),
    }
}

/// When both an instance and one of its worlds are there.
fn both(exists: &Existence, when: Option<Arc<str>>) -> Option<Arc<str>> {
    match (exists, when) {
        (Existence::When(outer), Some(when)) => Some(format!("{outer} and {when}").into()),
        (Existence::When(outer), None) => Some(outer.clone()),
        (_, when) => when,
    }
}

/// The properties that together name a resource of a type, and the type of the resource that it is a part of.
struct PartKey {
    owner: &'static str,
    of: &'static str,
    name: &'static str,
}

fn part_key(cfn: &str) -> Option<PartKey> {
    let (owner, of, name) = match cfn {
        "AWS::Lambda::Permission" => ("AWS::Lambda::Function", "FunctionName", "FunctionUrlAuthType"),
        "AWS::Lambda::Alias" => ("AWS::Lambda::Function", "FunctionName", "Name"),
        "AWS::ApiGateway::Stage" | "AWS::ApiGateway::Deployment" => {
            ("AWS::ApiGateway::RestApi", "RestApiId", "StageName")
        }
        "AWS::ApiGateway::Method" => ("AWS::ApiGateway::Resource", "ResourceId", "HttpMethod"),
        _ => return None,
    };
    Some(PartKey { owner, of, name })
}
