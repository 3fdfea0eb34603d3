//! The application tier: cores, processes, memory, network.
//!
//! Cores follow the utilisation law (U = X D / m). Which machines provide them, and how many, is the market's.

use super::assumptions::{MEMORY_CEILING, NETWORK_BURST, PROTOCOL_OVERHEAD, QUERY_BYTES, WORKER_TARGET};
use super::demand::Demand;
use super::resilience::failover_need;
use super::response_need::ResponseNeed;
use super::tasks::{TaskLoad, largest, tally};
use super::wording::{count, memory, number, percent, time, whole_up};
use super::{AppRequirement, Need, TasksRequirement};
use crate::spec::Spec;

/// What the application tier of a spec needs.
pub(crate) fn requirement(
    spec: &Spec,
    demand: &Demand,
    tasks: Option<&TasksRequirement>,
    response: &ResponseNeed,
) -> AppRequirement {
    let load = TaskLoad::of(spec);
    let requests = demand.app.cores;
    let busy_cores = requests + load.busy_cores;
    let target = spec.objectives.target_cpu;
    let mut needs = vec![cpu_need(demand, &load, target)];
    needs.extend(response.app_needs(load.busy_cores));
    let cores = needs.iter().map(|need| need.value).fold(0.0, f64::max);
    needs.extend(failover_need(spec, busy_cores));
    let of_cores = tally(needs);
    let (processes, processes_fixed) = processes(spec, largest(&of_cores));
    let mut all = of_cores;
    all.needs.push(Need {
        limit: "workers",
        value: (requests / WORKER_TARGET).max(1.0).ceil(),
        unit: "processes",
        arithmetic: format!(
            "{} rps x {}{} / {} of a single-threaded process = {}",
            number(demand.rps),
            time(demand.mix.cpu_s),
            demand.app.words(),
            percent(WORKER_TARGET),
            number(requests / WORKER_TARGET)
        ),
    });
    let slots = tasks.map_or(0, TasksRequirement::slots_in_use);
    let memory_shared_gib = shared_memory_gib(spec, processes, demand.in_flight, slots);
    all.needs.push(memory_need(spec, processes, demand.in_flight, slots));
    let network = network_need(demand);
    let network_mbps = network.value;
    all.needs.push(network);
    AppRequirement {
        tally: all,
        busy_cores,
        cores,
        pinned_cores: spec.app.cores,
        target_utilisation: target,
        failover_utilisation: spec.objectives.cpu,
        survive: spec.resilience.survive,
        zones: spec.resilience.zones,
        processes,
        processes_fixed,
        memory_per_machine_gib: spec.app.system_memory_gib.mid / MEMORY_CEILING,
        memory_shared_gib: memory_shared_gib / MEMORY_CEILING,
        disk_gib: spec.app.disk_gib,
        network_mbps,
        architecture: spec.app.architecture,
        cpu_measured_on: spec.app.cpu_measured_on,
    }
}

fn cpu_need(demand: &Demand, load: &TaskLoad, target: f64) -> Need {
    let value = (demand.app.cores + load.busy_cores) / target;
    let rate = format!("{} rps x {}{}", number(demand.rps), time(demand.mix.cpu_s), demand.app.words());
    let arithmetic = if load.busy_cores > 0.0 {
        format!(
            "({rate} + {} cores of tasks) / {} = {}",
            number(load.busy_cores),
            percent(target),
            number(value)
        )
    } else {
        format!("{rate} / {} = {}", percent(target), number(value))
    };
    Need { limit: "cpu", value, unit: "cores", arithmetic }
}

/// Worker processes over all machines, and whether the spec fixes them.
fn processes(spec: &Spec, cores: f64) -> (u32, bool) {
    if let (Some(instances), Some(workers)) = (spec.app.instances, spec.app.workers) {
        return (instances.saturating_mul(workers).max(1), true);
    }
    // One process for each core, in whole instances.
    let wanted = spec.app.cores.unwrap_or_else(|| whole_up(cores)).max(1);
    let group = spec.app.instances.or(spec.app.workers).unwrap_or(1).max(1);
    (wanted.div_ceil(group).saturating_mul(group), false)
}

/// Traffic of the tier with the clients and with the database, twice for bursts.
fn network_need(demand: &Demand) -> Need {
    let clients = demand.mix.network_mbps(demand.rps);
    let queries = demand.rps * demand.mix.queries * QUERY_BYTES * PROTOCOL_OVERHEAD * 8.0 / 1e6;
    let value = (clients + queries) * NETWORK_BURST;
    Need {
        limit: "network",
        value,
        unit: "Mbit/s",
        arithmetic: format!(
            "{} rps x ({} bytes with clients + {} queries x {} bytes) x {PROTOCOL_OVERHEAD} x 8 = {} Mbit/s, twice for bursts",
            number(demand.rps),
            number(demand.mix.upload_bytes + demand.mix.download_bytes),
            number(demand.mix.queries),
            number(QUERY_BYTES),
            number(clients + queries)
        ),
    }
}

/// Memory of processes, requests in flight and task slots, GiB.
pub(crate) fn shared_memory_gib(spec: &Spec, processes: u32, in_flight: f64, slots: u32) -> f64 {
    f64::from(processes) * spec.app.worker_memory_gib.mid
        + in_flight * spec.app.request_memory_gib.mid
        + f64::from(slots) * spec.app.task_memory_gib.mid
}

fn memory_need(spec: &Spec, processes: u32, in_flight: f64, slots: u32) -> Need {
    let system = spec.app.system_memory_gib.mid;
    let used = system + shared_memory_gib(spec, processes, in_flight, slots);
    let value = used / MEMORY_CEILING;
    let tasks = if slots > 0 {
        format!(" + {} x {}", count(f64::from(slots), "task slot"), memory(spec.app.task_memory_gib.mid))
    } else {
        String::new()
    };
    Need {
        limit: "memory",
        value,
        unit: "GiB",
        arithmetic: format!(
            "{} a machine + {} x {} + {} in flight x {}{tasks} = {} on one machine, / {} in steady use = {}",
            memory(system),
            count(f64::from(processes), "worker"),
            memory(spec.app.worker_memory_gib.mid),
            count(in_flight, "request"),
            memory(spec.app.request_memory_gib.mid),
            memory(used),
            percent(MEMORY_CEILING),
            memory(value)
        ),
    }
}

/// Cores that the tier may use at once: the pinned ones or the whole of what any limit asks for, capped by fixed
/// processes.
pub(crate) fn usable_cores(requirement: &AppRequirement) -> u32 {
    let of_cores = requirement.tally.needs.iter().filter(|need| need.unit == "cores");
    let needed = of_cores.map(|need| need.value).fold(requirement.cores, f64::max);
    let cores = requirement.pinned_cores.unwrap_or_else(|| whole_up(needed)).max(1);
    if requirement.processes_fixed { cores.min(requirement.processes) } else { cores }
}
