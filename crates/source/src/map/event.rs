//! EventBridge, Scheduler, Pipes and event source mappings: what is configured on its own to invoke.

use super::trigger::{filters, forwarding, part, trigger};
use crate::cx::Cx;
use crate::props::Props;
use maremma_model::noun::*;
use maremma_model::{Location, Resource, Setting, Text};

/// `AWS::Lambda::EventSourceMapping`.
pub(crate) fn mapping(_: &Cx<'_>, resource: Resource, p: &Props<'_>) -> Trigger {
    let access = |access: &Props<'_>| SourceAccess {
        kind: access.text("Type"),
        uri: access.value("URI", "URI"),
    };
    let mapping = Mapping {
        batch_size: p.number("BatchSize"),
        batching_window: p.number("MaximumBatchingWindowInSeconds"),
        starting_position: p.text("StartingPosition"),
        maximum_record_age: p.text("MaximumRecordAgeInSeconds"),
        maximum_retry_attempts: p.text("MaximumRetryAttempts"),
        bisect_on_error: p.boolean("BisectBatchOnFunctionError").or_default(false),
        kms_key: p.any_of::<Key>("KmsKeyArn"),
        self_managed_brokers: p.texts("SelfManagedEventSource.Endpoints.KafkaBootstrapServers"),
        source_access: p.list("SourceAccessConfigurations").iter().map(access).collect(),
    };
    Trigger {
        enabled: p.boolean("Enabled").or_default(true),
        on_failure: p.any("DestinationConfig.OnFailure.Destination"),
        filters: patterns(p, "FilterCriteria.Filters", &resource.at),
        mapping: Some(mapping),
        ..trigger(
            &resource,
            TriggerKind::EventSourceMapping,
            p.function("FunctionName"),
            p.any("EventSourceArn"),
        )
    }
}

fn patterns(p: &Props<'_>, path: &str, at: &Location) -> Items<Text> {
    filters(p.list(path).iter().map(|filter| filter.json("Pattern")), at)
}

/// `AWS::Events::Rule`.
pub(crate) fn rule(cx: &Cx<'_>, resource: Resource, p: &Props<'_>) -> Other {
    let mut bus = p.any_of::<Bus>("EventBusName");
    if p.has("EventPattern") {
        bus = bus.or_default(AnyLink::Outside("default".into()));
    }
    let selects = filters([p.json("EventPattern"), p.text("ScheduleExpression")], &resource.at);
    for target in p.list("Targets") {
        let (head, target) = part(&resource, &target);
        let Some(function) = target.target("Arn") else {
            cx.forwarding(Forwarding {
                enabled: enabled(p, "State"),
                filters: selects.clone(),
                ..forwarding(&head, TriggerKind::EventRule, bus.clone(), target.any("Arn"))
            });
            continue;
        };
        cx.trigger(Trigger {
            enabled: enabled(p, "State"),
            on_failure: target.any("DeadLetterConfig.Arn"),
            role: target.any_of::<Role>("RoleArn"),
            filters: selects.clone(),
            ..trigger(&head, TriggerKind::EventRule, function, bus.clone())
        });
    }
    Other { resource }
}

/// A rule may also be enabled for the events that CloudTrail records of AWS's own services.
fn enabled(p: &Props<'_>, path: &str) -> Setting<bool> {
    let state = p.text(path).or_default(Text::literal("ENABLED"));
    state.map(|text| text.prefix().starts_with("ENABLED"))
}

/// `AWS::Scheduler::Schedule`; its universal target names the function in its input.
pub(crate) fn schedule(cx: &Cx<'_>, resource: Resource, p: &Props<'_>) -> Other {
    let target = p.sub("Target");
    let universal = target
        .text("Arn")
        .possible()
        .any(|arn| arn.suffix().contains("aws-sdk:lambda:invoke"));
    let function = match target.target("Arn") {
        None if universal && !target.text("Input").is_unset() => {
            Some(target.embedded("Input").function("FunctionName"))
        }
        function => function,
    };
    if let Some(function) = function {
        cx.trigger(Trigger {
            enabled: p.switch("State", "ENABLED", "DISABLED").or_default(true),
            on_failure: target.any("DeadLetterConfig.Arn"),
            role: target.any_of::<Role>("RoleArn"),
            filters: filters([p.text("ScheduleExpression")], &resource.at),
            ..trigger(
                &resource,
                TriggerKind::Schedule,
                function,
                Setting::unset(resource.at.clone()),
            )
        });
    }
    Other { resource }
}

/// `AWS::Pipes::Pipe`: a function may enrich, or be the target.
pub(crate) fn pipe(cx: &Cx<'_>, resource: Resource, p: &Props<'_>) -> Other {
    let dead_letters = p
        .subs("SourceParameters")
        .into_iter()
        .map(|(_, source)| source.any("DeadLetterConfig.Arn"));
    let on_failure = dead_letters.into_iter().find(|target| !target.is_unset());
    let running = || p.switch("DesiredState", "RUNNING", "STOPPED").or_default(true);
    let selects = || patterns(p, "SourceParameters.FilterCriteria.Filters", &resource.at);
    if p.target("Target").is_none() {
        cx.forwarding(Forwarding {
            enabled: running(),
            filters: selects(),
            ..forwarding(&resource, TriggerKind::Pipe, p.any("Source"), p.any("Target"))
        });
    }
    for place in ["Enrichment", "Target"] {
        let Some(function) = p.target(place) else { continue };
        let at = || resource.at.clone();
        cx.trigger(Trigger {
            enabled: running(),
            on_failure: on_failure.clone().unwrap_or_else(|| Setting::unset(at())),
            role: p.any_of::<Role>("RoleArn"),
            filters: selects(),
            ..trigger(&resource, TriggerKind::Pipe, function, p.any("Source"))
        });
    }
    Other { resource }
}

/// `AWS::SNS::Subscription`.
pub(crate) fn subscription(cx: &Cx<'_>, resource: Resource, p: &Props<'_>) -> Other {
    subscribe(cx, &resource, p, p.any_of::<Topic>("TopicArn"));
    Other { resource }
}

/// A subscription of a function to a topic, of its own or written on the topic.
pub(super) fn subscribe(cx: &Cx<'_>, resource: &Resource, p: &Props<'_>, topic: Setting<AnyLink>) {
    let protocol = p.text("Protocol");
    let speaks = |name: &str| {
        let mut possible = protocol.possible().filter_map(Text::as_literal);
        possible.any(|text| text.eq_ignore_ascii_case(name))
    };
    let function = if speaks("lambda") {
        Some(p.function("Endpoint"))
    } else {
        p.target("Endpoint")
    };
    if let Some(function) = function {
        cx.trigger(Trigger {
            on_failure: p.embedded("RedrivePolicy").any("deadLetterTargetArn"),
            filters: filters([p.json("FilterPolicy")], &resource.at),
            ..trigger(resource, TriggerKind::SnsSubscription, function, topic)
        });
    } else if speaks("sqs") || speaks("firehose") {
        cx.forwarding(Forwarding {
            filters: filters([p.json("FilterPolicy")], &resource.at),
            ..forwarding(resource, TriggerKind::SnsSubscription, topic, p.any("Endpoint"))
        });
    }
}
