//! Alert rules for Prometheus, as `promtool check rules` takes them.

use std::fmt::Write as _;

use serde_json::Value;

use super::{Alarm, Watched, exporters, own};

/// The rules of a deployment, YAML.
pub fn rules(of: Watched<'_>) -> String {
    let mut text = format!(
        "# Made by `loadline deploy render` from the objectives of {}: change the spec, not this file.\ngroups:\n",
        of.name
    );
    group(&mut text, &format!("{}-loadline", of.name), of, &own::alarms());
    group(&mut text, &format!("{}-exporters", of.name), of, &exporters::alarms(of));
    text
}

fn group(text: &mut String, name: &str, of: Watched<'_>, alarms: &[Alarm]) {
    // Writing to a String cannot fail.
    let _ = writeln!(text, "  - name: {}\n    rules:", quoted(name));
    for alarm in alarms {
        let _ = write!(
            text,
            "      - alert: {}\n        expr: {}\n        for: {}\n        labels:\n          severity: {}\n          \
             deployment: {}\n        annotations:\n          summary: {}\n          description: {}\n",
            alarm.name,
            quoted(&alarm.expression),
            alarm.lasting,
            alarm.urgency.word(),
            quoted(of.name),
            quoted(alarm.summary),
            quoted(&alarm.description),
        );
    }
}

/// Text as a YAML scalar: a JSON string is one.
fn quoted(text: &str) -> String {
    Value::String(text.to_owned()).to_string()
}
