//! Services that invoke functions by a setting of their own resources.

use super::trigger::{filters, forwarding, part, trigger};
use crate::cx::Cx;
use crate::props::Props;
use maremma_model::noun::*;
use maremma_model::{Resource, Setting, Text, Value};

pub(super) fn own(cx: &Cx<'_>, resource: &Resource) -> Setting<AnyLink> {
    Setting::set(AnyLink::Here(cx.own), resource.at.clone())
}

/// A resource that invokes the function at a path, and is the source of the events itself.
pub(super) fn invokes(cx: &Cx<'_>, resource: &Resource, p: &Props<'_>, path: &str, kind: TriggerKind) {
    if let Some(function) = p.target(path) {
        cx.trigger(trigger(resource, kind, function, own(cx, resource)));
    }
}

/// As [`invokes`], for each map of a list.
pub(super) fn each(cx: &Cx<'_>, resource: &Resource, p: &Props<'_>, list: &str, path: &str, kind: TriggerKind) {
    for item in p.list(list) {
        let (head, item) = part(resource, &item);
        invokes(cx, &head, &item, path, kind);
    }
}

/// `AWS::Logs::SubscriptionFilter`.
pub(crate) fn log_subscription(cx: &Cx<'_>, resource: Resource, p: &Props<'_>) -> Other {
    let group = p.any_of::<LogGroup>("LogGroupName");
    let selects = filters([p.text("FilterPattern")], &resource.at);
    match p.target("DestinationArn") {
        Some(function) => cx.trigger(Trigger {
            role: p.any_of::<Role>("RoleArn"),
            filters: selects,
            ..trigger(&resource, TriggerKind::LogSubscription, function, group)
        }),
        None => cx.forwarding(Forwarding {
            filters: selects,
            ..forwarding(&resource, TriggerKind::LogSubscription, group, p.any("DestinationArn"))
        }),
    }
    Other { resource }
}

/// `AWS::IoT::TopicRule`.
pub(crate) fn iot_rule(cx: &Cx<'_>, resource: Resource, p: &Props<'_>) -> Other {
    let payload = p.sub("TopicRulePayload");
    let mut actions = payload.list("Actions");
    actions.push(payload.sub("ErrorAction"));
    for action in actions {
        let (head, action) = part(&resource, &action);
        let Some(function) = action.target("Lambda.FunctionArn") else {
            continue;
        };
        cx.trigger(Trigger {
            enabled: payload
                .boolean("RuleDisabled")
                .map(|disabled| !disabled)
                .or_default(true),
            filters: filters([payload.text("Sql")], &resource.at),
            ..trigger(
                &head,
                TriggerKind::IotRule,
                function,
                Setting::unset(resource.at.clone()),
            )
        });
    }
    Other { resource }
}

/// `AWS::Cognito::UserPool`: a trigger is a function's ARN, or a map that holds one.
pub(crate) fn user_pool(cx: &Cx<'_>, resource: Resource, p: &Props<'_>) -> Other {
    for (name, config) in p.subs("LambdaConfig") {
        let path = match config.whole().map(|document| &document.value) {
            Some(Value::Map(_)) => format!("LambdaConfig.{name}.LambdaArn"),
            _ => format!("LambdaConfig.{name}"),
        };
        if &*name == "KMSKeyID" || !p.has(&path) {
            if let Some(document) = config.whole().filter(|found| matches!(found.value, Value::Map(_))) {
                p.wrong::<()>(&name, "a function's ARN, or a map with LambdaArn", document);
            }
            continue;
        }
        let (head, _) = part(&resource, &config);
        let when = Setting::set(Text::literal(name), config.at().clone());
        cx.trigger(Trigger {
            filters: filters([when], &resource.at),
            ..trigger(
                &head,
                TriggerKind::CognitoTrigger,
                p.function(&path),
                own(cx, &resource),
            )
        });
    }
    Other { resource }
}

/// `AWS::Config::ConfigRule` and `AWS::Config::OrganizationConfigRule`.
pub(crate) fn config_rule(cx: &Cx<'_>, resource: Resource, p: &Props<'_>) -> Other {
    invokes(cx, &resource, p, "Source.SourceIdentifier", TriggerKind::ConfigRule);
    let organization = "OrganizationCustomRuleMetadata.LambdaFunctionArn";
    invokes(cx, &resource, p, organization, TriggerKind::ConfigRule);
    Other { resource }
}

/// `AWS::CloudFormation::CustomResource`, `Custom::*`, and whatever no check inspects.
pub(crate) fn custom_or_other(cx: &Cx<'_>, resource: Resource, p: &Props<'_>) -> Other {
    if resource.kind.starts_with("Custom::") || &*resource.kind == "AWS::CloudFormation::CustomResource" {
        custom(cx, &resource, p);
    }
    Other { resource }
}

/// What every custom resource does: it invokes the function that provides it.
pub(super) fn custom(cx: &Cx<'_>, resource: &Resource, p: &Props<'_>) {
    invokes(cx, resource, p, "ServiceToken", TriggerKind::CustomResource);
}

/// `AWS::CloudWatch::Alarm` and `AWS::CloudWatch::CompositeAlarm`.
pub(crate) fn alarm(cx: &Cx<'_>, resource: Resource, p: &Props<'_>) -> Other {
    for list in ["AlarmActions", "OKActions", "InsufficientDataActions"] {
        for function in p.targets(list) {
            let when = Setting::set(Text::literal(list), function.at.clone());
            cx.trigger(Trigger {
                enabled: p.boolean("ActionsEnabled").or_default(true),
                filters: filters([when], &resource.at),
                ..trigger(&resource, TriggerKind::Alarm, function, own(cx, &resource))
            });
        }
    }
    Other { resource }
}

/// `AWS::Lex::BotAlias`.
pub(crate) fn bot_alias(cx: &Cx<'_>, resource: Resource, p: &Props<'_>) -> Other {
    let path = "BotAliasLocaleSetting.CodeHookSpecification.LambdaCodeHook.LambdaArn";
    each(cx, &resource, p, "BotAliasLocaleSettings", path, TriggerKind::LexBot);
    Other { resource }
}

/// `AWS::KinesisFirehose::DeliveryStream`: every destination may transform its records.
pub(crate) fn delivery_stream(cx: &Cx<'_>, resource: Resource, p: &Props<'_>) -> Other {
    let destinations = p.subs_here().into_iter();
    for (_, destination) in destinations.filter(|(name, _)| name.ends_with("DestinationConfiguration")) {
        for processor in destination.list("ProcessingConfiguration.Processors") {
            each(
                cx,
                &resource,
                &processor,
                "Parameters",
                "ParameterValue",
                TriggerKind::FirehoseTransform,
            );
        }
    }
    Other { resource }
}

/// `AWS::SES::ReceiptRule`.
pub(crate) fn receipt_rule(cx: &Cx<'_>, resource: Resource, p: &Props<'_>) -> Other {
    each(
        cx,
        &resource,
        p,
        "Rule.Actions",
        "LambdaAction.FunctionArn",
        TriggerKind::SesReceiptRule,
    );
    Other { resource }
}

/// `AWS::S3ObjectLambda::AccessPoint`.
pub(crate) fn object_lambda(cx: &Cx<'_>, resource: Resource, p: &Props<'_>) -> Other {
    let path = "ContentTransformation.AwsLambda.FunctionArn";
    let list = "ObjectLambdaConfiguration.TransformationConfigurations";
    each(cx, &resource, p, list, path, TriggerKind::S3ObjectLambda);
    Other { resource }
}

/// `AWS::Bedrock::Agent`.
pub(crate) fn agent(cx: &Cx<'_>, resource: Resource, p: &Props<'_>) -> Other {
    each(
        cx,
        &resource,
        p,
        "ActionGroups",
        "ActionGroupExecutor.Lambda",
        TriggerKind::BedrockAgent,
    );
    Other { resource }
}

/// `AWS::SecretsManager::RotationSchedule`.
pub(crate) fn rotation(cx: &Cx<'_>, resource: Resource, p: &Props<'_>) -> SecretRotation {
    if let Some(function) = p.target("RotationLambdaARN") {
        let source = p.any_of::<ManagedSecret>("SecretId");
        cx.trigger(trigger(&resource, TriggerKind::SecretRotation, function, source));
    }
    SecretRotation {
        secret: p.link("SecretId"),
        enabled: Setting::default(true, resource.at.clone()),
        resource,
    }
}
