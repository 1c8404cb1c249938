//! What AWS SAM's policy templates and connectors grant.

use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// A policy template: the names of its parameters, and its statements, in which `{"Ref": NAME}` stands
/// for a parameter.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SamTemplate {
    pub parameters: Vec<String>,
    /// The value of `Statement`: a list.
    pub statement: Value,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct SamTemplates(BTreeMap<String, SamTemplate>);

impl SamTemplates {
    pub(crate) fn get(&self, name: &str) -> Option<&SamTemplate> {
        self.0.get(name)
    }
}

/// Connectors by the types of their source and destination.
#[derive(Debug, Default, Deserialize)]
pub struct SamConnectors(BTreeMap<String, BTreeMap<String, Value>>);

impl SamConnectors {
    /// The profile of a pair of CloudFormation types: `Type` says what is made, `Properties` of what.
    pub fn get(&self, source: &str, destination: &str) -> Option<&Value> {
        self.0.get(source)?.get(destination)
    }
}
