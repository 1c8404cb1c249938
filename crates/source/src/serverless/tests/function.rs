//! Functions, roles and layers as the framework makes them.

use super::{at, estate, reasons, resources, service};
use maremma_model::{Link, State, Text};
use serde_json::json;

#[test]
fn the_provider_is_the_default_of_functions() {
    let text = service(
        "  memorySize: 512\n  timeout: 10\n  environment: {A: provider, B: provider}\n  tags: {a: provider}\n  tracing: {lambda: true}\n  \
         vpc: {securityGroupIds: [sg-1], subnetIds: [subnet-1]}\n  logRetentionInDays: 14\n  architecture: arm64\nfunctions:\n  \
         one: {handler: a.b}\n  two: {handler: a.b, memorySize: 1, environment: {B: own}, vpc: false, tracing: PassThrough, tags: {b: own}}\n",
    );
    let made = resources(&text);
    let one = at(&made, "/OneLambdaFunction/Properties");
    assert_eq!(one["MemorySize"], 512);
    assert_eq!(
        one["Environment"]["Variables"],
        json!({"A": "provider", "B": "provider"})
    );
    assert_eq!(one["VpcConfig"]["SubnetIds"], json!(["subnet-1"]));
    assert_eq!(one["TracingConfig"]["Mode"], "Active");
    let two = at(&made, "/TwoLambdaFunction/Properties");
    assert_eq!((&two["MemorySize"], &two["Timeout"]), (&json!(1), &json!(10)));
    assert_eq!(two["Environment"]["Variables"], json!({"A": "provider", "B": "own"}));
    assert_eq!(two["Tags"].as_array().unwrap().len(), 2);
    assert!(two.get("VpcConfig").is_none());
    assert_eq!(two["TracingConfig"]["Mode"], "PassThrough");
    assert_eq!(at(&made, "/OneLogGroup/Properties")["RetentionInDays"], 14);
    let statements = at(
        &made,
        "/IamRoleLambdaExecution/Properties/Policies/0/PolicyDocument/Statement",
    );
    let traces = statements
        .as_array()
        .unwrap()
        .iter()
        .filter(|statement| statement["Action"][0] == "xray:PutTraceSegments");
    assert_eq!(traces.count(), 1);
}

#[test]
fn the_defaults_are_those_of_the_framework() {
    let made = resources("service: shop\nprovider: aws\nfunctions: {one: {handler: a.b}}\n");
    let one = at(&made, "/OneLambdaFunction/Properties");
    assert_eq!((&one["MemorySize"], &one["Timeout"]), (&json!(1024), &json!(6)));
    let estate = estate("service: shop\nprovider: aws\nfunctions: {one: {handler: a.b}}\n");
    let function = estate.functions.values().next().unwrap();
    assert!(
        matches!(function.runtime.state, State::Unknown(_)),
        "it depends on the version of the framework"
    );
}

#[test]
fn a_function_takes_on_the_role_that_is_written() {
    let text = service(
        "  iam: {role: 'arn:aws:iam::111122223333:role/all'}\nfunctions:\n  a: {handler: a.b}\n  b: {handler: a.b, role: Own}\n  \
         c: {handler: a.b, role: !GetAtt Own.Arn}\nresources:\n  Resources: {Own: {Type: AWS::IAM::Role}}\n",
    );
    let made = resources(&text);
    let role = |function: &str| at(&made, &format!("/{function}LambdaFunction/Properties/Role")).clone();
    assert_eq!(role("A"), "arn:aws:iam::111122223333:role/all");
    assert_eq!(role("B"), json!({"Fn::GetAtt": ["Own", "Arn"]}));
    assert!(made.get("IamRoleLambdaExecution").is_none());
    let estate = estate(&text);
    let linked = estate
        .functions
        .values()
        .filter(|function| matches!(function.role.state, State::Set(Link::Here(_))));
    assert_eq!(linked.count(), 2);
}

#[test]
fn the_shared_role_has_what_is_written_and_what_events_need() {
    let text = service(
        "  iam:\n    role:\n      name: own-name\n      path: /team/\n      permissionsBoundary: arn:aws:iam::111122223333:policy/b\n      \
         managedPolicies: ['arn:aws:iam::aws:policy/ReadOnlyAccess']\n      statements: [{Effect: Allow, Action: '*', Resource: '*'}]\n\
         functions:\n  a: {handler: a.b, events: [{sqs: 'arn:aws:sqs:eu-west-1:111122223333:q'}]}\n",
    );
    let role = resources(&text)["IamRoleLambdaExecution"]["Properties"].clone();
    assert_eq!(
        (&role["RoleName"], &role["Path"]),
        (&json!("own-name"), &json!("/team/"))
    );
    assert_eq!(role["PermissionsBoundary"], "arn:aws:iam::111122223333:policy/b");
    assert_eq!(
        role["ManagedPolicyArns"],
        json!(["arn:aws:iam::aws:policy/ReadOnlyAccess"])
    );
    let statements = role["Policies"][0]["PolicyDocument"]["Statement"].as_array().unwrap();
    let actions: Vec<_> = statements
        .iter()
        .map(|statement| statement["Action"].to_string())
        .collect();
    assert_eq!(actions.len(), 4, "{actions:?}");
    assert!(actions[3].contains("sqs:ReceiveMessage"));
}

#[test]
fn roles_of_functions_are_made_by_the_plugin_and_by_the_fourth_version() {
    let functions = "functions:\n  a: {handler: a.b, iamRoleStatements: [{Effect: Allow, Action: 's3:GetObject', Resource: '*'}]}\n  b: {handler: a.b}\n";
    let plugin = format!("plugins: [serverless-iam-roles-per-function]\nframeworkVersion: '3'\n{functions}");
    let made = resources(&service(&plugin));
    assert_eq!(
        at(&made, "/ALambdaFunction/Properties/Role"),
        &json!({"Fn::GetAtt": ["AIamRoleLambdaExecution", "Arn"]})
    );
    let statements = at(
        &made,
        "/AIamRoleLambdaExecution/Properties/Policies/0/PolicyDocument/Statement",
    );
    assert_eq!(statements.as_array().unwrap().len(), 2);
    assert!(made.get("IamRoleLambdaExecution").is_some());

    let native = "  iam: {role: {mode: perFunction, statements: [{Effect: Allow, Action: 'sns:Publish', Resource: '*'}]}}\nfunctions:\n  \
                  a: {handler: a.b}\n  b: {handler: a.b, iam: {inheritStatements: false, role: {statements: [{Effect: Allow, Action: 's3:GetObject', Resource: '*'}]}}}\n";
    let made = resources(&service(native));
    assert!(made.get("IamRoleLambdaExecution").is_none());
    let actions = |id: &str| {
        let list = at(
            &made,
            &format!("/{id}IamRoleLambdaExecution/Properties/Policies/0/PolicyDocument/Statement"),
        );
        list.as_array()
            .unwrap()
            .iter()
            .map(|statement| statement["Action"].to_string())
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert!(actions("A").contains("sns:Publish"));
    assert!(actions("B").contains("s3:GetObject") && !actions("B").contains("sns:Publish"));

    let third = format!("frameworkVersion: ^3.38.0\n{functions}");
    assert!(reasons(&estate(&service(&third)))[0].contains("does nothing without the plugin"));
}

#[test]
fn a_url_without_an_authorizer_is_open() {
    let text = service(
        "functions:\n  a: {handler: a.b, url: true}\n  b: {handler: a.b, url: {authorizer: aws_iam, invokeMode: RESPONSE_STREAM}}\n",
    );
    let made = resources(&text);
    assert_eq!(at(&made, "/ALambdaFunctionUrl/Properties/AuthType"), "NONE");
    assert_eq!(at(&made, "/ALambdaPermissionFnUrl/Properties/Principal"), "*");
    assert_eq!(
        at(&made, "/ALambdaPermissionFn/Properties/Action"),
        "lambda:InvokeFunction"
    );
    let closed = at(&made, "/BLambdaFunctionUrl/Properties");
    assert_eq!(
        (&closed["AuthType"], &closed["InvokeMode"]),
        (&json!("AWS_IAM"), &json!("RESPONSE_STREAM"))
    );
    assert!(made.get("BLambdaPermissionFnUrl").is_none());
    let third = resources(&format!("frameworkVersion: '3'\n{text}"));
    assert!(
        third.get("ALambdaPermissionFn").is_none(),
        "the third version does not write it"
    );
}

#[test]
fn aliases_are_what_events_invoke() {
    let text = service(
        "functions:\n  a: {handler: a.b, provisionedConcurrency: 2, events: [{sqs: 'arn:aws:sqs:eu-west-1:111122223333:q'}]}\n",
    );
    let made = resources(&text);
    assert_eq!(at(&made, "/AProvConcLambdaAlias/Properties/Name"), "provisioned");
    assert_eq!(
        at(&made, "/AEventSourceMappingSQSQ/Properties/FunctionName"),
        &json!({"Ref": "AProvConcLambdaAlias"})
    );
    let estate = estate(&text);
    assert_eq!(
        (estate.aliases.len(), estate.versions.len(), estate.triggers.len()),
        (1, 1, 1)
    );
}

#[test]
fn destinations_layers_images_and_invocations() {
    let text = service(
        "  ecr: {images: {base: {uri: '111122223333.dkr.ecr.eu-west-1.amazonaws.com/r@sha256:abc'}, built: {path: ./}}}\n\
         layers:\n  tools: {path: layer, allowedAccounts: ['*']}\nfunctions:\n  \
         a: {handler: a.b, layers: [{Ref: ToolsLambdaLayer}], destinations: {onSuccess: b, onFailure: 'arn:aws:sqs:eu-west-1:111122223333:q'}, maximumEventAge: 60}\n  \
         b: {image: base}\n  c: {image: {name: built, command: [x]}}\n",
    );
    let estate = estate(&text);
    assert_eq!(reasons(&estate), Vec::<String>::new());
    let function = estate.functions.values().next().unwrap();
    assert_eq!(function.layers.value().map(Vec::len), Some(1));
    assert_eq!((estate.layer_versions.len(), estate.layer_permissions.len()), (1, 1));
    let made = resources(&text);
    let config = at(&made, "/ALambdaEvConf/Properties");
    assert_eq!(
        config["DestinationConfig"]["OnSuccess"]["Destination"],
        json!({"Fn::GetAtt": ["BLambdaFunction", "Arn"]})
    );
    assert_eq!(config["MaximumEventAgeInSeconds"], 60);
    assert_eq!(
        at(&made, "/BLambdaFunction/Properties/Code/ImageUri"),
        "111122223333.dkr.ecr.eu-west-1.amazonaws.com/r@sha256:abc"
    );
    let uri = estate.functions.values().nth(2).unwrap().code.image_uri.clone();
    assert!(
        uri.value().and_then(Text::as_literal).is_none(),
        "the framework builds it"
    );
}

#[test]
fn resources_are_merged_and_extended() {
    let text = service(
        "functions:\n  a: {handler: a.b}\nresources:\n  Conditions: {Never: !Equals [a, b]}\n  Resources:\n    \
         ALambdaFunction: {Properties: {Description: merged}}\n    Q: {Type: AWS::SQS::Queue, Condition: Never}\n  \
         extensions: {ALogGroup: {Properties: {RetentionInDays: 30}}, Nothing: {Properties: {}}}\n",
    );
    let made = resources(&text);
    assert_eq!(at(&made, "/ALambdaFunction/Properties/Description"), "merged");
    assert_eq!(at(&made, "/ALogGroup/Properties/RetentionInDays"), 30);
    let estate = estate(&text);
    assert_eq!(estate.queues.len(), 0);
    assert!(
        reasons(&estate)[0].contains("Nothing is no resource"),
        "{:?}",
        estate.gaps
    );
}
