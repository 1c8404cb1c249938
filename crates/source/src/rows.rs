//! From resources in CloudFormation's words to rows: ids are promised first, then names are collected, then
//! every resource is read. All formats of a run go through it together.

use crate::arn;
use crate::cx::{Beside, Cx, Origin};
use crate::kinds::{Counts, Kind};
use crate::names::{Names, bare};
use crate::props::Props;
use crate::site::Site;
use maremma_model::resource::Ignore;
use maremma_model::{
    Alias, AnyId, Authorizer, Document, Estate, Existence, GapKind, Key, Location, Noun, Resource, Text, UnitId, Value,
    Version,
};
use std::cell::RefCell;
use std::sync::Arc;

/// What the formats of a run share.
#[derive(Default)]
pub(crate) struct Rows {
    pub(crate) counts: Counts,
    pub(crate) names: Names,
    beside: RefCell<Beside>,
}

/// A resource whose row is to be read.
pub(crate) struct Head {
    pub(crate) id: AnyId,
    pub(crate) unit: UnitId,
    pub(crate) address: Arc<str>,
    /// What references call it: a logical id, `aws_lambda_function.orders`.
    pub(crate) called: Arc<str>,
    /// The CloudFormation type.
    pub(crate) cfn: Arc<str>,
    /// The ARN, where the input says it.
    pub(crate) arn: Option<Text>,
    pub(crate) at: Location,
    pub(crate) exists: Existence,
    pub(crate) ignores: Vec<Ignore>,
}

/// A property of a resource, as its format gives it.
pub(crate) type Property<'a> = &'a dyn Fn(&str) -> Option<Document>;

impl Rows {
    /// Collects the name of a resource. Every id of the run must have been promised.
    pub(crate) fn name(&mut self, unit: UnitId, kind: &Kind, cfn: &str, id: AnyId, property: Property<'_>) {
        if let Some(written) = kind.name.and_then(property)
            && let Some(name) = written.as_str()
        {
            self.names.add(unit, kind.noun, bare(kind.noun, name), id);
        }
        let refers_to = |name: &str| Some(property(name)?.as_text()?.as_attribute()?.of);
        match cfn {
            // A key is named by its alias, which is a resource of its own.
            "AWS::KMS::Alias" => {
                let Some(key) = refers_to("TargetKeyId") else { return };
                self.names.same(id, key);
                if let Some(alias) = property("AliasName").as_ref().and_then(Document::as_str) {
                    self.names.add(unit, Key::NAME, alias, key);
                }
            }
            // `Ref` of an attachment gives the ARN of its secret.
            "AWS::SecretsManager::SecretTargetAttachment" => {
                if let Some(secret) = refers_to("SecretId") {
                    self.names.same(id, secret);
                }
            }
            _ => {}
        }
    }

    /// Aliases and versions stand for their function. Every resource must have been named.
    pub(crate) fn qualify(&mut self, unit: UnitId, kind: &Kind, id: AnyId, property: Property<'_>) {
        if kind.noun != Alias::NAME && kind.noun != Version::NAME {
            return;
        }
        if let Some(function) = property("FunctionName")
            && let Some(text) = function.as_text()
        {
            let function = self.names.function(unit, text);
            self.names.qualify(id, function);
        }
    }

    /// Says that every id is promised.
    pub(crate) fn promised(&mut self) {
        self.beside = RefCell::new(Beside::new(self.counts.of(Authorizer::NAME)));
    }

    /// Reads a resource and pushes its row.
    pub(crate) fn read(
        &self,
        origin: &dyn Origin,
        site: &Site,
        kind: &Kind,
        head: Head,
        properties: &Document,
        estate: &mut Estate,
    ) {
        let written = kind.name.and_then(|name| Some((name, properties.get(name)?)));
        if let Some((property, found)) = written
            && matches!(found.value, Value::List(_) | Value::Map(_))
        {
            origin.gap(GapKind::Unparsed, format!("{property}: expected a string"), &found.at);
        }
        let name = written
            .and_then(|(_, found)| found.as_text().cloned())
            .unwrap_or_else(|| arn::name(&head.cfn, head.id, &head.called));
        let own = || Text::attribute(head.id, "Arn", format!("{}.Arn", head.called));
        let made = || {
            arn::arn(
                &head.cfn,
                &name,
                head.id,
                site.account.as_deref(),
                site.region.as_deref(),
            )
        };
        let arn = head.arn.or_else(made).unwrap_or_else(own);
        let resource = Resource {
            unit: head.unit,
            address: head.address,
            kind: head.cfn,
            name,
            arn,
            at: head.at,
            exists: head.exists,
            ignores: head.ignores,
        };
        let cx = Cx {
            origin,
            names: &self.names,
            unit: head.unit,
            site,
            own: head.id,
            beside: &self.beside,
        };
        let at = resource.at.clone();
        (kind.read)(&cx, resource, &Props::new(&cx, properties, at), estate);
    }

    /// Pushes what resources made beside themselves, when all are read.
    pub(crate) fn finish(self, estate: &mut Estate) {
        self.beside.into_inner().push(estate);
        crate::after::edge_functions(estate);
    }
}
