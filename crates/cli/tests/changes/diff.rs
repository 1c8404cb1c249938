//! `maremma diff` of directories, files and snapshots.

use crate::scratch::{Scratch, template};

const URL: [&str; 2] = ["--check", "url-auth-none"];

fn both(old: &str, new: &str) -> Scratch {
    let scratch = Scratch::new();
    scratch.write("old/template.yaml", old);
    scratch.write("new/stacks/renamed.yaml", new);
    scratch
}

#[test]
fn a_door_that_opens_fails_and_one_that_closes_does_not() {
    let scratch = both(&template("AWS_IAM"), &template("NONE"));
    let opened = scratch.maremma(&["diff", "old", "new", URL[0], URL[1]]);
    assert_eq!(opened.code, Some(1), "{}", opened.stdout);
    for line in [
        "  ~ orders  new/stacks/renamed.yaml:2:3 Orders",
        "      ~ function URL: AWS_IAM -> NONE  opens to callers without credentials",
        "  + high url-auth-none ",
        "1 new high · 1 function changed · 1 opened",
    ] {
        assert!(opened.stdout.contains(line), "{line}\n{}", opened.stdout);
    }
    let closed = scratch.maremma(&["diff", "new", "old", URL[0], URL[1]]);
    assert_eq!(closed.code, Some(0), "{}", closed.stdout);
    assert!(closed.stdout.contains("(fixed)") && closed.stdout.contains("NONE -> AWS_IAM"));
    let high = scratch.maremma(&["diff", "old", "new", "--fail-on", "critical"]);
    assert_eq!(high.code, Some(0), "{}", high.stdout);
}

#[test]
fn what_was_there_before_does_not_fail() {
    let moved = format!("# moved\n\n{}", template("NONE"));
    let scratch = both(&template("NONE"), &moved);
    let ran = scratch.maremma(&["diff", "old", "new", "--format", "json", "--tier", "hygiene"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stdout);
    let report = ran.json();
    assert_eq!(report["schema"], "maremma.diff/1");
    assert_eq!(report["functions"].as_array().unwrap().len(), 0);
    assert_eq!(report["summary"]["failing"], 0);
    assert!(report["summary"]["same"].as_u64().unwrap() > 2);
    for changes in ["new", "gone", "changed"] {
        assert_eq!(report["findings"][changes].as_array().unwrap().len(), 0, "{changes}");
    }
}

#[test]
fn a_snapshot_stands_for_what_it_was_taken_of() {
    let scratch = both(&template("AWS_IAM"), &template("NONE"));
    assert_eq!(scratch.maremma(&["snapshot", "old", "-o", "old.json"]).code, Some(0));
    let same = scratch.maremma(&["diff", "old.json", "old"]);
    assert!(
        same.code == Some(0) && same.stdout.starts_with("nothing differs"),
        "{}",
        same.stdout
    );
    let ran = scratch.maremma(&["diff", "old.json", "new", "--format", "markdown"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.stdout.starts_with("## Maremma: 1 new high"), "{}", ran.stdout);
    assert!(!ran.stdout.contains("hunter2"));
}

#[test]
fn a_suppression_that_is_taken_away_counts() {
    let accepted = template("NONE").replace("  Url:", "  Url: # maremma: ignore[url-auth-none] public site");
    let scratch = both(&accepted, &template("NONE"));
    let ran = scratch.maremma(&["diff", "old", "new", URL[0], URL[1]]);
    assert_eq!(ran.code, Some(1), "{}", ran.stdout);
    assert!(ran.stdout.contains("(was suppressed)"), "{}", ran.stdout);
    let other = scratch.maremma(&["diff", "new", "old", URL[0], URL[1]]);
    assert_eq!(other.code, Some(0), "{}", other.stdout);
}

#[test]
fn a_parameter_need_be_declared_once() {
    let parameter = |auth| format!("Parameters: {{Auth: {{Type: String}}}}\n{}", template(auth));
    let scratch = both(&template("AWS_IAM"), &parameter("!Ref Auth"));
    let given = scratch.maremma(&["diff", "old", "new", "--parameter", "Auth=NONE", URL[0], URL[1]]);
    assert_eq!(given.code, Some(1), "{}{}", given.stdout, given.stderr);
    let unknown = scratch.maremma(&["diff", "old", "new", URL[0], URL[1]]);
    assert_eq!(unknown.code, Some(0), "{}", unknown.stdout);
    assert!(
        unknown.stdout.contains("? function URL: AWS_IAM -> ${Auth}"),
        "{}",
        unknown.stdout
    );
    assert!(unknown.stdout.contains("1 new undetermined"), "{}", unknown.stdout);
    let strict = scratch.maremma(&["diff", "old", "new", "--strict", URL[0], URL[1]]);
    assert_eq!(strict.code, Some(1));
    let nowhere = scratch.maremma(&["diff", "old", "new", "--parameter", "Aut=NONE"]);
    assert_eq!(nowhere.code, Some(2));
    assert!(nowhere.stderr.contains("Aut"), "{}", nowhere.stderr);
}

#[test]
fn what_cannot_be_read_is_no_clean_bill() {
    let scratch = both(
        &template("NONE"),
        "Resources: {Orders: {Type: AWS::Lambda::Function, Properties: [\n",
    );
    let ran = scratch.maremma(&["diff", "old", "new"]);
    assert_eq!(ran.code, Some(2), "{}", ran.stdout);
    assert!(ran.stdout.contains("Not read of the new target"), "{}", ran.stdout);
    let nothing = scratch.maremma(&["diff", "old", "nowhere"]);
    assert_eq!(nothing.code, Some(2));
    assert!(nothing.stderr.contains("nowhere"), "{}", nothing.stderr);
}
