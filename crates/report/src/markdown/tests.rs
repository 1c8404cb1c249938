use super::*;
use crate::fixture::{OPEN_URL, estate, evidence, finding, open_url, place, run, wide_role};
use crate::run::{NotAssessed, Note, Scope};
use maremma_model::{Fix, Framework, Gap, GapKind, Suppression, Verdict, Why};

fn written(run: &Run<'_>) -> String {
    let mut out = Vec::new();
    markdown(run, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn findings_are_folded_up_by_severity_and_all_else_is_told() {
    let mut estate = estate();
    estate.gaps.push(Gap {
        kind: GapKind::Unparsed,
        reason: "not YAML".into(),
        at: Some(place(&estate, "Stock").into()),
        affects: Vec::new(),
    });
    let mut unsure = open_url(&estate);
    unsure.verdict = Verdict::Undetermined;
    unsure.undecided = vec![Why::Parameter("Stage".into())];
    let mut accepted = open_url(&estate);
    accepted.suppression = Some(Suppression {
        source: "comment".into(),
        reason: "public".into(),
        until: Some("2027-01-01".into()),
    });
    let findings = [wide_role(&estate), unsure, accepted, open_url(&estate)];
    let not_assessed = [NotAssessed {
        check: "role-admin".into(),
        reason: "no roles here".into(),
    }];
    let notes = [Note {
        message: "unused".into(),
        at: None,
    }];
    let run = Run {
        not_assessed: &not_assessed,
        notes: &notes,
        framework: Some(Scope {
            framework: Framework::Fsbp,
            left_out: &[],
        }),
        ..run(&estate, &findings)
    };
    assert_eq!(
        written(&run),
        "\
## Maremma: 1 critical, 1 high, 1 undetermined, 1 not read, 1 not assessed, 1 suppressed

| critical | high | medium | low | info | undetermined | suppressed | not read | not assessed |
|---:|---:|---:|---:|---:|---:|---:|---:|---:|
| 1 | 1 | 0 | 0 | 0 | 1 | 1 | 1 | 1 |

<details open><summary><b>1 critical</b></summary>

- [`url-auth-none`](https://example.org/maremma/blob/main/docs/checks/url-auth-none.md) Function URL without authentication of OrdersUrl
  `template.yaml:11:17` `OrdersUrl`: AuthType is NONE
  - fix: set AuthType to AWS\\_IAM

    ```yaml
    AuthType: AWS_IAM
    ```

</details>

<details open><summary><b>1 high</b></summary>

- [`role-admin`](https://example.org/maremma/blob/main/docs/checks/role-admin.md) Execution role may do everything of Role
  `template.yaml:16:11` `Role`: attached here
  - affects `Orders`, `Stock`
</details>

<details><summary><b>Undetermined</b> (1)</summary>

- critical `url-auth-none` `OrdersUrl`, `template.yaml:11:17`: undetermined because parameter Stage has no default and was not given: --parameter Stage=VALUE

</details>

<details><summary><b>Not read</b> (1)</summary>

- `template.yaml:17:3`: not YAML

</details>

<details><summary><b>Not assessed from this input</b> (1)</summary>

- `role-admin`: no roles here

</details>

<details><summary><b>Suppressed</b> (1)</summary>

- `url-auth-none` `OrdersUrl`: public \\(comment, until 2027-01-01)

</details>

<details><summary><b>Notes</b> (1)</summary>

- unused

</details>

<details><summary><b>AWS Foundational Security Best Practices</b> (1)</summary>

- Lambda\\.1 **fail** 1 fail, 1 undetermined, 1 suppressed: url-auth-none; not assessed: url-auth-none

</details>

<sub>2 functions · 1 file · 2 checks · [maremma 0.1.0](https://example.org/maremma)</sub>
"
    );
}

#[test]
fn a_comment_is_never_too_long_and_says_what_is_left_out() {
    let mut estate = estate();
    let at = place(&estate, "NONE");
    let finding = |n: usize, severity: Severity| {
        let mut one = finding(
            &OPEN_URL,
            &format!("U{n:04}"),
            &["Orders"],
            evidence("U", at, &"é`|".repeat(400)),
        );
        one.severity = severity;
        one.fix = Some(Fix::new("mend it").snippet("A: 1\n".repeat(3_000)));
        one
    };
    let mut findings: Vec<Finding> = (0..300)
        .map(|n| finding(n, if n < 100 { Severity::Low } else { Severity::High }))
        .collect();
    findings.extend((300..600).map(|n| {
        let mut open = finding(n, Severity::High);
        open.verdict = Verdict::Undetermined;
        open
    }));
    for n in 0..500 {
        estate.gaps.push(Gap {
            kind: GapKind::Failed,
            reason: format!("{n} {}", "<gap>".repeat(n)).into(),
            at: Some(at.into()),
            affects: Vec::new(),
        });
    }
    let text = written(&run(&estate, &findings));
    let length = text.chars().count();
    assert!(length <= LONGEST && length > LONGEST / 3, "{length}");
    let shown = text.matches("\n- [`url-auth-none`]").count();
    let left_out = format!("{} left out here", count(300 - shown, "finding"));
    assert!(text.contains(&left_out), "{left_out}");
    assert!(text.contains(&format!("{} high, 100 low.**", 200 - shown)), "{shown}");
    assert!(text.contains("<b>Not read</b> (500)"));
    assert_eq!(text.matches("more, in the other formats").count(), 2);
    assert_eq!(text.matches("<details").count(), text.matches("</details>").count());
    assert!(text.ends_with("</sub>\n"));
}

#[test]
fn what_a_stranger_writes_is_text() {
    let estate = estate();
    let hostile = "</details><script>x</script> @everyone #1 [a](http://b) ![i](x) `code` **b** www.x.y |c| \
                   <!-- \r\n# h\u{1b}[2J\u{202e}📚";
    let mut open = open_url(&estate);
    open.message = hostile.into();
    open.evidence.says = hostile.into();
    open.evidence.address = Some(hostile.into());
    open.fix = Some(Fix::new(hostile).snippet("PASSWORD: hunter2hunter2\n```\n````\n</details>"));
    let findings = [open];
    let text = written(&run(&estate, &findings));
    assert!(!text.contains("hunter2") && text.contains("PASSWORD: •••"), "{text}");
    assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'), "{text}");
    assert!(text.contains("    `````yaml\n"), "{text}");
    // Outside of code, no markup of the stranger's is left.
    let code = text.lines().find(|line| line.starts_with("  `template.yaml")).unwrap();
    assert!(code.contains(" ``</details>"), "{code}");
    let message = text
        .lines()
        .find(|line| line.starts_with("- [`url-auth-none`]"))
        .unwrap();
    let expected = "&lt;/details&gt;&lt;script&gt;x&lt;/script&gt; @<!-- -->everyone \\#<!-- -->1 \\[a\\]\\(http:<!-- -->//b) \
                    \\!\\[i\\]\\(x) \\`code\\` \\*\\*b\\*\\* www<!-- -->.x.y \\|c\\| &lt;\\!-- ";
    assert!(message.contains(expected), "{message}");
}

#[test]
fn a_text_begins_no_list_heading_or_rule() {
    for (words, expected) in [
        ("- a", "\\- a"),
        ("1. a", "1\\. a"),
        ("1) a", "1\\) a"),
        ("===", "\\=\\=\\="),
        ("# a", "\\#<!-- --> a"),
        ("~~~", "\\~\\~\\~"),
    ] {
        assert_eq!(text(words), expected);
    }
    assert_eq!(code("a`b"), "``a`b``");
    assert_eq!(code("`"), "`` ` ``");
    assert_eq!(code(" \n"), "");
}
