//! Fixes as they are pasted into a configuration.

use super::*;

const FUNCTION: &str = "AWS::Lambda::Function";

fn said(yaml: &str) -> Option<String> {
    terraform_snippet(yaml, FUNCTION, "module.shop.aws_lambda_function.orders")
}

#[test]
fn properties_are_attributes_and_blocks() {
    assert_eq!(
        said("MemorySize: 256\nTimeout: 10").unwrap(),
        "memory_size = 256\ntimeout     = 10"
    );
    assert_eq!(
        said("VpcConfig:\n  SubnetIds: [!Ref PrivateSubnetA]\n  SecurityGroupIds: [!Ref FunctionSecurityGroup]")
            .unwrap(),
        "vpc_config {\n  subnet_ids         = [aws_subnet.private_subnet_a.id]\n  \
         security_group_ids = [aws_security_group.function_security_group.id]\n}"
    );
    assert_eq!(
        said("Tags: [{Key: owner, Value: TEAM}]\n\n# AWS SAM, in the function\nTags: {owner: TEAM}").unwrap(),
        "tags = {\n  owner = \"TEAM\"\n}"
    );
}

#[test]
fn what_is_folded_names_the_resource_that_it_is_for() {
    assert_eq!(
        said("RuntimeManagementConfig: {UpdateRuntimeOn: Auto}").unwrap(),
        "resource \"aws_lambda_runtime_management_config\" \"orders\" {\n  \
         function_name     = aws_lambda_function.orders.function_name\n  update_runtime_on = \"Auto\"\n}"
    );
    let attached = terraform_snippet(
        "ManagedPolicyArns: [!Sub \"arn:${AWS::Partition}:iam::aws:policy/AWSXRayDaemonWriteAccess\"]",
        "AWS::IAM::Role",
        "aws_iam_role.orders[0]",
    );
    assert_eq!(
        attached.unwrap(),
        "resource \"aws_iam_role_policy_attachment\" \"awsxray_daemon_write_access\" {\n  \
         role       = aws_iam_role.orders[0].name\n  policy_arn = \
         \"arn:${data.aws_partition.current.partition}:iam::aws:policy/AWSXRayDaemonWriteAccess\"\n}"
    );
}

#[test]
fn ids_that_are_addresses_stay_addresses() {
    let yaml = "aws_secretsmanager_secret.dbRotation:\n  Type: AWS::SecretsManager::RotationSchedule\n  \
                Properties:\n    SecretId: !Ref aws_secretsmanager_secret.db\n    RotationRules: {AutomaticallyAfterDays: 30}";
    assert_eq!(
        terraform_snippet(yaml, "AWS::SecretsManager::Secret", "aws_secretsmanager_secret.db").unwrap(),
        "resource \"aws_secretsmanager_secret_rotation\" \"db_rotation\" {\n  \
         secret_id = aws_secretsmanager_secret.db.arn\n\n  rotation_rules {\n    automatically_after_days = 30\n  }\n}"
    );
}

#[test]
fn what_cannot_be_said_wholly_is_not_said() {
    assert_eq!(said("KmsKeyArn: !ImportValue key"), None);
    assert_eq!(said("Timeout: 10\nNothing: 1"), None);
    assert_eq!(said("KmsKeyArn: !GetAtt Whatever.Arn"), None);
    assert_eq!(said("# AWS SAM, in the function\nAutoPublishAlias: live"), None);
    assert_eq!(said("a: [b"), None);
}

#[test]
fn text_stays_text() {
    let description = said("Description: 'a \"b\" ${c} %{d}'").unwrap();
    assert_eq!(description, "description = \"a \\\"b\\\" $${c} %%{d}\"");
    assert!(is_terraform(&description));
    assert!(!is_terraform("a = \"b"));
}

#[test]
fn values_are_those_of_the_attribute() {
    let value = |cfn, attribute, value| terraform_value(cfn, attribute, value);
    assert_eq!(
        value("AWS::Lambda::Url", "authorization_type", "AWS_IAM").as_deref(),
        Some("AWS_IAM")
    );
    let balancer = "AWS::ElasticLoadBalancingV2::LoadBalancer";
    assert_eq!(value(balancer, "internal", "internal").as_deref(), Some("true"));
    assert_eq!(value(balancer, "internal", "other"), None);
    assert_eq!(value(FUNCTION, "name_prefix", "x"), None);
    assert_eq!(value(FUNCTION, "layers", "x"), None);
}
