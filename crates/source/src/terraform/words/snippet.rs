//! The fixes that checks write in CloudFormation's words, in those of Terraform.

mod extra;
mod hcl;
mod names;
mod part;
#[cfg(test)]
mod tests;

use super::table::{Entry, Shape};
use crate::terraform::expression::parse;
use crate::tree::{self, Syntax};
use maremma_model::{FileId, Node, NodeValue};
pub(super) use names::snake;
use names::{Address, Names};
use part::{Owner, cfn_type_of};

/// A fix for a resource, by its CloudFormation type and its address; `None` where not all of it can be said.
pub fn terraform_snippet(yaml: &str, cfn: &str, address: &str) -> Option<String> {
    let parts: Vec<Part> = yaml.split("\n\n").map(Part::parse).collect::<Option<_>>()?;
    let parts: Vec<Part> = parts.into_iter().filter(|part| !part.is_sam()).collect();
    let mut names = Names::default();
    for part in &parts {
        part.declare(&mut names)?;
    }
    let mut own = Address::parse(address);
    if own.is_none() {
        own = cfn_type_of(cfn).map(|ty| Address {
            ty: ty.to_owned(),
            name: names::label(address),
        });
    }
    if let Some(own) = &own {
        names.known(address, own);
    }
    let written: Vec<String> = parts
        .iter()
        .map(|part| part.written(cfn, own.as_ref(), &names))
        .collect::<Option<_>>()?;
    (!written.is_empty()).then(|| written.join("\n\n"))
}

/// Whether a text is wholly Terraform's language.
pub fn is_terraform(text: &str) -> bool {
    parse(text).faults.is_empty()
}

/// The value of an attribute that says what a value of CloudFormation's property says; `None` where the
/// attribute has another meaning, or none that is known.
pub fn terraform_value(cfn: &str, attribute: &str, value: &str) -> Option<String> {
    let words = super::words().filter(|word| word.cfn() == cfn);
    let extra = extra::ENTRIES.iter().filter(|(known, _)| *known == cfn);
    let entries = extra.flat_map(|(_, entries)| entries.iter());
    let all: Vec<&Entry> = entries.chain(words.flat_map(|word| word.entries)).collect();
    all.into_iter().find_map(|entry| valued(entry, attribute, value))
}

fn valued(entry: &Entry, attribute: &str, value: &str) -> Option<String> {
    if let Shape::Each(inner) = entry.shape {
        return inner.iter().find_map(|entry| valued(entry, attribute, value));
    }
    if entry.from.rsplit('.').next() != Some(attribute) {
        return None;
    }
    match entry.shape {
        Shape::Text | Shape::Or(_) => Some(value.to_owned()),
        Shape::Unless(nothing) => (value != nothing).then(|| value.to_owned()),
        Shape::Switch(on, off) => part::switched(value, on, off).map(str::to_owned),
        _ => None,
    }
}

/// A stretch of a fix, after the comments that say where it goes.
struct Part {
    comments: Vec<String>,
    root: Node,
}

impl Part {
    fn parse(text: &str) -> Option<Self> {
        let comments: Vec<String> = text
            .lines()
            .take_while(|line| line.starts_with('#'))
            .map(str::to_owned)
            .collect();
        let rest: Vec<&str> = text.lines().skip(comments.len()).collect();
        let root = tree::parse(&rest.join("\n"), FileId(0), Syntax::Either).ok()?.root;
        Some(Part { comments, root })
    }

    /// AWS SAM is a way to write CloudFormation.
    fn is_sam(&self) -> bool {
        let says = |word: &str| self.comments.iter().any(|comment| comment.contains(word));
        let plain = self.comments.iter().all(|comment| comment.contains("unless AWS SAM"));
        (says("AWS SAM") && !plain) || says("AWS::Serverless")
    }

    /// The resources, where the stretch is made of those.
    fn resources(&self) -> impl Iterator<Item = (&str, &str, Option<&Node>)> {
        let entries = self.root.entries().iter();
        entries.filter_map(|entry| {
            let ty = entry.value.get("Type")?.as_str().filter(|ty| ty.contains("::"))?;
            Some((&*entry.key, ty, entry.value.get("Properties")))
        })
    }

    fn declare(&self, names: &mut Names) -> Option<()> {
        for (id, ty, properties) in self.resources() {
            if ty == "AWS::Lambda::Version" {
                let function = referred(properties?.get("FunctionName")?)?;
                names.versions.push((id.to_owned(), names.of(function)?));
            } else {
                names.declare(id, ty)?;
            }
        }
        Some(())
    }

    fn written(&self, cfn: &str, own: Option<&Address>, names: &Names) -> Option<String> {
        let mut out: Vec<String> = Vec::new();
        let in_resources = self.comments.iter().any(|comment| comment.contains("in Resources"));
        if !in_resources {
            out.extend(
                self.comments
                    .iter()
                    .map(|comment| comment.replace(", unless AWS SAM makes it", "")),
            );
        }
        let resources: Vec<_> = self.resources().collect();
        if !resources.is_empty() {
            let each = resources.into_iter().map(|resource| whole(resource, names));
            let each: Vec<String> = each.collect::<Option<_>>()?;
            out.push(each.join("\n\n"));
            return Some(out.join("\n"));
        }
        if !self.root.items().is_empty() {
            let items = self.root.items().iter().map(|item| names.expression(item));
            let items: Vec<_> = items
                .map(|item| item.as_ref().map(hcl::expression))
                .collect::<Option<_>>()?;
            out.push(items.join(",\n"));
            return Some(out.join("\n"));
        }
        if self.root.as_str().is_some() {
            let value = hcl::quoted(self.root.as_str().filter(|text| !text.contains("{{resolve:"))?);
            return Some(hcl::expression(&value));
        }
        let in_role = self.comments.iter().any(|comment| comment.starts_with("# in the role"));
        let role = in_role.then(|| Address {
            ty: "aws_iam_role".to_owned(),
            name: "role".to_owned(),
        });
        let owner = Owner {
            cfn: if in_role { "AWS::IAM::Role" } else { cfn },
            address: role.or_else(|| own.cloned()),
            names,
        };
        let items = owner
            .properties(&self.root)
            .or_else(|| neighbour(cfn, &self.root, names))?;
        out.push(hcl::written(&items));
        Some(out.join("\n"))
    }
}

/// The id that a node refers to.
fn referred(node: &Node) -> Option<&str> {
    match &node.value {
        NodeValue::Scalar { text, .. } if node.tag.as_deref() == Some("Ref") => Some(text),
        _ => None,
    }
}

fn whole((id, ty, properties): (&str, &str, Option<&Node>), names: &Names) -> Option<String> {
    if let Some((_, function)) = names.versions.iter().find(|(known, _)| known == id) {
        return Some(format!(
            "# in {}.{}, which makes a version with each change\npublish = true",
            function.ty, function.name
        ));
    }
    let owner = Owner {
        cfn: ty,
        address: names.of(id),
        names,
    };
    owner.resource(properties).map(|items| hcl::written(&items))
}

/// Properties of another type of the same service: those of the methods, in what is said of an API.
fn neighbour(cfn: &str, root: &Node, names: &Names) -> Option<Vec<hcl::Item>> {
    let (service, _) = cfn.rsplit_once("::")?;
    let near = |word: &&super::Word| word.is_own() && word.cfn() != cfn && word.cfn().starts_with(service);
    let mut found = super::words().filter(near).filter_map(|word| {
        let owner = Owner {
            cfn: word.cfn(),
            address: Some(Address {
                ty: word.ty.to_owned(),
                name: String::new(),
            }),
            names,
        };
        owner.properties(root)
    });
    let first = found.next()?;
    found.next().is_none().then_some(first)
}
