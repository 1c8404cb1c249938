//! `Rules`: what a template asserts about its parameters before it is deployed.
//!
//! Source: AWS CloudFormation user guide, "Rules section" and "Rule-specific intrinsic functions".

use super::template::call;
use maremma_model::{Node, Place};
use std::sync::Arc;

/// The values that the rules of a template leave to a parameter; empty where they leave any. Only a
/// rule without `RuleCondition` always holds.
pub(super) fn allowed(root: &Node, parameter: &str) -> Vec<(Arc<str>, Place)> {
    let rules = root.get("Rules").map_or(&[][..], Node::entries);
    let held = rules.iter().filter(|rule| rule.value.get("RuleCondition").is_none());
    let assertions = held.flat_map(|rule| rule.value.get("Assertions").map_or(&[][..], Node::items));
    let mut found = assertions.filter_map(|assertion| values(assertion.get("Assert")?, parameter));
    found.next().unwrap_or_default()
}

/// The values of an assertion about this parameter: `Fn::Contains` of a list, or `Fn::Equals`.
fn values(assertion: &Node, parameter: &str) -> Option<Vec<(Arc<str>, Place)>> {
    let call = call(assertion)?;
    match (call.name, call.argument.items()) {
        ("Contains" | "EachMemberIn", [list, value]) if names(value, parameter) => {
            list.items().iter().map(literal).collect()
        }
        ("Contains" | "EachMemberIn", [value, list]) if names(value, parameter) => {
            list.items().iter().map(literal).collect()
        }
        ("Equals", [one, other]) if names(one, parameter) => Some(vec![literal(other)?]),
        ("Equals", [other, one]) if names(one, parameter) => Some(vec![literal(other)?]),
        _ => None,
    }
}

fn names(node: &Node, parameter: &str) -> bool {
    call(node).is_some_and(|call| call.name == "Ref" && call.argument.as_str() == Some(parameter))
}

fn literal(node: &Node) -> Option<(Arc<str>, Place)> {
    node.as_str().map(|text| (text.into(), node.place))
}
