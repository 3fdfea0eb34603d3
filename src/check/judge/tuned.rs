//! Whether a host still has what tuning gave it.

use super::super::{Finding, Unit, Verdict};
use crate::tune::run::{HostReport, State};

/// The finding about one host.
pub fn tuned(component: &str, report: &HostReport) -> Finding {
    const CHECK: &str = "tune_drift";
    if matches!(report.state, State::Failed | State::PartWay | State::NotBegun | State::Held) {
        let why = report.problems.first().cloned().unwrap_or_else(|| "it was not looked at".to_owned());
        return Finding::unknown(
            component,
            CHECK,
            Unit::Count,
            format!("Its settings could not be looked at: {}.", why.trim_end_matches('.')),
        );
    }
    let wrong: Vec<&str> =
        report.settings.iter().filter(|it| !it.verdict.holds()).map(|it| it.setting.as_str()).collect();
    let (verdict, sentence) = match wrong.as_slice() {
        [] => (Verdict::Ok, "Every setting is as the profile wants it, now and after a boot.".to_owned()),
        [one] => (Verdict::Warn, format!("{one} is not as the profile wants it.")),
        [first, rest @ ..] => (
            Verdict::Warn,
            format!("{first} and {} more settings are not as the profile wants them.", rest.len()),
        ),
    };
    Finding::measured(component, CHECK, wrong.len() as f64, Unit::Count, sentence)
        .against(0.0, verdict)
        .hint("loadline tune verify shows each, loadline tune apply brings them back")
}
