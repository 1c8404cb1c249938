//! Roles: the one that functions share, those of their own, and those that are written out.

use super::service::{Function, Service, deep, entries, part};
use crate::cloudformation::{call, make, make::Make};
use maremma_model::{GapKind, Node, NodeValue};

/// The logical id of the role that functions share.
const SHARED: &str = "IamRoleLambdaExecution";
pub(super) const PLUGIN: &str = "serverless-iam-roles-per-function";

/// The role that a function is told to take on: its own, else the provider's.
pub(super) fn written(service: &Service<'_>, function: &Function) -> Option<Node> {
    let own = service
        .set(&function.node, "role")
        .or_else(|| deep(&function.node, &["iam", "role"]).filter(|role| is_existing(role)));
    own.cloned().or_else(|| of_provider(service))
}

/// The role that the provider tells all functions to take on.
fn of_provider(service: &Service<'_>) -> Option<Node> {
    let role = deep(&service.provider, &["iam", "role"]).filter(|role| is_existing(role));
    role.or_else(|| service.set(&service.provider, "role")).cloned()
}

/// A name, an ARN or a reference, rather than what a role is to be like.
fn is_existing(role: &Node) -> bool {
    role.as_str().is_some() || call(role).is_some()
}

/// How a function comes to a role of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Own {
    /// By the plugin: `iamRoleStatements`.
    Plugin,
    /// By the framework's fourth version: `iam.role` of the function, or `mode: perFunction`.
    Native,
}

fn own(service: &Service<'_>, function: &Function) -> Option<Own> {
    if service.set(&function.node, "role").is_some() || of_provider(service).is_some() {
        return None;
    }
    let native = deep(&function.node, &["iam", "role"]).filter(|role| !is_existing(role));
    let opted = native.is_some_and(|role| part(role, "statements").or(part(role, "managedPolicies")).is_some());
    let every = deep(&service.provider, &["iam", "role", "mode"]).and_then(|mode| service.text(mode));
    if opted || every.as_deref() == Some("perFunction") {
        return Some(Own::Native);
    }
    part(&function.node, "iamRoleStatements")?;
    if service.plugin {
        return Some(Own::Plugin);
    }
    // The fourth version takes the plugin's settings for its own.
    (service.version != Some(3)).then_some(Own::Native)
}

/// What stands in a function's property `Role`.
pub(super) fn of_function(service: &mut Service<'_>, function: &Function) -> Node {
    if let Some(role) = written(service, function) {
        let at = Make(role.place);
        return match service.text(&role) {
            Some(text) if !text.starts_with("arn:") => at.get_att(&text, "Arn"),
            _ => role,
        };
    }
    if part(&function.node, "iamRoleStatements").is_some() && own(service, function).is_none() {
        let reason = format!(
            "function {}: iamRoleStatements does nothing without the plugin {PLUGIN}",
            function.key
        );
        service.gap(GapKind::Unsupported, reason, function.place);
    }
    let at = Make(function.place);
    match own(service, function) {
        Some(_) => at.get_att(&own_id(function), "Arn"),
        None => at.get_att(SHARED, "Arn"),
    }
}

fn own_id(function: &Function) -> String {
    format!("{}{SHARED}", function.base)
}

/// Makes the roles, once it is known what functions need.
pub(super) fn compile(service: &mut Service<'_>) {
    let functions = service.functions.clone();
    let mut shared = false;
    for (number, function) in functions.iter().enumerate() {
        match own(service, function) {
            Some(how) => own_role(service, number, function, how),
            None => shared |= written(service, function).is_none(),
        }
    }
    // With the plugin the framework makes the shared role all the same.
    let plugin = functions
        .iter()
        .any(|function| own(service, function) == Some(Own::Plugin));
    if shared || (plugin && of_provider(service).is_none()) {
        shared_role(service);
    }
}

fn shared_role(service: &mut Service<'_>) {
    let at = service.at_provider(&["iam", "role"]);
    let functions = service.functions.clone();
    let config = deep(&service.provider, &["iam", "role"]).cloned();
    let uses = |service: &Service<'_>, number: usize| {
        functions
            .get(number)
            .is_some_and(|function| own(service, function) != Some(Own::Native))
    };
    let mut statements = logs(service, at, |service, number| uses(service, number));
    let mut services = vec!["lambda.amazonaws.com"];
    let mut granted: Vec<Node> = Vec::new();
    for (number, needs) in service.needs.iter().enumerate() {
        if uses(service, number) {
            granted.extend(needs.grants.iter().map(|grant| grant.statement.clone()));
            for trusted in &needs.trusted {
                if !services.contains(trusted) {
                    services.push(trusted);
                }
            }
        }
    }
    distinct(&mut granted);
    statements.extend(written_statements(service));
    statements.extend(granted);
    let name = config
        .as_ref()
        .and_then(|config| part(config, "name"))
        .cloned()
        .unwrap_or_else(|| {
            let parts = vec![
                service.prefixed(at, "-"),
                at.reference("AWS::Region"),
                at.text("-lambdaRole"),
            ];
            service.joined(at, parts)
        });
    let mut managed = managed_policies(service);
    let networked = part(&service.provider, "vpc").is_some()
        || functions.iter().any(|function| function.node.entry("vpc").is_some());
    if networked {
        managed.push(network_policy(service.at_provider(&["vpc"])));
    }
    let mut properties = vec![("RoleName", name)];
    properties.extend(common(service, at, config.as_ref(), None));
    let role = role(service, at, properties, &services, statements, managed);
    service.add(SHARED, role);
}

fn own_role(service: &mut Service<'_>, number: usize, function: &Function, how: Own) {
    let native = deep(&function.node, &["iam", "role"])
        .filter(|role| !is_existing(role))
        .cloned();
    let written = native.as_ref().and_then(|role| part(role, "statements"));
    let written = written.or_else(|| part(&function.node, "iamRoleStatements")).cloned();
    let place = written
        .as_ref()
        .or(native.as_ref())
        .map_or(function.place, |node| node.place);
    let at = Make(place);
    let group = at.sub_with(
        "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${Group}:*:*",
        vec![(
            "Group",
            service.joined(at, vec![at.text("/aws/lambda/"), function.name.clone()]),
        )],
    );
    let actions = at.texts(&["logs:CreateLogStream", "logs:CreateLogGroup", "logs:PutLogEvents"]);
    let mut statements = vec![at.statement(actions, at.list(vec![group]))];
    let needs = service.needs.get(number);
    let granted = needs.into_iter().flat_map(|needs| &needs.grants);
    let granted = granted.filter(|grant| how == Own::Native || grant.of_plugin);
    statements.extend(granted.map(|grant| grant.statement.clone()));
    if inherits(service, function) {
        statements.extend(written_statements(service));
    }
    statements.extend(written.as_ref().map_or_else(Vec::new, |list| list.items().to_vec()));
    let provider = deep(&service.provider, &["iam", "role"]).cloned();
    let mut managed = Vec::new();
    if how == Own::Native {
        managed.extend(managed_policies(service));
        let own = native.as_ref().and_then(|role| part(role, "managedPolicies"));
        managed.extend(own.map_or_else(Vec::new, |list| list.items().to_vec()));
    }
    let networked = service.set(&function.node, "vpc").or(part(&service.provider, "vpc"));
    if let Some(network) = networked.filter(|network| !entries(network).is_empty() || call(network).is_some()) {
        managed.push(network_policy(Make(network.place)));
    }
    let name = native.as_ref().and_then(|role| part(role, "name"));
    let name = name.or_else(|| part(&function.node, "iamRoleStatementsName")).cloned();
    let name = name.unwrap_or_else(|| {
        let parts = vec![
            service.prefixed(at, &format!("-{}-", function.key)),
            at.reference("AWS::Region"),
            at.text("-lambdaRole"),
        ];
        service.joined(at, parts)
    });
    let mut services = vec!["lambda.amazonaws.com"];
    let trusted = service.needs.get(number).filter(|_| how == Own::Native);
    services.extend(trusted.into_iter().flat_map(|needs| &needs.trusted));
    let mut properties = vec![("RoleName", name)];
    properties.extend(common(
        service,
        at,
        provider.as_ref(),
        Some((function, native.as_ref())),
    ));
    let role = role(service, at, properties, &services, statements, managed);
    service.add_for(function, &own_id(function), role);
}

/// Whether a role of a function's own has the statements of the provider, too.
fn inherits(service: &Service<'_>, function: &Function) -> bool {
    let own = part(&function.node, "iamRoleStatementsInherit")
        .or_else(|| deep(&function.node, &["iam", "inheritStatements"]));
    if let Some(own) = own {
        return service.on(own);
    }
    let every = deep(&service.provider, &["iam", "role", "mode"]).and_then(|mode| service.text(mode));
    let default = deep(&service.custom, &[PLUGIN, "defaultInherit"]);
    every.as_deref() == Some("perFunction") || default.is_some_and(|default| service.on(default))
}

/// Path, boundary and tags: of a role of a function's own, else of the provider.
fn common(
    service: &Service<'_>,
    at: Make,
    provider: Option<&Node>,
    own: Option<(&Function, Option<&Node>)>,
) -> Vec<(&'static str, Node)> {
    let native = own.and_then(|(_, native)| native);
    let find = |key: &str| native.and_then(|role| part(role, key)).or_else(|| part(provider?, key));
    let mut made = vec![("Path", find("path").cloned().unwrap_or_else(|| at.text("/")))];
    let plugin = own.and_then(|(function, _)| part(&function.node, "iamPermissionsBoundary"));
    let boundary = plugin
        .or_else(|| deep(&service.custom, &[PLUGIN, "iamGlobalPermissionsBoundary"]))
        .or_else(|| find("permissionsBoundary"))
        .or_else(|| find("permissionBoundary"))
        .or_else(|| part(&service.provider, "rolePermissionsBoundary"));
    made.extend(boundary.map(|boundary| ("PermissionsBoundary", boundary.clone())));
    if let Some(tags) = find("tags") {
        let tag = |entry: &maremma_model::Entry| {
            let at = Make(entry.key_place);
            at.map(vec![("Key", at.text(&entry.key)), ("Value", entry.value.clone())])
        };
        made.push(("Tags", Make(tags.place).list(entries(tags).iter().map(tag).collect())));
    }
    made
}

fn role(
    service: &Service<'_>,
    at: Make,
    mut properties: Vec<(&str, Node)>,
    services: &[&str],
    statements: Vec<Node>,
    managed: Vec<Node>,
) -> Node {
    let document = at.map(vec![
        ("Version", at.text("2012-10-17")),
        ("Statement", at.list(statements)),
    ]);
    let policy = at.map(vec![
        ("PolicyName", service.prefixed(at, "-lambda")),
        ("PolicyDocument", document),
    ]);
    properties.push(("AssumeRolePolicyDocument", at.trust(services)));
    properties.push(("Policies", at.list(vec![policy])));
    if !managed.is_empty() {
        properties.push(("ManagedPolicyArns", at.list(managed)));
    }
    at.resource("AWS::IAM::Role", properties)
}

/// What functions need to write their logs: by the names that all of them begin with, and by the others.
fn logs(service: &Service<'_>, at: Make, uses: impl Fn(&Service<'_>, usize) -> bool) -> Vec<Node> {
    let prefix = service.text(&service.prefixed(at, ""));
    let mut groups: Vec<Node> = Vec::new();
    let (mut canonical, mut silent) = (false, Vec::new());
    for (number, function) in service.functions.iter().enumerate() {
        if !uses(service, number) {
            continue;
        }
        let disabled = service.set(&function.node, "disableLogs").is_some();
        let name = service.text(&function.name);
        let begins = part(&function.node, "name").is_none()
            || matches!((&name, &prefix), (Some(name), Some(prefix)) if name.starts_with(prefix.as_str()));
        match (begins, disabled) {
            (true, true) => silent.push(function.name.clone()),
            (true, false) => canonical = true,
            (false, true) => {}
            (false, false) => groups.push(function.name.clone()),
        }
    }
    if canonical {
        groups.push(service.prefixed(at, "*"));
    }
    let arns = |groups: &[Node], end: &str| {
        let text = format!(
            "arn:${{AWS::Partition}}:logs:${{AWS::Region}}:${{AWS::AccountId}}:log-group:/aws/lambda/${{Name}}{end}"
        );
        at.list(
            groups
                .iter()
                .map(|name| at.sub_with(&text, vec![("Name", name.clone())]))
                .collect(),
        )
    };
    if groups.is_empty() {
        return Vec::new();
    }
    let create = at.texts(&["logs:CreateLogStream", "logs:CreateLogGroup", "logs:TagResource"]);
    let mut statements = vec![
        at.statement(create, arns(&groups, ":*")),
        at.statement(at.texts(&["logs:PutLogEvents"]), arns(&groups, ":*:*")),
    ];
    if canonical && !silent.is_empty() {
        statements.push(at.map(vec![
            ("Effect", at.text("Deny")),
            ("Action", at.text("logs:PutLogEvents")),
            ("Resource", arns(&silent, ":*")),
        ]));
    }
    statements
}

/// `iam.role.statements`, or `iamRoleStatements` as it was called before.
fn written_statements(service: &mut Service<'_>) -> Vec<Node> {
    let written = deep(&service.provider, &["iam", "role", "statements"])
        .or_else(|| part(&service.provider, "iamRoleStatements"))
        .cloned();
    let Some(written) = written else { return Vec::new() };
    if call(&written).is_some() {
        let reason = "the statements of the functions' role are not known: what it may do is not known either";
        service.gap(GapKind::Absent, reason, written.place);
        return vec![written];
    }
    if !matches!(written.value, NodeValue::Seq(_)) {
        service.unreadable("iam.role.statements", "a list", &written);
        return Vec::new();
    }
    match service.hand_down(&written).value {
        NodeValue::Seq(items) => items,
        _ => vec![written],
    }
}

fn managed_policies(service: &Service<'_>) -> Vec<Node> {
    let written = deep(&service.provider, &["iam", "role", "managedPolicies"])
        .or_else(|| part(&service.provider, "iamManagedPolicies"));
    written.map_or_else(Vec::new, |list| list.items().to_vec())
}

fn network_policy(at: Make) -> Node {
    at.managed_policy("service-role/AWSLambdaVPCAccessExecutionRole")
}

/// Of statements that say the same the first is enough.
fn distinct(statements: &mut Vec<Node>) {
    let mut said = std::collections::HashSet::new();
    statements.retain(|statement| said.insert(make::said(statement)));
}
