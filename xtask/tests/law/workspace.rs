//! The workspace as cargo sees it, and `deny.toml`.

use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::process::Command;

#[derive(Deserialize)]
pub(crate) struct Workspace {
    pub(crate) packages: Vec<Package>,
}

#[derive(Deserialize)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) license: Option<String>,
    /// `None` for what is in this repository.
    pub(crate) source: Option<String>,
    pub(crate) dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    pub(crate) kind: Option<String>,
    pub(crate) path: Option<PathBuf>,
}

impl Dependency {
    pub(crate) fn is_dev(&self) -> bool {
        self.kind.as_deref() == Some("dev")
    }
}

impl Workspace {
    /// Of every platform where cargo can fetch what is missing; of this one where it is offline.
    pub(crate) fn read() -> Workspace {
        let host = host();
        let offline = ["--offline", "--filter-platform", &host];
        metadata(&[])
            .or_else(|_| metadata(&offline))
            .unwrap_or_else(|complaint| panic!("cargo metadata: {complaint}"))
    }

    pub(crate) fn members(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| package.source.is_none())
    }
}

fn metadata(options: &[&str]) -> Result<Workspace, String> {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command
        .args(["metadata", "--format-version", "1", "--locked"])
        .args(options)
        .current_dir(root());
    let output = command.output().map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    serde_json::from_slice(&output.stdout).map_err(|error| error.to_string())
}

fn host() -> String {
    let output = Command::new("rustc").arg("-vV").output().expect("rustc");
    let said = String::from_utf8(output.stdout).expect("UTF-8");
    said.lines()
        .find_map(|line| line.strip_prefix("host: "))
        .expect("host")
        .to_owned()
}

/// The parts of `deny.toml` that are held here too.
#[derive(Deserialize)]
pub(crate) struct Policy {
    #[serde(rename = "licenses")]
    pub(crate) licences: Licences,
    pub(crate) bans: Bans,
    pub(crate) sources: Sources,
}

#[derive(Deserialize)]
pub(crate) struct Licences {
    pub(crate) allow: Vec<String>,
}

#[derive(Deserialize)]
pub(crate) struct Bans {
    pub(crate) deny: Vec<Pinned>,
}

#[derive(Deserialize)]
pub(crate) struct Pinned {
    #[serde(rename = "crate")]
    pub(crate) name: String,
    pub(crate) wrappers: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Sources {
    pub(crate) allow_registry: Vec<String>,
}

impl Policy {
    pub(crate) fn read() -> Policy {
        let text = std::fs::read_to_string(root().join("deny.toml")).expect("deny.toml");
        toml::from_str(&text).unwrap_or_else(|error| panic!("deny.toml: {error}"))
    }
}

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask is in the workspace")
}
