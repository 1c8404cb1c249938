//! The ARN of a resource by its kind and name.

use maremma_model::{Piece, Text, Why};

/// How the ARN of a kind is made. Source: AWS service authorization reference.
struct Shape {
    service: &'static str,
    before: &'static str,
    after: &'static str,
    /// Whether region and account stand in it.
    regional: bool,
    account: bool,
}

const fn shape(service: &'static str, before: &'static str, regional: bool, account: bool) -> Shape {
    Shape {
        service,
        before,
        after: "",
        regional,
        account,
    }
}

fn shape_of(kind: &str) -> Option<Shape> {
    Some(match kind {
        "AWS::Lambda::Function" => shape("lambda", "function:", true, true),
        "AWS::Lambda::LayerVersion" => Shape {
            after: ":*",
            ..shape("lambda", "layer:", true, true)
        },
        "AWS::IAM::Role" => shape("iam", "role/", false, true),
        "AWS::IAM::User" => shape("iam", "user/", false, true),
        "AWS::IAM::Group" => shape("iam", "group/", false, true),
        "AWS::IAM::ManagedPolicy" => shape("iam", "policy/", false, true),
        "AWS::S3::Bucket" => shape("s3", "", false, false),
        "AWS::SQS::Queue" => shape("sqs", "", true, true),
        "AWS::SNS::Topic" => shape("sns", "", true, true),
        "AWS::DynamoDB::Table" | "AWS::DynamoDB::GlobalTable" => shape("dynamodb", "table/", true, true),
        "AWS::Kinesis::Stream" => shape("kinesis", "stream/", true, true),
        "AWS::Events::EventBus" => shape("events", "event-bus/", true, true),
        "AWS::Logs::LogGroup" => Shape {
            after: ":*",
            ..shape("logs", "log-group:", true, true)
        },
        "AWS::StepFunctions::StateMachine" => shape("states", "stateMachine:", true, true),
        "AWS::ECR::Repository" => shape("ecr", "repository/", true, true),
        "AWS::CloudTrail::Trail" => shape("cloudtrail", "trail/", true, true),
        _ => return None,
    })
}

/// The ARN of a resource of `kind` called `name`, with holes for account and region where they are
/// not given. Kinds whose ARN holds an id of AWS's making have an attribute of themselves.
pub(crate) fn arn(kind: &str, name: &Text, account: Option<&str>, region: Option<&str>) -> Option<Text> {
    let shape = shape_of(kind)?;
    let known = |value: Option<&str>, pseudo: &str| match value {
        Some(text) => Text::literal(text),
        None => Text::hole(Why::Pseudo(pseudo.into())),
    };
    let empty = Text::literal("");
    let partition = match region {
        Some(region) if region.starts_with("cn-") => Text::literal("aws-cn"),
        Some(region) if region.starts_with("us-gov-") => Text::literal("aws-us-gov"),
        Some(_) => Text::literal("aws"),
        None => Text::hole(Why::Pseudo("AWS::Partition".into())),
    };
    let region = if shape.regional {
        known(region, "AWS::Region")
    } else {
        empty.clone()
    };
    let account = if shape.account {
        known(account, "AWS::AccountId")
    } else {
        empty
    };
    let literal = |text: &str| [Piece::Literal(text.into())];
    Some(Text::from_pieces(
        literal("arn:")
            .into_iter()
            .chain(partition.pieces())
            .chain(literal(&format!(":{}:", shape.service)))
            .chain(region.pieces())
            .chain(literal(":"))
            .chain(account.pieces())
            .chain(literal(&format!(":{}", shape.before)))
            .chain(name.pieces())
            .chain(literal(shape.after)),
    ))
}
