//! `{low, mid, high, confidence}`.

use loadline::spec::keys::{self, Kind, Spread};
use loadline::spec::{Origin, Range};

use crate::support::{help, read_with, refused, set, shown, teachers};

#[test]
fn an_interval_is_read_in_base_units() {
    let spec = set("requests[0].cpu", "{low: 1.5 ms, mid: 2 ms, high: 4 ms, confidence: 80 %}").unwrap();
    let cpu = spec.requests[0].cpu_s;
    assert_eq!(cpu.mid, 0.002);
    assert_eq!(cpu.range, Some(Range { low: 0.0015, high: 0.004, confidence: 0.8 }));
    assert!(!spec.origins.contains_key("requests[0].cpu.mid"));
    assert!(!spec.origins.contains_key("requests[0].cpu.confidence"));
}

#[test]
fn without_mid_and_confidence_the_geometric_mean_and_90_percent_hold_and_are_recorded() {
    let spec = set("load.users", "{low: 100, high: 400}").unwrap();
    assert_eq!(spec.load.users.mid, 200.0, "the square root of 100 times 400");
    assert_eq!(spec.load.users.range, Some(Range { low: 100.0, high: 400.0, confidence: 0.9 }));
    let default = |path: &str| match &spec.origins[path] {
        Origin::Default { value, reason, source } => {
            assert!(!reason.is_empty() && !source.is_empty());
            value.clone()
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(default("load.users.mid"), "200");
    assert_eq!(default("load.users.confidence"), "90 %");
}

#[test]
fn an_interval_in_gib_keeps_its_ends() {
    let spec = set("app.worker_memory", "{low: 256 MiB, high: 1 GiB}").unwrap();
    assert_eq!(spec.app.worker_memory_gib.mid, 0.5);
    assert_eq!(spec.app.worker_memory_gib.range.map(|range| (range.low, range.high)), Some((0.25, 1.0)));
}

#[test]
fn an_interval_of_one_point_is_allowed() {
    assert_eq!(set("load.users", "{low: 5, mid: 5, high: 5}").unwrap().load.users.mid, 5.0);
}

#[test]
fn an_interval_is_in_order() {
    for (text, message) in [
        ("{low: 300, high: 200}", "the interval of `users` has a `high` below its `low`"),
        ("{low: 300, mid: 250, high: 400}", "the interval of `users` has a `mid` below its `low`"),
        ("{low: 300, mid: 500, high: 400}", "the interval of `users` has a `mid` above its `high`"),
    ] {
        let error = refused("load.users", text);
        assert_eq!((error.code, error.message.as_str()), ("interval-order", message));
    }
}

#[test]
fn an_interval_from_zero_needs_its_mid() {
    assert_eq!(refused("requests[0].wait", "{low: 0 ms, high: 9 ms}").code, "missing-key");
    assert_eq!(
        set("requests[0].wait", "{low: 0 ms, mid: 3 ms, high: 9 ms}").unwrap().requests[0].wait_s.mid,
        0.003
    );
}

#[test]
fn every_fault_of_an_interval_is_found_at_once() {
    let text = "version: 1
name: school
load:
  users: { lo: 100, high: 4 s, confidence: 100 % }
requests:
  - { name: page, cpu: { low: 0 ms, mid: [1], high: 5 } }
";
    let found: Vec<(usize, usize, &str)> =
        crate::support::errors(text).iter().map(|error| (error.line, error.column, error.code)).collect();
    assert_eq!(
        found,
        [
            (4, 3, "missing-key"),
            (4, 12, "unknown-key"),
            (4, 27, "unknown-unit"),
            (4, 44, "out-of-range"),
            (6, 31, "out-of-range"),
            (6, 42, "wrong-type"),
            (6, 53, "missing-unit"),
        ]
    );
    let lo = &crate::support::errors(text)[1];
    assert!(help(lo).starts_with("did you mean `low`?"), "{}", help(lo));
}

#[test]
fn intervals_are_for_workload_numbers_and_for_no_others() {
    for key in keys::all() {
        let Kind::Quantity(dimension, range, spread) = key.kind else { continue };
        let path = key.path.replace("[]", "[0]");
        // The upper bound is allowed everywhere, so it is an interval of one point.
        let text = format!("{{low: {0}, mid: {0}, high: {0}}}", range.high);
        let outcome = read_with(&teachers(), &[(&path, &text)]);
        let refused = outcome.err().unwrap_or_default();
        let is_interval = !refused.iter().any(|error| error.code == "wrong-type");
        assert_eq!(is_interval, spread == Spread::Interval, "{path} ({dimension:?}): {}", shown(&refused));
    }
}
