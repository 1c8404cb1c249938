//! A REST API that hands every body to its functions, whatever is in it.

use crate::subject::api::{Apis, Behind, route};
use crate::verdict::judge::{attribute, whole};
use crate::verdict::possible::{Told, is};
use crate::{Check, Context, Draft, Findings};
use maremma_iam::Match;
use maremma_model::noun::{RestApi, RestMethod};
use maremma_model::{Confidence, Control, Equivalent, Fix, Id, Peer, Rule, Severity, Text, Tier, Verdict};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "apigw-request-validation-missing",
        title: "REST API that validates no bodies",
        tier: Tier::Hygiene,
        severity: Severity::Low,
        confidence: Confidence::High,
        subject: "AWS::ApiGateway::RestApi",
        controls: &[Control::nist("SI-10"), Control::owasp("SAS-1")],
        equivalents: &[
            Equivalent::near(Peer::Checkov, "CKV2_AWS_53"),
            Equivalent::near(Peer::CloudSploit, "apigatewayRequestValidation"),
            Equivalent::near(Peer::CdkNag, "AwsSolutions-APIG2"),
        ],
        page: include_str!("apigw_request_validation_missing.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let apis = Apis::of(context);
    for (id, api) in context.estate.rest_apis.iter() {
        let behind = apis.behind(Some(id.into()));
        let not_applicable =
            |says: &'static str| Draft::new(id, Verdict::NotApplicable, says, whole(&api.resource, says));
        let draft = match behind.excused() {
            Some(says) => not_applicable(says),
            None => match draft(context, behind, id, api) {
                Some(draft) => behind.settled(draft),
                None => not_applicable("no method that may run a function takes a body that a model can describe"),
            },
        };
        let fix = Fix::new("Validate bodies against a model").snippet(
            "RequestValidatorId: !Ref Bodies\n\
             RequestModels: {application/json: !Ref Order}\n\n\
             # in Resources\n\
             Bodies:\n  \
               Type: AWS::ApiGateway::RequestValidator\n  \
               Properties: {RestApiId: !Ref Api, ValidateRequestBody: true, ValidateRequestParameters: true}\n\n\
             # AWS SAM, in the event; Models of the AWS::Serverless::Api has the model\n\
             RequestModel: {Model: Order, Required: true, ValidateBody: true}",
        );
        findings.add(draft.fix(fix));
    }
}

fn draft(context: &Context<'_>, behind: &Behind<'_>, id: Id<RestApi>, api: &RestApi) -> Option<Draft> {
    let methods: Vec<_> = behind
        .methods
        .iter()
        .map(|(_, method)| *method)
        .filter(|method| takes_body(method))
        .collect();
    let told: Vec<_> = methods.iter().map(|method| (*method, unvalidated(method))).collect();
    let bad: Vec<_> = told.iter().filter(|(_, told)| told.is.is_yes()).collect();
    let worst = bad
        .first()
        .copied()
        .or_else(|| told.iter().find(|(_, told)| told.is.is_unknown()));
    let Some((method, told)) = worst else {
        let says = "every body is validated before a function gets it";
        return methods
            .first()
            .map(|_| Draft::new(id, Verdict::Pass, says, whole(&api.resource, says)));
    };
    let more = match bad.len() {
        0 | 1 => String::new(),
        2 => " and 1 more method".to_owned(),
        many => format!(" and {} more methods", many - 1),
    };
    let message = format!(
        "The API {} validates nothing that {}{more} hands to a function",
        context.name(id),
        route(method)
    );
    let mut evidence = attribute(
        &method.resource,
        "RequestValidatorId",
        &method.validates,
        &|looks| match looks {
            true => "a validator".to_owned(),
            false => "a validator that looks at nothing".to_owned(),
        },
    );
    evidence.address = Some(method.resource.address.clone());
    let draft = Draft::new(id, Verdict::Fail, message, evidence);
    Some(match told.is {
        Match::Unknown => draft.doubted(
            &told.words("whether the method has a validator", "is"),
            told.why.cloned(),
        ),
        Match::Yes | Match::No => draft,
    })
}

fn unvalidated(method: &RestMethod) -> Told<'_, bool> {
    is(&method.validates, &|looks| match looks {
        Some(looks) => (!looks).into(),
        None => Match::Yes,
    })
}

fn takes_body(method: &RestMethod) -> bool {
    let verb = method.method.value().and_then(Text::as_literal);
    match verb {
        Some("POST" | "PUT" | "PATCH") => true,
        // Behind a greedy path, every method and path has bodies of its own: no model is of all of them.
        Some("ANY") => !method.path.suffix().ends_with("+}"),
        _ => false,
    }
}
