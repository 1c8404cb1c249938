//! A value that may be a secret is in no report and in no snapshot.

use crate::scratch::Scratch;

const ENVIRONMENT: &str = "marker-of-environment-5b1f";
const NO_ECHO: &str = "marker-of-noecho-7c2e";

fn template() -> String {
    format!(
        r#"AWSTemplateFormatVersion: '2010-09-09'
Parameters:
  Password: {{Type: String, NoEcho: true, Default: {NO_ECHO}}}
  Choice: {{Type: String, NoEcho: 'true', AllowedValues: [{NO_ECHO}, {NO_ECHO}2]}}
  Wrong: {{Type: String, NoEcho: [yes], Default: {NO_ECHO}}}
Conditions:
  IsSet: !Not [!Equals [!Ref Password, '']]
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: orders
      Description: !Ref Password
      Handler: !Sub '${{Wrong}}.${{Choice}}'
      Role: !GetAtt Role.Arn
      Environment:
        Variables:
          TOKEN: {ENVIRONMENT}
          URL: !Sub 'postgres://${{Password}}@db'
          CHOSEN: !If [IsSet, {ENVIRONMENT}, !Ref Choice]
          NODE_OPTIONS: !Ref Password
  Url:
    Type: AWS::Lambda::Url
    Properties: {{AuthType: NONE, TargetFunctionArn: !Ref Orders}}
  Typed:
    Type: AWS::Lambda::Url
    Properties: {{AuthType: !Ref Wrong, Cors: !Ref Password, TargetFunctionArn: !Ref Choice}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{{Effect: Allow, Principal: {{AWS: '*'}}, Action: 'sts:AssumeRole', Condition: {{StringEquals: {{'sts:ExternalId': !Ref Password}}}}}}]
  Allow:
    Type: AWS::Lambda::Permission
    Properties: {{FunctionName: !Ref Orders, Action: 'lambda:InvokeFunction', Principal: '*', EventSourceToken: {ENVIRONMENT}}}
"#
    )
}

#[track_caller]
fn tells_nothing(report: &str) {
    for marker in [ENVIRONMENT, NO_ECHO] {
        assert!(!report.contains(marker), "{marker} in {report}");
    }
}

#[test]
fn no_report_and_no_snapshot_has_it() {
    let scratch = Scratch::with("a.yaml", template());
    let scanned = scratch.scan_into_all();
    scanned.still_finds_the_good_one();
    for report in scanned.reports() {
        tells_nothing(report);
    }
    let snapshot = scratch.maremma(&["snapshot", "a.yaml"]);
    assert_eq!(snapshot.code, Some(0));
    assert!(snapshot.stdout.contains("orders"));
    tells_nothing(&snapshot.stdout);
    tells_nothing(&snapshot.stderr);
}

#[test]
fn a_given_value_is_as_secret_as_a_default() {
    let scratch = Scratch::with("a.yaml", template().replace(&format!(", Default: {NO_ECHO}"), ""));
    let given = [format!("Password={NO_ECHO}"), format!("Wrong={NO_ECHO}")];
    for format in [
        "text", "json", "sarif", "html", "ocsf", "junit", "markdown", "csv", "github",
    ] {
        let [password, wrong] = &given;
        let ran = scratch.maremma(&[
            "scan",
            ".",
            "--format",
            format,
            "--parameter",
            password,
            "--parameter",
            wrong,
        ]);
        assert_eq!(ran.code, Some(1), "{}", ran.stderr);
        // The allowed values stand in the template and are masked there, as the rest is.
        tells_nothing(&ran.stdout);
    }
}

#[test]
fn broken_lines_beside_it_do_not_show_it() {
    let text = template();
    for broken in [
        text.replace("AuthType: NONE", "AuthType: [NONE"),
        text.replace("TOKEN: ", "TOKEN: ["),
    ] {
        let scanned = Scratch::with("a.yaml", broken).scan_into_all();
        for report in scanned.reports() {
            tells_nothing(report);
        }
    }
}

/// The lines next to a finding are shown, and with them what comes to nothing.
#[test]
fn what_comes_to_nothing_is_masked_where_it_is_shown() {
    let off = "Type: AWS::Lambda::Function, Condition: Never";
    for beside in [
        format!("{{{off}, Properties: {{Environment: {{Variables: {{TOKEN: {ENVIRONMENT}}}}}}}}}"),
        format!(
            "{{Type: AWS::Lambda::Function, Properties: {{Environment: !If [Never, {{Variables: {{TOKEN: {ENVIRONMENT}}}}}, {{}}]}}}}"
        ),
        format!("{{Type: AWS::Lambda::Function, Properties: {{Environment: {{Variables: [TOKEN, {ENVIRONMENT}]}}}}}}"),
        format!(
            "{{Type: AWS::Lambda::Function, Properties: {{Environment: {{Variables: {{TOKEN: {ENVIRONMENT}, TOKEN: x}}}}}}}}"
        ),
        format!("{{Type: AWS::Lambda::Function, Properties: {{Environment: {ENVIRONMENT}}}}}"),
        format!("{{{off}, Properties: {{Environment: {{Variables: {{TOKEN: !Sub '{ENVIRONMENT}${{A}}'}}}}}}}}"),
        format!("{{Type: AWS::SecretsManager::Secret, Condition: Never, Properties: {{SecretString: {ENVIRONMENT}}}}}"),
        format!("{{Type: AWS::ApiGateway::Stage, Condition: Never, Properties: {{Variables: {{A: {ENVIRONMENT}}}}}}}"),
    ] {
        let template = format!(
            "Conditions: {{Never: !Equals [a, b]}}\nResources:\n  Beside: {beside}\n  Url: {{Type: AWS::Lambda::Url, Properties: {{AuthType: NONE}}}}\n"
        );
        let scanned = Scratch::with("a.yaml", template).scan_into_all();
        let text = &scanned.still_finds_the_good_one().ran.stdout;
        assert!(text.contains("Beside: {Type"), "{text}");
        for report in scanned.reports() {
            tells_nothing(report);
        }
    }
}
