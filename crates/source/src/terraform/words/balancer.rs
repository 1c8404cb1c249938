//! Load balancers and VPC Lattice.

use super::read::{at, blocks, build, plain};
use super::table::*;
use super::translation::Translation;
use crate::terraform::instance::Instance;
use maremma_model::{Document, Value};

const TARGET_GROUP: &str = "AWS::ElasticLoadBalancingV2::TargetGroup";
const LISTENER: &str = "AWS::ElasticLoadBalancingV2::Listener";
const RULE: &str = "AWS::ElasticLoadBalancingV2::ListenerRule";
const BALANCER: &str = "AWS::ElasticLoadBalancingV2::LoadBalancer";
const LATTICE_GROUP: &str = "AWS::VpcLattice::TargetGroup";

// Each type of a load balancer has an older name.
pub(super) const WORDS: &[Word] = &[
    Word::own("aws_lb", BALANCER, BALANCER_ENTRIES),
    Word::own("aws_alb", BALANCER, BALANCER_ENTRIES),
    Word::own("aws_lb_target_group", TARGET_GROUP, GROUP),
    Word::own("aws_alb_target_group", TARGET_GROUP, GROUP),
    Word::item(
        "aws_lb_target_group_attachment",
        ("target_group_arn", TARGET_GROUP, "Targets"),
        ATTACHED,
    ),
    Word::item(
        "aws_alb_target_group_attachment",
        ("target_group_arn", TARGET_GROUP, "Targets"),
        ATTACHED,
    ),
    Word::own("aws_lb_listener", LISTENER, LISTENER_ENTRIES),
    Word::own("aws_alb_listener", LISTENER, LISTENER_ENTRIES),
    Word::own("aws_lb_listener_rule", RULE, RULE_ENTRIES).then(conditions),
    Word::own("aws_alb_listener_rule", RULE, RULE_ENTRIES).then(conditions),
    Word::own(
        "aws_vpclattice_service",
        "AWS::VpcLattice::Service",
        &[text("auth_type", "AuthType")],
    ),
    Word::own(
        "aws_vpclattice_service_network",
        "AWS::VpcLattice::ServiceNetwork",
        &[text("auth_type", "AuthType")],
    ),
    Word::own(
        "aws_vpclattice_service_network_service_association",
        "AWS::VpcLattice::ServiceNetworkServiceAssociation",
        &[
            text("service_identifier", "ServiceIdentifier"),
            text("service_network_identifier", "ServiceNetworkIdentifier"),
        ],
    ),
    Word::own("aws_vpclattice_listener", "AWS::VpcLattice::Listener", LATTICE_LISTENER),
    Word::own("aws_vpclattice_listener_rule", "AWS::VpcLattice::Rule", LATTICE_RULE),
    Word::own("aws_vpclattice_target_group", LATTICE_GROUP, &[text("type", "Type")]),
    Word::item(
        "aws_vpclattice_target_group_attachment",
        ("target_group_identifier", LATTICE_GROUP, "Targets"),
        &[text("target.id", "Id")],
    ),
];

const BALANCER_ENTRIES: &[Entry] = &[
    switch("internal", "Scheme", "internal", "internet-facing"),
    list("security_groups", "SecurityGroups"),
];

const GROUP: &[Entry] = &[text("target_type", "TargetType")];

const ATTACHED: &[Entry] = &[text("target_id", "Id")];

const ACTION: &[Entry] = &[
    text("type", "Type"),
    text("target_group_arn", "TargetGroupArn"),
    each(
        "forward.target_group",
        "ForwardConfig.TargetGroups",
        &[text("arn", "TargetGroupArn")],
    ),
    text(
        "authenticate_cognito.on_unauthenticated_request",
        "AuthenticateCognitoConfig.OnUnauthenticatedRequest",
    ),
    text(
        "authenticate_oidc.on_unauthenticated_request",
        "AuthenticateOidcConfig.OnUnauthenticatedRequest",
    ),
];

const LISTENER_ENTRIES: &[Entry] = &[
    text("load_balancer_arn", "LoadBalancerArn"),
    text("port", "Port"),
    // Of an Application Load Balancer, the only one that forwards to functions.
    text_or("protocol", "Protocol", "HTTP"),
    text("mutual_authentication.mode", "MutualAuthentication.Mode"),
    each("default_action", "DefaultActions", ACTION),
];

const RULE_ENTRIES: &[Entry] = &[
    text("listener_arn", "ListenerArn"),
    each("action", "Actions", ACTION),
    by_hook("condition", "Conditions.Field"),
    by_hook("condition.source_ip.values", "Conditions.SourceIpConfig.Values"),
    by_hook(
        "condition.http_header.http_header_name",
        "Conditions.HttpHeaderConfig.HttpHeaderName",
    ),
];

const CONDITION: &[Entry] = &[
    list("source_ip.values", "SourceIpConfig.Values"),
    text("http_header.http_header_name", "HttpHeaderConfig.HttpHeaderName"),
    list("http_header.values", "HttpHeaderConfig.Values"),
];

const LATTICE_LISTENER: &[Entry] = &[
    text("service_identifier", "ServiceIdentifier"),
    text("service_arn", "ServiceIdentifier"),
    each(
        "default_action.forward.target_groups",
        "DefaultAction.Forward.TargetGroups",
        FORWARD,
    ),
];

const LATTICE_RULE: &[Entry] = &[
    text("listener_identifier", "ListenerIdentifier"),
    text("service_identifier", "ServiceIdentifier"),
    each("action.forward.target_groups", "Action.Forward.TargetGroups", FORWARD),
];

const FORWARD: &[Entry] = &[text("target_group_identifier", "TargetGroupIdentifier")];

/// What a condition looks at is a block in Terraform, a field in CloudFormation.
const FIELDS: &[(&str, &str)] = &[
    ("host_header", "host-header"),
    ("path_pattern", "path-pattern"),
    ("http_header", "http-header"),
    ("http_request_method", "http-request-method"),
    ("query_string", "query-string"),
    ("source_ip", "source-ip"),
];

fn conditions(translation: &mut Translation<'_>, instance: &Instance) {
    for (when, block) in blocks(&instance.body, "condition") {
        if let Value::Unknown(_) = &block.value {
            translation.append(instance, (instance.id, when), "Conditions", block);
            continue;
        }
        for (from, field) in FIELDS {
            let Some(found) = at(&block, from) else { continue };
            let mut condition = build(CONDITION, &block, instance.id);
            if let Value::Map(fields) = &mut condition.value {
                let field = Document::map(vec![("Field", plain(field, &found.at))], found.at.clone());
                fields.extend(field.fields().iter().cloned());
            }
            translation.append(instance, (instance.id, when.clone()), "Conditions", condition);
        }
    }
}
