//! Execution roles.

super::family!(
    role_admin,
    role_elevated_managed_policy,
    role_no_logs_permission,
    role_notaction,
    role_passrole_wildcard,
    role_shared,
    role_trust_too_wide,
    role_wildcard_action,
    role_wildcard_resource,
);
