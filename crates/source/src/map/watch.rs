//! Log groups, trails, GuardDuty.

use super::caller::custom;
use crate::cx::Cx;
use crate::props::Props;
use maremma_model::noun::*;
use maremma_model::{Link, Resource, Setting, Text};

pub(crate) fn log_group(_: &Cx<'_>, resource: Resource, p: &Props<'_>) -> LogGroup {
    LogGroup {
        given_name: p.text("LogGroupName"),
        retention_days: p.number("RetentionInDays"),
        kms_key: p.any_of::<Key>("KmsKeyId"),
        resource,
    }
}

/// `Custom::LogRetention`: the CDK's own resource, which sets the retention of a log group that others
/// make, or makes it.
pub(crate) fn log_retention(cx: &Cx<'_>, resource: Resource, p: &Props<'_>) -> LogGroup {
    custom(cx, &resource, p);
    LogGroup {
        given_name: p.text("LogGroupName"),
        retention_days: p.number("RetentionInDays"),
        kms_key: Setting::unset(resource.at.clone()),
        resource,
    }
}

/// `AWS::CloudTrail::Trail`.
pub(crate) fn trail(_: &Cx<'_>, resource: Resource, p: &Props<'_>) -> Trail {
    Trail {
        is_logging: p.boolean("IsLogging"),
        multi_region: p.boolean("IsMultiRegionTrail").or_default(false),
        is_organization: p.boolean("IsOrganizationTrail").or_default(false),
        selectors: p.maps("EventSelectors", selector),
        advanced_selectors: p.maps("AdvancedEventSelectors", advanced),
        resource,
    }
}

/// `AWS::CloudTrail::EventDataStore`: CloudTrail Lake records events as a trail does.
pub(crate) fn event_data_store(_: &Cx<'_>, resource: Resource, p: &Props<'_>) -> Trail {
    Trail {
        is_logging: p.boolean("IngestionEnabled").or_default(true),
        multi_region: p.boolean("MultiRegionEnabled").or_default(true),
        is_organization: p.boolean("OrganizationEnabled").or_default(false),
        selectors: Setting::unset(resource.at.clone()),
        advanced_selectors: p.maps("AdvancedEventSelectors", advanced),
        resource,
    }
}

fn selector(p: &Props<'_>) -> EventSelector {
    EventSelector {
        read_write: p.text("ReadWriteType").or_default("All".into()),
        data_resources: p.maps("DataResources", |data| DataResource {
            kind: data.text("Type"),
            values: data.texts("Values"),
        }),
    }
}

const OPERATORS: [&str; 6] = [
    "Equals",
    "NotEquals",
    "StartsWith",
    "NotStartsWith",
    "EndsWith",
    "NotEndsWith",
];

fn advanced(p: &Props<'_>) -> AdvancedSelector {
    let mut fields = Vec::new();
    for field in p.list("FieldSelectors") {
        let operators = OPERATORS.iter().filter(|operator| field.has(operator));
        fields.extend(operators.map(|operator| FieldSelector {
            field: field.text("Field"),
            operator: Text::literal(*operator),
            values: field.texts(operator),
        }));
    }
    AdvancedSelector { fields }
}

/// `AWS::GuardDuty::Detector`. Protection of Lambda is a feature; the older data sources are told by
/// the names of the features that replace them.
pub(crate) fn detector(_: &Cx<'_>, resource: Resource, p: &Props<'_>) -> Detector {
    let mut features = p.maps("Features", |feature| Feature {
        name: feature.text("Name"),
        status: feature.text("Status"),
    });
    let older = [
        ("DataSources.S3Logs.Enable", "S3_DATA_EVENTS"),
        ("DataSources.Kubernetes.AuditLogs.Enable", "EKS_AUDIT_LOGS"),
        (
            "DataSources.MalwareProtection.ScanEc2InstanceWithFindings.EbsVolumes",
            "EBS_MALWARE_PROTECTION",
        ),
    ];
    let present: Vec<_> = older
        .iter()
        .filter(|(path, _)| features.is_unset() && p.has(path))
        .collect();
    if let Some((first, _)) = present.first() {
        let feature = |(path, name): &&(&str, &str)| {
            let status = p
                .boolean(path)
                .map(|on| Text::literal(if on { "ENABLED" } else { "DISABLED" }));
            let at = status.at.clone();
            let name = Setting::set(Text::literal(*name), at.clone());
            Setting::set(Feature { name, status }, at)
        };
        features = Setting::set(present.iter().map(feature).collect(), p.boolean(first).at);
    }
    Detector {
        enabled: p.boolean("Enable"),
        features,
        // Filled by a publishing destination.
        publishing: Setting::unset(resource.at.clone()),
        resource,
    }
}

/// `AWS::GuardDuty::PublishingDestination`.
pub(crate) fn publishing_destination(cx: &Cx<'_>, resource: Resource, p: &Props<'_>) -> Other {
    let destination = p.any_of::<Bucket>("DestinationProperties.DestinationArn");
    if let Some(detector) = p.link::<Detector>("DetectorId").value().and_then(Link::here) {
        cx.amend(move |estate| {
            if let Some(detector) = estate.detectors.get_mut(detector) {
                detector.publishing = destination;
            }
        });
    }
    Other { resource }
}
