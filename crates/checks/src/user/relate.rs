//! Rows by what they refer to: the URLs of a function, the functions of a role.

use super::types::Type;
use super::view::{View, Viewer};
use maremma_model::{AnyId, Estate, UnitId, Why};
use std::collections::HashMap;

/// A member that a noun has because others refer to it.
pub(crate) struct Relation {
    /// The noun that has the member.
    of: &'static str,
    pub(crate) member: &'static str,
    /// The noun whose rows are listed, and the path in them of what refers.
    pub(crate) from: &'static str,
    path: &'static [&'static str],
}

const fn relation(
    of: &'static str,
    member: &'static str,
    from: &'static str,
    path: &'static [&'static str],
) -> Relation {
    Relation { of, member, from, path }
}

const RELATIONS: &[Relation] = &[
    relation("Function", "aliases", "Alias", &["function", "function"]),
    relation("Function", "versions", "Version", &["function", "function"]),
    relation("Function", "urls", "Url", &["function", "function"]),
    relation("Function", "permissions", "Permission", &["function", "function"]),
    relation("Function", "triggers", "Trigger", &["function", "function"]),
    relation("Function", "invoke_configs", "InvokeConfig", &["function", "function"]),
    relation("Role", "functions", "Function", &["role"]),
    relation("Role", "attached_policies", "Policy", &["roles"]),
    relation("LayerVersion", "functions", "Function", &["layers"]),
    relation("LayerVersion", "permissions", "LayerPermission", &["layer"]),
    relation("LogGroup", "functions", "Function", &["logging", "log_group"]),
    relation("Subnet", "functions", "Function", &["vpc", "subnets"]),
    relation("SecurityGroup", "functions", "Function", &["vpc", "security_groups"]),
    relation("SecurityGroup", "rules", "SecurityGroupRule", &["group"]),
    relation("Vpc", "subnets", "Subnet", &["vpc"]),
    relation("Vpc", "endpoints", "VpcEndpoint", &["vpc"]),
    relation("Key", "functions", "Function", &["kms_key"]),
    relation("Bucket", "resource_policies", "ResourcePolicy", &["on"]),
    relation("Queue", "resource_policies", "ResourcePolicy", &["on"]),
    relation("Queue", "triggers", "Trigger", &["source"]),
    relation("Topic", "resource_policies", "ResourcePolicy", &["on"]),
    relation("HttpApi", "routes", "HttpRoute", &["api"]),
    relation("RestApi", "methods", "RestMethod", &["api"]),
];

/// The members that a noun has because others refer to it.
pub(crate) fn members(noun: &str) -> impl Iterator<Item = (&'static str, Type)> {
    let own = RELATIONS.iter().filter(move |relation| relation.of == noun);
    own.map(|relation| (relation.member, Type::List(Box::new(Type::Row(Some(relation.from))))))
}

pub(crate) fn find(noun: &str, member: &str) -> Option<&'static Relation> {
    RELATIONS
        .iter()
        .find(|relation| relation.of == noun && relation.member == member)
}

/// One relation of an estate, worked out.
#[derive(Debug, Default)]
pub(crate) struct Related {
    rows: HashMap<AnyId, Vec<AnyId>>,
    /// Rows that refer in some worlds only.
    perhaps: HashMap<AnyId, Vec<Why>>,
    /// Rows of which it is not known what they refer to, by their unit.
    loose: HashMap<UnitId, Why>,
}

impl Relation {
    pub(crate) fn work_out(&self, estate: &Estate) -> Related {
        let mut related = Related::default();
        for id in estate.rows_of(self.from) {
            let Some((first, rest)) = self.path.split_first() else {
                continue;
            };
            let Some(Ok(row)) = estate.serialize_row(id, Viewer { only: Some(first) }) else {
                continue;
            };
            let mut ends = Ends::default();
            if let Some(view) = row.field(first) {
                ends.add(view, rest, None);
            }
            for end in ends.always {
                related.rows.entry(end).or_default().push(id);
            }
            for (end, why) in ends.sometimes {
                related.perhaps.entry(end).or_default().push(why);
            }
            if let (Some(why), Some(head)) = (ends.unknown, estate.resource(id)) {
                related.loose.entry(head.unit).or_insert(why);
            }
        }
        related
    }
}

impl Related {
    /// The rows that refer to one, and why there may be more of them.
    pub(crate) fn to(&self, id: AnyId, unit: UnitId) -> (&[AnyId], impl Iterator<Item = &Why>) {
        let perhaps = self.perhaps.get(&id).into_iter().flatten();
        let rows = self.rows.get(&id).map_or(&[][..], Vec::as_slice);
        (rows, perhaps.chain(self.loose.get(&unit)))
    }
}

/// Where the links of a row lead.
#[derive(Default)]
struct Ends {
    always: Vec<AnyId>,
    sometimes: Vec<(AnyId, Why)>,
    unknown: Option<Why>,
}

impl Ends {
    /// Takes in what is at `path` of a view that holds for certain, or only if something is decided.
    fn add(&mut self, view: &View, path: &[&str], doubt: Option<&Why>) {
        match view {
            View::Record("Setting", _) => {
                if let Some(state) = view.field("state") {
                    self.add(state, path, doubt);
                }
            }
            View::Variant("State", "unset", _) | View::Null => {}
            View::Variant("State", "unknown", inner) => self.unknown(inner, path),
            View::Variant("State", _, inner) => self.add(inner, path, doubt),
            View::List(items) => items.iter().for_each(|item| self.add(item, path, doubt)),
            View::Variant("Link" | "AnyLink", "here", inner) => self.add(inner, path, doubt),
            View::Variant("AnyId", _, inner) => self.add(inner, path, doubt),
            View::Variant("Link" | "AnyLink", "unknown", why) => {
                self.unknown = self.unknown.take().or_else(|| why.restore());
            }
            View::Row(id) => match doubt {
                Some(why) => self.sometimes.push((*id, why.clone())),
                None => {
                    if !self.always.contains(id) {
                        self.always.push(*id);
                    }
                }
            },
            View::Record(..) => {
                if let Some((first, rest)) = path.split_first()
                    && let Some(view) = view.field(first)
                {
                    self.add(view, rest, doubt);
                }
            }
            View::Variant(..) | View::Bool(_) | View::Integer(_) | View::Text(_) => {}
        }
    }

    fn unknown(&mut self, unknown: &View, path: &[&str]) {
        let Some(why) = unknown.field("why").and_then(View::restore::<Why>) else {
            return;
        };
        match unknown.field("candidates") {
            Some(View::List(candidates)) if !candidates.is_empty() => {
                for state in candidates.iter().filter_map(|candidate| candidate.field("state")) {
                    self.add(state, path, Some(&why));
                }
            }
            _ => self.unknown = Some(why),
        }
    }
}
