//! Function URLs.

super::family!(url_auth_none, url_cors_credentials, url_cors_wildcard);
