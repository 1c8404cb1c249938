//! `url`: the URL of a function, and who may invoke it.

use super::super::service::{Function, Service, part};
use crate::cloudformation::make::Make;
use maremma_model::Node;

const HEADERS: [&str; 6] = [
    "Content-Type",
    "X-Amz-Date",
    "Authorization",
    "X-Api-Key",
    "X-Amz-Security-Token",
    "X-Amzn-Trace-Id",
];

pub(super) fn compile(service: &mut Service<'_>, function: &Function) {
    let Some(url) = service.set(&function.node, "url").cloned() else {
        return;
    };
    let at = Make(url.place);
    let authorizer = service.set(&url, "authorizer").cloned();
    // Anything but `aws_iam` lets everybody in; what is not known stays so.
    let auth = match &authorizer {
        Some(node) => match service.text(node).as_deref() {
            Some("aws_iam") => Make(node.place).text("AWS_IAM"),
            Some(_) => Make(node.place).text("NONE"),
            None => node.clone(),
        },
        None => at.text("NONE"),
    };
    let mut properties = vec![("AuthType", auth.clone()), ("TargetFunctionArn", function.target(at))];
    if let Some(cors) = service.set(&url, "cors") {
        properties.push(("Cors", of_cors(service, cors)));
    }
    if let Some(mode) = service.set(&url, "invokeMode") {
        properties.push(("InvokeMode", mode.clone()));
    }
    let id = format!("{}LambdaFunctionUrl", function.base);
    service.add_for(function, &id, at.resource("AWS::Lambda::Url", properties));
    if service.text(&auth).as_deref() == Some("NONE") {
        permissions(service, function, at);
    }
}

fn permissions(service: &mut Service<'_>, function: &Function, at: Make) {
    let permission = |action: &str, narrowed: (&'static str, Node)| {
        let properties = vec![
            ("FunctionName", function.target(at)),
            ("Action", at.text(action)),
            ("Principal", at.text("*")),
            narrowed,
        ];
        at.resource("AWS::Lambda::Permission", properties)
    };
    let of_url = permission("lambda:InvokeFunctionUrl", ("FunctionUrlAuthType", at.text("NONE")));
    service.add_for(function, &format!("{}LambdaPermissionFnUrl", function.base), of_url);
    // The third version of the framework does not write the second permission, which AWS asks for since.
    if service.version != Some(3) {
        let of_function = permission("lambda:InvokeFunction", ("InvokedViaFunctionUrl", at.plain("true")));
        service.add_for(function, &format!("{}LambdaPermissionFn", function.base), of_function);
    }
}

fn of_cors(service: &Service<'_>, cors: &Node) -> Node {
    let at = Make(cors.place);
    let mut made = Vec::new();
    let defaults = [
        ("allowedOrigins", "AllowOrigins", &["*"][..]),
        ("allowedHeaders", "AllowHeaders", &HEADERS),
        ("allowedMethods", "AllowMethods", &["*"]),
    ];
    for (key, property, default) in defaults {
        match cors.get(key) {
            // `null` leaves it out.
            Some(node) if node.is_null() => {}
            Some(node) => made.push((property, node.clone())),
            None => made.push((property, at.texts(default))),
        }
    }
    let others = [
        ("allowCredentials", "AllowCredentials"),
        ("exposedResponseHeaders", "ExposeHeaders"),
        ("maxAge", "MaxAge"),
    ];
    for (key, property) in others {
        if let Some(node) = part(cors, key).filter(|node| service.on(node)) {
            made.push((property, node.clone()));
        }
    }
    at.map(made)
}
