//! The dependency law, and the licences and sources of what we depend on.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test may panic, and so may what helps it"
)]

mod law {
    mod house;
    pub(crate) mod licence;
    pub(crate) mod workspace;
}

use law::licence;
use law::workspace::{Policy, Workspace};

/// Which of our crates a crate may use: data flows one way.
fn may_use(package: &str) -> Option<&'static [&'static str]> {
    Some(match package {
        "maremma-model" => &[],
        "maremma-facts" => &["model"],
        "maremma-source" | "maremma-account" | "maremma-iam" | "maremma-secrets" | "maremma-report" => {
            &["model", "facts"]
        }
        "maremma-artifact" => &["model", "facts", "secrets"],
        "maremma-network" => &["model", "facts", "iam"],
        "maremma-checks" => &["model", "facts", "iam", "network", "secrets", "artifact"],
        // Those who wire.
        "maremma" | "xtask" | "maremma-benches" | "maremma-fuzz" => &[
            "model", "facts", "source", "account", "iam", "secrets", "artifact", "network", "checks", "report",
        ],
        _ => return None,
    })
}

/// What tests may use beyond the law: fixtures go through the real readers.
fn tests_may_use(package: &str) -> &'static [&'static str] {
    match package {
        "maremma-checks" => &["source"],
        _ => &[],
    }
}

#[test]
fn our_crates_depend_on_each_other_by_the_law_only() {
    let workspace = Workspace::read();
    let mut edges = 0;
    for package in workspace.members() {
        let allowed = may_use(&package.name).unwrap_or_else(|| panic!("the law does not know {}", package.name));
        for dependency in package
            .dependencies
            .iter()
            .filter(|dependency| dependency.path.is_some())
        {
            let room = dependency
                .name
                .strip_prefix("maremma-")
                .expect("our crates are named maremma-*");
            let in_tests = dependency.is_dev() && tests_may_use(&package.name).contains(&room);
            assert!(
                allowed.contains(&room) || in_tests,
                "{} may not use {}",
                package.name,
                dependency.name
            );
            edges += 1;
        }
    }
    assert!(edges >= 10, "the law saw {edges} edges only");
}

#[test]
fn every_licence_is_permissive() {
    let (workspace, policy) = (Workspace::read(), Policy::read());
    assert!(workspace.packages.len() > 50);
    for package in &workspace.packages {
        let licence = package
            .license
            .as_deref()
            .unwrap_or_else(|| panic!("{} names no licence", package.name));
        assert!(
            licence::allowed(licence, &policy.licences.allow),
            "{} is under {licence}",
            package.name
        );
    }
}

#[test]
fn nothing_comes_from_elsewhere_than_the_registry() {
    let policy = Policy::read();
    let registries: Vec<String> = policy
        .sources
        .allow_registry
        .iter()
        .map(|url| format!("registry+{url}"))
        .collect();
    for package in &Workspace::read().packages {
        if let Some(source) = &package.source {
            assert!(registries.contains(source), "{} comes from {source}", package.name);
        }
    }
}

#[test]
fn a_crate_pinned_to_a_room_stays_there() {
    let (workspace, policy) = (Workspace::read(), Policy::read());
    for pinned in &policy.bans.deny {
        for package in workspace.members() {
            let uses = package
                .dependencies
                .iter()
                .any(|dependency| dependency.name == pinned.name);
            assert!(
                !uses || pinned.wrappers.contains(&package.name),
                "{} may not use {}",
                package.name,
                pinned.name
            );
        }
    }
}
