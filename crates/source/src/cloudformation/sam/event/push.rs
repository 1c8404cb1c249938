//! Services that call the function by a permission: IoT, Cognito, CloudWatch Logs and Alexa.

use super::super::Sam;
use super::super::function::policies::listed;
use super::super::make::{self, Make};
use super::super::source::Event;
use super::permission::{permission, permit};
use super::{Host, Needs};
use maremma_model::{GapKind, Node};

/// A rule of IoT that sends what its SQL selects.
pub(super) fn iot(sam: &mut Sam<'_>, host: &Host<'_>, event: Event<'_>) -> Needs {
    let at = Make(event.place);
    let id = host.id(event, "");
    let rule = at.sub_with(
        "arn:${AWS::Partition}:iot:${AWS::Region}:${AWS::AccountId}:rule/${RuleName}",
        vec![("RuleName", at.reference(&id))],
    );
    let narrowed = vec![("SourceAccount", at.sub("${AWS::AccountId}")), ("SourceArn", rule)];
    permit(sam, host, event, "iot.amazonaws.com", narrowed);
    let action = at.map(vec![("Lambda", at.map(vec![("FunctionArn", host.target(at))]))]);
    let mut payload = vec![("Actions", at.list(vec![action])), ("RuleDisabled", at.plain("false"))];
    for name in ["Sql", "AwsIotSqlVersion"] {
        if let Some(value) = event.property(name) {
            payload.push((name, value.clone()));
        }
    }
    let properties = vec![("TopicRulePayload", at.map(payload))];
    sam.add(host.source, &id, at.resource("AWS::IoT::TopicRule", properties));
    Needs::default()
}

/// Triggers of a user pool of the same template.
pub(super) fn cognito(sam: &mut Sam<'_>, host: &Host<'_>, event: Event<'_>) -> Needs {
    let at = Make(event.place);
    let Some(written) = event.property("UserPool") else {
        sam.missing(event, "UserPool");
        return Needs::default();
    };
    let pool = make::referenced(written).filter(|id| sam.made(id).is_some());
    let Some(pool) = pool else {
        let reason = format!("event {}: UserPool must be a user pool of this template", event.id);
        sam.gap(GapKind::Absent, reason, written.place);
        return Needs::default();
    };
    let invoked = make::named(&host.invoked).unwrap_or_else(|| host.source.id.into());
    let arn = vec![("SourceArn", at.get_att(&pool, "Arn"))];
    let permission = permission(host, at, "cognito-idp.amazonaws.com", arn);
    sam.add(host.source, &format!("{invoked}CognitoPermission"), permission);
    let Some(triggers) = event.property("Trigger") else {
        sam.missing(event, "Trigger");
        return Needs::default();
    };
    for item in listed(triggers) {
        let Some(name) = sam.text(item) else {
            sam.unreadable("Trigger", "the name of the trigger is not known", item);
            continue;
        };
        let target = host.target(Make(item.place));
        let empty = |make: Make| make.map(Vec::new());
        if let Some(config) = sam
            .made_mut(&pool)
            .and_then(|pool| make::slot(pool, "Properties", empty))
            .and_then(|properties| make::slot(properties, "LambdaConfig", empty))
        {
            make::set(config, &name, target);
        }
    }
    Needs::default()
}

/// A subscription to a log group.
pub(super) fn logs(sam: &mut Sam<'_>, host: &Host<'_>, event: Event<'_>) -> Needs {
    let at = Make(event.place);
    let Some(group) = event.property("LogGroupName") else {
        sam.missing(event, "LogGroupName");
        return Needs::default();
    };
    let arn = at.sub_with(
        "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${__LogGroupName__}:*",
        vec![("__LogGroupName__", group.clone())],
    );
    let permission = permit(sam, host, event, "logs.amazonaws.com", vec![("SourceArn", arn)]);
    let mut properties = vec![("DestinationArn", host.target(at)), ("LogGroupName", group.clone())];
    if let Some(pattern) = event.property("FilterPattern") {
        properties.push(("FilterPattern", pattern.clone()));
    }
    let mut filter = at.resource("AWS::Logs::SubscriptionFilter", properties);
    make::set(&mut filter, "DependsOn", at.texts(&[&permission]));
    sam.add(host.source, &host.id(event, ""), filter);
    Needs::default()
}

/// An Alexa skill, or any where none is named.
pub(super) fn alexa(sam: &mut Sam<'_>, host: &Host<'_>, event: Event<'_>) -> Needs {
    let skill = event.property("SkillId").cloned();
    let narrowed: Vec<(&str, Node)> = skill.into_iter().map(|skill| ("EventSourceToken", skill)).collect();
    permit(sam, host, event, "alexa-appkit.amazon.com", narrowed);
    Needs::default()
}
