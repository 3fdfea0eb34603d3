//! Units, bounds and the ways in which people write numbers.

use loadline::spec::keys::{self, Kind, Low};
use loadline::spec::{Dimension, Spec};

use crate::support::{help, read_with, refused, set, sound_with, teachers};

type Place = (&'static str, fn(&Spec) -> f64);

const TIME: Place = ("load.think", |spec| spec.load.think_s.mid);
const SIZE: Place = ("requests[0].download", |spec| spec.requests[0].download_bytes.mid);
const RATE: Place = ("tasks[0].rate", |spec| spec.tasks[0].rate_per_s.mid);
const SHARE: Place = ("load.duty", |spec| spec.load.duty.mid);
const GROWTH: Place = ("load.growth", |spec| spec.load.growth_per_month.mid);
const FACTOR: Place = ("resilience.autoscale.max", |spec| spec.resilience.autoscale_max.unwrap());
const MONTHS: Place = ("load.horizon", |spec| spec.load.horizon_months);
const DAYS: Place = ("resilience.backups.keep", |spec| f64::from(spec.resilience.backup_days));
const NUMBER: Place = ("load.users", |spec| spec.load.users.mid);

#[test]
fn every_unit_is_read_into_base_units() {
    let cases: &[(Place, &str, f64)] = &[
        (TIME, "250 us", 0.00025),
        (TIME, "250 µs", 0.00025),
        (TIME, "2.24 ms", 0.00224),
        (TIME, "7 s", 7.0),
        (TIME, "2 min", 120.0),
        (TIME, "1.5 h", 5400.0),
        (TIME, "1 d", 86_400.0),
        (TIME, "1 day", 86_400.0),
        (TIME, "0.5 days", 43_200.0),
        (SIZE, "512 B", 512.0),
        (SIZE, "3 kB", 3000.0),
        (SIZE, "3 MB", 3_000_000.0),
        (SIZE, "2 GB", 2_000_000_000.0),
        (SIZE, "0.001 TB", 1_000_000_000.0),
        (SIZE, "3 KiB", 3072.0),
        (SIZE, "3 MiB", 3_145_728.0),
        (SIZE, "2 GiB", 2_147_483_648.0),
        (SIZE, "0.001953125 TiB", 2_147_483_648.0),
        (RATE, "4.8/s", 4.8),
        (RATE, "90/min", 1.5),
        (RATE, "7200/h", 2.0),
        (RATE, "43200/d", 0.5),
        (SHARE, "25 %", 0.25),
        (GROWTH, "3 %/month", 0.03),
        (FACTOR, "2.5x", 2.5),
        (MONTHS, "18 months", 18.0),
        (MONTHS, "1 month", 1.0),
        (MONTHS, "1.5 years", 18.0),
        (MONTHS, "1 year", 12.0),
        (DAYS, "7 days", 7.0),
        (DAYS, "1 day", 1.0),
        (DAYS, "14 d", 14.0),
        (DAYS, "2 weeks", 14.0),
        (DAYS, "1 week", 7.0),
        (NUMBER, "2000", 2000.0),
    ];
    for ((path, get), text, wanted) in cases {
        let spec = sound_with(&teachers(), &[(path, text)]);
        assert_eq!(get(&spec), *wanted, "{path}: {text}");
    }
    for (dimension, place) in [
        (Dimension::Time, TIME),
        (Dimension::Size, SIZE),
        (Dimension::Rate, RATE),
        (Dimension::Share, SHARE),
        (Dimension::Growth, GROWTH),
        (Dimension::Factor, FACTOR),
        (Dimension::Months, MONTHS),
        (Dimension::Days, DAYS),
    ] {
        for unit in dimension.units() {
            let tried = |(path, text): (&str, &str)| path == place.0 && text.ends_with(unit.name);
            assert!(
                cases.iter().any(|((path, _), text, _)| tried((path, text))),
                "the unit `{}` of {} has no case above",
                unit.name,
                dimension.title()
            );
        }
    }
}

#[test]
fn spaces_between_number_and_unit_do_not_matter() {
    for text in ["231ms", "231 ms", "231   ms", "2.31e2 ms", "231.0 ms", "+231 ms", "'231 ms'"] {
        assert_eq!(set("load.think", text).unwrap().load.think_s.mid, 0.231, "{text}");
    }
    assert_eq!(set("load.growth", "3 % / month").unwrap().load.growth_per_month.mid, 0.03);
}

#[test]
fn a_number_without_its_unit_is_an_error_that_shows_how_to_write_it() {
    for (path, text, help_wanted) in [
        ("load.think", "160", "write `think: 160 ms`; units: us, ms, s, min, h, d, day, days, µs"),
        ("load.duty", "0.7", "write `duty: 70 %`"),
        ("load.duty", "25", "write `duty: 25 %`"),
        ("load.growth", "3", "write `growth: 3 %/month`"),
        ("load.horizon", "12", "write `horizon: 12 months`"),
        ("requests[0].download", "8", "write `download: 8 MiB`"),
        ("resilience.autoscale.max", "2", "write `max: 2x`"),
        ("resilience.backups.keep", "7", "write `keep: 7 days`"),
    ] {
        let error = refused(path, text);
        assert_eq!(error.code, "missing-unit", "{path}");
        assert!(help(&error).starts_with(help_wanted), "{path}: {}", help(&error));
    }
}

#[test]
fn a_wrong_unit_names_the_one_that_was_probably_meant() {
    for (path, text, meant) in [
        ("load.think", "5 sec", "did you mean `s`?"),
        ("load.think", "5 m", "did you mean `min` or `ms`?"),
        ("load.think", "5 MS", "did you mean `ms`?"),
        ("load.think", "5 \u{3bc}s", "did you mean `us`?"),
        ("requests[0].download", "5 kb", "did you mean `kB` (1000 bytes) or `KiB`?"),
        ("requests[0].download", "5 gib", "did you mean `GiB`?"),
        ("load.horizon", "5 mnths", "did you mean `months`?"),
        ("load.growth", "3 %", "did you mean `%/month`?"),
        ("load.duty", "25 parsecs", "valid units of a share: %"),
    ] {
        let error = refused(path, text);
        assert_eq!(error.code, "unknown-unit", "{path}: {text}");
        assert!(help(&error).starts_with(meant), "{path}: {text}: {}", help(&error));
    }
}

#[test]
fn a_suggestion_is_never_another_number_than_the_one_meant() {
    for (path, text, wanted) in [
        ("load.users", "1_000", "write `users: 1000`"),
        ("load.users", "1,000", "write `users: 1000`"),
        ("load.users", "1 000", "write `users: 1000`"),
        ("load.users", "1'000", "write `users: 1000`"),
        ("load.users", "1,000,000", "write `users: 1000000`"),
        ("load.think", "1,5 s", "write a decimal point: `think: 1.5 s`"),
        ("load.think", "1_500 ms", "write `think: 1500 ms`"),
        ("load.users", "2k", "write the number out, for example 2000"),
        ("load.users", "0x10", "write its decimal digits, for example `users: 16`"),
        ("load.users", "0o17", "write its decimal digits, for example `users: 16`"),
        ("load.users", "0b101", "write its decimal digits, for example `users: 16`"),
        ("load.users", "200 people", "write `users: 200`"),
    ] {
        assert_eq!(help(&refused(path, text)), wanted, "{text}");
    }
    assert_eq!(
        help(&refused("load.users", &format!("{}_000", "1".repeat(400)))),
        "write the digits without separators"
    );
    assert_eq!(help(&refused("load.users", &format!("{} kg", "1".repeat(200)))), "write `users: 5`");
}

#[test]
fn what_is_no_number_is_an_error() {
    for text in [
        "NaN", ".nan", ".inf", "-.inf", "Infinity", "many", "'-'", "1.2.3", "--5", "5.5.5", "''", "e5", ".",
        "½",
    ] {
        assert_eq!(refused("load.users", text).code, "not-a-number", "{text}");
    }
    for text in ["1e309", "-1e309"] {
        assert_eq!(refused("load.users", text).code, "out-of-range", "{text}");
    }
    for text in ["1e308", "-1", "0", "-0", "1e-400"] {
        assert_eq!(refused("load.users", text).code, "out-of-range", "{text}");
    }
    assert_eq!(refused("requests[0].download", "1e308 GiB").code, "out-of-range");
    assert_eq!(refused("requests[0].cpu", "0 ms").code, "out-of-range");
    assert_eq!(refused("requests[0].cpu", "-2 ms").code, "out-of-range");
}

#[test]
fn leading_zeros_are_decimal_as_in_yaml_1_2() {
    assert_eq!(set("load.users", "08").unwrap().load.users.mid, 8.0);
    assert_eq!(set("load.users", "010").unwrap().load.users.mid, 10.0);
    assert_eq!(set("load.users", "2e3").unwrap().load.users.mid, 2000.0);
}

#[test]
fn a_count_is_a_whole_number() {
    assert_eq!(set("app.workers", "2").unwrap().app.workers, Some(2));
    assert_eq!(set("app.workers", "2.0").unwrap().app.workers, Some(2));
    let error = refused("app.workers", "2.5");
    assert_eq!((error.code, help(&error)), ("not-a-number", "write `workers: 3`"));
    assert_eq!(help(&refused("app.port", "65536")), "it must be a whole number from 1 to 65535");
    assert_eq!(refused("app.workers", "2 processes").code, "unknown-unit");
}

/// The path of a key in the spec of the teachers.
fn concrete(path: &str) -> String {
    path.replace("[]", "[0]").replace('*', "aws")
}

/// Whether the value is refused because of its bounds; complaints of rules do not count.
fn out_of_range(path: &str, value: &str) -> bool {
    match read_with(&teachers(), &[(&concrete(path), value)]) {
        Ok(_) => false,
        Err(errors) => {
            let syntax = |code| matches!(code, "out-of-range" | "contradiction" | "shares" | "missing-tier");
            assert!(errors.iter().all(|error| syntax(error.code)), "{path}={value}: {errors:?}");
            errors.iter().any(|error| error.code == "out-of-range")
        }
    }
}

/// The bound with another number before the same unit.
fn with_number(bound: &str, change: fn(f64) -> f64) -> String {
    let end = bound.find(|one: char| !one.is_ascii_digit() && !".e".contains(one)).unwrap_or(bound.len());
    let number: f64 = bound[..end].parse().unwrap();
    format!("{}{}", change(number), &bound[end..])
}

#[test]
fn every_quantity_keeps_its_bounds() {
    let mut checked = 0;
    for key in keys::all() {
        let Kind::Quantity(_, range, _) = key.kind else { continue };
        checked += 1;
        assert!(!out_of_range(key.path, range.high), "{} at its upper bound", key.path);
        let above = with_number(range.high, |number| number * 1.01);
        assert!(out_of_range(key.path, &above), "{}: {above} is above its upper bound", key.path);
        let (low, allowed) = match range.low {
            Low::From(low) => (low, true),
            Low::Above(low) => (low, false),
        };
        assert_eq!(out_of_range(key.path, low), !allowed, "{} at its lower bound", key.path);
        let below = with_number(low, |number| number - 0.001);
        assert!(out_of_range(key.path, &below), "{}: {below} is below its lower bound", key.path);
        let inside = with_number(low, |number| number + 0.001);
        assert!(!out_of_range(key.path, &inside), "{}: {inside} is above its lower bound", key.path);
    }
    assert!(checked > 40, "only {checked} keys");
}

#[test]
fn every_count_keeps_its_bounds() {
    let mut checked = 0;
    for key in keys::all() {
        let Kind::Count(low, high) = key.kind else { continue };
        checked += 1;
        for (value, refused) in [
            (i64::from(low) - 1, true),
            (i64::from(low), false),
            (i64::from(high), false),
            (i64::from(high) + 1, true),
            (5_000_000_000, true),
        ] {
            assert_eq!(out_of_range(key.path, &value.to_string()), refused, "{}: {value}", key.path);
        }
    }
    assert!(checked >= 10, "only {checked} keys");
}

#[test]
fn minus_zero_is_zero() {
    let wait = set("requests[0].wait", "-0 ms").unwrap().requests[0].wait_s.mid;
    assert!(wait == 0.0 && wait.is_sign_positive(), "{wait}");
}
