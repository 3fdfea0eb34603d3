//! Where a complaint points and what it shows.

use loadline::spec::{Diagnostic, Paint, render};

use crate::support::{error, errors, shown, small_and};

/// The part of the shown line over the carets.
fn marked(error: &Diagnostic) -> String {
    error.excerpt.chars().skip(error.caret).take(error.length).collect()
}

#[test]
fn all_complaints_come_at_once_in_the_order_of_the_file() {
    let text = "version: 2
nam: school
load: { users: many, think: 5 }
requests:
  - name: page
    cpu: 0 ms
    queries: 3
  - cpu: 1 ms
objectives:
  p95: [1, 2]
hosts: [web1, 'a b']
";
    let errors = errors(text);
    let found: Vec<(usize, usize, &str, String)> =
        errors.iter().map(|error| (error.line, error.column, error.code, marked(error))).collect();
    let wanted = [
        (1, 1, "missing-key", "v"),
        (1, 10, "unknown-word", "2"),
        (2, 1, "unknown-key", "nam"),
        (3, 16, "not-a-number", "many"),
        (3, 29, "missing-unit", "5"),
        (6, 10, "out-of-range", "0 ms"),
        (7, 14, "missing-tier", "3"),
        (8, 5, "missing-key", "c"),
        (10, 8, "wrong-type", "["),
        (11, 15, "bad-text", "'a b'"),
    ];
    let wanted: Vec<_> =
        wanted.iter().map(|(line, column, code, mark)| (*line, *column, *code, (*mark).to_owned())).collect();
    assert_eq!(found, wanted, "{}", shown(&errors));
}

#[test]
fn a_complaint_is_shown_as_editors_and_people_like_it() {
    let text = "version: 1\nname: school\nload:\n  user: 200\nrequests: [{ name: page, cpu: 12 ms }]\n";
    assert_eq!(
        shown(&errors(text)),
        "\
spec.yaml:3:1: error: `load` has no `users` [missing-key]
 3 | load:
   | ^^^^
   help: it is required: People active at once, at the peak.

spec.yaml:4:3: error: unknown key `user` in `load` [unknown-key]
 4 |   user: 200
   |   ^^^^
   help: `user` belongs under `access.ssh`; or did you mean `users`?
"
    );
}

#[test]
fn columns_count_characters_whatever_stands_before() {
    // The complaint is about `9`, which lacks its unit.
    for (line, column) in [
        ("objectives: { mean: 1 ms, p95: 9 }", 32),
        ("objectives:\t{ p95: 9 }", 20),
        ("objectives: { \t p95: \t 9 }", 24),
        ("\"objectives\": { p95: 9 }", 22),
        ("objectives: { p95: 9 } # größer als üblich, 時間", 20),
    ] {
        for (end, name) in [("\n", "LF"), ("\r\n", "CRLF")] {
            let text = small_and(&format!("{line}\n")).replace('\n', end);
            let error = error(&text);
            assert_eq!((error.line, error.column), (6, column), "{name}: {line}");
            assert_eq!(marked(&error), "9", "{name}: {line}");
            assert!(!error.excerpt.contains(['\r', '\t']), "{name}: {}", error.excerpt);
        }
    }
}

#[test]
fn umlauts_and_wide_characters_before_the_place_move_the_caret_by_their_width() {
    let flow = |name: &str| small_and(&format!("alarms: {{ email: \"{name}\", mail: x }}\n"));
    for (name, columns) in [("über", 4), ("時間", 4), ("e\u{301}", 1)] {
        let errors = errors(&flow(name));
        let unknown = errors.iter().find(|error| error.code == "unknown-key").unwrap();
        assert_eq!(unknown.column, 18 + 1 + name.chars().count() + 1 + 2, "{name}");
        assert_eq!(marked(unknown), "mail");
        let text = render(std::slice::from_ref(unknown), Paint::Plain);
        let caret_line = text.lines().nth(2).unwrap();
        // ` 6 | ` and then the columns of `alarms: { email: "`, the name, and `", `.
        assert_eq!(caret_line.find('^'), Some("   | ".len() + 18 + columns + 3), "{text}");
    }
}

#[test]
fn a_byte_order_mark_is_read_over_and_moves_nothing() {
    let marked_spec = format!("\u{feff}{}", small_and(""));
    assert_eq!(crate::support::sound(&marked_spec).name, "school");
    let first = error(&marked_spec.replace("version: 1", "version: 7"));
    assert_eq!((first.line, first.column), (1, 10));
    assert_eq!((marked(&first), first.excerpt.as_str()), ("7".to_owned(), "version: 7"));
}

#[test]
fn a_long_line_is_shown_around_its_place() {
    let text = small_and(&format!("hosts: [{}, 'a b', web2]\n", vec!["web1"; 500].join(", ")));
    let error = error(&text);
    assert_eq!(marked(&error), "'a b'");
    assert_eq!(error.column, 8 + 500 * 6 + 1);
    assert!(error.excerpt.chars().count() <= 120, "{}", error.excerpt);
}

#[test]
fn a_missing_key_points_to_the_map_that_lacks_it() {
    let error = error("version: 1\nname: x\nload: {users: 5}\nrequests:\n  - name: page\n");
    assert_eq!((error.line, error.column), (5, 5));
    assert_eq!(error.message, "`requests[0]` has no `cpu`");
}

#[test]
fn colour_repeats_what_the_words_say() {
    let errors = errors(&small_and("objectives: { p95: 5 }\n"));
    let (plain, colour) = (render(&errors, Paint::Plain), render(&errors, Paint::Colour));
    assert!(colour.contains("\u{1b}[1;31m"));
    let mut stripped = String::new();
    for part in colour.split('\u{1b}') {
        stripped.push_str(part.strip_prefix('[').map_or(part, |rest| rest.split_once('m').unwrap().1));
    }
    assert_eq!(stripped, plain);
}

#[test]
fn after_a_hundred_complaints_the_rest_is_counted() {
    let lines: String = (0..150).map(|index| format!("zzz{index}: 1\n")).collect();
    let errors = errors(&small_and(&lines));
    assert_eq!(errors.len(), 100);
    let last = errors.last().unwrap();
    assert!(last.help.as_deref().unwrap().ends_with("50 more complaints are not shown: mend these first"));
}
