//! `AWS::Serverless::Application`: a nested stack, of a template or of an application that a repository
//! publishes.

#[cfg(test)]
mod tests;

use super::Sam;
use super::handed_on::{created_by, same, tags};
use super::make::{Make, is_call};
use super::source::Source;
use maremma_model::{GapKind, Node};

pub(super) fn expand(sam: &mut Sam<'_>, source: Source<'_>) {
    let mut properties = same(
        source.node.get("Properties"),
        &["NotificationARNs", "Parameters", "TimeoutInMinutes"],
    );
    let mut list = vec![created_by(Make(source.place), "lambda:createdBy")];
    list.extend(tags(sam, source.property("Tags")));
    match source.property("Location") {
        // The repository gives a URL of its own for every deployment, which nobody can know before.
        Some(location) if location.is_map() && !is_call(location) => {
            list.extend(published(location, "ApplicationId", "serverlessrepo:applicationId"));
            list.extend(published(location, "SemanticVersion", "serverlessrepo:semanticVersion"));
        }
        Some(location) => properties.push(("TemplateURL", location.clone())),
        None => {
            let reason = format!("application {}: Location is missing", source.id);
            sam.gap(GapKind::Unparsed, reason, source.place);
        }
    }
    properties.push(("Tags", source.make("Tags").list(list)));
    let stack = Make(source.place).resource("AWS::CloudFormation::Stack", properties);
    sam.add_main_as(source, source.id, stack);
}

/// The tag that says which published application, or which version of it, a stack was made of.
fn published(location: &Node, property: &str, key: &str) -> Option<Node> {
    let value = location.get(property)?;
    let make = Make(value.place);
    Some(make.map(vec![("Key", make.text(key)), ("Value", value.clone())]))
}
