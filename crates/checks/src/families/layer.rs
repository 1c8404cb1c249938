//! Layers.

super::family!(
    layer_cross_account,
    layer_permission_cross_account,
    layer_public,
    layer_version_not_pinned,
);
