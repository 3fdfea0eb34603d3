//! A round as Prometheus reads it: the text format, version 0.0.4.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::CheckView;
use crate::check::{Finding, Verdict};

/// A metric: its name, what it means, and its value of a finding.
type Metric = (&'static str, &'static str, fn(&Finding) -> Option<f64>);

const METRICS: [Metric; 4] = [
    (
        "loadline_check_value",
        "What was measured; missing where it could not be. Shares are 0 to 1, times seconds.",
        |it| it.value,
    ),
    ("loadline_check_limit", "The line that the value is held against.", |it| it.limit),
    ("loadline_check_ok", "1: on the right side of its line; 0: over it, or not measured.", |it| {
        Some(flag(it.verdict.is_healthy()))
    }),
    ("loadline_check_known", "1: measured; 0: could not be measured.", |it| {
        Some(flag(it.verdict != Verdict::Unknown))
    }),
];

fn flag(set: bool) -> f64 {
    f64::from(u8::from(set))
}

/// The metrics of a round, the so-manyth of its run.
pub fn check_metrics(view: CheckView<'_>, rounds: u64) -> String {
    // No two series may have the same labels: of checks with one name the worst counts.
    let mut findings: BTreeMap<(&str, &str), &Finding> = BTreeMap::new();
    for (finding, _) in view.round.findings() {
        let place = findings.entry((&finding.component, &finding.check)).or_insert(finding);
        if finding.verdict > place.verdict {
            *place = finding;
        }
    }
    let mut text = String::new();
    // Writing to a String cannot fail.
    for (name, help, of) in METRICS {
        let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge");
        for ((component, check), finding) in &findings {
            if let Some(value) = of(finding) {
                let _ = writeln!(
                    text,
                    "{name}{{component=\"{}\",check=\"{}\"}} {value}",
                    escaped(component),
                    escaped(check)
                );
            }
        }
    }
    let at_s = view.round.at.as_millisecond() as f64 / 1000.0;
    let _ = write!(
        text,
        "# HELP loadline_check_last_round_timestamp_seconds When the last round ended.\n\
         # TYPE loadline_check_last_round_timestamp_seconds gauge\n\
         loadline_check_last_round_timestamp_seconds {at_s}\n\
         # HELP loadline_check_rounds_total Rounds since the start.\n\
         # TYPE loadline_check_rounds_total counter\n\
         loadline_check_rounds_total {rounds}\n"
    );
    text
}

fn escaped(label: &str) -> String {
    label.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
