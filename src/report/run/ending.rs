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
    let again = match timeline.retries() {
        0 => String::new(),
        retries => format!("; {} tried again", plural(retries, "call")),
    };
    page.sentence(&format!(
        "{} of {} done in {}{again}.",
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
    let (begun, not_begun): (Vec<usize>, Vec<usize>) =
        ending.left.iter().partition(|step| timeline.has_begun(**step));
    for step in begun {
        let sentence = format!("{}: begun, the cloud may go on with it", doing(&plan.steps[step]));
        page.marked(Tone::Warning, "left", 9, &sentence);
    }
    if !not_begun.is_empty() {
        let names = first_few(not_begun.iter().map(|step| &plan.steps[*step]));
        let many = plural(not_begun.len(), "step");
        page.marked(Tone::Warning, "left", 9, &format!("{many} not begun: {names}"));
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
            page.sentence(&format!("Looked again: {many} to go: {}.", first_few(steps.iter())));
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

/// The first few steps, and how many more there are.
fn first_few<'a>(steps: impl ExactSizeIterator<Item = &'a Step>) -> String {
    const SHOWN: usize = 5;
    let more = steps.len().saturating_sub(SHOWN);
    let mut names: Vec<String> = steps.take(SHOWN).map(doing).collect();
    if more > 0 {
        names.push(format!("and {more} more"));
    }
    names.join(", ")
}
