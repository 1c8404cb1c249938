//! The page of a check: its prose, its references, and how a terminal shows it.

use crate::style::Palette;
use maremma_model::Rule;

/// A link of a page's section *References*.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    pub title: String,
    pub url: String,
}

/// The page without its fixtures: what comes before a heading `Fixtures`, or before the first fence
/// after the references.
pub fn prose(page: &str) -> String {
    let mut kept = String::new();
    let mut fence: Option<&str> = None;
    let mut referenced = false;
    for line in page.lines() {
        let opens = marker(line);
        match fence {
            Some(open) => {
                if opens.is_some_and(|close| close.starts_with(open)) {
                    fence = None;
                }
            }
            None if heading(line) == Some("Fixtures") => break,
            None if opens.is_some() && referenced => break,
            None => {
                fence = opens;
                referenced |= heading(line) == Some("References");
            }
        }
        kept.push_str(line);
        kept.push('\n');
    }
    let mut kept = kept.trim_end().to_owned();
    kept.push('\n');
    kept
}

/// The links of the section *References*, in the order written.
pub fn references(page: &str) -> Vec<Reference> {
    let prose = prose(page);
    let section = prose
        .lines()
        .skip_while(|line| heading(line) != Some("References"))
        .skip(1)
        .take_while(|line| heading(line).is_none());
    section.flat_map(links).collect()
}

fn links(line: &str) -> Vec<Reference> {
    let mut found = Vec::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("](") {
        let Some((url, next)) = after.split_once(')') else {
            break;
        };
        if let Some((_, title)) = before.rsplit_once('[') {
            found.push(Reference {
                title: title.to_owned(),
                url: url.trim().to_owned(),
            });
        }
        rest = next;
    }
    if found.is_empty()
        && let Some(at) = line.find("https://")
    {
        let url = line.get(at..).unwrap_or_default();
        let url = url.split([' ', '>', ')']).next().unwrap_or_default();
        found.push(Reference {
            title: url.to_owned(),
            url: url.to_owned(),
        });
    }
    found
}

/// The text of a heading.
fn heading(line: &str) -> Option<&str> {
    let text = line.trim_start_matches('#');
    (text.len() < line.len())
        .then(|| text.strip_prefix(' '))
        .flatten()
        .map(str::trim)
}

/// The fence that a line opens or closes.
fn marker(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let fence = line.len() - line.trim_start_matches('`').len();
    (fence >= 3).then(|| line.get(..fence)).flatten()
}

/// The page of a check for a terminal: headings bold, code indented, Markdown otherwise as written.
pub fn page(rule: &Rule, color: bool) -> String {
    let palette = Palette::new(color);
    let mut out = format!(
        "{}  {}\n{}\n\n",
        palette.strong(rule.id),
        rule.title,
        palette.faint(&format!(
            "{} · {} · about {} · confidence {}",
            palette_word(palette, rule),
            rule.tier,
            rule.subject,
            rule.confidence
        ))
    );
    let mut fence: Option<String> = None;
    for (index, line) in prose(rule.page).lines().enumerate() {
        let opens = marker(line);
        match (&fence, opens) {
            (Some(open), Some(close)) if close.starts_with(open.as_str()) => fence = None,
            (Some(_), _) => push(&mut out, "    ", line),
            (None, Some(open)) => fence = Some(open.to_owned()),
            // The title is said above.
            (None, None) if index == 0 && line.starts_with("# ") => {}
            (None, None) => match heading(line) {
                Some(text) => push(&mut out, "", &palette.strong(text)),
                None => push(&mut out, "", line),
            },
        }
    }
    let mut equivalents: Vec<&str> = rule.equivalents.iter().map(|other| other.id).collect();
    equivalents.sort_unstable();
    if !equivalents.is_empty() {
        push(&mut out, "", "");
        push(&mut out, "", &palette.strong("In other tools"));
        push(&mut out, "", "");
        push(&mut out, "", &equivalents.join(", "));
    }
    out
}

fn palette_word(palette: Palette, rule: &Rule) -> String {
    palette.severity(rule.severity, rule.severity.word())
}

fn push(out: &mut String, indent: &str, line: &str) {
    if !line.is_empty() {
        out.push_str(indent);
        out.push_str(line);
    }
    // A removed title leaves one blank line, not two.
    if !(line.is_empty() && out.ends_with("\n\n")) {
        out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::OPEN_URL;

    #[test]
    fn prose_ends_where_the_fixtures_begin() {
        let text = "# T\n\n## Fix\n\n```yaml\nA: 1\n```\n\n## References\n\n- [AWS](https://a/b)\n\n```yaml fail\n## no\n```\n";
        assert_eq!(
            prose(text),
            "# T\n\n## Fix\n\n```yaml\nA: 1\n```\n\n## References\n\n- [AWS](https://a/b)\n"
        );
        assert_eq!(prose("# T\n\n## Fixtures\n\nx"), "# T\n");
        assert_eq!(prose("````\n```\n````\n## Fixtures"), "````\n```\n````\n");
    }

    #[test]
    fn references_are_the_links_of_their_section() {
        let text =
            "## Fix\n[no](https://no)\n## References\n- [A](https://a), [B](https://b)\n- <https://c>\n- [broken](\n";
        let urls: Vec<String> = references(text).into_iter().map(|link| link.url).collect();
        assert_eq!(urls, ["https://a", "https://b", "https://c"]);
    }

    #[test]
    fn a_page_reads_well_in_a_pipe() {
        let shown = page(&OPEN_URL, false);
        assert!(!shown.contains('\u{1b}'));
        assert!(shown.starts_with("url-auth-none  Function URL without authentication\ncritical · core"));
        assert!(shown.contains("\n    AuthType: AWS_IAM\n"), "{shown}");
        assert!(!shown.contains("```") && !shown.contains("finding:"), "{shown}");
        assert!(page(&OPEN_URL, true).contains("\u{1b}[1mFix"));
    }
}
