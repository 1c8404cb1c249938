//! Environment variables of functions.

super::family!(interpreter_hook_env);
