//! Resources of formats other than templates, put into CloudFormation's words before their rows are read.

use crate::cx::{Origin, Peer};
use crate::kinds::{Counts, Kind, kind_of, other};
use crate::rows::{Head, Rows};
use crate::site::Site;
use maremma_model::resource::Ignore;
use maremma_model::{
    AnyId, Document, Estate, Existence, Field, Gap, GapKind, LayerVersion, Location, Noun, Piece, Setting, Text,
    UnitId, Value, Why,
};
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::Arc;

/// A resource in CloudFormation's words.
pub(crate) struct Declared {
    kind: Kind,
    pub(crate) id: AnyId,
    /// The CloudFormation type.
    pub(crate) cfn: Arc<str>,
    pub(crate) unit: UnitId,
    pub(crate) site: Rc<Site>,
    pub(crate) address: Arc<str>,
    /// The ARN, where the input says it.
    pub(crate) arn: Option<Text>,
    /// The physical name, of types that have no property for it.
    pub(crate) name: Option<Text>,
    /// What others name it by in its unit: `sg-0123`, a key's id. A name that begins with `arn:` counts everywhere.
    pub(crate) ids: Vec<Arc<str>>,
    /// Properties by CloudFormation's names: always a map.
    pub(crate) properties: Rc<Document>,
    pub(crate) at: Location,
    pub(crate) exists: Existence,
    pub(crate) ignores: Vec<Ignore>,
    /// What is done at an update of it.
    pub(crate) update_policy: Option<Document>,
    /// The file or folder on disk that is its code.
    pub(crate) asset: Option<Document>,
}

/// All such resources of a run.
#[derive(Default)]
pub(crate) struct Resources {
    declared: Vec<Declared>,
    by_id: HashMap<AnyId, usize>,
    gaps: RefCell<BTreeSet<Gap>>,
    /// Values that nobody is to see, by the name of the hole that stands for each ([`Why::NoEcho`]).
    hidden: HashMap<Arc<str>, Text>,
}

impl Resources {
    /// Promises a resource of a CloudFormation type its row. Every promise must be kept by [`Resources::add`].
    pub(crate) fn promise(counts: &mut Counts, cfn: &str) -> AnyId {
        counts.next(&kind_of(cfn).unwrap_or_else(other))
    }

    /// Adds a resource of which nothing is set yet.
    pub(crate) fn add(
        &mut self,
        id: AnyId,
        cfn: &str,
        unit: UnitId,
        site: &Rc<Site>,
        address: &Arc<str>,
        at: Location,
    ) -> &mut Declared {
        let place = self.declared.len();
        self.by_id.insert(id, place);
        let declared = Declared {
            kind: kind_of(cfn).unwrap_or_else(other),
            id,
            cfn: cfn.into(),
            unit,
            site: site.clone(),
            address: address.clone(),
            arn: None,
            name: None,
            ids: Vec::new(),
            properties: Rc::new(Document::new(Value::Map(Vec::new()), at.clone())),
            at,
            exists: Existence::Always,
            ignores: Vec::new(),
            update_policy: None,
            asset: None,
        };
        self.declared.push(declared);
        #[expect(clippy::indexing_slicing, reason = "it has just been pushed")]
        &mut self.declared[place]
    }

    pub(crate) fn get(&self, id: AnyId) -> Option<&Declared> {
        self.declared.get(*self.by_id.get(&id)?)
    }

    pub(crate) fn get_mut(&mut self, id: AnyId) -> Option<&mut Declared> {
        self.declared.get_mut(*self.by_id.get(&id)?)
    }

    pub(crate) fn gap(&self, kind: GapKind, reason: impl Into<Arc<str>>, at: Location) {
        let (reason, at) = (reason.into(), Some(at));
        let affects = Vec::new();
        self.gaps.borrow_mut().insert(Gap {
            kind,
            reason,
            at,
            affects,
        });
    }

    /// Keeps values that nobody is to see, each under the name of the hole that stands for it.
    pub(crate) fn hide_all(&mut self, values: impl IntoIterator<Item = (Arc<str>, Text)>) {
        self.hidden.extend(values);
    }

    /// Collects the physical names.
    pub(crate) fn name(&self, rows: &mut Rows) {
        for one in &self.declared {
            let arn = one.arn.as_ref().and_then(Text::as_literal);
            for name in arn.into_iter().chain(one.ids.iter().map(|id| &**id)) {
                rows.names.add_id(one.unit, name, one.id);
            }
            // Versions of a layer are called alike.
            if arn.is_some() && one.kind.noun == LayerVersion::NAME {
                continue;
            }
            let property = |name: &str| one.properties.get(name).cloned();
            rows.name(one.unit, &one.kind, &one.cfn, one.id, &property);
        }
    }

    /// Says which function aliases and versions stand for.
    pub(crate) fn qualify(&self, rows: &mut Rows) {
        for one in &self.declared {
            let property = |name: &str| one.properties.get(name).cloned();
            rows.qualify(one.unit, &one.kind, one.id, &property);
        }
    }

    /// Reads every resource, each noun in the order of the promises.
    pub(crate) fn read(mut self, rows: &Rows, estate: &mut Estate) {
        let mut order: Vec<usize> = (0..self.declared.len()).collect();
        order.sort_by_key(|at| self.declared.get(*at).map(|one| one.id));
        for at in order {
            let Some(one) = self.declared.get_mut(at) else { continue };
            let head = Head {
                id: one.id,
                unit: one.unit,
                address: one.address.clone(),
                called: one.address.clone(),
                cfn: one.cfn.clone(),
                arn: one.arn.take(),
                name: one.name.take(),
                at: one.at.clone(),
                exists: one.exists.clone(),
                ignores: std::mem::take(&mut one.ignores),
            };
            if let Some(one) = self.declared.get(at) {
                rows.read(&self, &one.site, &one.kind, head, &one.properties, estate);
            }
        }
        estate.gaps.extend(self.gaps.take());
    }
}

impl Declared {
    /// Gives it another type of the same noun.
    pub(crate) fn retype(&mut self, cfn: &str) {
        let kind = kind_of(cfn).unwrap_or_else(other);
        if kind.noun == self.kind.noun {
            self.kind = kind;
            self.cfn = cfn.into();
        }
    }

    /// Sets the property at a dotted path; what stands there is replaced.
    pub(crate) fn set(&mut self, path: &str, value: Document) {
        put(Rc::make_mut(&mut self.properties), path, &mut |_| value.clone());
    }

    /// Adds to the list at a dotted path.
    pub(crate) fn append(&mut self, path: &str, value: Document) {
        put(Rc::make_mut(&mut self.properties), path, &mut |found| match found {
            Some(Document {
                value: Value::List(mut items),
                at,
                by,
            }) => {
                items.push(value.clone());
                let value = Value::List(items);
                Document { value, at, by }
            }
            // Of what is not known nothing more is known with one more item.
            Some(unknown) if matches!(unknown.value, Value::Unknown(_) | Value::Choice(_)) => unknown,
            _ => Document::new(Value::List(vec![value.clone()]), value.at.clone()),
        });
    }
}

/// Replaces the value at a path of a map; the maps on the way are made where they are not there.
fn put(map: &mut Document, path: &str, make: &mut dyn FnMut(Option<Document>) -> Document) {
    if matches!(map.value, Value::Absent | Value::Null) {
        map.value = Value::Map(Vec::new());
    }
    let Value::Map(fields) = &mut map.value else { return };
    let (key, rest) = match path.split_once('.') {
        Some((key, rest)) => (key, Some(rest)),
        None => (path, None),
    };
    let found = fields.iter().position(|field| &*field.key == key);
    let old = found.map(|at| fields.swap_remove(at).value);
    let value = match rest {
        None => make(old),
        Some(rest) => {
            let mut inner = old.unwrap_or_else(|| Document::new(Value::Map(Vec::new()), map.at.clone()));
            let fresh = inner.fields().is_empty();
            put(&mut inner, rest, make);
            // A map that is made stands where its first value stands.
            if fresh && let Some(first) = inner.fields().first() {
                inner.at = first.value.at.clone();
            }
            inner
        }
    };
    fields.push(Field {
        key: key.into(),
        key_at: value.at.clone(),
        value,
    });
}

impl Origin for Resources {
    fn peer(&self, id: AnyId) -> Option<Peer> {
        let one = self.get(id)?;
        Some(Peer {
            kind: one.cfn.clone(),
            properties: one.properties.clone(),
        })
    }

    fn reveal(&self, _own: AnyId, text: &Text) -> Text {
        if text.as_literal().is_some() {
            return text.clone();
        }
        let shown = text.pieces().into_iter().flat_map(|piece| match &piece {
            Piece::Hole(hole) => match &hole.why {
                Why::NoEcho(name) => self.hidden.get(name).map_or_else(|| vec![piece.clone()], Text::pieces),
                _ => vec![piece],
            },
            Piece::Literal(_) => vec![piece],
        });
        Text::from_pieces(shown)
    }

    /// What nobody is to see is a hole of its own here, whether or not a value was given.
    fn is_hidden(&self, _own: AnyId, _parameter: &str) -> bool {
        false
    }

    fn gap(&self, kind: GapKind, reason: String, at: &Location) {
        Resources::gap(self, kind, reason, at.clone());
    }

    fn asset(&self, own: AnyId, _property: &str) -> Option<Setting<Text>> {
        let asset = self.get(own)?.asset.as_ref()?;
        Some(match (asset.as_text(), &asset.value) {
            (Some(text), _) => Setting::set(text.clone(), asset.at.clone()),
            (None, Value::Unknown(why)) => Setting::unknown(why.clone(), asset.at.clone()),
            (None, _) => Setting::unknown(Why::NotKept, asset.at.clone()),
        })
    }

    fn update_policy(&self, own: AnyId) -> Option<Document> {
        self.get(own)?.update_policy.clone()
    }
}
