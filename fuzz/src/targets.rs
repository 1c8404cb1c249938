//! The targets. Each takes any bytes; a panic is a defect, whatever the bytes.

use maremma_checks::{Context, Suppressions, Trust, suppress, user};
use maremma_model::{Document, Estate, FileId, Framework, Place, Severity, Tier};
use maremma_report::{Options as Shown, Run, Scope, TextOptions, Tool};
use maremma_source::tree::{self, Syntax};
use maremma_source::{Options, read_texts, snapshot};

/// A parser under its name, which is that of its corpus, too.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    pub name: &'static str,
    pub run: fn(&[u8]),
}

/// Every target.
pub const TARGETS: &[Target] = &[
    Target {
        name: "tree",
        run: tree,
    },
    Target {
        name: "template",
        run: template,
    },
    Target {
        name: "service",
        run: service,
    },
    Target {
        name: "snapshot",
        run: snapshot,
    },
    Target {
        name: "policy",
        run: policy,
    },
    Target {
        name: "scan",
        run: scan,
    },
    Target {
        name: "responses",
        run: responses,
    },
    Target {
        name: "own_checks",
        run: own_checks,
    },
];

/// Bytes as the readers of files would hand them on.
fn text(data: &[u8]) -> String {
    String::from_utf8_lossy(data).into_owned()
}

/// YAML and JSON to the spanned tree; every place lies in the text.
#[expect(clippy::panic, reason = "what is asserted is what is looked for")]
pub fn tree(data: &[u8]) {
    let text = text(data);
    for syntax in [Syntax::Either, Syntax::Json] {
        if let Ok(parsed) = tree::parse(&text, FileId(0), syntax) {
            within(&parsed.root, &text).unwrap_or_else(|place| panic!("{place:?} is not in the text"));
        }
    }
}

fn within(node: &maremma_model::Node, text: &str) -> Result<(), Place> {
    let (start, end) = (
        node.place.span.start.offset as usize,
        node.place.span.end.offset as usize,
    );
    text.get(start..end).ok_or(node.place)?;
    node.items().iter().try_for_each(|item| within(item, text))?;
    node.entries().iter().try_for_each(|entry| within(&entry.value, text))
}

/// The CloudFormation and SAM reader from text to estate.
pub fn template(data: &[u8]) {
    read(data);
}

/// The reader of services of the Serverless Framework, and the checks over the estate.
pub fn service(data: &[u8]) {
    judge(&read_texts(&[("serverless.yml", &text(data))], &Options::default()));
}

fn read(data: &[u8]) -> Estate {
    read_texts(&[("template.yaml", &text(data))], &Options::default())
}

/// The snapshot reader, and the checks over whatever estate it yields.
pub fn snapshot(data: &[u8]) {
    if let Ok(estate) = snapshot::read_bytes(data) {
        judge(&estate);
    }
}

/// A policy document in JSON: read, and asked whom it admits and what it grants.
pub fn policy(data: &[u8]) {
    let document = Document::string(&text(data), Place::default());
    for policy in [
        maremma_iam::Policy::read(&document),
        maremma_iam::Policy::read_statement(&document),
    ] {
        let view = maremma_iam::View::default();
        for (statement, admission) in policy.admissions(&view) {
            let _ = (statement.covers_action("lambda:InvokeFunction"), admission.is_public());
        }
        let identity = maremma_iam::IdentityPolicies {
            policies: vec![&policy],
            ..maremma_iam::IdentityPolicies::default()
        };
        for question in [&maremma_iam::Question::ADMIN, &maremma_iam::Question::PASS_ANY_ROLE] {
            let _ = maremma_iam::grants(&identity, question);
        }
    }
}

/// Answers of the AWS CLI, each behind its path, through the reader, every check and every report.
pub fn responses(data: &[u8]) {
    let text = text(data);
    let parts = text.split("\n== ").map(|part| part.strip_prefix("== ").unwrap_or(part));
    let answers: Vec<_> = parts.filter_map(|part| part.split_once('\n')).collect();
    judge(&read_texts(&answers, &Options::default()));
}

/// A template through the reader, every check and every report.
pub fn scan(data: &[u8]) {
    judge(&read(data));
}

/// A file of checks of one's own; where it is taken, each of them over a small estate with what is known and what is not.
pub fn own_checks(data: &[u8]) {
    const TEMPLATE: &str = "Parameters: {P: {Type: String, AllowedValues: [a, b]}}\nConditions: {C: !Equals [!Ref P, a]}\nResources:\n  \
        F: {Type: AWS::Lambda::Function, Properties: {Runtime: !Ref P, Timeout: !If [C, 3, 60], Role: !GetAtt R.Arn, Tags: [{Key: x, Value: !Ref P}]}}\n  \
        R: {Type: AWS::IAM::Role, Condition: C, Properties: {AssumeRolePolicyDocument: {Statement: {Effect: Allow, Action: sts:AssumeRole}}}}\n";
    let Ok(parsed) = tree::parse(&text(data), FileId(0), Syntax::Either) else {
        return;
    };
    let Ok(checks) = user::read(&[("own.yaml".to_owned(), parsed.root)]) else {
        return;
    };
    let estate = read_texts(&[("template.yaml", TEMPLATE)], &Options::default());
    let trust = Trust::default();
    let context = Context::new(&estate, &trust, jiff::civil::date(2026, 1, 1));
    for check in &checks {
        let _ = check.verdicts(&context);
    }
}

fn judge(estate: &Estate) {
    let (trust, as_of) = (Trust::default(), jiff::civil::date(2026, 1, 1));
    let context = Context::new(estate, &trust, as_of);
    let checks = maremma_checks::all();
    let mut findings = maremma_checks::run(&context, checks);
    let rules: Vec<_> = checks.iter().map(|check| &check.rule).collect();
    let suppressions = Suppressions {
        entries: &[],
        baseline: &[],
        as_of,
        known: &rules,
    };
    suppress(&mut findings, estate, &suppressions, &rules);
    let run = Run {
        tool: Tool {
            name: "maremma",
            version: "0.0.0",
            url: "https://example.com",
        },
        targets: &["template.yaml".to_owned()],
        as_of: "2026-01-01",
        facts: &[],
        estate,
        findings: &findings,
        counted: maremma_model::finding::Counted::default(),
        checks: &rules,
        own: &[],
        not_assessed: &[],
        notes: &[],
        functions: estate.functions.len(),
        framework: Some(Scope {
            framework: Framework::Nist,
            left_out: &[],
        }),
        options: Shown {
            include_passed: true,
            fail_on: Severity::Low,
            strict: false,
            tier: Tier::Hygiene,
            named: false,
        },
        elapsed: std::time::Duration::ZERO,
    };
    report(&run);
}

/// No report fails on memory, and no text of a stranger reaches a terminal as it is.
#[expect(
    clippy::expect_used,
    clippy::panic,
    reason = "what is asserted is what is looked for"
)]
fn report(run: &Run<'_>) {
    let mut out = Vec::new();
    let options = TextOptions {
        color: false,
        width: Some(80),
    };
    maremma_report::text(run, &options, &mut out).expect("memory takes it");
    maremma_report::json(run, &mut out).expect("memory takes it");
    maremma_report::sarif(run, &mut out).expect("memory takes it");
    maremma_report::html(run, &mut out).expect("memory takes it");
    maremma_report::ocsf(run, &mut out).expect("memory takes it");
    maremma_report::github(run, &mut out).expect("memory takes it");
    let before = out.len();
    maremma_report::markdown(run, &mut out).expect("memory takes it");
    let comment = out.get(before..).map(String::from_utf8_lossy).unwrap_or_default();
    assert!(comment.chars().count() <= 65_536, "no comment may be that long");
    let mut xml = Vec::new();
    maremma_report::junit(run, &mut xml).expect("memory takes it");
    roxmltree::Document::parse(&String::from_utf8_lossy(&xml)).expect("well-formed XML");
    out.append(&mut xml);
    let mut sheet = Vec::new();
    maremma_report::csv(run, &mut sheet).expect("memory takes it");
    // The ends of rows are the standard's, all others would be a stranger's.
    out.extend(String::from_utf8_lossy(&sheet).replace("\r\n", "\n").into_bytes());
    let out = String::from_utf8(out).expect("reports are UTF-8");
    if let Some(control) = out.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
        panic!("{control:?} reaches the terminal");
    }
}
