use super::*;
use crate::{Trust, all, run};
use jiff::civil::date;
use maremma_model::Finding;
use maremma_model::change::Gone;
use maremma_source::{Options, read_texts};

/// What differs, a line each: functions, then roles, then findings.
fn between(old: &[(&str, &str)], new: &[(&str, &str)]) -> Vec<String> {
    let (old, new) = (
        read_texts(old, &Options::default()),
        read_texts(new, &Options::default()),
    );
    lines(&old, &new)
}

fn lines(old: &Estate, new: &Estate) -> Vec<String> {
    let (trust, as_of) = (Trust::default(), date(2026, 1, 1));
    let (before, after) = (Context::new(old, &trust, as_of), Context::new(new, &trust, as_of));
    let core = |context: &Context<'_>| -> Vec<Finding> {
        let checks: Vec<_> = all()
            .iter()
            .copied()
            .filter(|check| ["url-auth-none", "role-admin"].contains(&check.rule.id))
            .collect();
        run(context, &checks)
    };
    let (left, right) = (core(&before), core(&after));
    let said = |findings| Said {
        findings,
        not_assessed: &[],
    };
    let change = compare((&before, said(&left)), (&after, said(&right)));
    let mut lines = Vec::new();
    for function in &change.functions {
        match (&function.old, &function.new) {
            (None, _) => lines.push(format!("+ {}", function.name)),
            (_, None) => lines.push(format!("- {}", function.name)),
            _ => {}
        }
        lines.extend(function.differences.iter().map(|one| line(&function.name, one)));
    }
    for role in &change.roles {
        let name = role.new.as_deref().or(role.old.as_deref()).unwrap_or("?");
        lines.extend(role.differences.iter().map(|one| line(name, one)));
    }
    let subject = |finding: &Finding| format!("{} {}", finding.rule.id, finding.subject.name);
    lines.extend(
        change
            .findings
            .new
            .iter()
            .map(|finding| format!("new {}", subject(finding))),
    );
    lines.extend(
        change
            .findings
            .gone
            .iter()
            .map(|(finding, why)| format!("{why} {}", subject(finding))),
    );
    lines.extend(
        change
            .findings
            .changed
            .iter()
            .map(|(_, finding)| format!("changed {}", subject(finding))),
    );
    lines
}

fn line(of: &str, one: &Difference) -> String {
    let part = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    let opens = if one.opens { " opens" } else { "" };
    let (what, before, after) = (part(&one.what), part(&one.before), part(&one.after));
    format!("{of}: {} {} {what}: {before} > {after}{opens}", one.turn, one.aspect)
}

const OLD: &str = "
Resources:
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.12
      Role: !GetAtt Role.Arn
      Environment: {Variables: {TABLE: a, OLD: hunter2hunter2}}
      Layers: [arn:aws:lambda:eu-west-1:111122223333:layer:a:1]
      Code: {S3Bucket: artifacts, S3Key: a.zip}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}
      Policies:
        - PolicyName: p
          PolicyDocument: {Statement: [{Effect: Allow, Action: [s3:GetObject, s3:PutObject], Resource: '*'}, {Sid: Q, Effect: Allow, Action: sqs:SendMessage, Resource: '*'}]}
  Url:
    Type: AWS::Lambda::Url
    Properties: {TargetFunctionArn: !Ref Fn, AuthType: AWS_IAM}
";

fn new() -> String {
    OLD.replace("python3.12", "python3.13")
        .replace("OLD: hunter2hunter2", "NEW: hunter2hunter2")
        .replace("AuthType: AWS_IAM", "AuthType: NONE")
        .replace(":layer:a:1", ":layer:a:2")
        .replace("[s3:GetObject, s3:PutObject]", "[s3:PutObject, S3:getobject]")
        .replace("sqs:SendMessage", "sqs:*")
}

#[test]
fn what_a_change_adds_removes_and_opens() {
    let same = between(&[("t.yaml", OLD)], &[("t.yaml", OLD)]);
    assert!(same.is_empty(), "{same:#?}");
    let told = between(&[("t.yaml", OLD)], &[("t.yaml", &new())]);
    assert_eq!(
        told,
        [
            "Fn: changed function_url -: AWS_IAM > NONE opens",
            "Fn: added layer arn:aws:lambda:eu-west-1:111122223333:layer:a:2: - > -",
            "Fn: removed layer arn:aws:lambda:eu-west-1:111122223333:layer:a:1: - > -",
            "Fn: changed runtime -: python3.12 > python3.13",
            "Fn: added environment_variable NEW: - > -",
            "Fn: removed environment_variable OLD: - > -",
            "Role: changed policy_statement Q: Allow sqs:SendMessage on * > Allow sqs:* on *",
            "new url-auth-none Url",
        ]
    );
    assert!(!format!("{told:?}").contains("hunter2"));
}

#[test]
fn moved_lines_and_renamed_files_are_no_change() {
    let moved = format!("# a comment\n\n{}", new());
    assert!(between(&[("a/t.yaml", &new())], &[("b/u.yaml", &moved)]).is_empty());
    let other = "Resources: {Other: {Type: AWS::Lambda::Function, Properties: {FunctionName: other}}}";
    let (old, renamed) = (
        [("a.yaml", new()), ("b.yaml", new())],
        [("a.yaml", new()), ("c.yaml", new())],
    );
    let texts = |files: &'static str, all: &[(&'static str, String)]| -> Vec<(&'static str, String)> {
        let mut all = all.to_vec();
        all.push((files, other.to_owned()));
        all
    };
    let (old, renamed) = (texts("o.yaml", &old), texts("o.yaml", &renamed));
    let of = |all: &[(&'static str, String)]| -> Estate {
        let all: Vec<(&str, &str)> = all.iter().map(|(path, text)| (*path, text.as_str())).collect();
        read_texts(&all, &Options::default())
    };
    assert!(lines(&of(&old), &of(&renamed)).is_empty());
}

#[test]
fn a_renamed_resource_with_a_name_is_the_same() {
    let template = |id: &str, runtime: &str| {
        format!(
            "Resources: {{{id}: {{Type: AWS::Lambda::Function, Properties: {{FunctionName: orders, Runtime: {runtime}}}}}}}"
        )
    };
    let (old, new) = (template("A", "python3.12"), template("B", "python3.13"));
    assert_eq!(
        between(&[("t.yaml", &old)], &[("t.yaml", &new)]),
        ["orders: changed runtime -: python3.12 > python3.13"]
    );
    let unnamed = new.replace("FunctionName: orders, ", "");
    assert_eq!(
        between(&[("t.yaml", &old)], &[("t.yaml", &unnamed)]),
        ["+ B", "B: added runtime -: - > python3.13", "- orders"]
    );
}

#[test]
fn what_is_not_known_is_no_change() {
    let old = OLD
        .replace("python3.12", "!Ref Runtime")
        .replace("Resources:", "Parameters: {Runtime: {Type: String}}\nResources:");
    let old = old.replace(
        "Resource: '*'}, {Sid",
        "Resource: !Sub 'arn:aws:s3:::${AWS::AccountId}/*'}, {Sid",
    );
    let new = OLD.replace("Resource: '*'}, {Sid", "Resource: 'arn:aws:s3:::123456789012/*'}, {Sid");
    assert_eq!(
        between(&[("t.yaml", &old)], &[("t.yaml", &new)]),
        [
            "Fn: unknown runtime -: ${Runtime} > python3.12",
            "Role: unknown policy_statement Allow s3:GetObject, s3:PutObject on arn:aws:s3:::123456789012/*: Allow s3:GetObject, s3:PutObject on arn:aws:s3:::${AWS::AccountId}/* > Allow s3:GetObject, s3:PutObject on arn:aws:s3:::123456789012/*",
        ]
    );
}

#[test]
fn a_new_function_tells_its_doors_and_its_role() {
    let told = between(
        &[("t.yaml", "Resources: {B: {Type: AWS::S3::Bucket}}")],
        &[("t.yaml", &new())],
    );
    assert_eq!(told.first().map(String::as_str), Some("+ Fn"));
    assert!(
        told.contains(&"Fn: added function_url -: - > NONE opens".to_owned()),
        "{told:#?}"
    );
    assert!(
        told.contains(&"Role: added policy_statement Allow sqs:* on *: - > -".to_owned()),
        "{told:#?}"
    );
    let gone = between(
        &[("t.yaml", &new())],
        &[("t.yaml", "Resources: {B: {Type: AWS::S3::Bucket}}")],
    );
    assert_eq!(gone, ["- Fn", "removed url-auth-none Url"]);
}

#[test]
fn what_could_not_be_read_is_not_fixed() {
    let both = |text: &str| {
        let broken = [("a.yaml", new()), ("b.yaml", text.to_owned())];
        let all: Vec<(&str, &str)> = broken.iter().map(|(path, text)| (*path, text.as_str())).collect();
        read_texts(&all, &Options::default())
    };
    let (old, new) = (both(&new()), both("Resources: {Fn: [\n"));
    let told = lines(&old, &new);
    assert!(
        told.contains(&format!("{} url-auth-none Url", Gone::NotRead)),
        "{told:#?}"
    );
}

#[test]
fn doors_and_triggers_are_told() {
    let api = |auth: &str| {
        format!(
            "{OLD}
  Api: {{Type: AWS::ApiGatewayV2::Api, Properties: {{Name: shop, ProtocolType: HTTP}}}}
  Route:
    Type: AWS::ApiGatewayV2::Route
    Properties: {{ApiId: !Ref Api, RouteKey: GET /orders, AuthorizationType: {auth}, Target: !Sub 'integrations/${{Integration}}'}}
  Integration:
    Type: AWS::ApiGatewayV2::Integration
    Properties: {{ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt Fn.Arn}}
"
        )
    };
    let told = between(&[("t.yaml", &api("AWS_IAM"))], &[("t.yaml", &api("NONE"))]);
    assert_eq!(told, ["Fn: changed route GET /orders of Api: AWS_IAM > NONE opens"]);
    let more = format!(
        "{OLD}
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {{FunctionName: !Ref Fn, EventSourceArn: !GetAtt Queue.Arn}}
  Queue: {{Type: AWS::SQS::Queue, Properties: {{QueueName: orders}}}}
  Public: {{Type: AWS::Lambda::Permission, Properties: {{FunctionName: !Ref Fn, Action: lambda:InvokeFunction, Principal: '*'}}}}
  Bucket: {{Type: AWS::Lambda::Permission, Properties: {{FunctionName: !Ref Fn, Action: lambda:InvokeFunction, Principal: s3.amazonaws.com, SourceAccount: '111122223333'}}}}
"
    );
    let told = between(&[("t.yaml", OLD)], &[("t.yaml", &more)]);
    assert_eq!(
        told,
        [
            "Fn: added permission Allow lambda:InvokeFunction to everyone: - > - opens",
            "Fn: added permission Allow lambda:InvokeFunction to s3.amazonaws.com if StringEquals AWS:SourceAccount 111122223333: - > -",
            "Fn: added trigger event source mapping orders: - > enabled",
        ]
    );
}

#[test]
fn what_another_input_may_hold_is_not_removed() {
    let old = read_texts(&[("t.yaml", OLD)], &Options::default());
    let mut new = read_texts(&[("t.yaml", OLD)], &Options::default());
    new.urls = maremma_model::Table::default();
    assert_eq!(lines(&old, &new), ["Fn: removed function_url -: AWS_IAM > -"]);
    let covers = |table: &str| maremma_model::Coverage {
        table: table.into(),
        account: None,
        region: None,
        extent: Extent::Complete,
    };
    new.coverage = vec![covers("AWS::Lambda::Function")];
    assert_eq!(lines(&old, &new), ["Fn: unknown function_url -: AWS_IAM > -"]);
    new.coverage.push(covers("AWS::Lambda::Url"));
    assert_eq!(lines(&old, &new), ["Fn: removed function_url -: AWS_IAM > -"]);
}

#[test]
fn a_role_is_known_by_its_function_where_the_address_is_another() {
    let named = OLD.replace("Runtime: python3.12", "Runtime: python3.12\n      FunctionName: orders");
    let live = named
        .replace("  Fn:", "  Function7:")
        .replace("!Ref Fn", "!Ref Function7")
        .replace(
            "  Role:\n    Type: AWS::IAM::Role\n    Properties:",
            "  Live:\n    Type: AWS::IAM::Role\n    Properties:\n      RoleName: shop-Role-1A2B",
        )
        .replace("!GetAtt Role.Arn", "!GetAtt Live.Arn");
    let same = between(&[("t.yaml", &named)], &[("live.yaml", &live)]);
    assert!(same.is_empty(), "{same:#?}");
    let wider = live
        .replace("sqs:SendMessage", "sqs:*")
        .replace("AuthType: AWS_IAM", "AuthType: NONE");
    assert_eq!(
        between(&[("t.yaml", &named)], &[("live.yaml", &wider)]),
        [
            "orders: changed function_url -: AWS_IAM > NONE opens",
            "shop-Role-1A2B: changed policy_statement Q: Allow sqs:SendMessage on * > Allow sqs:* on *",
            "new url-auth-none Url",
        ]
    );
    let outside = named.replace("!GetAtt Role.Arn", "arn:aws:iam::111122223333:role/other");
    assert_eq!(
        between(&[("t.yaml", &named)], &[("t.yaml", &outside)]),
        [
            "orders: unknown execution_role -: Role > arn:aws:iam::111122223333:role/other",
            "Role: unknown policy_statement only the policies of Role are in its input: - > -",
        ]
    );
}

#[test]
fn many_statements_that_differ_end_soon() {
    let statements = |action: &str| -> String {
        let one = |n: usize| format!("{{Effect: Allow, Action: 's3:{action}{n}', Resource: '*'}}");
        (0..900).map(one).collect::<Vec<_>>().join(", ")
    };
    let with = |all: &str| OLD.replace("{Sid: Q, Effect: Allow, Action: sqs:SendMessage, Resource: '*'}", all);
    let (old, new) = (with(&statements("Get")), with(&statements("Put")));
    let start = std::time::Instant::now();
    assert_eq!(between(&[("t.yaml", &old)], &[("t.yaml", &new)]).len(), 1_800);
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}
