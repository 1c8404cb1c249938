//! APIs of API Gateway that run functions.

super::family!(
    apigw_access_log_missing,
    apigw_default_endpoint_enabled,
    apigw_endpoint_public,
    apigw_method_no_auth,
    apigw_tracing_off,
    apigwv2_no_authorizer,
);
