//! The database: Managed MySQL, reachable by the application's machines only.

use loadline_contract::deploy::{Address, DatabaseBlueprint, Resource, Value};

use super::{Base, Draft};

const GIB: f64 = 1_073_741_824.0;
/// Days that daily backups and the way back to any moment reach (docs.digitalocean.com, "MySQL limits").
const BACKUP_DAYS: u32 = 7;
/// Storage of the largest plans, GiB (doctl reference, `databases resize`: up to 15 TB).
const MOST_STORAGE_GIB: u32 = 15_360;

pub(super) fn add(draft: &mut Draft<'_>, base: &Base) -> Option<Address> {
    let wanted = draft.blueprint.database.as_ref()?;
    check(draft, wanted);
    let database = draft.add(Resource::new(
        Address::new("database", "main"),
        [
            ("engine", "mysql".into()),
            // The only one that is sold, by its major number.
            ("version", "8".into()),
            ("region", draft.region()),
            ("size", wanted.sku.as_str().into()),
            ("nodes", (1 + u32::from(wanted.standby)).into()),
            // As asked for, which the account notes in a tag: a size may come with more, and that is no reason for a change.
            ("storage_gib", wanted.storage_gib.into()),
            ("network", Value::of(&base.network)),
            ("project", Value::of(&base.project)),
            ("trusted", Value::List(vec![Value::of(&base.tag)])),
        ],
    ));
    for number in 1..=wanted.read_replicas {
        draft.add(Resource::new(
            Address::new("read-replica", &number.to_string()),
            [
                ("database", Value::of(&database)),
                ("region", draft.region()),
                ("size", wanted.sku.as_str().into()),
                ("storage_gib", wanted.storage_gib.into()),
                ("network", Value::of(&base.network)),
            ],
        ));
    }
    Some(database)
}

fn check(draft: &mut Draft<'_>, wanted: &DatabaseBlueprint) {
    let version = wanted.version.as_str();
    if wanted.engine != "mysql" || !(version == "8" || version == "8.0" || version.starts_with("8.0.")) {
        let why = format!(
            "Managed MySQL is sold as version 8 (8.0); {} {version} is not, or as a preview only; set database.version to \"8.0\"",
            wanted.engine
        );
        draft.object("database.version", why);
    }
    if wanted.backup_days > BACKUP_DAYS {
        let why = format!(
            "Managed MySQL keeps backups for {BACKUP_DAYS} days, which cannot be changed, not {}; lower resilience.backups.keep",
            wanted.backup_days
        );
        draft.object("backups", why);
    }
    if wanted.standby && wanted.sku.ends_with("-1vcpu-1gb") {
        let why = format!("{} is sold without a standby; take a size of 2 GB or more", wanted.sku);
        draft.object("resilience.database_standby", why);
    }
    if wanted.storage_gib > MOST_STORAGE_GIB {
        let why = format!(
            "Managed MySQL has {MOST_STORAGE_GIB} GiB of storage at most, not {}",
            wanted.storage_gib
        );
        draft.object("database.storage", why);
    }
    let Some(memory_gib) = wanted.memory_gib else { return };
    let most = connections(memory_gib);
    if wanted.max_connections > most {
        let why = format!(
            "max_connections cannot be set, and {} takes about {most}, not {}; lower database.max_connections or take a larger size",
            wanted.sku, wanted.max_connections
        );
        draft.object("database.max_connections", why);
    }
    // How much of the memory the buffer pool gets is not stated; all of it is certainly too much.
    if wanted.buffer_pool_bytes as f64 >= memory_gib * GIB {
        let why = format!(
            "the buffer pool cannot be set, and {} has {memory_gib} GiB of memory in all, not more than the {:.1} GiB asked for; \
             lower database.buffer_pool or take a larger size",
            wanted.sku,
            wanted.buffer_pool_bytes as f64 / GIB
        );
        draft.object("database.buffer_pool", why);
    }
}

/// 75 for each GiB below 4 GiB and 100 from there on, as the price book has it.
fn connections(memory_gib: f64) -> u32 {
    let each = if memory_gib < 4.0 { 75.0 } else { 100.0 };
    // Casting saturates.
    (memory_gib * each) as u32
}
