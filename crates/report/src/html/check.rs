//! The pages of the checks, from Markdown.

use super::finding::{Item, Status};
use crate::page::prose;
use crate::plain;
use crate::run::Run;
use maremma_model::Rule;
use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, html};
use std::collections::{BTreeMap, BTreeSet};

/// The checks that ran and those that findings name, by id.
#[derive(Debug)]
pub(super) struct Checks {
    pub(super) pages: Vec<Page>,
    at: BTreeMap<&'static str, usize>,
    /// Controls of the frameworks, `fsbp Lambda.1`.
    pub(super) controls: Vec<String>,
}

#[derive(Debug)]
pub(super) struct Page {
    pub(super) rule: &'static Rule,
    /// HTML.
    pub(super) prose: String,
    pub(super) failed: usize,
    pub(super) undetermined: usize,
}

impl Checks {
    pub(super) fn of(run: &Run<'_>, items: &[Item<'_>]) -> Self {
        let named = items.iter().map(|item| item.finding.rule);
        let rules: BTreeMap<&'static str, &'static Rule> = run
            .checks
            .iter()
            .copied()
            .chain(named)
            .map(|rule| (rule.id, rule))
            .collect();
        let known: BTreeSet<&str> = rules.keys().copied().collect();
        let mut pages: Vec<Page> = rules
            .values()
            .map(|rule| Page {
                rule,
                prose: markup(&prose(rule.page), &known),
                failed: 0,
                undetermined: 0,
            })
            .collect();
        let at: BTreeMap<&'static str, usize> = rules.keys().enumerate().map(|(at, id)| (*id, at)).collect();
        for item in items {
            let Some(page) = at.get(item.finding.rule.id).and_then(|at| pages.get_mut(*at)) else {
                continue;
            };
            page.failed += usize::from(item.status == Status::Fail);
            page.undetermined += usize::from(item.status == Status::Undetermined);
        }
        let controls: BTreeSet<String> = items
            .iter()
            .flat_map(|item| item.finding.rule.controls)
            .map(|control| format!("{} {}", control.framework, control.id))
            .collect();
        Checks {
            pages,
            at,
            controls: controls.into_iter().collect(),
        }
    }

    /// The row of a check.
    pub(super) fn row(&self, id: &str) -> usize {
        self.at.get(id).copied().unwrap_or_default()
    }
}

impl Page {
    pub(super) fn controls(&self) -> String {
        let words = self
            .rule
            .controls
            .iter()
            .map(|it| format!("{} {}", it.framework, it.id));
        words.collect::<Vec<_>>().join(", ")
    }

    pub(super) fn equivalents(&self) -> String {
        let near = |exact: bool| if exact { "" } else { " (near)" };
        let words = self
            .rule
            .equivalents
            .iter()
            .map(|it| format!("{} {}{}", it.peer, it.id, near(it.exact)));
        words.collect::<Vec<_>>().join(", ")
    }
}

/// Prose as HTML. Markup in it is shown and not obeyed; a link leads to another page of the report, or by https out of
/// it, or nowhere. The title stands above the page already.
fn markup(prose: &str, known: &BTreeSet<&str>) -> String {
    let body = match prose.split_once('\n') {
        Some((first, rest)) if first.starts_with("# ") => rest,
        _ => prose,
    };
    let events = Parser::new_ext(body, Options::ENABLE_TABLES).map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) | Event::Text(text) => Event::Text(harmless(&text)),
        Event::Code(text) => Event::Code(harmless(&text)),
        Event::Start(Tag::Link {
            link_type,
            dest_url,
            title,
            id,
        }) => Event::Start(Tag::Link {
            link_type,
            dest_url: target(&dest_url, known),
            title,
            id,
        }),
        Event::Start(Tag::Image { title, .. }) => Event::Text(title),
        Event::End(pulldown_cmark::TagEnd::Image) => Event::Text("".into()),
        other => other,
    });
    let mut out = String::new();
    html::push_html(&mut out, events);
    // A heading of the page is one of the report's fourth rank.
    for (page, report) in [("h3>", "h5>"), ("h2>", "h4>")] {
        out = out.replace(&format!("<{page}"), &format!("<{report}"));
        out = out.replace(&format!("</{page}"), &format!("</{report}"));
    }
    out.replace("<pre>", "<pre tabindex=\"0\">").replace(
        "<a href=\"https:",
        "<a rel=\"noopener noreferrer\" target=\"_blank\" href=\"https:",
    )
}

fn harmless<'t>(text: &str) -> CowStr<'t> {
    plain::block(text).into_owned().into()
}

fn target<'t>(url: &str, known: &BTreeSet<&str>) -> CowStr<'t> {
    let check = url
        .strip_suffix(".md")
        .map(|path| path.rsplit('/').next().unwrap_or(path));
    match check {
        Some(id) if known.contains(id) => format!("#check/{id}").into(),
        _ if url.starts_with("https://") => url.to_owned().into(),
        _ => "#checks".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_becomes_harmless_html() {
        let known = BTreeSet::from(["url-auth-none"]);
        let prose = "# Title\n\n## Fix\n\nA <script>x</script> `<b>` [good](https://a/b?c=d&e), [page](url-auth-none.md), \
                     [bad](javascript:alert(1)), ![](https://evil/x.png)\n\n<img src=x>\n\n```yaml\nA: <1>\n```\n";
        let html = markup(prose, &known);
        assert!(html.starts_with("<h4>Fix</h4>\n"), "{html}");
        assert!(
            html.contains("&lt;script&gt;x&lt;/script&gt;") && html.contains("<code>&lt;b&gt;</code>"),
            "{html}"
        );
        assert!(
            html.contains("target=\"_blank\" href=\"https://a/b?c=d&amp;e\">good"),
            "{html}"
        );
        assert!(html.contains("<a href=\"#check/url-auth-none\">page</a>"), "{html}");
        assert!(html.contains("<a href=\"#checks\">bad</a>"), "{html}");
        assert!(!html.contains("<img") && !html.contains("javascript"), "{html}");
    }
}
