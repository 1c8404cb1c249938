//! APIs of API Gateway that run functions.

super::family!(
    apigw_access_log_missing,
    apigw_access_log_unstructured,
    apigw_cache_unencrypted,
    apigw_data_trace,
    apigw_default_endpoint_enabled,
    apigw_endpoint_public,
    apigw_execution_log_missing,
    apigw_method_no_auth,
    apigw_request_validation_missing,
    apigw_throttling_missing,
    apigw_tracing_off,
    apigwv2_no_authorizer,
);
