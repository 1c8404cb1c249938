//! What watches functions.

super::family!(
    cloudtrail_no_invoke_events,
    guardduty_lambda_protection_off,
    insights_missing,
    log_format_text,
    log_group_no_customer_key,
    log_level_verbose,
    log_retention_unset,
    tracing_off,
);
