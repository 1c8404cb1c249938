//! Input that is large, or that small input makes large: bounded work, whatever is written.

use crate::scratch::Scratch;
use std::fmt::Write;

const HEAD: &str = "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n";

fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(line).collect()
}

#[test]
fn keys_and_names_of_a_megabyte() {
    let key = "k".repeat(1_000_000);
    let json = format!(
        "{{\"Resources\": {{\n\"{key}\": {{\"Type\": \"AWS::Lambda::Url\"}}, \"A\": {{\"{key}\": 1, \"{key}\": 2}}}}}}"
    );
    let scanned = Scratch::with("a.json", json).scan();
    scanned.still_finds_the_good_one().tells("a.json", 2, "logical id");
    assert!(
        scanned.ran.stdout.len() < 20_000,
        "{} bytes of text",
        scanned.ran.stdout.len()
    );
}

#[test]
fn a_line_of_megabytes_is_cut() {
    let arn = "é".repeat(2_000_000);
    let url = format!("  U: {{Type: 'AWS::Lambda::Url', Properties: {{AuthType: NONE, TargetFunctionArn: {arn}}}}}\n");
    let scanned = Scratch::with("a.yaml", format!("{HEAD}{url}")).scan();
    let text = &scanned.still_finds_the_good_one().ran.stdout;
    assert!(text.contains("a.yaml:3:"), "{text}");
    assert!(
        text.lines().all(|line| line.chars().count() <= 400),
        "a line is too long"
    );
}

#[test]
fn places_on_one_line_take_no_longer_than_on_many() {
    let functions = lines(8_000, |number| {
        format!("\"Fé{number}\": {{\"Type\": \"AWS::Lambda::Function\"}},")
    });
    let json = format!(
        "{{\"Resources\": {{{functions}\"Url\": {{\"Type\": \"AWS::Lambda::Url\", \"Properties\": {{\"AuthType\": \"NONE\"}}}}}}}}"
    );
    let column = json.chars().take_while(|c| *c != 'U').count() as u64;
    let scanned = Scratch::with("a.json", &json).scan();
    let findings = scanned.still_finds_the_good_one().report["findings"]
        .as_array()
        .expect("findings");
    let here = findings
        .iter()
        .find(|finding| finding["location"]["file"] == "a.json" && finding["check"] == "url-auth-none")
        .expect("a finding");
    assert!(here["location"]["column"].as_u64().expect("a column") > column);
}

#[test]
fn many_resources_conditions_anchors_and_tags() {
    let conditions = lines(5_000, |number| format!("  C{number}: !Equals [a, b{number}]\n"));
    let resources = lines(5_000, |number| {
        format!("  R{number}: &a{number} !t{number} {{Type: 'AWS::Lambda::Function', Condition: C{number}}}\n")
    });
    Scratch::with("a.yaml", format!("Conditions:\n{conditions}{HEAD}{resources}"))
        .scan()
        .still_finds_the_good_one();
}

#[test]
fn fifty_thousand_keys() {
    let keys = lines(50_000, |number| format!("    k{number}: v\n"));
    let twice = "    k: v\n".repeat(20_000);
    let text = format!("x: &x\n{keys}y: &y\n{twice}z: {{<<: [*x, *y, *x]}}\n{HEAD}  A: {{Type: 'AWS::SQS::Queue'}}\n");
    Scratch::with("a.yaml", text).scan().still_finds_the_good_one();
}

/// Every step refers twice to the next: what it comes to doubles.
fn doubling(step: &str) -> String {
    let mut outputs = String::new();
    for number in 0..60 {
        let next = format!("!ImportValue o{}", number + 1);
        let value = step.replace("NEXT", &next);
        let _ = writeln!(outputs, "  O{number}: {{Value: {value}, Export: {{Name: o{number}}}}}");
    }
    format!(
        "Parameters: {{P: {{Type: String}}}}\nConditions: {{C: !Equals [!Ref P, x]}}\nOutputs:\n{outputs}  O60: {{Value: NONE, Export: {{Name: o60}}}}\n{HEAD}  U: {{Type: 'AWS::Lambda::Url', Properties: {{AuthType: !ImportValue o0}}}}\n"
    )
}

#[test]
fn references_that_double_are_bounded_and_told() {
    for step in ["!If [C, NEXT, NEXT]", "[NEXT, NEXT]"] {
        let scanned = Scratch::with("a.yaml", doubling(step)).scan();
        let gaps = scanned.still_finds_the_good_one().report["gaps"].to_string();
        assert!(gaps.contains("repeat more than"), "{step}: {gaps}");
    }
    Scratch::with("a.yaml", doubling("!Join ['', [NEXT, NEXT]]"))
        .scan()
        .still_finds_the_good_one();
}

#[test]
fn conditions_that_double_are_bounded() {
    let conditions = lines(80, |number| {
        format!(
            "  C{number}: !And [!Condition C{}, !Condition C{}]\n",
            number + 1,
            number + 2
        )
    });
    let ends = "  C80: !Equals [!Ref P, a]\n  C81: !Equals [!Ref Q, b]\n";
    let parameters = "Parameters: {P: {Type: String, Default: a}, Q: {Type: String, Default: b}}\n";
    let url = "  U: {Type: 'AWS::Lambda::Url', Properties: {AuthType: !If [C0, NONE, AWS_IAM]}}\n";
    let scanned = Scratch::with(
        "a.yaml",
        format!("{parameters}Conditions:\n{conditions}{ends}{HEAD}{url}"),
    )
    .scan();
    assert!(scanned.still_finds_the_good_one().json().len() < 100_000);
}

#[test]
fn undecided_worlds_are_bounded() {
    let conditions = lines(12, |number| format!("  C{number}: !Equals [!Ref P, v{number}]\n"));
    let nested = (0..10).fold("NONE".to_owned(), |inner, number| {
        format!("!If [C{number}, {inner}, {inner}x]")
    });
    let allowed = lines(3_000, |number| format!("v{number}, "));
    let choices = "!Ref P, ".repeat(500);
    let text = format!(
        "Parameters: {{P: {{Type: String, AllowedValues: [{allowed}]}}}}\nConditions:\n{conditions}{HEAD}  U:\n    Type: AWS::Lambda::Url\n    Properties: {{AuthType: {nested}, TargetFunctionArn: !Join ['', [{choices}]]}}\n  R:\n    Type: AWS::IAM::Role\n    Properties: {{AssumeRolePolicyDocument: {{Statement: [{nested}, {nested}]}}, ManagedPolicyArns: [{choices}]}}\n"
    );
    Scratch::with("a.yaml", text).scan().still_finds_the_good_one();
}

#[test]
fn stacks_that_multiply_are_bounded_and_told() {
    let scratch = Scratch::new();
    scratch.write("good.yaml", crate::scratch::GOOD);
    for level in 0..18 {
        let nested = lines(8, |number| {
            format!(
                "  N{number}: {{Type: 'AWS::CloudFormation::Stack', Properties: {{TemplateURL: n{}.yaml}}}}\n",
                level + 1
            )
        });
        scratch.write(&format!("n{level}.yaml"), format!("{HEAD}{nested}"));
    }
    let padding = format!("# {}\n", "x".repeat(100));
    let many = lines(5_000, |number| format!("  Q{number}: {{Type: 'AWS::SQS::Queue'}}\n"));
    scratch.write("n18.yaml", format!("{padding}{HEAD}{many}"));
    let gaps = scratch.scan().still_finds_the_good_one().report["gaps"].to_string();
    assert!(gaps.contains("repeat more than"), "{gaps}");
}

#[test]
fn policies_of_many_statements_and_wildcards() {
    let statements = lines(10_000, |number| {
        format!("{{\"Effect\": \"Allow\", \"Action\": \"s3:G*t*O*{number}\", \"Resource\": \"*\"}},")
    });
    let stars = "*a".repeat(4_000);
    let role = format!(
        "\"R\": {{\"Type\": \"AWS::IAM::Role\", \"Properties\": {{\"AssumeRolePolicyDocument\": {{\"Statement\": [{{\"Effect\": \"Allow\", \"Principal\": {{\"AWS\": \"{stars}\"}}, \"Action\": \"sts:{stars}\", \"Condition\": {{\"StringLike\": {{\"aws:PrincipalArn\": \"{stars}\"}}}}}}]}}, \"Policies\": [{{\"PolicyName\": \"p\",\n\"PolicyDocument\": {{\"Statement\": [{statements} {{\"Effect\": \"Deny\", \"NotAction\": \"iam:{stars}\", \"NotResource\": \"{stars}?\"}}]}}}}]}}}}"
    );
    let function =
        "\"F\": {\"Type\": \"AWS::Lambda::Function\", \"Properties\": {\"Role\": {\"Fn::GetAtt\": [\"R\", \"Arn\"]}}}";
    let scanned = Scratch::with("a.json", format!("{{\"Resources\": {{{role}, {function}}}}}")).scan();
    scanned.still_finds_the_good_one().tells("a.json", 2, "statements");
}
