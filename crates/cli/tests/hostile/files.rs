//! Files that are no ordinary files, and many of them.

use crate::scratch::{GOOD, Scratch};

#[test]
fn a_thousand_files() {
    let scratch = Scratch::with("broken.yaml", "AWSTemplateFormatVersion: [");
    for number in 0..2_000 {
        scratch.write(&format!("d{}/f{number}.yaml", number % 40), "kind: Deployment\n");
    }
    let scanned = scratch.scan();
    let gaps = scanned.still_finds_the_good_one().report["gaps"]
        .as_array()
        .expect("gaps");
    assert_eq!(gaps.len(), 1, "{gaps:?}");
}

#[test]
fn a_file_over_the_bound() {
    let scratch = Scratch::with("huge.yaml", "");
    let file = std::fs::File::create(scratch.input().join("huge.yaml")).expect("a file");
    file.set_len(100 << 20).expect("a sparse file");
    scratch
        .scan()
        .still_finds_the_good_one()
        .tells("huge.yaml", 1, "larger than");
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::process::Command;

    #[test]
    fn links_in_a_circle_and_to_nowhere() {
        let scratch = Scratch::with("sub/other.yaml", GOOD);
        let link = |to: &str, from: &str| symlink(to, scratch.input().join(from)).expect("a link");
        link("..", "sub/up");
        link("loop.yaml", "loop.yaml");
        link("nowhere", "dangling.yaml");
        link("/dev/zero", "zero.yaml");
        scratch.scan().still_finds_the_good_one();
        for name in ["loop.yaml", "dangling.yaml"] {
            let ran = scratch.maremma(&["scan", name]);
            assert_eq!(ran.code, Some(2));
            assert!(ran.stderr.contains(name), "{}", ran.stderr);
        }
    }

    #[test]
    fn a_pipe_and_devices_are_not_waited_for() {
        let scratch = Scratch::with("other.yaml", GOOD);
        let made = Command::new("mkfifo").arg(scratch.input().join("pipe.yaml")).status();
        assert!(made.expect("mkfifo").success());
        scratch.scan().still_finds_the_good_one();
        for name in ["pipe.yaml", "/dev/zero", "/dev/null"] {
            let ran = scratch.maremma(&["scan", name]);
            assert_eq!(ran.code, Some(2), "{name}: {}", ran.stdout);
            assert!(ran.stdout.contains("not a regular file"), "{}", ran.stdout);
        }
    }

    #[test]
    fn a_manifest_that_is_a_pipe_is_not_waited_for() {
        let scratch = Scratch::with("other.yaml", GOOD);
        let made = Command::new("mkfifo")
            .arg(scratch.input().join("manifest.json"))
            .status();
        assert!(made.expect("mkfifo").success());
        scratch.scan().still_finds_the_good_one();
    }

    #[test]
    fn a_file_without_permission() {
        let scratch = Scratch::with("closed.yaml", GOOD);
        let path = scratch.input().join("closed.yaml");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o0)).expect("permissions");
        // Root reads everything.
        if std::fs::File::open(&path).is_err() {
            scratch
                .scan()
                .still_finds_the_good_one()
                .tells("closed.yaml", 1, "cannot be read");
        }
    }
}
