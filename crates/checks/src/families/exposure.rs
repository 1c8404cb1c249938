//! Ways to functions from outside that are neither function URLs nor API Gateway's APIs.

super::family!(alb_open, alb_plaintext, appsync_api_key, lattice_auth_none);
