//! Function URLs.

super::family!(url_auth_none);
