//! What happens during a load test.

use super::super::tidy;
use super::named;
use crate::load::Event;

/// A line that stays: one for each level.
pub fn load_event(event: &Event) -> Option<String> {
    match event {
        Event::Level { number: which, of, drive, seconds } => {
            Some(format!("level {which} of {of}: {}, {}", named(*drive), tidy::duration(*seconds)))
        }
        Event::Second { .. } => None,
    }
}

/// The words beside the bar, new each second.
pub fn load_progress(event: &Event) -> Option<String> {
    let Event::Second { requests, errors, mean_ms, .. } = event else { return None };
    let mean =
        mean_ms.map_or_else(|| "no answer".to_owned(), |mean| format!("mean {}", tidy::duration(mean / 1e3)));
    let errors = if *errors > 0 { format!(", {errors} errors") } else { String::new() };
    Some(format!("{requests} rps, {mean}{errors}"))
}
