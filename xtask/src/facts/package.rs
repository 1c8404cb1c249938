//! Packages of public registries, fetched by the registries' ordinary clients.

use anyhow::{Context, Result, bail, ensure};
use jiff::civil::Date;
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::rc::Rc;

/// Facts are taken only from packages under these licences.
const LICENCES: [&str; 3] = ["Apache-2.0", "MIT", "MIT-0"];

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Registry {
    PyPi,
    Npm,
}

/// Where fetched packages are unpacked; each is fetched once a run.
pub(crate) struct Shelf {
    directory: PathBuf,
    packages: RefCell<BTreeMap<(Registry, &'static str), Rc<Package>>>,
}

/// A package, unpacked.
pub(crate) struct Package {
    registry: Registry,
    name: &'static str,
    version: String,
    licence: String,
    released: Date,
    root: PathBuf,
}

impl Shelf {
    /// An empty shelf: what an earlier run left is removed.
    pub(crate) fn new(directory: PathBuf) -> Result<Shelf> {
        if directory.exists() {
            std::fs::remove_dir_all(&directory)?;
        }
        std::fs::create_dir_all(&directory)?;
        Ok(Shelf {
            directory,
            packages: RefCell::default(),
        })
    }

    pub(crate) fn fetch(&self, registry: Registry, name: &'static str) -> Result<Rc<Package>> {
        if let Some(package) = self.packages.borrow().get(&(registry, name)) {
            return Ok(Rc::clone(package));
        }
        let root = self.directory.join(name.replace(['@', '/'], "_"));
        std::fs::create_dir_all(&root)?;
        let package = match registry {
            Registry::PyPi => fetch_wheel(name, root),
            Registry::Npm => fetch_tarball(name, root),
        }
        .with_context(|| format!("cannot fetch {name}"))?;
        ensure!(
            LICENCES.contains(&package.licence.as_str()),
            "{name} is under {}",
            package.licence
        );
        println!(
            "fetched {name} {} of {} ({})",
            package.version, package.released, package.licence
        );
        let package = Rc::new(package);
        self.packages.borrow_mut().insert((registry, name), Rc::clone(&package));
        Ok(package)
    }
}

impl Package {
    pub(crate) fn read(&self, file: &str) -> Result<String> {
        let path = self.root.join(file);
        std::fs::read_to_string(&path).with_context(|| format!("{} has no {file}", self.name))
    }

    /// The source line of a facts file, for facts taken from `text`, the content of `file`.
    pub(crate) fn source(&self, table: &str, file: &str, text: &str) -> Value {
        json!({
            "name": table,
            "registry": match self.registry { Registry::PyPi => "PyPI", Registry::Npm => "npm" },
            "package": self.name,
            "version": self.version,
            "licence": self.licence,
            "date": self.released,
            "file": file,
            "sha256": super::file::sha256(text.as_bytes()),
        })
    }
}

fn fetch_wheel(name: &'static str, root: PathBuf) -> Result<Package> {
    let python = |arguments: &[&str]| run(Command::new("python3").args(arguments).current_dir(&root));
    python(&[
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--only-binary",
        ":all:",
        "--dest",
        ".",
        name,
    ])?;
    let wheel = only_file(&root, "whl")?;
    python(&["-m", "zipfile", "-e", &wheel, "."])?;
    // A wheel's listing keeps the day its files were built, which its unpacked files lose.
    let listing = python(&["-m", "zipfile", "-l", &wheel])?;
    let line = listing
        .lines()
        .find(|line| line.contains(".dist-info/METADATA"))
        .context("no METADATA")?;
    let mut words = line.split_whitespace();
    let metadata = std::fs::read_to_string(root.join(words.next().unwrap_or_default()))?;
    let released: Date = words.next().context("no date in the listing")?.parse()?;
    ensure!(released.year() > 2020, "the wheel was built without dates");
    let field = |key: &str| {
        metadata
            .lines()
            .find_map(|line| line.strip_prefix(key))
            .map(|value| value.trim().to_owned())
    };
    Ok(Package {
        registry: Registry::PyPi,
        name,
        version: field("Version:").context("no version")?,
        licence: field("License-Expression:")
            .or_else(|| field("License:"))
            .map(|licence| spdx(&licence))
            .context("no licence")?,
        released,
        root,
    })
}

/// The SPDX name of a licence that older packages write out.
fn spdx(licence: &str) -> String {
    match licence {
        "Apache License 2.0" | "Apache License, Version 2.0" => "Apache-2.0".to_owned(),
        other => other.to_owned(),
    }
}

fn fetch_tarball(name: &'static str, root: PathBuf) -> Result<Package> {
    let here = |program: &str, arguments: &[&str]| run(Command::new(program).args(arguments).current_dir(&root));
    here("npm", &["pack", "--silent", name])?;
    here("tar", &["-xzf", &only_file(&root, "tgz")?, "--strip-components", "1"])?;
    let manifest: Value = serde_json::from_str(&std::fs::read_to_string(root.join("package.json"))?)?;
    let field = |key: &str| manifest.get(key).and_then(Value::as_str).map(str::to_owned);
    let version = field("version").context("no version")?;
    let times: Value = serde_json::from_str(&here("npm", &["view", &format!("{name}@{version}"), "time", "--json"])?)?;
    let time = times
        .get(&version)
        .and_then(Value::as_str)
        .context("npm does not say when it was released")?;
    let released = time.split('T').next().unwrap_or_default().parse()?;
    Ok(Package {
        registry: Registry::Npm,
        name,
        version,
        licence: field("license").context("no licence")?,
        released,
        root,
    })
}

fn only_file(directory: &Path, extension: &str) -> Result<String> {
    for entry in std::fs::read_dir(directory)? {
        let path = entry?.path();
        if path.extension().is_some_and(|found| found == extension) {
            return Ok(path.file_name().unwrap_or_default().to_string_lossy().into_owned());
        }
    }
    bail!("the client fetched no .{extension}")
}

fn run(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("cannot run {command:?}"))?;
    ensure!(
        output.status.success(),
        "{command:?} failed: {}",
        String::from_utf8_lossy(&output.stderr).trim()
    );
    Ok(String::from_utf8(output.stdout)?)
}
