//! Where a complaint points: file, line, column, the line itself and the mark under it.

use loadline::spec::{Paint, render};

use crate::support::{SMALL, complaint, complaints, help, marked, places, read_with};

#[test]
fn a_complaint_shows_the_place_the_line_a_mark_and_what_to_write() {
    let text = SMALL.replace("  users: 200\n", "  users: 200\n  think: 160\n");
    let found = complaints(text);
    let expected = "\
spec.yaml:5:10: error: `think` needs a unit [missing-unit]
 5 |   think: 160
   |          ^^^
   help: write `think: 160 ms`; units: us, ms, s, min, h, d, day, days, µs
";
    assert_eq!(render(&found, Paint::Plain), expected);
}

#[test]
fn colour_repeats_what_the_words_say() {
    let found = complaints(SMALL.replace("12 ms", "12"));
    let coloured = render(&found, Paint::Colour);
    assert!(coloured.contains("\u{1b}[1;31merror:"), "{coloured:?}");
    let mut plain = String::new();
    let mut rest = coloured.as_str();
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        plain.push_str(before);
        rest = after.split_once('m').unwrap().1;
    }
    assert_eq!(plain + rest, render(&found, Paint::Plain));
}

#[test]
fn all_complaints_come_at_once_in_the_order_of_the_file() {
    let text = "\
version: 2
name: Big School
load:
  user: 200
  think: 160
requests:
  - name: page
    cpu: -1 ms
    cpuu: 3
objectives: { p95: soon }
";
    let expected = [
        ("unknown-word", 1, 10, "2"),
        ("bad-text", 2, 7, "Big School"),
        ("missing-key", 3, 1, "load"),
        ("unknown-key", 4, 3, "user"),
        ("missing-unit", 5, 10, "160"),
        ("out-of-range", 8, 10, "-1 ms"),
        ("unknown-key", 9, 5, "cpuu"),
        ("not-a-number", 10, 20, "soon"),
    ];
    let found = complaints(text);
    let found = places(&found);
    let found: Vec<_> =
        found.iter().map(|(code, line, column, text)| (*code, *line, *column, text.as_str())).collect();
    assert_eq!(found, expected);
}

#[test]
fn the_mark_is_right_behind_umlauts() {
    let found = complaint(SMALL.replace("page", "\"schüler-größe\""));
    // Line 6 is `  - name: "schüler-größe"`: the value begins in column 11 and has 15 characters with its quotes.
    assert_eq!((found.line, found.column, found.length), (6, 11, 15));
    let text = SMALL.replace("load:\n  users: 200", "load: { \"ü\": 1, users: 0 }");
    let found = complaints(text);
    assert_eq!(
        places(&found),
        [("unknown-key", 3, 9, "\"ü\"".to_owned()), ("out-of-range", 3, 24, "0".to_owned())]
    );
}

#[test]
fn the_mark_stands_under_its_text_behind_wide_characters() {
    let text = SMALL.replace("load:\n  users: 200", "load: { users: 200, 学校: 1 }");
    let found = complaints(text);
    let shown = render(&found, Paint::Plain);
    // Both characters are two columns wide.
    assert!(
        shown.contains("\n 3 | load: { users: 200, 学校: 1 }\n   |                     ^^^^\n"),
        "{shown}"
    );
}

#[test]
fn the_mark_is_right_behind_a_tab_in_the_line() {
    let found = complaint(SMALL.replace("users: 200", "users: \tmany"));
    assert_eq!((found.line, found.column, marked(&found).as_str()), (4, 11, "many"));
    assert!(!found.excerpt.contains('\t'), "a tab would shift the mark");
}

#[test]
fn a_tab_in_the_indentation_is_pointed_at() {
    let found = complaint(SMALL.replace("  users", "\tusers"));
    assert_eq!((found.code, found.line, found.column), ("tab", 4, 1));
    assert!(help(&found).contains("spaces"));
}

#[test]
fn windows_line_ends_change_nothing() {
    let wrong = SMALL.replace("12 ms", "12");
    let unix = complaint(&wrong);
    let windows = complaint(wrong.replace('\n', "\r\n"));
    assert_eq!(unix, windows);
    assert!(read_with(SMALL.replace('\n', "\r\n"), &[]).is_ok());
}

#[test]
fn a_byte_order_mark_changes_nothing() {
    let wrong = SMALL.replace("version: 1", "version: 2");
    assert_eq!(complaint(&wrong), complaint(format!("\u{feff}{wrong}")));
    assert!(read_with(format!("\u{feff}{SMALL}"), &[]).is_ok());
}

#[test]
fn a_long_line_is_cut_around_the_place() {
    let text = SMALL.replace("200", &format!("200 # {}", "x".repeat(5000)));
    let text = text.replace("users:", "users: 1, uesrs:");
    let wide =
        SMALL.replace("load:\n  users: 200", &format!("load: {{ users: 200, {}: 1 }}", "k".repeat(3000)));
    for text in [text, wide] {
        for found in complaints(text) {
            assert!(found.excerpt.chars().count() <= 120, "{}", found.excerpt.len());
            assert!(found.message.chars().count() < 200, "{}", found.message);
        }
    }
    let far = format!("load: {{ {}uesrs: 1, users: 200 }}", " ".repeat(900));
    let found = complaint(SMALL.replace("load:\n  users: 200", &far));
    assert_eq!((found.column, marked(&found).as_str()), (909, "uesrs"));
}

#[test]
fn a_missing_key_points_at_the_map_that_lacks_it() {
    let found = complaint(SMALL.replace("    cpu: 12 ms\n", ""));
    assert_eq!((found.code, found.line), ("missing-key", 6));
    assert!(found.message.contains("`requests[0]`") && found.message.contains("`cpu`"), "{}", found.message);
}

#[test]
fn broken_yaml_points_at_the_place_where_it_breaks() {
    for (text, line) in [
        (SMALL.replace("users: 200", "users: [200"), 5),
        (SMALL.replace("name: school", "name: \"school"), 2),
        (SMALL.replace("name: school", "name: school: b"), 2),
    ] {
        let found = complaint(&text);
        assert_eq!(found.code, "syntax", "{text}");
        assert!(found.line >= line && found.line <= 8, "{}: {text}", found.line);
    }
}

#[test]
fn a_flag_is_shown_as_it_was_written() {
    let found = read_with(SMALL, &[("load.think", "160")]).unwrap_err();
    let expected = "\
--set:1:12: error: `think` needs a unit [missing-unit]
 1 | load.think=160
   |            ^^^
   help: write `think: 160 ms`; units: us, ms, s, min, h, d, day, days, µs
";
    assert_eq!(render(&found, Paint::Plain), expected);
}

#[test]
fn more_than_a_hundred_complaints_are_counted() {
    let keys: String = (0..150).map(|number| format!("zz{number}: 1\n")).collect();
    let found = complaints(format!("{SMALL}{keys}"));
    assert_eq!(found.len(), 100);
    assert!(help(found.last().unwrap()).contains("50 more complaints"), "{:?}", found.last());
}
