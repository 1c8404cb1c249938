//! Log groups, trails, GuardDuty.

use crate::responses::operation::{OPERATION, Operation, SHAPE, Shape};
use crate::responses::reading::{Member, Reading, value};
use maremma_model::Document;

const LOG_GROUP: &str = "AWS::Logs::LogGroup";
const TRAIL_TYPE: &str = "AWS::CloudTrail::Trail";
const STORE_TYPE: &str = "AWS::CloudTrail::EventDataStore";
const DETECTOR_TYPE: &str = "AWS::GuardDuty::Detector";

static GROUP: Shape = Shape {
    cfn: LOG_GROUP,
    arn: "arn:{partition}:logs:{region}:{account}:log-group:{logGroupName}",
    names: "{logGroupName}",
    properties: "LogGroupName=logGroupName RetentionInDays=retentionInDays KmsKeyId=kmsKeyId",
    ..SHAPE
};

static FILTER: Shape = Shape {
    cfn: "AWS::Logs::SubscriptionFilter",
    arn: "arn:{partition}:logs:{region}:{account}:log-group:{logGroupName}/filter/{filterName}",
    properties: "LogGroupName=logGroupName DestinationArn=destinationArn FilterPattern=filterPattern RoleArn=roleArn",
    ..SHAPE
};

static TRAIL: Shape = Shape {
    cfn: TRAIL_TYPE,
    arn: "{TrailARN}",
    names: "{Name}",
    properties: "TrailName=Name IsMultiRegionTrail IsOrganizationTrail",
    ..SHAPE
};

static LISTED_STORE: Shape = Shape {
    cfn: STORE_TYPE,
    arn: "{EventDataStoreArn}",
    names: "{Name}",
    properties: "Name",
    ..SHAPE
};

static STORE: Shape = Shape {
    cfn: STORE_TYPE,
    arn: "{EventDataStoreArn}",
    names: "{Name}",
    properties: "Name MultiRegionEnabled OrganizationEnabled AdvancedEventSelectors IngestionEnabled=()",
    run: Some(ingestion),
    ..SHAPE
};

static LISTED_DETECTOR: Shape = Shape {
    cfn: DETECTOR_TYPE,
    arn: "arn:{partition}:guardduty:{region}:{account}:detector/{.}",
    names: "{.}",
    ..SHAPE
};

static DETECTOR: Shape = Shape {
    cfn: DETECTOR_TYPE,
    arn: "arn:{partition}:guardduty:{region}:{account}:detector/{0}",
    names: "{0}",
    properties: "Enable=() Features",
    run: Some(enabled),
    ..SHAPE
};

static PUBLISHING: Shape = Shape {
    cfn: "AWS::GuardDuty::PublishingDestination",
    arn: "arn:{partition}:guardduty:{region}:{account}:detector/{0}/publishingDestination/{DestinationId}",
    names: "{DestinationId}",
    properties: "DetectorId={0} DestinationProperties",
    ..SHAPE
};

pub(super) const OPERATIONS: &[Operation] = &[
    operation!("logs", "describe-log-groups", "", [("logGroups", GROUP)]),
    operation!("logs", "describe-subscription-filters", LOG_GROUP, [("subscriptionFilters", FILTER)], named_by: "subscriptionFilters.*.logGroupName"),
    operation!("cloudtrail", "describe-trails", "", [("trailList", TRAIL)]),
    operation!("cloudtrail", "get-event-selectors", TRAIL_TYPE, [], named_by: "TrailARN", tells: "EventSelectors AdvancedEventSelectors"),
    operation!("cloudtrail", "get-trail-status", TRAIL_TYPE, [], tells: "IsLogging"),
    operation!(
        "cloudtrail",
        "list-event-data-stores",
        "",
        [("EventDataStores", LISTED_STORE)]
    ),
    operation!("cloudtrail", "get-event-data-store", STORE_TYPE, [("", STORE)], named_by: "EventDataStoreArn"),
    operation!("guardduty", "list-detectors", "", [("DetectorIds", LISTED_DETECTOR)]),
    operation!("guardduty", "get-detector", DETECTOR_TYPE, [("", DETECTOR)]),
    operation!(
        "guardduty",
        "describe-publishing-destination",
        DETECTOR_TYPE,
        [("", PUBLISHING)]
    ),
];

/// Source: CloudTrail API reference, "GetEventDataStore", `Status`.
fn ingestion(reading: &mut Reading<'_>, member: &Member<'_>) {
    switch(reading, member, "Status", "IngestionEnabled", "ENABLED");
}

fn enabled(reading: &mut Reading<'_>, member: &Member<'_>) {
    switch(reading, member, "Status", "Enable", "ENABLED");
}

fn switch(reading: &mut Reading<'_>, member: &Member<'_>, from: &str, to: &str, on: &str) {
    let Some(status) = value(member, from) else { return };
    let is = match status.as_str() {
        Some(word) if word == on => "true",
        Some(_) => "false",
        None => return,
    };
    if let Some(declared) = member.id.and_then(|id| reading.declared_mut(id)) {
        declared.set(to, Document::string(is, status.at.clone()));
    }
}
