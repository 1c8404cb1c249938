//! Where all is known, an expression comes to what the interpreter of the crate `cel` makes of it.

use super::evaluate::Evaluation;
use super::expression::compile;
use super::rows::Rows;
use super::value::Value;
use super::worlds::Worlds;
use crate::context::{Context, Trust};
use cel::{Program, Value as Theirs};
use jiff::civil::date;
use maremma_model::Estate;

const CASES: &[&str] = &[
    "1 + 2 * 3 == 7",
    "10 / 3 == 3 && 10 % 3 == 1 && -7 / 2 == -3 && -7 % 2 == -1",
    "1.5 + 1.5 == 3.0",
    "7 > 6.5 && 6.5 < 7 && 2 >= 2.0",
    "1 / 0 == 1 || true",
    "true || 1 / 0 == 1",
    "false && 1 / 0 == 1",
    "1 / 0 == 1 && false",
    "(1 > 2 ? 'a' : 'b') == 'b'",
    "'abc' + 'def' == 'abcdef'",
    "'abc' < 'abd' && 'B' < 'a'",
    "'tacocat'.startsWith('taco') && !'tacocat'.endsWith('taco') && 'tacocat'.contains('coca')",
    "'tacocat'.contains('')",
    "size('héllo') == 5 && 'héllo'.size() == 5 && size([1, 2]) == 2",
    "[1, 2] + [3] == [1, 2, 3]",
    "[1, 2] == [2, 1]",
    "[[1], [2]] == [[1], [2]]",
    "2 in [1, 2, 3] && !(4 in [1, 2, 3]) && !(1 in [])",
    "[1, 2, 3][1] == 2",
    "[1, 2, 3].exists(n, n > 2)",
    "[1, 2, 3].all(n, n > 2)",
    "[].all(n, n > 2) && ![].exists(n, n > 2)",
    "[1, 2, 3].exists_one(n, n > 2) && ![1, 2, 3].exists_one(n, n > 1)",
    "[1, 2, 3].map(n, n * 2) == [2, 4, 6]",
    "[1, 2, 3].map(n, n > 1, n * 2) == [4, 6]",
    "[1, 2, 3].filter(n, n > 1) == [2, 3]",
    "[[1, 2], [3]].exists(a, a.exists(b, b == 3) && a.all(a, a == 3))",
    "[1, 2].map(a, [3, 4].map(b, a * b)) == [[3, 4], [6, 8]]",
    "[0, 2].exists(n, 2 / n == 1)",
    "[0, 2].all(n, 2 / n == 3)",
    "null == null && 'a' != null",
    "!(true && false) || !true",
    "'a\\n\\u00e9' == \"a\\né\" && r'\\d' == '\\\\d'",
    "9223372036854775807 > 0",
    "true == true && false != true",
];

fn ours(expression: &str) -> Option<bool> {
    let code = compile(expression, "Function")
        .unwrap_or_else(|problem| panic!("{expression}: {problem:?}"))
        .code;
    let (estate, trust) = (Estate::default(), Trust::default());
    let context = Context::new(&estate, &trust, date(2026, 1, 1));
    let rows = Rows::new(&context);
    let mut evaluation = Evaluation {
        rows: &rows,
        worlds: &mut Worlds::default(),
        steps: &mut 0,
        names: vec![Value::Null, Value::Estate],
    };
    match evaluation.evaluate(&code) {
        Value::Bool(value) => Some(value),
        Value::Unknown(_) => None,
        other => panic!("{expression}: {other:?}"),
    }
}

#[test]
fn what_is_known_comes_to_what_cel_says() {
    for expression in CASES {
        let context = cel::Context::default();
        let theirs = match Program::compile(expression).unwrap().execute(&context) {
            Ok(Theirs::Bool(value)) => Some(value),
            Ok(other) => panic!("{expression}: {other:?}"),
            Err(_) => None,
        };
        assert_eq!(ours(expression), theirs, "{expression}");
    }
}

#[test]
fn what_cel_cannot_compute_is_not_known() {
    for expression in [
        "1 / 0 == 1",
        "9223372036854775807 + 1 > 0",
        "-(-9223372036854775807 - 1) > 0",
        "[1][1] == 1",
    ] {
        assert_eq!(ours(expression), None, "{expression}");
        let context = cel::Context::default();
        assert!(
            Program::compile(expression).unwrap().execute(&context).is_err(),
            "{expression}"
        );
    }
}
