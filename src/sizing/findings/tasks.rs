//! Background tasks: do the slots follow, and what happens when everybody starts one at once?

use super::super::wording::{number, percent, time};
use super::super::{Finding, TasksRequirement};
use super::{Rule, View, error, warning};

pub(super) const RULES: &[Rule] = &[never_drains, slots_busy, burst_drain, outlives_visibility];

fn of<'a>(view: &'a View<'_>) -> Option<(&'a TasksRequirement, super::super::tasks::TaskLoad)> {
    Some((view.requirements.tasks.as_ref()?, super::super::tasks::TaskLoad::of(view.spec)))
}

fn never_drains(view: &View<'_>) -> Vec<Finding> {
    let Some((tasks, load)) = of(view) else { return Vec::new() };
    if tasks.utilisation < 1.0 {
        return Vec::new();
    }
    let slots = tasks.slots_in_use();
    let surplus = load.rate_per_s - f64::from(slots) / load.time_s().max(1e-9);
    let sentence = format!(
        "{} tasks/s of {} keep {} slots busy, but there are {slots}: the queue grows by {} tasks each hour and never drains.",
        number(load.rate_per_s),
        time(load.time_s()),
        number(load.busy_slots),
        number(surplus * 3_600.0)
    );
    let hint = format!("Set up {} slots (task_workers x task_concurrency).", tasks.slots);
    vec![error("task-queue-never-drains", sentence, &hint, "app.task_workers")]
}

fn slots_busy(view: &View<'_>) -> Vec<Finding> {
    let Some((tasks, _)) = of(view) else { return Vec::new() };
    if tasks.utilisation >= 1.0 || tasks.utilisation <= view.spec.objectives.cpu {
        return Vec::new();
    }
    let wait = tasks
        .mean_wait_s
        .map_or_else(String::new, |wait| format!("; a task waits {} on average", time(wait)));
    let sentence =
        format!("{} of {} task slots are busy{wait}.", percent(tasks.utilisation), tasks.slots_in_use());
    let hint = format!("Set up {} slots (task_workers x task_concurrency).", tasks.slots);
    vec![warning("task-slots-busy", sentence, &hint, "app.task_workers")]
}

/// How soon a burst should be worked off, s.
const PATIENCE_S: f64 = 60.0;

fn burst_drain(view: &View<'_>) -> Vec<Finding> {
    let Some((tasks, load)) = of(view) else { return Vec::new() };
    let (users, slots) = (view.spec.load.users.mid, f64::from(tasks.slots_in_use().max(1)));
    let drain_s = users / slots * load.time_s();
    if drain_s <= PATIENCE_S || load.rate_per_s <= 0.0 {
        return Vec::new();
    }
    let sentence = format!(
        "If all {} users start a task at once, {} slots work it off in {} ({} / {} x {}); at {} tasks/s each user \
         starts one every {} only.",
        number(users),
        number(slots),
        time(drain_s),
        number(users),
        number(slots),
        time(load.time_s()),
        number(load.rate_per_s),
        time(users / load.rate_per_s)
    );
    let hint = format!(
        "To work it off in {}, set up {} slots; else tell users their place in the queue, and alarm on the age of the \
         oldest task.",
        time(PATIENCE_S),
        number((users * load.time_s() / PATIENCE_S).ceil())
    );
    vec![warning("task-burst-drains-slowly", sentence, &hint, "tasks")]
}

/// After this time a broker on a cache hands a task that was not confirmed to another worker (default of Celery), s.
const VISIBILITY_S: f64 = 3_600.0;

fn outlives_visibility(view: &View<'_>) -> Vec<Finding> {
    let tasks = view.spec.tasks.iter().enumerate();
    tasks
        .filter(|(_, task)| task.time_s.mid > VISIBILITY_S)
        .map(|(i, task)| {
            let sentence = format!(
                "Task '{}' runs for {}; after the default visibility timeout of {} it is given to a second worker while \
                 the first still runs.",
                task.name,
                time(task.time_s.mid),
                time(VISIBILITY_S)
            );
            warning("task-outlives-visibility-timeout", sentence, "Raise the broker's visibility timeout above the longest task and its wait, or split the task.", &format!("tasks[{i}].time"))
        })
        .collect()
}
