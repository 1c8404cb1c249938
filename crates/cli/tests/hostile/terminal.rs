//! What a stranger writes is shown, and obeyed by no terminal.

use crate::scratch::{GOOD, Scratch};

/// Codes that a terminal acts on.
fn harmless(text: &str) -> bool {
    text.chars().all(|c| !c.is_control() || matches!(c, '\n' | '\t')) && !text.contains('\u{202e}')
}

#[test]
fn escape_sequences_in_a_template_are_shown_as_what_they_are() {
    let template = r#"Resources:
  "F\e[31m\r\n::error::Evil\x9b31m":
    Type: AWS::Lambda::Url
    Properties: {AuthType: NONE, TargetFunctionArn: "\e]0;title\a", Qualifier: "\u202e"}
  "\e[2J": {Type: "AWS::Lambda::Url\e[31m", Properties: ["\e[31m"]}
  G: {Type: AWS::Lambda::Url, Properties: {AuthType: NONE, Cors: "\e[31m"}}
"#;
    let raw = "  H: {Type: AWS::Lambda::Url, Properties: {AuthType: NONE}} # \u{9b}31m \u{202e}\n";
    let scanned = Scratch::with("a.yaml", format!("{template}{raw}")).scan();
    scanned.still_finds_the_good_one();
    for report in scanned.written() {
        assert!(harmless(report), "{report:?}");
        assert!(report.lines().all(|line| !line.starts_with("::")), "{report}");
    }
}

#[cfg(unix)]
#[test]
fn escape_sequences_in_names_of_files() {
    let evil = "d\n\u{1b}[31m::error::\u{7}\u{202e}/a\u{9b}.yaml";
    let scratch = Scratch::with(evil, GOOD);
    scratch.write("b\u{1b}[2J.yaml", "AWSTemplateFormatVersion: [");
    let scanned = scratch.scan();
    scanned.still_finds_the_good_one();
    for report in scanned.written() {
        assert!(harmless(report), "{report:?}");
    }
    let ran = scratch.maremma(&["scan", "no\u{1b}[31msuch"]);
    assert_eq!(ran.code, Some(2));
    assert!(
        harmless(&ran.stderr) && ran.stderr.contains("no␛[31msuch"),
        "{:?}",
        ran.stderr
    );
}

#[test]
fn a_configuration_is_refused_without_being_repeated() {
    for (content, words) in [
        ("[parameters]\nPassword = \"hunter2-hunter2\u{1b}[31m\n", "line 2"),
        ("[trust]\n\"\\u001b[31m\" = 1\n", "line 2"),
        ("[scan]\ntier = \"\\u001b[31m\"\n", "tier"),
    ] {
        let scratch = Scratch::with("maremma.toml", content);
        let ran = scratch.maremma(&["scan", "."]);
        assert_eq!(ran.code, Some(2), "{}", ran.stdout);
        assert!(harmless(&ran.stderr), "{:?}", ran.stderr);
        assert!(
            ran.stderr.contains(words) && ran.stderr.contains("maremma.toml"),
            "{}",
            ran.stderr
        );
        assert!(!ran.stderr.contains("hunter2"), "{}", ran.stderr);
    }
}
