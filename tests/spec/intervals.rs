//! `{low, mid, high, confidence}`.

use loadline::spec::{Origin, Quantity, Range};

use crate::support::{FULL, complaint_about, help, marked, read_with, sound};

fn think(text: &str) -> Quantity {
    sound(read_with(FULL, &[("load.think", text)])).load.think_s
}

#[test]
fn all_four_ends_are_taken() {
    let range = Range { low: 1.0, high: 9.0, confidence: 0.8 };
    assert_eq!(
        think("{ low: 1 s, mid: 2 s, high: 9000 ms, confidence: 80 % }"),
        Quantity { mid: 2.0, range: Some(range) }
    );
}

#[test]
fn without_a_middle_it_is_the_geometric_mean_at_ninety_percent() {
    // sqrt(4 × 9) = 6.
    let range = Range { low: 4.0, high: 9.0, confidence: 0.9 };
    assert_eq!(think("{ low: 4 s, high: 9 s }"), Quantity { mid: 6.0, range: Some(range) });
    let origins = sound(read_with(FULL, &[("load.think", "{ low: 4 s, high: 9 s }")])).origins;
    for key in ["load.think.mid", "load.think.confidence"] {
        let Some(Origin::Default { value, reason, source }) = origins.get(key) else {
            panic!("{key} is not recorded as a default")
        };
        assert!(!value.is_empty() && !reason.is_empty() && !source.is_empty());
    }
    assert_eq!(origins["load.think"], Origin::Flag);
}

#[test]
fn every_workload_number_may_be_an_interval() {
    let spec = sound(read_with(FULL, &[]));
    assert!(spec.quantities().len() > 20);
    for (path, quantity) in spec.quantities() {
        let key = loadline::spec::keys::find(&path).unwrap();
        let unit = match key.kind {
            loadline::spec::keys::Kind::Quantity(dimension, ..) => {
                dimension.units().first().map_or("", |unit| unit.name)
            }
            _ => panic!("{path} is no quantity"),
        };
        let text = format!("{{ low: 1{unit}, mid: 1.5{unit}, high: 2{unit} }}");
        let read = read_with(FULL, &[(&path, &text)]);
        // The working set may not exceed the data, nor the writes the queries; both are other complaints.
        let read = match read {
            Ok(spec) => spec,
            Err(found) => {
                assert!(found.iter().all(|one| one.code == "contradiction"), "{path}: {found:?}");
                continue;
            }
        };
        let (_, found) = read.quantities().into_iter().find(|(known, _)| *known == path).unwrap();
        let range = found.range.unwrap_or_else(|| panic!("{path}: {quantity:?} took no interval"));
        assert!(range.low < found.mid && found.mid < range.high, "{path}: {found:?}");
    }
}

#[test]
fn the_ends_must_be_in_order() {
    for (text, place) in [
        ("{ low: 3 s, high: 2 s }", "2 s"),
        ("{ low: 2 s, mid: 1 s, high: 3 s }", "1 s"),
        ("{ low: 2 s, mid: 4 s, high: 3 s }", "4 s"),
    ] {
        let found = complaint_about("load.think", text);
        assert_eq!((found.code, marked(&found).as_str()), ("interval-order", place), "{text}");
    }
    assert_eq!(think("{ low: 2 s, high: 2 s }").mid, 2.0, "a point is an interval");
}

#[test]
fn both_ends_are_required() {
    assert!(complaint_about("load.think", "{ low: 3 s }").message.contains("no `high`"));
    assert!(complaint_about("load.think", "{ mid: 3 s, high: 4 s }").message.contains("no `low`"));
    let found = complaint_about("load.think", "{ low: 0 s, high: 4 s }");
    assert!(help(&found).contains("`mid`"), "0 has no geometric mean: {found:?}");
}

#[test]
fn the_confidence_is_a_share_between_its_bounds() {
    for (text, code) in [
        ("90", "missing-unit"),
        ("0.9", "missing-unit"),
        ("0 %", "out-of-range"),
        ("100 %", "out-of-range"),
        ("90 ms", "unknown-unit"),
    ] {
        let interval = format!("{{ low: 1 s, high: 2 s, confidence: {text} }}");
        assert_eq!(complaint_about("load.think", &interval).code, code, "{text}");
    }
}

#[test]
fn the_ends_have_the_units_and_bounds_of_their_key() {
    assert_eq!(complaint_about("load.think", "{ low: 1, high: 2 s }").code, "missing-unit");
    assert_eq!(complaint_about("load.think", "{ low: 1 s, high: 2 d }").code, "out-of-range");
    assert_eq!(complaint_about("load.think", "{ low: -1 s, mid: 1 s, high: 2 s }").code, "out-of-range");
    assert_eq!(complaint_about("load.think", "{ low: [1 s], high: 2 s }").code, "wrong-type");
}

#[test]
fn an_unknown_end_is_answered_with_the_nearest() {
    let found = complaint_about("load.think", "{ low: 1 s, hihg: 2 s, high: 2 s }");
    assert_eq!((found.code, marked(&found).as_str()), ("unknown-key", "hihg"));
    assert!(help(&found).contains("`high`"));
}

#[test]
fn a_key_that_takes_one_value_says_so() {
    let found = complaint_about("objectives.p95", "{ low: 1 s, high: 2 s }");
    assert_eq!(found.code, "wrong-type");
    assert!(help(&found).contains("no interval"), "{:?}", found.help);
}

#[test]
fn an_interval_keeps_its_shape_where_a_default_follows_from_it() {
    let text =
        crate::support::SMALL.to_owned() + "database: { data: { low: 10 GiB, mid: 20 GiB, high: 50 GiB } }\n";
    let working = sound(crate::support::read(text)).database.unwrap().working_set_gib;
    let range = working.range.unwrap();
    // A fifth of the data.
    crate::support::close(working.mid, 4.0);
    crate::support::close(range.low, 2.0);
    crate::support::close(range.high, 10.0);
}
