//! CodeDeploy, CloudFront, and the scanning of ECR's registry.

use super::table::*;

pub(super) const WORDS: &[Word] = &[
    Word::own(
        "aws_codedeploy_app",
        "AWS::CodeDeploy::Application",
        &[
            text("name", "ApplicationName"),
            text("compute_platform", "ComputePlatform"),
        ],
    ),
    Word::own(
        "aws_codedeploy_deployment_group",
        "AWS::CodeDeploy::DeploymentGroup",
        DEPLOYMENT_GROUP,
    ),
    Word::own(
        "aws_ecr_registry_scanning_configuration",
        "AWS::ECR::RegistryScanningConfiguration",
        SCANNING,
    ),
    Word::own(
        "aws_cloudfront_distribution",
        "AWS::CloudFront::Distribution",
        DISTRIBUTION,
    ),
];

const DEPLOYMENT_GROUP: &[Entry] = &[
    text("app_name", "ApplicationName"),
    text("deployment_group_name", "DeploymentGroupName"),
    text_or(
        "deployment_config_name",
        "DeploymentConfigName",
        "CodeDeployDefault.OneAtATime",
    ),
    text("service_role_arn", "ServiceRoleArn"),
    text(
        "auto_rollback_configuration.enabled",
        "AutoRollbackConfiguration.Enabled",
    ),
    list("auto_rollback_configuration.events", "AutoRollbackConfiguration.Events"),
];

const SCANNING: &[Entry] = &[
    text("scan_type", "ScanType"),
    each(
        "rule",
        "Rules",
        &[
            text("scan_frequency", "ScanFrequency"),
            each(
                "repository_filter",
                "RepositoryFilters",
                &[text("filter", "Filter"), text("filter_type", "FilterType")],
            ),
        ],
    ),
];

const ASSOCIATIONS: Entry = each(
    "lambda_function_association",
    "LambdaFunctionAssociations",
    &[text("event_type", "EventType"), text("lambda_arn", "LambdaFunctionARN")],
);

const DISTRIBUTION: &[Entry] = &[
    text("web_acl_id", "DistributionConfig.WebACLId"),
    each(
        "origin",
        "DistributionConfig.Origins",
        &[text("domain_name", "DomainName")],
    ),
    each(
        "default_cache_behavior.lambda_function_association",
        "DistributionConfig.DefaultCacheBehavior.LambdaFunctionAssociations",
        &[text("event_type", "EventType"), text("lambda_arn", "LambdaFunctionARN")],
    ),
    each(
        "ordered_cache_behavior",
        "DistributionConfig.CacheBehaviors",
        &[ASSOCIATIONS],
    ),
];
