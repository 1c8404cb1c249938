//! Policies of many statements.

use super::*;
use std::time::{Duration, Instant};

/// Every other statement denies.
fn many(count: usize, allow: &dyn Fn(usize) -> String, deny: &dyn Fn(usize) -> String) -> Policy {
    let statements = (0..count / 2).flat_map(|i| [allow(i), deny(i)]);
    let text = format!(
        r#"{{"Version":"2012-10-17","Statement":[{}]}}"#,
        statements.collect::<Vec<_>>().join(",")
    );
    policy(&text)
}

#[test]
fn a_thousand_statements_take_bounded_time() {
    let of = |effect: &str, action: &str, resource: &str, condition: &str| {
        format!(
            r#"{{"Effect":"{effect}","Principal":"*","Action":"{action}","Resource":"{resource}","Condition":{condition}}}"#
        )
    };
    let unless = r#"{"StringNotEquals":{"aws:PrincipalOrgID":"o-mine"}}"#;
    let object = |i: usize| format!("arn:aws:s3:::orders/{i}/*");
    let cases: [(&str, usize, Policy); 3] = [
        (
            "each has a deny of its own",
            0,
            many(1_000, &|i| of("Allow", "s3:GetObject", &object(i), "{}"), &|i| {
                of("Deny", "s3:*", &object(i), unless)
            }),
        ),
        (
            "denies of other actions",
            500,
            many(1_000, &|i| of("Allow", &format!("s3:Get{i}"), "*", "{}"), &|i| {
                of("Deny", &format!("s3:Put{i}*"), "*", "{}")
            }),
        ),
        (
            "one deny for all, five hundred times",
            0,
            many(1_000, &|i| of("Allow", "s3:Get*", &object(i), "{}"), &|_| {
                of("Deny", "s3:*", "arn:aws:s3:::orders/*", unless)
            }),
        ),
    ];
    for (name, expected, policy) in cases {
        let start = Instant::now();
        let view = view();
        let public = policy
            .admissions(&view)
            .filter(|(_, admission)| admission.is_public().is_yes());
        assert_eq!(public.count(), expected, "{name}");
        assert!(
            start.elapsed() < Duration::from_secs(10),
            "{name}: {:?}",
            start.elapsed()
        );
    }
}
