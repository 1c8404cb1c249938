//! A `cdk.out` directory: what its manifest says of the templates in it.

use serde::Deserialize;
use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

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

/// The manifests that were looked for, by directory: an app may have hundreds of templates beside one.
#[derive(Debug, Default)]
pub(crate) struct Assemblies(HashMap<PathBuf, Option<HashMap<String, Assembled>>>);

impl Assemblies {
    /// What the manifest beside a template says of it; `None` where there is no manifest.
    pub(crate) fn of(&mut self, template: &Path) -> Option<Assembled> {
        let directory = template.parent()?;
        if !self.0.contains_key(directory) {
            self.0.insert(directory.to_owned(), manifest(directory));
        }
        let said = self.0.get(directory)?.as_ref()?;
        let name = template.file_name()?.to_str()?;
        Some(said.get(name).cloned().unwrap_or_default())
    }
}

/// What the manifest of a directory says of each template. One that cannot be read says nothing of any.
fn manifest(directory: &Path) -> Option<HashMap<String, Assembled>> {
    let path = directory.join("manifest.json");
    // A pipe would be waited for.
    if !path.is_file() {
        return None;
    }
    let mut text = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MAX_MANIFEST).read_to_end(&mut text));
    let manifest = read.ok().and_then(|_| serde_json::from_slice::<Manifest>(&text).ok());
    let artifacts = manifest.map_or_else(HashMap::new, |manifest| manifest.artifacts);
    let of = |artifact: Artifact| {
        let file = artifact.properties.get("templateFile")?.as_str()?.to_owned();
        Some((file, environment(&artifact.environment?)?))
    };
    Some(artifacts.into_values().filter_map(of).collect())
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
