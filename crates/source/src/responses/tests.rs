//! The fixture account of the fuzz corpus, read as a directory would be.

mod account;
mod elsewhere;
mod table;

use crate::reader::{Options, read_texts};
use maremma_model::Estate;
use std::path::PathBuf;

/// A file of the corpus: answers under the path that is told before each.
fn corpus(name: &str) -> String {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/responses");
    std::fs::read_to_string(root.join(name)).unwrap()
}

/// The paths and texts of such a file.
fn answers(text: &str) -> Vec<(&str, &str)> {
    let parts = text.split("\n== ").map(|part| part.strip_prefix("== ").unwrap_or(part));
    parts.filter_map(|part| part.split_once('\n')).collect()
}

const ACCOUNT: [&str; 7] = [
    "api.txt",
    "callers.txt",
    "data.txt",
    "events.txt",
    "iam.txt",
    "lambda.txt",
    "network.txt",
];

fn read(text: &str) -> Estate {
    read_texts(&answers(text), &Options::default())
}

/// The whole fixture account.
fn account() -> Estate {
    let all: Vec<String> = ACCOUNT.iter().map(|name| corpus(name)).collect();
    read(&all.join("\n"))
}

/// A list of one function, whose other attributes are given, and other answers.
fn with_function(attributes: &str, others: &str) -> Estate {
    let arn = "arn:aws:lambda:eu-west-1:111122223333:function:orders";
    read(&format!(
        "== 111122223333/eu-west-1/lambda/list-functions.json\n\
         {{\"Functions\": [{{\"FunctionName\": \"orders\", \"FunctionArn\": \"{arn}\"{attributes}}}]}}\n{others}"
    ))
}
