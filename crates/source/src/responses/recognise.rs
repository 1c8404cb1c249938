//! Answers without the layout around them: which call they answer, by what they hold.

use super::answer::Call;
use super::layout::is_account;
use super::table;
use crate::site::Deployment;
use maremma_model::{Node, NodeValue};
use std::sync::Arc;

/// An operation, the keys that its answer has, and where an ARN in it says whose it is. What stands there instead is an
/// id, of a service whose answers do not say that.
struct Known(&'static str, &'static str, &'static str, &'static str);

const KNOWN: &[Known] = &[
    Known("lambda", "list-functions", "Functions", "Functions.*.FunctionArn"),
    Known(
        "lambda",
        "get-function",
        "Configuration Code",
        "Configuration.FunctionArn",
    ),
    Known(
        "lambda",
        "get-function-configuration",
        "FunctionArn FunctionName CodeSha256",
        "FunctionArn",
    ),
    Known(
        "lambda",
        "list-versions-by-function",
        "Versions",
        "Versions.*.FunctionArn",
    ),
    Known("lambda", "list-aliases", "Aliases", "Aliases.*.AliasArn"),
    Known("lambda", "get-policy", "Policy", "Policy"),
    Known(
        "lambda",
        "list-function-url-configs",
        "FunctionUrlConfigs",
        "FunctionUrlConfigs.*.FunctionArn",
    ),
    Known(
        "lambda",
        "get-function-url-config",
        "FunctionUrl FunctionArn AuthType",
        "FunctionArn",
    ),
    Known(
        "lambda",
        "list-event-source-mappings",
        "EventSourceMappings",
        "EventSourceMappings.*.FunctionArn",
    ),
    Known(
        "lambda",
        "list-function-event-invoke-configs",
        "FunctionEventInvokeConfigs",
        "FunctionEventInvokeConfigs.*.FunctionArn",
    ),
    Known(
        "lambda",
        "get-function-event-invoke-config",
        "FunctionArn LastModified DestinationConfig",
        "FunctionArn",
    ),
    Known(
        "lambda",
        "list-provisioned-concurrency-configs",
        "ProvisionedConcurrencyConfigs",
        "ProvisionedConcurrencyConfigs.*.FunctionArn",
    ),
    Known(
        "lambda",
        "get-runtime-management-config",
        "UpdateRuntimeOn FunctionArn",
        "FunctionArn",
    ),
    Known(
        "lambda",
        "list-code-signing-configs",
        "CodeSigningConfigs",
        "CodeSigningConfigs.*.CodeSigningConfigArn",
    ),
    Known(
        "lambda",
        "get-code-signing-config",
        "CodeSigningConfig",
        "CodeSigningConfig.CodeSigningConfigArn",
    ),
    Known("lambda", "list-layers", "Layers", "Layers.*.LayerArn"),
    Known(
        "lambda",
        "list-layer-versions",
        "LayerVersions",
        "LayerVersions.*.LayerVersionArn",
    ),
    Known(
        "lambda",
        "list-capacity-providers",
        "CapacityProviders",
        "CapacityProviders.*.CapacityProviderArn",
    ),
    Known(
        "iam",
        "get-account-authorization-details",
        "RoleDetailList",
        "RoleDetailList.*.Arn",
    ),
    Known("iam", "list-roles", "Roles", "Roles.*.Arn"),
    Known("iam", "get-role", "Role", "Role.Arn"),
    Known("ec2", "describe-vpcs", "Vpcs", "Vpcs.*.VpcId"),
    Known("ec2", "describe-subnets", "Subnets", "Subnets.*.SubnetArn"),
    Known(
        "ec2",
        "describe-security-groups",
        "SecurityGroups",
        "SecurityGroups.*.SecurityGroupArn",
    ),
    Known(
        "ec2",
        "describe-security-groups",
        "SecurityGroups",
        "SecurityGroups.*.GroupId",
    ),
    Known(
        "ec2",
        "describe-route-tables",
        "RouteTables",
        "RouteTables.*.RouteTableId",
    ),
    Known(
        "ec2",
        "describe-vpc-endpoints",
        "VpcEndpoints",
        "VpcEndpoints.*.VpcEndpointId",
    ),
    Known("ec2", "describe-flow-logs", "FlowLogs", "FlowLogs.*.FlowLogId"),
    Known("kms", "list-keys", "Keys", "Keys.*.KeyArn"),
    Known("kms", "describe-key", "KeyMetadata", "KeyMetadata.Arn"),
    Known("kms", "list-aliases", "Aliases", "Aliases.*.AliasArn"),
    Known("secretsmanager", "list-secrets", "SecretList", "SecretList.*.ARN"),
    Known("ssm", "describe-parameters", "Parameters", "Parameters.*.ARN"),
    Known("s3api", "list-buckets", "Buckets Owner", "Buckets.*.Name"),
    Known("sqs", "get-queue-attributes", "Attributes", "Attributes.QueueArn"),
    Known("sns", "get-topic-attributes", "Attributes", "Attributes.TopicArn"),
    Known("sns", "list-topics", "Topics", "Topics.*.TopicArn"),
    Known(
        "sns",
        "list-subscriptions",
        "Subscriptions",
        "Subscriptions.*.SubscriptionArn",
    ),
    Known("dynamodb", "describe-table", "Table", "Table.TableArn"),
    Known(
        "kinesis",
        "describe-stream-summary",
        "StreamDescriptionSummary",
        "StreamDescriptionSummary.StreamARN",
    ),
    Known("events", "list-rules", "Rules", "Rules.*.Arn"),
    Known("events", "list-event-buses", "EventBuses", "EventBuses.*.Arn"),
    Known("scheduler", "list-schedules", "Schedules", "Schedules.*.Arn"),
    Known("scheduler", "get-schedule", "Arn ScheduleExpression Target", "Arn"),
    Known("pipes", "list-pipes", "Pipes", "Pipes.*.Arn"),
    Known("pipes", "describe-pipe", "Arn Source Target DesiredState", "Arn"),
    Known(
        "stepfunctions",
        "list-state-machines",
        "stateMachines",
        "stateMachines.*.stateMachineArn",
    ),
    Known(
        "stepfunctions",
        "describe-state-machine",
        "stateMachineArn definition roleArn",
        "stateMachineArn",
    ),
    Known("logs", "describe-log-groups", "logGroups", "logGroups.*.arn"),
    Known("cloudtrail", "describe-trails", "trailList", "trailList.*.TrailARN"),
    Known("cloudtrail", "get-event-selectors", "TrailARN", "TrailARN"),
    Known(
        "elbv2",
        "describe-load-balancers",
        "LoadBalancers",
        "LoadBalancers.*.LoadBalancerArn",
    ),
    Known(
        "elbv2",
        "describe-target-groups",
        "TargetGroups",
        "TargetGroups.*.TargetGroupArn",
    ),
    Known("elbv2", "describe-listeners", "Listeners", "Listeners.*.ListenerArn"),
    Known(
        "ecr",
        "describe-repositories",
        "repositories",
        "repositories.*.repositoryArn",
    ),
    Known(
        "efs",
        "describe-file-systems",
        "FileSystems",
        "FileSystems.*.FileSystemArn",
    ),
    Known(
        "efs",
        "describe-access-points",
        "AccessPoints",
        "AccessPoints.*.AccessPointArn",
    ),
    Known(
        "cloudfront",
        "list-distributions",
        "DistributionList",
        "DistributionList.Items.*.ARN",
    ),
    Known("signer", "list-signing-profiles", "profiles", "profiles.*.arn"),
    Known("appsync", "list-graphql-apis", "graphqlApis", "graphqlApis.*.arn"),
    Known(
        "rds",
        "describe-db-instances",
        "DBInstances",
        "DBInstances.*.DBInstanceArn",
    ),
    Known("rds", "describe-db-clusters", "DBClusters", "DBClusters.*.DBClusterArn"),
];

/// Keys that stand beside the members of a list, or beside a policy.
const BESIDE: &[&str] = &[
    "NextToken",
    "nextToken",
    "NextMarker",
    "Marker",
    "IsTruncated",
    "Truncated",
    "RevisionId",
    "ResponseMetadata",
    "UserDetailList",
    "GroupDetailList",
    "Policies",
];

/// How ARNs call the service of an operation, where that is not its name.
const SERVICES: &[(&str, &str)] = &[
    ("stepfunctions", "states"),
    ("elbv2", "elasticloadbalancing"),
    ("efs", "elasticfilesystem"),
    ("s3api", "s3"),
];

/// Whether the first key of a text is one of an answer, and the text has what would name it.
pub(super) fn looks_like_answer(text: &str) -> bool {
    let first = text.trim_start().strip_prefix('{').map(str::trim_start);
    let key = first
        .and_then(|rest| rest.strip_prefix('"'))
        .and_then(|rest| Some(rest.split_once('"')?.0));
    let has = |at: &str| text.contains(&format!("\"{}\"", at.rsplit('.').next().unwrap_or(at)));
    let is_known = |key: &str| {
        let mut candidates = KNOWN.iter().filter(|Known(_, _, keys, at)| {
            let mut own = keys.split(' ').chain(at.split('.')).chain(BESIDE.iter().copied());
            own.any(|known| known == key)
        });
        candidates.any(|Known(_, _, _, at)| has(at))
    };
    key.is_some_and(is_known)
}

pub(super) fn is_answer(root: &Node) -> bool {
    known(root).is_some()
}

/// The call that an answer says that it answers.
///
/// # Errors
/// What is not known of it, and what to do.
pub(super) fn call(root: &Node, deployment: &Deployment) -> Result<Call, String> {
    let Some((Known(service, name, ..), naming)) = known(root) else {
        return Err("what the answer is about cannot be known".to_owned());
    };
    let Some(operation) = table::find(service, name) else {
        return Err(format!("{service} {name} is not read"));
    };
    let given = |own: Option<&str>, given: &Option<String>| own.or(given.as_deref()).map(Arc::<str>::from);
    let account = given(
        segment(naming, 4).filter(|account| is_account(account)),
        &deployment.account,
    );
    let region = match operation.is_global() {
        true => None,
        false => given(
            segment(naming, 3).filter(|region| !region.is_empty()),
            &deployment.region,
        ),
    };
    match (account, region) {
        (Some(account), region) if region.is_some() || operation.is_global() => Ok(Call {
            account,
            region,
            operation,
            arguments: Vec::new(),
            page: 0,
        }),
        _ => Err(format!(
            "the answer of {service} {name} does not say whose it is: keep it as \
             <account>/<region>/{service}/{name}.json, or give --account and --region"
        )),
    }
}

/// What an answer is of, and the text in it that says whose it is.
fn known(root: &Node) -> Option<(&'static Known, &str)> {
    KNOWN.iter().find_map(|known| {
        let Known(service, _, keys, at) = known;
        let here = keys.split(' ').all(|key| root.get(key).is_some());
        let is_list = at.contains('*') || *at == "Policy";
        let alone = root
            .entries()
            .iter()
            .all(|entry| keys.split(' ').any(|key| key == &*entry.key) || BESIDE.contains(&&*entry.key));
        if !here || is_list && !alone {
            return None;
        }
        let found = text_at(root, at)?;
        let naming = match *at {
            "Policy" => named_in_policy(found)?,
            _ => found,
        };
        let wanted = SERVICES.iter().find(|(own, _)| own == service);
        let wanted = wanted.map_or(*service, |(_, arn)| *arn);
        // An id is no ARN, and says nothing of the service: the keys alone do.
        let fits = match naming.starts_with("arn:") {
            true => segment(naming, 2) == Some(wanted),
            false => !at.to_ascii_lowercase().ends_with("arn") && *at != "Policy",
        };
        fits.then_some((known, naming))
    })
}

/// The function that a policy is for, by the first of its statements.
fn named_in_policy(text: &str) -> Option<&str> {
    let (_, after) = text.split_once("\"Resource\":")?;
    let (_, after) = after.split_once('"')?;
    after.split_once('"').map(|(resource, _)| resource)
}

fn text_at<'n>(root: &'n Node, path: &str) -> Option<&'n str> {
    let mut found = root;
    for key in path.split('.') {
        found = match (key, &found.value) {
            ("*", NodeValue::Seq(items)) => items.first()?,
            ("*", _) => return None,
            (key, _) => found.get(key)?,
        };
    }
    found.as_str()
}

fn segment(arn: &str, at: usize) -> Option<&str> {
    arn.starts_with("arn:").then(|| arn.split(':').nth(at))?
}
