//! Which version of a function runs, and how the next one takes over.

super::family!(
    alias_weight_to_old,
    codedeploy_all_at_once,
    codedeploy_no_rollback,
    dead_version_invokable
);
