use super::*;
use crate::fixture::{estate_of, place, place_after};
use maremma_model::Estate;

fn shown(estate: &Estate, place: Place, before: usize, after: usize) -> Window {
    window(&Sources::of(estate), place, &[], Extent::lines(before, after)).unwrap()
}

fn underlined(window: &Window) -> &str {
    &window.text[window.spans[0].clone()]
}

#[test]
fn secrets_on_neighbouring_lines_and_in_flows_are_masked() {
    let text = "A: {KEY: first, Type: NONE, TOKEN: 'second'}\nB: third\n";
    let mut estate = estate_of("t.yaml", text);
    estate.sensitive = vec![
        place(&estate, "first"),
        place(&estate, "'second'"),
        place(&estate, "third"),
    ];
    let window = shown(&estate, place(&estate, "NONE"), 2, 1);
    assert_eq!(window.text, "A: {KEY: •••, Type: NONE, TOKEN: •••}\nB: •••");
    assert_eq!(underlined(&window), "NONE");
    // The value itself.
    let window = shown(&estate, place(&estate, "third"), 0, 0);
    assert_eq!((window.text.as_str(), window.line), ("B: •••", 2));
    assert_eq!(underlined(&window), "•••");
    // A part of the value.
    assert_eq!(underlined(&shown(&estate, place(&estate, "hir"), 0, 0)), "•••");
}

#[test]
fn a_block_scalar_keeps_its_lines_and_indentation() {
    let text = "KEY: |\n  -----BEGIN\n  abc\n\n  def\nType: NONE\n";
    let mut estate = estate_of("t.yaml", text);
    estate.sensitive = vec![place(&estate, "|\n  -----BEGIN\n  abc\n\n  def\n")];
    let window = shown(&estate, place(&estate, "NONE"), 4, 1);
    assert_eq!(window.text, "  •••\n  •••\n\n  •••\nType: NONE\n");
    assert_eq!(window.line, 2);
    assert_eq!(underlined(&window), "NONE");
}

#[test]
fn long_lines_are_cut_around_the_value() {
    let text = format!(
        "{{{}\"AuthType\":\"NONE\"{}}}",
        "\"é\":1,".repeat(50_000),
        ",\"b\":2".repeat(50_000)
    );
    let estate = estate_of("t.json", &text);
    let window = shown(&estate, place(&estate, "\"NONE\""), 2, 1);
    assert!(window.text.chars().count() <= LONGEST_LINE + 2);
    assert!(window.text.starts_with(CUT) && window.text.ends_with(CUT));
    assert_eq!(underlined(&window), "\"NONE\"");
}

#[test]
fn lines_around_the_value_are_cut_as_short_as_its_own() {
    let long = "b".repeat(200);
    let estate = estate_of("t.yaml", &format!("A: {long}\nType: NONE {long}\nC: {long}\n"));
    let extent = Extent {
        before: 1,
        after: 1,
        longest: 60,
    };
    let window = window(&Sources::of(&estate), place(&estate, "NONE"), &[], extent).unwrap();
    assert_eq!(window.text.lines().count(), 3);
    assert!(
        window
            .text
            .lines()
            .all(|line| line.chars().count() == 61 && line.ends_with(CUT))
    );
}

#[test]
fn a_value_that_is_cut_off_ends_on_its_line() {
    let long = "b".repeat(200);
    let estate = estate_of("t.yaml", &format!("A: {long}\nC: D\n"));
    let extent = Extent {
        before: 0,
        after: 1,
        longest: 60,
    };
    let window = window(&Sources::of(&estate), place(&estate, &long), &[], extent).unwrap();
    let shown = underlined(&window);
    assert!(!shown.is_empty() && shown.chars().all(|c| c == 'b'), "{shown}");
}

#[test]
fn a_secret_that_is_cut_stays_masked() {
    let secret = "s3cr".repeat(500);
    let text = format!("a: {secret}b");
    let mut estate = estate_of("t.yaml", &text);
    estate.sensitive = vec![place(&estate, &secret)];
    let mut inside = place(&estate, "b");
    inside.span.start.offset = 1000;
    assert!(!shown(&estate, inside, 1, 1).text.contains("s3cr"));
}

#[test]
fn escape_sequences_and_bidi_overrides_in_source_are_pictures() {
    let text = "a: \u{1b}[31mx\u{202e}\u{9b}2J\r\nType: NONE\u{7}\r\n";
    let estate = estate_of("t.yaml", text);
    let window = shown(&estate, place(&estate, "NONE"), 1, 0);
    assert_eq!(window.text, "a: ␛[31mx\u{fffd}\u{fffd}2J\nType: NONE␇");
    assert_eq!(underlined(&window), "NONE");
}

#[test]
fn places_that_fit_no_text_are_harmless() {
    let estate = estate_of("t.yaml", "é: NONE\n");
    let good = place(&estate, "NONE");
    for start in 0..12 {
        for end in 0..12 {
            let mut place = good;
            place.span.start.offset = start;
            place.span.end.offset = end;
            let window = shown(&estate, place, 2, 2);
            assert!(window.text.get(window.spans[0].clone()).is_some());
        }
    }
    let mut far = good;
    far.span.end.offset = u32::MAX;
    far.span.start.offset = u32::MAX;
    shown(&estate, far, 2, 2);
    let mut elsewhere = good;
    elsewhere.file.0 = 7;
    assert_eq!(window(&Sources::of(&estate), elsewhere, &[], Extent::lines(1, 1)), None);
}

#[test]
fn a_value_of_many_lines_shows_its_beginning() {
    let text = format!("Doc:\n{}End: 1\n", "  - x\n".repeat(100));
    let estate = estate_of("t.yaml", &text);
    let all = place_after(&estate, 0, "Doc", &"  - x\n".repeat(100));
    let window = shown(&estate, all, 1, 0);
    assert_eq!(window.text.lines().count(), 1 + MOST_LINES);
    assert_eq!(window.line, 1);
}
