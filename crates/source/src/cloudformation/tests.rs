//! Templates in, rows out: intrinsic functions, unknown values and links.

use crate::{Deployment, Options, read_texts};
use maremma_model::{Estate, Existence, Link, State, Text, Why};

fn estate(template: &str) -> Estate {
    with(template, &[])
}

fn with(template: &str, parameters: &[(&str, &str)]) -> Estate {
    let given = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let options = Options {
        deployment: Deployment {
            parameters: parameters.iter().map(given).collect(),
            ..Deployment::default()
        },
        ..Options::default()
    };
    read_texts(&[("template.yaml", template)], &options)
}

fn only_function(estate: &Estate) -> &maremma_model::Function {
    assert_eq!(estate.functions.len(), 1, "{:?}", estate.gaps);
    estate.functions.values().next().unwrap()
}

#[test]
fn a_function_is_linked_to_its_role() {
    let estate = estate(
        "Resources:\n  Role:\n    Type: AWS::IAM::Role\n    Properties: {AssumeRolePolicyDocument: {}}\n  Fn:\n    Type: AWS::Lambda::Function\n    Properties:\n      Runtime: python3.13\n      Role: !GetAtt Role.Arn\n",
    );
    let function = only_function(&estate);
    assert!(
        matches!(function.role.state, State::Set(Link::Here(_))),
        "{:?}",
        function.role
    );
    assert_eq!(function.runtime.value().and_then(Text::as_literal), Some("python3.13"));
    assert_eq!(function.timeout.state, State::Default(3));
    assert!(estate.gaps.is_empty());
}

const BRANCHES: &str = "Parameters:\n  Stage: {Type: String}\n  Size: {Type: String, Default: big}\nConditions:\n  IsProd: !Equals [!Ref Stage, prod]\n  IsBig: !Equals [!Ref Size, big]\nResources:\n  Fn:\n    Type: AWS::Lambda::Function\n    Properties:\n      Runtime: !If [IsProd, python3.13, python3.8]\n      MemorySize: !If [IsBig, 1024, 128]\n  Off:\n    Type: AWS::Lambda::Function\n    Condition: IsSmall\n    Properties: {Runtime: python3.13}\n";

#[test]
fn an_undecided_if_keeps_both_worlds() {
    let estate = estate(&BRANCHES.replace("Condition: IsSmall", "Condition: IsBig"));
    let function = estate.functions.values().next().unwrap();
    let State::Unknown(unknown) = &function.runtime.state else {
        panic!("{:?}", function.runtime)
    };
    assert_eq!(unknown.why, Why::Condition("IsProd".into()));
    let worlds: Vec<_> = unknown
        .candidates
        .iter()
        .map(|c| (&*c.when, c.state.value().unwrap().to_string()))
        .collect();
    assert_eq!(
        worlds,
        [
            ("IsProd", "python3.13".to_owned()),
            ("not IsProd", "python3.8".to_owned())
        ]
    );
    assert_eq!(function.memory_size.state, State::Set(1024));
    assert!(
        function
            .memory_size
            .by
            .as_ref()
            .unwrap()
            .contains("by the default of parameter Size")
    );
}

#[test]
fn what_is_given_decides() {
    let template = BRANCHES.replace("Condition: IsSmall", "Condition: IsBig");
    let estate = with(&template, &[("Stage", "prod"), ("Size", "small")]);
    assert_eq!(
        only_function(&estate).runtime.value().unwrap().as_literal(),
        Some("python3.13")
    );
}

#[test]
fn a_resource_switched_off_by_a_default_is_kept() {
    let template = BRANCHES.replace("  IsBig:", "  IsSmall: !Equals [!Ref Size, small]\n  IsBig:");
    let estate = estate(&template);
    let off = estate
        .functions
        .values()
        .find(|f| &*f.resource.address == "Off")
        .unwrap();
    assert!(matches!(&off.resource.exists, Existence::OffByDefault(words) if words.contains("IsSmall")));
}

#[test]
fn names_and_arns_link_what_the_template_holds() {
    let estate = estate(
        "Resources:\n  Fn:\n    Type: AWS::Lambda::Function\n    Properties: {FunctionName: orders}\n  Live:\n    Type: AWS::Lambda::Alias\n    Properties: {FunctionName: !Ref Fn, FunctionVersion: '1', Name: live}\n  A:\n    Type: AWS::Lambda::Permission\n    Properties: {FunctionName: orders, Principal: '*', Action: lambda:InvokeFunction}\n  B:\n    Type: AWS::Lambda::Permission\n    Properties: {FunctionName: !Sub 'arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:orders:live', Principal: '*', Action: lambda:InvokeFunction}\n  C:\n    Type: AWS::Lambda::Permission\n    Properties: {FunctionName: !Ref Live, Principal: '*', Action: lambda:InvokeFunction}\n  D:\n    Type: AWS::Lambda::Permission\n    Properties: {FunctionName: !Sub '${Fn}:7', Principal: '*', Action: lambda:InvokeFunction}\n",
    );
    let qualifiers: Vec<_> = estate
        .permissions
        .values()
        .map(|permission| {
            let reference = permission.function.value().unwrap();
            assert!(
                reference.function.here().is_some(),
                "{}: {reference:?}",
                permission.resource.address
            );
            reference.qualifier.as_ref().map(ToString::to_string)
        })
        .collect();
    assert_eq!(
        qualifiers,
        [
            None,
            Some("live".to_owned()),
            Some("Live".to_owned()).map(|q| format!("${{{q}}}")),
            Some("7".to_owned())
        ]
    );
}

#[test]
fn cycles_end() {
    let estate = estate(
        "Conditions:\n  A: !Condition B\n  B: !Condition A\nResources:\n  Fn:\n    Type: AWS::Lambda::Function\n    Condition: A\n    Properties: {Role: !Ref Fn, Runtime: !Ref Nobody}\n",
    );
    assert!(matches!(only_function(&estate).resource.exists, Existence::When(_)));
    let reasons: Vec<_> = estate.gaps.iter().map(|gap| gap.reason.to_string()).collect();
    assert!(
        reasons.iter().any(|reason| reason.contains("refers to itself")),
        "{reasons:?}"
    );
    assert!(reasons.iter().any(|reason| reason.contains("Nobody")), "{reasons:?}");
}

#[test]
fn loops_are_written_out() {
    let estate = estate(
        "Transform: AWS::LanguageExtensions\nResources:\n  Fn::ForEach::Functions:\n    - Name\n    - [Orders, Billing]\n    - Fn${Name}:\n        Type: AWS::Lambda::Function\n        Properties: {FunctionName: !Ref Name, Description: !Sub 'the ${Name}'}\n",
    );
    let names: Vec<_> = estate
        .functions
        .values()
        .map(|f| (f.resource.address.to_string(), f.resource.name.to_string()))
        .collect();
    assert_eq!(
        names,
        [
            ("FnOrders".to_owned(), "Orders".to_owned()),
            ("FnBilling".to_owned(), "Billing".to_owned())
        ]
    );
}

#[test]
fn the_wrong_type_is_a_gap_and_not_a_default() {
    let estate =
        estate("Resources:\n  Fn:\n    Type: AWS::Lambda::Function\n    Properties: {Timeout: [1], Runtime: {a: b}}\n");
    let function = only_function(&estate);
    assert!(function.timeout.is_unknown() && function.runtime.is_unknown());
    assert_eq!(estate.gaps.len(), 2, "{:?}", estate.gaps);
}

#[test]
fn rules_leave_a_parameter_its_values() {
    let estate = estate(
        "Parameters:\n  Runtime: {Type: String}\nRules:\n  Ours:\n    Assertions:\n      - Assert: {'Fn::Contains': [[python3.13, python3.8], !Ref Runtime]}\nResources:\n  Fn:\n    Type: AWS::Lambda::Function\n    Properties: {Runtime: !Ref Runtime}\n",
    );
    let possible: Vec<_> = only_function(&estate)
        .runtime
        .possible()
        .map(ToString::to_string)
        .collect();
    assert_eq!(possible, ["python3.13", "python3.8"]);
}

#[test]
fn a_macro_is_told() {
    let estate = estate(
        "Transform: [AWS::LanguageExtensions, CompanyDefaults]\nResources:\n  Fn: {Type: AWS::Lambda::Function, Properties: {Runtime: python3.13}}\n",
    );
    let reasons: Vec<_> = estate.gaps.iter().map(|gap| &*gap.reason).collect();
    assert!(
        matches!(reasons.as_slice(), [only] if only.contains("CompanyDefaults")),
        "{reasons:?}"
    );
}

#[test]
fn a_layer_of_a_foreign_account_is_not_ours_for_its_name() {
    let template = "Resources:\n  Tools:\n    Type: AWS::Lambda::LayerVersion\n    Properties: {LayerName: tools, Content: {S3Bucket: a, S3Key: b}}\n  Fn:\n    Type: AWS::Lambda::Function\n    Properties:\n      Layers: ['arn:aws:lambda:eu-west-1:999988887777:layer:tools:4']\n";
    let estate = estate(template);
    let layers = &only_function(&estate).layers;
    let first = layers.value().unwrap().first().unwrap();
    assert!(matches!(first.value(), Some(Link::Outside(_))), "{first:?}");
}

#[test]
fn a_policy_of_aws_is_named_alike_in_every_partition() {
    let template = "Resources:\n  Role:\n    Type: AWS::IAM::Role\n    Properties:\n      ManagedPolicyArns: [!Sub 'arn:${AWS::Partition}:iam::aws:policy/ReadOnlyAccess', !Sub 'arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/Ours']\n";
    let estate = estate(template);
    let role = estate.roles.values().next().unwrap();
    let names: Vec<_> = role
        .policies
        .managed
        .value()
        .unwrap()
        .iter()
        .map(|item| item.value().unwrap())
        .collect();
    assert!(
        matches!(names[0], Link::Outside(Text::Literal(arn)) if &**arn == "arn:aws:iam::aws:policy/ReadOnlyAccess")
    );
    assert!(matches!(names[1], Link::Outside(Text::Holed(_))), "{names:?}");
}

#[test]
fn a_mapping_by_region_waits_for_the_region() {
    let estate = estate(
        "Mappings:\n  Node: {eu-west-1: {value: nodejs22.x}, cn-north-1: {value: nodejs20.x}}\nResources:\n  Fn:\n    Type: AWS::Lambda::Function\n    Properties:\n      Runtime: !FindInMap [Node, !Ref AWS::Region, value]\n",
    );
    let State::Unknown(unknown) = &only_function(&estate).runtime.state else {
        panic!("{:?}", estate.functions)
    };
    assert_eq!(unknown.why, Why::Pseudo("AWS::Region".into()));
    let worlds: Vec<_> = unknown.candidates.iter().map(|candidate| &*candidate.when).collect();
    assert_eq!(worlds, ["AWS::Region = eu-west-1", "AWS::Region = cn-north-1"]);
}

#[test]
fn a_function_may_name_the_resource_of_an_attribute() {
    let estate = estate(
        "Transform: AWS::LanguageExtensions\nResources:\n  Fn::ForEach::Functions:\n    - Name\n    - [A]\n    - Fn${Name}:\n        Type: AWS::Lambda::Function\n        Properties: {Runtime: python3.13}\n      Url${Name}:\n        Type: AWS::Lambda::Url\n        Properties:\n          AuthType: AWS_IAM\n          TargetFunctionArn:\n            Fn::GetAtt: [!Sub 'Fn${Name}', Arn]\n",
    );
    assert!(estate.gaps.is_empty(), "{:?}", estate.gaps);
    let url = estate.urls.values().next().unwrap();
    assert!(
        url.function
            .value()
            .is_some_and(|reference| reference.function.here().is_some())
    );
}
