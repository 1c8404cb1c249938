//! CodeDeploy's deployment groups: whether they deploy functions, and which.

use crate::context::Context;
use crate::verdict::findings::{Draft, Findings};
use crate::verdict::judge::whole;
use maremma_model::noun::DeploymentGroup;
use maremma_model::{Function, Id, Link, Setting, Text, Verdict};

const PREDEFINED: &str = "CodeDeployDefault.";

/// The functions whose aliases a group shifts.
fn deployed(context: &Context<'_>, id: Id<DeploymentGroup>) -> Vec<Id<Function>> {
    let aliases = context.estate.aliases.values();
    let own = aliases.filter(|row| names(&row.deployment_group, id));
    own.filter_map(|row| row.function.value()?.function.here()).collect()
}

fn names(group: &Setting<Link<DeploymentGroup>>, id: Id<DeploymentGroup>) -> bool {
    group.possible().any(|link| link.here() == Some(id))
}

/// Judges every group that deploys functions, and says of the others that they do not.
pub(crate) fn each_group(
    context: &Context<'_>,
    findings: &mut Findings<'_>,
    draft: impl Fn(Id<DeploymentGroup>, &DeploymentGroup) -> Draft,
) {
    for (id, row) in context.estate.deployment_groups.iter() {
        findings.add(match of_no_function(context, (id, row)) {
            Some(draft) => draft,
            None => draft(id, row).affects(deployed(context, id)),
        });
    }
}

/// The draft of a group that does not deploy functions, or of which nothing here says so.
fn of_no_function(context: &Context<'_>, (id, row): (Id<DeploymentGroup>, &DeploymentGroup)) -> Option<Draft> {
    let says = match deploys_functions(context, id, row) {
        Some(true) => return None,
        Some(false) => "it deploys no functions",
        None => "nothing here says that it deploys functions",
    };
    Some(Draft::new(id, Verdict::NotApplicable, says, whole(&row.resource, says)))
}

/// By the aliases that name it, by the configuration that it names, or by its application's platform.
fn deploys_functions(context: &Context<'_>, id: Id<DeploymentGroup>, row: &DeploymentGroup) -> Option<bool> {
    if context
        .estate
        .aliases
        .values()
        .any(|alias| names(&alias.deployment_group, id))
    {
        return Some(true);
    }
    let configurations = row.deployment_config.possible().filter_map(platform_of);
    let platforms = configurations.collect::<Vec<_>>();
    if let Some(first) = platforms.first() {
        return platforms.iter().all(|other| other == first).then_some(*first);
    }
    let application = context.row(row.application.value()?)?;
    Some(application.compute_platform.value()?.as_literal()? == "Lambda")
}

/// Whether a predefined configuration is one for functions.
fn platform_of(name: &Text) -> Option<bool> {
    let rest = name.prefix().strip_prefix(PREDEFINED)?;
    (!rest.is_empty()).then(|| rest.starts_with("Lambda"))
}
