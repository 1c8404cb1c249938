//! What is malformed or undecided is told, and the rest is made.

use crate::{Options, read_texts};
use maremma_model::Estate;

fn estate(properties: &str) -> Estate {
    let template = format!(
        "Transform: AWS::Serverless-2016-10-31\nParameters:\n  Open: {{Type: String}}\nConditions:\n  C: !Equals [!Ref Open, x]\n\
         Resources:\n  Fn:\n    Type: AWS::Serverless::Function\n    Properties:\n      Runtime: python3.13\n      {properties}\n"
    );
    read_texts(&[("template.yaml", &template)], &Options::default())
}

fn reasons(properties: &str) -> Vec<String> {
    let estate = estate(properties);
    assert_eq!(estate.functions.len(), 1, "{properties}");
    estate.gaps.iter().map(|gap| gap.reason.to_string()).collect()
}

#[test]
fn what_cannot_be_read_is_told_and_the_function_is_there() {
    let cases = [
        ("Policies: [[AdministratorAccess]]", "Policies: expected"),
        ("Policies: {NoSuchTemplate: {}}", "Policies: expected"),
        ("Policies: [{S3ReadPolicy: {}}]", "needs BucketName"),
        (
            "Policies: [!If [C, AdministratorAccess, {S3ReadPolicy: {BucketName: b}}]]",
            "Policies: expected",
        ),
        ("CodeUri: !Ref Open", "CodeUri: it is not known"),
        ("CodeUri: {Bucket: only}", "CodeUri: expected Bucket and Key"),
        (
            "DeadLetterQueue: {Type: Kafka, TargetArn: a}",
            "DeadLetterQueue: expected Type",
        ),
        ("DeadLetterQueue: text", "DeadLetterQueue: expected Type"),
        ("AutoPublishAlias: !Ref Open", "AutoPublishAlias: the name"),
        ("DeploymentPreference: {Type: AllAtOnce}", "needs an AutoPublishAlias"),
        (
            "DeploymentPreference: {Enabled: !Ref Open}",
            "not known whether it is enabled",
        ),
        ("DeploymentPreference: [a]", "DeploymentPreference: expected a map"),
        ("EventInvokeConfig: text", "EventInvokeConfig: expected a map"),
        (
            "EventInvokeConfig: {DestinationConfig: {OnFailure: {Type: Lambda}}}",
            "expected a Destination",
        ),
        (
            "EventInvokeConfig: {DestinationConfig: {OnFailure: {Type: Fax, Destination: a}}}",
            "the Type is not one",
        ),
        (
            "FunctionUrlConfig: !If [C, {AuthType: NONE}, {AuthType: AWS_IAM}]",
            "FunctionUrlConfig: AWS's",
        ),
        ("Events: [a]", "Events: expected a map"),
        ("Events: {A: text}", "event A: expected a map with a Type"),
        ("Events: {A: {Type: Fax}}", "Fax is no kind of event"),
        (
            "Events: {A: {Type: S3, Properties: {Bucket: name, Events: x}}}",
            "must be a bucket of this template",
        ),
        ("Events: {A: {Type: SNS}}", "event A: expected Topic"),
        (
            "Events: {A: {Type: SNS, Properties: {Topic: t, SqsSubscription: {}}}}",
            "expected QueueArn and QueueUrl",
        ),
        ("Events: {A: {Type: SQS}}", "event A: expected Queue"),
        ("Events: {A: {Type: MQ, Properties: {Broker: b}}}", "BASIC_AUTH"),
        (
            "Events: {A: {Type: Cognito, Properties: {UserPool: p, Trigger: t}}}",
            "must be a user pool of this template",
        ),
        (
            "Events: {A: {Type: SelfManagedKafka}}",
            "expected KafkaBootstrapServers",
        ),
        ("Nonsense: 1", "Nonsense is no property"),
    ];
    for (properties, expected) in cases {
        let told = reasons(properties);
        assert!(
            told.iter().any(|reason| reason.contains(expected)),
            "{properties}: {told:?}"
        );
    }
}

#[test]
fn what_is_well_written_is_not_told() {
    assert_eq!(
        reasons("CodeUri: ./src\n      Policies: [AWSLambdaExecute]"),
        Vec::<String>::new()
    );
}

#[test]
fn code_on_disk_is_known_by_its_path() {
    let estate = estate("CodeUri: ./src");
    let (_, function) = estate.functions.iter().next().unwrap();
    let path = function.code.local_path.value().and_then(|path| path.as_literal());
    assert_eq!(path, Some("./src"));
}

#[test]
fn findings_of_a_made_role_stand_at_its_policies() {
    let estate = estate("Policies: [AdministratorAccess]");
    let (_, role) = estate.roles.iter().next().unwrap();
    let maremma_model::Location::File(place) = &role.resource.at else {
        panic!("{:?}", role.resource.at)
    };
    assert_eq!(place.span.start.line, 11);
}
