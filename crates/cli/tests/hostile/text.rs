//! Texts that are no template, or not well-formed, or mean trouble.

use crate::scratch::{GOOD, Scratch};

const HEAD: &str = "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n";

/// A bad file beside the good one: told at a line, and the other is scanned.
#[track_caller]
fn told(name: &str, content: impl AsRef<[u8]>, line: u64, words: &str) {
    Scratch::with(name, content)
        .scan()
        .still_finds_the_good_one()
        .tells(name, line, words);
}

#[test]
fn encodings() {
    let wide = |units: &mut dyn Iterator<Item = u16>| units.flat_map(u16::to_le_bytes).collect::<Vec<_>>();
    told(
        "a.yaml",
        [vec![0xff, 0xfe], wide(&mut GOOD.encode_utf16())].concat(),
        1,
        "UTF-16",
    );
    told("a.yaml", wide(&mut GOOD.encode_utf16()), 1, "binary");
    told("a.yaml", [GOOD.as_bytes(), b"# \xff\n"].concat(), 9, "UTF-8");
    told("a.yaml", [GOOD.as_bytes(), b"# \0\n"].concat(), 9, "binary");
}

#[test]
fn a_file_that_is_named_must_be_something() {
    for (content, words) in [
        (&b""[..], "empty"),
        (b"# nothing\n", "only comments"),
        (b"\x7fELF\0\x01\xff", "binary"),
        (b"\xff\xff\xff", "UTF-8"),
        (b"a: b", "expected a map with Resources"),
        (b"{", "1:"),
    ] {
        let scratch = Scratch::new();
        scratch.write("named.yaml", content);
        let ran = scratch.maremma(&["scan", "named.yaml"]);
        assert_eq!(ran.code, Some(2), "{}", ran.stdout);
        assert!(
            ran.stdout.contains("named.yaml:1:") && ran.stdout.contains(words),
            "{}",
            ran.stdout
        );
    }
    let ran = Scratch::new().maremma(&["scan", "."]);
    assert_eq!(ran.code, Some(2));
    assert!(
        ran.stderr.contains("expected a CloudFormation or SAM template"),
        "{}",
        ran.stderr
    );
}

#[test]
fn line_ends_and_marks_change_nothing() {
    let crlf = GOOD.replace('\n', "\r\n");
    for content in [
        crlf.clone(),
        GOOD.replace('\n', "\r"),
        format!("\u{feff}{GOOD}"),
        format!("\u{feff}{crlf}"),
    ] {
        let scanned = Scratch::with("other.yaml", content).scan();
        let findings = scanned.still_finds_the_good_one().report["findings"]
            .as_array()
            .expect("findings");
        let open = findings.iter().filter(|finding| finding["check"] == "url-auth-none");
        assert_eq!(open.count(), 2, "{}", scanned.ran.stdout);
        assert_eq!(scanned.report["gaps"].as_array().map(Vec::len), Some(0));
    }
}

#[test]
fn tabs() {
    told("a.yaml", GOOD.replace("  ", "\t"), 3, "tab");
}

#[test]
fn depth() {
    let deep = |open: &str, close: &str| format!("{}1{}", open.repeat(1_000), close.repeat(1_000));
    told("a.yaml", format!("{HEAD}  A: {}", deep("[", "]")), 3, "deeper than 200");
    told(
        "a.yaml",
        format!("{HEAD}  A: {}", deep("{a: ", "}")),
        3,
        "deeper than 200",
    );
    let block: String = (1..1_000).map(|level| format!("{}a:\n", "  ".repeat(level))).collect();
    told("a.yaml", format!("{HEAD}{block}"), 202, "deeper than 200");
    for inner in [deep("[", "]"), deep("{\"a\":", "}")] {
        let json = format!("{{\"AWSTemplateFormatVersion\": \"2010-09-09\",\n\"Resources\": {inner}}}");
        told("a.json", json, 2, "deeper than 200");
    }
}

#[test]
fn aliases() {
    let letters = ["b", "c", "d", "e", "f", "g", "h", "i", "j"];
    let mut laughs = String::from("a: &a [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
    let mut above = "a";
    for letter in letters {
        laughs += &format!("{letter}: &{letter} [{}]\n", vec![format!("*{above}"); 9].join(", "));
        above = letter;
    }
    told(
        "a.yaml",
        format!("{laughs}{HEAD}  A: *j\n"),
        6,
        "aliases make more than",
    );
    told("a.yaml", format!("a: &a [*a]\n{HEAD}"), 1, "alias");
    told("a.yaml", format!("a: *nowhere\n{HEAD}"), 1, "anchor");
    told("a.yaml", format!("a: {{<<: 5}}\n{HEAD}"), 1, "to merge");
}

#[test]
fn cycles() {
    let conditions = "Conditions:\n  A: !Condition B\n  B: !Not [!Condition A]\n";
    let template = format!(
        "{conditions}{HEAD}  F:\n    Type: AWS::Lambda::Function\n    Condition: A\n    Properties: {{Role: !GetAtt G.Arn}}\n  G: {{Type: 'AWS::IAM::Role', Properties: {{RoleName: !Ref F}}}}\n"
    );
    told("a.yaml", template, 3, "refers to itself");
    let exports =
        "Outputs:\n  A: {Value: !ImportValue b, Export: {Name: a}}\n  B: {Value: !ImportValue a, Export: {Name: b}}\n";
    let url = "  U: {Type: 'AWS::Lambda::Url', Properties: {AuthType: !ImportValue a}}\n";
    let scanned = Scratch::with("a.yaml", format!("{exports}{HEAD}{url}")).scan();
    let json = scanned.still_finds_the_good_one().json();
    assert!(json.contains("depends on itself"), "{json}");
}

#[test]
fn stacks_that_nest_each_other() {
    let nests = |other: &str| {
        format!(
            "{HEAD}  N: {{Type: 'AWS::CloudFormation::Stack', Properties: {{TemplateURL: {other}, Parameters: {{P: !GetAtt N.Outputs.O}}}}}}\nParameters: {{P: {{Type: String}}}}\nOutputs: {{O: {{Value: !Ref P}}}}\n"
        )
    };
    let scratch = Scratch::with("a.yaml", nests("b.yaml"));
    scratch.write("b.yaml", nests("a.yaml"));
    scratch
        .scan()
        .still_finds_the_good_one()
        .tells("b.yaml", 3, "nests itself");
}

#[test]
fn keys_twice_and_documents_twice() {
    told(
        "a.yaml",
        format!("{HEAD}  A: {{Type: 'AWS::SQS::Queue'}}\n  A: {{Type: 'AWS::SQS::Queue'}}\n"),
        4,
        "duplicate key",
    );
    told(
        "a.json",
        "{\"Resources\": {\n\"A\": {\"Type\": \"AWS::SQS::Queue\"},\n\"A\": {\"Type\": \"AWS::SQS::Queue\"}}}",
        3,
        "duplicate key",
    );
    told("a.yaml", format!("{GOOD}---\n{GOOD}"), 9, "only the first document");
}

#[test]
fn policies_that_aws_refuses() {
    let role = |document: &str| {
        format!("{HEAD}  R:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument: {document}\n")
    };
    told("a.yaml", role("[]"), 6, "AssumeRolePolicyDocument: expected a map");
    told("a.yaml", role("{Statement: [5]}"), 6, "Statement[0]");
    told(
        "a.yaml",
        role("{Statement: [{Effect: Maybe, Principal: '*', Action: 'sts:AssumeRole'}]}"),
        6,
        "Effect",
    );
    told("a.yaml", role("'{'"), 6, "JSON");
}
