//! The properties of a function: its own settings, else the provider's.

use super::super::role;
use super::super::service::{Function, Service, deep, entries, handed, part};
use crate::cloudformation::{call, make::Make};
use maremma_model::{Entry, GapKind, Node};
use std::collections::HashMap;

/// What is handed on as it is written.
const SAME: [(&str, &str); 4] = [
    ("description", "Description"),
    ("handler", "Handler"),
    ("recursiveLoop", "RecursiveLoop"),
    ("reservedConcurrency", "ReservedConcurrentExecutions"),
];

pub(super) fn of(service: &mut Service<'_>, number: usize, function: &Function) -> Vec<(&'static str, Node)> {
    let at = Make(function.place);
    let node = &function.node;
    let mut made = handed(node, &SAME);
    made.push(("FunctionName", function.name.clone()));
    // The framework's defaults, in every version of it.
    for (key, property, default) in [("memorySize", "MemorySize", "1024"), ("timeout", "Timeout", "6")] {
        let value = service.either(function, key).unwrap_or_else(|| at.plain(default));
        made.push((property, value));
    }
    made.extend(code(service, function));
    made.push(("Role", role::of_function(service, function)));
    if let Some(architecture) = service.either(function, "architecture") {
        made.push(("Architectures", Make(architecture.place).list(vec![architecture])));
    }
    if let Some(snap) = service.set(node, "snapStart") {
        let snap = Make(snap.place);
        made.push(("SnapStart", snap.map(vec![("ApplyOn", snap.text("PublishedVersions"))])));
    }
    if let Some(size) = service.set(node, "ephemeralStorageSize") {
        made.push(("EphemeralStorage", Make(size.place).map(vec![("Size", size.clone())])));
    }
    if let Some(durable) = service.set(node, "durableConfig") {
        let names = [
            ("executionTimeout", "ExecutionTimeout"),
            ("retentionPeriodInDays", "RetentionPeriodInDays"),
        ];
        made.push(("DurableConfig", Make(durable.place).map(handed(durable, &names))));
    }
    made.extend(tags(service, function));
    made.extend(environment(service, function));
    made.extend(reach(service, number, function));
    made.extend(security(service, number, function));
    made.extend(logging(service, function));
    if let Some(layers) = service.either(function, "layers") {
        made.push(("Layers", layers));
    }
    made
}

/// Code on disk, or an image.
fn code(service: &mut Service<'_>, function: &Function) -> Vec<(&'static str, Node)> {
    let at = Make(function.place);
    if let Some(image) = part(&function.node, "image") {
        return of_image(service, function, image);
    }
    let artifact = deep(&function.node, &["package", "artifact"]).or_else(|| part(&service.package, "artifact"));
    let code = artifact.cloned().unwrap_or_else(|| at.text("."));
    let runtime = service.either(function, "runtime");
    // Which one the framework takes depends on its version.
    let runtime = runtime.unwrap_or_else(|| service.open.reference("provider.runtime", None, function.place));
    let mut made = vec![("Code", code), ("Runtime", runtime)];
    let management = part(&function.node, "runtimeManagement").or_else(|| part(&service.provider, "runtimeManagement"));
    if let Some(management) = management {
        let mode = part(management, "mode").unwrap_or(management);
        let update = match service.text(mode).as_deref() {
            Some("onFunctionUpdate") => Some("FunctionUpdate"),
            Some("manual") => Some("Manual"),
            _ => None,
        };
        if let Some(update) = update {
            let at = Make(management.place);
            let mut config = vec![("UpdateRuntimeOn", at.text(update))];
            config.extend(handed(management, &[("arn", "RuntimeVersionArn")]));
            made.push(("RuntimeManagementConfig", at.map(config)));
        }
    }
    made
}

/// `image`: a URI, the name of one under `provider.ecr.images`, or a map with either.
fn of_image(service: &mut Service<'_>, function: &Function, image: &Node) -> Vec<(&'static str, Node)> {
    let at = Make(image.place);
    let named = part(image, "name").or_else(|| (part(image, "uri").is_none()).then_some(image));
    let known = named
        .and_then(|name| service.text(name))
        .and_then(|name| deep(&service.provider, &["ecr", "images", &name]).cloned());
    let uri = match (&known, part(image, "uri")) {
        (_, Some(uri)) => uri.clone(),
        (Some(known), None) => match part(known, "uri") {
            Some(uri) => uri.clone(),
            None if service.text(known).is_some_and(|text| text.contains(".dkr.ecr.")) => known.clone(),
            // The framework builds it and puts it into a repository that it makes by itself.
            None => {
                let name = format!("the image of {}", function.key);
                service.open.reference(&name, None, image.place)
            }
        },
        (None, None) => image.clone(),
    };
    let mut made = vec![
        ("Code", at.map(vec![("ImageUri", uri)])),
        ("PackageType", at.text("Image")),
    ];
    let names = [
        ("command", "Command"),
        ("entryPoint", "EntryPoint"),
        ("workingDirectory", "WorkingDirectory"),
    ];
    let config = handed(image, &names);
    if !config.is_empty() {
        made.push(("ImageConfig", at.map(config)));
    }
    made
}

/// Tags of the stack, of the provider and of the function; the last one with a key counts.
fn tags(service: &mut Service<'_>, function: &Function) -> Option<(&'static str, Node)> {
    let provider = service.provider.clone();
    let shared = ["stackTags", "tags"].iter().filter_map(|key| part(&provider, key));
    let shared: Vec<Node> = shared.map(|tags| service.hand_down(tags)).collect();
    let merged = merged(shared.iter().chain(part(&function.node, "tags")));
    let place = merged.first()?.value.place;
    let tag = |entry: &Entry| {
        let at = Make(entry.key_place);
        at.map(vec![("Key", at.text(&entry.key)), ("Value", entry.value.clone())])
    };
    Some(("Tags", Make(place).list(merged.iter().map(tag).collect())))
}

/// The entries of several maps; the last one of a key counts.
fn merged<'n>(maps: impl Iterator<Item = &'n Node>) -> Vec<Entry> {
    let mut merged: Vec<Entry> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for entry in maps.flat_map(entries) {
        match places.get(&*entry.key).and_then(|at| merged.get_mut(*at)) {
            Some(known) => *known = entry.clone(),
            None => {
                places.insert(&entry.key, merged.len());
                merged.push(entry.clone());
            }
        }
    }
    merged
}

fn environment(service: &mut Service<'_>, function: &Function) -> Option<(&'static str, Node)> {
    let provider = service.provider.clone();
    let shared = service
        .set(&provider, "environment")
        .map(|shared| service.hand_down(shared));
    let own = service.set(&function.node, "environment");
    let written: Vec<&Node> = shared.iter().chain(own).collect();
    let last = *written.last()?;
    let at = Make(last.place);
    let maps: Vec<&Node> = written
        .iter()
        .copied()
        .filter(|node| !entries(node).is_empty())
        .collect();
    for node in &written {
        let unknown = call(node).is_some();
        if unknown && !maps.is_empty() {
            let reason = format!("function {}: a part of its environment is not known", function.key);
            service.gap(GapKind::Absent, reason, node.place);
        } else if !unknown && !node.is_map() {
            service.unreadable("environment", "a map", node);
        }
    }
    let variables = if maps.is_empty() {
        last.clone()
    } else {
        Node::map(merged(maps.into_iter()), last.place)
    };
    Some(("Environment", at.map(vec![("Variables", variables)])))
}

/// `vpc` and `fileSystemConfig`.
fn reach(service: &mut Service<'_>, number: usize, function: &Function) -> Vec<(&'static str, Node)> {
    let mut made = Vec::new();
    let own = function.node.get("vpc");
    // `vpc: null` or `false` takes the function out of the provider's network.
    let inside = own.is_none_or(|own| service.on(own));
    let provider = service.provider.clone();
    let sources: Vec<&Node> = own.into_iter().chain(part(&provider, "vpc")).collect();
    if inside && let Some(first) = sources.first() {
        let at = Make(first.place);
        if call(first).is_some() {
            made.push(("VpcConfig", Node::clone(first)));
        } else {
            let value = |service: &Service<'_>, key: &str| sources.iter().find_map(|source| service.set(source, key));
            if let (Some(groups), Some(subnets)) = (value(service, "securityGroupIds"), value(service, "subnetIds")) {
                let groups = service.hand_down(groups);
                let config = vec![("SecurityGroupIds", groups), ("SubnetIds", service.hand_down(subnets))];
                made.push(("VpcConfig", at.map(config)));
            }
        }
    }
    if let Some(config) = service.set(&function.node, "fileSystemConfig").cloned() {
        let at = Make(config.place);
        let names = [("arn", "Arn"), ("localMountPath", "LocalMountPath")];
        made.push(("FileSystemConfigs", at.list(vec![at.map(handed(&config, &names))])));
        if let Some(arn) = part(&config, "arn") {
            let actions = at.texts(&["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]);
            let statement = at.statement(actions, at.list(vec![arn.clone()]));
            service.grant(number, statement, false);
        }
    }
    made
}

/// `onError`, `kmsKeyArn` and `tracing`, and what they ask of the role.
fn security(service: &mut Service<'_>, number: usize, function: &Function) -> Vec<(&'static str, Node)> {
    let mut made = Vec::new();
    if let Some(target) = service.set(&function.node, "onError").cloned() {
        let at = Make(target.place);
        made.push(("DeadLetterConfig", at.map(vec![("TargetArn", target.clone())])));
        if target.as_str().is_some() {
            let statement = at.statement(at.texts(&["sns:Publish"]), at.list(vec![target]));
            service.grant(number, statement, true);
        }
    }
    if let Some(key) = service.either(function, "kmsKeyArn") {
        let at = Make(key.place);
        if key.as_str().is_some() {
            let statement = at.statement(at.texts(&["kms:Decrypt"]), at.list(vec![key.clone()]));
            service.grant(number, statement, false);
        }
        made.push(("KmsKeyArn", key));
    }
    let provider = deep(&service.provider, &["tracing", "lambda"]).cloned();
    let tracing = service.set(&function.node, "tracing").cloned().or(provider);
    if let Some(tracing) = tracing.filter(|tracing| service.on(tracing)) {
        let at = Make(tracing.place);
        let mode = match service.text(&tracing).as_deref() {
            Some("true") => at.text("Active"),
            _ => tracing,
        };
        made.push(("TracingConfig", at.map(vec![("Mode", mode)])));
        let actions = at.texts(&["xray:PutTraceSegments", "xray:PutTelemetryRecords"]);
        service.grant(number, at.statement(actions, at.texts(&["*"])), false);
    }
    made
}

fn logging(service: &Service<'_>, function: &Function) -> Option<(&'static str, Node)> {
    let provider = deep(&service.provider, &["logs", "lambda"]);
    let logs = service.set(&function.node, "logs").or(provider)?;
    let names = [
        ("applicationLogLevel", "ApplicationLogLevel"),
        ("logFormat", "LogFormat"),
        ("logGroup", "LogGroup"),
        ("systemLogLevel", "SystemLogLevel"),
    ];
    let config = handed(logs, &names);
    (!config.is_empty()).then(|| ("LoggingConfig", Make(logs.place).map(config)))
}
