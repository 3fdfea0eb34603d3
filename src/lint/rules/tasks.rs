//! Task workers: when a message is given out a second time, and how many are taken ahead.

use super::super::facts::Stack;
use super::super::facts::app::{App, Tasks};
use super::super::facts::server::Cache;
use super::super::known::Figure;
use super::super::units::show_seconds;
use super::{Hit, Rule, Severity, hit};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "visibility-below-task-limit",
        severity: Severity::Error,
        title: "a message stays hidden for longer than its task may take",
        failure: "a task that is still running is given to a second worker: it is carried out twice, and again, without end",
        source: "docs.celeryq.dev, Redis: visibility timeout (1 hour by itself); configuration, task_acks_late",
        check: below_limit,
    },
    Rule {
        id: "visibility-below-prefetch-wait",
        severity: Severity::Warning,
        title: "a message stays hidden for as long as it may wait at its worker",
        failure: "messages that were taken ahead wait behind long tasks, become visible again, and are carried out twice",
        source: "docs.celeryq.dev, Redis: visibility timeout; optimizing, prefetch limits",
        check: below_wait,
    },
    Rule {
        id: "prefetch-with-acks-late",
        severity: Severity::Warning,
        title: "workers that acknowledge late take no messages ahead",
        failure: "long tasks wait at a busy worker while others idle; when it dies, all that it had taken begins anew",
        source: "docs.celeryq.dev, optimizing: reserve one task at a time (prefetch multiplier 4 by itself)",
        check: prefetch,
    },
];

/// Each task worker with the queue that it reads, where both are known.
fn workers(stack: &Stack) -> Vec<(&App, &Tasks, &Cache)> {
    let mut found = Vec::new();
    for app in &stack.apps {
        let name = &stack.services[app.service].name;
        let queue = stack
            .caches
            .iter()
            .find(|cache| cache.queues.iter().any(|(what, _)| what.starts_with(&format!("{name}:"))));
        if let (Some(tasks), Some(queue)) = (&app.tasks, queue) {
            found.push((app, tasks, queue));
        }
    }
    found
}

fn below_limit(stack: &Stack) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (app, tasks, queue) in workers(stack) {
        let Some(late) = tasks.acks_late.as_ref().filter(|late| late.value) else { continue };
        let name = &stack.services[app.service].name;
        let limit =
            tasks.limit.as_ref().map(|limit| (limit.value, limit.figure(format!("{name}: task time limit"))));
        let spec = stack.load.as_ref().and_then(|load| load.task_time.clone());
        let Some((longest, figure)) = limit.or(spec) else { continue };
        if queue.visibility.value > longest {
            continue;
        }
        let sentence = format!(
            "A message of {name} is given out again after {}; its task may take {}.",
            show_seconds(queue.visibility.value),
            show_seconds(longest)
        );
        let figures = vec![
            figure,
            queue.visibility.figure("visibility timeout"),
            late.figure(format!("{name}: acks late")),
        ];
        hits.push(
            hit(sentence, figures)
                .agree(
                    "visibility timeout",
                    format!("above {}, and the same in every application", show_seconds(longest * 2.0)),
                )
                .agree(
                    format!("{name}: task time limit"),
                    format!("below {}", show_seconds(queue.visibility.value)),
                ),
        );
    }
    hits
}

fn below_wait(stack: &Stack) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (app, tasks, queue) in workers(stack) {
        let (prefetch, Some(limit)) = (&tasks.prefetch, &tasks.limit) else { continue };
        let wait = prefetch.value as f64 * limit.value;
        let late = tasks.acks_late.as_ref().is_some_and(|late| late.value);
        let running = late && queue.visibility.value <= limit.value;
        // A multiplier of 1 means that at most one message waits, as long as one task takes.
        if prefetch.value == 0 || queue.visibility.value > wait || running {
            continue;
        }
        let name = &stack.services[app.service].name;
        let sentence = format!(
            "{name} takes {} messages ahead for each slot; the last waits up to {}, and is given out again after {}.",
            prefetch.text,
            show_seconds(wait),
            show_seconds(queue.visibility.value)
        );
        let figures = vec![
            limit.figure(format!("{name}: task time limit")),
            prefetch.figure(format!("{name}: prefetch multiplier")),
            queue.visibility.figure("visibility timeout"),
        ];
        hits.push(
            hit(sentence, figures)
                .agree("visibility timeout", format!("above {}", show_seconds(wait)))
                .agree(format!("{name}: prefetch multiplier"), "1"),
        );
    }
    hits
}

fn prefetch(stack: &Stack) -> Vec<Hit> {
    let mut hits = Vec::new();
    for app in &stack.apps {
        let Some(tasks) = &app.tasks else { continue };
        let Some(late) = tasks.acks_late.as_ref().filter(|late| late.value && tasks.prefetch.value > 1)
        else {
            continue;
        };
        let name = &stack.services[app.service].name;
        let mut figures: Vec<Figure> = vec![late.figure(format!("{name}: acks late"))];
        figures.push(tasks.prefetch.figure(format!("{name}: prefetch multiplier")));
        let sentence = format!(
            "{name} acknowledges late and takes {} messages ahead for each slot.",
            tasks.prefetch.text
        );
        hits.push(hit(sentence, figures).agree(format!("{name}: prefetch multiplier"), "1"));
    }
    hits
}
