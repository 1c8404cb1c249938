//! `Globals`: properties that every serverless resource of a kind has unless it says otherwise.
//!
//! Maps are merged key by key, lists are put before the resource's own, and anything else gives way to
//! what the resource says. Source: AWS SAM developer guide, "Globals section of the AWS SAM template".

use super::super::template::call;
use super::super::world::{StackId, World};
use super::make;
use maremma_model::{Entry, GapKind, Node, NodeValue};
use std::sync::Arc;

/// The kinds that `Globals` knows, and their properties that may stand there.
const ALLOWED: &[(&str, &[&str])] = &[
    ("Function", FUNCTION),
    ("Api", API),
    ("HttpApi", HTTP_API),
    ("WebSocketApi", WEB_SOCKET_API),
    ("SimpleTable", &["SSESpecification"]),
    ("StateMachine", &["PropagateTags"]),
    ("LayerVersion", &["PublishLambdaVersion"]),
    ("CapacityProvider", CAPACITY_PROVIDER),
];

const FUNCTION: &[&str] = &[
    "Architectures",
    "AssumeRolePolicyDocument",
    "AutoPublishAlias",
    "AutoPublishAliasAllProperties",
    "CapacityProviderConfig",
    "CodeSigningConfigArn",
    "CodeUri",
    "DeadLetterQueue",
    "DeploymentPreference",
    "Description",
    "DurableConfig",
    "Environment",
    "EphemeralStorage",
    "EventInvokeConfig",
    "FileSystemConfigs",
    "FunctionScalingConfig",
    "FunctionUrlConfig",
    "Handler",
    "KmsKeyArn",
    "Layers",
    "LoggingConfig",
    "MemorySize",
    "PermissionsBoundary",
    "PropagateTags",
    "ProvisionedConcurrencyConfig",
    "PublishToLatestPublished",
    "RecursiveLoop",
    "ReservedConcurrentExecutions",
    "RolePath",
    "Runtime",
    "RuntimeManagementConfig",
    "SnapStart",
    "SourceKMSKeyArn",
    "Tags",
    "TenancyConfig",
    "Timeout",
    "Tracing",
    "VersionDeletionPolicy",
    "VpcConfig",
];

const API: &[&str] = &[
    "AccessLogSetting",
    "AlwaysDeploy",
    "Auth",
    "BinaryMediaTypes",
    "CacheClusterEnabled",
    "CacheClusterSize",
    "CanarySetting",
    "Cors",
    "DefinitionUri",
    "Domain",
    "EndpointAccessMode",
    "EndpointConfiguration",
    "GatewayResponses",
    "MergeDefinitions",
    "MethodSettings",
    "MinimumCompressionSize",
    "Name",
    "OpenApiVersion",
    "PropagateTags",
    "SecurityPolicy",
    "TracingEnabled",
    "Variables",
];

const HTTP_API: &[&str] = &[
    "AccessLogSettings",
    "Auth",
    "CorsConfiguration",
    "DefaultRouteSettings",
    "Domain",
    "FailOnWarnings",
    "PropagateTags",
    "RouteSettings",
    "StageVariables",
    "Tags",
];

const WEB_SOCKET_API: &[&str] = &[
    "AccessLogSettings",
    "ApiKeySelectionExpression",
    "DefaultRouteSettings",
    "DisableExecuteApiEndpoint",
    "DisableSchemaValidation",
    "Domain",
    "FailOnWarnings",
    "IpAddressType",
    "PropagateTags",
    "RouteSelectionExpression",
    "RouteSettings",
    "StageVariables",
    "Tags",
];

const CAPACITY_PROVIDER: &[&str] = &[
    "InstanceRequirements",
    "KmsKeyArn",
    "LoggingConfig",
    "ManagedResourceTags",
    "OperatorRole",
    "PropagateTags",
    "ScalingConfig",
    "Tags",
    "VpcConfig",
];

/// Lists that a resource has instead of the global one, and not after it.
const INSTEAD: &[&str] = &["Architectures"];

/// The template of a stack with `Globals` merged into its serverless resources. An API that has no
/// resource of its own asks for its globals with [`of`].
pub(super) fn merged(world: &World<'_>, stack: StackId) -> Arc<Node> {
    let written = &world.stack(stack).root;
    let Some(globals) = written.get("Globals").filter(|node| !node.is_null()) else {
        return written.clone();
    };
    tell(world, globals);
    let mut root = Node::clone(written);
    if let Some(resources) = make::get_mut(&mut root, "Resources")
        && let NodeValue::Map(entries) = &mut resources.value
    {
        entries.iter_mut().for_each(|entry| apply(globals, &mut entry.value));
    }
    Arc::new(root)
}

/// The global properties of a kind (`HttpApi`), those that count.
pub(super) fn of(globals: &Node, kind: &str) -> Option<Node> {
    let (_, allowed) = ALLOWED.iter().find(|(name, _)| *name == kind)?;
    let written = globals.get(kind).filter(|node| !node.is_null())?;
    let entries = written.entries().iter();
    let kept = entries.filter(|entry| allowed.contains(&&*entry.key)).cloned();
    Some(Node::map(kept.collect(), written.place))
}

fn apply(globals: &Node, resource: &mut Node) {
    let kind = resource.get("Type").and_then(Node::as_str);
    let Some(kind) = kind.and_then(|kind| kind.strip_prefix("AWS::Serverless::")) else {
        return;
    };
    let Some(mut global) = of(globals, kind) else { return };
    match resource.get("IgnoreGlobals") {
        Some(ignored) if ignored.as_str() == Some("*") => return,
        Some(ignored) => {
            for name in ignored.items().iter().filter_map(Node::as_str) {
                make::remove(&mut global, name);
            }
        }
        None => {}
    }
    let own = resource.get("Properties").filter(|node| !node.is_null());
    let properties = match own {
        Some(own) => merge(&global, own),
        None => global,
    };
    make::set(resource, "Properties", properties);
}

/// Tells of what in `Globals` does not count.
fn tell(world: &World<'_>, globals: &Node) {
    if !globals.is_map() || call(globals).is_some() {
        let reason = format!("Globals: expected a map, found {}", globals.describe());
        world.gap(GapKind::Unparsed, reason, globals.place);
        return;
    }
    for kind in globals.entries() {
        let Some((_, allowed)) = ALLOWED.iter().find(|(name, _)| **name == *kind.key) else {
            let reason = format!("Globals: {} is no kind of resource that has globals here", kind.key);
            world.gap(GapKind::Unsupported, reason, kind.key_place);
            continue;
        };
        if !kind.value.is_map() && !kind.value.is_null() {
            let reason = format!("Globals: {}: expected a map", kind.key);
            world.gap(GapKind::Unparsed, reason, kind.key_place);
        }
        for property in kind.value.entries() {
            if !allowed.contains(&&*property.key) {
                let reason = format!("Globals: {} of {} cannot be set for all", property.key, kind.key);
                world.gap(GapKind::Unsupported, reason, property.key_place);
            }
        }
    }
}

fn merge(global: &Node, own: &Node) -> Node {
    if call(global).is_some() || call(own).is_some() {
        return own.clone();
    }
    match (&global.value, &own.value) {
        (NodeValue::Map(global), NodeValue::Map(mine)) => Node::map(merge_entries(global, mine), own.place),
        (NodeValue::Seq(global), NodeValue::Seq(mine)) => {
            Node::seq(global.iter().chain(mine).cloned().collect(), own.place)
        }
        _ => own.clone(),
    }
}

fn merge_entries(global: &[Entry], own: &[Entry]) -> Vec<Entry> {
    let mut entries: Vec<Entry> = global.to_vec();
    for entry in own {
        match entries.iter_mut().find(|other| other.key == entry.key) {
            Some(other) if INSTEAD.contains(&&*entry.key) => *other = entry.clone(),
            Some(other) => {
                let value = merge(&other.value, &entry.value);
                *other = Entry { value, ..entry.clone() };
            }
            None => entries.push(entry.clone()),
        }
    }
    entries
}
