//! Nested applications: what the template of one gets, and gives back.

use crate::{Options, read_texts};
use maremma_model::{GapKind, Text};

const CHILD: &str = "Transform: AWS::Serverless-2016-10-31\nParameters:\n  Runtime: {Type: String}\nResources:\n  Worker:\n    Type: AWS::Serverless::Function\n    Properties: {Runtime: !Ref Runtime, Handler: a.b, InlineCode: pass}\nOutputs:\n  Arn: {Value: !GetAtt Worker.Arn}\n";

const PARENT: &str = "Transform: AWS::Serverless-2016-10-31\nResources:\n  Inner:\n    Type: AWS::Serverless::Application\n    Properties:\n      Location: child.yaml\n      Parameters: {Runtime: python3.13}\n  Rule:\n    Type: AWS::Events::Rule\n    Properties:\n      ScheduleExpression: rate(1 day)\n      Targets: [{Id: t, Arn: !GetAtt Inner.Outputs.Arn}]\n";

#[test]
fn a_nested_application_gets_parameters_and_gives_outputs() {
    let estate = read_texts(&[("template.yaml", PARENT), ("child.yaml", CHILD)], &Options::default());
    assert!(estate.gaps.is_empty(), "{:?}", estate.gaps);
    let (id, function) = estate.functions.iter().next().unwrap();
    assert_eq!(&*function.resource.address, "Inner/Worker");
    assert_eq!(function.runtime.value().and_then(Text::as_literal), Some("python3.13"));
    let trigger = estate.triggers.values().next().unwrap();
    assert_eq!(
        trigger.function.value().and_then(|invoked| invoked.function.here()),
        Some(id)
    );
}

#[test]
fn a_published_application_is_told_and_not_read() {
    let template = PARENT.replace(
        "child.yaml",
        "{ApplicationId: 'arn:aws:serverlessrepo:us-east-1:123456789012:applications/a', SemanticVersion: 1.0.0}",
    );
    let estate = read_texts(&[("template.yaml", &template)], &Options::default());
    assert!(estate.gaps.iter().any(|gap| gap.kind == GapKind::Absent));
    assert!(
        estate
            .others
            .values()
            .any(|other| &*other.resource.kind == "AWS::CloudFormation::Stack")
    );
}
