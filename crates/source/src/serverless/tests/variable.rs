//! Variables: what they come to, what holds by a default, what is not known.

use super::{estate, reasons, service, with};
use crate::{Options, read};
use maremma_model::{Estate, State, Text, Why};
use std::fs;
use std::path::PathBuf;

/// A service whose function has a description, which holds nothing but the variable in question.
fn described(custom: &str, description: &str) -> String {
    service(&format!(
        "custom:\n{custom}\nfunctions:\n  hello:\n    handler: a.b\n    description: {description}\n"
    ))
}

fn description(estate: &Estate) -> maremma_model::Setting<Text> {
    estate.functions.values().next().unwrap().description.clone()
}

fn said(custom: &str, written: &str) -> String {
    let estate = estate(&described(custom, written));
    assert_eq!(reasons(&estate), Vec::<String>::new(), "{written}");
    description(&estate).value().map(Text::to_string).unwrap_or_default()
}

#[test]
fn variables_of_the_service_are_put_in() {
    let custom = "  a: one\n  b: {c: [x, two]}\n  d: ${self:custom.b}\n  dev: {e: three}\n  table: ${self:service}-t";
    let cases = [
        ("${self:custom.a}", "one"),
        ("pre-${self:custom.a}-post", "pre-one-post"),
        ("${self:custom.b.c.1}", "two"),
        ("${self:custom.d.c.1}", "two"),
        ("${self:custom.${sls:stage}.e}", "three"),
        ("${self:custom.none, self:custom.a}", "one"),
        ("${self:custom.none, 'x, y'}", "x, y"),
        ("${self:custom.table}", "shop-t"),
        ("${self:provider.stage}", "dev"),
        ("'${AWS::Region} stays'", "${AWS::Region} stays"),
        ("'\\${self:custom.a}'", "${self:custom.a}"),
    ];
    for (written, expected) in cases {
        assert_eq!(said(custom, written), expected, "{written}");
    }
}

#[test]
fn a_fallback_is_a_default() {
    let text = described("  x: 1", "a-${opt:colour, 'red'}");
    let by_default = description(&estate(&text));
    assert_eq!(by_default.value().and_then(Text::as_literal), Some("a-red"));
    assert_eq!(by_default.by.as_deref(), Some("by the default of parameter colour"));
    let given = description(&with(&text, &[("colour", "blue")]));
    assert_eq!(given.value().and_then(Text::as_literal), Some("a-blue"));
    assert_eq!(given.by, None);
}

#[test]
fn what_only_the_deployment_knows_is_a_parameter() {
    let cases = [
        ("${env:COLOUR}", "env:COLOUR"),
        ("${opt:colour}", "colour"),
        ("${param:colour}", "colour"),
        ("${ssm:/shop/colour}", "ssm:/shop/colour"),
        ("${ssm:/shop/colour, 'red'}", "ssm:/shop/colour"),
        ("${cf:other-dev.Colour}", "cf:other-dev.Colour"),
        ("${cf(eu-west-1):other.Colour}", "cf(eu-west-1):other.Colour"),
        ("${s3:bucket/key}", "s3:bucket/key"),
        ("${git:sha1}", "git:sha1"),
        ("${terraform:outputs:x}", "terraform:outputs:x"),
        ("${vault:secret/x}", "vault:secret/x"),
        ("${sls:instanceId}", "sls:instanceId"),
        ("${env:A, env:B}", "env:B"),
    ];
    for (written, name) in cases {
        let text = described("  x: 1", written);
        let unknown = description(&estate(&text));
        let why = Why::Parameter(name.into());
        let told = match &unknown.state {
            State::Unknown(unknown) => Some(&unknown.why),
            State::Set(text) => text.why(),
            _ => None,
        };
        assert_eq!(told, Some(&why), "{written}: {unknown:?}");
        let given = description(&with(&text, &[(name, "blue")]));
        assert_eq!(given.value().and_then(Text::as_literal), Some("blue"), "{written}");
    }
}

#[test]
fn holes_stand_in_texts() {
    let text = service(
        "functions:\n  hello:\n    handler: a.b\n    name: x-${env:A}-y\n    description: !Sub 'q-${env:A}-${AWS::Region}'\n",
    );
    let estate = estate(&text);
    let function = estate.functions.values().next().unwrap();
    assert_eq!(function.resource.name.to_string(), "x-${env:A}-y");
    assert_eq!(
        description(&estate).value().unwrap().to_string(),
        "q-${env:A}-${AWS::Region}"
    );
}

#[test]
fn pseudo_parameters_stay_so() {
    assert_eq!(
        said("  x: 1", "${aws:accountId}/${aws:region}"),
        "${AWS::AccountId}/${AWS::Region}"
    );
}

#[test]
fn the_stage_is_given_or_written_or_dev() {
    let text = "service: shop\nprovider: {name: aws}\nfunctions: {f: {handler: a.b, description: '${sls:stage}'}}\n";
    let by_default = estate(text);
    assert_eq!(description(&by_default).value().and_then(Text::as_literal), Some("dev"));
    let name = by_default.functions.values().next().unwrap().resource.name.clone();
    assert_eq!(name.as_literal(), Some("shop-dev-f"));
    let given = with(text, &[("stage", "prod")]);
    let name = given.functions.values().next().unwrap().resource.name.clone();
    assert_eq!(name.as_literal(), Some("shop-prod-f"));
}

#[test]
fn parameters_depend_on_the_stage() {
    for section in [
        "params:\n  default: {size: small, only: x}\n  prod: {size: large}\n",
        "stages:\n  default: {params: {size: small, only: x}}\n  prod: {params: {size: large}}\n",
    ] {
        let text = format!(
            "service: s\nprovider: {{name: aws}}\n{section}functions: {{f: {{handler: a.b, description: '${{param:size}}-${{param:only}}'}}}}\n"
        );
        let of = |parameters: &[(&str, &str)]| {
            let setting = description(&with(&text, parameters));
            setting.value().map(Text::to_string).unwrap_or_default()
        };
        assert_eq!(of(&[]), "small-x");
        assert_eq!(of(&[("stage", "prod")]), "large-x");
        assert_eq!(of(&[("stage", "prod"), ("size", "huge")]), "huge-x");
    }
}

#[test]
fn a_text_is_made_a_truth_value() {
    let text = service(
        "custom: {on: '1'}\nfunctions:\n  hello:\n    handler: a.b\n    url: {authorizer: aws_iam, cors: {allowCredentials: '${strToBool(${self:custom.on})}'}}\n",
    );
    let estate = estate(&text);
    let url = estate.urls.values().next().unwrap();
    assert!(
        matches!(url.cors.allow_credentials.state, State::Set(true)),
        "{:?}",
        url.cors
    );
    assert_eq!(reasons(&estate), Vec::<String>::new());
}

#[test]
fn what_refers_to_itself_or_to_nothing_is_told() {
    let cases = [
        (
            "  a: ${self:custom.b}\n  b: ${self:custom.a}",
            "${self:custom.a}",
            "refers to itself",
        ),
        ("  a: ${self:custom}", "${self:custom.a}", "refers to itself"),
        ("  a: x", "${self:custom.b}", "there is nothing of that name"),
        ("  a: {b: c}", "x-${self:custom.a}", "expected a text, found a map"),
        ("  a: x", "${strToBool(maybe)}", "strToBool: expected true"),
        ("  a: x", "${file(./a.yml)}", "only the text of the service is at hand"),
        (
            "  a: x",
            "${file(./a.js):key}",
            "is code, which only the framework runs",
        ),
    ];
    for (custom, written, expected) in cases {
        let estate = estate(&described(custom, written));
        let told = reasons(&estate);
        assert!(
            told.iter().any(|reason| reason.contains(expected)),
            "{written}: {told:?}"
        );
        assert_eq!(estate.functions.len(), 1);
    }
}

/// A directory of this test's own.
fn directory(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let directory = std::env::temp_dir().join(format!("maremma-serverless-{name}-{}", std::process::id()));
    fs::create_dir_all(directory.join(".git")).unwrap();
    for (path, text) in files {
        let path = directory.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    directory
}

fn read_directory(directory: &PathBuf) -> Estate {
    let estate = read(std::slice::from_ref(directory), &Options::default(), &mut |_| {}).unwrap();
    fs::remove_dir_all(directory).unwrap();
    estate
}

#[test]
fn files_are_included() {
    let main = service(
        "functions:\n  - ${file(functions/a.yml)}\n  - b: {handler: a.b, description: '${file(./note.txt)}', timeout: '${file(./sizes.json):dev.timeout}'}\n\
         resources:\n  - ${file(resources/tables.yml)}\n  - Resources: {Topic: {Type: AWS::SNS::Topic}}\n",
    );
    let files = [
        ("serverless.yml", main.as_str()),
        (
            "functions/a.yml",
            "a:\n  handler: a.b\n  description: ${self:service}\n",
        ),
        (
            "resources/tables.yml",
            "Resources:\n  Table: {Type: AWS::DynamoDB::Table}\n",
        ),
        ("note.txt", "a note"),
        ("sizes.json", "{\"dev\": {\"timeout\": 7}}"),
    ];
    let estate = read_directory(&directory("included", &files));
    assert_eq!(reasons(&estate), Vec::<String>::new());
    assert_eq!(
        (estate.units.len(), estate.functions.len()),
        (1, 2),
        "included templates are no units"
    );
    let described: Vec<_> = estate
        .functions
        .values()
        .map(|function| function.description.value().unwrap().to_string())
        .collect();
    assert_eq!(described, ["shop", "a note"]);
    let second = estate.functions.values().nth(1).unwrap();
    assert_eq!(second.timeout.state, State::Set(7));
    assert_eq!((estate.data_tables.len(), estate.topics.len()), (1, 1));
    let table = estate.data_tables.values().next().unwrap();
    let maremma_model::Location::File(place) = &table.resource.at else {
        panic!()
    };
    let file = &estate.files[place.file.0 as usize];
    assert_eq!(&*file.path, "resources/tables.yml");
}

#[test]
fn files_outside_of_the_repository_and_in_circles_are_not_read() {
    let main = service(
        "custom: {a: '${file(a.yml)}', b: '${file(../../../../etc/hostname)}'}\nfunctions:\n  f: {handler: a.b, environment: {X: '${self:custom.a.x}', Y: '${self:custom.b}'}}\n",
    );
    let files = [("serverless.yml", main.as_str()), ("a.yml", "x: ${file(a.yml):x}\n")];
    let estate = read_directory(&directory("outside", &files));
    let told = reasons(&estate).join("\n");
    assert!(told.contains("refers to itself"), "{told}");
    assert!(told.contains("outside of the repository"), "{told}");
    assert_eq!(estate.functions.len(), 1);
}

#[test]
fn code_is_told() {
    let estate = read_directory(&directory("code", &[("serverless.ts", "export default {}\n")]));
    assert!(reasons(&estate)[0].contains("written in code"));
    let files = [
        ("serverless.ts", "x"),
        ("serverless.yml", &service("functions: {f: {handler: a.b}}\n")),
    ];
    let estate = read_directory(&directory("beside", &files));
    assert_eq!((reasons(&estate).len(), estate.functions.len()), (0, 1));
}

#[test]
fn places_of_secrets_are_kept() {
    let text = service(
        "custom:\n  password: hunter2\n  whole: {A: swordfish}\nfunctions:\n  f:\n    handler: a.b\n    environment:\n      PLAIN: letmein\n      OF: ${self:custom.password}\n      IN: x-${self:custom.password}\n      FALLBACK: ${env:PASSWORD, 'opensesame'}\n  g: {handler: a.b, environment: '${self:custom.whole}'}\n",
    );
    let estate = estate(&text);
    for secret in ["hunter2", "letmein", "opensesame", "swordfish"] {
        let at = text.find(secret).unwrap();
        let covered = estate.sensitive.iter().any(|place| {
            let span = place.span;
            (span.start.offset as usize) <= at && at + secret.len() <= span.end.offset as usize
        });
        assert!(covered, "{secret}");
        let shown = format!("{:?}", estate.gaps);
        assert!(!shown.contains(secret));
    }
}
