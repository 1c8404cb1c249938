//! Patterns against a naive matcher, against enumerated strings, and with holes filled.

use super::*;
use crate::logic::Match;
use maremma_model::{Hole, Piece, Why};
use proptest::prelude::*;

/// The rule, written down as slowly as it reads: try every way.
fn naive(pattern: &[char], subject: &[char], strict: usize, seen: usize, short: bool) -> bool {
    match pattern {
        [] => subject.is_empty(),
        ['*', rest @ ..] => {
            let crosses = seen >= strict || (short && rest.iter().all(|c| *c == '*'));
            naive(rest, subject, strict, seen, short)
                || match subject {
                    [first, more @ ..] => (crosses || *first != ':') && naive(pattern, more, strict, seen, short),
                    [] => false,
                }
        }
        ['?', rest @ ..] => match subject {
            [first, more @ ..] => (seen >= strict || *first != ':') && naive(rest, more, strict, seen, short),
            [] => false,
        },
        [c, rest @ ..] => match subject {
            [first, more @ ..] => c == first && naive(rest, more, strict, seen + usize::from(*c == ':'), short),
            [] => false,
        },
    }
}

fn naive_matches(pattern: &str, subject: &str, syntax: Syntax) -> bool {
    let strict = syntax.strict_segments();
    let chars: Vec<char> = pattern.chars().collect();
    let subject: Vec<char> = subject.chars().collect();
    let colons = pattern.matches(':').count();
    let lone = !chars.is_empty() && chars.iter().all(|c| *c == '*');
    let short = colons < strict && (syntax == Syntax::Arn || lone);
    naive(&chars, &subject, strict, 0, short)
}

fn grammar(syntax: Syntax) -> Grammar<'static> {
    Grammar {
        syntax,
        ..Grammar::STRING
    }
}

fn syntaxes() -> impl Strategy<Value = Syntax> {
    prop_oneof![Just(Syntax::Free), Just(Syntax::Arn), Just(Syntax::Action)]
}

fn hole(name: &str) -> Piece {
    Piece::Hole(Hole {
        why: Why::Parameter(name.into()),
        stands_for: None,
    })
}

/// A value that AWS makes: it has no wildcard.
fn made(name: &str) -> Piece {
    Piece::Hole(Hole {
        why: Why::Attribute(name.into()),
        stands_for: None,
    })
}

/// Texts over few characters with holes `A` and `B`.
fn texts(alphabet: &'static str) -> impl Strategy<Value = Text> {
    let piece = prop_oneof![
        3 => alphabet.prop_map(|text: String| Piece::Literal(text.into())),
        1 => Just(hole("A")),
        1 => Just(made("B")),
    ];
    proptest::collection::vec(piece, 1..5).prop_map(Text::from_pieces)
}

fn fill(text: &Text, a: &str, b: &str) -> String {
    text.pieces()
        .iter()
        .map(|piece| match piece {
            Piece::Literal(text) => text.to_string(),
            Piece::Hole(hole) if hole.why == Why::Parameter("A".into()) => a.to_owned(),
            Piece::Hole(_) => b.to_owned(),
        })
        .collect()
}

/// Every string over the alphabet up to a length.
fn strings(alphabet: &[char], length: usize) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut last = all.clone();
    for _ in 0..length {
        last = last
            .iter()
            .flat_map(|text| alphabet.iter().map(move |c| format!("{text}{c}")))
            .collect();
        all.extend(last.clone());
    }
    all
}

proptest! {
    #![proptest_config(crate::cases(2_000))]

    #[test]
    fn agrees_with_the_naive_matcher(pattern in "[ab:*?]{0,9}", subject in "[ab:]{0,9}", syntax in syntaxes()) {
        let expected = naive_matches(&pattern, &subject, syntax);
        let (p, s) = (Text::literal(pattern), Text::literal(subject));
        prop_assert_eq!(matches(&p, &s, grammar(syntax)), Match::from(expected));
        prop_assert_eq!(relate(&p, &s, grammar(syntax), false), Match::from(expected));
    }

    #[test]
    fn long_arns_agree_with_the_naive_matcher(pattern in "(a|b|\\*|:|:\\*|\\?){5,9}", subject in "[ab]?(:[ab]?){4,8}") {
        let expected = naive_matches(&pattern, &subject, Syntax::Arn);
        let (p, s) = (Text::literal(pattern), Text::literal(subject));
        prop_assert_eq!(matches(&p, &s, Grammar::ARN), Match::from(expected));
        prop_assert_eq!(relate(&p, &s, Grammar::ARN, false), Match::from(expected));
    }

    #[test]
    fn a_filled_hole_never_contradicts(
        pattern in texts("[ab:*?]{0,3}"), subject in texts("[ab:]{0,3}"),
        a in "[ab:*?]{0,3}", b in "[ab:]{0,3}", syntax in syntaxes(),
    ) {
        let answer = matches(&pattern, &subject, grammar(syntax));
        let filled = naive_matches(&fill(&pattern, &a, &b), &fill(&subject, &a, &b), syntax);
        prop_assert!(answer.is_unknown() || answer == Match::from(filled), "{} {} {:?} {}", pattern, subject, answer, filled);
    }

    #[test]
    fn covers_is_inclusion(one in "[ab*?]{0,4}", other in "[ab*?]{0,4}") {
        let included = strings(&['a', 'b', 'z'], 6).iter().all(|text| {
            !naive_matches(&other, text, Syntax::Free) || naive_matches(&one, text, Syntax::Free)
        });
        let answer = covers(&Text::literal(one), &Text::literal(other), Grammar::STRING);
        prop_assert!(answer == Match::from(included) || (answer.is_unknown() && included), "{answer:?} {included}");
    }

    #[test]
    fn overlaps_is_a_common_string(one in "[ab*?]{0,3}", other in "[ab*?]{0,3}") {
        let common = strings(&['a', 'b', 'z'], 6).iter().any(|text| {
            naive_matches(&other, text, Syntax::Free) && naive_matches(&one, text, Syntax::Free)
        });
        let (one, other) = (Text::literal(one), Text::literal(other));
        prop_assert_eq!(overlaps(&one, &other, Grammar::STRING), Match::from(common));
        prop_assert_eq!(overlaps(&other, &one, Grammar::STRING), Match::from(common));
    }

    #[test]
    fn relations_of_arns_hold_for_their_strings(
        one in "(a|\\*|:|:\\*){4,8}", other in "(a|\\*|:|:\\*){4,8}", subject in "[ab]?(:[ab]?){4,7}",
    ) {
        let covered = covers(&Text::literal(one.as_str()), &Text::literal(other.as_str()), Grammar::ARN);
        let meet = overlaps(&Text::literal(one.as_str()), &Text::literal(other.as_str()), Grammar::ARN);
        let (in_one, in_other) = (naive_matches(&one, &subject, Syntax::Arn), naive_matches(&other, &subject, Syntax::Arn));
        prop_assert!(!(covered.is_yes() && in_other && !in_one), "{} covers {} but not {}", one, other, subject);
        prop_assert!(!(meet.is_no() && in_other && in_one), "{} meets {} at {}", one, other, subject);
    }

    #[test]
    fn relations_with_holes_hold_when_filled(
        one in texts("[ab:*]{0,3}"), other in texts("[ab:*]{0,3}"), a in "[ab:*?]{0,2}", b in "[ab:]{0,2}", syntax in syntaxes(),
    ) {
        let (full, full_other) = (Text::literal(fill(&one, &a, &b)), Text::literal(fill(&other, &a, &b)));
        let meet = overlaps(&one, &other, grammar(syntax));
        let filled = overlaps(&full, &full_other, grammar(syntax));
        let covered = covers(&one, &other, grammar(syntax));
        let really = covers(&full, &full_other, grammar(syntax));
        prop_assert!(covered == really || covered.is_unknown() || really.is_unknown(), "{} covers {} {:?}, filled {:?}", one, other, covered, really);
        prop_assert!(meet.is_unknown() || meet == filled, "{} {} meet {:?}, filled {:?}", one, other, meet, filled);
    }
}

#[test]
fn actions_match_by_service_and_name() {
    let action =
        |pattern: &str, action: &str| matches(&Text::literal(pattern), &Text::literal(action), Grammar::ACTION);
    for pattern in [
        "*",
        "**",
        "*:*",
        "lambda:*",
        "LAMBDA:invoke*",
        "lambda:Invoke?unction",
        "lam*:InvokeFunction",
    ] {
        assert!(action(pattern, "lambda:InvokeFunction").is_yes(), "{pattern}");
    }
    for pattern in ["lambda*", "l*", "*Function", "lambda:Invoke", "s3:*", "", "?*"] {
        assert!(action(pattern, "lambda:InvokeFunction").is_no(), "{pattern}");
    }
}

#[test]
fn a_wildcard_in_an_early_segment_stays_in_it() {
    let arn = |pattern: &str, arn: &str| matches(&Text::literal(pattern), &Text::literal(arn), Grammar::ARN);
    let queue = "arn:aws:sqs:eu-west-1:111122223333:orders";
    for pattern in [
        "*",
        "arn:*",
        "arn:aws:sqs:*",
        "arn:aws:sqs:*:*:*",
        "arn:*:sqs:eu-*-1:1111*3:or?ers",
        queue,
    ] {
        assert!(arn(pattern, queue).is_yes(), "{pattern}");
    }
    for pattern in [
        "arn:aws:sqs:*:orders",
        "*:orders",
        "arn:aws:sqs:*orders",
        "arn:aws:sqs:*:*:Orders",
    ] {
        assert!(arn(pattern, queue).is_no(), "{pattern}");
    }
    let function = "arn:aws:lambda:eu-west-1:111122223333:function:orders:prod";
    assert!(arn("arn:aws:lambda:*:*:function:orders*", function).is_yes());
    assert!(arn("arn:aws:lambda:*:*:function:orders", function).is_no());
    assert!(arn("arn:aws:s3:::orders/*", "arn:aws:s3:::orders/a:b/c").is_yes());
}

#[test]
fn a_hole_is_not_a_wildcard_and_not_nothing() {
    let bucket = Text::from_pieces([
        Piece::Literal("arn:aws:s3:::".into()),
        hole("Bucket"),
        Piece::Literal("/*".into()),
    ]);
    let arn = |text: &str| matches(&bucket, &Text::literal(text), Grammar::ARN);
    assert_eq!(arn("arn:aws:s3:::orders/a"), Match::Unknown);
    assert_eq!(arn("arn:aws:sqs:::orders/a"), Match::No);
    let object = Text::from_pieces([
        Piece::Literal("arn:aws:s3:::".into()),
        hole("Bucket"),
        Piece::Literal("/a".into()),
    ]);
    assert_eq!(matches(&bucket, &object, Grammar::ARN), Match::Yes);
    assert_eq!(
        covers(&Text::literal("arn:aws:s3:::*"), &bucket, Grammar::ARN),
        Match::Yes
    );
    assert_eq!(covers(&bucket, &Text::literal("*"), Grammar::ARN), Match::No);
    assert_eq!(
        covers(&bucket, &Text::literal("arn:aws:s3:::*"), Grammar::ARN),
        Match::No
    );
    let (any, role) = (Text::from_pieces([hole("Any")]), Text::from_pieces([made("Role.Arn")]));
    assert_eq!(covers(&any, &Text::literal("*"), Grammar::ARN), Match::Unknown);
    assert_eq!(covers(&role, &Text::literal("*"), Grammar::ARN), Match::No);
}

#[test]
fn variables_are_holes_until_the_request_is_known() {
    let pattern = Text::literal("arn:aws:s3:::home/${aws:username}/*");
    let with = |context: &Context| {
        let grammar = Grammar::ARN.with_variables(Version::V2012, context);
        matches(&pattern, &Text::literal("arn:aws:s3:::home/ann/x"), grammar)
    };
    assert_eq!(with(&Context::unknown()), Match::Unknown);
    assert_eq!(with(&Context::empty()), Match::No);
    assert_eq!(with(&Context::empty().with("aws:UserName", "ann")), Match::Yes);
    assert_eq!(with(&Context::empty().with("aws:username", "*")), Match::No);
    let star = Text::literal("a${*}b${$}${?}");
    let empty = Context::empty();
    let grammar = Grammar::STRING.with_variables(Version::V2012, &empty);
    assert_eq!(matches(&star, &Text::literal("a*b$?"), grammar), Match::Yes);
    assert_eq!(matches(&star, &Text::literal("axb$?"), grammar), Match::No);
    let default = Text::literal("${aws:PrincipalTag/team, 'blue'}");
    assert_eq!(matches(&default, &Text::literal("blue"), grammar), Match::Yes);
    let old = Grammar::STRING.with_variables(Version::V2008, &empty);
    assert_eq!(matches(&star, &Text::literal("a${x}b${$}${y}"), old), Match::Yes);
}

#[test]
fn hostile_patterns_come_to_an_end() {
    let stars = Text::literal("*a".repeat(10_000));
    let many = Text::literal("a".repeat(9_999));
    assert!(matches(&stars, &many, Grammar::STRING).is_no());
    assert!(matches(&Text::literal("*".repeat(10_000)), &many, Grammar::ARN).is_yes());
    assert!(!covers(&stars, &stars, Grammar::STRING).is_no());
    let holed = Text::from_pieces([Piece::Literal("*a".repeat(2_000).into()), hole("A")]);
    assert!(!matches(&holed, &Text::literal("a".repeat(2_000)), Grammar::ARN).is_yes());
}
