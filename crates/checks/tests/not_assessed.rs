//! What an input does not hold is said once for the run, not of each function.

use jiff::civil::date;
use maremma_checks::{Assessment, Context, Keep, Trust, all, assess};
use maremma_source::{Deployment, Options, read_texts};

const FUNCTIONS: &str = "Resources:
  Orders: {Type: AWS::Lambda::Function, Properties: {Runtime: python3.13}}
  Report: {Type: AWS::Lambda::Function, Properties: {Runtime: python3.13}}
";
const TRAIL: &str = "Resources:
  Trail: {Type: AWS::CloudTrail::Trail, Properties: {IsLogging: true, S3BucketName: trail-logs}}
";

const DETECTOR: &str = "Resources:
  Detector: {Type: AWS::GuardDuty::Detector, Properties: {Enable: false}}
";

fn trails(files: &[(&str, &str)], deployment: Deployment) -> Assessment {
    assessed("cloudtrail-no-invoke-events", files, deployment)
}

fn assessed(check: &str, files: &[(&str, &str)], deployment: Deployment) -> Assessment {
    let options = Options {
        deployment,
        ..Options::default()
    };
    let estate = read_texts(files, &options);
    let trust = Trust::default();
    let context = Context::new(&estate, &trust, date(2026, 6, 1));
    let checks: Vec<_> = all().iter().filter(|one| one.rule.id == check).copied().collect();
    assess(&context, &checks, Keep::Open)
}

#[test]
fn functions_without_a_trail_beside_them_are_not_assessed() {
    let assessment = trails(&[("app.yaml", FUNCTIONS)], Deployment::default());
    assert!(assessment.findings.is_empty(), "{:?}", assessment.findings);
    let [entry] = assessment.not_assessed.as_slice() else {
        panic!("{:?}", assessment.not_assessed)
    };
    assert_eq!(entry.check, "cloudtrail-no-invoke-events");
    let both = trails(&[("app.yaml", FUNCTIONS), ("b.yaml", FUNCTIONS)], Deployment::default());
    assert_eq!(both.not_assessed.len(), 1);
}

#[test]
fn templates_of_one_account_and_region_are_taken_together() {
    let files = [("app.yaml", FUNCTIONS), ("trail.yaml", TRAIL)];
    let apart = trails(&files, Deployment::default());
    assert_eq!(apart.not_assessed.len(), 1);
    assert!(apart.findings.iter().all(|finding| finding.affects.is_empty()));
    let deployment = Deployment {
        account: Some("123456789012".to_owned()),
        region: Some("eu-west-1".to_owned()),
        ..Deployment::default()
    };
    let together = trails(&files, deployment);
    assert_eq!(together.not_assessed, []);
    let [finding] = together.findings.as_slice() else {
        panic!("{:?}", together.findings)
    };
    assert_eq!(finding.affects.len(), 2, "{}", finding.message);
}

const API: &str = "Resources:
  Orders: {Type: AWS::Lambda::Function, Properties: {Runtime: python3.13}}
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: orders}}
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      ApiKeyRequired: true
      Integration: {Type: AWS_PROXY, Uri: !Sub 'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Orders.Arn}/invocations'}
  Prod: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref Api, StageName: prod}}
";

#[test]
fn what_belongs_to_a_stage_may_be_in_another_stack() {
    let beside = [
        (
            "apigw-waf-missing",
            "  Acl: {Type: AWS::WAFv2::WebACL, Properties: {Scope: REGIONAL}}\n",
        ),
        (
            "apigw-usage-plan-missing",
            "  Key: {Type: AWS::ApiGateway::ApiKey, Properties: {Enabled: true}}\n",
        ),
    ];
    for (check, declared) in beside {
        let apart = assessed(check, &[("app.yaml", API)], Deployment::default());
        assert!(apart.findings.is_empty(), "{:?}", apart.findings);
        assert_eq!(apart.not_assessed.len(), 1, "{check}");
        let here = assessed(
            check,
            &[("app.yaml", &format!("{API}{declared}"))],
            Deployment::default(),
        );
        assert_eq!(here.not_assessed, [], "{check}");
        assert_eq!(here.findings.len(), 1, "{check}: {:?}", here.findings);
        // What another unit declares says nothing of this one.
        let elsewhere = format!("Resources:\n{declared}");
        let apart = assessed(
            check,
            &[("app.yaml", API), ("b.yaml", &elsewhere)],
            Deployment::default(),
        );
        assert_eq!((apart.findings.len(), apart.not_assessed.len()), (0, 1), "{check}");
    }
}

#[test]
fn functions_without_a_detector_beside_them_are_not_assessed() {
    let files = [("app.yaml", FUNCTIONS), ("detector.yaml", DETECTOR)];
    let guard = |deployment| assessed("guardduty-lambda-protection-off", &files, deployment);
    let apart = guard(Deployment::default());
    assert_eq!(apart.not_assessed.len(), 1);
    assert!(apart.findings.is_empty(), "{:?}", apart.findings);
    let together = guard(Deployment {
        account: Some("123456789012".to_owned()),
        region: Some("eu-west-1".to_owned()),
        ..Deployment::default()
    });
    assert_eq!(together.not_assessed, []);
    let [finding] = together.findings.as_slice() else {
        panic!("{:?}", together.findings)
    };
    assert_eq!(finding.affects.len(), 2, "{}", finding.message);
}
