//! Functions of other templates depend on a secret only where their accounts are known to be one.

use jiff::civil::date;
use maremma_checks::{Context, Keep, Trust, all, assess};
use maremma_source::{Deployment, Options, read_texts};

const SECRET: &str = "Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Environment: {Variables: {DATABASE: !Ref Database}}}
  Database: {Type: AWS::SecretsManager::Secret, Properties: {Name: database}}
";

fn reader(resource: &str) -> String {
    format!(
        "Resources:
  Report: {{Type: AWS::Lambda::Function, Properties: {{Runtime: python3.13, Role: !GetAtt Role.Arn}}}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {{Statement: {{Effect: Allow, Principal: {{Service: lambda.amazonaws.com}}, Action: sts:AssumeRole}}}}
      Policies:
        - PolicyName: read
          PolicyDocument: {{Statement: {{Effect: Allow, Action: secretsmanager:GetSecretValue, Resource: '{resource}'}}}}
"
    )
}

/// How many functions depend on the secret.
fn dependents(resource: &str, account: Option<&str>) -> usize {
    let reader = reader(resource);
    let options = Options {
        deployment: Deployment {
            account: account.map(str::to_owned),
            region: Some("eu-west-1".to_owned()),
            ..Deployment::default()
        },
        ..Options::default()
    };
    let estate = read_texts(&[("orders.yaml", SECRET), ("report.yaml", &reader)], &options);
    let trust = Trust::default();
    let context = Context::new(&estate, &trust, date(2026, 6, 1));
    let checks: Vec<_> = all()
        .iter()
        .filter(|check| check.rule.id == "secret-no-customer-key")
        .copied()
        .collect();
    let assessment = assess(&context, &checks, Keep::Open);
    assert_eq!(assessment.findings.len(), 1, "{:?}", assessment.findings);
    assessment.findings.iter().map(|finding| finding.affects.len()).sum()
}

#[test]
fn a_wildcard_in_a_template_of_an_unknown_account_joins_nothing() {
    assert_eq!(dependents("*", None), 1);
}

#[test]
fn templates_of_one_account_are_taken_together() {
    assert_eq!(dependents("*", Some("123456789012")), 2);
    let arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:database-*";
    assert_eq!(dependents(arn, Some("123456789012")), 2);
    assert_eq!(dependents(&arn.replace("database", "other"), Some("123456789012")), 1);
}
