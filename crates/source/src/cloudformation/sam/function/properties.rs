//! The properties of the function itself.

use super::super::Sam;
use super::super::make::{self, Make};
use super::super::source::Source;
use super::{code, tags};
use maremma_model::Node;

/// Properties that mean the same in SAM and in `AWS::Lambda::Function`.
const SAME: &[&str] = &[
    "Architectures",
    "CodeSigningConfigArn",
    "Description",
    "DurableConfig",
    "Environment",
    "EphemeralStorage",
    "FileSystemConfigs",
    "FunctionName",
    "FunctionScalingConfig",
    "Handler",
    "ImageConfig",
    "KmsKeyArn",
    "Layers",
    "LoggingConfig",
    "MemorySize",
    "PackageType",
    "PublishToLatestPublished",
    "RecursiveLoop",
    "ReservedConcurrentExecutions",
    "Role",
    "Runtime",
    "RuntimeManagementConfig",
    "SnapStart",
    "TenancyConfig",
    "Timeout",
    "VpcConfig",
];

/// All properties but the role that is made.
pub(super) fn of<'n>(sam: &Sam<'_>, source: Source<'n>) -> Made<'n> {
    let same = |name: &&'static str| Some((*name, source.property(name)?.clone()));
    let mut properties: Vec<_> = SAME.iter().filter_map(same).collect();
    if let Some(description) = described(sam, source) {
        properties.retain(|(name, _)| *name != "Description");
        properties.push(("Description", description));
    }
    if let Some(code) = code::of(sam, source) {
        properties.push(("Code", code));
    }
    let renamed = [
        ("Tracing", "TracingConfig", "Mode"),
        ("DeadLetterQueue", "DeadLetterConfig", "TargetArn"),
    ];
    for (ours, theirs, key) in renamed {
        let value = match source.property(ours) {
            Some(queue) if ours == "DeadLetterQueue" => queue.get(key),
            // `Disabled` is the absence of a mode.
            Some(mode) if sam.text(mode).as_deref() == Some("Disabled") => None,
            other => other,
        };
        if let Some(value) = value {
            let config = source.make(ours).map(vec![(key, value.clone())]);
            properties.push((theirs, config));
        }
    }
    if let Some(config) = source.property("CapacityProviderConfig") {
        properties.push(("CapacityProviderConfig", capacity(config)));
    }
    properties.push(("Tags", tags::own(source)));
    Made {
        properties,
        local: code::local(sam, source),
    }
}

/// The description with the hash of the code that is published, so that the function changes with it.
fn described(sam: &Sam<'_>, source: Source<'_>) -> Option<Node> {
    source.property("AutoPublishAlias")?;
    let sha = sam.text(source.property("AutoPublishCodeSha256")?)?;
    let at = source.make("AutoPublishCodeSha256");
    match source.property("Description") {
        Some(written) => Some(match written.as_str() {
            Some(text) => Make(written.place).text(&format!("{text} {sha}")),
            None => {
                let parts = at.list(vec![written.clone(), at.text(&sha)]);
                at.map(vec![("Fn::Join", at.list(vec![at.text(" "), parts]))])
            }
        }),
        None => Some(at.text(&sha)),
    }
}

/// The properties of a function, and where its code stands on disk.
pub(super) struct Made<'n> {
    properties: Vec<(&'static str, Node)>,
    local: Option<&'n Node>,
}

/// The function with its properties. Code on disk is told as the CDK tells of its assets.
pub(super) fn resource(source: Source<'_>, made: Made<'_>) -> Node {
    let make = Make(source.place);
    let mut resource = make.resource("AWS::Lambda::Function", made.properties);
    if let Some(path) = made.local
        && source.node.get("Metadata").is_none()
    {
        let metadata = make.map(vec![
            ("aws:asset:path", path.clone()),
            ("aws:asset:property", make.text("Code")),
        ]);
        make::set(&mut resource, "Metadata", metadata);
    }
    resource
}

fn capacity(config: &Node) -> Node {
    let make = Make(config.place);
    let names = [
        ("Arn", "CapacityProviderArn"),
        (
            "PerExecutionEnvironmentMaxConcurrency",
            "PerExecutionEnvironmentMaxConcurrency",
        ),
        (
            "ExecutionEnvironmentMemoryGiBPerVCpu",
            "ExecutionEnvironmentMemoryGiBPerVCpu",
        ),
    ];
    let kept = names
        .iter()
        .filter_map(|(ours, theirs)| Some((*theirs, config.get(ours)?.clone())));
    make.map(vec![(
        "LambdaManagedInstancesCapacityProviderConfig",
        make.map(kept.collect()),
    )])
}
