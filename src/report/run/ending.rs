//! How a run ended: its timeline, what failed, what is left, and what to run next.

use loadline_contract::deploy::{Action, Step};

use super::Timeline;
use super::event::{class, clock, doing};
use crate::apply::Ending;
use crate::plan::Plan;
use crate::report::look::{Look, Tone};
use crate::report::page::Page;
use crate::report::words::plural;

/// What is shown of a run.
#[derive(Debug, Clone, Copy)]
pub struct RunView<'a> {
    /// What was carried out.
    pub plan: &'a Plan,
    /// How it ended.
    pub ending: &'a Ending,
    /// When what happened.
    pub timeline: &'a Timeline,
    /// Steps that a plan made afterwards still has; `None`: nobody could look.
    pub after: Option<&'a [Step]>,
    /// What to know or run next, one sentence each.
    pub notes: &'a [String],
}

/// The run as text.
pub fn run_text(view: RunView<'_>, look: &Look) -> String {
    let RunView { plan, ending, timeline, .. } = view;
    let mut page = Page::new(look);
    page.heading("Timeline");
    timeline.draw(&mut page, plan);
    page.heading("Outcome");
    page.sentence(&format!(
        "{} of {} done in {}.",
        ending.done.len(),
        plural(plan.steps.len(), "step"),
        clock(timeline.took())
    ));
    for (step, error) in &ending.failed {
        let step = &plan.steps[*step];
        page.marked(Tone::Bad, "failed", 9, &format!("{} ({}): {}", doing(step), class(error), error));
        if let Some(hint) = &error.hint {
            page.hanging(9, hint);
        }
    }
    for (step, other) in &ending.skipped {
        let (step, other) = (&plan.steps[*step], &plan.steps[*other]);
        page.marked(Tone::Warning, "skipped", 9, &format!("{}: it needs `{}`", doing(step), doing(other)));
    }
    for step in &ending.left {
        page.marked(Tone::Warning, "left", 9, &doing(&plan.steps[*step]));
    }
    if let Some(lost) = &ending.lost {
        page.marked(Tone::Bad, "stopped", 9, &lost.to_string());
    }
    match view.after {
        Some([]) if plan.unchanged.is_empty() && plan.steps.iter().all(removes) => {
            page.sentence(&format!("Looked again: nothing of {} is left.", plan.deployment));
        }
        Some([]) => page.sentence("Looked again: everything is as wanted."),
        Some(steps) => {
            let many = plural(steps.len(), "step");
            let named: Vec<String> = steps.iter().map(doing).collect();
            page.sentence(&format!("Looked again: {many} to go: {}.", named.join(", ")));
        }
        None => {}
    }
    for note in view.notes {
        page.sentence(note);
    }
    page.finish()
}

fn removes(step: &Step) -> bool {
    step.resource.is_none() && step.action != Action::Create
}
