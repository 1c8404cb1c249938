//! Keys and secrets that functions depend on.

super::family!(key_policy_open, secret_policy_open);
