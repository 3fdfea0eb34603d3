//! Limits of services: a drop-in for each unit that needs one.

use std::collections::BTreeMap;

use super::{Restart, Work, file};
use crate::tune::blocks;
use crate::tune::facts::{Activity, Facts};
use crate::tune::judge::{Act, Judged, Verdict};
use crate::tune::paths;

/// Adds the drop-ins, and the restarts where they are allowed.
pub(super) fn plan(facts: &Facts, judged: &[Judged], restart: Restart, work: &mut Work) {
    for service in facts.services.all.iter().filter(|it| it.is_unit) {
        let own = judged.iter().filter_map(|change| match &change.act {
            Act::Unit { unit, property } if *unit == service.name => Some((*property, change)),
            _ => None,
        });
        let own: Vec<(&str, &Judged)> = own.collect();
        let path = paths::drop_in(&service.name);
        let left = properties(facts.files.text(&path).unwrap_or_default());
        let mut lines: BTreeMap<&str, String> = BTreeMap::new();
        for (property, change) in &own {
            let value = match change.verdict {
                verdict if verdict.is_change() => {
                    change.to.clone().map(|it| it.replace("unlimited", "infinity"))
                }
                Verdict::Forbidden => None,
                _ => left.get(*property).cloned(),
            };
            lines.extend(value.map(|value| (*property, value)));
        }
        let is_new =
            lines.len() != left.len() || lines.iter().any(|(name, value)| left.get(name) != Some(value));
        let text = if lines.is_empty() {
            String::new()
        } else {
            let lines: String =
                lines.iter().map(|(property, value)| format!("{property}={value}\n")).collect();
            format!("{}\n[Service]\n{lines}", blocks::HEAD)
        };
        if is_new {
            file(work, facts, &path, text);
        }
        let changes = own.iter().any(|(_, change)| change.verdict.is_change());
        work.reload |= changes || work.files.iter().any(|change| change.path == path);
        let short = changes || own.iter().any(|(_, change)| change.verdict == Verdict::RestartNeeded);
        if short && restart == Restart::Services && matches!(service.activity, Activity::Running(_)) {
            work.restart.push(service.name.clone());
        }
    }
}

fn properties(text: &str) -> BTreeMap<&str, String> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once('=')).map(|(name, value)| (name, value.to_owned())).collect()
}
