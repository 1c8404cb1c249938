//! `maremma fix`: only what was found changes, and nothing else in the file.

use crate::scratch::{Scratch, template};

fn fixed(scratch: &Scratch, more: &[&str]) -> crate::scratch::Ran {
    let args: Vec<&str> = ["fix", ".", "--write"].iter().chain(more).copied().collect();
    scratch.maremma(&args)
}

#[test]
fn what_would_change_is_shown_and_nothing_written() {
    let scratch = Scratch::new();
    scratch.write("t.yaml", template("NONE"));
    let ran = scratch.maremma(&["fix", "t.yaml", "--tier", "hygiene"]);
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    assert!(
        ran.stdout.starts_with("--- a/t.yaml\n+++ b/t.yaml\n@@ -"),
        "{}",
        ran.stdout
    );
    assert!(ran.stdout.contains("-    Properties: {TargetFunctionArn: !Ref Orders, AuthType: NONE}\n+    Properties: {TargetFunctionArn: !Ref Orders, AuthType: AWS_IAM}\n"));
    assert!(
        !ran.stdout.contains("hunter2") && ran.stdout.contains("PASSWORD: •••"),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stderr.contains("--write writes them") && ran.stderr.contains("need a hand"),
        "{}",
        ran.stderr
    );
    assert_eq!(scratch.read("t.yaml"), template("NONE"));
}

#[test]
fn every_byte_outside_of_the_edits_stays() {
    let yaml = template("NONE # für alle 📚").replace(
        ", AuthType: NONE # für alle 📚}",
        ",\n      AuthType:   'NONE'   # für alle 📚\n    }",
    );
    let json = "\u{feff}{\r\n  \"Resources\": {\"Orders\": {\"Type\": \"AWS::Lambda::Function\", \"Properties\": {\"Description\": \"é📚\"}},\r\n\t\"Url\" : {\"Type\":\"AWS::Lambda::Url\",\"Properties\":{\"AuthType\" :  \"NONE\" ,\"TargetFunctionArn\":{\"Ref\":\"Orders\"}}},\r\n  \"Q\": {\"Type\": \"AWS::SQS::Queue\", \"Properties\": {\"SqsManagedSseEnabled\": false}}, \"M\": {\"Type\": \"AWS::Lambda::EventSourceMapping\", \"Properties\": {\"FunctionName\": {\"Ref\": \"Orders\"}, \"EventSourceArn\": {\"Fn::GetAtt\": [\"Q\", \"Arn\"]}}}}}\r\n";
    let scratch = Scratch::new();
    scratch.write("a.yaml", &yaml);
    scratch.write("b.json", json);
    scratch.write("crlf.yaml", template("\"NONE\"").replace('\n', "\r\n"));
    let ran = fixed(&scratch, &["--tier", "hygiene"]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
    assert_eq!(scratch.read("a.yaml"), yaml.replace("'NONE'", "'AWS_IAM'"));
    let json = json
        .replace("\"NONE\"", "\"AWS_IAM\"")
        .replace("Enabled\": false", "Enabled\": true");
    assert_eq!(scratch.read("b.json"), json);
    assert_eq!(scratch.read("crlf.yaml"), template("\"AWS_IAM\"").replace('\n', "\r\n"));
    assert!(
        ran.stdout.contains("edits written: 4") && ran.stdout.contains("findings fixed: 4"),
        "{}",
        ran.stdout
    );
    let again = fixed(&scratch, &["--tier", "hygiene"]);
    assert_eq!((again.code, again.stdout.as_str()), (Some(0), ""), "{}", again.stderr);
    let left: Vec<_> = std::fs::read_dir(scratch.root()).unwrap().collect();
    assert_eq!(left.len(), 3, "{left:?}");
}

#[test]
fn what_is_written_elsewhere_is_left_as_it_is() {
    let parameter = format!(
        "Parameters: {{Auth: {{Type: String, Default: NONE}}}}\n{}",
        template("!Ref Auth")
    );
    let choice = format!(
        "Conditions: {{P: !Equals [!Ref 'AWS::Region', x]}}\n{}",
        template("!If [P, NONE, NONE]")
    );
    let mapping = format!(
        "Mappings: {{A: {{b: {{c: NONE}}}}}}\n{}",
        template("!FindInMap [A, b, c]")
    );
    let anchor = format!(
        "{}  Other: {{Type: AWS::Lambda::Url, Properties: {{TargetFunctionArn: !Ref Orders, AuthType: *auth}}}}\n",
        template("&auth NONE")
    );
    for text in [&parameter, &choice, &mapping, &anchor] {
        let scratch = Scratch::new();
        scratch.write("t.yaml", text);
        let scanned = scratch.maremma(&["scan", "t.yaml", "--check", "url-auth-none"]);
        assert_eq!(scanned.code, Some(1), "{}", scanned.stdout);
        let ran = fixed(&scratch, &["--check", "url-auth-none"]);
        assert_eq!(&scratch.read("t.yaml"), text);
        assert_eq!(ran.code, Some(0));
        assert!(
            ran.stderr.contains("left as it is for url-auth-none"),
            "{text}{}",
            ran.stderr
        );
    }
}

#[test]
fn a_shared_value_is_edited_once() {
    let sam = "Transform: AWS::Serverless-2016-10-31
Globals:
  Function: {Runtime: python3.8, Handler: a.b, CodeUri: s3://a/b.zip}
Resources:
  One: {Type: AWS::Serverless::Function}
  Two: {Type: AWS::Serverless::Function}
";
    let scratch = Scratch::new();
    scratch.write("t.yaml", sam);
    let ran = fixed(&scratch, &["--check", "runtime-deprecated", "--as-of", "2026-11-24"]);
    assert!(
        ran.stdout.starts_with("edits written: 1 · findings fixed: 2 · left: 0"),
        "{}{}",
        ran.stdout,
        ran.stderr
    );
    let text = scratch.read("t.yaml");
    assert!(
        !text.contains("python3.8") && text.contains("Function: {Runtime: python3."),
        "{text}"
    );
}

#[test]
fn what_is_suppressed_or_undetermined_is_left() {
    let accepted = template("NONE").replace("  Url:", "  Url: # maremma: ignore[url-auth-none] public site");
    let unknown = format!(
        "Conditions: {{P: !Equals [!Ref 'AWS::Region', x]}}\n{}",
        template("NONE").replace(
            "    Type: AWS::Lambda::Url",
            "    Condition: P\n    Type: AWS::Lambda::Url"
        )
    );
    for text in [accepted, unknown] {
        let scratch = Scratch::new();
        scratch.write("t.yaml", &text);
        let ran = fixed(&scratch, &["--check", "url-auth-none"]);
        assert_eq!((ran.code, scratch.read("t.yaml")), (Some(0), text));
        assert!(ran.stderr.contains("nothing to edit"), "{}", ran.stderr);
    }
}

#[cfg(unix)]
#[test]
fn only_files_of_the_target_are_written() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let scratch = Scratch::new();
    scratch.write("real/t.yaml", template("NONE"));
    symlink(scratch.path("real/t.yaml"), scratch.path("link.yaml")).unwrap();
    let ran = scratch.maremma(&["fix", "link.yaml", "--write"]);
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    assert!(ran.stderr.contains("symbolic link"), "{}", ran.stderr);
    assert_eq!(scratch.read("real/t.yaml"), template("NONE"));

    // A nested stack beside the target is read, and not a file of the target.
    scratch.write(".git/HEAD", "");
    let nesting =
        "Resources: {Nested: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: ../real/t.yaml}}}\n";
    scratch.write("stacks/root.yaml", nesting);
    let ran = scratch.maremma(&["fix", "stacks", "--write"]);
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    assert!(ran.stderr.contains("outside of the target"), "{}", ran.stderr);
    assert_eq!(scratch.read("real/t.yaml"), template("NONE"));

    let mode = |mode| std::fs::set_permissions(scratch.path("real/t.yaml"), std::fs::Permissions::from_mode(mode));
    mode(0o640).unwrap();
    assert_eq!(scratch.maremma(&["fix", "real", "--write"]).code, Some(0));
    assert_eq!(scratch.read("real/t.yaml"), template("AWS_IAM"));
    let kept = std::fs::metadata(scratch.path("real/t.yaml"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(kept & 0o777, 0o640);
}

#[test]
fn a_snapshot_has_no_file_to_edit() {
    let scratch = Scratch::new();
    scratch.write("t.yaml", template("NONE"));
    scratch.maremma(&["snapshot", "t.yaml", "-o", "s.json"]);
    let ran = scratch.maremma(&["fix", "s.json", "--write"]);
    assert_eq!(ran.code, Some(0));
    assert!(ran.stderr.contains("a snapshot has no file to edit"), "{}", ran.stderr);
}

#[test]
fn what_the_cdk_makes_is_left() {
    let scratch = Scratch::new();
    let manifest = r#"{"version": "36.0.0", "artifacts": {"Shop": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "Shop.template.json"}}}}"#;
    let template = r#"{"Resources": {"Url": {"Type": "AWS::Lambda::Url", "Properties": {"AuthType": "NONE", "TargetFunctionArn": "orders"}}}}"#;
    scratch.write("cdk.out/manifest.json", manifest);
    scratch.write("cdk.out/Shop.template.json", template);
    let ran = fixed(&scratch, &["--check", "url-auth-none"]);
    assert!(
        ran.stderr.contains("the CDK makes the file"),
        "{}{}",
        ran.stdout,
        ran.stderr
    );
    assert_eq!(
        (ran.code, scratch.read("cdk.out/Shop.template.json").as_str()),
        (Some(0), template)
    );
}

#[test]
fn a_terraform_file_is_fixed_in_its_own_words() {
    let before = "variable \"auth\" {\n  default = \"NONE\"\n}\n\nresource \"aws_lambda_function\" \"orders\" {\n  \
                  function_name = \"orders\"\n  role          = \"arn:aws:iam::111122223333:role/orders\"\n  \
                  runtime       = \"python3.13\"\n  handler       = \"index.handler\"\n}\n\n\
                  resource \"aws_lambda_function_url\" \"open\" {\n  \
                  function_name      = aws_lambda_function.orders.function_name\n  authorization_type = \"NONE\" # open\n}\n\n\
                  resource \"aws_lambda_function_url\" \"given\" {\n  \
                  function_name      = aws_lambda_function.orders.function_name\n  authorization_type = var.auth\n}\n";
    let scratch = Scratch::new();
    scratch.write("main.tf", before);
    let ran = fixed(&scratch, &["--tier", "hygiene"]);
    assert!(ran.stdout.contains("edits written: 1"), "{}{}", ran.stdout, ran.stderr);
    let after = before.replace(
        "authorization_type = \"NONE\" # open",
        "authorization_type = \"AWS_IAM\" # open",
    );
    assert_eq!(scratch.read("main.tf"), after);

    let report = scratch.maremma(&["scan", ".", "--tier", "hygiene", "--format", "json"]);
    assert!(
        report.stdout.contains("kms_key_arn = aws_kms_key.key.arn") || report.stdout.contains("timeout = 10"),
        "{}",
        report.stdout
    );
    assert!(
        !report.stdout.contains("\"snippet\": \"Timeout: 10\""),
        "{}",
        report.stdout
    );
}
