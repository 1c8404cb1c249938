//! Where routes and permissions stand, and what is told of authorizers that are not known.

use crate::{Options, read_texts};
use maremma_model::{Estate, Location, State};

const FUNCTION: &str = r"
  Books:
    Type: AWS::Serverless::Function
    Properties:
      Handler: books.handler
      Runtime: python3.13
      InlineCode: x
      Events:
        List:
          Type: KIND
          Properties:
            Path: /books
            Method: get
            API: !Ref Library
";

fn estate(kind: &str, api: &str, property: &str, more: &str) -> Estate {
    let function = FUNCTION.replace("KIND", kind).replace("API", property);
    let template = format!(
        "Transform: AWS::Serverless-2016-10-31\nParameters:\n  Gate: {{Type: String}}\nResources:{function}\n  Library:\n    Type: AWS::Serverless::{api}\n    Properties:\n      StageName: live\n{more}"
    );
    read_texts(&[("template.yaml", &template)], &Options::default())
}

fn line(at: &Location) -> u32 {
    at.place().expect("in a file").span.start.line
}

fn told(estate: &Estate) -> Vec<(String, u32)> {
    let gaps = estate.gaps.iter();
    gaps.map(|gap| (gap.reason.to_string(), gap.at.as_ref().map_or(0, line)))
        .collect()
}

#[test]
fn a_route_stands_where_its_event_names_the_path() {
    let estate = estate("Api", "Api", "RestApiId", "");
    let method = estate.rest_methods.values().next().unwrap();
    assert_eq!(line(&method.resource.at), 15);
    assert_eq!(
        method.authorization_type.value().and_then(|text| text.as_literal()),
        Some("NONE")
    );
    let permission = estate
        .permissions
        .values()
        .find(|permission| &*permission.resource.address == "BooksListPermissionlive");
    assert_eq!(line(&permission.expect("a permission").resource.at), 15);
    assert!(told(&estate).is_empty(), "{:?}", told(&estate));
}

#[test]
fn an_authorizer_that_only_a_parameter_names_is_not_none() {
    let auth = "      Auth:\n        DefaultAuthorizer: !Ref Gate\n        Authorizers: {Staff: {UserPoolArn: x}}\n";
    let rest = estate("Api", "Api", "RestApiId", auth);
    let method = rest.rest_methods.values().next().unwrap();
    assert!(
        matches!(method.authorization_type.state, State::Unknown(_)),
        "{:?}",
        method.authorization_type
    );
    assert!(
        told(&rest)
            .iter()
            .any(|(reason, line)| reason.contains("authorizer") && *line == 24)
    );
    let http = estate("HttpApi", "HttpApi", "ApiId", auth);
    let route = http.http_routes.values().next().unwrap();
    assert!(
        matches!(route.authorization_type.state, State::Unknown(_)),
        "{:?}",
        route.authorization_type
    );
}

#[test]
fn an_authorizer_stands_at_its_entry() {
    let auth = "      Auth:\n        DefaultAuthorizer: Staff\n        Authorizers:\n          Staff: {FunctionArn: !GetAtt Books.Arn}\n";
    let estate = estate("Api", "Api", "RestApiId", auth);
    let authorizer = estate.authorizers.values().next().unwrap();
    assert_eq!(line(&authorizer.resource.at), 26);
    let method = estate.rest_methods.values().next().unwrap();
    assert_eq!(
        method.authorization_type.value().and_then(|text| text.as_literal()),
        Some("CUSTOM")
    );
}

#[test]
fn what_cannot_be_written_out_is_told_with_its_place() {
    for (auth, words) in [
        ("      Auth: [x]\n", "Auth: expected a map"),
        (
            "      Auth: {DefaultAuthorizer: Nobody}\n",
            "the default authorizer is none",
        ),
        ("      Cors: [x]\n", "expected an origin or a map as Cors"),
        ("      Domain: {DomainName: x}\n", "needs DomainName and CertificateArn"),
    ] {
        let estate = estate("Api", "Api", "RestApiId", auth);
        let gaps = told(&estate);
        assert!(
            gaps.iter().any(|(reason, line)| reason.contains(words) && *line == 23),
            "{gaps:?}"
        );
        assert_eq!(estate.rest_methods.len(), 1);
    }
}

#[test]
fn what_sam_writes_is_in_the_partition_of_the_region() {
    let written = |region: &str| {
        let function = FUNCTION.replace("KIND", "Api").replace("API", "RestApiId");
        let template = format!(
            "Resources:{function}      Tracing: Active\n  Library:\n    Type: AWS::Serverless::Api\n    Properties: {{StageName: live}}\n"
        );
        let mut options = Options::default();
        options.deployment.region = Some(region.into());
        let root = crate::expanded(&template, &options).unwrap();
        crate::tree::long_form(&root).to_string()
    };
    let (china, europe) = (written("cn-north-1"), written("eu-west-1"));
    assert!(
        china.contains("arn:aws-cn:execute-api:") && !china.contains("arn:aws:"),
        "{china}"
    );
    assert!(
        china.contains("AWSXRayDaemonWriteAccess") && china.contains("REGIONAL"),
        "{china}"
    );
    assert!(
        europe.contains("arn:aws:execute-api:") && !europe.contains("REGIONAL"),
        "{europe}"
    );
}
