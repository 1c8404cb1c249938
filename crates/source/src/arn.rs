//! The name and the ARN of a resource by its kind.

use maremma_model::{AnyId, Piece, Text, Why};

/// How the ARN of a kind is made.
struct Shape {
    service: &'static str,
    before: &'static str,
    after: &'static str,
    /// Whether region and account stand in it.
    regional: bool,
    account: bool,
    /// The attribute that is the name, where the resource is not given one.
    name: &'static str,
}

/// A regional ARN of an account, of a resource whose `Ref` is its name.
const fn shape(service: &'static str, before: &'static str) -> Shape {
    Shape {
        service,
        before,
        after: "",
        regional: true,
        account: true,
        name: "Ref",
    }
}

const fn global(service: &'static str, before: &'static str) -> Shape {
    Shape {
        regional: false,
        ..shape(service, before)
    }
}

/// `Ref` gives the ARN or a URL: the name is another attribute.
const fn named(name: &'static str, shape: Shape) -> Shape {
    Shape { name, ..shape }
}

const fn ending(after: &'static str, shape: Shape) -> Shape {
    Shape { after, ..shape }
}

/// Sources: AWS service authorization reference, "Resource types defined by" each service; AWS
/// CloudFormation template reference, "Return values" of each type.
fn shape_of(kind: &str) -> Option<Shape> {
    Some(match kind {
        "AWS::Lambda::Function" => shape("lambda", "function:"),
        "AWS::Lambda::LayerVersion" => ending(":*", named("LayerName", shape("lambda", "layer:"))),
        "AWS::IAM::Role" => global("iam", "role/"),
        "AWS::IAM::User" => global("iam", "user/"),
        "AWS::IAM::Group" => global("iam", "group/"),
        "AWS::IAM::ManagedPolicy" => named("PolicyName", global("iam", "policy/")),
        "AWS::S3::Bucket" => Shape {
            account: false,
            ..global("s3", "")
        },
        "AWS::SQS::Queue" => named("QueueName", shape("sqs", "")),
        "AWS::SNS::Topic" => named("TopicName", shape("sns", "")),
        "AWS::DynamoDB::Table" | "AWS::DynamoDB::GlobalTable" => shape("dynamodb", "table/"),
        "AWS::Kinesis::Stream" => shape("kinesis", "stream/"),
        "AWS::Events::EventBus" => shape("events", "event-bus/"),
        "AWS::Logs::LogGroup" => ending(":*", shape("logs", "log-group:")),
        "AWS::StepFunctions::StateMachine" => named("Name", shape("states", "stateMachine:")),
        "AWS::ECR::Repository" => shape("ecr", "repository/"),
        "AWS::CloudTrail::Trail" => shape("cloudtrail", "trail/"),
        "AWS::SecretsManager::Secret" => ending("-??????", named("Name", shape("secretsmanager", "secret:"))),
        "AWS::SSM::Parameter" => shape("ssm", "parameter/"),
        "AWS::KMS::Key" | "AWS::KMS::ReplicaKey" => shape("kms", "key/"),
        "AWS::EFS::FileSystem" => shape("elasticfilesystem", "file-system/"),
        "AWS::EFS::AccessPoint" => shape("elasticfilesystem", "access-point/"),
        _ => return None,
    })
}

/// The name of a resource that is not given one.
pub(crate) fn name(kind: &str, id: AnyId, logical_id: &str) -> Text {
    match shape_of(kind) {
        Some(shape) if shape.name != "Ref" => Text::attribute(id, shape.name, format!("{logical_id}.{}", shape.name)),
        _ => Text::attribute(id, "Ref", logical_id),
    }
}

/// The ARN of a resource of `kind` called `name`, with holes for account and region where they are
/// not given. Kinds whose ARN holds an id of AWS's making have an attribute of themselves.
pub(crate) fn arn(kind: &str, name: &Text, id: AnyId, account: Option<&str>, region: Option<&str>) -> Option<Text> {
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
    // A parameter's name may bring its own slash.
    let before = match name.prefix() {
        path if kind == "AWS::SSM::Parameter" && path.starts_with('/') => "parameter",
        _ => shape.before,
    };
    Some(Text::from_pieces(
        literal("arn:")
            .into_iter()
            .chain(partition.pieces())
            .chain(literal(&format!(":{}:", shape.service)))
            .chain(region.pieces())
            .chain(literal(":"))
            .chain(account.pieces())
            .chain(literal(&format!(":{before}")))
            .chain(name.pieces())
            .chain(ending_of(&shape, id)),
    ))
}

/// What AWS puts behind a name: of a secret six characters that nobody knows before.
fn ending_of(shape: &Shape, id: AnyId) -> Vec<Piece> {
    match shape.after {
        "-??????" => Text::concat([&Text::literal("-"), &Text::attribute(id, "Suffix", "suffix")]).pieces(),
        after => Text::literal(after).pieces(),
    }
}
