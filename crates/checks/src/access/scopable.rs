//! Rights over data and control that can be given for named resources, and how a statement gives them for all.

use crate::access::role::{Case, Effect};
use maremma_iam::{On, Question, Selection, Statement};
use maremma_model::{Location, Why};

/// Rights over one kind of resource.
struct Group {
    /// The service in the ARNs of the resources, and what stands behind its account.
    service: &'static str,
    resource: &'static str,
    /// One of the resources, in words.
    what: &'static str,
    /// Whoever has the rights gets the rights of others.
    takes_over: bool,
    actions: &'static [&'static str],
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
const GROUPS: &[Group] = &[
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

/// What a statement gives for every resource of a kind.
#[derive(Debug)]
pub(crate) struct Unscoped<'s> {
    /// The items of `Action` that give it, as written.
    actions: Vec<String>,
    /// The kinds of resources, in words.
    kinds: Vec<&'static str>,
    pub(crate) takes_over: bool,
    /// The item of `Resource` that is to blame.
    pub(crate) at: &'s Location,
    /// Set where nothing of it is granted for sure.
    pub(crate) doubt: Option<(String, Option<Why>)>,
}

impl<'s> Unscoped<'s> {
    /// The rights of the table that the statement gives for every resource. Those of a service of which
    /// it gives all rights are left to `role-wildcard-action`, and what `NotAction` and `NotResource`
    /// leave to `role-notaction`.
    pub(crate) fn by(case: &Case<'_, '_>, statement: &'s Statement) -> Option<Self> {
        let resources = statement.resources.as_ref().filter(|resources| !resources.negated)?;
        if statement.actions.negated {
            return None;
        }
        let mut sure = Gathered::default();
        let mut maybe = Gathered::default();
        for group in GROUPS {
            let mut actions = group
                .actions
                .iter()
                .filter(|action| covers(statement, action))
                .peekable();
            if actions.peek().is_none() || !statement.covers_every(group.service, group.resource).is_yes() {
                continue;
            }
            for action in actions {
                let question = Question {
                    actions: action,
                    on: On::Every {
                        service: group.service,
                        resource: group.resource,
                    },
                };
                match case.effect(statement, &question) {
                    Effect::Full | Effect::Confined(_) => sure.add(action, group, None),
                    Effect::Unknown { doubt, why } => maybe.add(action, group, Some((doubt, why))),
                    Effect::Partial | Effect::Nothing => {}
                }
            }
        }
        let found = if sure.groups.is_empty() { maybe } else { sure };
        let first = found.groups.first()?;
        let mut kinds: Vec<_> = found.groups.iter().map(|group| group.what).collect();
        kinds.dedup();
        Some(Unscoped {
            actions: written(&statement.actions, &found.actions),
            kinds,
            takes_over: found.groups.iter().any(|group| group.takes_over),
            at: item(statement, resources, first),
            doubt: found.doubt,
        })
    }

    /// `dynamodb:GetItem, s3:Get*`.
    pub(crate) fn actions(&self) -> String {
        few(&self.actions, "")
    }

    /// `every table and every bucket of the account`.
    pub(crate) fn reach(&self) -> String {
        let kinds: Vec<_> = self.kinds.iter().map(|kind| (*kind).to_owned()).collect();
        format!("{} of the account", few(&kinds, "every "))
    }
}

#[derive(Default)]
struct Gathered {
    actions: Vec<&'static str>,
    groups: Vec<&'static Group>,
    doubt: Option<(String, Option<Why>)>,
}

impl Gathered {
    fn add(&mut self, action: &'static str, group: &'static Group, doubt: Option<(String, Option<Why>)>) {
        self.actions.push(action);
        if !self.groups.last().is_some_and(|last| std::ptr::eq(*last, group)) {
            self.groups.push(group);
        }
        self.doubt = self.doubt.take().or(doubt);
    }
}

/// Whether the statement names the action, and not with all others of its service.
fn covers(statement: &Statement, action: &str) -> bool {
    let service = action.split(':').next().unwrap_or_default();
    statement.covers_action(action).is_yes() && !statement.covers_actions(&format!("{service}:*")).is_yes()
}

/// The items as they are written that cover one of the actions.
fn written(selection: &Selection, actions: &[&str]) -> Vec<String> {
    let covering = selection.items.iter().filter(|item| {
        let alone = Selection {
            negated: false,
            items: vec![(*item).clone()],
            at: selection.at.clone(),
        };
        actions.iter().any(|action| alone.covers_action(action).is_yes())
    });
    covering.map(|item| item.text.to_string()).collect()
}

/// The place of the item that covers every resource of the group.
fn item<'s>(statement: &Statement, resources: &'s Selection, group: &Group) -> &'s Location {
    let covers = |selection: Selection| {
        let alone = Statement {
            resources: Some(selection),
            ..statement.clone()
        };
        alone.covers_every(group.service, group.resource).is_yes()
    };
    let guilty = resources.items.iter().find(|item| {
        covers(Selection {
            negated: false,
            items: vec![(*item).clone()],
            at: resources.at.clone(),
        })
    });
    guilty.map_or(&resources.at, |item| &item.at)
}

fn few(words: &[String], before: &str) -> String {
    const SHOWN: usize = 3;
    let shown: Vec<_> = words.iter().take(SHOWN).map(|word| format!("{before}{word}")).collect();
    match (shown.split_last(), words.len().checked_sub(SHOWN)) {
        (_, Some(more)) if more > 0 => format!("{} and {more} more", shown.join(", ")),
        (Some((last, [])), _) => last.clone(),
        (Some((last, rest)), _) => format!("{} and {last}", rest.join(", ")),
        (None, _) => String::new(),
    }
}

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
    fn many_are_counted() {
        let words = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(few(&words(&["a"]), "every "), "every a");
        assert_eq!(few(&words(&["a", "b"]), "every "), "every a and every b");
        assert_eq!(few(&words(&["a", "b", "c", "d"]), ""), "a, b, c and 1 more");
    }
}
