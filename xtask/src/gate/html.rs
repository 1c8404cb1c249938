//! The HTML report in Chromium, as a person uses it: filters, links, keys, a phone, the dark, and no script.

use super::Outcome;
use super::browser::{self, Browser, at};
use super::command::cargo_command;
use crate::paths;
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

const PROBE: &str = include_str!("html/probe.js");
const PARTS: &[&str] = &[
    "overview",
    "findings",
    "functions",
    "shared",
    "open",
    "suppressed",
    "checks",
];
/// A window on a desk, and a phone; in CSS pixels.
const SIZES: &[(u32, u32)] = &[(1440, 900), (390, 844)];

/// Opens the reports of the examples.
pub(super) fn open() -> Result<Outcome> {
    let Some(program) = browser::find() else {
        return Ok(Outcome::Skipped(
            "there is no Chromium on the PATH, and none could be installed",
        ));
    };
    let orders = Report::of("orders", &["examples/orders", "--tier", "hygiene"])?;
    let clean = Report::of("clean", &["examples/clean", "--tier", "hygiene"])?;
    let unread = paths::target("html").join("unread.yaml");
    std::fs::write(
        &unread,
        "Resources:\n  Fn: {Type: AWS::Lambda::Function, Properties: [\n",
    )?;
    let unread = Report::of("unread", &[&unread.to_string_lossy()])?;
    let profile = paths::target("html").join("profile");
    let mut browser = Browser::start(&program, &profile)?;
    filters(&mut browser, &orders).context("filters")?;
    keys(&mut browser, &orders).context("keys")?;
    drawer(&mut browser, &orders).context("the drawer")?;
    function(&mut browser, &orders).context("a function's page")?;
    paper(&mut browser, &orders).context("print")?;
    for report in [&orders, &clean, &unread] {
        looks(&mut browser, report).with_context(|| format!("the looks of {}", report.url))?;
    }
    headlines(&mut browser, &clean, &unread)?;
    without_script(&mut browser, &orders).context("without scripts")?;
    large(&mut browser).context("a large estate")?;
    Ok(Outcome::Passed)
}

/// A report, and the same run as JSON.
struct Report {
    url: String,
    json: Value,
}

impl Report {
    fn of(name: &str, scan: &[&str]) -> Result<Self> {
        let file = |ending: &str| paths::target("html").join(format!("{name}.{ending}"));
        let (html, json): (PathBuf, PathBuf) = (file("html"), file("json"));
        std::fs::create_dir_all(paths::target("html"))?;
        let mut command = cargo_command(&[
            "run",
            "--quiet",
            "--locked",
            "--package",
            "maremma",
            "--",
            "--quiet",
            "scan",
        ]);
        command
            .args(scan)
            .args(["--format", &format!("html={}", html.display())])
            .args(["--format", &format!("json={}", json.display())]);
        let code = command.status()?.code();
        // The examples have findings, or nothing that could be read: that is no failure here.
        ensure!(
            code.is_some_and(|code| code <= 2),
            "scanning {name} ended with {code:?}"
        );
        let json = std::fs::read_to_string(&json).with_context(|| format!("{name} was not written"))?;
        Ok(Report {
            url: url(&html),
            json: serde_json::from_str(&json)?,
        })
    }

    /// How many findings have these members.
    fn count(&self, members: &[(&str, &str)]) -> usize {
        let findings = at(&self.json, "/findings")
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default();
        let has = |finding: &&Value| {
            members
                .iter()
                .all(|(name, value)| finding.get(name).is_some_and(|is| is == value))
        };
        findings.iter().filter(has).count()
    }

    fn open(&self, browser: &mut Browser, hash: &str) -> Result<()> {
        browser.load(&format!("{}{hash}", self.url))?;
        browser.value(PROBE)?;
        Ok(())
    }
}

fn url(path: &Path) -> String {
    format!("file://{}", path.display())
}

fn same(browser: &mut Browser, expression: &str, wanted: &Value) -> Result<()> {
    let value = browser.value(expression)?;
    ensure!(value == *wanted, "{expression} is {value}, and should be {wanted}");
    Ok(())
}

/// The address alone says what is listed.
fn filters(browser: &mut Browser, report: &Report) -> Result<()> {
    report.open(browser, "#findings")?;
    let all = report.count(&[]);
    ensure!(all > 20, "only {all} findings in the example");
    same(browser, "probe.rows()", &json!(all))?;
    same(browser, "probe.count('findings')", &json!(format!("{all} findings")))?;
    let critical = report.count(&[("severity", "critical")]);
    let open_urls = report.count(&[("check", "url-auth-none"), ("verdict", "fail")]);
    let undetermined = report.count(&[("verdict", "undetermined")]);
    let core = report.count(&[("tier", "core")]);
    ensure!(
        critical > 0 && open_urls > 0 && undetermined > 0,
        "the example lacks some kinds of findings"
    );
    for (hash, wanted) in [
        ("#findings?severity=critical", critical),
        ("#findings?check=url-auth-none&status=fail", open_urls),
        ("#findings?status=undetermined", undetermined),
        ("#findings?tier=core", core),
        ("#findings?q=no%20finding%20has%20these%20words", 0),
    ] {
        browser.value(&format!("probe.go({})", json!(hash)))?;
        same(browser, "probe.rows()", &json!(wanted)).context(hash)?;
        // A link that was shared shows the same.
        report.open(browser, hash)?;
        same(browser, "probe.rows()", &json!(wanted)).with_context(|| format!("{hash}, loaded"))?;
    }
    same(
        browser,
        "probe.count('findings')",
        &json!("No finding matches these filters."),
    )?;
    browser.value("probe.visible('#findings .reset')[0].click()")?;
    browser.wait_for("location.hash === '#findings'")?;
    browser.wait_for(&format!("probe.rows() === {all}"))?;
    browser.value("document.querySelector('#findings input[value=critical]').click()")?;
    browser.wait_for(&format!(
        "location.hash === '#findings?severity=critical' && probe.rows() === {critical}"
    ))?;
    browser.value("probe.go('#overview')")?;
    same(browser, "probe.part()", &json!("overview"))?;
    browser.value("history.back()")?;
    browser.wait_for(&format!("probe.part() === 'findings' && probe.rows() === {critical}"))?;
    same(browser, "probe.lost()", &json!([]))?;
    no_faults(browser, report)
}

fn keys(browser: &mut Browser, report: &Report) -> Result<()> {
    report.open(browser, "#overview")?;
    browser.press("/", 191)?;
    browser.wait_for("document.activeElement === document.querySelector('#findings input[name=q]')")?;
    browser.ask("Input.insertText", &json!({ "text": "function url" }))?;
    browser.wait_for("location.hash === '#findings?q=function%20url'")?;
    let rows = browser.value("probe.rows()")?.as_u64().unwrap_or_default();
    ensure!(rows > 0 && (rows as usize) < report.count(&[]), "a search finds {rows}");
    // The first card is reached and opened without a pointer.
    for _ in 0..40 {
        browser.press("Tab", 9)?;
        if browser.value("document.activeElement.matches('.card > summary')")? == json!(true) {
            break;
        }
    }
    browser.press("Enter", 13)?;
    browser.wait_for("document.activeElement.closest('.card')?.open === true")?;
    same(
        browser,
        "probe.visible('.card[open] .code mark').length > 0",
        &json!(true),
    )?;
    no_faults(browser, report)
}

fn drawer(browser: &mut Browser, report: &Report) -> Result<()> {
    report.open(browser, "#findings?check=url-auth-none")?;
    browser.value("probe.visible('#findings .card > summary')[0].click()")?;
    browser.value("probe.visible('#findings .card a.page')[0].click()")?;
    browser.wait_for("document.querySelector('#drawer').open")?;
    same(
        browser,
        "location.hash",
        &json!("#findings?check=url-auth-none&page=url-auth-none"),
    )?;
    same(
        browser,
        "document.querySelector('#drawer').contains(document.activeElement)",
        &json!(true),
    )?;
    let text = browser.value("document.querySelector('#drawer').textContent")?;
    ensure!(
        text.as_str().is_some_and(|text| text.contains("Why it matters")),
        "the page says {text}"
    );
    dark(browser, true)?;
    legible(browser)?;
    dark(browser, false)?;
    legible(browser)?;
    browser.press("Escape", 27)?;
    browser.wait_for("!document.querySelector('#drawer').open && location.hash === '#findings?check=url-auth-none'")?;
    no_faults(browser, report)
}

fn function(browser: &mut Browser, report: &Report) -> Result<()> {
    report.open(browser, "#functions")?;
    let functions = at(&report.json, "/summary/functions").clone();
    same(browser, "probe.visible('#functions .list > .card').length", &functions)?;
    let worst = "probe.stored().find((id) => id.startsWith('function/'))";
    browser.value(&format!("probe.go('#' + {worst})"))?;
    same(browser, "probe.part()", &json!("one"))?;
    let facts = browser.value("probe.visible('#one dt').map((it) => it.textContent).join()")?;
    let facts = facts.as_str().unwrap_or_default();
    ensure!(
        facts.contains("Runtime") && facts.contains("Execution role"),
        "it tells {facts}"
    );
    same(
        browser,
        "probe.visible('[data-list=beside] > .card').length > 2",
        &json!(true),
    )?;
    no_faults(browser, report)
}

/// Paper shows everything that the filter lets through, opened.
fn paper(browser: &mut Browser, report: &Report) -> Result<()> {
    report.open(browser, "#findings?severity=high")?;
    let high = report.count(&[("severity", "high")]);
    browser.value("dispatchEvent(new Event('beforeprint'))")?;
    same(browser, "probe.visible('#findings .card[open]').length", &json!(high))?;
    browser.ask("Emulation.setEmulatedMedia", &json!({ "media": "print" }))?;
    same(browser, "probe.visible('form, button, header').length", &json!(0))?;
    browser.ask("Emulation.setEmulatedMedia", &json!({ "media": "" }))?;
    browser.value("dispatchEvent(new Event('afterprint'))")?;
    same(browser, "probe.visible('#findings .card[open]').length", &json!(0))?;
    let pdf = browser.ask("Page.printToPDF", &json!({}))?;
    ensure!(
        at(&pdf, "/data").as_str().is_some_and(|data| data.len() > 10_000),
        "the print is empty"
    );
    no_faults(browser, report)
}

/// Nothing is wider than the window, and every text has contrast, on a desk and a phone, light and dark.
fn looks(browser: &mut Browser, report: &Report) -> Result<()> {
    for (width, height) in SIZES {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": *width < 600 });
        browser.ask("Emulation.setDeviceMetricsOverride", &size)?;
        for part in PARTS {
            report.open(browser, &format!("#{part}"))?;
            same(browser, "probe.part()", &json!(part))?;
            browser.value("probe.visible('.card').slice(0, 40).forEach((it) => { it.open = true; })")?;
            // A phone widens its window to what is too wide: that is no measure.
            let fits = format!("document.documentElement.scrollWidth <= {width}");
            same(browser, &fits, &json!(true)).context(*part)?;
            for darkness in [false, true] {
                dark(browser, darkness)?;
                legible(browser).with_context(|| format!("{part} at {width}, dark: {darkness}"))?;
            }
        }
    }
    browser.ask("Emulation.clearDeviceMetricsOverride", &json!({}))?;
    dark(browser, false)?;
    no_faults(browser, report)
}

fn dark(browser: &mut Browser, dark: bool) -> Result<()> {
    let value = if dark { "dark" } else { "light" };
    let features = json!({ "features": [
        { "name": "prefers-color-scheme", "value": value },
        { "name": "prefers-reduced-motion", "value": "reduce" },
    ]});
    browser.ask("Emulation.setEmulatedMedia", &features)?;
    Ok(())
}

fn legible(browser: &mut Browser) -> Result<()> {
    let faint = browser.value("probe.faint()")?;
    ensure!(
        at(&faint, "/0").as_u64() > Some(5) && *at(&faint, "/1") == json!([]),
        "too little contrast, or no text: {faint}"
    );
    Ok(())
}

/// What was not read is never good news.
fn headlines(browser: &mut Browser, clean: &Report, unread: &Report) -> Result<()> {
    clean.open(browser, "")?;
    // Some tables are no template's, so that checks which need them cannot be assessed.
    let open = at(&clean.json, "/not_assessed")
        .as_array()
        .is_some_and(|entries| !entries.is_empty());
    let words = if open {
        "Nothing found in what was read and decided"
    } else {
        "Nothing found"
    };
    same(browser, "document.querySelector('h1').textContent", &json!(words))?;
    no_faults(browser, clean)?;
    unread.open(browser, "")?;
    let text = browser.value("document.querySelector('#overview').textContent")?;
    let text = text.as_str().unwrap_or_default();
    ensure!(
        text.contains("nothing was judged") && text.contains("not read") && !text.contains("Nothing found"),
        "the report of what cannot be read says {text}"
    );
    no_faults(browser, unread)
}

/// All of it is there to be read.
fn without_script(browser: &mut Browser, report: &Report) -> Result<()> {
    browser.ask("Emulation.setScriptExecutionDisabled", &json!({ "value": true }))?;
    report.open(browser, "#findings")?;
    let all = report.count(&[]);
    let shown = "probe.visible('[data-store=findings] .card').length";
    let suppressed = at(&report.json, "/suppressed").as_array().map_or(0, Vec::len);
    same(browser, shown, &json!(all + suppressed))?;
    same(browser, "probe.visible('main > section').length", &json!(PARTS.len()))?;
    same(browser, "probe.visible('form, button').length", &json!(0))?;
    let lost = "[...document.querySelectorAll('a')].map((it) => it.getAttribute('href')).filter((it) => \
                it?.startsWith('#') && !document.getElementById(it.slice(1)))";
    same(browser, lost, &json!([]))?;
    browser.ask("Emulation.setScriptExecutionDisabled", &json!({ "value": false }))?;
    no_faults(browser, report)
}

/// Thousands of findings are a list of what is near the window, and are all there.
fn large(browser: &mut Browser) -> Result<()> {
    const FUNCTIONS: usize = 5000;
    let template = paths::target("html").join("large.yaml");
    let mut text = String::from("Resources:\n  Role: {Type: AWS::IAM::Role, Properties: {}}\n");
    for n in 0..FUNCTIONS {
        text += &format!(
            "  Fn{n}: {{Type: AWS::Lambda::Function, Properties: {{Runtime: python3.13, Role: !GetAtt Role.Arn}}}}\n"
        );
        text += &format!(
            "  Url{n}: {{Type: AWS::Lambda::Url, Properties: {{AuthType: NONE, TargetFunctionArn: !Ref Fn{n}}}}}\n"
        );
    }
    std::fs::write(&template, text)?;
    let report = Report::of("large", &[&template.to_string_lossy(), "--tier", "hygiene"])?;
    let bytes = std::fs::metadata(paths::target("html").join("large.html"))?.len();
    report.open(browser, "#findings?check=url-auth-none")?;
    let time = browser.value("performance.getEntriesByType('navigation')[0].duration")?;
    let time = time.as_f64().unwrap_or(f64::MAX);
    println!(
        "{FUNCTIONS} functions, {} findings: {:.1} MB, loaded and shown in {:.0} ms",
        report.count(&[]),
        bytes as f64 / 1e6,
        time
    );
    ensure!(time < 10_000.0, "it took {time} ms to load");
    same(browser, "probe.count('findings')", &json!("5,000 findings"))?;
    same(browser, "probe.made() < 200", &json!(true))?;
    browser.value("scrollTo(0, document.body.scrollHeight)")?;
    browser.wait_for("probe.made() > 100")?;
    browser.value("probe.go('#findings?q=Url4999')")?;
    same(browser, "probe.rows()", &json!(1))?;
    browser.value("probe.go('#shared')")?;
    let shared = browser.value("probe.visible('#shared .card').map((it) => it.textContent)[0].slice(0, 40)")?;
    ensure!(
        shared.as_str().is_some_and(|text| text.contains("5000 functions")),
        "shared is {shared}"
    );
    no_faults(browser, &report)
}

fn no_faults(browser: &mut Browser, report: &Report) -> Result<()> {
    let faults = browser.faults(&report.url)?;
    ensure!(faults.is_empty(), "the browser complains: {}", faults.join("\n"));
    Ok(())
}
