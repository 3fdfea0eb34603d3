//! When each step began and ended, as bars over the whole run.

use std::time::Duration;

use super::event::{clock, doing};
use crate::event::{Event, Happening};
use crate::plan::Plan;
use crate::report::look::Unicode;
use crate::report::page::Page;

/// What was heard of a run.
#[derive(Debug, Clone, Default)]
pub struct Timeline {
    spans: Vec<Option<(Duration, Option<Duration>)>>,
    retries: usize,
    last: Duration,
}

impl Timeline {
    /// Notes an event.
    pub fn hear(&mut self, event: &Event) {
        if self.spans.len() <= event.step {
            self.spans.resize(event.step + 1, None);
        }
        self.last = self.last.max(event.at);
        match &event.what {
            Happening::Began => self.spans[event.step] = Some((event.at, None)),
            Happening::Retrying { .. } => self.retries += 1,
            Happening::Done { .. } | Happening::Failed { .. } | Happening::Left => {
                if let Some((_, end)) = &mut self.spans[event.step] {
                    *end = Some(event.at);
                }
            }
            Happening::Underway { .. } | Happening::Skipped { .. } => {}
        }
    }

    /// How long the run took, in the cloud's time.
    pub fn took(&self) -> Duration {
        self.last
    }

    /// Calls that were tried again.
    pub(super) fn retries(&self) -> usize {
        self.retries
    }

    /// Whether a step was begun.
    pub(super) fn has_begun(&self, step: usize) -> bool {
        self.spans.get(step).is_some_and(Option::is_some)
    }

    /// Draws the bars; the width of the page bounds them.
    pub(super) fn draw(&self, page: &mut Page<'_>, plan: &Plan) {
        let look = page.look();
        let names: Vec<String> = plan.steps.iter().map(doing).collect();
        let begun = |step: usize| self.spans.get(step).copied().flatten();
        let widest = names.iter().map(|name| name.chars().count()).max().unwrap_or(0).min(36);
        let room = look.columns().saturating_sub(widest + 8).max(10);
        let block = if look.unicode == Unicode::On { '█' } else { '#' };
        let whole = self.last.as_secs_f64().max(0.001);
        let column = |at: Duration| ((at.as_secs_f64() / whole) * (room - 1) as f64) as usize;
        for (step, name) in names.iter().enumerate() {
            let Some((from, to)) = begun(step) else { continue };
            let to = to.unwrap_or(self.last);
            let bar: String = std::iter::repeat_n(' ', column(from))
                .chain(std::iter::repeat_n(block, (column(to) - column(from)).max(1)))
                .collect();
            let name: String = name.chars().take(widest).collect();
            page.line(&format!("{name:<widest$} {:>6} {bar}", clock(to.saturating_sub(from))));
        }
    }
}
