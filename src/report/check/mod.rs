//! What a check found: as text, as a table that is drawn anew, as lines, as JSON, as Prometheus reads it, as a message.

mod json;
mod lines;
mod metrics;
mod text;
mod value;

pub use json::{alert_json, check_json};
pub use lines::{change_lines, round_line};
pub use metrics::check_metrics;
pub use text::{check_table, check_text};

use super::look::Tone;
use super::words::Word;
use crate::check::{Round, Verdict};

/// What is shown of a round.
#[derive(Debug, Clone, Copy)]
pub struct CheckView<'a> {
    /// Name of the deployment.
    pub deployment: &'a str,
    /// The round.
    pub round: &'a Round,
}

impl Word for Verdict {
    fn word(&self) -> &'static str {
        (*self).word()
    }
}

fn tone(verdict: Verdict) -> Tone {
    match verdict {
        Verdict::Ok => Tone::Good,
        Verdict::Warn => Tone::Warning,
        Verdict::Unknown => Tone::Strong,
        Verdict::Fail => Tone::Bad,
    }
}

/// `2 fail, 1 unknown, 20 ok`.
fn tally(round: &Round) -> String {
    let counted = Verdict::ALL.map(|verdict| (round.count(verdict), verdict.word()));
    let parts: Vec<String> = counted
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    if parts.is_empty() { "nothing was looked at".to_owned() } else { parts.join(", ") }
}

#[cfg(test)]
mod tests;
