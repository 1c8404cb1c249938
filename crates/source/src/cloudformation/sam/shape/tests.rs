use super::*;
use maremma_model::FileId;

fn node(text: &str) -> Node {
    crate::tree::parse(text, FileId(0), crate::tree::Syntax::Either)
        .unwrap()
        .root
}

#[test]
fn a_value_of_another_shape_is_told() {
    let cases = [
        ("Input", "7", Some("text")),
        ("Input", "'7'", None),
        ("Input", "!Ref Input", None),
        ("Input", "[a]", Some("text")),
        ("BatchSize", "ten", Some("a number")),
        ("BatchSize", "10", None),
        ("Layers", "one", Some("a list")),
        ("Layers", "[one]", None),
        ("Layers", "!Split [',', a]", None),
        ("RetryPolicy", "[]", Some("a map")),
        ("RetryPolicy", "!If [A, {}, {}]", None),
        ("Enabled", "'yes'", Some("true or false")),
        ("Enabled", "!Ref Enabled", None),
        ("OmitName", "!Ref OmitName", Some("a plain true or false")),
        ("OmitName", "~", None),
        ("CodeUri", "[a]", None),
    ];
    for (property, text, expected) in cases {
        assert_eq!(misses(property, &node(text)), expected, "{property}: {text}");
    }
}

#[test]
fn every_shape_is_of_a_known_property() {
    let all = [known::RESOURCES, known::EVENTS, known::STARTS].concat();
    let known: Vec<&str> = all.iter().flat_map(|(_, names)| names.split(' ')).collect();
    for name in SHAPES.iter().flat_map(|(_, names)| names.split(' ')) {
        assert!(known.contains(&name), "{name}");
    }
}
