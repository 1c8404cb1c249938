//! `Policies` in all their forms: managed policies, documents and policy templates.

use super::super::Sam;
use super::super::make::{self, Make};
use maremma_model::{GapKind, Node, NodeValue};
use serde_json::Value;

/// The policies of a role.
#[derive(Default)]
pub(in crate::cloudformation::sam) struct Policies {
    pub(in crate::cloudformation::sam) managed: Vec<Node>,
    pub(in crate::cloudformation::sam) inline: Vec<Node>,
}

/// The policies that `Policies` writes for the role `role`: one, or a list.
pub(in crate::cloudformation::sam) fn of(sam: &Sam<'_>, role: &str, written: Option<&Node>) -> Policies {
    let mut policies = Policies::default();
    let Some(written) = written else { return policies };
    let items = listed(written);
    for (at, item) in items.iter().enumerate() {
        let name = format!("{role}Policy{at}");
        match policy(sam, &name, item) {
            Some(Policy::Managed(arn)) => policies.managed.push(arn),
            Some(Policy::Inline(policy)) => policies.inline.push(policy),
            Some(Policy::Nothing) => {}
            None => sam.unreadable(
                "Policies",
                "expected the name or ARN of a managed policy, a policy document or a policy template",
                item,
            ),
        }
    }
    policies
}

/// The items of a list, or the one thing that stands in its place.
pub(in crate::cloudformation::sam) fn listed(node: &Node) -> &[Node] {
    match &node.value {
        NodeValue::Seq(items) if node.tag.is_none() => items,
        _ => std::slice::from_ref(node),
    }
}

/// One policy, made what a role has.
enum Policy {
    Managed(Node),
    Inline(Node),
    Nothing,
}

fn policy(sam: &Sam<'_>, name: &str, item: &Node) -> Option<Policy> {
    if item.is_null() || make::is_no_value(item) {
        return Some(Policy::Nothing);
    }
    if let Some(text) = item.as_str() {
        return Some(Policy::Managed(managed(item, text)));
    }
    if let Some((condition, then, otherwise)) = make::branches(item) {
        if let (Some(one), Some(other)) = (form(then), form(otherwise))
            && one != other
        {
            let reason = format!("one branch of Fn::If is {one}, and the other is {other}");
            sam.unreadable("Policies", &reason, item);
        }
        return either(item, condition, policy(sam, name, then)?, policy(sam, name, otherwise)?);
    }
    if make::is_call(item) {
        return Some(Policy::Managed(item.clone()));
    }
    if item.get("Statement").is_some() {
        return Some(Policy::Inline(named(name, item.clone())));
    }
    let [template] = item.entries() else { return None };
    let known = maremma_facts::sam_template(&template.key)?;
    let statement = fill(sam, &known.statement, &template.value, Make(template.key_place))?;
    let document = Make(template.key_place).map(vec![("Statement", statement)]);
    Some(Policy::Inline(named(name, document)))
}

/// How an inline policy is written, in which both branches of a condition must be alike.
fn form(item: &Node) -> Option<&'static str> {
    if item.get("Statement").is_some() {
        return Some("a policy document");
    }
    let [template] = item.entries() else { return None };
    maremma_facts::sam_template(&template.key).map(|_| "a policy template")
}

/// A policy under a condition. Both branches must be of one kind, as the role has them in two lists.
fn either(item: &Node, condition: &str, then: Policy, otherwise: Policy) -> Option<Policy> {
    let at = Make(item.place);
    let choose = |then, otherwise| at.map(vec![("Fn::If", at.list(vec![at.text(condition), then, otherwise]))]);
    let nothing = || at.reference("AWS::NoValue");
    Some(match (then, otherwise) {
        (Policy::Nothing, Policy::Nothing) => Policy::Nothing,
        (Policy::Managed(then), Policy::Managed(otherwise)) => Policy::Managed(choose(then, otherwise)),
        (Policy::Managed(then), Policy::Nothing) => Policy::Managed(choose(then, nothing())),
        (Policy::Nothing, Policy::Managed(otherwise)) => Policy::Managed(choose(nothing(), otherwise)),
        (Policy::Inline(then), Policy::Inline(otherwise)) => Policy::Inline(choose(then, otherwise)),
        (Policy::Inline(then), Policy::Nothing) => Policy::Inline(choose(then, nothing())),
        (Policy::Nothing, Policy::Inline(otherwise)) => Policy::Inline(choose(nothing(), otherwise)),
        _ => return None,
    })
}

/// A managed policy by its ARN, or by its name where it is one of AWS.
fn managed(item: &Node, text: &str) -> Node {
    match maremma_facts::managed_policy_named(text) {
        Some(policy) => {
            let path = policy.path.trim_start_matches('/');
            Make(item.place).managed_policy(&format!("{path}{}", policy.name))
        }
        None => item.clone(),
    }
}

/// An inline policy of a role.
pub(super) fn named(name: &str, document: Node) -> Node {
    let at = Make(document.place);
    at.map(vec![("PolicyName", at.text(name)), ("PolicyDocument", document)])
}

/// The statements of a template with its parameters filled in; `None` where one is missing.
fn fill(sam: &Sam<'_>, value: &Value, parameters: &Node, at: Make) -> Option<Node> {
    Some(match value {
        Value::Null => Node::new(maremma_model::NodeValue::Null, at.0),
        Value::Bool(truth) => at.plain(if *truth { "true" } else { "false" }),
        Value::Number(number) => at.plain(&number.to_string()),
        Value::String(text) => at.text(text),
        Value::Array(items) => {
            let items: Option<_> = items.iter().map(|item| fill(sam, item, parameters, at)).collect();
            at.list(items?)
        }
        Value::Object(entries) => {
            if let Some(name) = entries.get("Ref").and_then(Value::as_str)
                && !name.starts_with("AWS::")
            {
                let written = parameters.get(name);
                if written.is_none() {
                    let reason = format!("Policies: the policy template needs {name}");
                    sam.gap(GapKind::Absent, reason, at.0);
                }
                return written.cloned();
            }
            let mut filled = Vec::with_capacity(entries.len());
            for (key, value) in entries {
                filled.push((key.as_str(), fill(sam, value, parameters, at)?));
            }
            at.map(filled)
        }
    })
}
