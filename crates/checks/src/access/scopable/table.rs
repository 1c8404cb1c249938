//! Rights over data and control that can be given for named resources: the table.

/// Rights over one kind of resource.
pub(super) struct Group {
    /// The service in the ARNs of the resources, and what stands behind its account.
    pub(super) service: &'static str,
    pub(super) resource: &'static str,
    /// One of the resources, in words.
    pub(super) what: &'static str,
    /// Whoever has the rights gets the rights of others.
    pub(super) takes_over: bool,
    pub(super) actions: &'static [&'static str],
}

impl Group {
    /// The ARN of one of the resources, as a template writes it.
    pub(super) fn arn(&self) -> String {
        let (scope, name) = match (self.service, self.resource) {
            ("s3", "*/*") => (":", "NAME/*".to_owned()),
            ("s3" | "route53", resource) => (":", resource.replacen('*', "NAME", 1)),
            ("iam", resource) => (":${AWS::AccountId}", resource.replacen('*', "NAME", 1)),
            ("execute-api", _) => ("${AWS::Region}:${AWS::AccountId}", "NAME/*".to_owned()),
            ("logs", _) => ("${AWS::Region}:${AWS::AccountId}", "log-group:NAME:*".to_owned()),
            (_, resource) => ("${AWS::Region}:${AWS::AccountId}", resource.replacen('*', "NAME", 1)),
        };
        format!("arn:${{AWS::Partition}}:{}:{scope}:{name}", self.service)
    }
}

const fn over(
    service: &'static str,
    resource: &'static str,
    what: &'static str,
    actions: &'static [&'static str],
) -> Group {
    Group {
        service,
        resource,
        what,
        takes_over: false,
        actions,
    }
}

const fn control(
    service: &'static str,
    resource: &'static str,
    what: &'static str,
    actions: &'static [&'static str],
) -> Group {
    Group {
        takes_over: true,
        ..over(service, resource, what, actions)
    }
}

/// Rights that read or change data, send on somebody's behalf, or run and change what others rely on,
/// and that AWS lets one give for named resources. What lists, describes or only writes logs and measures is not
/// here, nor what takes `*` alone. `sns:Publish` is left out because a text message to a telephone
/// number takes only `*`, and `iam:PassRole` because `role-passrole-wildcard` judges it.
/// Source: Service Authorization Reference, "Actions defined by" and "Resource types" of each service.
pub(super) const GROUPS: &[Group] = &[
    over("appsync", "apis/*", "GraphQL API", &["appsync:GraphQL"]),
    over(
        "cloudformation",
        "stack/*",
        "stack",
        &[
            "cloudformation:CreateStack",
            "cloudformation:DeleteStack",
            "cloudformation:UpdateStack",
        ],
    ),
    over("codebuild", "project/*", "build project", &["codebuild:StartBuild"]),
    over(
        "codecommit",
        "*",
        "code repository",
        &["codecommit:GitPull", "codecommit:GitPush"],
    ),
    over(
        "codepipeline",
        "*",
        "pipeline",
        &["codepipeline:StartPipelineExecution"],
    ),
    over(
        "cognito-idp",
        "userpool/*",
        "user pool",
        &[
            "cognito-idp:AdminAddUserToGroup",
            "cognito-idp:AdminCreateUser",
            "cognito-idp:AdminDeleteUser",
            "cognito-idp:AdminGetUser",
            "cognito-idp:AdminInitiateAuth",
            "cognito-idp:AdminSetUserPassword",
            "cognito-idp:AdminUpdateUserAttributes",
            "cognito-idp:ListUsers",
        ],
    ),
    over(
        "dynamodb",
        "table/*",
        "table",
        &[
            "dynamodb:BatchGetItem",
            "dynamodb:BatchWriteItem",
            "dynamodb:DeleteItem",
            "dynamodb:DeleteTable",
            "dynamodb:GetItem",
            "dynamodb:GetRecords",
            "dynamodb:PartiQLDelete",
            "dynamodb:PartiQLInsert",
            "dynamodb:PartiQLSelect",
            "dynamodb:PartiQLUpdate",
            "dynamodb:PutItem",
            "dynamodb:Query",
            "dynamodb:Scan",
            "dynamodb:UpdateItem",
            "dynamodb:UpdateTable",
        ],
    ),
    over(
        "ec2",
        "instance/*",
        "instance",
        &[
            "ec2:ModifyInstanceAttribute",
            "ec2:RebootInstances",
            "ec2:StartInstances",
            "ec2:StopInstances",
            "ec2:TerminateInstances",
        ],
    ),
    control(
        "ec2",
        "instance/*",
        "instance",
        &["ssm:SendCommand", "ssm:StartSession"],
    ),
    over(
        "ec2",
        "security-group/*",
        "security group",
        &["ec2:AuthorizeSecurityGroupIngress"],
    ),
    over(
        "ec2",
        "snapshot/*",
        "snapshot",
        &["ec2:DeleteSnapshot", "ec2:ModifySnapshotAttribute"],
    ),
    over(
        "ecr",
        "repository/*",
        "image repository",
        &[
            "ecr:BatchDeleteImage",
            "ecr:BatchGetImage",
            "ecr:GetDownloadUrlForLayer",
            "ecr:PutImage",
            "ecr:SetRepositoryPolicy",
        ],
    ),
    over("ecs", "service/*", "container service", &["ecs:UpdateService"]),
    over("ecs", "task-definition/*", "task definition", &["ecs:RunTask"]),
    over("ecs", "task/*", "task", &["ecs:ExecuteCommand", "ecs:StopTask"]),
    over(
        "es",
        "domain/*",
        "search domain",
        &["es:ESHttpDelete", "es:ESHttpGet", "es:ESHttpPost", "es:ESHttpPut"],
    ),
    over("events", "event-bus/*", "event bus", &["events:PutEvents"]),
    over(
        "events",
        "rule/*",
        "rule",
        &["events:DeleteRule", "events:PutRule", "events:PutTargets"],
    ),
    over(
        "execute-api",
        "*",
        "API",
        &["execute-api:Invoke", "execute-api:ManageConnections"],
    ),
    over(
        "firehose",
        "deliverystream/*",
        "delivery stream",
        &["firehose:PutRecord", "firehose:PutRecordBatch"],
    ),
    control(
        "iam",
        "group/*",
        "group",
        &["iam:AddUserToGroup", "iam:AttachGroupPolicy", "iam:PutGroupPolicy"],
    ),
    control(
        "iam",
        "policy/*",
        "policy",
        &["iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion"],
    ),
    control(
        "iam",
        "role/*",
        "role",
        &[
            "iam:AttachRolePolicy",
            "iam:CreateRole",
            "iam:DeleteRolePermissionsBoundary",
            "iam:PutRolePolicy",
            "iam:UpdateAssumeRolePolicy",
            "sts:AssumeRole",
        ],
    ),
    control(
        "iam",
        "user/*",
        "user",
        &[
            "iam:AttachUserPolicy",
            "iam:CreateAccessKey",
            "iam:CreateLoginProfile",
            "iam:PutUserPolicy",
            "iam:UpdateLoginProfile",
        ],
    ),
    over("iot", "topic/*", "IoT topic", &["iot:Publish"]),
    over(
        "kinesis",
        "stream/*",
        "stream",
        &[
            "kinesis:DeleteStream",
            "kinesis:GetRecords",
            "kinesis:PutRecord",
            "kinesis:PutRecords",
        ],
    ),
    over(
        "kms",
        "key/*",
        "key",
        &[
            "kms:CreateGrant",
            "kms:Decrypt",
            "kms:DisableKey",
            "kms:PutKeyPolicy",
            "kms:ReEncryptFrom",
            "kms:ScheduleKeyDeletion",
        ],
    ),
    over(
        "lambda",
        "function:*",
        "function",
        &[
            "lambda:DeleteFunction",
            "lambda:InvokeFunction",
            "lambda:InvokeFunctionUrl",
        ],
    ),
    control(
        "lambda",
        "function:*",
        "function",
        &[
            "lambda:AddPermission",
            "lambda:UpdateFunctionCode",
            "lambda:UpdateFunctionConfiguration",
        ],
    ),
    over(
        "logs",
        "log-group:*",
        "log group",
        &[
            "logs:DeleteLogGroup",
            "logs:DeleteLogStream",
            "logs:FilterLogEvents",
            "logs:GetLogEvents",
            "logs:PutSubscriptionFilter",
            "logs:StartQuery",
        ],
    ),
    over(
        "rds",
        "cluster:*",
        "database cluster",
        &[
            "rds-data:BatchExecuteStatement",
            "rds-data:ExecuteStatement",
            "rds:DeleteDBCluster",
            "rds:ModifyDBCluster",
        ],
    ),
    over(
        "rds",
        "db:*",
        "database",
        &["rds:DeleteDBInstance", "rds:ModifyDBInstance"],
    ),
    over(
        "rds",
        "snapshot:*",
        "database snapshot",
        &["rds:ModifyDBSnapshotAttribute"],
    ),
    over("rds-db", "dbuser:*", "database user", &["rds-db:connect"]),
    over(
        "route53",
        "hostedzone/*",
        "hosted zone",
        &["route53:ChangeResourceRecordSets"],
    ),
    over(
        "s3",
        "*",
        "bucket",
        &[
            "s3:DeleteBucket",
            "s3:DeleteBucketPolicy",
            "s3:PutBucketAcl",
            "s3:PutBucketPolicy",
            "s3:PutBucketPublicAccessBlock",
        ],
    ),
    over(
        "s3",
        "*/*",
        "bucket",
        &[
            "s3:DeleteObject",
            "s3:DeleteObjectVersion",
            "s3:GetObject",
            "s3:GetObjectVersion",
            "s3:PutObject",
            "s3:PutObjectAcl",
        ],
    ),
    over(
        "secretsmanager",
        "secret:*",
        "secret",
        &[
            "secretsmanager:DeleteSecret",
            "secretsmanager:GetSecretValue",
            "secretsmanager:PutResourcePolicy",
            "secretsmanager:PutSecretValue",
            "secretsmanager:UpdateSecret",
        ],
    ),
    over(
        "ses",
        "identity/*",
        "mail identity",
        &["ses:SendEmail", "ses:SendRawEmail"],
    ),
    over(
        "sns",
        "*",
        "topic",
        &[
            "sns:AddPermission",
            "sns:DeleteTopic",
            "sns:SetTopicAttributes",
            "sns:Subscribe",
        ],
    ),
    over(
        "sqs",
        "*",
        "queue",
        &[
            "sqs:AddPermission",
            "sqs:DeleteMessage",
            "sqs:DeleteQueue",
            "sqs:PurgeQueue",
            "sqs:ReceiveMessage",
            "sqs:SendMessage",
            "sqs:SetQueueAttributes",
        ],
    ),
    over(
        "ssm",
        "parameter/*",
        "parameter",
        &[
            "ssm:DeleteParameter",
            "ssm:DeleteParameters",
            "ssm:GetParameter",
            "ssm:GetParameterHistory",
            "ssm:GetParameters",
            "ssm:GetParametersByPath",
            "ssm:PutParameter",
        ],
    ),
    over(
        "states",
        "stateMachine:*",
        "state machine",
        &[
            "states:StartExecution",
            "states:StartSyncExecution",
            "states:UpdateStateMachine",
        ],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_right_stands_once_and_has_a_service() {
        let all: Vec<_> = GROUPS.iter().flat_map(|group| group.actions).collect();
        let distinct: std::collections::BTreeSet<_> = all.iter().collect();
        assert_eq!(all.len(), distinct.len());
        assert!(
            all.iter()
                .all(|action| action.split_once(':').is_some_and(|(_, name)| !name.contains('*')))
        );
    }

    #[test]
    fn one_resource_is_named_as_its_service_does() {
        let arn = |service, resource| over(service, resource, "", &[]).arn();
        assert_eq!(arn("s3", "*/*"), "arn:${AWS::Partition}:s3:::NAME/*");
        assert_eq!(
            arn("iam", "role/*"),
            "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/NAME"
        );
        assert_eq!(
            arn("sqs", "*"),
            "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:NAME"
        );
    }
}
