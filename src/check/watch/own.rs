//! Alerts on what `loadline check --listen` serves: each finding has its line and its verdict there already.

use super::{Alarm, Urgency};

/// The alerts.
pub(super) fn alarms() -> Vec<Alarm> {
    vec![
        Alarm {
            name: "LoadlineComponentFails",
            expression: "loadline_check_ok == 0 and on (component, check, instance, job) loadline_check_known == 1".into(),
            lasting: "2m",
            urgency: Urgency::Critical,
            summary: "{{ $labels.component }}: {{ $labels.check }} is over its line",
            description: "loadline check found {{ $labels.check }} of {{ $labels.component }} over the line of the spec.".into(),
        },
        Alarm {
            name: "LoadlineComponentUnseen",
            expression: "loadline_check_known == 0".into(),
            lasting: "10m",
            urgency: Urgency::Warning,
            summary: "{{ $labels.component }}: {{ $labels.check }} cannot be measured",
            description: "loadline check could not measure {{ $labels.check }} of {{ $labels.component }}.".into(),
        },
        Alarm {
            name: "LoadlineCheckStopped",
            expression: "time() - loadline_check_last_round_timestamp_seconds > 300 or absent(loadline_check_last_round_timestamp_seconds)".into(),
            lasting: "1m",
            urgency: Urgency::Warning,
            summary: "loadline check does not look any more",
            description: "No round of loadline check --continuous ended within five minutes.".into(),
        },
    ]
}
