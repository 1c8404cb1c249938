//! Which functions depend on a secret, a parameter or a key.

use crate::access::identity::identity;
use crate::context::Context;
use crate::verdict::findings::Findings;
use maremma_iam::Statement;
use maremma_model::noun::{AnyLink, Key, ManagedSecret, Parameter};
use maremma_model::{AnyId, Function, Id, Piece, Setting, Text, Why};
use std::cell::{Cell, OnceCell};
use std::collections::{BTreeSet, HashMap};

/// Dependents, worked out when they are first asked for.
pub(crate) struct Dependents<'c> {
    context: &'c Context<'c>,
    readers: OnceCell<Allowed<'c>>,
    decrypters: OnceCell<Allowed<'c>>,
    parameter_readers: OnceCell<Allowed<'c>>,
}

/// How many times a statement is compared with a resource: some seconds of work. A template has 500 resources at most, so
/// that only many stacks of one account, or somebody who means harm, come near it.
const MOST_COMPARISONS: usize = 1_000_000;

/// The functions whose roles allow one of some actions, by what the statements name.
#[derive(Default)]
struct Allowed<'c> {
    by_reference: HashMap<AnyId, Vec<Id<Function>>>,
    /// Statements with items that are written out, or with `NotResource`.
    by_pattern: Vec<(&'c Statement, &'c [Id<Function>])>,
    comparisons: Cell<usize>,
}

impl<'c> Dependents<'c> {
    pub(crate) fn new(context: &'c Context<'c>) -> Self {
        Dependents {
            context,
            readers: OnceCell::new(),
            decrypters: OnceCell::new(),
            parameter_readers: OnceCell::new(),
        }
    }

    /// Says where there was too much to compare, so that dependents may be missing. To be called at the end.
    pub(crate) fn tell(&self, findings: &mut Findings<'_>) {
        let all = [&self.readers, &self.decrypters, &self.parameter_readers];
        let spent = |allowed: &Allowed<'_>| allowed.comparisons.get() > MOST_COMPARISONS;
        if all.into_iter().filter_map(OnceCell::get).any(spent) {
            findings.not_assessed(format!(
                "more than {MOST_COMPARISONS} pairs of a resource and a statement that may be for it: not all were compared; scan fewer stacks at once",
            ));
        }
    }

    /// The functions that may read a secret by their role, or name it in their environment.
    pub(crate) fn of_secret(&self, id: Id<ManagedSecret>) -> Vec<Id<Function>> {
        let actions = &["secretsmanager:GetSecretValue"];
        self.by_name_or_role(
            id.into(),
            self.readers.get_or_init(|| Allowed::to(self.context, actions)),
        )
    }

    /// The functions that may read a parameter by their role, or name it in their environment.
    pub(crate) fn of_parameter(&self, id: Id<Parameter>) -> Vec<Id<Function>> {
        let actions = &["ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath"];
        let readers = self
            .parameter_readers
            .get_or_init(|| Allowed::to(self.context, actions));
        self.by_name_or_role(id.into(), readers)
    }

    fn by_name_or_role(&self, id: AnyId, readers: &Allowed<'_>) -> Vec<Id<Function>> {
        let by_name = self.context.relations.functions_that_name(id).iter().copied();
        let by_role = readers.on(self.context, id);
        by_name.chain(by_role).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// The functions whose environment, code or events a key encrypts, whose secret it does, or whose
    /// role may decrypt with it.
    pub(crate) fn of_key(&self, id: Id<Key>) -> Vec<Id<Function>> {
        let estate = self.context.estate;
        let decrypters = self
            .decrypters
            .get_or_init(|| Allowed::to(self.context, &["kms:Decrypt"]));
        let mut found: BTreeSet<Id<Function>> = decrypters.on(self.context, id.into()).into_iter().collect();
        for (function, row) in estate.functions.iter() {
            if uses(&row.kms_key, id) || uses(&row.code.source_kms_key, id) {
                found.insert(function);
            }
        }
        for (secret, row) in estate.secrets.iter() {
            if uses(&row.kms_key, id) {
                found.extend(self.of_secret(secret));
            }
        }
        for row in estate.triggers.values() {
            let mapping = row.mapping.as_ref().is_some_and(|mapping| uses(&mapping.kms_key, id));
            let mut sources = row.source.possible().filter_map(AnyLink::here);
            if mapping || sources.any(|source| key_of(self.context, source).is_some_and(|key| uses(key, id))) {
                found.extend(row.function.value().and_then(|reference| reference.function.here()));
            }
        }
        found.into_iter().collect()
    }
}

impl<'c> Allowed<'c> {
    fn to(context: &'c Context<'c>, actions: &[&str]) -> Self {
        let mut allowed = Allowed::default();
        for (role, row) in context.estate.roles.iter() {
            let functions = context.relations.functions_of_role(role);
            let Some(identity) = identity(context, role, row).filter(|_| !functions.is_empty()) else {
                continue;
            };
            let statements = identity.sources.iter().flat_map(|source| source.policy.allows());
            let allows = |statement: &&Statement| actions.iter().any(|action| statement.covers_action(action).is_yes());
            for statement in statements.filter(allows) {
                allowed.add(statement, functions);
            }
        }
        allowed
    }

    fn add(&mut self, statement: &'c Statement, functions: &'c [Id<Function>]) {
        let Some(resources) = statement.resources.as_ref().filter(|resources| !resources.negated) else {
            self.by_pattern.push((statement, functions));
            return;
        };
        let mut written = false;
        for item in &resources.items {
            let named: Vec<AnyId> = stand_for(&item.text).collect();
            written |= named.is_empty();
            for id in named {
                self.by_reference.entry(id).or_default().extend(functions);
            }
        }
        if written {
            self.by_pattern.push((statement, functions));
        }
    }

    fn on(&self, context: &Context<'_>, id: AnyId) -> Vec<Id<Function>> {
        let mut found = self.by_reference.get(&id).cloned().unwrap_or_default();
        if let Some(resource) = context.resource(id) {
            let in_aws = in_usual_partition(&resource.arn);
            let covers = |statement: &Statement| {
                statement.covers_resource(&resource.arn).is_yes()
                    || in_aws
                        .as_ref()
                        .is_some_and(|arn| statement.covers_resource(arn).is_yes())
            };
            for (statement, functions) in &self.by_pattern {
                let mut near = functions
                    .iter()
                    .filter(|function| are_neighbours(context, **function, id))
                    .peekable();
                if near.peek().is_none() {
                    continue;
                }
                self.comparisons.set(self.comparisons.get() + 1);
                if self.comparisons.get() > MOST_COMPARISONS {
                    break;
                }
                if covers(statement) {
                    found.extend(near);
                }
            }
        }
        found
    }
}

/// Whether what a pattern selects for a function can be the resource: both are of one unit, or of one account.
fn are_neighbours(context: &Context<'_>, function: Id<Function>, id: AnyId) -> bool {
    let unit = |id: AnyId| context.resource(id).map(|resource| resource.unit);
    let same_account = || {
        context
            .account(function)
            .is_some_and(|own| context.account(id) == Some(own))
    };
    unit(function.into()) == unit(id) || same_account()
}

/// The ARN in the partition `aws`, where its own is not known: who writes `arn:aws:...` deploys there.
fn in_usual_partition(arn: &Text) -> Option<Text> {
    let mut pieces = arn.pieces();
    let partition = pieces.iter_mut().find(|piece| match piece {
        Piece::Hole(hole) => hole.why == Why::Pseudo("AWS::Partition".into()),
        Piece::Literal(_) => false,
    })?;
    *partition = Piece::Literal("aws".into());
    Some(Text::from_pieces(pieces))
}

/// The resources that parts of a text stand for.
fn stand_for(text: &Text) -> impl Iterator<Item = AnyId> {
    text.holes()
        .filter_map(|hole| hole.stands_for.as_ref().map(|attribute| attribute.of))
}

fn uses(key: &Setting<AnyLink>, id: Id<Key>) -> bool {
    key.possible().any(|link| link.here() == Some(id.into()))
}

/// The key of what triggers functions.
fn key_of<'a>(context: &Context<'a>, source: AnyId) -> Option<&'a Setting<AnyLink>> {
    let estate = context.estate;
    Some(match source {
        AnyId::Queue(id) => &estate.queues.get(id)?.kms_key,
        AnyId::Topic(id) => &estate.topics.get(id)?.kms_key,
        AnyId::Bucket(id) => &estate.buckets.get(id)?.kms_key,
        AnyId::DataTable(id) => &estate.data_tables.get(id)?.kms_key,
        AnyId::Stream(id) => &estate.streams.get(id)?.kms_key,
        AnyId::Bus(id) => &estate.buses.get(id)?.kms_key,
        _ => return None,
    })
}

/// The resources that the texts of a function's environment stand for.
pub(crate) fn named_in_environment(function: &Function) -> Vec<AnyId> {
    let values = function
        .environment
        .iter()
        .flat_map(|variable| variable.value.possible());
    let texts = values.filter_map(|value| value.reveal());
    texts.flat_map(stand_for).collect()
}
