use super::*;
use crate::fixture::*;
use crate::run::{NotAssessed, Note};
use maremma_model::{Estate, Fact, Finding, Fix, Gap, GapKind, Suppression, Verdict, Why};

fn shown(run: &Run<'_>, options: TextOptions) -> String {
    let mut out = Vec::new();
    text(run, &options, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn plain(estate: &Estate, findings: &[Finding]) -> String {
    shown(&run(estate, findings), TextOptions::default())
}

#[test]
fn findings_stand_under_their_function_worst_first() {
    let estate = estate();
    let mut wide = wide_role(&estate);
    wide.related = vec![evidence("Orders", place(&estate, "Orders:"), "runs as it")];
    wide.fix =
        Some(Fix::new("attach what the function needs").snippet("Action: dynamodb:GetItem\nResource: !GetAtt T.Arn"));
    assert_eq!(
        plain(&estate, &[wide, open_url(&estate)]),
        "\
Orders  AWS::Lambda::Function  template.yaml:2:3

  critical url-auth-none Function URL without authentication of OrdersUrl
    --> template.yaml:11:17  OrdersUrl
       |
     9 |     Type: AWS::Lambda::Url
    10 |     Properties:
    11 |       AuthType: NONE
       |                 ^^^^ AuthType is NONE
    12 |   Role:
       |
    fix      set AuthType to AWS_IAM
               AuthType: AWS_IAM

Role  AWS::IAM::Role, used by 2 functions

  high role-admin Execution role may do everything of Role
    --> template.yaml:16:11  Role
       |
    14 |     Properties:
    15 |       ManagedPolicyArns:
    16 |         - arn:aws:iam::aws:policy/AdministratorAccess
       |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ attached here
    17 |   Stock:
       |
    also     template.yaml:2:3 (Orders): runs as it
    fix      attach what the function needs
               Action: dynamodb:GetItem
               Resource: !GetAtt T.Arn
    affects  Orders, Stock

1 critical · 1 high
2 functions · 1 file · 2 checks · 12 ms
"
    );
}

#[test]
fn a_secret_never_shows() {
    let estate = estate();
    let at = place(&estate, "Variables");
    let near = finding(&OPEN_URL, "Orders", &["Orders"], evidence("Orders", at, "here"));
    let text = plain(&estate, &[near]);
    assert!(text.contains("PASSWORD: •••"), "{text}");
    assert!(!text.contains("hunter2"), "{text}");
}

#[test]
fn undetermined_findings_are_grouped_by_what_decides_them() {
    let estate = estate();
    let stage = Why::Parameter("Stage".into());
    let open = |name: &str, why: &Why| {
        let mut open = open_url(&estate);
        open.verdict = Verdict::Undetermined;
        open.subject.address = name.into();
        open.undecided = vec![why.clone()];
        open
    };
    let findings = [open("B", &stage), open("A", &stage), open("C", &Why::NotKept)];
    let text = plain(&estate, &findings);
    assert_eq!(
        text,
        "\
Undetermined

  2 undetermined because parameter Stage has no default and was not given: --parameter Stage=VALUE
    critical url-auth-none: B, A (template.yaml:11:17)

  1 undetermined because the value was not kept
    critical url-auth-none: C (template.yaml:11:17)

nothing found in what was read and decided · 3 undetermined
2 functions · 1 file · 2 checks · 12 ms
"
    );
}

#[test]
fn what_is_undetermined_of_many_in_one_place_stands_once() {
    let estate = estate();
    let open = |name: &str| {
        let mut open = open_url(&estate);
        open.verdict = Verdict::Undetermined;
        open.subject.address = name.into();
        open.detail = Some("layer".into());
        open.undecided = vec![Why::NotKept];
        open
    };
    let findings: Vec<_> = ["A", "B", "C", "D", "E"].map(open).into();
    let text = plain(&estate, &findings);
    let line = "    critical url-auth-none: A, B, C and 2 more layer (template.yaml:11:17)\n";
    assert!(text.contains(line), "{text}");
}

#[test]
fn what_was_not_read_is_never_passed_over() {
    let mut estate = estate();
    assert!(plain(&estate, &[]).starts_with("nothing found\n"));
    estate.gaps.push(Gap {
        kind: GapKind::Unparsed,
        reason: "expected a map under Resources; fix the template".into(),
        at: Some(place(&estate, "Role:").into()),
        affects: Vec::new(),
    });
    let not_assessed = ["b", "a"].map(|check| NotAssessed {
        check: check.to_owned(),
        reason: "trails are not in a template; scan the account".to_owned(),
    });
    let notes = [Note {
        message: "ignore of url-auth-none suppresses nothing".to_owned(),
        at: Some(place(&estate, "Role:").into()),
    }];
    let mut accepted = open_url(&estate);
    accepted.suppression = Some(Suppression {
        source: "comment".into(),
        reason: "public on purpose".into(),
        until: Some("2027-01-01".into()),
    });
    let findings = [accepted];
    let run = Run {
        not_assessed: &not_assessed,
        notes: &notes,
        ..run(&estate, &findings)
    };
    assert_eq!(
        shown(&run, TextOptions::default()),
        "\
Not read

  template.yaml:12:3: expected a map under Resources; fix the template

Not assessed from this input

  a, b: trails are not in a template; scan the account

Suppressed

  1 finding of url-auth-none: public on purpose (comment, until 2027-01-01)

Notes

  template.yaml:12:3: ignore of url-auth-none suppresses nothing

nothing found in what was read and decided · 1 not read · 2 not assessed · 1 suppressed
2 functions · 1 file · 2 checks · 12 ms
"
    );
}

#[test]
fn nothing_read_is_not_nothing_found() {
    let text = plain(&Estate::default(), &[]);
    assert!(text.starts_with("no function was read"), "{text}");
}

#[test]
fn hostile_names_reach_no_terminal() {
    let mut estate = estate_of("a\u{1b}]0;x\u{7}\u{202e}.yaml", "A: \u{1b}[2J NONE\n");
    let evil = "\u{1b}[31m\u{9b}2J\u{202e}\n\r";
    let at = place(&estate, "NONE");
    let mut open = finding(&OPEN_URL, evil, &[evil, evil], evidence(evil, at, evil));
    open.message = evil.to_owned();
    open.detail = Some(evil.into());
    open.related = vec![evidence(evil, at, evil)];
    open.fix = Some(Fix::new(evil).snippet(evil));
    let mut open_again = open.clone();
    open_again.verdict = Verdict::Undetermined;
    estate.gaps.push(Gap {
        kind: GapKind::Failed,
        reason: evil.into(),
        at: Some(at.into()),
        affects: vec![evil.into()],
    });
    let text = plain(&estate, &[open, open_again]);
    let bad: Vec<char> = text
        .chars()
        .filter(|c| *c != '\n' && crate::plain::stand_in(*c).is_some())
        .collect();
    assert!(bad.is_empty(), "{bad:?} in {text:?}");
}

#[test]
fn a_terminal_gets_colour_and_its_width() {
    let estate = estate();
    let findings = [open_url(&estate), wide_role(&estate)];
    let options = TextOptions {
        color: true,
        width: Some(60),
    };
    let text = shown(&run(&estate, &findings), options);
    assert!(text.contains("\u{1b}["));
    let bare: String = anstyle_strip(&text);
    assert!(
        bare.lines()
            .filter(|line| !line.contains('|'))
            .all(|line| line.chars().count() <= 60),
        "{bare}"
    );
    assert!(bare.contains("critical url-auth-none Function URL without"));
}

/// What remains without `ESC [ … m`.
fn anstyle_strip(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |bare, part| {
        bare + part.split_once('m').map_or("", |(_, rest)| rest)
    })
}

#[test]
fn what_is_missing_twice_is_shown_once() {
    let estate = estate();
    let lacks = |address: &str| {
        let mut finding = open_url(&estate);
        finding.subject.id = address.into();
        finding.subject.address = address.into();
        finding.evidence.says = "AuthType is not set".to_owned();
        finding.evidence.fact = Fact::Attribute {
            name: "AuthType".into(),
            value: None,
        };
        finding.fix = Some(Fix::new("Ask who calls").snippet("AuthType: AWS_IAM"));
        finding
    };
    let findings = [lacks("One"), lacks("Two")];
    let text = plain(&estate, &findings);
    assert_eq!(text.matches("AuthType: AWS_IAM").count(), 1, "{text}");
    assert_eq!(text.matches("as above").count(), 1, "{text}");
    assert_eq!(text.matches("AuthType is not set").count(), 2, "{text}");
    assert_eq!(
        text.matches(" | ").count(),
        plain(&estate, &findings[..1]).matches(" | ").count(),
        "{text}"
    );
}

#[test]
fn what_functions_lack_alike_is_said_once_with_their_names() {
    let estate = estate();
    let lacks = |name: &str| {
        let at = place(&estate, &format!("{name}:"));
        let mut finding = finding(&WIDE_ROLE, name, &[name], evidence(name, at, "Guard is not set"));
        finding.evidence.fact = Fact::Attribute {
            name: "Guard".into(),
            value: None,
        };
        finding.fix = Some(Fix::new("Name a guard").snippet("Guard: !Ref Dog"));
        finding
    };
    let text = plain(&estate, &[lacks("Orders"), open_url(&estate), lacks("Stock")]);
    let tail = "\
2 functions

  high role-admin Execution role may do everything
             Guard is not set
    fix      Name a guard
               Guard: !Ref Dog
    affects  Orders (template.yaml:2:3), Stock (template.yaml:17:3)

1 critical · 2 high
";
    assert!(text.contains(tail), "{text}");
    assert_eq!(text.matches("role-admin").count(), 1, "{text}");
    let named = |name: &str| {
        let mut finding = lacks(name);
        finding.evidence.says = "Guard is a cat".to_owned();
        finding.evidence.fact = Fact::Attribute {
            name: "Guard".into(),
            value: Some("cat".to_owned()),
        };
        finding
    };
    let text = plain(&estate, &[named("Orders"), lacks("Orders"), named("Stock")]);
    assert_eq!(text.matches("Guard is a cat").count(), 1, "{text}");
    let alone = plain(&estate, &[lacks("Orders"), open_url(&estate)]);
    assert!(!alone.contains("functions\n\n"), "{alone}");
}

#[test]
fn the_controls_of_a_framework_are_summed_up() {
    let estate = estate();
    let findings = [open_url(&estate)];
    let not_assessed = [NotAssessed {
        check: "role-admin".into(),
        reason: "no roles here".into(),
    }];
    let left_out = [&LEFT_OUT];
    let run = Run {
        not_assessed: &not_assessed,
        framework: Some(crate::run::Scope {
            framework: maremma_model::Framework::Fsbp,
            left_out: &left_out,
        }),
        ..run(&estate, &findings)
    };
    let text = shown(&run, TextOptions::default());
    let table = "\
AWS Foundational Security Best Practices

  Lambda.1  fail           1 fail: url-auth-none
  Lambda.10 not assessed   layer-public
                           not assessed: layer-public (did not run)
";
    assert!(text.contains(table), "{text}");
}
