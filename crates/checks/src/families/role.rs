//! Execution roles.

super::family!(role_admin);
