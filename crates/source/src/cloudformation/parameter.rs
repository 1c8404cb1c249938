//! Parameters: the value given, else the default, else what is allowed, else unknown.

use super::resolve::{MAX_BRANCHES, weight};
use super::world::{StackId, World};
use maremma_model::{Branch, Document, Gap, GapKind, Location, Node, Piece, Place, Text, Value, Why};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// A parameter as the template declares it.
pub(crate) struct Declared {
    pub(crate) place: Place,
    kind: Kind,
    default: Option<(Arc<str>, Place)>,
    allowed: Vec<(Arc<str>, Place)>,
    pub(crate) no_echo: bool,
}

enum Kind {
    Scalar,
    List,
    /// The value is a path; what stands there is known at deployment.
    Stored,
}

/// The parameters of a template.
pub(crate) fn declared(root: &Node, gaps: &mut BTreeSet<Gap>) -> HashMap<Arc<str>, Declared> {
    let mut parameters = HashMap::new();
    for entry in root.get("Parameters").map_or(&[][..], Node::entries) {
        let node = &entry.value;
        if !node.is_map() {
            let reason = format!(
                "parameter {}: expected a map with a Type, found {}",
                entry.key,
                node.describe()
            );
            gaps.insert(Gap {
                kind: GapKind::Unparsed,
                reason: reason.into(),
                at: Some(node.place.into()),
                affects: vec![],
            });
            continue;
        }
        let scalar = |node: &Node| node.as_str().map(|text| (Arc::from(text), node.place));
        let kind = match node.get("Type").and_then(Node::as_str) {
            Some(name) if name.starts_with("AWS::SSM::Parameter::Value<") => Kind::Stored,
            Some(name) if name == "CommaDelimitedList" || name.starts_with("List<") => Kind::List,
            _ => Kind::Scalar,
        };
        let written = node.get("AllowedValues").map_or(&[][..], Node::items);
        let mut allowed: Vec<_> = written.iter().filter_map(scalar).collect();
        if allowed.is_empty() {
            allowed = super::rule::allowed(root, &entry.key);
        }
        let declared = Declared {
            place: entry.key_place,
            kind,
            default: node.get("Default").and_then(scalar),
            allowed,
            // What is written wrongly was meant: nobody is to see the value.
            no_echo: node
                .get("NoEcho")
                .is_some_and(|no_echo| no_echo.as_bool().unwrap_or(true)),
        };
        parameters.insert(entry.key.clone(), declared);
    }
    parameters
}

/// The values that a template wishes nobody to see: defaults and allowed values of `NoEcho` parameters.
pub(super) fn hidden(world: &World<'_>) -> Vec<Place> {
    let declared = world.stacks.iter().flat_map(|stack| stack.parameters.values());
    let mut places: Vec<_> = declared
        .filter(|declared| declared.no_echo)
        .flat_map(|declared| declared.default.iter().chain(&declared.allowed))
        .map(|(_, place)| *place)
        .collect();
    places.sort();
    places
}

impl World<'_> {
    /// The value of a parameter as seen at `at`.
    pub(super) fn parameter(&self, stack: StackId, name: &Arc<str>, at: Place) -> Option<Document> {
        let declared = self.stack(stack).parameters.get(name)?;
        let key = (stack, name.clone());
        let known = self.values.borrow().get(&key).cloned();
        let mut value = match known {
            Some(Some(value)) => value,
            // Being worked out: a nested stack's parameter that depends on itself.
            Some(None) => Document::new(
                Value::Unknown(Why::Unresolved(format!("parameter {name} depends on itself").into())),
                at,
            ),
            None => {
                self.values.borrow_mut().insert(key.clone(), None);
                let value = self.parameter_value(stack, name, declared);
                self.values.borrow_mut().insert(key, Some(value.clone()));
                value
            }
        };
        if !self.repeat(weight(&value).saturating_sub(1), at) {
            value = Document::new(
                Value::Unknown(Why::Unresolved(
                    format!("parameter {name} is repeated too often").into(),
                )),
                at,
            );
        }
        if declared.no_echo && !self.deciding.get() {
            hide(&mut value, name);
        }
        value.at = Location::File(at);
        Some(value)
    }

    /// A text with the values of `NoEcho` parameters, as a stack or those above it know them: for a value
    /// that is kept as a secret.
    pub(super) fn reveal_in(&self, stack: StackId, text: &Text) -> Text {
        let Text::Holed(pieces) = text else { return text.clone() };
        let pieces = pieces.iter().flat_map(|piece| match piece {
            Piece::Hole(hole) => match &hole.why {
                Why::NoEcho(name) => self.hidden(stack, name).unwrap_or_else(|| vec![piece.clone()]),
                _ => vec![piece.clone()],
            },
            Piece::Literal(_) => vec![piece.clone()],
        });
        Text::from_pieces(pieces)
    }

    /// Whether a stack, or one above it, has a `NoEcho` parameter of the name.
    pub(super) fn is_no_echo(&self, stack: StackId, name: &str) -> bool {
        let stack = self.stack(stack);
        stack.parameters.get(name).is_some_and(|declared| declared.no_echo)
            || stack
                .parent
                .as_ref()
                .is_some_and(|(above, _)| self.is_no_echo(*above, name))
    }

    fn hidden(&self, stack: StackId, name: &Arc<str>) -> Option<Vec<Piece>> {
        let known = self.values.borrow().get(&(stack, name.clone())).cloned();
        match known.flatten() {
            Some(value) => value.as_text().map(Text::pieces),
            None => self.hidden(self.stack(stack).parent.as_ref()?.0, name),
        }
    }

    fn parameter_value(&self, stack: StackId, name: &Arc<str>, declared: &Declared) -> Document {
        if let Some((above, logical_id)) = &self.stack(stack).parent {
            let given = self
                .stack(*above)
                .resource(logical_id)
                .and_then(|node| node.get("Properties")?.get("Parameters")?.get(name));
            if let Some(given) = given {
                return typed(self.resolve(*above, given), declared);
            }
        } else if let Some(given) = self.deployment.parameters.get(&**name) {
            return typed(Document::string(given, declared.place), declared);
        }
        if let Some((default, place)) = &declared.default {
            let mut value = typed(Document::string(default, *place), declared);
            value.by = Some(format!("by the default of parameter {name}").into());
            return value;
        }
        match declared.allowed.as_slice() {
            // Whatever path is given, what stands there stays unknown: no value of the parameter decides it.
            [] if matches!(declared.kind, Kind::Stored) => {
                let reference = format!("{{{{resolve:ssm:${{{name}}}}}}}");
                Document::new(Value::Unknown(Why::Dynamic(reference.into())), declared.place)
            }
            allowed if allowed.is_empty() || allowed.len() > MAX_BRANCHES => {
                Document::new(Value::Unknown(Why::Parameter(name.clone())), declared.place)
            }
            allowed => {
                let branches = allowed.iter().enumerate().map(|(at, (text, place))| Branch {
                    when: if declared.no_echo {
                        format!("{name} = allowed value {}", at + 1).into()
                    } else {
                        format!("{name} = {text}").into()
                    },
                    value: typed(Document::string(text, *place), declared),
                });
                Document::new(Value::Choice(branches.collect()), declared.place)
            }
        }
    }
}

/// Leaves of a value only that it is there. An empty one tells nothing that is worth hiding.
fn hide(value: &mut Document, name: &Arc<str>) {
    match &mut value.value {
        Value::Scalar { text, .. } if text.as_literal() != Some("") => *text = Text::hole(Why::NoEcho(name.clone())),
        Value::List(items) => items.iter_mut().for_each(|item| hide(item, name)),
        Value::Choice(branches) => branches.iter_mut().for_each(|branch| hide(&mut branch.value, name)),
        _ => {}
    }
}

/// A value as its parameter's type makes it.
fn typed(value: Document, declared: &Declared) -> Document {
    let (Some(text), Kind::List | Kind::Stored) = (value.as_str(), &declared.kind) else {
        return value;
    };
    if matches!(declared.kind, Kind::Stored) {
        let reference = format!("{{{{resolve:ssm:{text}}}}}");
        return Document {
            value: Value::Unknown(Why::Dynamic(reference.into())),
            ..value
        };
    }
    let items = text
        .split(',')
        .map(|item| Document::text(Text::literal(item.trim()), value.at.clone()))
        .collect();
    Document {
        value: Value::List(items),
        ..value
    }
}
