//! The database tier: cores, buffer pool, memory, connections, storage, disk operations.
//!
//! Which product provides them is the market's; a standby is a full copy and multiplies nothing here.

use super::assumptions::{
    ADMIN_CONNECTIONS, BUFFER_POOL_OVERHEAD, CONNECTION_MIB, DATABASE_BASE_GIB, DATABASE_SYSTEM_GIB,
    DIRTY_PAGES_PER_WRITE, FLUSH_S, GROUP_COMMIT_MOST, LOG_BYTES_PER_WRITE, LOG_DAYS, MEMORY_CEILING,
    MISS_FLOOR, PAGES_PER_QUERY, POOL_WAIT_PROBABILITY, STORAGE_CEILING, TEMPORARY_GIB, ZIPF_ALPHA,
    connections_gib,
};
use super::demand::Demand;
use super::network::pool_size;
use super::response_need::ResponseNeed;
use super::wording::{GIB, count, number, percent, time, whole_up};
use super::{DatabaseRequirement, Need, Tally};
use crate::spec::{Database, Spec};

/// Memory for each core of an ordinary machine, GiB: at what ratio memory rather than CPU decides the size.
const GIB_PER_CORE: f64 = 4.0;

/// What the database of a spec needs; `None` without one. `processes` are workers, `slots` are of tasks.
pub(crate) fn requirement(
    spec: &Spec,
    demand: &Demand,
    (processes, slots): (u32, u32),
    response: &ResponseNeed,
) -> Option<DatabaseRequirement> {
    let database = spec.database.as_ref()?;
    let target = spec.objectives.target_cpu;
    let busy_cores = demand.database.cores;
    let cpu = Need {
        limit: "cpu",
        value: busy_cores / target,
        unit: "cores",
        arithmetic: format!(
            "{} rps x {}{} / {} = {}",
            number(demand.rps),
            time(demand.mix.database_cpu_s),
            demand.database.words(),
            percent(target),
            number(busy_cores / target)
        ),
    };
    let mut needs = vec![cpu];
    needs.extend(response.database_needs());
    let cores_binding = super::tasks::tally(needs.clone());
    let cores = super::tasks::largest(&cores_binding);
    let buffer_pool_gib = buffer_pool_gib(database);
    let wanted = wanted_connections(spec, demand, processes, slots);
    let max_connections = database.max_connections.unwrap_or(whole_up(wanted.value));
    let used = memory_gib(buffer_pool_gib, demand.connections);
    let memory = memory_need(buffer_pool_gib, demand.connections, max_connections);
    let memory_gib = memory.value;
    let writes = demand.rps * demand.mix.writes;
    let (read_iops, write_iops) = (read_iops(demand, database), write_iops(writes));
    let storage = storage_need(spec, database, writes);
    let storage_gib = database.storage_gib.unwrap_or(storage.value);
    let backup_days = spec.resilience.backup_days;
    let data = data_gib(database, spec.load.horizon_months);
    let daily_log = writes * spec.load.duty.mid * LOG_BYTES_PER_WRITE * 86_400.0 / GIB;
    needs.extend([memory, wanted, storage]);
    needs.push(Need {
        limit: "disk operations",
        value: read_iops + write_iops,
        unit: "1/s",
        arithmetic: format!(
            "{} reads that miss the buffer pool + {} for {} writing queries a second",
            number(read_iops),
            number(write_iops),
            number(writes)
        ),
    });
    let binding = if memory_gib / GIB_PER_CORE > cores { "memory" } else { cores_binding.binding };
    Some(DatabaseRequirement {
        tally: Tally { needs, binding },
        engine: database.engine.clone(),
        version: database.version.clone(),
        busy_cores,
        cores,
        pinned_cores: database.cores,
        buffer_pool_gib,
        memory_used_gib: used,
        memory_gib,
        connections_used: demand.connections,
        max_connections,
        storage_gib,
        read_iops,
        write_iops,
        standby: spec.resilience.database_standby,
        read_replicas: database.read_replicas,
        backup_days,
        // A full copy and the logs of the days since: how managed backups with deduplicated snapshots are billed.
        backup_gib: if backup_days == 0 { 0.0 } else { data + daily_log * f64::from(backup_days) },
        cpu_measured_on: spec.app.cpu_measured_on,
    })
}

/// Buffer pool to configure: the stated one, or the whole working set.
pub(crate) fn buffer_pool_gib(database: &Database) -> f64 {
    database.buffer_pool_gib.unwrap_or(database.working_set_gib.mid)
}

/// Memory that the server uses with so many connections busy, GiB.
pub(crate) fn memory_gib(buffer_pool_gib: f64, connections: f64) -> f64 {
    buffer_pool_gib * BUFFER_POOL_OVERHEAD + connections_gib(connections) + DATABASE_BASE_GIB
}

/// Share of the page reads that miss the buffer pool: Zipf's hit rate (B / WS)^(1 - alpha), with a floor.
pub(crate) fn miss_share(database: &Database) -> f64 {
    let (pool, set) = (buffer_pool_gib(database), database.working_set_gib.mid);
    if pool >= set {
        return MISS_FLOOR;
    }
    (1.0 - (pool / set).powf(1.0 - ZIPF_ALPHA)).max(MISS_FLOOR)
}

fn read_iops(demand: &Demand, database: &Database) -> f64 {
    let reads = (demand.mix.queries - demand.mix.writes).max(0.0);
    demand.rps * reads * PAGES_PER_QUERY * miss_share(database)
}

/// Flushes of redo and binary log shared by the commits of one flush time, and doublewritten pages.
fn write_iops(writes_per_s: f64) -> f64 {
    let group = (writes_per_s * FLUSH_S).clamp(1.0, GROUP_COMMIT_MOST);
    writes_per_s * (2.0 / group + 2.0 * DIRTY_PAGES_PER_WRITE)
}

/// Data after so many months of growth, GiB.
pub(crate) fn data_gib(database: &Database, months: f64) -> f64 {
    database.data_gib.mid * (1.0 + database.growth_per_month.mid).max(0.0).powf(months)
}

fn storage_need(spec: &Spec, database: &Database, writes_per_s: f64) -> Need {
    let horizon = spec.load.horizon_months;
    let data = data_gib(database, horizon).max(database.data_gib.mid);
    let log = writes_per_s * spec.load.duty.mid * LOG_BYTES_PER_WRITE * LOG_DAYS * 86_400.0 / GIB;
    let value = data / STORAGE_CEILING + log + TEMPORARY_GIB;
    Need {
        limit: "storage",
        value,
        unit: "GiB",
        arithmetic: format!(
            "{} GiB in {} months / {} + {} GiB of binary logs + {} GiB temporary = {} GiB",
            number(data),
            number(horizon),
            percent(STORAGE_CEILING),
            number(log),
            number(TEMPORARY_GIB),
            number(value)
        ),
    }
}

/// Connections that worker processes may open between them; `None` when no pool is stated.
pub(crate) fn pooled_connections(spec: &Spec, processes: u32) -> Option<u32> {
    Some(spec.app.pool?.saturating_mul(processes))
}

fn wanted_connections(spec: &Spec, demand: &Demand, processes: u32, slots: u32) -> Need {
    let busy = f64::from(pool_size(demand.connections, POOL_WAIT_PROBABILITY));
    let (requests, words) = match pooled_connections(spec, processes) {
        Some(pools) if f64::from(pools) > busy => (f64::from(pools), "in the pools of the workers"),
        _ => (busy, "for requests (1 % may wait)"),
    };
    // A task slot is a process with a pool of its own; without a stated pool it opens one connection.
    let tasks = f64::from(spec.app.pool.unwrap_or(1).saturating_mul(slots));
    let all = requests + tasks + ADMIN_CONNECTIONS;
    let value = (all / spec.objectives.connections).ceil();
    Need {
        limit: "connections",
        value,
        unit: "connections",
        arithmetic: format!(
            "({} {words} + {} in {} + {} for administration) / {} = {}",
            number(requests),
            number(tasks),
            count(f64::from(slots), "task slot"),
            number(ADMIN_CONNECTIONS),
            percent(spec.objectives.connections),
            number(value)
        ),
    }
}

fn memory_need(buffer_pool_gib: f64, connections: f64, max_connections: u32) -> Need {
    let used = memory_gib(buffer_pool_gib, connections);
    let worst = memory_gib(buffer_pool_gib, f64::from(max_connections));
    let steady = used / MEMORY_CEILING + DATABASE_SYSTEM_GIB;
    let value = steady.max(worst + DATABASE_SYSTEM_GIB);
    Need {
        limit: "memory",
        value,
        unit: "GiB",
        arithmetic: format!(
            "{} GiB buffer pool x 1.1 + {} x {} MiB + {} GiB = {} GiB used; / {} + {} GiB system = {} GiB; with all {max_connections} connections open {} GiB",
            number(buffer_pool_gib),
            count(connections, "connection"),
            number(CONNECTION_MIB),
            number(DATABASE_BASE_GIB),
            number(used),
            percent(MEMORY_CEILING),
            number(DATABASE_SYSTEM_GIB),
            number(steady),
            number(worst + DATABASE_SYSTEM_GIB)
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sizing::fixtures::teachers;

    #[test]
    fn memory_of_the_database_is_pool_connections_and_base() {
        // 8 x 1.1 + 1189 x 1.906 / 1024 + 0.9 = 8.8 + 2.213 + 0.9
        assert!((memory_gib(8.0, 1189.0) - 11.913).abs() < 0.001);
        // all 2000: 8.8 + 3.723 + 0.9
        assert!((memory_gib(8.0, 2000.0) - 13.423).abs() < 0.001);
    }

    #[test]
    fn half_the_working_set_still_hits_87_percent() {
        let mut database = teachers().database.unwrap();
        database.working_set_gib.mid = 16.0;
        // (8/16)^0.2 = 0.8706
        assert!((miss_share(&database) - 0.1294).abs() < 0.0001);
        database.working_set_gib.mid = 8.0;
        assert!((miss_share(&database) - 0.005).abs() < 1e-12);
    }

    #[test]
    fn commits_share_flushes_only_when_they_come_close_together() {
        // 100/s are alone: 100 x (2 + 1); 4000/s come four to a millisecond: 4000 x (2/4 + 1)
        assert!((write_iops(100.0) - 300.0).abs() < 1e-9);
        assert!((write_iops(4000.0) - 6000.0).abs() < 1e-9);
    }

    #[test]
    fn storage_grows_to_the_horizon_and_keeps_a_fifth_free() {
        let mut spec = teachers();
        let mut database = spec.database.clone().unwrap();
        database.growth_per_month.mid = 0.03;
        spec.load.horizon_months = 12.0;
        // 200 x 1.03^12 = 285.15; / 0.8 = 356.44; + 2
        let need = storage_need(&spec, &database, 0.0);
        assert!((need.value - 358.44).abs() < 0.01, "{}", need.value);
    }
}
