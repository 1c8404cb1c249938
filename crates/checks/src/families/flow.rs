//! Where events go on: what fails, what comes back, and what leaves the account.

super::family!(
    async_no_failure_destination,
    cross_account_flow,
    esm_no_failure_destination,
    esm_visibility_timeout_short,
    queue_no_redrive,
    recursion_open,
    trigger_cycle,
    trigger_no_dead_letter,
);
