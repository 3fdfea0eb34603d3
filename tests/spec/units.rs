//! Units, and what is said about a number without one or with a wrong one.

use crate::support::{FULL, close, complaint_about, help, read_with, sound};

/// The value of a workload number in the unit of its field.
fn value(path: &str, text: &str) -> f64 {
    let spec = sound(read_with(FULL, &[(path, text)]));
    let found = spec.quantities().into_iter().find(|(known, _)| known == path);
    found.unwrap_or_else(|| panic!("{path} is no quantity")).1.mid
}

#[test]
fn every_unit_of_time_is_seconds_in_the_end() {
    for (text, seconds) in [
        ("5 us", 5e-6),
        ("5 µs", 5e-6),
        ("5 ms", 0.005),
        ("5ms", 0.005),
        ("5 s", 5.0),
        ("5 min", 300.0),
        ("5 h", 18_000.0),
        ("5 d", 432_000.0),
        ("1 day", 86_400.0),
        ("5 days", 432_000.0),
        ("1.5e1 s", 15.0),
        ("0.5 s", 0.5),
    ] {
        assert_eq!(value("tasks[0].keep_result", text), seconds, "{text}");
    }
}

#[test]
fn every_unit_of_size_is_bytes_in_the_end() {
    for (text, bytes) in [
        ("7 B", 7.0),
        ("7 kB", 7e3),
        ("7 MB", 7e6),
        ("7 GB", 7e9),
        ("7 KiB", 7168.0),
        ("7 MiB", 7_340_032.0),
        ("7 GiB", 7_516_192_768.0),
    ] {
        assert_eq!(value("requests[0].download", text), bytes, "{text}");
    }
    // 10^12 / 2^30 = 931.3225746154785 GiB.
    close(value("database.data", "1 TB"), 931.322_574_615_478_5);
    assert_eq!(value("database.data", "2 TiB"), 2048.0);
}

#[test]
fn rates_shares_and_growth_have_their_units() {
    for (text, per_second) in [("6/s", 6.0), ("6 /s", 6.0), ("6/min", 0.1), ("36/h", 0.01), ("864/d", 0.01)] {
        close(value("tasks[0].rate", text), per_second);
    }
    assert_eq!(value("load.duty", "25%"), 0.25);
    assert_eq!(value("load.growth", "3 %/month"), 0.03);
}

#[test]
fn months_days_and_factors_have_their_units() {
    let spec = |path: &str, text: &str| sound(read_with(FULL, &[(path, text)]));
    for (text, months) in [("1 month", 1.0), ("18 months", 18.0), ("1 year", 12.0), ("2 years", 24.0)] {
        assert_eq!(spec("load.horizon", text).load.horizon_months, months, "{text}");
    }
    for (text, days) in [("1 day", 1), ("3 d", 3), ("1 week", 7), ("2 weeks", 14), ("35 days", 35)] {
        assert_eq!(spec("resilience.backups.keep", text).resilience.backup_days, days, "{text}");
    }
    assert_eq!(spec("resilience.autoscale.max", "1.5x").resilience.autoscale_max, Some(1.5));
}

#[test]
fn a_number_without_its_unit_is_shown_with_one() {
    for (path, text, written) in [
        ("load.think", "160", "`think: 160 ms`"),
        ("requests[0].download", "8", "`download: 8 MiB`"),
        ("tasks[0].rate", "4.8", "`rate: 4.8/s`"),
        ("objectives.cpu", "85", "`cpu: 85 %`"),
        ("load.growth", "3", "`growth: 3 %/month`"),
        ("load.horizon", "12", "`horizon: 12 months`"),
        ("resilience.backups.keep", "7", "`keep: 7 days`"),
        ("resilience.autoscale.max", "2", "`max: 2x`"),
    ] {
        let found = complaint_about(path, text);
        assert_eq!(found.code, "missing-unit", "{path}");
        assert!(help(&found).contains(written), "{path}: {:?}", found.help);
    }
}

#[test]
fn a_share_below_one_without_its_unit_was_meant_as_a_share() {
    // 0.7 was meant as 70 %, not as 0.7 %.
    assert!(help(&complaint_about("objectives.cpu", "0.7")).contains("`cpu: 70 %`"));
    assert!(help(&complaint_about("load.duty", "0.125")).contains("`duty: 12.5 %`"));
}

#[test]
fn a_wrong_unit_is_answered_with_the_right_one() {
    for (path, text, meant) in [
        ("load.think", "5 sec", "`s`"),
        ("load.think", "5 m", "`min` or `ms`"),
        ("requests[0].download", "5 KB", "`kB` (1000 bytes) or `KiB`"),
        ("requests[0].download", "5 Gib", "`GiB`"),
        ("load.growth", "5 %/mont", "`%/month`"),
    ] {
        let found = complaint_about(path, text);
        assert_eq!(found.code, "unknown-unit", "{text}");
        assert!(help(&found).contains(meant), "{text}: {:?}", found.help);
    }
    assert_eq!(complaint_about("load.think", "5 GiB").code, "unknown-unit", "a size is no time");
}

#[test]
fn a_plain_number_takes_no_unit() {
    let found = complaint_about("load.users", "2000 people");
    assert_eq!(found.code, "unknown-unit");
    assert!(help(&found).contains("`users: 2000`"), "{:?}", found.help);
}

#[test]
fn thousands_written_short_are_written_out_in_the_answer() {
    assert!(help(&complaint_about("load.users", "2k")).contains("`users: 2000`"));
    assert!(help(&complaint_about("cache.entries", "1.5 M")).contains("`entries: 1500000`"));
}

#[test]
fn separators_are_refused_and_a_decimal_comma_is_not_dropped() {
    for (text, meant) in [
        ("1_000", "`users: 1000`"),
        ("1,000", "`users: 1000`"),
        ("1,234,567", "`users: 1234567`"),
        ("2,5", "`users: 2.5`"),
        ("1000,25", "`users: 1000.25`"),
    ] {
        let found = complaint_about("load.users", text);
        assert_eq!(found.code, "number", "{text}");
        assert!(help(&found).contains(meant), "{text}: {:?}", found.help);
    }
    let found = complaint_about("load.think", "2,5 s");
    assert!(help(&found).contains("`think: 2.5 s`"), "2.5 s must not become 25 s: {:?}", found.help);
}

#[test]
fn what_is_no_number_is_said_to_be_none() {
    for text in ["NaN", ".nan", ".inf", "-.inf", "inf", "many", "0x10", "0o17", "--5", "1e", "''", "1.2.3"] {
        let found = complaint_about("load.users", text);
        assert!(["not-a-number", "unknown-unit"].contains(&found.code), "{text}: {found:?}");
        assert!(found.message.contains("users"), "{text}: {}", found.message);
    }
}

#[test]
fn a_number_with_a_leading_zero_is_decimal() {
    assert_eq!(value("load.users", "0200"), 200.0);
    assert_eq!(value("load.users", "08"), 8.0);
}

#[test]
fn numbers_beyond_every_bound_are_out_of_range() {
    for text in ["1e308", "1e400", "-1", "-1e308", "0", "-0", "99999999999999999999999999999999"] {
        assert_eq!(complaint_about("load.users", text).code, "out-of-range", "{text}");
    }
    assert_eq!(complaint_about("requests[0].cpu", "1e-400 ms").code, "out-of-range", "that is zero");
}

#[test]
fn minus_zero_is_zero() {
    assert!(value("requests[0].wait", "-0 ms").is_sign_positive());
}
