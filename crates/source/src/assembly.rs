//! A `cdk.out` directory: what its manifest says of the templates in it.

use serde::Deserialize;
use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Manifests of large apps have some megabytes.
const MAX_MANIFEST: u64 = 64 << 20;

/// Where a synthesized template is deployed to, as far as its app says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Assembled {
    pub(crate) account: Option<String>,
    pub(crate) region: Option<String>,
}

/// Source: AWS CDK, cloud assembly schema, `ArtifactManifest`.
#[derive(Deserialize)]
struct Manifest {
    #[serde(default)]
    artifacts: HashMap<String, Artifact>,
}

#[derive(Deserialize)]
struct Artifact {
    /// `aws://111122223333/eu-west-1`.
    environment: Option<String>,
    #[serde(default)]
    properties: serde_json::Value,
}

/// What the manifest beside a template says of it; `None` where there is no manifest.
pub(crate) fn assembled(template: &Path) -> Option<Assembled> {
    let manifest = template.parent()?.join("manifest.json");
    let mut text = Vec::new();
    File::open(manifest)
        .ok()?
        .take(MAX_MANIFEST)
        .read_to_end(&mut text)
        .ok()?;
    let name = template.file_name()?.to_str();
    let artifacts =
        serde_json::from_slice::<Manifest>(&text).map_or_else(|_| HashMap::new(), |manifest| manifest.artifacts);
    let own = artifacts.into_values().find(|artifact| {
        let file = artifact.properties.get("templateFile");
        file.is_some_and(|file| file.as_str() == name)
    });
    Some(
        own.and_then(|artifact| environment(&artifact.environment?))
            .unwrap_or_default(),
    )
}

/// `aws://unknown-account/unknown-region` says nothing.
fn environment(uri: &str) -> Option<Assembled> {
    let (account, region) = uri.strip_prefix("aws://")?.split_once('/')?;
    let digits = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    Some(Assembled {
        account: digits.then(|| account.to_owned()),
        region: (region != "unknown-region" && !region.is_empty()).then(|| region.to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_environment_may_be_unknown() {
        let known = environment("aws://111122223333/eu-west-1").unwrap();
        assert_eq!(
            (known.account.as_deref(), known.region.as_deref()),
            (Some("111122223333"), Some("eu-west-1"))
        );
        assert_eq!(
            environment("aws://unknown-account/unknown-region"),
            Some(Assembled::default())
        );
        assert_eq!(environment("azure://x"), None);
    }
}
