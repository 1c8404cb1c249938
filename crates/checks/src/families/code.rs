//! Where code comes from, and who vouches for it.

super::family!(
    code_signing_missing,
    code_signing_not_enforcing,
    deploy_artifact_swappable,
    image_scan_off,
    signing_profile_foreign
);
