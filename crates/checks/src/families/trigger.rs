//! What triggers functions.

super::family!(trigger_source_open);
