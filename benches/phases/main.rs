//! What the phases of a scan cost: parse, read, judge, report.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use jiff::civil::date;
use maremma_checks::{AnyCheck, Context, Keep, Trust, UserCheck, all, assess, run, user};
use maremma_model::{FileId, Rule, Severity, Tier};
use maremma_report::{Options as Shown, Run, TextOptions, Tool};
use maremma_source::{Options, expanded, read_texts, tree};
use std::hint::black_box;
use std::time::Duration;

const FUNCTIONS: [usize; 2] = [200, 2000];

fn phases(criterion: &mut Criterion) {
    let formats = [
        ("cloudformation", maremma_benches::cloudformation as fn(usize) -> String),
        ("sam", maremma_benches::sam),
    ];
    for (format, make) in formats {
        let mut group = criterion.benchmark_group(format);
        group.sample_size(20);
        for functions in FUNCTIONS {
            let text = make(functions);
            let estate = read_texts(&[("template.yaml", &text)], &Options::default());
            let trust = Trust::default();
            let day = date(2026, 11, 24);
            let findings = run(&Context::new(&estate, &trust, day), all());
            group.throughput(Throughput::Bytes(text.len() as u64));
            group.bench_function(BenchmarkId::new("parse", functions), |bench| {
                bench.iter(|| tree::parse(black_box(&text), FileId(0), tree::Syntax::Either));
            });
            if format == "sam" {
                group.bench_function(BenchmarkId::new("parse and expand", functions), |bench| {
                    bench.iter(|| expanded(black_box(&text), &Options::default()));
                });
            }
            group.bench_function(BenchmarkId::new("parse and read", functions), |bench| {
                bench.iter(|| read_texts(&[("template.yaml", black_box(&text))], &Options::default()));
            });
            group.bench_function(BenchmarkId::new("judge", functions), |bench| {
                bench.iter(|| run(&Context::new(black_box(&estate), &trust, day), all()));
            });
            let rules: Vec<&'static Rule> = all().iter().map(|check| &check.rule).collect();
            let told = Run {
                tool: Tool {
                    name: "maremma",
                    version: "0",
                    url: "",
                },
                targets: &[],
                as_of: "2026-11-24",
                facts: &[],
                estate: &estate,
                findings: &findings,
                counted: maremma_model::finding::Counted::default(),
                checks: &rules,
                own: &[],
                not_assessed: &[],
                notes: &[],
                functions: estate.functions.len(),
                framework: None,
                options: Shown {
                    include_passed: false,
                    fail_on: Severity::Low,
                    strict: false,
                    tier: Tier::Hygiene,
                    named: false,
                },
                elapsed: Duration::ZERO,
            };
            group.bench_function(BenchmarkId::new("report as text", functions), |bench| {
                bench.iter(|| maremma_report::text(black_box(&told), &TextOptions::default(), &mut std::io::sink()));
            });
            group.bench_function(BenchmarkId::new("report as json", functions), |bench| {
                bench.iter(|| maremma_report::json(black_box(&told), &mut std::io::sink()));
            });
        }
        group.finish();
    }
}

/// What ten checks of one's own add to a scan of 5,000 functions: a loop over tags, a pattern, what hangs on a function.
#[expect(clippy::panic, reason = "what cannot be measured is told")]
fn own_checks(criterion: &mut Criterion) {
    const RULES: [&str; 10] = [
        "!self.runtime.startsWith('python')",
        "self.timeout > 60",
        "self.memory_size > 1024 && self.architectures == null",
        "!self.tags.exists(tag, tag.key == 'Owner')",
        "!self.given_name.matches('^[a-z0-9-]+$')",
        "self.environment.exists(v, v.name.startsWith('AWS_'))",
        "self.role.trust != null && self.role.functions.size() > 3",
        "self.aliases.size() == 0",
        "self.permissions.exists(p, list(p.statement.Principal).exists(w, w == '*'))",
        "fails('role-admin', self.role)",
    ];
    let text = maremma_benches::cloudformation(5000);
    let estate = read_texts(&[("template.yaml", &text)], &Options::default());
    let files = RULES.iter().enumerate().map(|(n, rule)| {
        let check = format!(
            "id: own-{n}\ntitle: t\nsubject: AWS::Lambda::Function\nfails: \"{rule}\"\nexample:\n  - {{expect: fail, template: x}}\n  - {{expect: pass, template: x}}\n"
        );
        let root = tree::parse(&check, FileId(0), tree::Syntax::Either).map(|parsed| parsed.root);
        (format!("{n}.yaml"), root.unwrap_or_else(|error| panic!("{}", error.what)))
    });
    let files: Vec<_> = files.collect();
    let read = || user::read(&files).unwrap_or_else(|refused| panic!("{refused:?}"));
    let checks: &'static [UserCheck] = Vec::leak(read());
    let checks: Vec<AnyCheck> = checks.iter().map(AnyCheck::from).collect();
    let trust = Trust::default();
    let context = Context::new(&estate, &trust, date(2026, 11, 24));
    let mut group = criterion.benchmark_group("own checks");
    group.sample_size(10);
    group.bench_function("read 10", |bench| bench.iter(read));
    group.bench_function("judge 10 over 5000", |bench| {
        bench.iter(|| assess(black_box(&context), &checks, Keep::Open));
    });
    group.finish();
}

criterion_group!(benches, phases, own_checks);
criterion_main!(benches);
