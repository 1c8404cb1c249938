//! Answers of an account: what was not asked for is not assessed, what AWS says that there is not is evidence.

use jiff::civil::date;
use maremma_checks::{Assessment, Context, Keep, Trust, all, assess};
use maremma_model::Verdict;
use maremma_source::{Options, read_texts};

const HERE: &str = "111122223333/eu-west-1";

fn assessed(check: &str, answers: &[(&str, &str)]) -> Assessment {
    let paths: Vec<String> = answers
        .iter()
        .map(|(path, _)| match path.split_once("iam/") {
            Some(_) => format!("111122223333/global/{path}.json"),
            None if path.starts_with("us-east-1/") => format!("111122223333/{path}.json"),
            None => format!("{HERE}/{path}.json"),
        })
        .collect();
    let texts: Vec<_> = paths
        .iter()
        .zip(answers)
        .map(|(path, (_, text))| (path.as_str(), *text))
        .collect();
    let estate = read_texts(&texts, &Options::default());
    let trust = Trust::default();
    let context = Context::new(&estate, &trust, date(2026, 6, 1));
    let checks: Vec<_> = all().iter().filter(|one| one.rule.id == check).copied().collect();
    assess(&context, &checks, Keep::Open)
}

const FUNCTIONS: (&str, &str) = (
    "lambda/list-functions",
    r#"{"Functions": [{"FunctionName": "orders", "FunctionArn": "arn:aws:lambda:eu-west-1:111122223333:function:orders", "Version": "$LATEST", "Runtime": "python3.13", "PackageType": "Zip", "VpcConfig": {"SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}}]}"#,
);

/// Fails, and whether something is said not to be assessed.
fn told(check: &str, answers: &[(&str, &str)]) -> (usize, usize) {
    let mut all = vec![FUNCTIONS];
    all.extend_from_slice(answers);
    let found = assessed(check, &all);
    let fails = found.findings.iter().filter(|finding| finding.verdict == Verdict::Fail);
    (fails.count(), found.not_assessed.len())
}

#[test]
fn an_account_without_a_trail_is_one_only_where_trails_were_asked_for() {
    let check = "cloudtrail-no-invoke-events";
    let none = ("cloudtrail/describe-trails", r#"{"trailList": []}"#);
    let no_store = ("cloudtrail/list-event-data-stores", r#"{"EventDataStores": []}"#);
    assert_eq!(told(check, &[]), (0, 1));
    assert_eq!(told(check, &[none]), (0, 1), "event data stores were not asked for");
    assert_eq!(told(check, &[none, no_store]), (1, 0));
    let denied = (
        "cloudtrail/describe-trails.error",
        r#"{"code": "AccessDeniedException"}"#,
    );
    assert_eq!(told(check, &[denied, no_store]), (0, 1));
}

#[test]
fn a_trail_of_all_regions_records_in_each() {
    let check = "cloudtrail-no-invoke-events";
    let trail = (
        "us-east-1/cloudtrail/describe-trails",
        r#"{"trailList": [{"Name": "t", "TrailARN": "arn:aws:cloudtrail:us-east-1:111122223333:trail/t", "IsMultiRegionTrail": true, "IsOrganizationTrail": false}]}"#,
    );
    let status = ("us-east-1/cloudtrail/get-trail-status/t", r#"{"IsLogging": true}"#);
    let selectors = (
        "us-east-1/cloudtrail/get-event-selectors/t",
        r#"{"EventSelectors": [{"ReadWriteType": "All", "DataResources": [{"Type": "AWS::Lambda::Function", "Values": ["arn:aws:lambda"]}]}]}"#,
    );
    assert_eq!(told(check, &[trail, status, selectors]), (0, 0));
    let nothing = (
        "us-east-1/cloudtrail/get-event-selectors/t",
        r#"{"EventSelectors": []}"#,
    );
    assert_eq!(told(check, &[trail, status, nothing]), (1, 0));
    let found = assessed(check, &[FUNCTIONS, trail]);
    assert!(found.findings.iter().all(|finding| finding.verdict != Verdict::Fail));
    assert!(
        found
            .findings
            .iter()
            .any(|finding| finding.verdict == Verdict::Undetermined)
    );
}

#[test]
fn guardduty_is_off_only_where_detectors_were_asked_for() {
    let check = "guardduty-lambda-protection-off";
    assert_eq!(told(check, &[]), (0, 1));
    assert_eq!(
        told(check, &[("guardduty/list-detectors", r#"{"DetectorIds": []}"#)]),
        (1, 0)
    );
}

#[test]
fn flow_logs_are_off_only_where_they_were_asked_for() {
    let network = [
        (
            "ec2/describe-vpcs",
            r#"{"Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"}]}"#,
        ),
        (
            "ec2/describe-subnets",
            r#"{"Subnets": [{"SubnetId": "subnet-1", "VpcId": "vpc-1", "CidrBlock": "10.0.1.0/24"}]}"#,
        ),
        ("ec2/describe-flow-logs", r#"{"FlowLogs": []}"#),
    ];
    let [vpcs, subnets, none] = network;
    assert_eq!(told("flow-logs-off", &[vpcs, subnets]), (0, 1));
    assert_eq!(told("flow-logs-off", &[vpcs, subnets, none]), (1, 0));
    let on = (
        "ec2/describe-flow-logs",
        r#"{"FlowLogs": [{"FlowLogId": "fl-1", "ResourceId": "vpc-1", "TrafficType": "ALL"}]}"#,
    );
    assert_eq!(told("flow-logs-off", &[vpcs, subnets, on]), (0, 0));
}

#[test]
fn a_log_group_is_missing_only_where_they_were_asked_for() {
    let check = "log-retention-unset";
    assert_eq!(told(check, &[]), (0, 1));
    let none = ("logs/describe-log-groups", r#"{"logGroups": []}"#);
    assert_eq!(told(check, &[none]), (1, 0));
    let kept = (
        "logs/describe-log-groups",
        r#"{"logGroups": [{"logGroupName": "/aws/lambda/orders"}]}"#,
    );
    assert_eq!(told(check, &[kept]), (1, 0), "the group has no retention");
    let short = (
        "logs/describe-log-groups",
        r#"{"logGroups": [{"logGroupName": "/aws/lambda/orders", "retentionInDays": 7}]}"#,
    );
    assert_eq!(told(check, &[short]), (0, 0));
}

#[test]
fn a_log_group_that_a_function_names_is_missing_where_all_are_known() {
    let function = (
        "lambda/list-functions",
        r#"{"Functions": [{"FunctionName": "mail", "FunctionArn": "arn:aws:lambda:eu-west-1:111122223333:function:mail", "Version": "$LATEST", "PackageType": "Zip", "LoggingConfig": {"LogFormat": "Text", "LogGroup": "/aws/lambda/mail"}}]}"#,
    );
    let none = ("logs/describe-log-groups", r#"{"logGroups": []}"#);
    let other = (
        "logs/describe-log-groups",
        r#"{"logGroups": [{"logGroupName": "/aws/lambda/mail", "retentionInDays": 7}]}"#,
    );
    let fails = |groups| {
        let found = assessed("log-retention-unset", &[function, groups]);
        let fails = found.findings.iter().filter(|finding| finding.verdict == Verdict::Fail);
        fails.count()
    };
    assert_eq!((fails(none), fails(other)), (1, 0));
}

#[test]
fn names_are_no_findings_of_an_account() {
    assert_eq!(told("name-hard-coded", &[]), (0, 0));
}

#[test]
fn what_only_other_calls_tell_is_undetermined() {
    let found = assessed("code-signing-missing", &[FUNCTIONS]);
    let verdicts: Vec<_> = found.findings.iter().map(|finding| finding.verdict).collect();
    assert_eq!(verdicts, [Verdict::Undetermined]);
    let none = (
        "lambda/get-function-code-signing-config/orders",
        r#"{"FunctionName": "orders"}"#,
    );
    assert_eq!(told("code-signing-missing", &[none]), (1, 0));
}

#[test]
fn a_public_policy_of_an_alias_is_found() {
    let policy = (
        "lambda/get-policy/orders,live",
        r#"{"Policy": "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"a\",\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"lambda:InvokeFunction\",\"Resource\":\"arn:aws:lambda:eu-west-1:111122223333:function:orders:live\"}]}"}"#,
    );
    assert_eq!(told("policy-public-principal", &[policy]), (1, 0));
    let role = (
        "iam/get-account-authorization-details",
        r#"{"RoleDetailList": [{"RoleName": "orders", "Path": "/", "Arn": "arn:aws:iam::111122223333:role/orders", "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}, "RolePolicyList": [{"PolicyName": "all", "PolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}}], "AttachedManagedPolicies": []}]}"#,
    );
    let functions = FUNCTIONS.1.replace(
        "\"Runtime\"",
        "\"Role\": \"arn:aws:iam::111122223333:role/orders\", \"Runtime\"",
    );
    let found = assessed("role-admin", &[(FUNCTIONS.0, functions.as_str()), role]);
    assert_eq!(
        found
            .findings
            .iter()
            .filter(|finding| finding.verdict == Verdict::Fail)
            .count(),
        1
    );
}

#[test]
fn a_subnet_routes_by_the_main_table_of_its_vpc() {
    let subnets = (
        "ec2/describe-subnets",
        r#"{"Subnets": [{"SubnetId": "subnet-1", "VpcId": "vpc-1", "CidrBlock": "10.0.1.0/24"}]}"#,
    );
    let tables = |association: &str| {
        format!(
            r#"{{"RouteTables": [
                {{"RouteTableId": "rtb-1", "VpcId": "vpc-1", "Associations": [{{"Main": true, "RouteTableId": "rtb-1"}}],
                 "Routes": [{{"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1"}}]}},
                {{"RouteTableId": "rtb-2", "VpcId": "vpc-1", "Associations": [{association}],
                 "Routes": [{{"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1"}}]}}]}}"#
        )
    };
    let main = tables("");
    assert_eq!(
        told("vpc-public-subnet", &[subnets, ("ec2/describe-route-tables", &main)]),
        (1, 0)
    );
    let own = tables(r#"{"Main": false, "RouteTableId": "rtb-2", "SubnetId": "subnet-1"}"#);
    assert_eq!(
        told("vpc-public-subnet", &[subnets, ("ec2/describe-route-tables", &own)]),
        (0, 0)
    );
}
