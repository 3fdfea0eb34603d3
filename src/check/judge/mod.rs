//! Samples to findings: one file for each kind of component. Pure: what was seen, what was seen before, and the lines come in.

mod cache;
mod certificate;
mod database;
mod host;
mod queue;
mod tuned;
mod web;

pub use cache::{CacheSample, cache, cache_down, info};
pub use certificate::{Certificate, certificate};
pub use database::{DatabaseSample, Replication, database, database_down};
pub use host::{host, host_down};
pub use queue::{Oldest, QueueSample, oldest_of, queue, queue_down};
pub use tuned::tuned;
pub use web::{Answer, web};

/// How much a counter grew each second; a counter that is smaller than before began anew at zero. `None`: there was no look
/// before, or no time between.
pub(super) fn per_second(before: Option<f64>, now: f64, elapsed_s: f64) -> Option<f64> {
    let before = before?;
    let grown = if now < before { now } else { now - before };
    (elapsed_s > 0.0).then(|| grown / elapsed_s)
}

/// `73 %`, `7.3 %`, `0.2 %`.
pub(super) fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent >= 10.0 || percent == 0.0 { format!("{percent:.0} %") } else { format!("{percent:.1} %") }
}

/// `35 ms`, `1.2 s`, `5 min`.
pub(super) fn seconds(seconds: f64) -> String {
    match seconds {
        below if below < 1.0 => format!("{:.0} ms", below * 1000.0),
        below if below < 120.0 => format!("{below:.1} s").replace(".0 s", " s"),
        below if below < 7200.0 => format!("{:.0} min", below / 60.0),
        longer => format!("{:.0} h", longer / 3600.0),
    }
}

/// `1.5 GiB`, `300 MiB`, `4 KiB`.
pub(super) fn bytes(bytes: f64) -> String {
    const UNITS: [(f64, &str); 3] = [(1_073_741_824.0, "GiB"), (1_048_576.0, "MiB"), (1024.0, "KiB")];
    let (each, unit) = UNITS.into_iter().find(|(each, _)| bytes >= *each).unwrap_or((1.0, "bytes"));
    let number = bytes / each;
    if number >= 10.0 || number.fract() == 0.0 {
        format!("{number:.0} {unit}")
    } else {
        format!("{number:.1} {unit}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_needs_two_looks_and_a_counter_that_began_anew_is_no_negative_rate() {
        assert_eq!(per_second(None, 5.0, 1.0), None);
        assert_eq!(per_second(Some(5.0), 5.0, 0.0), None);
        assert_eq!(per_second(Some(5.0), 9.0, 2.0), Some(2.0));
        assert_eq!(per_second(Some(500.0), 4.0, 2.0), Some(2.0));
    }

    #[test]
    fn amounts_read_as_a_person_says_them() {
        assert_eq!(
            (percent(0.734), percent(0.0731), percent(0.0)),
            ("73 %".into(), "7.3 %".into(), "0 %".into())
        );
        assert_eq!(
            (seconds(0.035), seconds(12.0), seconds(600.0)),
            ("35 ms".into(), "12 s".into(), "10 min".into())
        );
        assert_eq!((bytes(1.5 * 1_073_741_824.0), bytes(512.0)), ("1.5 GiB".into(), "512 bytes".into()));
    }
}
