//! Environment variables of functions.

super::family!(env_no_customer_key, env_reserved_name, interpreter_hook_env);
