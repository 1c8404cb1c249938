//! Hostile services end, and the rest is read.

use super::{estate, reasons, service};
use std::time::{Duration, Instant};

fn on_a_large_stack(run: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(16 << 20).spawn(run).unwrap();
    thread.join().unwrap();
}

#[test]
fn doubling_values_are_cut() {
    on_a_large_stack(|| {
        for form in [
            "['${self:custom.v{n}}', '${self:custom.v{n}}']",
            "'${self:custom.v{n}}${self:custom.v{n}}'",
        ] {
            let mut custom = String::from("custom:\n  v0: xxxxxxxxxxxxxxxx\n");
            for n in 0..60 {
                custom.push_str(&format!("  v{}: {}\n", n + 1, form.replace("{n}", &n.to_string())));
            }
            let text = service(&format!(
                "{custom}functions:\n  f: {{handler: a.b, environment: {{A: '${{self:custom.v60}}'}}}}\n"
            ));
            let started = Instant::now();
            let estate = estate(&text);
            assert!(started.elapsed() < Duration::from_secs(60), "{:?}", started.elapsed());
            assert!(
                reasons(&estate)
                    .iter()
                    .any(|reason| reason.contains("variables make more than"))
            );
            assert_eq!(estate.functions.len(), 1);
        }
    });
}

#[test]
fn long_chains_do_not_overflow() {
    on_a_large_stack(|| {
        let mut custom = String::from("custom:\n  v0: {k: x}\n");
        for n in 0..3000 {
            custom.push_str(&format!("  v{}: {{k: '${{self:custom.v{n}}}'}}\n", n + 1));
        }
        for first in ["v3000", "v0"] {
            let text = service(&format!(
                "{custom}functions:\n  f: {{handler: a.b, description: '${{self:custom.{first}.k.k}}', vpc: '${{self:custom}}'}}\n"
            ));
            assert_eq!(estate(&text).functions.len(), 1);
        }
    });
}

#[test]
fn many_functions_are_read_in_time() {
    on_a_large_stack(|| {
        let mut text = service("  environment: {A: b}\nfunctions:\n");
        for n in 0..10_000 {
            text.push_str(&format!(
                "  f{n}: {{handler: a.b, events: [{{http: GET /p{n}}}, {{schedule: rate(1 hour)}}]}}\n"
            ));
        }
        let started = Instant::now();
        let estate = estate(&text);
        assert_eq!(estate.functions.len(), 10_000);
        assert!(started.elapsed() < Duration::from_secs(120), "{:?}", started.elapsed());
    });
}

/// Wrong types at every place are told or passed over; the function beside is there.
#[test]
fn wrong_types_do_not_hurt() {
    let keys = [
        "environment",
        "vpc",
        "events",
        "layers",
        "tags",
        "role",
        "url",
        "destinations",
        "image",
        "package",
        "iam",
        "iamRoleStatements",
        "fileSystemConfig",
        "onError",
        "kmsKeyArn",
        "tracing",
        "logs",
        "condition",
        "name",
        "runtimeManagement",
        "provisionedConcurrency",
        "snapStart",
        "maximumEventAge",
        "memorySize",
        "runtime",
    ];
    for value in [
        "null",
        "[]",
        "{}",
        "[[x]]",
        "{a: {b: c}}",
        "x",
        "5",
        "!Ref Nothing",
        "'${env:A}'",
        "true",
    ] {
        for key in keys {
            let text = service(&format!(
                "functions:\n  f: {{handler: a.b, {key}: {value}}}\n  g: {{handler: a.b}}\n"
            ));
            assert_eq!(estate(&text).functions.len(), 2, "{key}: {value}");
        }
        for key in [
            "iam",
            "environment",
            "httpApi",
            "apiGateway",
            "logs",
            "vpc",
            "ecr",
            "deploymentBucket",
            "s3",
            "alb",
        ] {
            let text = service(&format!(
                "  {key}: {value}\nfunctions:\n  f: {{handler: a.b, image: x, events: [{{http: GET /}}, {{httpApi: '*'}}, {{websocket: a}}, {{s3: b}}]}}\n"
            ));
            assert!(!estate(&text).functions.is_empty(), "{key}: {value}");
        }
        for key in [
            "functions",
            "resources",
            "layers",
            "custom",
            "plugins",
            "package",
            "params",
            "stages",
        ] {
            let text = format!("{key}: {value}\nservice: s\nprovider: {{name: aws}}\n");
            estate(&text);
        }
    }
}

#[test]
fn what_functions_take_over_is_bounded() {
    on_a_large_stack(|| {
        let variables: Vec<String> = (0..5_000).map(|n| format!("V{n}: x")).collect();
        let mut text = service(&format!("  environment: {{{}}}\nfunctions:\n", variables.join(", ")));
        for n in 0..5_000 {
            text.push_str(&format!("  f{n}: {{handler: a.b}}\n"));
        }
        let started = Instant::now();
        let estate = estate(&text);
        assert_eq!(estate.functions.len(), 5_000);
        assert!(reasons(&estate).iter().any(|reason| reason.contains("of the provider")));
        assert!(started.elapsed() < Duration::from_secs(120), "{:?}", started.elapsed());
    });
}
