//! Resource-based policies of functions.

super::family!(
    policy_action_not_invoke,
    policy_cross_account,
    policy_multiple_principals,
    policy_principal_sourcearn_mismatch,
    policy_public_principal,
    policy_s3_without_sourceaccount,
    policy_service_principal_unscoped,
    policy_source_dangling,
);
