use super::*;
use crate::fixture::{OPEN_URL, WIDE_ROLE, estate, open_url, run};
use crate::run::{NotAssessed, Scope};
use maremma_model::{Gap, GapKind, Suppression, Verdict};

const ASKED: Option<Scope<'static>> = Some(Scope {
    framework: Framework::Fsbp,
    left_out: &[],
});

fn of(run: &Run<'_>) -> Vec<Outcome> {
    outcomes(run).unwrap().1
}

fn status(run: &Run<'_>) -> Status {
    let outcomes = of(run);
    assert_eq!(outcomes.len(), 1, "WIDE_ROLE has no control of the framework");
    outcomes[0].status()
}

#[test]
fn ids_are_counted_as_a_person_counts() {
    let mut ids = [
        "Lambda.10",
        "4.11",
        "Lambda.2",
        "SAS-12",
        "4.2",
        "4",
        "Lambda.1",
        "SAS-2",
        "AC-6(10)",
        "AC-6(9)",
    ];
    ids.sort_by(|a, b| natural_order(a, b));
    let expected = [
        "4",
        "4.2",
        "4.11",
        "AC-6(9)",
        "AC-6(10)",
        "Lambda.1",
        "Lambda.2",
        "Lambda.10",
        "SAS-2",
        "SAS-12",
    ];
    assert_eq!(ids, expected);
}

#[test]
fn a_control_is_as_bad_as_its_worst_verdict() {
    let estate = estate();
    let with = |verdicts: &[Verdict]| {
        let finding = |verdict: &Verdict| Finding {
            verdict: *verdict,
            ..open_url(&estate)
        };
        let findings: Vec<Finding> = verdicts.iter().map(finding).collect();
        status(&Run {
            framework: ASKED,
            ..run(&estate, &findings)
        })
    };
    use Verdict::{Fail, NotApplicable, Pass, Undetermined};
    assert_eq!(with(&[Pass, Undetermined, Fail]), Status::Fail);
    assert_eq!(with(&[Pass, Undetermined]), Status::Undetermined);
    assert_eq!(with(&[Pass, NotApplicable]), Status::Pass);
    assert_eq!(with(&[NotApplicable]), Status::NotApplicable);
    assert_eq!(with(&[]), Status::NotApplicable);
}

#[test]
fn what_was_overlooked_or_accepted_does_not_pass() {
    let mut estate = estate();
    let mut accepted = open_url(&estate);
    accepted.suppression = Some(Suppression {
        source: "comment".into(),
        reason: "public".into(),
        until: None,
    });
    let mut passed = open_url(&estate);
    passed.verdict = Verdict::Pass;
    let findings = [passed.clone(), accepted];
    let base = Run {
        framework: ASKED,
        ..run(&estate, &findings)
    };
    assert_eq!(status(&base), Status::Suppressed);
    let not_assessed = [NotAssessed {
        check: OPEN_URL.id.into(),
        reason: "no URLs here".into(),
    }];
    let unseen = Run {
        not_assessed: &not_assessed,
        ..base
    };
    assert_eq!(status(&unseen), Status::NotAssessed);
    assert_eq!(of(&unseen)[0].overlooked["url-auth-none"], "no URLs here");

    let findings = [passed];
    let left_out = [&OPEN_URL];
    let skipped = Run {
        checks: &[&WIDE_ROLE],
        framework: Some(Scope {
            framework: Framework::Fsbp,
            left_out: &left_out,
        }),
        ..run(&estate, &findings)
    };
    assert_eq!(status(&skipped), Status::NotAssessed);
    let gap = |check: Option<&str>| Gap {
        kind: GapKind::Unparsed,
        reason: "not YAML".into(),
        at: None,
        affects: check.map(Into::into).into_iter().collect(),
    };
    for (check, expected) in [
        (Some("role-admin"), Status::Pass),
        (Some("url-auth-none"), Status::NotAssessed),
        (None, Status::NotAssessed),
    ] {
        estate.gaps = vec![gap(check)];
        let run = Run {
            framework: ASKED,
            ..run(&estate, &findings)
        };
        assert_eq!(status(&run), expected, "{check:?}");
    }
}
