//! What a reference to an attribute of a resource stands for.

use maremma_model::{AnyId, Piece, Text, Why};

/// Terraform's names of attributes by type, and what their values are: `{Arn}` is CloudFormation's attribute
/// of the resource, `{partition}`, `{region}` and `{account}` are those of the deployment.
/// Sources: the pages of the provider `hashicorp/aws`, "Attribute Reference"; AWS CloudFormation template
/// reference, "Return values" of each type.
const ATTRIBUTES: &[(&str, &[(&str, &str)])] = &[
    (
        "aws_lambda_function",
        &[
            ("arn", "{Arn}"),
            ("id", "{Ref}"),
            ("function_name", "{Ref}"),
            ("version", "{Version}"),
            ("qualified_arn", "{Arn}:{Version}"),
            ("invoke_arn", "{invocation of}{Arn}/invocations"),
            ("qualified_invoke_arn", "{invocation of}{Arn}:{Version}/invocations"),
        ],
    ),
    (
        "aws_lambda_alias",
        &[
            ("arn", "{Ref}"),
            ("id", "{Ref}"),
            ("name", "{Name}"),
            ("invoke_arn", "{invocation of}{Ref}/invocations"),
        ],
    ),
    (
        "aws_lambda_layer_version",
        // The ARN of a layer without its version is another value than that of the version.
        &[
            ("arn", "{Ref}"),
            ("id", "{Ref}"),
            ("layer_arn", "{LayerArn}"),
            ("layer_name", "{LayerName}"),
        ],
    ),
    (
        "aws_lambda_function_url",
        &[("id", "{FunctionArn}"), ("function_url", "{FunctionUrl}")],
    ),
    ("aws_lambda_code_signing_config", &[("arn", "{Ref}"), ("id", "{Ref}")]),
    ("aws_lambda_capacity_provider", &[("arn", "{Arn}"), ("name", "{Ref}")]),
    (
        "aws_signer_signing_profile",
        &[
            ("arn", "{Arn}"),
            ("version_arn", "{ProfileVersionArn}"),
            ("version", "{ProfileVersion}"),
        ],
    ),
    (
        "aws_iam_role",
        &[("id", "{Ref}"), ("name", "{Ref}"), ("unique_id", "{RoleId}")],
    ),
    (
        "aws_iam_user",
        &[("id", "{Ref}"), ("name", "{Ref}"), ("unique_id", "{UserId}")],
    ),
    (
        "aws_iam_group",
        &[("id", "{Ref}"), ("name", "{Ref}"), ("unique_id", "{GroupId}")],
    ),
    (
        "aws_iam_policy",
        &[("arn", "{Ref}"), ("id", "{Ref}"), ("name", "{PolicyName}")],
    ),
    (
        "aws_iam_access_key",
        &[("id", "{Ref}"), ("secret", "{SecretAccessKey}")],
    ),
    (
        "aws_api_gateway_rest_api",
        &[
            ("id", "{Ref}"),
            ("root_resource_id", "{RootResourceId}"),
            ("arn", "arn:{partition}:apigateway:{region}::/restapis/{Ref}"),
            ("execution_arn", "arn:{partition}:execute-api:{region}:{account}:{Ref}"),
        ],
    ),
    ("aws_api_gateway_resource", &[("id", "{Ref}"), ("path", "{Path}")]),
    (
        "aws_api_gateway_stage",
        &[
            ("id", "{Ref}"),
            ("stage_name", "{Ref}"),
            ("arn", "{Arn}"),
            ("invoke_url", "{InvokeUrl}"),
        ],
    ),
    (
        "aws_api_gateway_deployment",
        &[("id", "{DeploymentId}"), ("invoke_url", "{InvokeUrl}")],
    ),
    ("aws_api_gateway_authorizer", &[("id", "{AuthorizerId}")]),
    (
        "aws_api_gateway_domain_name",
        &[("id", "{Ref}"), ("domain_name", "{Ref}")],
    ),
    (
        "aws_apigatewayv2_api",
        &[
            ("id", "{Ref}"),
            ("api_endpoint", "{ApiEndpoint}"),
            ("arn", "arn:{partition}:apigateway:{region}::/apis/{Ref}"),
            ("execution_arn", "arn:{partition}:execute-api:{region}:{account}:{Ref}"),
        ],
    ),
    ("aws_apigatewayv2_authorizer", &[("id", "{AuthorizerId}")]),
    (
        "aws_apigatewayv2_stage",
        &[("id", "{Ref}"), ("name", "{Ref}"), ("arn", "{Arn}")],
    ),
    (
        "aws_apigatewayv2_domain_name",
        &[("id", "{Ref}"), ("domain_name", "{Ref}")],
    ),
    (
        "aws_s3_bucket",
        &[
            ("id", "{Ref}"),
            ("bucket", "{Ref}"),
            ("bucket_domain_name", "{DomainName}"),
        ],
    ),
    (
        "aws_sqs_queue",
        &[("id", "{Ref}"), ("url", "{Ref}"), ("name", "{QueueName}")],
    ),
    (
        "aws_sns_topic",
        &[("arn", "{Ref}"), ("id", "{Ref}"), ("name", "{TopicName}")],
    ),
    (
        "aws_dynamodb_table",
        &[
            ("id", "{Ref}"),
            ("name", "{Ref}"),
            ("arn", "{Arn}"),
            ("stream_arn", "{StreamArn}"),
        ],
    ),
    ("aws_kinesis_stream", &[("id", "{Arn}"), ("name", "{Ref}")]),
    (
        "aws_kinesis_firehose_delivery_stream",
        &[("id", "{Arn}"), ("name", "{Ref}")],
    ),
    // Without the `:*` that CloudFormation's attribute ends in.
    (
        "aws_cloudwatch_log_group",
        &[
            ("id", "{Ref}"),
            ("name", "{Ref}"),
            ("arn", "arn:{partition}:logs:{region}:{account}:log-group:{Ref}"),
        ],
    ),
    ("aws_cloudwatch_event_bus", &[("id", "{Ref}"), ("name", "{Ref}")]),
    ("aws_cloudwatch_event_rule", &[("id", "{Ref}"), ("name", "{Ref}")]),
    (
        "aws_sfn_state_machine",
        &[("arn", "{Ref}"), ("id", "{Ref}"), ("name", "{Name}")],
    ),
    (
        "aws_secretsmanager_secret",
        &[("arn", "{Ref}"), ("id", "{Ref}"), ("name", "{Name}")],
    ),
    (
        "aws_secretsmanager_secret_version",
        &[("arn", "{Arn}"), ("secret_string", "{SecretString}")],
    ),
    ("aws_kms_key", KEY),
    ("aws_kms_external_key", KEY),
    ("aws_kms_replica_key", KEY),
    (
        "aws_kms_alias",
        &[
            ("id", "{Ref}"),
            ("name", "{Ref}"),
            ("arn", "{Arn}"),
            ("target_key_arn", "{TargetKeyArn}"),
        ],
    ),
    (
        "aws_ssm_parameter",
        &[
            ("id", "{Ref}"),
            ("name", "{Ref}"),
            ("arn", "arn:{partition}:ssm:{region}:{account}:parameter/{Ref}"),
        ],
    ),
    (
        "aws_ecr_repository",
        &[
            ("id", "{Ref}"),
            ("name", "{Ref}"),
            ("repository_url", "{RepositoryUri}"),
        ],
    ),
    ("aws_efs_file_system", &[("id", "{Ref}"), ("dns_name", "{DnsName}")]),
    ("aws_efs_access_point", &[("id", "{Ref}"), ("arn", "{Arn}")]),
    (
        "aws_lb",
        &[("arn", "{Ref}"), ("id", "{Ref}"), ("dns_name", "{DNSName}")],
    ),
    (
        "aws_alb",
        &[("arn", "{Ref}"), ("id", "{Ref}"), ("dns_name", "{DNSName}")],
    ),
    (
        "aws_cognito_user_pool",
        &[("id", "{Ref}"), ("arn", "{Arn}"), ("endpoint", "{ProviderName}")],
    ),
    (
        "aws_cognito_user_pool_client",
        &[("id", "{Ref}"), ("client_secret", "{ClientSecret}")],
    ),
    ("aws_appsync_graphql_api", &[("id", "{ApiId}"), ("arn", "{Arn}")]),
    ("aws_security_group", GROUP),
    ("aws_default_security_group", GROUP),
    ("aws_vpc", VPC),
    ("aws_default_vpc", VPC),
    ("aws_subnet", &[("id", "{Ref}"), ("vpc_id", "{VpcId}")]),
    ("aws_vpc_endpoint", &[("id", "{Ref}"), ("dns_entry", "{DnsEntries}")]),
];

const KEY: &[(&str, &str)] = &[("id", "{Ref}"), ("key_id", "{Ref}"), ("arn", "{Arn}")];
const GROUP: &[(&str, &str)] = &[("id", "{GroupId}"), ("vpc_id", "{VpcId}"), ("name", "{GroupName}")];
const VPC: &[(&str, &str)] = &[
    ("id", "{Ref}"),
    ("cidr_block", "{CidrBlock}"),
    ("default_security_group_id", "{DefaultSecurityGroup}"),
    ("default_route_table_id", "{DefaultRouteTable}"),
    ("main_route_table_id", "{DefaultRouteTable}"),
];

/// What API Gateway calls a function by.
const INVOCATION: &str = "arn:{partition}:apigateway:{region}:lambda:path/2015-03-31/functions/";

/// The text that a reference to an attribute of an instance stands for, where the configuration does not
/// decide its value. Attributes that no table knows are called as CloudFormation would: `Arn`, `Ref` for
/// `id`, `KeyId` for `key_id`.
pub(crate) fn attribute(ty: &str, name: &str, of: AnyId, address: &str) -> Text {
    let known = ATTRIBUTES.iter().find(|(known, _)| *known == ty);
    let value = known.and_then(|(_, attributes)| attributes.iter().find(|(known, _)| *known == name));
    let words = format!("{address}.{name}");
    match value {
        Some((_, value)) => filled(&value.replace("{invocation of}", INVOCATION), of, &words),
        None if name == "id" => Text::attribute(of, "Ref", words),
        None => Text::attribute(of, &pascal(name), words),
    }
}

/// How Terraform calls an attribute of CloudFormation, where a fix refers to it.
pub(super) fn written(ty: &str, attribute: &str) -> String {
    let known = ATTRIBUTES.iter().find(|(known, _)| *known == ty);
    let whole = |value: &str| value.strip_prefix('{').and_then(|value| value.strip_suffix('}')) == Some(attribute);
    let named = known.and_then(|(_, attributes)| attributes.iter().find(|(_, value)| whole(value)));
    match named {
        Some((name, _)) => (*name).to_owned(),
        None if attribute == "Ref" => "id".to_owned(),
        None => super::snippet::snake(attribute),
    }
}

fn filled(value: &str, of: AnyId, words: &str) -> Text {
    let mut pieces = Vec::new();
    let mut rest = value;
    while let Some((before, (name, after))) = rest
        .split_once('{')
        .and_then(|(before, after)| Some((before, after.split_once('}')?)))
    {
        pieces.push(Piece::Literal(before.into()));
        let hole = match name {
            "partition" => Text::hole(Why::Pseudo("AWS::Partition".into())),
            "region" => Text::hole(Why::Pseudo("AWS::Region".into())),
            "account" => Text::hole(Why::Pseudo("AWS::AccountId".into())),
            name => Text::attribute(of, name, words),
        };
        pieces.extend(hole.pieces());
        rest = after;
    }
    pieces.push(Piece::Literal(rest.into()));
    Text::from_pieces(pieces)
}

/// `key_id` as CloudFormation writes names: `KeyId`; of a path, `certificate_authority[0].data`, each step.
fn pascal(path: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        letters
            .next()
            .map(|first| first.to_uppercase().chain(letters).collect::<String>())
            .unwrap_or_default()
    };
    let step = |step: &str| step.split('_').map(word).collect::<String>();
    path.split('.').map(step).collect::<Vec<_>>().join(".")
}
