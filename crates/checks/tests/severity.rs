//! A finding weighs more where the subject is in the open.

use jiff::civil::date;
use maremma_checks::{Context, Trust, all, run};
use maremma_model::Severity;
use maremma_source::{Options, read_texts};
use std::collections::BTreeMap;

const FUNCTIONS: &str = "Transform: AWS::Serverless-2016-10-31
Globals:
  Function: {Runtime: python3.13, CodeUri: src/, Handler: app.handler}
Resources:
  Open:
    Type: AWS::Serverless::Function
    Properties: {FunctionUrlConfig: {AuthType: NONE}}
  Route:
    Type: AWS::Serverless::Function
    Properties:
      Events: {Get: {Type: HttpApi, Properties: {Path: /a, Method: get}}}
  Method:
    Type: AWS::Serverless::Function
    Properties:
      Events: {Get: {Type: Api, Properties: {Path: /a, Method: get}}}
  Preflight:
    Type: AWS::Serverless::Function
    Properties:
      Events: {Options: {Type: HttpApi, Properties: {Path: /a, Method: options}}}
  Signed:
    Type: AWS::Serverless::Function
    Properties:
      FunctionUrlConfig: {AuthType: AWS_IAM}
      Events: {Get: {Type: Api, Properties: {Path: /b, Method: get, Auth: {Authorizer: AWS_IAM}}}}
  Inner: {Type: AWS::Serverless::Function}
";

#[test]
fn what_anybody_can_call_needs_a_bound_most() {
    let estate = read_texts(&[("template.yaml", FUNCTIONS)], &Options::default());
    let trust = Trust::default();
    let context = Context::new(&estate, &trust, date(2026, 6, 1));
    let check = all().iter().find(|check| check.rule.id == "concurrency-unreserved");
    let findings = run(&context, &[*check.unwrap()]);
    let severities: BTreeMap<_, _> = findings
        .iter()
        .map(|finding| (&*finding.subject.address, finding.severity))
        .collect();
    let (medium, low) = (Severity::Medium, Severity::Low);
    let expected = BTreeMap::from([
        ("Inner", low),
        ("Method", medium),
        ("Open", medium),
        ("Preflight", low),
        ("Route", medium),
        ("Signed", low),
    ]);
    assert_eq!(severities, expected);
}
