//! `iot` and `iotFleetProvisioning`: rules of AWS IoT, and the hook of a provisioning template.

use super::super::service::{Service, handed};
use super::Event;
use super::mapping::in_json;
use crate::cloudformation::make::Make;

pub(super) fn rule(service: &mut Service<'_>, event: Event<'_>) {
    if event.part("sql").is_none() {
        return event.missing(service, "sql");
    }
    let at = event.at();
    let id = event.id(&format!("IotTopicRule{}", event.nth));
    let lambda = at.map(vec![("FunctionArn", event.function.target(at))]);
    let disabled = event.part("enabled").map_or_else(
        || at.plain("false"),
        |enabled| match service.text(enabled).as_deref() {
            Some("false") => Make(enabled.place).plain("true"),
            _ => Make(enabled.place).plain("false"),
        },
    );
    let mut payload = vec![
        ("Actions", at.list(vec![at.map(vec![("Lambda", lambda)])])),
        ("RuleDisabled", disabled),
    ];
    let names = [
        ("sql", "Sql"),
        ("sqlVersion", "AwsIotSqlVersion"),
        ("description", "Description"),
    ];
    payload.extend(handed(event.node, &names));
    let mut properties = vec![("TopicRulePayload", at.map(payload))];
    properties.extend(handed(event.node, &[("name", "RuleName")]));
    service.add_for(event.function, &id, at.resource("AWS::IoT::TopicRule", properties));
    let source = at.sub(&format!(
        "arn:${{AWS::Partition}}:iot:${{AWS::Region}}:${{AWS::AccountId}}:rule/${{{id}}}"
    ));
    let permission = format!("LambdaPermissionIotTopicRule{}", event.nth);
    event.permit(service, &permission, "iot.amazonaws.com", vec![("SourceArn", source)]);
}

pub(super) fn provisioning(service: &mut Service<'_>, event: Event<'_>) {
    let at = event.at();
    let hook = at.map(vec![("TargetArn", event.function.target(at))]);
    let mut properties = vec![("PreProvisioningHook", hook)];
    let names = [
        ("provisioningRoleArn", "ProvisioningRoleArn"),
        ("templateName", "TemplateName"),
        ("enabled", "Enabled"),
    ];
    properties.extend(handed(event.node, &names));
    if let Some(body) = event.part("templateBody") {
        properties.push(("TemplateBody", in_json(body)));
    }
    let id = event.id("IotProvisioningTemplate");
    service.add_for(
        event.function,
        &id,
        at.resource("AWS::IoT::ProvisioningTemplate", properties),
    );
    event.permit(
        service,
        "LambdaPermissionIotProvisioningTemplate",
        "iot.amazonaws.com",
        Vec::new(),
    );
}
