//! Can the worker processes use the cores?

use super::super::assumptions::WORKER_TARGET;
use super::super::wording::{count, number, percent, time};
use super::super::{Finding, Severity};
use super::{Rule, View, finding, note, warning};
use crate::spec::CpuMeasuredOn;

pub(super) const RULES: &[Rule] =
    &[cores_without_workers, workers_too_busy, measured_on_idle_core, tasks_take_cpu];

fn request_cores(view: &View<'_>) -> f64 {
    super::super::demand::Demand::of(view.spec).app.cores
}

fn cores_without_workers(view: &View<'_>) -> Vec<Finding> {
    let app = &view.requirements.app;
    let wanted = app.pinned_cores.map_or(app.cores.ceil(), f64::from);
    let processes = f64::from(app.processes);
    if !app.processes_fixed || processes >= wanted {
        return Vec::new();
    }
    let busy = request_cores(view);
    let severity = if busy > processes { Severity::Error } else { Severity::Warning };
    let per_request = busy / view.requirements.balancer.requests_per_s.max(1e-9);
    let sentence = format!(
        "{} can use at most {} of {} cores ({}); the requests need {} busy cores ({} each), {} of what the processes can give.",
        count(f64::from(app.processes), "single-threaded worker process"),
        app.processes,
        number(wanted),
        percent(processes / wanted),
        number(busy),
        time(per_request),
        percent(busy / processes)
    );
    let rps = view.requirements.balancer.requests_per_s.max(1e-9);
    let hint = format!(
        "Run {} worker processes (app.instances x app.workers), one for each core, or take fewer cores; {} processes \
         carry {} rps at {} busy if a request takes {} of CPU.",
        number(wanted),
        app.processes,
        number(rps),
        percent(WORKER_TARGET),
        time(processes * WORKER_TARGET / rps)
    );
    vec![finding(severity, "workers-cannot-use-cores", sentence, &hint, "app.workers")]
}

fn workers_too_busy(view: &View<'_>) -> Vec<Finding> {
    let app = &view.requirements.app;
    let each = request_cores(view) / f64::from(app.processes.max(1));
    if !app.processes_fixed || each <= view.spec.objectives.cpu {
        return Vec::new();
    }
    let sentence = format!(
        "{} would be busy {} of the time (mean of all); a single event loop should stay below {}.",
        count(f64::from(app.processes), "worker process"),
        percent(each),
        percent(WORKER_TARGET)
    );
    let hint =
        format!("Run at least {} worker processes.", number((request_cores(view) / WORKER_TARGET).ceil()));
    vec![warning("workers-too-busy", sentence, &hint, "app.workers")]
}

fn measured_on_idle_core(view: &View<'_>) -> Vec<Finding> {
    if view.spec.app.cpu_measured_on != CpuMeasuredOn::Core {
        return Vec::new();
    }
    let sentence =
        "The CPU times were measured on a whole core; a vCPU that shares its core counts as 0.6 of one, so \
                    the same work takes up to 1.67 times as many vCPUs."
            .to_owned();
    vec![note(
        "cpu-measured-on-idle-core",
        sentence,
        "Measure under load on the kind of vCPU that will be bought.",
        "app.cpu_measured_on",
    )]
}

/// Share of the busy cores from which tasks disturb requests.
const TASKS_DISTURB: f64 = 0.2;

fn tasks_take_cpu(view: &View<'_>) -> Vec<Finding> {
    let tasks = super::super::tasks::TaskLoad::of(view.spec).busy_cores;
    let all = view.requirements.app.busy_cores;
    if tasks <= TASKS_DISTURB * all {
        return Vec::new();
    }
    let sentence = format!(
        "Background tasks keep {} of {} busy application cores ({}), beside the requests and on the same machines.",
        number(tasks),
        number(all),
        percent(tasks / all)
    );
    vec![warning(
        "tasks-take-cpu",
        sentence,
        "Give the task workers a lower CPU priority or machines of their own.",
        "tasks",
    )]
}
