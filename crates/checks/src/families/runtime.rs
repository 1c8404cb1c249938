//! Runtimes.

super::family!(runtime_deprecated, runtime_pinned, snapstart_stale_state);
