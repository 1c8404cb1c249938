use super::*;
use crate::fixture::{estate_of, function, place, place_after, resource, variable};
use maremma_model::noun::{ManagedSecret, Stage, StageVariable};
use maremma_model::{Judged, Secret, Setting, Text, Unknown, Why};

fn masked(estate: &Estate) -> String {
    let text = estate.files[0].text.clone().unwrap();
    let mut out = text.to_string();
    for range in Masks::of(estate).in_file(FileId(0)).iter().rev() {
        out.replace_range(range.clone(), MASK);
    }
    out
}

fn clear(value: &str) -> EnvValue {
    EnvValue::Clear(Secret::new(value.into()))
}

fn with_variables(estate: &mut Estate, variables: Vec<maremma_model::noun::Variable>) {
    let mut function = function(resource(estate, "F", "AWS::Lambda::Function"));
    function.environment = variables;
    estate.functions.push(function);
}

#[test]
fn variables_are_masked_and_references_and_hooks_are_not() {
    let mut estate = estate_of(
        "t.yaml",
        "A: abc\nB: !Ref Orders\nC: {\"Fn::GetAtt\": [\"O\", \"Arn\"]}\nD: /opt/w\nE: x\n",
    );
    let at = |needle: &str| place(&estate, needle);
    let variables = vec![
        variable("A", "abc", at("abc")),
        variable("B", "resolved-by-default", at("!Ref Orders")),
        variable("C", "x", at("{\"Fn::GetAtt\": [\"O\", \"Arn\"]}")),
        maremma_model::noun::Variable {
            name: "AWS_LAMBDA_EXEC_WRAPPER".into(),
            value: Setting::set(EnvValue::Plain("/opt/w".into()), at("/opt/w")),
        },
        maremma_model::noun::Variable {
            name: "E".into(),
            value: Setting::set(
                EnvValue::Judged(Judged {
                    class: "secret".into(),
                    kind: None,
                    length: None,
                    hint: None,
                }),
                at("x\n"),
            ),
        },
    ];
    with_variables(&mut estate, variables);
    assert_eq!(
        masked(&estate),
        "A: •••\nB: !Ref Orders\nC: {\"Fn::GetAtt\": [\"O\", \"Arn\"]}\nD: /opt/w\nE: •••"
    );
}

#[test]
fn only_plain_references_are_shown() {
    for shown in [
        "!Ref A",
        "!GetAtt A.Arn",
        "Ref: A",
        "{ \"Ref\" : \"A\" }",
        "Fn::GetAtt: [A, Arn]",
        "{'Fn::ImportValue': x}",
    ] {
        assert!(is_reference(shown), "{shown}");
    }
    for hidden in [
        "Ref",
        "abc",
        "!Sub 'x${A}'",
        "{\"Ref\": \"A\", \"B\": \"s\"}",
        "{Fn::Join: ['', [a, b]]}",
        "Ref: a: b",
        "https://Ref:pw@x",
    ] {
        assert!(!is_reference(hidden), "{hidden}");
    }
}

#[test]
fn every_branch_is_masked() {
    let mut estate = estate_of("t.yaml", "A: !If [Prod, one, two]\nB: !Transform secret\n");
    let (one, two) = (place(&estate, "one"), place(&estate, "two"));
    let candidate = |value: &str, at: Place| Candidate {
        state: State::Set(clear(value)),
        when: "Prod".into(),
        at: at.into(),
    };
    let mut a = variable("A", "", place(&estate, "!If [Prod, one, two]"));
    a.value.state = State::Unknown(Unknown {
        why: Why::Condition("Prod".into()),
        candidates: vec![candidate("one", one), candidate("two", two)],
    });
    let mut b = variable("B", "", place(&estate, "!Transform secret"));
    b.value = Setting::unknown(Why::Macro("x".into()), b.value.at);
    with_variables(&mut estate, vec![a, b]);
    assert_eq!(masked(&estate), "A: !If [Prod, •••, •••]\nB: •••\n");
}

#[test]
fn a_default_is_masked_where_it_is_written() {
    let text = "P:\n  Default: 'pa, ss: word'\n  Q: [\"pa, ss: word\"]\n  N: pa, ss: words\nA: !Ref P\n";
    let mut estate = estate_of("t.yaml", text);
    let mut a = variable("A", "pa, ss: word", place(&estate, "!Ref P"));
    a.value.by = Some("by the default of parameter P".into());
    with_variables(&mut estate, vec![a]);
    assert_eq!(
        masked(&estate),
        "P:\n  Default: '•••'\n  Q: [\"•••\"]\n  N: pa, ss: words\nA: !Ref P\n"
    );
}

#[test]
fn secrets_stage_variables_and_what_a_reader_marked() {
    let mut estate = estate_of("t.yaml", "S: one\nV: two\nN: three\nU: four\n");
    let kind = "AWS::SecretsManager::Secret";
    let unset = Setting::unset(place(&estate, "four"));
    let secret = |at| ManagedSecret {
        resource: resource(&estate, "S", kind),
        kms_key: Setting::unset(at),
        literal_value: Setting::set(clear("one"), at),
        replicas: Setting::unset(at),
    };
    let first = secret(place(&estate, "one"));
    let mut second = secret(place(&estate, "one"));
    second.literal_value = unset;
    let two = place(&estate, "two");
    let stage = Stage {
        resource: resource(&estate, "V", "AWS::ApiGateway::Stage"),
        api: Setting::unset(two),
        name: Setting::unset(two),
        access_log_destination: Setting::unset(two),
        access_log_format: Setting::unset(two),
        tracing: Setting::unset(two),
        cache_enabled: Setting::unset(two),
        client_certificate: Setting::unset(two),
        methods: Vec::new(),
        variables: vec![StageVariable {
            name: "V".into(),
            value: Setting::set(clear("two"), two),
        }],
    };
    estate.sensitive.push(place(&estate, "three"));
    estate.secrets.push(first);
    estate.secrets.push(second);
    estate.stages.push(stage);
    assert_eq!(masked(&estate), "S: •••\nV: •••\nN: •••\nU: four\n");
}

#[test]
fn variables_that_are_not_known_as_a_whole_are_masked_as_a_whole() {
    let mut estate = estate_of("t.yaml", "Variables: !Transform {A: secret}\nEnd: 1\n");
    let mut function = function(resource(&estate, "F", "AWS::Lambda::Function"));
    function.environment_at = Setting::unknown(Why::Macro("x".into()), place(&estate, "!Transform {A: secret}"));
    estate.functions.push(function);
    assert_eq!(masked(&estate), "Variables: •••\nEnd: 1\n");
}

#[test]
fn fixes_are_scrubbed() {
    let mut estate = estate_of("t.yaml", "A: x\n");
    let at = place(&estate, "x");
    let variables = vec![
        variable("A", "hunter2hunter2", at),
        variable("B", "line-number-one\nline-number-two", at),
    ];
    with_variables(&mut estate, variables);
    let masks = Masks::of(&estate);
    assert_eq!(
        masks.scrub("A: \"hunter2hunter2\"\nB: |\n  line-number-two"),
        "A: \"•••\"\nB: |\n  •••"
    );
    assert!(matches!(masks.scrub("A: hunter"), Cow::Borrowed("A: hunter")));
}

#[test]
fn a_text_of_holes_tells_nothing() {
    let mut estate = estate_of("t.yaml", "A: !Sub '${P}'\nB: !Sub 'x-${P}'\n");
    let mut a = variable("A", "", place(&estate, "!Sub '${P}'"));
    a.value.state = State::Set(EnvValue::Clear(Secret::new(Text::hole(Why::Parameter("P".into())))));
    let mut b = variable("B", "", place_after(&estate, 0, "B", "!Sub 'x-${P}'"));
    let text = Text::concat([&Text::literal("x-"), &Text::hole(Why::Parameter("P".into()))]);
    b.value.state = State::Set(EnvValue::Clear(Secret::new(text)));
    with_variables(&mut estate, vec![a, b]);
    assert_eq!(masked(&estate), "A: !Sub '${P}'\nB: •••\n");
}
