//! Configurations as people write them, one directory each: all of it is read, and nothing is unknown that
//! Terraform itself knows when it plans.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and so does what helps it"
)]

use maremma_source::{Options, read, snapshot};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// What a directory comes to.
struct Layout {
    name: &'static str,
    /// Resources of the estate, what is made of parts of them included.
    rows: usize,
    /// Why something is not known, sorted. What AWS decides when it makes a resource does not count, nor
    /// do the account and the region of the run.
    unknown: &'static [&'static str],
    gaps: &'static [&'static str],
}

const fn known(name: &'static str, rows: usize) -> Layout {
    Layout {
        name,
        rows,
        unknown: &[],
        gaps: &[],
    }
}

const LAYOUTS: &[Layout] = &[
    known("attachments", 8),
    known("bucket_events", 8),
    known("container_image", 2),
    known("counts", 11),
    known("dynamic_blocks", 2),
    known("environments", 8),
    known("fan_out", 13),
    known("function_urls", 4),
    known("http_api_routes", 21),
    known("idioms", 2),
    known("json_syntax", 2),
    known("key_and_secret", 6),
    known("layers", 4),
    known("map_of_objects", 6),
    known("nested_modules", 3),
    known("network", 9),
    known("opentofu", 1),
    known("overrides", 1),
    known("policy_documents", 5),
    known("queue_worker", 10),
    known("refactored", 1),
    known("registry_style", 8),
    Layout {
        name: "remote_module",
        rows: 1,
        unknown: &["unresolved: module.vpc was not read"; 2],
        gaps: &[
            "module vpc (terraform-aws-modules/vpc/aws) is not on disk: run `terraform init`, what it makes is not known",
        ],
    },
    Layout {
        name: "required_variable",
        rows: 1,
        unknown: &["parameter: role_arn"],
        gaps: &[],
    },
    known("rest_api", 11),
    known("schedules", 12),
    known("single_file", 3),
    // What Terraform asks AWS for when it plans.
    Layout {
        name: "ssm_parameter",
        rows: 1,
        unknown: &["attribute: data.aws_ssm_parameter.role.value"],
        gaps: &[],
    },
    known("state_machine", 6),
    known("tags", 2),
    known("two_lines", 2),
    known("user_pool", 7),
    Layout {
        name: "vpc_data",
        rows: 2,
        unknown: &[
            "attribute: data.aws_subnets.private.ids",
            "attribute: data.aws_vpc.main.cidr_block",
            "attribute: data.aws_vpc.main.id",
        ],
        gaps: &[],
    },
    known("workspaces", 2),
    known("yaml_config", 5),
];

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/terraform_layouts")
}

/// The estate of a directory, as a snapshot holds it.
fn estate(name: &str) -> Value {
    let estate = read(&[directory().join(name)], &Options::default(), &mut |_| {}).unwrap();
    let written: Value = serde_json::from_str(&snapshot::write(&estate).unwrap()).unwrap();
    written["estate"].clone()
}

/// The rows of all tables.
fn rows(estate: &Value) -> impl Iterator<Item = &Value> {
    let tables = estate.as_object().unwrap().values().filter_map(Value::as_array);
    tables.flatten().filter(|row| row.get("resource").is_some())
}

/// The row of a table at an address.
fn row<'e>(estate: &'e Value, table: &str, address: &str) -> &'e Value {
    let mut rows = estate[table].as_array().unwrap().iter();
    let found = rows.find(|row| row["resource"]["address"] == address);
    found.unwrap_or_else(|| panic!("no {address} in {table}"))
}

/// Why values below are not known, where Terraform would know them.
fn unknown(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                match value {
                    Value::String(exists) if name == "exists" && exists != "always" => found.push(exists.clone()),
                    Value::Object(_) if name == "exists" => found.push(format!("exists: {value}")),
                    _ if name == "why" => found.extend(why(value)),
                    // A document as a whole: of a text at least the rest would be known.
                    Value::Object(of) if name == "unknown" && of.contains_key("pseudo") => {
                        found.push(format!("unknown: {value}"));
                    }
                    Value::Object(of) if name == "unknown" && !of.contains_key("why") => found.extend(why(value)),
                    _ if name == "choice" => found.push(format!("choice: {value}")),
                    _ => unknown(value, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| unknown(item, found)),
        _ => {}
    }
}

fn why(why: &Value) -> Option<String> {
    let Some((kind, of)) = why.as_object().and_then(|why| why.iter().next()) else {
        return Some(why.to_string());
    };
    let of = of.as_str().unwrap();
    // An attribute of a data source is read before anything is made, one of a resource only after that.
    let decided_by_aws = kind == "pseudo" || kind == "attribute" && !of.starts_with("data.");
    (!decided_by_aws).then(|| format!("{kind}: {of}"))
}

#[test]
fn every_directory_is_in_the_list() {
    let mut present: Vec<String> = std::fs::read_dir(directory())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    present.sort();
    let listed: Vec<&str> = LAYOUTS.iter().map(|layout| layout.name).collect();
    assert_eq!(present, listed);
    assert!(listed.len() >= 30);
}

#[test]
fn nothing_is_unknown_that_terraform_knows() {
    for layout in LAYOUTS {
        let estate = estate(layout.name);
        let gaps: Vec<&str> = estate["gaps"]
            .as_array()
            .unwrap()
            .iter()
            .map(|gap| gap["reason"].as_str().unwrap())
            .collect();
        assert_eq!(gaps, layout.gaps, "{}", layout.name);
        let mut reasons = Vec::new();
        rows(&estate).for_each(|row| unknown(row, &mut reasons));
        reasons.sort();
        assert_eq!(reasons, layout.unknown, "{}", layout.name);
        let addresses: Vec<&Value> = rows(&estate).map(|row| &row["resource"]["address"]).collect();
        assert_eq!(addresses.len(), layout.rows, "{}: {addresses:?}", layout.name);
    }
}

#[test]
fn what_is_known_is_what_terraform_makes_of_it() {
    let set = |row: &Value, name: &str| row[name]["state"]["set"].clone();
    let idioms = estate("idioms");
    let function = row(&idioms, "functions", "aws_lambda_function.fn");
    assert_eq!(function["resource"]["name"]["literal"], "fn");
    assert_eq!(
        (set(function, "memory_size"), set(function, "timeout")),
        (512.into(), 20.into())
    );
    let names: Vec<&Value> = function["environment"]
        .as_array()
        .unwrap()
        .iter()
        .map(|variable| &variable["name"])
        .collect();
    assert_eq!(names, ["ACCOUNT", "FLAG_A", "FLAG_B", "GROUPS", "PATHS"]);

    let environments = estate("environments");
    let kept: Vec<Value> = environments["log_groups"]
        .as_array()
        .unwrap()
        .iter()
        .map(|group| set(group, "retention_days"))
        .collect();
    assert_eq!(kept, [7, 365]);

    let objects = estate("map_of_objects");
    let hooks = row(
        &objects,
        "functions",
        r#"module.function["hooks"].aws_lambda_function.this"#,
    );
    assert_eq!(
        (set(hooks, "memory_size"), set(hooks, "timeout")),
        (512.into(), 10.into())
    );
    let orders = row(
        &objects,
        "functions",
        r#"module.function["orders"].aws_lambda_function.this"#,
    );
    assert_eq!(
        (set(orders, "memory_size"), set(orders, "timeout")),
        (256.into(), 3.into())
    );

    let overrides = estate("overrides");
    let function = row(&overrides, "functions", "aws_lambda_function.fn");
    assert_eq!(set(function, "runtime")["literal"], "python3.13");
    let opentofu = estate("opentofu");
    let function = row(&opentofu, "functions", "aws_lambda_function.fn");
    assert_eq!(function["resource"]["name"]["literal"], "fn");
}

/// The texts of a document, without what it is made of.
fn texts(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                match value.as_str() {
                    Some(text) if matches!(name.as_str(), "literal" | "key") => found.push(text.to_owned()),
                    _ => texts(value, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        _ => {}
    }
}

#[test]
fn policies_have_what_their_loops_and_templates_write() {
    let holds = |layout: &str, address: &str, expected: &[&str]| {
        let estate = estate(layout);
        let mut found = Vec::new();
        texts(row(&estate, "policies", address), &mut found);
        for text in expected {
            assert!(
                found.iter().any(|found| found == text),
                "{layout}: no {text} in {found:?}"
            );
        }
    };
    holds(
        "yaml_config",
        r#"aws_iam_role_policy.function["read"]"#,
        &["dynamodb:Query", "arn:aws:dynamodb:*:*:table/orders"],
    );
    holds(
        "registry_style",
        "module.orders.aws_iam_role_policy.inline[0]",
        &[
            "queue",
            "kms",
            "sqs:SendMessage",
            "kms:ViaService",
            "sqs.eu-west-1.amazonaws.com",
        ],
    );
    holds(
        "policy_documents",
        "aws_iam_policy.fn",
        &["Deny", "logs:*", "ReadOrders", "WriteEvents", ":table/audit"],
    );
    holds("policy_documents", "aws_iam_role_policy.data", &["/in/*", "/out/*"]);
    holds(
        "state_machine",
        "aws_iam_role_policy.flow",
        &["lambda:InvokeFunction", ":*"],
    );
    holds(
        "map_of_objects",
        r#"module.function["orders"].aws_iam_role_policy.this[0]"#,
        &["dynamodb:Query"],
    );
}
