//! What somebody who means harm may write is judged in bounded time, and what is left out for it is said.

use jiff::civil::date;
use maremma_checks::{Assessment, Context, Keep, Trust, all, assess};
use maremma_source::{Options, read_texts};
use std::fmt::Write as _;

fn assessed(check: &str, template: &str) -> Assessment {
    let estate = read_texts(&[("template.yaml", template)], &Options::default());
    let trust = Trust::default();
    let context = Context::new(&estate, &trust, date(2026, 6, 1));
    let checks: Vec<_> = all().iter().filter(|one| one.rule.id == check).copied().collect();
    assess(&context, &checks, Keep::Open)
}

/// An API with long routes, and permissions whose long patterns have to be compared with each.
fn routes(number: usize) -> String {
    let mut template = "Resources:
  Fn: {Type: AWS::Lambda::Function, Properties: {Runtime: python3.13}}
  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: a, ProtocolType: HTTP}}
  To: {Type: AWS::ApiGatewayV2::Integration, Properties: {ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt Fn.Arn}}
"
    .to_owned();
    let (path, pattern) = ("a/{x}/".repeat(100), "*a/".repeat(150));
    for at in 0..number {
        let _ = writeln!(
            template,
            "  R{at}: {{Type: AWS::ApiGatewayV2::Route, Properties: {{ApiId: !Ref Api, RouteKey: 'GET /{path}{at}', Target: !Sub 'integrations/${{To}}'}}}}
  P{at}: {{Type: AWS::Lambda::Permission, Properties: {{FunctionName: !Ref Fn, Action: 'lambda:InvokeFunction', Principal: apigateway.amazonaws.com, SourceArn: !Sub 'arn:aws:execute-api:eu-west-1:111122223333:${{Api}}/*/GET/{pattern}b{at}'}}}}"
        );
    }
    template
}

#[test]
fn patterns_are_compared_with_routes_only_so_often() {
    let few = assessed("policy-source-dangling", &routes(3));
    assert_eq!(
        (few.findings.len(), few.not_assessed.len()),
        (3, 0),
        "{:?}",
        few.findings
    );
    let many = assessed("policy-source-dangling", &routes(300));
    assert!(many.findings.len() < 300, "{}", many.findings.len());
    assert_eq!(many.not_assessed.len(), 1);
}

#[test]
fn functions_are_asked_of_only_so_many_trails() {
    let trails = |number: usize| {
        let mut template =
            "Resources:\n  Fn: {Type: AWS::Lambda::Function, Properties: {Runtime: python3.13}}\n".to_owned();
        for at in 0..number {
            let _ = writeln!(
                template,
                "  T{at}: {{Type: AWS::CloudTrail::Trail, Properties: {{IsLogging: true, S3BucketName: logs}}}}"
            );
        }
        assessed("cloudtrail-no-invoke-events", &template)
    };
    assert_eq!((trails(100).findings.len(), trails(100).not_assessed.len()), (1, 0));
    assert_eq!((trails(101).findings.len(), trails(101).not_assessed.len()), (0, 1));
}
