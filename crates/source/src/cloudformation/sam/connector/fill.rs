//! Profiles of connectors filled in: `%{Source.Arn}` stands for what an end is asked for.

use super::super::make::Make;
use super::end::End;
use maremma_model::{Entry, Node};
use serde_json::Value;

/// The two ends of a connection.
pub(super) struct Ends<'e> {
    pub(super) make: Make,
    pub(super) source: &'e End,
    pub(super) destination: &'e End,
}

impl Ends<'_> {
    /// A value of a profile as a node. The error names what an end does not give.
    pub(super) fn fill(&self, value: &Value) -> Result<Node, String> {
        match value {
            Value::String(text) => self.text(text),
            Value::Array(items) => {
                let items: Result<_, _> = items.iter().map(|item| self.fill(item)).collect();
                Ok(self.make.list(items?))
            }
            Value::Object(fields) => {
                let field = |(key, value): (&String, &Value)| {
                    Ok(Entry {
                        key: key.as_str().into(),
                        key_place: self.make.0,
                        value: self.fill(value)?,
                    })
                };
                let entries: Result<_, String> = fields.iter().map(field).collect();
                Ok(Node::map(entries?, self.make.0))
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => Ok(self.make.plain(&value.to_string())),
        }
    }

    fn text(&self, text: &str) -> Result<Node, String> {
        let mut template = String::new();
        let mut variables: Vec<(String, Node)> = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("%{") {
            let Some((name, behind)) = after.split_once('}') else {
                break;
            };
            let value = self.value(name)?;
            if before.is_empty() && behind.is_empty() && template.is_empty() {
                return Ok(value.clone());
            }
            let variable = name.replace('.', "");
            template.push_str(&format!("{before}${{{variable}}}"));
            if !variables.iter().any(|(known, _)| *known == variable) {
                variables.push((variable, value.clone()));
            }
            rest = behind;
        }
        template.push_str(rest);
        if !variables.is_empty() {
            let variables = variables.iter().map(|(name, node)| (name.as_str(), node.clone()));
            return Ok(self.make.sub_with(&template, variables.collect()));
        }
        Ok(if template.contains("${") {
            self.make.sub(&template)
        } else {
            self.make.text(&template)
        })
    }

    fn value(&self, name: &str) -> Result<&Node, String> {
        let (side, property) = name.split_once('.').unwrap_or((name, ""));
        let end = if side == "Source" {
            self.source
        } else {
            self.destination
        };
        let value = match property {
            "Arn" => &end.arn,
            "Name" => &end.name,
            "ResourceId" => &end.resource_id,
            "Qualifier" => &end.qualifier,
            _ => &None,
        };
        let missing = || format!("{property} of the {} is not known", side.to_ascii_lowercase());
        value.as_ref().ok_or_else(missing)
    }
}
