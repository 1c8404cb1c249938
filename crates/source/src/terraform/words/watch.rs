//! Log groups, trails, GuardDuty.

use super::table::*;

const DETECTOR: &str = "AWS::GuardDuty::Detector";

pub(super) const WORDS: &[Word] = &[
    Word::own("aws_cloudwatch_log_group", "AWS::Logs::LogGroup", LOG_GROUP),
    Word::own("aws_cloudtrail", "AWS::CloudTrail::Trail", TRAIL),
    Word::own(
        "aws_cloudtrail_event_data_store",
        "AWS::CloudTrail::EventDataStore",
        LAKE,
    ),
    Word::own("aws_guardduty_detector", DETECTOR, DETECTOR_ENTRIES),
    Word::item(
        "aws_guardduty_detector_feature",
        ("detector_id", DETECTOR, "Features"),
        &[text("name", "Name"), text("status", "Status")],
    ),
    Word::own(
        "aws_guardduty_publishing_destination",
        "AWS::GuardDuty::PublishingDestination",
        &[
            text("detector_id", "DetectorId"),
            text("destination_arn", "DestinationProperties.DestinationArn"),
        ],
    ),
];

const LOG_GROUP: &[Entry] = &[
    text("name", "LogGroupName"),
    prefix("name_prefix", "LogGroupName"),
    // So Terraform calls that they are kept for ever.
    unless("retention_in_days", "RetentionInDays", "0"),
    text("kms_key_id", "KmsKeyId"),
];

const ADVANCED: &[Entry] = &[each(
    "field_selector",
    "FieldSelectors",
    &[
        text("field", "Field"),
        list("equals", "Equals"),
        list("not_equals", "NotEquals"),
        list("starts_with", "StartsWith"),
        list("not_starts_with", "NotStartsWith"),
        list("ends_with", "EndsWith"),
        list("not_ends_with", "NotEndsWith"),
    ],
)];

const TRAIL: &[Entry] = &[
    text("name", "TrailName"),
    text_or("enable_logging", "IsLogging", "true"),
    text("is_multi_region_trail", "IsMultiRegionTrail"),
    text("is_organization_trail", "IsOrganizationTrail"),
    each(
        "event_selector",
        "EventSelectors",
        &[
            text("read_write_type", "ReadWriteType"),
            each(
                "data_resource",
                "DataResources",
                &[text("type", "Type"), list("values", "Values")],
            ),
        ],
    ),
    each("advanced_event_selector", "AdvancedEventSelectors", ADVANCED),
];

const LAKE: &[Entry] = &[
    text("name", "Name"),
    switch("suspend", "IngestionEnabled", "false", "true"),
    text("multi_region_enabled", "MultiRegionEnabled"),
    text("organization_enabled", "OrganizationEnabled"),
    each("advanced_event_selector", "AdvancedEventSelectors", ADVANCED),
];

const DETECTOR_ENTRIES: &[Entry] = &[
    text_or("enable", "Enable", "true"),
    text("datasources.s3_logs.enable", "DataSources.S3Logs.Enable"),
    text(
        "datasources.kubernetes.audit_logs.enable",
        "DataSources.Kubernetes.AuditLogs.Enable",
    ),
    text(
        "datasources.malware_protection.scan_ec2_instance_with_findings.ebs_volumes.enable",
        "DataSources.MalwareProtection.ScanEc2InstanceWithFindings.EbsVolumes",
    ),
];
