//! Spans are byte-exact, bounds hold, and what is malformed is told with its place.

use super::*;
use maremma_model::NodeValue;

fn read(text: &str) -> Parsed {
    parse(text, FileId(0), Syntax::Either).unwrap()
}

fn written<'a>(text: &'a str, node: &Node) -> &'a str {
    &text[node.place.span.start.offset as usize..node.place.span.end.offset as usize]
}

/// Every scalar's span is what was written of it.
fn assert_exact(text: &str, node: &Node) {
    if let NodeValue::Scalar { text: value, .. } = &node.value {
        let raw = written(text, node);
        let raw = node
            .tag
            .as_deref()
            .map_or(raw, |tag| raw.trim_start_matches(&format!("!{tag} ")));
        assert!(raw.trim_matches(['"', '\'']) == &**value, "{raw:?} is not {value:?}");
    }
    node.items().iter().for_each(|item| assert_exact(text, item));
    for entry in node.entries() {
        let key = &text[entry.key_place.span.start.offset as usize..entry.key_place.span.end.offset as usize];
        assert_eq!(key.trim_matches(['"', '\'']), &*entry.key);
        assert_exact(text, &entry.value);
    }
}

#[test]
fn spans_are_byte_exact_in_yaml() {
    let text = "# Größe\nResources:\n  Überfunktion:\n    Type:   AWS::Lambda::Function   # comment\n    P: {A: [1, 'zwei', \"drei\"], B: x y}\n    R: !Ref Foo\n";
    let parsed = read(text);
    assert_exact(text, &parsed.root);
    let function = parsed.root.get("Resources").unwrap().get("Überfunktion").unwrap();
    let kind = function.get("Type").unwrap();
    assert_eq!((kind.place.span.start.line, kind.place.span.start.column), (4, 13));
    assert_eq!(
        written(text, function.get("P").unwrap()),
        "{A: [1, 'zwei', \"drei\"], B: x y}"
    );
    assert_eq!(function.get("R").unwrap().tag.as_deref(), Some("Ref"));
}

#[test]
fn comments_belong_to_no_value() {
    let text = concat!(
        "A: \"*\" # all\n",
        "B: 'it''s' # one\n",
        "C: \"a \\\" # b\" # quoted\n",
        "D: [\"iam:*\", 'sts:*'] # two\n",
        "E: {F: \"g\"}   # three\n",
        "H: !Sub \"${I}/*\" # four\n",
        "J: \"k\n  l\" # five\n",
    );
    let parsed = read(text);
    let all: Vec<_> = parsed
        .root
        .entries()
        .iter()
        .map(|entry| written(text, &entry.value))
        .collect();
    assert_eq!(
        all,
        [
            "\"*\"",
            "'it''s'",
            "\"a \\\" # b\"",
            "[\"iam:*\", 'sts:*']",
            "{F: \"g\"}",
            "!Sub \"${I}/*\"",
            "\"k\n  l\"",
        ]
    );
    let last = parsed.root.get("J").unwrap().place.span.end;
    assert_eq!((last.line, last.column), (8, 5));
}

#[test]
fn spans_are_byte_exact_in_json() {
    let text = "{\n\t\"Ä\": {\"b\": [1, true, null, \"c\"]},\r\n\t\"d\": \"e\"}";
    let parsed = read(text);
    assert_exact(text, &parsed.root);
    let d = parsed.root.get("d").unwrap();
    assert_eq!((d.place.span.start.line, d.place.span.start.column), (3, 7));
}

#[test]
fn plain_scalars_keep_what_was_written() {
    let parsed = read("Account: 012345678901\nVersion: 2012-10-17\nOn: true\nOff: ~\n");
    assert_eq!(parsed.root.get("Account").unwrap().as_str(), Some("012345678901"));
    assert_eq!(parsed.root.get("Version").unwrap().as_str(), Some("2012-10-17"));
    assert_eq!(parsed.root.get("On").unwrap().as_bool(), Some(true));
    assert!(parsed.root.get("Off").unwrap().is_null());
}

#[test]
fn duplicate_keys_are_told_and_the_last_one_counts() {
    for text in ["A: 1\nA: 2\n", "{\"A\": 1, \"A\": 2}"] {
        let parsed = read(text);
        assert_eq!(parsed.root.get("A").unwrap().as_str(), Some("2"), "{text}");
        assert_eq!(parsed.problems.len(), 1, "{text}");
    }
}

#[test]
fn merge_keys_add_what_is_missing() {
    let parsed = read("base: &b {x: 1, y: 2}\nmore:\n  <<: *b\n  y: 3\n");
    let more = parsed.root.get("more").unwrap();
    assert_eq!(more.get("x").unwrap().as_str(), Some("1"));
    assert_eq!(more.get("y").unwrap().as_str(), Some("3"));
}

#[test]
fn malformed_texts_name_the_place() {
    for (text, line) in [
        ("a:\n\t- b\n", 2),
        ("a: [1, 2\nb: 3\n", 2),
        ("{\"a\": 1,\n \"b\": }", 2),
        ("", 1),
        ("a: *nobody\n", 1),
    ] {
        let syntax = if text.starts_with('{') {
            Syntax::Json
        } else {
            Syntax::Either
        };
        let error = parse(text, FileId(0), syntax).unwrap_err();
        assert_eq!(error.at.line, line, "{text:?}: {error}");
    }
}

#[test]
fn depth_and_alias_bombs_are_bounded() {
    let deep_json = format!("{}1{}", "[".repeat(1000), "]".repeat(1000));
    let deep_yaml = format!("a: {deep_json}");
    let deep_block: String = (0..1000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    for text in [deep_json, deep_yaml, deep_block] {
        assert!(parse(&text, FileId(0), Syntax::Either).unwrap_err().bounds);
    }
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let alias = format!("*a{}", level - 1);
        bomb += &format!("a{level}: &a{level} [{}]\n", [alias.as_str(); 10].join(", "));
    }
    assert!(parse(&bomb, FileId(0), Syntax::Either).unwrap_err().bounds);
}

#[test]
fn a_small_file_may_repeat_a_little() {
    // Anchors in anchors are no bomb, however many.
    let nested = format!("a: {}x{}\n", "[&n ".repeat(60), "]".repeat(60));
    assert!(parse(&nested, FileId(0), Syntax::Either).is_ok());
    let long = format!("a: &a {}\nb: [{}]\n", "x".repeat(1 << 20), vec!["*a"; 100].join(", "));
    assert!(parse(&long, FileId(0), Syntax::Either).unwrap_err().bounds);
}

#[test]
fn a_collection_ends_where_it_is_written() {
    let text = "base: &b {x: 1}\nmore:\n  a: [2]\n  c: *b\nlast:\n  <<: *b\nend: 1\n";
    let parsed = read(text);
    assert_eq!(written(text, parsed.root.get("more").unwrap()), "a: [2]\n  c: *b");
    assert_eq!(written(text, parsed.root.get("last").unwrap()), "<<: *b");
}

#[test]
fn only_one_document_is_read_and_more_are_told() {
    for (text, more) in [
        ("a: 1\n", false),
        ("---\na: 1\n...\n", false),
        ("---\n---\na: 1\n", false),
        ("a: 1\n---\nb: 2\n", true),
        ("a: 1\n...\n]\n", true),
    ] {
        let parsed = read(text);
        assert_eq!(parsed.root.get("a").unwrap().as_str(), Some("1"), "{text:?}");
        assert_eq!(!parsed.problems.is_empty(), more, "{text:?}");
    }
}

#[test]
fn columns_count_characters_wherever_a_line_is_long() {
    let long = "é🐕x".repeat(300);
    let text = format!("[\"{long}\", \"{long}\",\n \"{long}\", 1]");
    let parsed = read(&text);
    assert_exact(&text, &parsed.root);
    let columns: Vec<_> = parsed
        .root
        .items()
        .iter()
        .map(|item| item.place.span.end.column)
        .collect();
    assert_eq!(columns, [904, 1808, 904, 907]);
}

#[test]
fn more_values_than_the_bound_are_not_built() {
    let text = format!("{{\"quoted, [\": [{}1]}}", "1,".repeat(MAX_NODES));
    let error = parse(&text, FileId(0), Syntax::Json).unwrap_err();
    assert!(error.bounds && error.what.contains("split the file"), "{error}");
}
