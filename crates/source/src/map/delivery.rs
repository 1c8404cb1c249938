//! CodeDeploy, CloudFront, and the scanning of ECR's registry.

use super::trigger::{filters, part, trigger};
use crate::cx::Cx;
use crate::props::Props;
use maremma_model::noun::*;
use maremma_model::{Resource, Setting};

pub(crate) fn deployment_application(_: &Cx<'_>, resource: Resource, p: &Props<'_>) -> DeploymentApplication {
    DeploymentApplication {
        compute_platform: p.text("ComputePlatform").or_default("Server".into()),
        resource,
    }
}

pub(crate) fn deployment_group(_: &Cx<'_>, resource: Resource, p: &Props<'_>) -> DeploymentGroup {
    DeploymentGroup {
        application: p.link("ApplicationName"),
        deployment_config: p.text("DeploymentConfigName"),
        role: p.any_of::<Role>("ServiceRoleArn"),
        rollback_enabled: p.boolean("AutoRollbackConfiguration.Enabled").or_default(false),
        rollback_events: p.texts("AutoRollbackConfiguration.Events"),
        resource,
    }
}

/// `AWS::ECR::RegistryScanningConfiguration`. A rule scans at least what is pushed, whatever its frequency.
pub(crate) fn registry_scanning(_: &Cx<'_>, resource: Resource, p: &Props<'_>) -> RegistryScanning {
    RegistryScanning {
        rules: p.maps("Rules", |rule| ScanningRule {
            filters: filters(
                rule.list("RepositoryFilters")
                    .iter()
                    .map(|filter| filter.text("Filter")),
                rule.at(),
            ),
        }),
        resource,
    }
}

/// `AWS::CloudFront::Distribution`: every cache behaviour may have functions at the edge.
pub(crate) fn distribution(cx: &Cx<'_>, resource: Resource, p: &Props<'_>) -> Distribution {
    let config = p.sub("DistributionConfig");
    let mut behaviours = config.list("CacheBehaviors");
    behaviours.insert(0, config.sub("DefaultCacheBehavior"));
    let mut edge_functions = Vec::new();
    for association in behaviours
        .iter()
        .flat_map(|behaviour| behaviour.list("LambdaFunctionAssociations"))
    {
        let (head, association) = part(&resource, &association);
        let function = association.function("LambdaFunctionARN");
        edge_functions.extend(function.possible().cloned());
        let own = Setting::set(AnyLink::Here(cx.own), resource.at.clone());
        cx.trigger(Trigger {
            filters: filters([association.text("EventType")], &resource.at),
            ..trigger(&head, TriggerKind::CloudFrontAssociation, function, own)
        });
    }
    edge_functions.sort();
    edge_functions.dedup();
    Distribution {
        web_acl: config.any("WebACLId"),
        edge_functions,
        origins: config
            .list("Origins")
            .iter()
            .map(|origin| origin.text("DomainName"))
            .collect(),
        resource,
    }
}
