//! The networks that functions run in.

super::family!(
    flow_logs_off,
    vpc_default_security_group,
    vpc_endpoint_policy_open,
    vpc_missing,
    vpc_public_subnet,
    vpc_security_group_egress_open,
    vpc_single_az,
);
