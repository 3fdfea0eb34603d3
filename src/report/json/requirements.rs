//! Requirements as JSON: each tier with its figures, every limit's need and the one that binds.

use serde_json::{Value, json};

use super::{number, number_or_null};
use crate::report::words::Word;
use crate::sizing::{
    AppRequirement, BalancerRequirement, CacheRequirement, DatabaseRequirement, Requirements, Tally,
    TasksRequirement,
};

/// What every tier needs; an absent tier is null.
pub(super) fn requirements(requirements: &Requirements) -> Value {
    let traffic = &requirements.traffic;
    json!({
        "app": app(&requirements.app),
        "database": requirements.database.as_ref().map(database),
        "cache": requirements.cache.as_ref().map(cache),
        "balancer": balancer(&requirements.balancer),
        "tasks": requirements.tasks.as_ref().map(tasks),
        "traffic_per_month": {
            "requests": number(traffic.requests), "egress_bytes": number(traffic.egress_bytes),
            "ingress_bytes": number(traffic.ingress_bytes), "internal_bytes": number(traffic.internal_bytes),
        },
        "alarms": requirements.alarms,
    })
}

fn needs(tally: &Tally) -> Value {
    tally
        .needs
        .iter()
        .map(|need| {
            json!({
                "limit": need.limit, "value": number(need.value), "unit": need.unit, "arithmetic": need.arithmetic,
            })
        })
        .collect()
}

fn app(app: &AppRequirement) -> Value {
    json!({
        "cores": number(app.cores), "busy_cores": number(app.busy_cores), "pinned_cores": app.pinned_cores,
        "target_utilisation": number(app.target_utilisation),
        "failover_utilisation": number(app.failover_utilisation),
        "survive": app.survive.word(), "zones": app.zones, "processes": app.processes,
        "processes_fixed": app.processes_fixed,
        "memory_per_machine_gib": number(app.memory_per_machine_gib),
        "memory_shared_gib": number(app.memory_shared_gib),
        "disk_gib": number(app.disk_gib), "network_mbps": number(app.network_mbps),
        "needs": needs(&app.tally), "binding": app.tally.binding,
    })
}

fn database(database: &DatabaseRequirement) -> Value {
    json!({
        "engine": database.engine, "version": database.version,
        "cores": number(database.cores), "busy_cores": number(database.busy_cores),
        "pinned_cores": database.pinned_cores,
        "memory_gib": number(database.memory_gib), "memory_used_gib": number(database.memory_used_gib),
        "buffer_pool_gib": number(database.buffer_pool_gib),
        "connections_used": number(database.connections_used), "max_connections": database.max_connections,
        "storage_gib": number(database.storage_gib), "read_iops": number(database.read_iops),
        "write_iops": number(database.write_iops), "standby": database.standby,
        "backup_days": database.backup_days, "backup_gib": number(database.backup_gib),
        "needs": needs(&database.tally), "binding": database.tally.binding,
    })
}

fn cache(cache: &CacheRequirement) -> Value {
    json!({
        "engine": cache.engine, "version": cache.version,
        "memory_gib": number(cache.memory_gib), "memory_used_gib": number(cache.memory_used_gib),
        "memory_resident_gib": number(cache.memory_resident_gib), "max_memory_gib": number(cache.max_memory_gib),
        "host_memory_gib": number(cache.host_memory_gib), "replica": cache.replica,
        "backup_days": cache.backup_days, "needs": needs(&cache.tally), "binding": cache.tally.binding,
    })
}

fn balancer(balancer: &BalancerRequirement) -> Value {
    json!({
        "requests_per_s": number(balancer.requests_per_s),
        "new_connections_per_s": number(balancer.new_connections_per_s),
        "active_connections": number(balancer.active_connections), "gb_per_hour": number(balancer.gb_per_hour),
        "duty": number(balancer.duty), "needs": needs(&balancer.tally), "binding": balancer.tally.binding,
    })
}

fn tasks(tasks: &TasksRequirement) -> Value {
    json!({
        "slots": tasks.slots, "busy_slots": number(tasks.busy_slots), "fixed_slots": tasks.fixed_slots,
        "utilisation": number(tasks.utilisation), "mean_wait_s": number_or_null(tasks.mean_wait_s),
        "needs": needs(&tasks.tally), "binding": tasks.tally.binding,
    })
}
