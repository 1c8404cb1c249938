//! `destinations`, `maximumRetryAttempts` and `maximumEventAge`: what holds of asynchronous invocations.

use super::super::role;
use super::super::service::{Function, Service, handed, part};
use crate::cloudformation::make::Make;
use maremma_model::{GapKind, Node};

pub(super) fn compile(service: &mut Service<'_>, number: usize, function: &Function) {
    let node = &function.node;
    let names = [
        ("maximumEventAge", "MaximumEventAgeInSeconds"),
        ("maximumRetryAttempts", "MaximumRetryAttempts"),
    ];
    let limits = handed(node, &names);
    let destinations = service.set(node, "destinations").cloned();
    if limits.is_empty() && destinations.is_none() {
        return;
    }
    let place = destinations
        .as_ref()
        .map_or_else(|| limits.first().map(|(_, node)| node.place), |node| Some(node.place));
    let at = Make(place.unwrap_or(function.place));
    let qualifier = function.alias.as_ref().map_or("$LATEST", |(name, _)| name);
    let mut properties = vec![
        ("FunctionName", at.reference(&function.id())),
        ("Qualifier", at.text(qualifier)),
    ];
    properties.extend(limits);
    if let Some(destinations) = &destinations {
        let mut config = Vec::new();
        for (key, property) in [("onSuccess", "OnSuccess"), ("onFailure", "OnFailure")] {
            let Some(written) = part(destinations, key).cloned() else {
                continue;
            };
            let at = Make(written.place);
            if let Some(arn) = destination(service, number, function, &written) {
                config.push((property, at.map(vec![("Destination", arn)])));
            }
        }
        properties.push(("DestinationConfig", at.map(config)));
    }
    let id = format!("{}LambdaEvConf", function.base);
    service.add_for(function, &id, at.resource("AWS::Lambda::EventInvokeConfig", properties));
}

/// The ARN of a destination; the role is let to send there.
fn destination(service: &mut Service<'_>, number: usize, function: &Function, written: &Node) -> Option<Node> {
    let at = Make(written.place);
    let text = service.text(written);
    let (arn, granted, action) = match &text {
        Some(text) if !text.starts_with("arn:") => {
            let Some(target) = service.function(text) else {
                let reason = format!("destinations: {text} is no function of this service");
                service.gap(GapKind::Absent, reason, written.place);
                return None;
            };
            let functions = service.functions.clone();
            let target = functions.get(target)?;
            let alias = target
                .alias
                .as_ref()
                .map_or(String::new(), |(name, _)| format!(":{name}"));
            let variables = vec![("Name", target.name.clone())];
            // The role must not refer to a function that takes it on.
            let granted = at.sub_with(
                &format!(
                    "arn:${{AWS::Partition}}:lambda:${{AWS::Region}}:${{AWS::AccountId}}:function:${{Name}}{alias}"
                ),
                variables,
            );
            (target.target(at), granted, Some("lambda:InvokeFunction"))
        }
        Some(text) => (written.clone(), written.clone(), action(text)),
        None => {
            let arn = part(written, "arn").unwrap_or(written).clone();
            let kind = service.said(written, "type");
            let action = match kind.as_deref() {
                Some("function") => Some("lambda:InvokeFunction"),
                Some("sqs") => Some("sqs:SendMessage"),
                Some("sns") => Some("sns:Publish"),
                Some("eventBus") => Some("events:PutEvents"),
                _ => None,
            };
            (arn.clone(), arn, action)
        }
    };
    if let Some(action) = action
        && role::written(service, function).is_none()
    {
        let statement = at.statement(at.text(action), granted);
        service.grant(number, statement, false);
    }
    Some(arn)
}

fn action(arn: &str) -> Option<&'static str> {
    let actions = [
        (":function:", "lambda:InvokeFunction"),
        (":sqs:", "sqs:SendMessage"),
        (":sns:", "sns:Publish"),
        (":event-bus/", "events:PutEvents"),
    ];
    actions
        .iter()
        .find_map(|(service, action)| arn.contains(service).then_some(*action))
}
