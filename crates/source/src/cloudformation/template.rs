//! A template as a tree with sections, before anything is resolved.

use maremma_model::{Node, NodeValue};

/// Sections by which a template is recognised.
const SECTIONS: [&str; 4] = ["AWSTemplateFormatVersion", "Resources", "Transform", "Globals"];

/// Whether a parsed file is a CloudFormation or SAM template: it says so, or it has a map of
/// resources of which one has a type of CloudFormation's form. A template that says what it is and
/// has no resources is one too, so that its emptiness can be told.
pub(crate) fn is_template(root: &Node) -> bool {
    if root.entry("AWSTemplateFormatVersion").is_some() {
        return true;
    }
    let Some(resources) = root.get("Resources") else {
        return false;
    };
    transforms(root).any(|name| name.starts_with("AWS::"))
        || resources
            .entries()
            .iter()
            .any(|entry| entry.value.get("Type").and_then(Node::as_str).is_some_and(is_type))
}

/// Whether an unparseable text looks like a template, so that it becomes a gap and is not passed over.
pub(crate) fn looks_like_template(text: &str) -> bool {
    text.contains("AWSTemplateFormatVersion")
        || (text.contains("AWS::") && SECTIONS.iter().any(|section| text.contains(section)))
}

fn is_type(name: &str) -> bool {
    name.starts_with("Custom::") || (name.contains("::") && !name.contains(char::is_whitespace))
}

/// The names in `Transform`: one, or a list.
pub(crate) fn transforms(root: &Node) -> impl Iterator<Item = &str> {
    let node = root.get("Transform");
    let one = node.and_then(Node::as_str);
    one.into_iter().chain(
        node.into_iter()
            .flat_map(Node::items)
            .filter_map(|item| item.as_str().or_else(|| item.get("Name")?.as_str())),
    )
}

/// Transforms of AWS that are written out here, or that change nothing that is read.
const KNOWN_TRANSFORMS: [&str; 5] = [
    "AWS::LanguageExtensions",
    "AWS::Serverless-2016-10-31",
    "AWS::CodeDeployBlueGreen",
    "AWS::SecretsManager-2020-07-23",
    "AWS::SecretsManager-2024-09-16",
];

/// The macros of a template that only CloudFormation runs: they may change any of it.
pub(crate) fn macros(root: &Node) -> Vec<&str> {
    transforms(root)
        .filter(|name| !KNOWN_TRANSFORMS.contains(name))
        .collect()
}

/// Whether AWS SAM's transform writes this template out: it asks for that, or it has resources that mean
/// nothing without it, as in a part of a template that is put together later.
pub(crate) fn is_serverless(root: &Node) -> bool {
    let resources = root.get("Resources").map_or(&[][..], Node::entries).iter();
    let mut kinds = resources.filter_map(|entry| entry.value.get("Type")?.as_str());
    transforms(root).any(|name| name.starts_with("AWS::Serverless"))
        || kinds.any(|kind| kind.starts_with("AWS::Serverless::"))
}

/// An intrinsic function call: its name in long form without `Fn::`, and its argument.
pub(crate) struct Call<'a> {
    pub(crate) name: &'a str,
    pub(crate) argument: Argument<'a>,
}

/// The argument of a call. A tagged node is its own argument, once its tag is looked away from.
#[derive(Clone, Copy)]
pub(crate) enum Argument<'a> {
    Node(&'a Node),
    Tagged(&'a Node),
}

impl<'a> Argument<'a> {
    /// The scalar, where the argument is one.
    pub(crate) fn as_str(self) -> Option<&'a str> {
        match self {
            Argument::Node(node) => node.as_str(),
            Argument::Tagged(node) => match &node.value {
                NodeValue::Scalar { text, .. } => Some(text),
                _ => None,
            },
        }
    }

    /// The items, where the argument is a list.
    pub(crate) fn items(self) -> &'a [Node] {
        match self {
            Argument::Node(node) if node.tag.is_some() => &[],
            Argument::Node(node) | Argument::Tagged(node) => node.items(),
        }
    }

    pub(crate) fn node(self) -> &'a Node {
        match self {
            Argument::Node(node) | Argument::Tagged(node) => node,
        }
    }
}

/// The call that a node is: a tag (`!Sub`), or a map of one entry (`Fn::Sub`, `Ref`).
pub(crate) fn call(node: &Node) -> Option<Call<'_>> {
    if let Some(tag) = &node.tag {
        return Some(Call {
            name: tag,
            argument: Argument::Tagged(node),
        });
    }
    match node.entries() {
        [entry] => {
            let name = if &*entry.key == "Ref" {
                "Ref"
            } else {
                entry.key.strip_prefix("Fn::")?
            };
            Some(Call {
                name,
                argument: Argument::Node(&entry.value),
            })
        }
        _ => None,
    }
}
