//! SPDX expressions against a list of licences.

/// Whether an expression lets us choose licences that are all on the list. `/` is the old way to write OR.
pub(crate) fn allowed(expression: &str, list: &[String]) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = words.as_slice();
    either(&mut rest, list) && rest.is_empty()
}

fn either(words: &mut &[&str], list: &[String]) -> bool {
    let mut allowed = both(words, list);
    while take(words, "OR") {
        allowed |= both(words, list);
    }
    allowed
}

fn both(words: &mut &[&str], list: &[String]) -> bool {
    let mut allowed = one(words, list);
    while take(words, "AND") {
        allowed &= one(words, list);
    }
    allowed
}

fn one(words: &mut &[&str], list: &[String]) -> bool {
    if take(words, "(") {
        return either(words, list) & take(words, ")");
    }
    let Some((licence, rest)) = words.split_first() else {
        return false;
    };
    *words = rest;
    let mut name = licence.to_string();
    if take(words, "WITH")
        && let Some((exception, rest)) = words.split_first()
    {
        *words = rest;
        name = format!("{name} WITH {exception}");
    }
    list.contains(&name)
}

fn take(words: &mut &[&str], word: &str) -> bool {
    match words.split_first() {
        Some((first, rest)) if *first == word => {
            *words = rest;
            true
        }
        _ => false,
    }
}

#[test]
fn expressions_are_read_as_spdx_says() {
    let list = ["MIT", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "Unicode-3.0"].map(str::to_owned);
    for good in [
        "MIT",
        "MIT/GPL-3.0",
        "GPL-3.0 OR MIT",
        "(MIT OR GPL-3.0) AND Unicode-3.0",
        "Apache-2.0 WITH LLVM-exception OR GPL-3.0",
    ] {
        assert!(allowed(good, &list), "{good}");
    }
    for bad in [
        "GPL-3.0",
        "MIT AND GPL-3.0",
        "",
        "(MIT",
        "MIT MIT",
        "MIT WITH some-exception",
        "MPL-2.0 OR LGPL-2.1",
    ] {
        assert!(!allowed(bad, &list), "{bad}");
    }
}
