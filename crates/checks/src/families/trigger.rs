//! What triggers functions.

super::family!(
    kafka_no_auth,
    trigger_bucket_public_acl,
    trigger_source_open,
    trigger_unencrypted,
);
