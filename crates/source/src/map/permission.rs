//! Permissions as the statements that AWS makes of them, each element at its property.

use crate::cx::Cx;
use crate::props::Props;
use maremma_model::noun::{LayerPermission, Permission};
use maremma_model::{Document, Field, Location, Resource, Text, Value};
use std::borrow::Cow;

/// `AWS::Lambda::Permission`: what AddPermission writes into the function's policy.
pub(crate) fn permission(_: &Cx<'_>, resource: Resource, p: &Props<'_>) -> Permission {
    let conditions = [
        ("ArnLike", "AWS:SourceArn", "SourceArn"),
        ("StringEquals", "AWS:SourceAccount", "SourceAccount"),
        ("StringEquals", "aws:PrincipalOrgID", "PrincipalOrgID"),
        ("StringEquals", "lambda:FunctionUrlAuthType", "FunctionUrlAuthType"),
        ("StringEquals", "lambda:EventSourceToken", "EventSourceToken"),
        ("Bool", "lambda:InvokedViaFunctionUrl", "InvokedViaFunctionUrl"),
    ];
    Permission {
        function: p.function("FunctionName"),
        statement: statement(&resource.at, p, "FunctionName", &conditions),
        event_source_token: p.value("EventSourceToken", "EventSourceToken"),
        resource,
    }
}

/// `AWS::Lambda::LayerVersionPermission`: what AddLayerVersionPermission writes.
pub(crate) fn layer_permission(_: &Cx<'_>, resource: Resource, p: &Props<'_>) -> LayerPermission {
    let conditions = [("StringEquals", "aws:PrincipalOrgID", "OrganizationId")];
    LayerPermission {
        layer: p.link("LayerVersionArn"),
        statement: statement(&resource.at, p, "LayerVersionArn", &conditions),
        resource,
    }
}

fn statement(at: &Location, p: &Props<'_>, on: &str, conditions: &[(&str, &str, &str)]) -> Document {
    let mut fields = vec![field("Effect", Document::string("Allow", at.clone()))];
    let own = |name: &str| p.get(name).filter(|value| !value.is_absent()).map(Cow::into_owned);
    if let Some(principal) = own("Principal") {
        fields.push(field("Principal", principal_element(&principal)));
    }
    fields.extend(own("Action").map(|value| field("Action", value)));
    fields.extend(own(on).map(|value| field("Resource", value)));
    let mut operators: Vec<Field> = Vec::new();
    for (operator, key, property) in conditions {
        let Some(value) = own(property) else { continue };
        // A token is compared like any key, but its value stays out of what may be printed.
        let value = if *property == "EventSourceToken" {
            Document::string("(token)", value.at)
        } else {
            value
        };
        let condition = field(key, value);
        match operators.iter_mut().find(|present| &*present.key == *operator) {
            Some(Field {
                value:
                    Document {
                        value: Value::Map(present),
                        ..
                    },
                ..
            }) => present.push(condition),
            _ => {
                let at = condition.key_at.clone();
                operators.push(field(operator, Document::new(Value::Map(vec![condition]), at)));
            }
        }
    }
    if let Some(first) = operators.first() {
        let at = first.key_at.clone();
        fields.push(field("Condition", Document::new(Value::Map(operators), at)));
    }
    Document::new(Value::Map(fields), at.clone())
}

fn field(key: &str, value: Document) -> Field {
    Field {
        key: key.into(),
        key_at: value.at.clone(),
        value,
    }
}

/// A principal as a policy writes it: a service, an account or ARN, or everybody.
pub(super) fn principal_element(principal: &Document) -> Document {
    let Some(text) = principal.as_text() else {
        if let Value::Choice(branches) = &principal.value {
            let mut choice = branches.clone();
            choice
                .iter_mut()
                .for_each(|branch| branch.value = principal_element(&branch.value));
            return Document {
                value: Value::Choice(choice),
                ..principal.clone()
            };
        }
        return principal.clone();
    };
    if text.as_literal() == Some("*") || is_hole(text) {
        return principal.clone();
    }
    let kind = if is_service(text) { "Service" } else { "AWS" };
    Document::map(vec![(kind, principal.clone())], principal.at.clone())
}

fn is_hole(text: &Text) -> bool {
    text.prefix().is_empty() && text.suffix().is_empty() && text.as_literal().is_none() && text.as_attribute().is_none()
}

/// A service principal has dots and neither an ARN's colons nor an account's digits.
fn is_service(text: &Text) -> bool {
    let ends = text.suffix();
    !text.prefix().starts_with("arn:")
        && (ends.contains(".amazonaws.com") || ends.ends_with(".amazon.com") || ends.contains(".aws.internal"))
        || matches!(text, Text::Holed(_)) && text.prefix().contains('.') && !text.prefix().contains(':')
}
