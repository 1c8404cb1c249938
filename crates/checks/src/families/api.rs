//! APIs of API Gateway that run functions.

super::family!(
    apigw_access_log_missing,
    apigw_access_log_unstructured,
    apigw_cache_unencrypted,
    apigw_cors_credentials,
    apigw_cors_wildcard,
    apigw_data_trace,
    apigw_default_endpoint_enabled,
    apigw_endpoint_public,
    apigw_execution_log_missing,
    apigw_method_no_auth,
    apigw_request_validation_missing,
    apigw_throttling_missing,
    apigw_tls_outdated,
    apigw_tracing_off,
    apigw_usage_plan_missing,
    apigw_waf_missing,
    apigwv2_no_authorizer,
    tenant_id_from_client,
);
