//! One stretch of a fix: properties of a resource, whole resources, or a part of a policy.

use super::super::table::{Entry, Into, Shape, Word};
use super::super::words;
use super::extra;
use super::hcl::{Expression, Item, Leaf, put, quoted};
use super::names::{Address, Names, label, snake};
use maremma_model::{Node, NodeValue};

/// What a statement of a policy is made of.
const STATEMENT: [&str; 9] = [
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];

/// The type of Terraform that is a resource of a CloudFormation type.
pub(super) fn cfn_type_of(cfn: &str) -> Option<&'static str> {
    words()
        .find(|word| word.is_own() && word.cfn() == cfn)
        .map(|word| word.ty)
}

/// The resource whose properties a stretch sets.
pub(super) struct Owner<'a> {
    pub(super) cfn: &'a str,
    pub(super) address: Option<Address>,
    pub(super) names: &'a Names,
}

/// Attributes of the resource itself, and resources beside it.
#[derive(Default)]
struct Found {
    body: Vec<Item>,
    beside: Vec<Item>,
}

impl Owner<'_> {
    /// Properties as what stands in the resource, followed by the resources that Terraform has for the others.
    pub(super) fn properties(&self, node: &Node) -> Option<Vec<Item>> {
        let together = |found: Found| found.body.into_iter().chain(found.beside).collect();
        let prefixes = self.prefixes();
        let mut prefixes = std::iter::once("").chain(prefixes);
        let found = prefixes.find_map(|prefix| self.below(prefix, node));
        found
            .map(together)
            .or_else(|| self.of_item(node))
            .or_else(|| self.statement(node))
    }

    /// A whole resource.
    pub(super) fn resource(&self, properties: Option<&Node>) -> Option<Vec<Item>> {
        let address = self.address.as_ref()?;
        let mut found = match properties {
            Some(node) => self.below("", node)?,
            None => Found::default(),
        };
        if extra::NAMED.contains(&&*address.ty) {
            let name = Item::Attribute("name".to_owned(), quoted(&address.name.replace('_', "-")));
            found.body.insert(0, name);
        }
        let own = resource(&address.ty, &address.name, found.body);
        Some(std::iter::once(own).chain(found.beside).collect())
    }

    /// The maps in which properties of the type stand: a check may say only what goes into one of them.
    fn prefixes(&self) -> Vec<&'static str> {
        let mut found = Vec::new();
        for entry in self.entries() {
            let dots = entry.to.match_indices('.');
            found.extend(dots.filter_map(|(at, _)| entry.to.get(..at)));
        }
        found.dedup();
        found
    }

    fn entries(&self) -> impl Iterator<Item = &'static Entry> {
        let extra = extra::ENTRIES.iter().filter(|(cfn, _)| *cfn == self.cfn);
        let extra = extra.flat_map(|(_, entries)| entries.iter());
        let ty = self.address.as_ref().map(|address| address.ty.clone());
        let own = move |word: &&Word| word.is_own() && ty.as_ref().is_none_or(|ty| word.ty == ty);
        let words = words().filter(|word| word.cfn() == self.cfn).filter(own);
        extra.chain(words.flat_map(|word| word.entries))
    }

    fn below(&self, prefix: &str, node: &Node) -> Option<Found> {
        let mut found = Found::default();
        self.add(prefix, node, &mut found)?;
        Some(found)
    }

    fn add(&self, prefix: &str, node: &Node, found: &mut Found) -> Option<()> {
        if node.tag.is_some() || node.entries().is_empty() {
            return None;
        }
        for entry in node.entries() {
            let path = match prefix {
                "" => entry.key.to_string(),
                prefix => format!("{prefix}.{}", entry.key),
            };
            self.property(&path, &entry.value, found)?;
        }
        Some(())
    }

    fn property(&self, path: &str, value: &Node, found: &mut Found) -> Option<()> {
        let said = |(cfn, property, word): &(&str, &str, &str)| {
            *cfn == self.cfn && *property == path && value.as_str() == Some(word)
        };
        if extra::SAID.iter().any(said) {
            return Some(());
        }
        if let Some((function, alias)) = self.qualified(path, value) {
            found.body.push(Item::Attribute("function_name".to_owned(), function));
            found.body.push(Item::Attribute("qualifier".to_owned(), quoted(alias)));
            return Some(());
        }
        let written = self
            .entries()
            .filter(|entry| entry.to == path && !self.is_deprecated(entry));
        for entry in written {
            if let Some(leaf) = self.leaf(entry.shape, value) {
                put(&mut found.body, entry.from, leaf);
                return Some(());
            }
        }
        if self.folded(path, value, found).is_some() {
            return Some(());
        }
        self.add(path, value, found)
    }

    /// The function and the alias that a permission names as one.
    fn qualified<'n>(&self, path: &str, value: &'n Node) -> Option<(Expression, &'n str)> {
        let NodeValue::Scalar { text, .. } = &value.value else {
            return None;
        };
        let of_permission = (self.cfn, path) == ("AWS::Lambda::Permission", "FunctionName");
        let (id, alias) = text.strip_prefix("${")?.split_once("}:")?;
        if !of_permission || value.tag.as_deref() != Some("Sub") || alias.contains('$') {
            return None;
        }
        let function = self.names.of(id)?.attribute("function_name");
        Some((Expression::Plain(function), alias))
    }

    fn is_deprecated(&self, entry: &Entry) -> bool {
        let ty = self.address.as_ref().map(|address| &*address.ty);
        extra::DEPRECATED
            .iter()
            .any(|(of, from)| Some(*of) == ty && *from == entry.from)
    }

    fn leaf(&self, shape: Shape, value: &Node) -> Option<Leaf> {
        let written = self.names.expression(value);
        let value = match shape {
            Shape::Text | Shape::Or(_) | Shape::Unless(_) | Shape::Json | Shape::Kept => match written? {
                plain @ Expression::Plain(_) => plain,
                document => Expression::Encoded(Box::new(document)),
            },
            Shape::Switch(on, off) => Expression::Plain(switched(value.as_str()?, on, off)?.to_owned()),
            Shape::List => match written? {
                list @ Expression::List(_) => list,
                item @ Expression::Plain(_) => Expression::List(vec![item]),
                _ => return None,
            },
            Shape::Map => written.filter(|value| matches!(value, Expression::Object(_)))?,
            Shape::Tags => self.tags(value)?,
            Shape::Each(entries) => return self.blocks(entries, value),
            Shape::Prefix | Shape::Hook => return None,
        };
        Some(Leaf::Value(value))
    }

    fn tags(&self, value: &Node) -> Option<Expression> {
        let pair = |item: &Node| {
            let value = self.names.expression(item.get("Value")?)?;
            Some((item.get("Key")?.as_str()?.to_owned(), value))
        };
        value
            .items()
            .iter()
            .map(pair)
            .collect::<Option<Vec<_>>>()
            .map(Expression::Object)
    }

    fn blocks(&self, entries: &[Entry], value: &Node) -> Option<Leaf> {
        if value.items().is_empty() {
            return None;
        }
        let block = |item: &Node| self.block(entries, item);
        value
            .items()
            .iter()
            .map(block)
            .collect::<Option<Vec<_>>>()
            .map(Leaf::Blocks)
    }

    fn block(&self, entries: &[Entry], item: &Node) -> Option<Vec<Item>> {
        let mut body = Vec::new();
        self.fill(entries, "", item, &mut body)?;
        Some(body)
    }

    fn fill(&self, entries: &[Entry], prefix: &str, node: &Node, body: &mut Vec<Item>) -> Option<()> {
        if node.tag.is_some() || node.entries().is_empty() {
            return None;
        }
        for property in node.entries() {
            let path = match prefix {
                "" => property.key.to_string(),
                prefix => format!("{prefix}.{}", property.key),
            };
            let leaf = entries
                .iter()
                .filter(|entry| entry.to == path)
                .find_map(|entry| Some((entry, self.leaf(entry.shape, &property.value)?)));
            match leaf {
                Some((entry, leaf)) => put(body, entry.from, leaf),
                None => self.fill(entries, &path, &property.value, body)?,
            }
        }
        Some(())
    }

    /// A property that Terraform sets by a resource of its own.
    fn folded(&self, path: &str, value: &Node, found: &mut Found) -> Option<()> {
        if (self.cfn, path) == ("AWS::IAM::Role", "Policies") {
            return self.role_policies(value, found);
        }
        for word in words().filter(|word| word.cfn() == self.cfn) {
            match word.into {
                Into::Item { by, list, .. } if list == path => {
                    let items: Option<Vec<_>> = value.items().iter().map(|item| self.item(word, by, item)).collect();
                    if let Some(items) = items.filter(|items| !items.is_empty()) {
                        found.beside.extend(items);
                        return Some(());
                    }
                }
                Into::Onto { by, .. } => {
                    let Some(entry) = word.entries.iter().find(|entry| entry.to == path) else {
                        continue;
                    };
                    if let Some(leaf) = self.leaf(entry.shape, value) {
                        return self.onto(word, by, entry.from, leaf, found);
                    }
                }
                _ => {}
            }
        }
        None
    }

    /// All that one other resource sets goes into the same.
    fn onto(&self, word: &Word, by: &str, from: &str, leaf: Leaf, found: &mut Found) -> Option<()> {
        let head = self.head(word.ty, None)?;
        let there = found.beside.iter_mut().find_map(|item| match item {
            Item::Block { head: known, body } if *known == head => Some(body),
            _ => None,
        });
        if let Some(body) = there {
            put(body, from, leaf);
            return Some(());
        }
        let mut body = self.named(word, by)?;
        put(&mut body, from, leaf);
        found.beside.push(Item::Block { head, body });
        Some(())
    }

    fn item(&self, word: &Word, by: &str, item: &Node) -> Option<Item> {
        let mut body = self.named(word, by)?;
        let mut name = None;
        match word.entries {
            [only] if only.to.is_empty() => {
                name = item.get("Fn::Sub").or(Some(item)).and_then(last_step);
                put(&mut body, only.from, self.leaf(only.shape, item)?);
            }
            entries if word.ty == "aws_api_gateway_method_settings" => {
                let (path, rest) = method_path(item)?;
                body.push(Item::Attribute("method_path".to_owned(), quoted(&path)));
                self.fill(entries, "", &rest, &mut body)?;
            }
            entries => self.fill(entries, "", item, &mut body)?,
        }
        let head = self.head(word.ty, name)?;
        Some(Item::Block { head, body })
    }

    fn head(&self, ty: &str, name: Option<String>) -> Option<String> {
        let name = name.or_else(|| Some(snake(self.address.as_ref()?.label())))?;
        Some(format!("resource \"{ty}\" \"{name}\""))
    }

    /// The attributes by which a resource names the one that it is about.
    fn named(&self, word: &Word, by: &str) -> Option<Vec<Item>> {
        let address = self.address.as_ref()?;
        let attribute = match by {
            "role" | "role_name" | "user" | "group" | "rule" => "name",
            "function_name" | "stage_name" => by,
            _ => "id",
        };
        let beside = extra::BESIDE.iter().filter(|(ty, _)| *ty == word.ty);
        let beside = beside.map(|(_, name)| (*name, *name));
        let item = |(name, attribute): (&str, &str)| {
            Item::Attribute(name.to_owned(), Expression::Plain(address.attribute(attribute)))
        };
        Some(beside.chain([(by, attribute)]).map(item).collect())
    }

    /// Inline policies, for which the block in the role is deprecated.
    fn role_policies(&self, value: &Node, found: &mut Found) -> Option<()> {
        let word = words().find(|word| word.ty == "aws_iam_role_policy")?;
        for policy in value.items() {
            let mut body = self.named(word, "role")?;
            self.fill(word.entries, "", policy, &mut body)?;
            let name = policy.get("PolicyName").and_then(Node::as_str).map(label);
            found.beside.push(Item::Block {
                head: self.head(word.ty, name)?,
                body,
            });
        }
        (!value.items().is_empty()).then_some(())
    }

    /// What goes into an item of a list that Terraform has as a resource of its own.
    fn of_item(&self, node: &Node) -> Option<Vec<Item>> {
        let items = words().filter(|word| word.cfn() == self.cfn && matches!(word.into, Into::Item { .. }));
        items.filter_map(|word| self.block(word.entries, node)).next()
    }

    /// Entries of a statement, which stands in a document.
    fn statement(&self, node: &Node) -> Option<Vec<Item>> {
        let attribute = |entry: &maremma_model::Entry| {
            STATEMENT.contains(&&*entry.key).then_some(())?;
            Some(Item::Attribute(
                entry.key.to_string(),
                self.names.expression(&entry.value)?,
            ))
        };
        let items: Option<Vec<_>> = node.entries().iter().map(attribute).collect();
        items.filter(|items| !items.is_empty())
    }
}

/// A boolean by the word that CloudFormation has for it.
pub(super) fn switched(word: &str, on: &str, off: &str) -> Option<&'static str> {
    match word {
        word if word == on => Some("true"),
        word if word == off => Some("false"),
        _ => None,
    }
}

/// One block whose first label is a type.
fn resource(ty: &str, name: &str, body: Vec<Item>) -> Item {
    Item::Block {
        head: format!("resource \"{ty}\" \"{name}\""),
        body,
    }
}

/// What an ARN ends in, as a name.
fn last_step(node: &Node) -> Option<String> {
    let NodeValue::Scalar { text, .. } = &node.value else {
        return None;
    };
    let name = snake(text.rsplit('/').next()?);
    (!name.is_empty()).then_some(name)
}

/// Terraform writes the path and the method of a setting as one, `*/*` for all; and what else is set.
/// Source: provider `hashicorp/aws`, `aws_api_gateway_method_settings`, "method_path".
fn method_path(item: &Node) -> Option<(String, Node)> {
    let path = item.get("ResourcePath")?.as_str()?;
    let method = item.get("HttpMethod")?.as_str()?;
    let path = match path {
        "/*" => "*",
        path => path.strip_prefix('/').filter(|path| !path.is_empty())?,
    };
    let rest = item
        .entries()
        .iter()
        .filter(|entry| !matches!(&*entry.key, "ResourcePath" | "HttpMethod"));
    let rest = Node::map(rest.cloned().collect(), item.place);
    Some((format!("{path}/{method}"), rest))
}
