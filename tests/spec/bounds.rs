//! Every bound and every word of the key table is enforced.

use loadline::spec::keys::{self, Key, Kind, Low};

use crate::support::{FULL, read_with};

/// Where the key stands in the full example.
fn path(key: &Key) -> String {
    key.path.replace("[]", "[0]").replace('*', "aws")
}

/// The codes that a value at this key brings.
fn codes(key: &Key, value: &str) -> Vec<&'static str> {
    match read_with(FULL, &[(&path(key), value)]) {
        Ok(_) => Vec::new(),
        Err(found) => found.iter().map(|one| one.code).collect(),
    }
}

/// The same text with another number.
fn scaled(text: &str, factor: f64) -> String {
    let end = text.find(|one: char| !(one.is_ascii_digit() || ".e".contains(one))).unwrap_or(text.len());
    let number: f64 = text[..end].parse().unwrap();
    format!("{}{}", number * factor, &text[end..])
}

#[test]
fn every_quantity_keeps_to_its_bounds() {
    let mut seen = 0;
    for key in keys::all() {
        let Kind::Quantity(_, range, _) = key.kind else { continue };
        let out = |value: &str| codes(key, value).contains(&"out-of-range");
        let (low, low_is_in) = match range.low {
            Low::From(low) => (low, true),
            Low::Above(low) => (low, false),
        };
        assert_eq!(out(low), !low_is_in, "{}: {low}", key.path);
        assert!(!out(range.high), "{}: {}", key.path, range.high);
        assert!(out(&scaled(range.high, 1.01)), "{}: more than {}", key.path, range.high);
        assert!(out(&format!("-{}", range.high)), "{}: negative", key.path);
        seen += 1;
    }
    assert!(seen > 40, "only {seen} quantities");
}

#[test]
fn every_count_is_whole_and_keeps_to_its_bounds() {
    let mut seen = 0;
    for key in keys::all() {
        let Kind::Count(low, high) = key.kind else { continue };
        for (value, code) in [
            (f64::from(low) - 1.0, Some("out-of-range")),
            (f64::from(low), None),
            (f64::from(low) + 0.5, Some("not-a-number")),
            (f64::from(high), None),
            (f64::from(high) + 1.0, Some("out-of-range")),
        ] {
            let found = codes(key, &value.to_string());
            let found = found.iter().find(|code| ["out-of-range", "not-a-number"].contains(code)).copied();
            assert_eq!(found, code, "{}: {value}", key.path);
        }
        assert!(codes(key, "8 pieces").contains(&"unknown-unit"), "{}", key.path);
        seen += 1;
    }
    assert!(seen > 10, "only {seen} counts");
}

#[test]
fn every_choice_takes_its_words_and_no_other() {
    let mut seen = 0;
    for key in keys::all() {
        let (Kind::Choice(words) | Kind::ChoiceOrMap(words)) = key.kind else { continue };
        for word in words {
            assert!(!codes(key, word).contains(&"unknown-word"), "{}: {word}", key.path);
            let upper = word.to_uppercase();
            assert_eq!(codes(key, &upper).contains(&"unknown-word"), upper != *word, "{}: {upper}", key.path);
        }
        assert_eq!(codes(key, "nonsense"), ["unknown-word"], "{}", key.path);
        seen += 1;
    }
    assert!(seen > 10, "only {seen} choices");
}

#[test]
fn every_flag_is_true_or_false_and_nothing_like_it() {
    let mut seen = 0;
    for key in keys::all().filter(|key| matches!(key.kind, Kind::Flag)) {
        assert!(!codes(key, "true").contains(&"wrong-type"), "{}", key.path);
        assert!(!codes(key, "false").contains(&"wrong-type"), "{}", key.path);
        for value in ["yes", "no", "on", "1", "True", "TRUE", "maybe"] {
            assert_eq!(codes(key, value), ["wrong-type"], "{}: {value}", key.path);
        }
        seen += 1;
    }
    assert!(seen >= 5, "only {seen} flags");
}

#[test]
fn every_key_refuses_what_has_the_wrong_shape() {
    for key in keys::all() {
        let wrong = match key.kind {
            Kind::List(_) | Kind::Texts(_) => "{ a: b }",
            _ => "[a, b]",
        };
        let found = codes(key, wrong);
        assert!(found.contains(&"wrong-type"), "{}: {wrong}: {found:?}", key.path);
    }
}

#[test]
fn every_key_but_a_map_refuses_to_be_empty() {
    for key in keys::all().filter(|key| !matches!(key.kind, Kind::Map | Kind::ChoiceOrMap(_))) {
        let found = codes(key, "");
        assert!(found.contains(&"missing-value"), "{}: {found:?}", key.path);
    }
}

#[test]
fn a_word_in_place_of_a_map_is_refused() {
    for key in keys::all().filter(|key| matches!(key.kind, Kind::Map | Kind::ByCloud(_) | Kind::List(_))) {
        let found = codes(key, "word");
        assert!(found.contains(&"wrong-type"), "{}: {found:?}", key.path);
    }
}
