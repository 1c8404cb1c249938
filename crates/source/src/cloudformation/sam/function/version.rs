//! The version and alias that `AutoPublishAlias` asks for.

use super::super::Sam;
use super::super::make::{self, Make};
use super::super::source::Source;
use maremma_model::{GapKind, Node};

/// The alias that invokes the function.
pub(super) struct Alias {
    pub(super) id: String,
    pub(super) name: Node,
}

/// Publishes a version and an alias of it, where they are asked for.
pub(super) fn publish(sam: &mut Sam<'_>, source: Source<'_>) -> Option<Alias> {
    let written = source.property("AutoPublishAlias")?;
    if make::is_no_value(written) {
        return None;
    }
    let name = sam.text(written);
    if name.is_none() {
        let reason = "AutoPublishAlias: the name of the alias is not known";
        sam.gap(GapKind::Absent, reason, written.place);
    }
    let at = Make(written.place);
    let alias = Alias {
        id: format!("{}Alias{}", source.id, name.as_deref().map(plain).unwrap_or_default()),
        name: name.map_or_else(|| written.clone(), |name| at.text(&name)),
    };
    let version = version(sam, source, at);
    let mut properties = vec![
        ("Name", alias.name.clone()),
        ("FunctionName", at.reference(source.id)),
        ("FunctionVersion", at.get_att(&version, "Version")),
    ];
    if let Some(config) = source.property("ProvisionedConcurrencyConfig") {
        properties.push(("ProvisionedConcurrencyConfig", config.clone()));
    }
    sam.add(source, &alias.id, at.resource("AWS::Lambda::Alias", properties));
    sam.rename(&format!("{}.Version", source.id), &version);
    sam.rename(&format!("{}.Alias", source.id), &alias.id);
    Some(alias)
}

/// A version with a logical id that changes with the code.
fn version(sam: &mut Sam<'_>, source: Source<'_>, at: Make) -> String {
    let sha = source.property("AutoPublishCodeSha256").and_then(|node| sam.text(node));
    let all = source
        .property("AutoPublishAliasAllProperties")
        .and_then(|node| sam.truth(node));
    let hashed = match (all, source.node.get("Properties")) {
        (Some(true), Some(properties)) => properties,
        _ => ["ImageUri", "InlineCode", "CodeUri"]
            .iter()
            .find_map(|name| source.property(name))
            .unwrap_or(source.node),
    };
    let suffix = match sha.as_deref() {
        Some(sha) => sha.chars().take(10).filter(char::is_ascii_alphanumeric).collect(),
        None => make::digest(hashed),
    };
    let id = format!("{}Version{suffix}", source.id);
    let mut properties = vec![("FunctionName", at.reference(source.id))];
    for (ours, theirs) in [
        ("VersionDescription", "Description"),
        ("FunctionScalingConfig", "FunctionScalingConfig"),
    ] {
        if let Some(value) = source.property(ours) {
            properties.push((theirs, value.clone()));
        }
    }
    let mut version = at.resource("AWS::Lambda::Version", properties);
    let written = source
        .node
        .get("DeletionPolicy")
        .or_else(|| source.property("VersionDeletionPolicy"));
    // A version holds instances of its capacity provider: it goes when the next one is published.
    let kept = source.property("CapacityProviderConfig").is_none();
    let usual = at.text(if kept { "Retain" } else { "Delete" });
    make::set(&mut version, "DeletionPolicy", written.cloned().unwrap_or(usual));
    sam.add(source, &id, version);
    id
}

/// The name of an alias as a logical id may hold it.
fn plain(name: &str) -> String {
    let letter = |character| match character {
        '-' => Some('D'),
        '_' => Some('U'),
        other => other.is_ascii_alphanumeric().then_some(other),
    };
    name.chars().filter_map(letter).collect()
}
