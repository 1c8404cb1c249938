//! Execution roles.

super::family!(
    role_admin,
    role_notaction,
    role_passrole_wildcard,
    role_trust_too_wide,
    role_wildcard_action,
);
