//! `alexaSkill` and `alexaSmartHome`: skills of Alexa that may invoke the function.

use super::super::service::Service;
use super::Event;
use maremma_model::Node;

pub(super) fn skill(service: &mut Service<'_>, event: Event<'_>) {
    // `true` lets any skill in.
    let any = service.text(event.node).as_deref() == Some("true");
    let token = event.main("appId").filter(|_| !any);
    let id = format!("LambdaPermissionAlexaSkill{}", event.nth);
    permit(service, event, &id, "alexa-appkit.amazon.com", token);
}

pub(super) fn smart_home(service: &mut Service<'_>, event: Event<'_>) {
    let Some(token) = event.main("appId") else {
        return event.missing(service, "appId");
    };
    let id = format!("LambdaPermissionAlexaSmartHome{}", event.nth);
    permit(service, event, &id, "alexa-connectedhome.amazon.com", Some(token));
}

/// One that is switched off has a permission for another action, by which nobody is let in.
fn permit(service: &mut Service<'_>, event: Event<'_>, id: &str, principal: &str, token: Option<Node>) {
    let at = event.at();
    let enabled = event.part("enabled").and_then(|enabled| service.text(enabled));
    let action = match enabled.as_deref() {
        Some("false") => "lambda:DisableInvokeFunction",
        _ => "lambda:InvokeFunction",
    };
    let mut properties = vec![
        ("FunctionName", event.function.target(at)),
        ("Action", at.text(action)),
        ("Principal", at.text(principal)),
    ];
    properties.extend(token.map(|token| ("EventSourceToken", token)));
    let resource = at.resource("AWS::Lambda::Permission", properties);
    service.add_for(event.function, &event.id(id), resource);
}
