//! APIs of API Gateway that run functions.

super::family!(apigw_method_no_auth, apigwv2_no_authorizer);
