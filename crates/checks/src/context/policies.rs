//! Policies as `iam` reads them, each read once a run and only when a check asks for it.

use crate::access::identity::{self, AwsPolicy};
use maremma_iam::{Policy, PolicyError};
use maremma_model::noun::{LayerPermission, Permission, ResourcePolicy, Role};
use maremma_model::{Branch, Document, Estate, Gap, GapKind, Id, Noun, Setting, State, Value};
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

/// The policies of an estate. `None` stands for a document that is not there at all; one that is not
/// known is a policy whose statements are unread.
#[derive(Debug)]
pub struct Policies<'a> {
    estate: &'a Estate,
    permissions: OnceLock<Vec<Policy>>,
    layer_permissions: OnceLock<Vec<Policy>>,
    trusts: OnceLock<Vec<Option<Policy>>>,
    inline: OnceLock<Vec<Vec<Option<Policy>>>>,
    attached: OnceLock<Vec<Option<Policy>>>,
    resources: OnceLock<Vec<Option<Policy>>>,
    aws: OnceLock<HashMap<Arc<str>, AwsPolicy>>,
}

impl<'a> Policies<'a> {
    pub(crate) fn of(estate: &'a Estate) -> Self {
        Policies {
            estate,
            permissions: OnceLock::new(),
            layer_permissions: OnceLock::new(),
            trusts: OnceLock::new(),
            inline: OnceLock::new(),
            attached: OnceLock::new(),
            resources: OnceLock::new(),
            aws: OnceLock::new(),
        }
    }

    /// The statement of a function's resource-based policy, in each of its worlds.
    pub fn permission(&self, id: Id<Permission>) -> Option<&Policy> {
        let all = self.permissions.get_or_init(|| {
            let rows = self.estate.permissions.values();
            rows.map(|row| Policy::read_statement(&row.statement)).collect()
        });
        all.get(id.row())
    }

    /// The statement of a layer version's policy, in each of its worlds.
    pub fn layer_permission(&self, id: Id<LayerPermission>) -> Option<&Policy> {
        let all = self.layer_permissions.get_or_init(|| {
            let rows = self.estate.layer_permissions.values();
            rows.map(|row| Policy::read_statement(&row.statement)).collect()
        });
        all.get(id.row())
    }

    /// `AssumeRolePolicyDocument`.
    pub fn trust(&self, id: Id<Role>) -> Option<&Policy> {
        self.read_all(&self.trusts, |row: &Role| &row.trust)
            .get(id.row())?
            .as_ref()
    }

    /// The inline policies of a role, in the order of its row.
    pub fn inline(&self, id: Id<Role>) -> &[Option<Policy>] {
        let all = self.inline.get_or_init(|| {
            let rows = self.estate.roles.values();
            rows.map(|row| {
                row.policies
                    .inline
                    .iter()
                    .map(|inline| read(&inline.document))
                    .collect()
            })
            .collect()
        });
        all.get(id.row()).map_or(&[], Vec::as_slice)
    }

    /// `AWS::IAM::Policy` and its kin.
    pub fn attached(&self, id: Id<maremma_model::Policy>) -> Option<&Policy> {
        self.read_all(&self.attached, |row: &maremma_model::Policy| &row.document)
            .get(id.row())?
            .as_ref()
    }

    /// The policy of a bucket, queue, topic, key, secret, ...
    pub fn resource(&self, id: Id<ResourcePolicy>) -> Option<&Policy> {
        self.read_all(&self.resources, |row: &ResourcePolicy| &row.document)
            .get(id.row())?
            .as_ref()
    }

    /// The AWS managed policy of an ARN that a role of this estate names.
    pub(crate) fn aws(&self, arn: &str) -> Option<&AwsPolicy> {
        self.aws.get_or_init(|| identity::aws_policies(self.estate)).get(arn)
    }

    /// What is wrong with the policies that were read: AWS would refuse each of them, and a check sees
    /// what is left. Malformed worlds of one policy share what is wrong outside of them.
    pub fn gaps(&self) -> Vec<Gap> {
        let of_rows = [&self.trusts, &self.attached, &self.resources];
        let rows = of_rows.into_iter().filter_map(OnceLock::get).flatten().flatten();
        let inline = self.inline.get().into_iter().flatten().flatten().flatten();
        let statements = [&self.permissions, &self.layer_permissions];
        let statements = statements.into_iter().filter_map(OnceLock::get).flatten();
        let mut gaps: Vec<_> = rows
            .chain(inline)
            .chain(statements)
            .flat_map(|policy| &policy.problems)
            .map(gap)
            .collect();
        gaps.sort();
        gaps.dedup();
        gaps
    }

    fn read_all<'s, T: Noun>(
        &'s self,
        kept: &'s OnceLock<Vec<Option<Policy>>>,
        document: impl Fn(&T) -> &Setting<Document>,
    ) -> &'s [Option<Policy>] {
        kept.get_or_init(|| T::table(self.estate).values().map(|row| read(document(row))).collect())
    }
}

fn gap(problem: &PolicyError) -> Gap {
    Gap {
        kind: match problem {
            PolicyError::TooMany { .. } => GapKind::Bounds,
            _ => GapKind::Unparsed,
        },
        reason: problem.to_string().into(),
        at: Some(problem.at().clone()),
        affects: Vec::new(),
    }
}

/// The policy of a setting, its worlds kept.
fn read(setting: &Setting<Document>) -> Option<Policy> {
    match &setting.state {
        State::Set(document) | State::Default(document) => Some(Policy::read(document)),
        State::Unset => None,
        State::Unknown(unknown) if unknown.candidates.is_empty() => {
            let value = Value::Unknown(unknown.why.clone());
            Some(Policy::read(&Document::new(value, setting.at.clone())))
        }
        State::Unknown(unknown) => {
            let branches = unknown.candidates.iter().map(|candidate| Branch {
                when: candidate.when.clone(),
                value: match &candidate.state {
                    State::Set(document) | State::Default(document) => document.clone(),
                    State::Unset => Document::new(Value::Absent, candidate.at.clone()),
                    State::Unknown(inner) => Document::new(Value::Unknown(inner.why.clone()), candidate.at.clone()),
                },
            });
            let choice = Value::Choice(branches.collect());
            Some(Policy::read(&Document::new(choice, setting.at.clone())))
        }
    }
}
