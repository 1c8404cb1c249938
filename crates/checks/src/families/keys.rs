//! Keys, secrets and parameters that functions depend on.

super::family!(
    key_disabled,
    key_policy_open,
    key_rotation_off,
    parameter_policy_open,
    secret_no_customer_key,
    secret_policy_open,
    secret_rotation_off,
    ssm_parameter_plaintext,
);
