//! Attributes that only fixes write: no check reads what they say.

use super::super::table::*;

/// By the CloudFormation type. Sources: the pages of the provider `hashicorp/aws`, "Argument Reference".
pub(super) const ENTRIES: &[(&str, &[Entry])] = &[
    (
        "AWS::EC2::SecurityGroup",
        &[
            text("description", "GroupDescription"),
            text("vpc_id", "VpcId"),
            each("egress", "SecurityGroupEgress", EGRESS),
        ],
    ),
    ("AWS::EC2::FlowLog", FLOW_LOG),
    (
        "AWS::EFS::AccessPoint",
        &[
            text("root_directory.path", "RootDirectory.Path"),
            text(
                "root_directory.creation_info.owner_uid",
                "RootDirectory.CreationInfo.OwnerUid",
            ),
            text(
                "root_directory.creation_info.owner_gid",
                "RootDirectory.CreationInfo.OwnerGid",
            ),
            text(
                "root_directory.creation_info.permissions",
                "RootDirectory.CreationInfo.Permissions",
            ),
        ],
    ),
    (
        "AWS::SecretsManager::RotationSchedule",
        &[text(
            "rotation_rules.automatically_after_days",
            "RotationRules.AutomaticallyAfterDays",
        )],
    ),
    (
        "AWS::ApiGateway::UsagePlan",
        &[
            each(
                "api_stages",
                "ApiStages",
                &[text("api_id", "ApiId"), text("stage", "Stage")],
            ),
            text("quota_settings.limit", "Quota.Limit"),
            text("quota_settings.period", "Quota.Period"),
            text("throttle_settings.rate_limit", "Throttle.RateLimit"),
            text("throttle_settings.burst_limit", "Throttle.BurstLimit"),
        ],
    ),
    ("AWS::ApiGateway::Method", &[map("request_models", "RequestModels")]),
    (
        "AWS::CodeDeploy::DeploymentGroup",
        &[
            text(
                "auto_rollback_configuration.enabled",
                "AutoRollbackConfiguration.Enabled",
            ),
            list("auto_rollback_configuration.events", "AutoRollbackConfiguration.Events"),
        ],
    ),
    (
        "AWS::ElasticLoadBalancingV2::Listener",
        &[each("default_action", "DefaultActions", ACTION)],
    ),
    (
        "AWS::Kinesis::Stream",
        &[
            text("encryption_type", "StreamEncryption.EncryptionType"),
            text("kms_key_id", "StreamEncryption.KeyId"),
        ],
    ),
];

const FLOW_LOG: &[Entry] = &[
    text("log_destination_type", "LogDestinationType"),
    text("log_destination", "LogDestination"),
];

const EGRESS: &[Entry] = &[
    text("protocol", "IpProtocol"),
    text("from_port", "FromPort"),
    text("to_port", "ToPort"),
    list("cidr_blocks", "CidrIp"),
    list("ipv6_cidr_blocks", "CidrIpv6"),
    list("prefix_list_ids", "DestinationPrefixListId"),
    list("security_groups", "DestinationSecurityGroupId"),
];

const ACTION: &[Entry] = &[
    text("type", "Type"),
    text("order", "Order"),
    text("target_group_arn", "TargetGroupArn"),
    text("redirect.protocol", "RedirectConfig.Protocol"),
    text("redirect.port", "RedirectConfig.Port"),
    text("redirect.status_code", "RedirectConfig.StatusCode"),
    text(
        "authenticate_cognito.user_pool_arn",
        "AuthenticateCognitoConfig.UserPoolArn",
    ),
    text(
        "authenticate_cognito.user_pool_client_id",
        "AuthenticateCognitoConfig.UserPoolClientId",
    ),
    text(
        "authenticate_cognito.user_pool_domain",
        "AuthenticateCognitoConfig.UserPoolDomain",
    ),
];

/// Properties that the attribute of another one says: the kind of thing that `vpc_id` names.
pub(super) const SAID: &[(&str, &str, &str)] = &[("AWS::EC2::FlowLog", "ResourceType", "VPC")];

/// Attributes that Terraform wants and CloudFormation makes up.
pub(super) const NAMED: &[&str] = &["aws_api_gateway_usage_plan", "aws_api_gateway_request_validator"];

/// Attributes that the provider has deprecated for a resource of their own.
pub(super) const DEPRECATED: &[(&str, &str)] = &[
    ("aws_iam_role", "managed_policy_arns"),
    ("aws_iam_role", "inline_policy"),
];

/// What a resource that sets properties of another one names beside it, by the attributes of that.
pub(super) const BESIDE: &[(&str, &str)] = &[("aws_api_gateway_method_settings", "rest_api_id")];
