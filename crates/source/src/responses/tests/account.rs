//! What the fixture account comes to.

use super::account;
use maremma_model::noun::{AnyLink, Items};
use maremma_model::{AnyId, EnvValue, Estate, Extent, GapKind, Id, Link, Noun, Setting, State, Text};

fn text(setting: &Setting<Text>) -> Option<&str> {
    setting.value().and_then(Text::as_literal)
}

fn literal(text: &Text) -> &str {
    text.as_literal().unwrap()
}

fn texts(items: &Items<Text>) -> Vec<&str> {
    items.value().unwrap().iter().map(|item| text(item).unwrap()).collect()
}

fn by_name<'e, T: Noun>(estate: &'e Estate, name: &str) -> (Id<T>, &'e T) {
    let mut rows = T::table(estate).iter();
    rows.find(|(_, row)| row.resource().name.as_literal() == Some(name))
        .unwrap()
}

fn why<T>(setting: &Setting<T>) -> String {
    match &setting.state {
        State::Unknown(unknown) => unknown.why.to_string(),
        _ => panic!("it is known"),
    }
}

#[test]
fn a_region_of_an_account_is_a_unit() {
    let estate = account();
    let units: Vec<_> = estate.units.iter().map(|unit| (&*unit.name, &*unit.format)).collect();
    assert_eq!(
        units,
        [
            ("111122223333/global", "responses"),
            ("111122223333/eu-west-1", "responses")
        ]
    );
    let gaps: Vec<_> = estate.gaps.iter().map(|gap| (gap.kind, &*gap.reason)).collect();
    assert_eq!(
        gaps,
        [(
            GapKind::Denied,
            "lambda get-function-code-signing-config images answered AccessDeniedException: what it tells of \
             AWS::Lambda::Function is not known; allow the call, and collect again"
        )]
    );
}

#[test]
fn a_function_has_what_every_call_tells_of_it() {
    let estate = account();
    assert_eq!(estate.functions.len(), 2);
    let (id, orders) = by_name::<maremma_model::Function>(&estate, "orders");
    assert_eq!(text(&orders.runtime), Some("python3.13"));
    assert_eq!(text(&orders.code.sha256), Some("abcdefgh="));
    assert_eq!(orders.reserved_concurrency.value(), Some(&5));
    assert_eq!(text(&orders.recursive_loop), Some("Allow"));
    assert_eq!(text(&orders.runtime_management.update_runtime_on), Some("Manual"));
    let role = estate.roles.get(orders.role.value().unwrap().here().unwrap()).unwrap();
    assert_eq!(literal(&role.resource.name), "orders");
    let AnyLink::Here(AnyId::Key(key)) = orders.kms_key.value().unwrap() else {
        panic!("no key")
    };
    assert_eq!(estate.keys.get(*key).unwrap().rotation.value(), Some(&false));
    let layer = orders
        .layers
        .value()
        .unwrap()
        .first()
        .unwrap()
        .value()
        .unwrap()
        .here()
        .unwrap();
    assert!(literal(&estate.layer_versions.get(layer).unwrap().resource.arn).ends_with(":base:3"));
    let tags = orders.tags.value().unwrap();
    assert_eq!(text(&tags.first().unwrap().value().unwrap().key), Some("team"));
    let url = estate.urls.values().next().unwrap();
    assert_eq!(
        (text(&url.auth_type), text(&url.qualifier)),
        (Some("NONE"), Some("live"))
    );
    assert_eq!(url.function.value().unwrap().function, Link::Here(id));
    let alias = estate.aliases.values().next().unwrap();
    assert_eq!(alias.provisioned_concurrency.value(), Some(&2));
    let weights = alias.weights.value().unwrap();
    assert_eq!(text(&weights.first().unwrap().weight), Some("0.1"));
    let version = estate.versions.values().next().unwrap();
    assert_eq!(text(&version.runtime), Some("python3.8"));
    assert_eq!(version.function.value().unwrap().function, Link::Here(id));
}

#[test]
fn what_no_call_told_is_not_known() {
    let estate = account();
    let (_, images) = by_name::<maremma_model::Function>(&estate, "images");
    assert_eq!(
        why(&images.code_signing_config),
        "lambda get-function-code-signing-config answered AccessDeniedException"
    );
    assert_eq!(
        why(&images.recursive_loop),
        "lambda get-function-recursion-config was not asked"
    );
    assert!(images.reserved_concurrency.is_unset(), "an empty answer is an answer");
    assert!(why(&images.environment_at).contains("AccessDeniedException"));
    assert!(images.code.repository.is_some());
}

#[test]
fn variables_and_links_to_code_are_kept_from_reports() {
    let estate = account();
    let (_, orders) = by_name::<maremma_model::Function>(&estate, "orders");
    let kept: Vec<_> = orders
        .environment
        .iter()
        .map(|variable| {
            (
                &*variable.name,
                matches!(variable.value.value(), Some(EnvValue::Plain(_))),
            )
        })
        .collect();
    assert_eq!(kept, [("API_KEY", false), ("NODE_OPTIONS", true), ("STAGE", false)]);
    let hidden = |place: &maremma_model::Place| {
        let file = estate.file(place.file).unwrap();
        let (start, end) = (place.span.start.offset as usize, place.span.end.offset as usize);
        file.text.as_ref().unwrap().get(start..end).unwrap().to_owned()
    };
    let hidden: Vec<String> = estate.sensitive.iter().map(hidden).collect();
    for secret in ["not-a-real-key", "not-a-real-one", "not-a-real-token"] {
        assert!(hidden.iter().any(|text| text.contains(secret)), "{secret}");
    }
    assert!(!hidden.iter().any(|text| text.contains("hook.js")));
}

#[test]
fn the_statements_of_policies_are_permissions() {
    let estate = account();
    let qualifiers: Vec<_> = estate
        .permissions
        .values()
        .map(|permission| {
            permission
                .function
                .value()
                .unwrap()
                .qualifier
                .as_ref()
                .map(|text| literal(text).to_owned())
        })
        .collect();
    assert_eq!(qualifiers, [None, Some("live".to_owned())]);
    let first = estate.permissions.values().next().unwrap();
    let token = first
        .statement
        .get("Condition")
        .and_then(|condition| condition.get("StringEquals")?.get("lambda:EventSourceToken")?.as_str());
    assert_eq!(token, Some("(token)"));
    assert!(matches!(first.event_source_token.value(), Some(EnvValue::Clear(_))));
    assert_eq!(estate.layer_permissions.len(), 1);
    let layer = estate.layer_permissions.values().next().unwrap();
    assert!(layer.layer.value().unwrap().here().is_some());
}

#[test]
fn iam_is_known_from_all_of_its_calls() {
    let estate = account();
    let (_, orders) = by_name::<maremma_model::noun::Role>(&estate, "orders");
    let inline = orders.policies.inline.first().unwrap();
    let document = inline.document.value().unwrap();
    let statement = document.get("Statement").unwrap().items().first().unwrap();
    assert_eq!(statement.get("Action").unwrap().as_str(), Some("*"), "decoded");
    let managed: Vec<_> = orders
        .policies
        .managed
        .value()
        .unwrap()
        .iter()
        .map(|link| link.value().unwrap())
        .collect();
    assert!(matches!(managed.as_slice(), [Link::Outside(_), Link::Here(_)]));
    assert_eq!(orders.max_session_duration.value(), Some(&7200));
    let (_, policy) = by_name::<maremma_model::noun::Policy>(&estate, "managed");
    let statement = policy
        .document
        .value()
        .unwrap()
        .get("Statement")
        .unwrap()
        .items()
        .first()
        .cloned()
        .unwrap();
    assert_eq!(
        statement.get("Action").unwrap().as_str(),
        Some("s3:GetObject"),
        "the default version"
    );
    let (_, audit) = by_name::<maremma_model::noun::Role>(&estate, "audit");
    let documents: Vec<_> = audit
        .policies
        .inline
        .iter()
        .map(|policy| policy.document.is_unknown())
        .collect();
    assert_eq!(documents, [false, true], "one of the two was asked for");
    let (_, user) = by_name::<maremma_model::noun::User>(&estate, "deploy");
    assert!(
        user.groups
            .value()
            .unwrap()
            .first()
            .unwrap()
            .value()
            .unwrap()
            .here()
            .is_some()
    );
}

#[test]
fn the_network_is_linked_by_its_ids() {
    let estate = account();
    let (_, group) = by_name::<maremma_model::noun::SecurityGroup>(&estate, "sg-1");
    assert_eq!(group.is_default.value(), Some(&true));
    assert_eq!(
        (
            group.ingress.value().unwrap().len(),
            group.egress.value().unwrap().len()
        ),
        (4, 1)
    );
    let (_, closed) = by_name::<maremma_model::noun::SecurityGroup>(&estate, "sg-2");
    assert_eq!(
        closed.egress.value().map(Vec::len),
        Some(0),
        "an empty list lets nothing out"
    );
    assert_eq!(
        estate.security_group_rules.len(),
        2,
        "those of a group that was not listed"
    );
    let subnets: Vec<_> = estate
        .route_table_associations
        .values()
        .map(|row| row.subnet.value().unwrap().here().unwrap().row())
        .collect();
    assert_eq!(subnets.len(), 2, "the second by the main table");
    let flow_log = estate.flow_logs.values().next().unwrap();
    assert!(matches!(flow_log.on.value(), Some(AnyLink::Here(AnyId::Vpc(_)))));
}

#[test]
fn apis_have_paths_methods_and_what_protects_them() {
    let estate = account();
    let mut paths: Vec<_> = estate
        .rest_methods
        .values()
        .map(|method| {
            (
                literal(&method.path).to_owned(),
                text(&method.method).unwrap().to_owned(),
            )
        })
        .collect();
    paths.sort();
    let expected = [("/", "GET"), ("/orders", "POST"), ("/orders/{id}", "GET")];
    assert_eq!(
        paths,
        expected.map(|(path, method)| (path.to_owned(), method.to_owned()))
    );
    let post = estate
        .rest_methods
        .values()
        .find(|method| text(&method.method) == Some("POST"))
        .unwrap();
    assert_eq!(why(&post.authorization_type), "apigateway get-method was not asked");
    let asked = estate
        .rest_methods
        .values()
        .find(|method| text(&method.authorization_type) == Some("CUSTOM"))
        .unwrap();
    assert!(asked.authorizer.value().unwrap().here().is_some());
    assert_eq!(asked.validates.value(), Some(&true));
    let api = estate.rest_apis.values().next().unwrap();
    assert!(
        api.policy.value().unwrap().get("Statement").is_some(),
        "its quotes are escaped twice"
    );
    assert!(api.body.is_unset());
    let protected = estate.web_acl_associations.values().next().unwrap();
    assert!(matches!(protected.on.value(), Some(AnyLink::Here(AnyId::RestApi(_)))));
    assert_eq!(text(&protected.stage), Some("prod"));
    let route = estate.http_routes.values().next().unwrap();
    assert!(route.integration.function.value().unwrap().function.here().is_some());
    let stage = estate.stages.values().next().unwrap();
    let selectors: Vec<_> = stage.methods.iter().map(|method| literal(&method.selector)).collect();
    assert_eq!(selectors, ["*/*", "orders/{id}/GET"]);
}

#[test]
fn buckets_are_as_open_as_s3_says() {
    let estate = account();
    let (_, inbox) = by_name::<maremma_model::noun::Bucket>(&estate, "inbox");
    assert_eq!(
        (inbox.block_public_acls.value(), inbox.block_public_policy.value()),
        (Some(&true), Some(&false))
    );
    assert_eq!(
        (text(&inbox.acl), inbox.event_bridge.value()),
        (Some("Private"), Some(&true))
    );
    let (_, old) = by_name::<maremma_model::noun::Bucket>(&estate, "old");
    assert_eq!(old.block_public_acls.value(), Some(&false), "none is configured");
    assert_eq!(
        (text(&old.acl), text(&old.object_ownership)),
        (Some("PublicReadWrite"), Some("ObjectWriter"))
    );
    assert_eq!(why(&old.kms_key), "s3api get-bucket-encryption was not asked");
    let triggers = estate
        .triggers
        .values()
        .filter(|trigger| &*trigger.resource.kind == "AWS::S3::Bucket");
    assert_eq!(
        triggers.map(|trigger| texts(&trigger.filters)).collect::<Vec<_>>(),
        [["s3:ObjectCreated:*", "prefix=in/"]]
    );
}

#[test]
fn what_aws_manages_is_no_row() {
    let estate = account();
    assert_eq!(estate.keys.len(), 1);
    let secret = estate.secrets.values().next().unwrap();
    assert!(
        matches!(secret.kms_key.value(), Some(AnyLink::Here(AnyId::Key(_)))),
        "by its alias"
    );
    assert_eq!(estate.secret_rotations.len(), 1);
    assert_eq!(estate.policies.len(), 2);
}

#[test]
fn coverage_follows_from_what_was_asked() {
    let estate = account();
    let extent = |table: &str, region: Option<&str>| estate.extent(table, Some("111122223333"), region);
    let here = Some("eu-west-1");
    assert_eq!(extent("AWS::Lambda::Function", here), Extent::Complete);
    assert_eq!(
        extent("AWS::Lambda::Permission", here),
        Extent::Complete,
        "absent is an answer too"
    );
    assert_eq!(extent("AWS::IAM::Role", None), Extent::Complete);
    assert_eq!(extent("AWS::CloudTrail::Trail", here), Extent::Complete);
    assert_eq!(extent("AWS::Lambda::Function", Some("us-east-1")), Extent::Absent);
    assert_eq!(extent("AWS::MSK::Cluster", here), Extent::Absent);
    assert_eq!(
        extent("AWS::Lambda::EventInvokeConfig", here),
        Extent::Partial("lambda list-function-event-invoke-configs was answered for 1 of 2".into())
    );
}
