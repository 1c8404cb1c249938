//! Answers in the wrong place, of the wrong type, or none.

use super::{answers, corpus, read, with_function};
use crate::reader::{Options, read_texts};
use crate::site::Deployment;
use maremma_model::{Extent, GapKind, Link};

#[test]
fn a_file_of_any_name_says_whose_it_is_or_a_gap_does() {
    let estate = read(&corpus("elsewhere.txt"));
    assert_eq!(estate.functions.len(), 1);
    assert_eq!(estate.permissions.len(), 1);
    let unit = estate
        .unit(estate.functions.values().next().unwrap().resource.unit)
        .unwrap();
    assert_eq!(
        (unit.account.as_deref(), unit.region.as_deref()),
        (Some("444455556666"), Some("us-east-1"))
    );
    let reasons: Vec<String> = estate
        .gaps
        .iter()
        .map(|gap| format!("{:?} {}", gap.kind, gap.reason))
        .collect();
    let told = |words: &str| {
        assert!(
            reasons.iter().any(|reason| reason.contains(words)),
            "{words}: {reasons:#?}"
        )
    };
    told("Absent the answer of ec2 describe-vpcs does not say whose it is: keep it as <account>/<region>/ec2/");
    told("Unparsed no answer of the AWS CLI");
    told("Unsupported ec2 describe-instances: answers of this operation are not read");
    told("Failed lambda list-functions answered ThrottlingException");
    told("Unparsed lambda list-event-source-mappings: a member without what names it");
    told("Absent lambda list-event-source-mappings: the answer goes on in a page that is not here");
    assert!(estate.gaps.iter().all(|gap| gap.at.is_some()));
}

#[test]
fn what_does_not_say_whose_it_is_may_be_told() {
    let options = Options {
        deployment: Deployment {
            account: Some("111122223333".to_owned()),
            region: Some("eu-west-1".to_owned()),
            ..Deployment::default()
        },
        ..Options::default()
    };
    let estate = read_texts(&[("vpcs.json", "{\"Vpcs\": [{\"VpcId\": \"vpc-1\"}]}")], &options);
    assert_eq!((estate.vpcs.len(), estate.gaps.len()), (1, 0));
}

#[test]
fn pages_make_one_list() {
    let page = |number: &str, name: &str, token: &str| {
        format!(
            "== 111122223333/eu-west-1/lambda/list-functions{number}.json\n\
             {{{token}\"Functions\": [{{\"FunctionName\": \"{name}\", \
             \"FunctionArn\": \"arn:aws:lambda:eu-west-1:111122223333:function:{name}\"}}]}}\n"
        )
    };
    let more = "\"NextMarker\": \"x\", ";
    let whole = read(&(page("", "a", more) + &page(".2", "b", "")));
    assert_eq!(whole.functions.len(), 2);
    let extent = |estate: &maremma_model::Estate| {
        estate.extent("AWS::Lambda::Function", Some("111122223333"), Some("eu-west-1"))
    };
    assert_eq!(extent(&whole), Extent::Complete);
    let cut = read(&(page("", "a", more) + &page(".2", "b", more)));
    assert_eq!(
        extent(&cut),
        Extent::Partial("lambda list-functions: a page is missing".into())
    );
    assert_eq!(cut.gaps.len(), 1);
}

#[test]
fn equal_names_of_two_regions_are_two_functions() {
    let of = |region: &str, extra: &str| {
        let arn = format!("arn:aws:lambda:{region}:111122223333:function:orders");
        format!(
            "== 111122223333/{region}/lambda/list-functions.json\n\
             {{\"Functions\": [{{\"FunctionName\": \"orders\", \"FunctionArn\": \"{arn}\"}}]}}\n{extra}"
        )
    };
    // The target of a rule in the one region is the function of the other.
    let rule = "== 111122223333/us-east-1/sns/list-subscriptions.json\n\
        {\"Subscriptions\": [{\"SubscriptionArn\": \"arn:aws:sns:us-east-1:111122223333:news:1\", \"Protocol\": \"lambda\", \
        \"Endpoint\": \"arn:aws:lambda:eu-west-1:111122223333:function:orders\", \
        \"TopicArn\": \"arn:aws:sns:us-east-1:111122223333:news\"}]}\n";
    let estate = read(&(of("eu-west-1", "") + &of("us-east-1", rule)));
    assert_eq!(estate.functions.len(), 2);
    let trigger = estate.triggers.values().next().unwrap();
    let Link::Here(id) = trigger.function.value().unwrap().function else {
        panic!("no function")
    };
    let arn = estate.functions.get(id).unwrap().resource.arn.as_literal().unwrap();
    assert!(arn.contains(":eu-west-1:"));
    let foreign = rule.replace("lambda:eu-west-1:111122223333", "lambda:us-east-1:444455556666");
    let estate = read(&of("us-east-1", &foreign));
    let trigger = estate.triggers.values().next().unwrap();
    assert!(
        matches!(trigger.function.value().unwrap().function, Link::Outside(_)),
        "of another account"
    );
}

#[test]
fn the_arn_is_believed_rather_than_the_directory() {
    let estate = read(
        "== 111122223333/eu-west-1/lambda/list-functions.json\n\
         {\"Functions\": [{\"FunctionName\": \"orders\", \"FunctionArn\": \"arn:aws:lambda:us-east-1:444455556666:function:orders\"}]}\n",
    );
    let unit = estate
        .unit(estate.functions.values().next().unwrap().resource.unit)
        .unwrap();
    assert_eq!(&*unit.name, "444455556666/us-east-1");
    let [gap] = estate.gaps.as_slice() else {
        panic!("{:?}", estate.gaps)
    };
    assert_eq!(gap.kind, GapKind::Unparsed);
    assert!(
        gap.reason
            .contains("of another account or region than its directory says")
    );
}

#[test]
fn an_answer_about_what_no_list_names_is_told() {
    let arn = "111122223333/eu-west-1/lambda/get-function-concurrency";
    let estate = with_function("", &format!("== {arn}/other.json\n{{}}\n== {arn}/orders.json\n{{}}\n"));
    let [gap] = estate.gaps.as_slice() else {
        panic!("{:?}", estate.gaps)
    };
    assert_eq!(
        &*gap.reason,
        "lambda get-function-concurrency other: no other answer names this AWS::Lambda::Function: collect the list of them too"
    );
    assert!(
        estate
            .functions
            .values()
            .next()
            .unwrap()
            .reserved_concurrency
            .is_unset()
    );
}

#[test]
fn a_wrong_type_is_told_at_its_line() {
    let estate = with_function(",\n \"Timeout\": {\"a\": 1},\n \"VpcConfig\": 7", "");
    let told: Vec<_> = estate
        .gaps
        .iter()
        .map(|gap| (gap.at.as_ref().unwrap().place().unwrap().span.start.line, &*gap.reason))
        .collect();
    assert!(
        told.contains(&(2, "Timeout: expected a whole number, found a map")),
        "{told:?}"
    );
    assert!(told.iter().any(|(line, _)| *line == 3), "{told:?}");
}

#[test]
fn templates_and_other_json_are_no_answers() {
    for text in [
        "{\"Parameters\": {\"Stage\": {\"Type\": \"String\"}}, \"Resources\": {\"A\": {\"Type\": \"AWS::SNS::Topic\"}}}",
        "{\"name\": \"orders\", \"version\": \"1.0.0\"}",
        "{\"Functions\": []}",
        "{\"Role\": \"arn:aws:iam::111122223333:role/x\"}",
        "{\"Policy\": \"nothing\"}",
        "[]",
    ] {
        let estate = read_texts(&[("a.json", text)], &Options::default());
        assert!(estate.units.iter().all(|unit| &*unit.format != "responses"), "{text}");
    }
    assert_eq!(answers("== a\n1\n== b\n2"), [("a", "1"), ("b", "2")]);
}

#[test]
fn answers_of_two_days_are_told() {
    let text = "{\"Functions\": []}";
    let of = |day: &str| format!("{day}/111122223333/eu-west-1/lambda/list-functions.json");
    let paths = [of("monday"), of("tuesday")];
    let texts: Vec<_> = paths.iter().map(|path| (path.as_str(), text)).collect();
    let estate = read_texts(&texts, &Options::default());
    let [gap] = estate.gaps.as_slice() else {
        panic!("{:?}", estate.gaps)
    };
    assert!(gap.reason.starts_with("lambda list-functions is answered twice"));
}

#[test]
fn what_aws_manages_may_be_asked_for() {
    let key = "00000000-12ab-34cd-56ef-1234567890ab";
    let policy = "arn%3Aaws%3Aiam%3A%3Aaws%3Apolicy%2FReadOnlyAccess";
    let estate = read(&format!(
        "== 111122223333/eu-west-1/kms/describe-key/{key}.json\n\
         {{\"KeyMetadata\": {{\"KeyId\": \"{key}\", \"Arn\": \"arn:aws:kms:eu-west-1:111122223333:key/{key}\", \"KeyManager\": \"AWS\"}}}}\n\
         == 111122223333/eu-west-1/kms/get-key-rotation-status/{key}.json\n{{\"KeyRotationEnabled\": true}}\n\
         == 111122223333/global/iam/get-policy-version/{policy},v1.json\n{{\"PolicyVersion\": {{}}}}\n"
    ));
    assert_eq!((estate.keys.len(), estate.gaps.len()), (0, 0), "{:?}", estate.gaps);
}
