//! What each tier needs, for a person: a summary, then what every limit asks for and which one binds.

use crate::report::page::{Grid, Page, Set};
use crate::report::tidy;
use crate::report::words::plural;
use crate::sizing::{
    AppRequirement, BalancerRequirement, CacheRequirement, DatabaseRequirement, Requirements, Tally,
    TasksRequirement,
};
use crate::spec::Survive;

/// Writes one section for each tier.
pub(super) fn write(page: &mut Page<'_>, requirements: &Requirements) {
    for (name, summary, tally) in tiers(requirements) {
        tier(page, name, &summary, tally);
    }
}

/// Each tier that the spec has: its name, a sentence on what it needs, and what every limit asks for.
pub(crate) fn tiers(requirements: &Requirements) -> Vec<(&'static str, String, &Tally)> {
    let mut tiers = vec![("App", app(&requirements.app), &requirements.app.tally)];
    tiers.extend(requirements.database.as_ref().map(|one| ("Database", database(one), &one.tally)));
    tiers.extend(requirements.cache.as_ref().map(|one| ("Cache", cache(one), &one.tally)));
    tiers.push(("Balancer", balancer(&requirements.balancer), &requirements.balancer.tally));
    tiers.extend(requirements.tasks.as_ref().map(|one| ("Tasks", tasks(one), &one.tally)));
    tiers
}

fn tier(page: &mut Page<'_>, name: &str, summary: &str, tally: &Tally) {
    page.heading(&format!("{name} needs"));
    page.sentence(summary);
    let mut grid =
        Grid::new(&[("limit", Set::Left), ("asks for", Set::Right), ("", Set::Left), ("because", Set::Left)]);
    for need in &tally.needs {
        let binds = if need.limit == tally.binding { "binds" } else { "" };
        let asks = tidy::amount(need.value, need.unit);
        grid.row(&[need.limit, asks.as_str(), binds, need.arithmetic.as_str()]);
    }
    page.table(&grid);
}

fn cores(derived: f64, pinned: Option<u32>) -> String {
    match pinned {
        Some(pinned) => format!("{} (fixed in the spec)", plural(pinned as usize, "core")),
        None => tidy::amount(derived, "cores"),
    }
}

fn app(app: &AppRequirement) -> String {
    let survive = match app.survive {
        Survive::Nothing => "surviving no failure".to_owned(),
        Survive::Instance => {
            format!("at most {} busy with one machine lost", tidy::percent(app.failover_utilisation))
        }
        Survive::Zone => {
            format!("at most {} busy with one zone lost", tidy::percent(app.failover_utilisation))
        }
    };
    format!(
        "{}, at most {} busy, {survive}, in {}; {}; memory {} on each machine and {} over all; disk {} on each.",
        cores(app.cores, app.pinned_cores),
        tidy::percent(app.target_utilisation),
        plural(app.zones as usize, "zone"),
        match app.processes {
            1 => "1 worker process".to_owned(),
            processes => format!("{processes} worker processes"),
        },
        tidy::gib(app.memory_per_machine_gib),
        tidy::gib(app.memory_shared_gib),
        tidy::gib(app.disk_gib),
    )
}

fn database(database: &DatabaseRequirement) -> String {
    format!(
        "{} {}, {}: {}, {} memory ({} used, buffer pool {}), {} connections, {} storage, {} reads and {} writes a second; \
         {}.",
        database.engine,
        database.version,
        if database.standby { "with a standby" } else { "without standby" },
        cores(database.cores, database.pinned_cores),
        tidy::gib(database.memory_gib),
        tidy::gib(database.memory_used_gib),
        tidy::gib(database.buffer_pool_gib),
        tidy::count(f64::from(database.max_connections)),
        tidy::gib(database.storage_gib),
        tidy::significant(database.read_iops, 3),
        tidy::significant(database.write_iops, 3),
        match database.backup_days {
            0 => "no backups".to_owned(),
            days =>
                format!("backups for {} ({})", plural(days as usize, "day"), tidy::gib(database.backup_gib)),
        },
    )
}

fn cache(cache: &CacheRequirement) -> String {
    format!(
        "{}{}, {}: {} for data with a limit of {} ({} used, {} resident).",
        cache.engine,
        cache.version.as_ref().map(|version| format!(" {version}")).unwrap_or_default(),
        if cache.replica { "with a replica" } else { "without replica" },
        tidy::gib(cache.memory_gib),
        tidy::gib(cache.max_memory_gib),
        tidy::gib(cache.memory_used_gib),
        tidy::gib(cache.memory_resident_gib),
    )
}

fn balancer(balancer: &BalancerRequirement) -> String {
    format!(
        "{} rps, {} new and {} open connections, {} GB an hour at the peak; the month's mean is {} of that.",
        tidy::significant(balancer.requests_per_s, 3),
        tidy::amount(balancer.new_connections_per_s, "1/s"),
        tidy::count(balancer.active_connections),
        tidy::significant(balancer.gb_per_hour, 3),
        tidy::percent(balancer.duty),
    )
}

fn tasks(tasks: &TasksRequirement) -> String {
    let wait = match tasks.mean_wait_s {
        Some(wait_s) => format!("mean wait for a slot {}", tidy::duration(wait_s)),
        None => "too few: the queue grows without end".to_owned(),
    };
    let slots = tasks.fixed_slots.unwrap_or(tasks.slots);
    let fixed = match tasks.fixed_slots {
        Some(_) => format!(" (fixed in the spec; {} needed)", tasks.slots),
        None => String::new(),
    };
    format!(
        "{}{fixed}, {} busy, {} in use; {wait}. They run on the app machines.",
        plural(slots as usize, "slot"),
        tidy::percent(tasks.utilisation),
        tidy::significant(tasks.busy_slots, 3),
    )
}
