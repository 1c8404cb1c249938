//! Resource policies of REST APIs: lists of whom to let in and whom to keep out, as statements.

use super::super::Sam;
use super::super::make::{self, Make};
use super::body::{self, ANY_METHOD, Body};
use maremma_model::{GapKind, Node, NodeValue};

const POLICY: &str = "x-amazon-apigateway-policy";

/// What the lists of a `ResourcePolicy` say of the methods of a path.
pub(super) fn add(sam: &Sam<'_>, body: &mut Body, written: &Node, (path, stage): (&str, &Node)) {
    let resources = resources(body, path, stage, Make(written.place));
    for (list, effect) in [("AwsAccountWhitelist", "Allow"), ("AwsAccountBlacklist", "Deny")] {
        let Some(accounts) = present(written, list) else {
            continue;
        };
        let make = Make(accounts.place);
        let principal = make.map(vec![("AWS", listed(accounts))]);
        let statement = statement(make, effect, principal, &resources, None);
        // One alone is no list.
        if has_statements(body) {
            append(body, make, vec![statement], true);
        } else {
            begin(body, make, statement);
        }
    }
    for (list, operator) in [("IpRangeWhitelist", "NotIpAddress"), ("IpRangeBlacklist", "IpAddress")] {
        let Some(ranges) = present(written, list) else {
            continue;
        };
        let make = Make(ranges.place);
        let condition = make.map(vec![("aws:SourceIp", listed(ranges))]);
        allow_all_but(body, make, &resources, make.map(vec![(operator, condition)]));
    }
    for (word, operator) in [("Blacklist", "StringEquals"), ("Whitelist", "StringNotEquals")] {
        if let Some((make, condition)) = networks(sam, written, word) {
            allow_all_but(body, make, &resources, make.map(vec![(operator, condition)]));
        }
    }
}

/// The statements that the author has written whole.
pub(super) fn add_custom(body: &mut Body, written: &Node) {
    let Some(statements) = present(written, "CustomStatements") else {
        return;
    };
    let make = Make(statements.place);
    if has_statements(body) {
        let statements = match &statements.value {
            NodeValue::Seq(items) if statements.tag.is_none() => items.clone(),
            _ => vec![statements.clone()],
        };
        return append(body, make, statements, false);
    }
    begin(body, make, statements.clone());
}

/// The first statements of a policy, as they are.
fn begin(body: &mut Body, make: Make, statements: Node) {
    body.said = None;
    if let Some(policy) = policy(body, make) {
        make::set(policy, "Statement", statements);
    }
}

fn has_statements(body: &Node) -> bool {
    let policy = body.get(POLICY).and_then(|policy| policy.get("Statement"));
    policy.is_some_and(|statements| !statements.is_null())
}

fn present<'n>(written: &'n Node, list: &str) -> Option<&'n Node> {
    let empty = |node: &&Node| node.is_null() || matches!(&node.value, NodeValue::Seq(items) if items.is_empty());
    written.get(list).filter(|node| !empty(node))
}

fn listed(node: &Node) -> Node {
    match &node.value {
        NodeValue::Seq(_) if node.tag.is_none() => node.clone(),
        _ => Make(node.place).list(vec![node.clone()]),
    }
}

/// The networks that the lists of one kind name: in words, or as references.
fn networks(sam: &Sam<'_>, written: &Node, word: &str) -> Option<(Make, Node)> {
    let of = |name: &str| written.get(&format!("{name}{word}")).filter(|node| !node.is_null());
    let (named, vpcs, endpoints) = (of("SourceVpc"), of("IntrinsicVpc"), of("IntrinsicVpce"));
    let make = Make([named, vpcs, endpoints].into_iter().flatten().next()?.place);
    let mut networks = make.map(Vec::new());
    let mut in_words = Vec::new();
    for item in named.map_or(&[][..], Node::items) {
        match sam.text(item) {
            Some(text) => in_words.push(Make(item.place).text(&text)),
            None => sam.gap(
                GapKind::Unsupported,
                "expected the id of a VPC or of an endpoint",
                item.place,
            ),
        }
    }
    let referred = |list: Option<&Node>| list.map_or(Vec::new(), |list| list.items().to_vec());
    let starts = |with: &str| {
        let of = |item: &&Node| item.as_str().is_some_and(|text| text.starts_with(with));
        in_words.iter().filter(of).cloned().collect::<Vec<_>>()
    };
    for (key, mut all, more) in [
        ("aws:SourceVpc", starts("vpc-"), referred(vpcs)),
        ("aws:SourceVpce", starts("vpce-"), referred(endpoints)),
    ] {
        all.extend(more);
        if !all.is_empty() {
            make::set(&mut networks, key, make.list(all));
        }
    }
    (!networks.entries().is_empty()).then_some((make, networks))
}

/// Everybody may call, except under the condition.
fn allow_all_but(body: &mut Body, make: Make, resources: &Node, condition: Node) {
    let allow = statement(make, "Allow", make.text("*"), resources, None);
    let deny = statement(make, "Deny", make.text("*"), resources, Some(condition));
    append(body, make, vec![allow, deny], false);
}

fn statement(make: Make, effect: &str, principal: Node, resources: &Node, condition: Option<Node>) -> Node {
    let mut entries = vec![
        ("Effect", make.text(effect)),
        ("Action", make.text("execute-api:Invoke")),
        ("Resource", resources.clone()),
        ("Principal", principal),
    ];
    entries.extend(condition.map(|condition| ("Condition", condition)));
    make.map(entries)
}

/// The methods of a path, as a policy names them.
fn resources(body: &mut Body, path: &str, stage: &Node, make: Make) -> Node {
    let item = body.item_mut(path).map(|item| &*item);
    let items = item.map(body::contents).unwrap_or_default();
    let starred = starred(path);
    let methods = items.into_iter().flat_map(Node::entries).map(|entry| {
        let lower = entry.key.to_lowercase();
        let method = match &*lower {
            ANY_METHOD | "any" => "*".to_owned(),
            _ => entry.key.to_uppercase(),
        };
        let text = format!("execute-api:/${{__Stage__}}/{method}{starred}");
        make.sub_with(&text, vec![("__Stage__", stage.clone())])
    });
    make.list(methods.collect())
}

/// A path with `*` in place of its parameters, as ARNs have it.
pub(in super::super) fn starred(path: &str) -> String {
    starred_where(path, |name| is_parameter(name.strip_suffix('+').unwrap_or(name)))
}

/// As [`starred`], for HTTP APIs: of the parameters that take several parts, only `{proxy+}` is seen.
pub(in super::super) fn starred_http(path: &str) -> String {
    starred_where(path, |name| name == "proxy+" || is_parameter(name))
}

fn starred_where(path: &str, is_seen: impl Fn(&str) -> bool) -> String {
    let mut result = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        result.push_str(before);
        let name = after.split_once('}').filter(|(name, _)| is_seen(name));
        match name {
            Some((_, behind)) => {
                result.push('*');
                rest = behind;
            }
            None => {
                result.push('{');
                rest = after;
            }
        }
    }
    result.push_str(rest);
    result
}

fn is_parameter(name: &str) -> bool {
    let allowed = |char: char| char.is_ascii_alphanumeric() || matches!(char, '.' | '_' | '-');
    !name.is_empty() && name.chars().all(allowed)
}

fn policy(body: &mut Node, make: Make) -> Option<&mut Node> {
    let policy = body::map_at(body, &[POLICY])?;
    make::set(policy, "Version", make.text("2012-10-17"));
    Some(policy)
}

/// Appends statements that are not there yet, or, `repeated`, whether or not they are.
fn append(body: &mut Body, make: Make, statements: Vec<Node>, repeated: bool) {
    let Body { node, said, .. } = body;
    let Some(policy) = policy(node, make) else {
        return;
    };
    let Some(list) = make::slot(policy, "Statement", |make| make.list(Vec::new())) else {
        return;
    };
    if !matches!(list.value, NodeValue::Seq(_)) || list.tag.is_some() {
        *list = make.list(vec![list.clone()]);
    }
    let said = said.get_or_insert_with(|| list.items().iter().map(make::said).collect());
    for statement in statements {
        if said.insert(make::said(&statement)) || repeated {
            make::push(list, statement);
        }
    }
}
