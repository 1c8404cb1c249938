use super::*;
use jiff::civil::date;

#[test]
fn a_known_runtime_has_its_dates() {
    let python38 = runtimes().get("python3.8").unwrap();
    assert_eq!(python38.deprecated, Some(date(2024, 10, 14)));
    assert!(python38.create_block > python38.deprecated);
    assert!(python38.successor.as_deref().unwrap().starts_with("python3."));
}

#[test]
fn an_unknown_runtime_is_unknown_and_not_deprecated() {
    assert_eq!(runtimes().get("python9.9"), None);
}

#[test]
fn every_successor_is_a_runtime_of_the_table_that_has_no_successor() {
    for (runtime, lifecycle) in runtimes().iter() {
        if let Some(successor) = &lifecycle.successor {
            let next = runtimes()
                .get(successor)
                .unwrap_or_else(|| panic!("{runtime}: unknown {successor}"));
            assert_eq!(next.successor, None, "{runtime} -> {successor}");
        }
    }
}

#[test]
fn aws_and_vendors_publish_layers_and_strangers_do_not() {
    let insights = layer_publisher("580247275435").unwrap();
    assert_eq!((insights.name.as_str(), insights.kind), ("AWS", PublisherKind::Aws));
    assert_eq!(insights.products, ["Lambda Insights"]);
    let datadog = layer_publisher("464622532012").unwrap();
    assert_eq!(
        (datadog.name.as_str(), datadog.kind),
        ("Datadog", PublisherKind::Vendor)
    );
    assert_eq!(layer_publisher("123456789012"), None);
}

#[test]
fn every_publisher_is_an_account() {
    assert!(tables().publishers.iter().count() > 80);
    for (account, publisher) in tables().publishers.iter() {
        assert!(
            account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit()),
            "{account}"
        );
        assert!(!publisher.products.is_empty(), "{account}");
        assert_eq!(
            publisher.kind == PublisherKind::Aws,
            publisher.name == "AWS",
            "{account}"
        );
    }
}

#[test]
fn administrator_access_is_found_in_every_partition() {
    for partition in ["aws", "aws-cn", "aws-us-gov"] {
        let arn = format!("arn:{partition}:iam::aws:policy/AdministratorAccess");
        let policy = managed_policy(&arn).unwrap();
        assert_eq!(policy.arn(partition), arn);
        let document: serde_json::Value = serde_json::from_str(&policy.document).unwrap();
        assert_eq!(document["Statement"][0]["Action"], "*");
    }
}

#[test]
fn a_policy_is_found_by_its_whole_path_only() {
    let arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole";
    assert_eq!(managed_policy(arn).unwrap().arn("aws"), arn);
    assert_eq!(
        managed_policy_named("AWSLambdaBasicExecutionRole").unwrap().path,
        "/service-role/"
    );
    for wrong in [
        "arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole",
        "arn:aws:iam::123456789012:policy/AdministratorAccess",
        "arn:aws:iam::aws:role/AdministratorAccess",
        "arn:aws:iam::aws:policy/",
        "arn:aws:iam::aws:policy",
        "arn::iam::aws:policy/AdministratorAccess",
        "AdministratorAccess",
        "",
    ] {
        assert_eq!(managed_policy(wrong), None, "{wrong}");
    }
}

#[test]
fn every_policy_is_found_again_and_is_a_document() {
    let all = tables().managed.all();
    assert!(all.len() > 1500, "{}", all.len());
    assert!(all.is_sorted_by(|a, b| a.name < b.name));
    for policy in &all {
        let document: serde_json::Value = serde_json::from_str(&policy.document).unwrap();
        assert!(
            document["Statement"].is_array() || document["Statement"].is_object(),
            "{}",
            policy.name
        );
        assert!(policy.version.starts_with('v'), "{}", policy.name);
    }
    // One lookup inflates a block: the ends and a few between show that every block is reached.
    for policy in all.iter().step_by(97).chain(all.last()) {
        assert_eq!(managed_policy(&policy.arn("aws")).as_ref(), Some(policy));
    }
    assert_eq!(managed_policy_named("A"), None);
    assert_eq!(managed_policy_named("zzz"), None);
}

#[test]
fn every_table_says_where_it_comes_from() {
    let tables: std::collections::BTreeSet<&str> = sources().iter().map(|source| source.name.as_str()).collect();
    assert_eq!(
        Vec::from_iter(tables),
        [
            "layer-publishers",
            "managed-policies",
            "runtime-lifecycle",
            "sam-connectors",
            "sam-policy-templates"
        ]
    );
    for source in sources() {
        assert!(
            ["Apache-2.0", "MIT", "MIT-0"].contains(&source.licence.as_str()),
            "{source:?}"
        );
        assert_eq!(source.sha256.len(), 64);
    }
}

#[test]
fn facts_grow_stale_after_half_a_year() {
    let mut source = sources()[0].clone();
    source.date = date(2026, 1, 1);
    assert_eq!(source.age_in_days(date(2026, 1, 31)), 30);
    assert!(!source.is_stale(date(2026, 6, 30)));
    assert!(source.is_stale(date(2026, 7, 1)));
    assert!(!source.is_stale(date(2025, 1, 1)));
}

#[test]
fn a_replacement_is_read_with_bounds() {
    let table = |text: &str| Envelope::<Runtimes>::parse("runtime-lifecycle.json", text.as_bytes());
    assert!(table("").is_err());
    assert!(table(r#"{"sources": [], "facts": {"x": {"deprecated": "yesterday"}}}"#).is_err());
    let index = |offset: usize, length: usize| -> managed::Index {
        let block = serde_json::json!({"first": "A", "offset": offset, "length": length});
        serde_json::from_value(serde_json::json!({"blocks": [block], "policies": 1, "sha256": ""})).unwrap()
    };
    assert!(ManagedPolicies::new(index(0, 5), Cow::Borrowed(b"1234")).is_none());
    assert!(ManagedPolicies::new(index(usize::MAX, 2), Cow::Borrowed(b"1234")).is_none());
    let garbage = ManagedPolicies::new(index(0, 4), Cow::Borrowed(b"1234")).unwrap();
    assert_eq!(garbage.by_name("A"), None);
    // A stream that inflates beyond the bound of a block is not inflated.
    let bomb = miniz_oxide::deflate::compress_to_vec_zlib(&vec![b'A'; 16 << 20], 9);
    let bomb = ManagedPolicies::new(index(0, bomb.len()), Cow::Owned(bomb)).unwrap();
    assert_eq!(bomb.by_name("A"), None);
}
