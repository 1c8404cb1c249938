use super::*;
use crate::fixture::{OPEN_URL, estate, estate_of, evidence, finding, open_url, place, run, wide_role};
use crate::run::{DatedFacts, NotAssessed, Note};
use maremma_model::noun::Function;
use maremma_model::*;
use std::collections::BTreeSet;

fn written(run: &Run<'_>) -> String {
    let mut out = Vec::new();
    html(run, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// The values of an attribute, in order.
fn values<'h>(html: &'h str, attribute: &str) -> Vec<&'h str> {
    let begin = format!(" {attribute}=\"");
    html.split(&begin)
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect()
}

/// What stands in the document, scripts and styles aside.
fn body(html: &str) -> &str {
    let body = html.split_once("<body>").unwrap().1;
    body.rsplit_once("<script>").unwrap().0
}

fn suppressed(mut finding: Finding) -> Finding {
    finding.suppression = Some(Suppression {
        source: "comment".into(),
        reason: "public on purpose".into(),
        until: Some("2027-01-01".into()),
    });
    finding
}

/// A finding of each status, and twice the same.
fn everything(estate: &mut Estate) -> Vec<Finding> {
    estate.gaps.push(Gap {
        kind: GapKind::Unparsed,
        reason: "expected a map".into(),
        at: Some(place(estate, "Role:").into()),
        affects: vec!["role-admin".into()],
    });
    let mut open = open_url(estate);
    open.verdict = Verdict::Undetermined;
    open.undecided = vec![Why::Parameter("Stage".into())];
    let mut live = open_url(estate);
    live.evidence.at = Location::Aws {
        arn: "arn:aws:lambda:eu-west-1:111122223333:function:x".into(),
        attribute: "AuthType".into(),
        call: "GetFunctionUrlConfig".into(),
    };
    live.verdict = Verdict::Pass;
    let mut inside = wide_role(estate);
    inside.verdict = Verdict::NotApplicable;
    vec![
        wide_role(estate),
        open_url(estate),
        open_url(estate),
        open,
        live,
        inside,
        suppressed(open_url(estate)),
    ]
}

#[test]
fn every_finding_stands_once_and_every_link_leads_somewhere() {
    let mut estate = estate();
    let findings = everything(&mut estate);
    let mut run = run(&estate, &findings);
    run.options.include_passed = true;
    let html = written(&run);
    let body = body(&html);
    let ids = values(body, "id");
    let unique: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), unique.len(), "{ids:?}");
    let cards = ids.iter().filter(|id| id.starts_with("finding/")).count();
    assert_eq!(cards, findings.len());
    let statuses = values(body, "data-v");
    assert_eq!(
        statuses,
        [
            "fail",
            "fail",
            "undetermined",
            "fail",
            "suppressed",
            "pass",
            "not_applicable"
        ]
    );
    let links = values(body, "href");
    assert!(links.len() > 30);
    for link in links {
        let inside = link.strip_prefix('#').is_some_and(|id| unique.contains(id));
        assert!(inside || link.starts_with("https://"), "{link}");
    }
    for (id, stored) in values(body, "data-i").iter().zip(values(body, "data-i")) {
        assert!(unique.contains(id), "{stored}");
    }
}

#[test]
fn what_passed_is_left_out_unless_it_is_asked_for() {
    let mut estate = estate();
    let findings = everything(&mut estate);
    let html = written(&run(&estate, &findings));
    assert!(!values(&html, "data-v").contains(&"pass"));
    assert!(html.contains("<dd>3 failed, 1 undetermined, 1 passed, 1 not applicable</dd>"));
}

#[test]
fn no_secret_is_in_it_and_its_neighbours_are() {
    let estate = estate();
    let mut near = finding(
        &OPEN_URL,
        "OrdersUrl",
        &["Orders"],
        evidence("OrdersUrl", place(&estate, "OrdersUrl:"), "next to it"),
    );
    near.fix = Some(Fix::new("put it elsewhere").snippet("PASSWORD: hunter2hunter2"));
    let findings = [near];
    let html = written(&run(&estate, &findings));
    assert!(!html.contains("hunter2"));
    assert!(html.contains("          PASSWORD: •••</i>") && html.contains("tabindex=\"0\">PASSWORD: •••</pre>"));
}

#[test]
fn strangers_write_text_and_nothing_else() {
    const EVIL: &str = "</noscript></script></style><b>\"'&\u{202e}\u{1b}\n::error::";
    let mut estate = estate_of("</noscript>\u{202e}.yaml", &format!("{EVIL}\nA: 1\n"));
    let resource = Resource {
        unit: UnitId(0),
        address: EVIL.into(),
        kind: EVIL.into(),
        name: EVIL.into(),
        arn: Text::literal(EVIL),
        at: place(&estate, "A: 1").into(),
        exists: Existence::When(EVIL.into()),
        ignores: Vec::new(),
    };
    let mut function: Function = crate::fixture::function(resource);
    let at = place(&estate, "A: 1");
    function.runtime = Setting::set(Text::literal(EVIL), at);
    function.role = Setting::set(Link::Outside(Text::literal(EVIL)), at);
    estate.functions.push(function.clone());
    function.resource.address = "Other".into();
    estate.functions.push(function);
    let mut evil = finding(&OPEN_URL, EVIL, &[EVIL], evidence(EVIL, at, EVIL));
    evil.message = EVIL.into();
    evil.subject.id = EVIL.into();
    evil.detail = Some(EVIL.into());
    evil.related = vec![evidence(EVIL, at, EVIL)];
    evil.fix = Some(Fix::new(EVIL).snippet(EVIL));
    evil.fingerprint = EVIL.into();
    let mut open = evil.clone();
    open.verdict = Verdict::Undetermined;
    open.undecided = vec![Why::Unresolved(EVIL.into())];
    let findings = [evil, open];
    let targets = [EVIL.to_owned()];
    let notes = [Note {
        message: EVIL.into(),
        at: None,
    }];
    let not_assessed = [NotAssessed {
        check: "url-auth-none".into(),
        reason: EVIL.into(),
    }];
    let html = written(&Run {
        targets: &targets,
        notes: &notes,
        not_assessed: &not_assessed,
        ..run(&estate, &findings)
    });
    let shown = html.matches("&lt;/noscript&gt;&lt;/script&gt;&lt;/style&gt;&lt;b&gt;&quot;&#39;&amp;\u{fffd}␛&#10;");
    assert!(shown.count() > 20);
    assert!(!html.contains('\u{202e}') && !html.contains('\u{1b}') && !body(&html).contains("\n::"));
    assert_eq!(html.matches("<script").count(), 1);
    assert_eq!(html.matches("</script").count(), 1);
    assert_eq!(html.matches("</style").count(), 1);
    assert_eq!(html.matches("</noscript>").count(), html.matches("<noscript ").count());
    // Two findings, two functions, two pages, and the role that the functions share.
    assert_eq!(html.matches("<noscript ").count(), 7);
}

#[test]
fn the_order_of_findings_changes_nothing() {
    let mut estate = estate();
    let mut findings = everything(&mut estate);
    let forwards = written(&run(&estate, &findings));
    findings.reverse();
    let mut backwards = run(&estate, &findings);
    backwards.elapsed = std::time::Duration::from_secs(9);
    assert!(written(&backwards) == forwards);
}

#[test]
fn what_was_not_read_is_never_good_news() {
    let headline = |run: &Run<'_>| {
        let html = written(run);
        let title = html.split_once("<title>Maremma: ").unwrap().1;
        let title = title.split_once("</title>").unwrap().0.to_owned();
        (title, html.contains("class=\"clean\""))
    };
    let read = estate();
    assert_eq!(headline(&run(&read, &[])), ("Nothing found".to_owned(), true));
    let mut partly = estate();
    partly.gaps.push(Gap {
        kind: GapKind::Bounds,
        reason: "too large".into(),
        at: None,
        affects: Vec::new(),
    });
    let decided = "Nothing found in what was read and decided".to_owned();
    assert_eq!(headline(&run(&partly, &[])), (decided, false));
    let nothing = Estate::default();
    let judged = "No function was read, so nothing was judged".to_owned();
    assert_eq!(headline(&run(&nothing, &[])), (judged, false));
    let html = written(&run(&nothing, &[]));
    assert!(html.contains("Exit code 2") && !html.contains("0 failed") && !html.contains("Nothing found"));
}

#[test]
fn the_exit_code_is_explained() {
    let estate = estate();
    let exits = |run: &Run<'_>, words: &str| written(run).contains(&format!("<dd>{words}</dd>"));
    let findings = [open_url(&estate)];
    let mut run = run(&estate, &findings);
    assert!(exits(&run, "Exit code 1: 1 finding is of severity low or above"));
    let mut open = open_url(&estate);
    open.verdict = Verdict::Undetermined;
    let findings = [open];
    run.findings = &findings;
    assert!(exits(&run, "Exit code 0: no finding is of severity low or above"));
    run.options.strict = true;
    assert!(exits(
        &run,
        "Exit code 1: with --strict, what is undetermined or was not read fails the run"
    ));
}

#[test]
fn reasons_are_given_for_what_is_open_and_what_is_accepted() {
    let mut estate = estate();
    let findings = everything(&mut estate);
    let facts = [DatedFacts {
        name: "runtimes".into(),
        source: "cfn-lint".into(),
        version: "1.2.3".into(),
        date: "2026-01-01".into(),
    }];
    let not_assessed = [NotAssessed {
        check: "role-admin".into(),
        reason: "no roles here".into(),
    }];
    let notes = [Note {
        message: "unused ignore".into(),
        at: Some(place(&estate, "Role:").into()),
    }];
    let html = written(&Run {
        facts: &facts,
        not_assessed: &not_assessed,
        notes: &notes,
        ..run(&estate, &findings)
    });
    for words in [
        "because parameter Stage has no default and was not given: <code>--parameter Stage=VALUE</code>",
        "<b>Undetermined</b> because parameter Stage",
        "<td>unparsed</td><td class=\"at\">template.yaml:12:3</td><td>expected a map <span class=\"faint\">concerns role-admin",
        "role-admin</a> </td><td>no roles here</td>",
        "unused ignore <span class=\"at\">template.yaml:12:3",
        "<b>Suppressed</b> by comment: public on purpose, until 2027-01-01",
        "<td>runtimes</td><td>2026-01-01</td><td>cfn-lint 1.2.3</td>",
    ] {
        assert!(html.contains(words), "{words}");
    }
}

#[test]
fn the_browser_may_run_what_is_ours_and_fetch_nothing() {
    let estate = estate();
    let html = written(&run(&estate, &[]));
    let policy = guard::policy(STYLE, SCRIPT).replace('\'', "&#39;");
    assert!(html.contains(&format!("content=\"{policy}\"")));
    assert!(html.contains(&format!("<style>{STYLE}</style>")) && html.contains(&format!("<script>{SCRIPT}</script>")));
    // A closing tag in them would end them early; their own addresses would be fetched.
    for text in [STYLE, SCRIPT] {
        assert!(
            !text.contains("</style") && !text.contains("</script") && !text.contains("://") && !text.contains("url(")
        );
    }
    assert!(!html.contains(" style=") && !html.contains(" src=") && !html.contains(" onclick"));
}
