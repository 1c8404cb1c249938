//! A function's own settings: how much of it may run, what it is called, and how it is told apart.

super::family!(
    code_not_versioned,
    concurrency_unreserved,
    memory_default,
    name_hard_coded,
    tags_missing,
    timeout_default,
);
