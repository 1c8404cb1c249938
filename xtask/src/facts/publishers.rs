//! Accounts from which AWS and vendors publish layers: what their own packages say.
//!
//! The table of claims is reviewed by people: which package speaks for whom. The accounts are read from the packages.

use super::file;
use super::package::{Registry, Shelf};
use anyhow::{Result, ensure};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

pub(crate) const TABLE: &str = "layer-publishers";

/// `file` of `package` names layers of `publisher`; those whose name begins with `layer` are its `product`.
struct Claim {
    package: (Registry, &'static str),
    file: &'static str,
    layer: &'static str,
    product: &'static str,
    publisher: &'static str,
    kind: &'static str,
}

const fn claim(
    package: (Registry, &'static str),
    file: &'static str,
    layer: &'static str,
    product: &'static str,
    (publisher, kind): (&'static str, &'static str),
) -> Claim {
    Claim {
        package,
        file,
        layer,
        product,
        publisher,
        kind,
    }
}

const AWS: (&str, &str) = ("AWS", "aws");
const CDK: (Registry, &str) = (Registry::Npm, "aws-cdk-lib");
const CDK_REGIONS: &str = "region-info/lib/built-ins.generated.js";
const CDKLABS: (Registry, &str) = (Registry::Npm, "@cdklabs/generative-ai-cdk-constructs");
const MOTO: (Registry, &str) = (Registry::PyPi, "moto");
const DATADOG: (Registry, &str) = (Registry::Npm, "serverless-plugin-datadog");
const LUMIGO: (Registry, &str) = (Registry::Npm, "@lumigo/cdk-constructs-v2");
const SENTRY: (Registry, &str) = (Registry::Npm, "@sentry/aws-serverless");

#[rustfmt::skip]
const CLAIMS: &[Claim] = &[
    claim(CDK, CDK_REGIONS, "LambdaInsightsExtension", "Lambda Insights", AWS),
    claim(CDK, CDK_REGIONS, "AWS-Parameters-and-Secrets-Lambda-Extension", "Parameters and Secrets Extension", AWS),
    claim(CDK, CDK_REGIONS, "AWS-AppConfig-Extension", "AppConfig Agent", AWS),
    claim(CDK, CDK_REGIONS, "aws-otel-", "Distro for OpenTelemetry", AWS),
    claim(CDK, "aws-lambda/README.md", "AWSOpenTelemetryDistro", "Application Signals", AWS),
    claim(CDK, "aws-appconfig/lib/application.js", "AWS-AppConfig-Extension", "AppConfig Agent", AWS),
    // Constructs that AWS maintains load this layer.
    claim(CDKLABS, "lib/patterns/gen-ai/aws-bedrock-data-automation/index.js", "AWSLambdaPowertools", "Powertools for AWS Lambda", AWS),
    // AWS's own managed policies let their holders load these layers.
    claim(MOTO, "moto/iam/aws_managed_policies.py", "AWSSDK", "SDK for pandas", AWS),
    claim(DATADOG, "dist/src/layers.json", "Datadog", "Datadog Lambda library and Extension", ("Datadog", "vendor")),
    claim(DATADOG, "dist/src/layers-gov.json", "Datadog", "Datadog Lambda library and Extension", ("Datadog", "vendor")),
    claim(LUMIGO, "lib/lambda_layers_nodejs.json", "lumigo-", "Lumigo tracer", ("Lumigo", "vendor")),
    claim(SENTRY, "README.md", "SentryNodeServerlessSDK", "Sentry SDK", ("Sentry", "vendor")),
];

struct Entry {
    publisher: &'static str,
    kind: &'static str,
    products: BTreeSet<&'static str>,
}

pub(crate) fn renew(shelf: &Shelf) -> Result<()> {
    let mut entries: BTreeMap<String, Entry> = BTreeMap::new();
    let mut sources = Vec::new();
    for claim in CLAIMS {
        let package = shelf.fetch(claim.package.0, claim.package.1)?;
        let text = package.read(claim.file)?;
        let accounts = accounts(&text, claim.layer);
        ensure!(
            !accounts.is_empty(),
            "{} no longer names layers {}*",
            claim.package.1,
            claim.layer
        );
        for account in accounts {
            let entry = entries.entry(account.to_owned()).or_insert_with(|| Entry {
                publisher: claim.publisher,
                kind: claim.kind,
                products: BTreeSet::new(),
            });
            ensure!(
                entry.publisher == claim.publisher,
                "{account} is claimed by two publishers"
            );
            entry.products.insert(claim.product);
        }
        let source = package.source(TABLE, claim.file, &text);
        if !sources.contains(&source) {
            sources.push(source);
        }
    }
    let fact = |entry: &Entry| json!({"name": entry.publisher, "kind": entry.kind, "products": entry.products});
    let facts: Map<String, Value> = entries
        .iter()
        .map(|(account, entry)| (account.clone(), fact(entry)))
        .collect();
    file::write(TABLE, sources, &facts)
}

/// The accounts of the layer ARNs in a text whose layer name begins with `prefix`.
fn accounts<'a>(text: &'a str, prefix: &str) -> BTreeSet<&'a str> {
    let mut accounts = BTreeSet::new();
    for (position, separator) in text.match_indices(":layer:") {
        let (before, after) = (text.get(..position), text.get(position + separator.len()..));
        let account = before.and_then(|before| before.rsplit(':').next()).unwrap_or_default();
        let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
        if is_account && after.is_some_and(|after| after.starts_with(prefix)) {
            accounts.insert(account);
        }
    }
    accounts
}
