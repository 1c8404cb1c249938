//! What the lack of authentication is called, and how it is mended, where a method or route is written.

use maremma_model::noun::Form;
use maremma_model::{Fix, State};

const SAYS: &str = "Let callers sign their requests, or name an authorizer";

/// The kind of API that a method or route belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    Rest,
    /// HTTP or WebSocket.
    V2,
}

/// What stands there, in the words of the place; `None` where these are CloudFormation's.
pub(super) fn nothing_asked<T>(form: Form, state: &State<T>) -> Option<&'static str> {
    match (form, state) {
        (Form::Resource, _) | (_, State::Unknown(_)) => None,
        (Form::Operation, State::Set(_)) => Some("security asks for no authentication"),
        (Form::Operation, _) => Some("security is not set"),
        (Form::Event, State::Set(_)) => Some("Auth asks for no authentication"),
        (Form::Event, _) => Some("neither the event nor the API names an authorizer"),
    }
}

pub(crate) fn fix(form: Form, family: Family) -> Fix {
    match (form, family) {
        (Form::Resource, _) => Fix::new(format!("{SAYS} with its AuthorizerId")).snippet("AuthorizationType: AWS_IAM"),
        (Form::Operation, _) => Fix::new(SAYS).snippet(
            "security:\n  \
               - Signed: []\n\n\
             # in the body, once; in Swagger 2.0 under securityDefinitions\n\
             components:\n  \
               securitySchemes:\n    \
                 Signed:\n      \
                   type: apiKey\n      \
                   name: Authorization\n      \
                   in: header\n      \
                   x-amazon-apigateway-authtype: awsSigv4",
        ),
        (Form::Event, Family::Rest) => Fix::new(SAYS).snippet("Auth:\n  Authorizer: AWS_IAM"),
        (Form::Event, Family::V2) => Fix::new(SAYS).snippet(
            "Auth:\n  \
               Authorizer: AWS_IAM\n\n\
             # in the properties of the AWS::Serverless::HttpApi, or in Globals.HttpApi\n\
             Auth:\n  \
               EnableIamAuthorizer: true",
        ),
    }
}
