//! What a check may ask: the estate, what was worked out about it, the facts and the configuration.

pub(crate) mod dependents;
pub(crate) mod lookup;
pub(crate) mod policies;
pub(crate) mod relations;
pub(crate) mod standing;

use crate::context::policies::Policies;
use crate::context::relations::Relations;
use crate::context::standing::{Scope, unit_row, views};
use jiff::civil::Date;
use maremma_iam::View;
use maremma_model::noun::AnyLink;
use maremma_model::{AnyId, Estate, Extent, Link, Noun, Resource, Text, UnitId};
use std::collections::HashMap;
use std::sync::Arc;

/// `[trust]` of the configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trust {
    /// Account ids that are ours.
    pub accounts: Vec<String>,
    /// The organization's id: `o-...`.
    pub organization: Option<String>,
    /// Accounts whose layers may be used.
    pub layer_publishers: Vec<String>,
}

/// The formats of units that hold what an account answered.
const LIVE: &[&str] = &["responses"];

/// The formats of Terraform.
const TERRAFORM: &[&str] = &["terraform", "terraform plan", "terraform state"];

/// Everything that checks look at. Nothing in it changes while they run.
#[derive(Debug)]
pub struct Context<'a> {
    pub estate: &'a Estate,
    pub relations: Relations,
    pub policies: Policies<'a>,
    pub trust: &'a Trust,
    /// The day on which everything that depends on a day is judged.
    pub as_of: Date,
    views: Vec<View>,
    /// How much of a type the input holds, by account, region and type.
    extents: HashMap<(Option<&'a str>, Option<&'a str>, &'a str), &'a Extent>,
}

impl<'a> Context<'a> {
    pub fn new(estate: &'a Estate, trust: &'a Trust, as_of: Date) -> Self {
        Context {
            estate,
            relations: Relations::of(estate),
            policies: Policies::of(estate),
            views: views(estate, trust),
            extents: extents(estate),
            trust,
            as_of,
        }
    }

    /// The head of a row.
    pub fn resource(&self, id: impl Into<AnyId>) -> Option<&'a Resource> {
        self.estate.resource(id.into())
    }

    /// The row of a link, where it is here.
    pub fn row<T: Noun>(&self, link: &Link<T>) -> Option<&'a T> {
        T::table(self.estate).get(link.here()?)
    }

    /// A resource in the words of a message: its name where it is known, else its address.
    pub fn name(&self, id: impl Into<AnyId>) -> Arc<str> {
        self.resource(id).map_or_else(|| "?".into(), name_of)
    }

    /// What a link names, for a message.
    pub(crate) fn linked<T: Noun>(&self, link: &Link<T>) -> String {
        match link {
            Link::Here(id) => self.name(T::any(*id)).to_string(),
            Link::Outside(text) => text.to_string(),
            Link::Unknown(why) => why.name().to_owned(),
        }
    }

    /// As [`Context::linked`], for a link to a resource of any kind.
    pub(crate) fn any_linked(&self, link: &AnyLink) -> String {
        match link {
            AnyLink::Here(id) => self.name(*id).to_string(),
            AnyLink::Outside(text) => text.to_string(),
            AnyLink::Unknown(why) => why.name().to_owned(),
        }
    }

    /// Whose a unit is: its own account, as given or as its functions name it, and whom it trusts.
    pub fn view(&self, unit: UnitId) -> &View {
        static NOBODY: View = View {
            account: None,
            trusted_accounts: Vec::new(),
            organizations: Vec::new(),
        };
        self.views.get(unit_row(unit)).unwrap_or(&NOBODY)
    }

    /// Where a resource is deployed.
    pub(crate) fn scope(&self, resource: &Resource) -> Scope {
        let unit = self.estate.unit(resource.unit);
        match unit.and_then(|unit| Some((unit.account.clone()?, unit.region.clone()?))) {
            Some(place) => (Some(place), None),
            None => (None, Some(resource.unit)),
        }
    }

    /// Whether a resource is what an account answered, rather than what somebody declares.
    pub(crate) fn is_live(&self, resource: &Resource) -> bool {
        let unit = self.estate.unit(resource.unit);
        unit.is_some_and(|unit| LIVE.contains(&&*unit.format))
    }

    /// Whether a resource is written in Terraform, or planned or made by it.
    pub(crate) fn is_of_terraform(&self, resource: &Resource) -> bool {
        let unit = self.estate.unit(resource.unit);
        unit.is_some_and(|unit| TERRAFORM.contains(&&*unit.format))
    }

    /// Why a row of a type may be beside a live resource and not in this input: it was not asked for, or not as a whole.
    /// `None` where its absence is evidence, and of what is declared: a template is all that it declares.
    pub(crate) fn unasked(&self, table: &str, beside: &Resource) -> Option<String> {
        let unit = self.estate.unit(beside.unit).filter(|_| self.is_live(beside))?;
        let place = (unit.account.as_deref(), unit.region.as_deref(), table);
        match self.extents.get(&place) {
            Some(Extent::Complete) => None,
            Some(Extent::Partial(why)) => Some(why.to_string()),
            Some(Extent::Absent) | None => Some(format!("no answer in this input lists {table} of {}", unit.name)),
        }
    }

    /// The account of the unit that a row belongs to, where it is given.
    pub fn account(&self, id: impl Into<AnyId>) -> Option<&'a str> {
        self.estate.unit(self.resource(id)?.unit)?.account.as_deref()
    }
}

fn extents(estate: &Estate) -> HashMap<(Option<&str>, Option<&str>, &str), &Extent> {
    let known = estate.coverage.iter();
    known
        .map(|one| {
            (
                (one.account.as_deref(), one.region.as_deref(), &*one.table),
                &one.extent,
            )
        })
        .collect()
}

/// The physical name where it is known, else the address.
pub(crate) fn name_of(resource: &Resource) -> Arc<str> {
    match &resource.name {
        Text::Literal(name) => name.clone(),
        Text::Holed(_) => resource.address.clone(),
    }
}
