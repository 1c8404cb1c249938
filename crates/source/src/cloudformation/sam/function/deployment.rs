//! `DeploymentPreference`: CodeDeploy shifts the alias from version to version.

use super::super::Sam;
use super::super::make::{self, Make};
use super::super::source::Source;
use super::version::Alias;
use maremma_model::{GapKind, Node};

const APPLICATION: &str = "ServerlessDeploymentApplication";
const ROLE: &str = "CodeDeployServiceRole";

/// The ways to shift traffic that CodeDeploy has for Lambda; another name is one of the author's.
const CONFIGURATIONS: [&str; 9] = [
    "AllAtOnce",
    "Canary10Percent5Minutes",
    "Canary10Percent10Minutes",
    "Canary10Percent15Minutes",
    "Canary10Percent30Minutes",
    "Linear10PercentEvery1Minute",
    "Linear10PercentEvery2Minutes",
    "Linear10PercentEvery3Minutes",
    "Linear10PercentEvery10Minutes",
];

pub(super) fn prefer(sam: &mut Sam<'_>, source: Source<'_>, alias: Option<&Alias>) {
    let Some(preference) = source.property("DeploymentPreference") else {
        return;
    };
    if make::is_no_value(preference) {
        return;
    }
    if make::is_call(preference) || !preference.is_map() {
        sam.unreadable("DeploymentPreference", "expected a map", preference);
        return;
    }
    let enabled = preference.get("Enabled").filter(|node| !node.is_null());
    match enabled.map(|node| (node, sam.truth(node))) {
        Some((_, Some(false))) => return,
        Some((node, None)) => {
            let reason = "DeploymentPreference: it is not known whether it is enabled";
            sam.gap(GapKind::Absent, reason, node.place);
            return;
        }
        _ => {}
    }
    let Some(alias) = alias else {
        sam.unreadable("DeploymentPreference", "needs an AutoPublishAlias", preference);
        return;
    };
    let group = format!("{}DeploymentGroup", source.id);
    application(sam, Make(preference.place), preference.get("Role").is_none());
    let at = Make(preference.place);
    let passed = preference.get("PassthroughCondition").and_then(|node| sam.truth(node)) == Some(true);
    let made = deployment_group(sam, preference);
    let conditional = source.condition().filter(|_| passed);
    sam.deployed.join(conditional);
    sam.add_apart(&group, made, conditional);
    let mut update = vec![
        ("ApplicationName", at.reference(APPLICATION)),
        ("DeploymentGroupName", at.reference(&group)),
    ];
    for (ours, theirs) in [
        ("PreTraffic", "BeforeAllowTrafficHook"),
        ("PostTraffic", "AfterAllowTrafficHook"),
    ] {
        if let Some(hook) = preference.get("Hooks").and_then(|hooks| hooks.get(ours)) {
            update.push((theirs, hook.clone()));
        }
    }
    if let Some(made) = sam.made_mut(&alias.id) {
        let policy = at.map(vec![("CodeDeployLambdaAliasUpdate", at.map(update))]);
        make::set(made, "UpdatePolicy", policy);
    }
}

/// The application of all deployments, and the role of those that name none.
fn application(sam: &mut Sam<'_>, at: Make, with_role: bool) {
    if sam.made(APPLICATION).is_none() {
        let platform = vec![("ComputePlatform", at.text("Lambda"))];
        sam.add_apart(APPLICATION, at.resource("AWS::CodeDeploy::Application", platform), None);
    }
    if with_role && sam.made(ROLE).is_none() {
        let policy = at.managed_policy("service-role/AWSCodeDeployRoleForLambda");
        let properties = vec![
            ("AssumeRolePolicyDocument", at.trust(&["codedeploy.amazonaws.com"])),
            ("ManagedPolicyArns", at.list(vec![policy])),
        ];
        sam.add_apart(ROLE, at.resource("AWS::IAM::Role", properties), None);
    }
}

/// Puts the application and the role under the conditions of all that are deployed, where those pass
/// their conditions on.
pub(super) fn finish(sam: &mut Sam<'_>) {
    let Some(place) = sam.made(APPLICATION).map(|made| made.place) else {
        return;
    };
    let deployed = std::mem::take(&mut sam.deployed);
    if let Some(condition) = deployed.condition(sam, place, "ServerlessCodeDeployCondition") {
        sam.hang(&[APPLICATION, ROLE], &condition);
    }
}

fn deployment_group(sam: &Sam<'_>, preference: &Node) -> Node {
    let at = Make(preference.place);
    let events = [
        "DEPLOYMENT_FAILURE",
        "DEPLOYMENT_STOP_ON_ALARM",
        "DEPLOYMENT_STOP_ON_REQUEST",
    ];
    let rollback = at.map(vec![("Enabled", at.plain("true")), ("Events", at.texts(&events))]);
    let style = at.map(vec![
        ("DeploymentType", at.text("BLUE_GREEN")),
        ("DeploymentOption", at.text("WITH_TRAFFIC_CONTROL")),
    ]);
    let role = preference.get("Role").cloned();
    let mut properties = vec![
        ("ApplicationName", at.reference(APPLICATION)),
        ("AutoRollbackConfiguration", rollback),
        ("DeploymentStyle", style),
        ("ServiceRoleArn", role.unwrap_or_else(|| at.get_att(ROLE, "Arn"))),
    ];
    match preference.get("Type") {
        Some(kind) => properties.push(("DeploymentConfigName", configuration(sam, kind))),
        None => sam.unreadable("DeploymentPreference", "expected a Type", preference),
    }
    if let Some(alarms) = preference.get("Alarms").and_then(|written| alarms(sam, written)) {
        properties.push(("AlarmConfiguration", alarms));
    }
    if let Some(triggers) = preference.get("TriggerConfigurations") {
        properties.push(("TriggerConfigurations", triggers.clone()));
    }
    at.resource("AWS::CodeDeploy::DeploymentGroup", properties)
}

fn configuration(sam: &Sam<'_>, kind: &Node) -> Node {
    let at = Make(kind.place);
    if let Some((condition, then, otherwise)) = make::branches(kind) {
        let branches = vec![
            at.text(condition),
            configuration(sam, then),
            configuration(sam, otherwise),
        ];
        return at.map(vec![("Fn::If", at.list(branches))]);
    }
    match sam.text(kind) {
        Some(name) if CONFIGURATIONS.contains(&&*name) => at.sub_with(
            "CodeDeployDefault.Lambda${ConfigName}",
            vec![("ConfigName", at.text(&name))],
        ),
        _ => kind.clone(),
    }
}

fn alarms(sam: &Sam<'_>, alarms: &Node) -> Option<Node> {
    let at = Make(alarms.place);
    if let Some((condition, then, otherwise)) = make::branches(alarms) {
        if [then, otherwise].into_iter().any(make::is_no_value) {
            sam.unreadable("Alarms", "expected a list in both branches", alarms);
        }
        let branch = |node: &Node| self::alarms(sam, node).unwrap_or_else(|| node.clone());
        let branches = vec![at.text(condition), branch(then), branch(otherwise)];
        return Some(at.map(vec![("Fn::If", at.list(branches))]));
    }
    let named = |alarm: &Node| at.map(vec![("Name", alarm.clone())]);
    let names = alarms.items().iter().map(named).collect();
    let none = make::is_no_value(alarms) || (alarms.items().is_empty() && !make::is_call(alarms));
    (!none).then(|| at.map(vec![("Enabled", at.plain("true")), ("Alarms", at.list(names))]))
}
