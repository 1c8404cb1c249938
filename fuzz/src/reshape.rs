//! Changes to the shape of a template: what is there goes, comes twice, or becomes something else.

use crate::mutate::Mutator;
use serde_json::{Map, Value, json};

impl Mutator {
    /// A template of which one resource, or a part of one, is dropped, doubled, retyped, nested or
    /// exchanged. `keep` names the resources that stay as they are. `None` where nothing else is there.
    pub fn reshape(&mut self, template: &Value, keep: &dyn Fn(&str) -> bool) -> Option<Value> {
        let mut template = template.clone();
        let donor = template.clone();
        let resources = template.get_mut("Resources")?.as_object_mut()?;
        let mut names: Vec<String> = resources.keys().filter(|name| !keep(name)).cloned().collect();
        names.sort();
        let name = names.get(self.below(names.len()))?.clone();
        let foreign = self.part_of(donor.get("Resources")?.get(&name)?).clone();
        match self.below(12) {
            0 => {
                resources.remove(&name);
            }
            1 => {
                let copy = resources.get(&name)?.clone();
                resources.insert(format!("{name}Again"), copy);
            }
            _ => self.change_within(resources.get_mut(&name)?, &foreign),
        }
        Some(template)
    }

    /// Changes one part of a value, the deeper the likelier.
    fn change_within(&mut self, value: &mut Value, foreign: &Value) {
        if self.below(5) > 0 {
            let children = match value {
                Value::Array(items) => items.len(),
                Value::Object(entries) => entries.len(),
                _ => 0,
            };
            let chosen = self.below(children);
            let child = match value {
                Value::Array(items) => items.get_mut(chosen),
                Value::Object(entries) => entries.values_mut().nth(chosen),
                _ => None,
            };
            if let Some(child) = child {
                return self.change_within(child, foreign);
            }
        }
        self.change_value(value, foreign);
    }

    fn change_value(&mut self, value: &mut Value, foreign: &Value) {
        let old = value.take();
        *value = match self.below(6) {
            0 => self.without_one(old),
            1 => self.with_one_twice(old),
            2 => self.retyped(),
            3 => self.nested(old),
            4 => foreign.clone(),
            _ => match old {
                Value::String(text) => self.retexted(&text),
                Value::Array(mut items) => {
                    items.reverse();
                    Value::Array(items)
                }
                other => Value::Array(vec![other]),
            },
        };
    }

    fn without_one(&mut self, value: Value) -> Value {
        match value {
            Value::Array(mut items) if !items.is_empty() => {
                items.remove(self.below(items.len()));
                Value::Array(items)
            }
            Value::Object(entries) if !entries.is_empty() => {
                let gone = self.below(entries.len());
                let left = entries.into_iter().enumerate().filter(|(at, _)| *at != gone);
                Value::Object(left.map(|(_, entry)| entry).collect())
            }
            _ => Value::Null,
        }
    }

    fn with_one_twice(&mut self, value: Value) -> Value {
        match value {
            Value::Array(mut items) => {
                if let Some(item) = items.get(self.below(items.len())).cloned() {
                    items.push(item);
                }
                Value::Array(items)
            }
            Value::Object(mut entries) => {
                let at = self.below(entries.len());
                if let Some((name, copy)) = entries.iter().nth(at).map(|(name, copy)| (name.clone(), copy.clone())) {
                    entries.insert(format!("{name}Again"), copy);
                }
                Value::Object(entries)
            }
            other => json!([other.clone(), other]),
        }
    }

    fn retyped(&mut self) -> Value {
        match self.below(11) {
            0 => Value::Null,
            1 => json!(true),
            2 => json!(-1),
            3 => json!(1e300),
            4 => json!(""),
            5 => json!([]),
            6 => json!({}),
            7 => json!({"Ref": "Nowhere"}),
            8 => json!({"Fn::If": ["Nowhere", self.word(), {"Ref": "AWS::NoValue"}]}),
            9 => json!([[[{"a": [self.word()]}]]]),
            _ => json!(self.word()),
        }
    }

    fn nested(&mut self, value: Value) -> Value {
        match self.below(6) {
            0 => json!([value]),
            1 => json!({"Properties": value}),
            2 => json!({"Fn::If": ["Nowhere", value, {"Ref": "AWS::NoValue"}]}),
            3 => json!({"Fn::Join": ["", [value]]}),
            4 => json!({"Fn::Sub": value}),
            _ => {
                let deep = 2 + self.below(40);
                (0..deep).fold(value, |inner, _| {
                    Value::Object(Map::from_iter([("a".to_owned(), inner)]))
                })
            }
        }
    }

    fn retexted(&mut self, text: &str) -> Value {
        let at = self.below(text.chars().count() + 1);
        let before: String = text.chars().take(at).collect();
        let after: String = text.chars().skip(at + self.below(3)).collect();
        json!(format!("{before}{}{after}", self.word()))
    }

    fn part_of<'v>(&mut self, value: &'v Value) -> &'v Value {
        let children: Vec<&Value> = match value {
            Value::Array(items) => items.iter().collect(),
            Value::Object(entries) => entries.values().collect(),
            _ => Vec::new(),
        };
        match children.get(self.below(children.len())) {
            Some(child) if self.below(3) > 0 => self.part_of(child),
            _ => value,
        }
    }
}
