//! Files made from code: written by `cargo xtask generate`, held to the code by `--check`.

use crate::{docs, facts, paths, readme};
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// File names and their content.
pub(crate) type Files = BTreeMap<String, String>;

/// What makes files of one folder.
struct Generator {
    folder: &'static str,
    /// The folder holds nothing else.
    alone: bool,
    make: fn() -> Files,
}

const GENERATORS: &[Generator] = &[
    Generator {
        folder: "docs/checks",
        alone: true,
        make: docs::checks,
    },
    Generator {
        folder: "docs/schema",
        alone: true,
        make: docs::schemas,
    },
    Generator {
        folder: "docs/formats",
        alone: false,
        make: docs::formats,
    },
];

/// How a file differs from what the code says.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Difference {
    Missing,
    Changed,
    /// Nothing makes it any more.
    Orphan,
}

/// Writes what differs and removes what nothing makes.
pub(crate) fn write() -> Result<()> {
    facts::verify()?;
    for generator in GENERATORS {
        let folder = paths::root().join(generator.folder);
        std::fs::create_dir_all(&folder)?;
        let files = (generator.make)();
        for (name, difference) in differences(&folder, &files, generator.alone)? {
            let path = folder.join(&name);
            match files.get(&name) {
                Some(text) => std::fs::write(&path, text)?,
                None => std::fs::remove_file(&path)?,
            }
            let done = if difference == Difference::Orphan {
                "Removed"
            } else {
                "Written"
            };
            println!("{done}: {}/{name}", generator.folder);
        }
    }
    readme::write()
}

/// Fails where anything differs. Asks no registry.
pub(crate) fn check() -> Result<()> {
    facts::verify()?;
    let mut stale = Vec::new();
    for generator in GENERATORS {
        let differences = differences(
            &paths::root().join(generator.folder),
            &(generator.make)(),
            generator.alone,
        )?;
        let line = |(name, difference)| format!("  {}/{name}: {difference:?}", generator.folder);
        stale.extend(differences.into_iter().map(line));
    }
    if !stale.is_empty() {
        bail!(
            "generated files are not current; run `cargo xtask generate` and commit:\n{}",
            stale.join("\n")
        );
    }
    readme::check()
}

fn differences(folder: &Path, files: &Files, alone: bool) -> Result<BTreeMap<String, Difference>> {
    let mut differences = BTreeMap::new();
    for (name, text) in files {
        match std::fs::read_to_string(folder.join(name)) {
            Ok(found) if found == *text => {}
            Ok(_) => drop(differences.insert(name.clone(), Difference::Changed)),
            Err(_) => drop(differences.insert(name.clone(), Difference::Missing)),
        }
    }
    if !alone {
        return Ok(differences);
    }
    let present = names_in(folder).with_context(|| format!("cannot list {}", folder.display()))?;
    for name in present.into_iter().filter(|name| !files.contains_key(name)) {
        differences.insert(name, Difference::Orphan);
    }
    Ok(differences)
}

fn names_in(folder: &Path) -> std::io::Result<Vec<String>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let paths: Result<Vec<PathBuf>, _> = std::fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect();
    let name = |path: &PathBuf| path.file_name().map(|name| name.to_string_lossy().into_owned());
    Ok(paths?.iter().filter_map(name).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_held_to_what_is_made() {
        let folder = std::env::temp_dir().join(format!("maremma-generate-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        for (name, text) in [("same.md", "a"), ("changed.md", "b"), ("orphan.md", "c")] {
            std::fs::write(folder.join(name), text).unwrap();
        }
        let made = [("same.md", "a"), ("changed.md", "new"), ("missing.md", "d")];
        let files: Files = made
            .iter()
            .map(|(name, text)| (name.to_string(), text.to_string()))
            .collect();
        let alone = differences(&folder, &files, true).unwrap();
        let among_others = differences(&folder, &files, false).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        let expected = [
            ("changed.md".to_owned(), Difference::Changed),
            ("missing.md".to_owned(), Difference::Missing),
            ("orphan.md".to_owned(), Difference::Orphan),
        ];
        assert_eq!(alone, BTreeMap::from(expected.clone()));
        assert_eq!(among_others.len(), 2);
        assert!(!among_others.contains_key("orphan.md"));
    }

    #[test]
    fn a_generator_makes_the_same_twice() {
        for generator in GENERATORS {
            assert!(!(generator.make)().is_empty(), "{}", generator.folder);
            assert_eq!((generator.make)(), (generator.make)(), "{}", generator.folder);
        }
    }
}
