//! The database: RDS for MySQL, its parameters and its subnets.

use std::collections::BTreeMap;

use loadline_contract::deploy::{Address, DatabaseBlueprint, Resource, Value};

use super::Draft;
use super::network::Network;
use super::security::Firewalls;

const MIB: u64 = 1024 * 1024;
/// Worst case of one connection with the defaults of MySQL 8: stack, sort, join, read and binary-log buffers 1.91 MiB, and what
/// RDS counts for the performance schema (RDS User Guide, "Troubleshooting", incompatible-parameters).
const SESSION_BYTES: u64 = 191 * MIB / 100 + 257_700;
/// Log, key and temporary-table buffers beside the buffer pool, with the defaults.
const GLOBAL_BYTES: u64 = 40 * MIB;

/// The smallest and the largest gp3 storage of MySQL, GiB (RDS User Guide, "gp3 storage").
const SMALLEST_GIB: u32 = 20;
const LARGEST_GIB: u32 = 65_536;

/// Settings that a replica has from its database.
const SAME_IN_REPLICAS: &[&str] = &[
    "class",
    "storage_gib",
    "storage_type",
    "iops",
    "deletion_protection",
    "public",
    "parameters",
    "firewalls",
];

pub(super) fn add(draft: &mut Draft<'_>, network: &Network, firewalls: &Firewalls) -> Option<Address> {
    let blueprint = draft.blueprint;
    let (wanted, firewall) = (blueprint.database.as_ref()?, firewalls.database.as_ref()?);
    let family = match (wanted.engine.as_str(), wanted.version.as_str()) {
        ("mysql", version) if version == "8.4" || version.starts_with("8.4.") => "mysql8.4",
        ("mysql", version) if version == "8.0" || version.starts_with("8.0.") => "mysql8.0",
        (engine, version) => {
            let why = format!("RDS is set up here for MySQL 8.0 and 8.4, not for {engine} {version}");
            draft.object("database.version", why);
            return None;
        }
    };
    check(draft, wanted);
    let parameters = draft.add(Resource::new(
        // Its family cannot change while a database uses it.
        Address::new("db-parameters", &family.replace('.', "-")),
        [("family", family.into()), ("parameters", Value::Map(parameters(wanted)))],
    ));
    let subnets = draft.add(Resource::new(
        Address::new("db-subnets", "main"),
        [("subnets", Value::List(network.private.iter().map(Value::of).collect()))],
    ));
    let mut database = Resource::new(
        Address::new("database", "main"),
        [
            ("engine", wanted.engine.as_str().into()),
            ("version", wanted.version.as_str().into()),
            ("class", wanted.sku.as_str().into()),
            ("storage_gib", wanted.storage_gib.max(SMALLEST_GIB).into()),
            ("storage_type", "gp3".into()),
            ("encrypted", true.into()),
            ("multi_az", wanted.standby.into()),
            ("backup_days", wanted.backup_days.into()),
            ("managed_password", true.into()),
            ("deletion_protection", true.into()),
            ("public", false.into()),
            ("parameters", Value::of(&parameters)),
            ("subnets", Value::of(&subnets)),
            ("firewalls", Value::List(vec![Value::of(firewall)])),
        ],
    );
    if let Some(iops) = iops(draft, wanted) {
        database.settings.insert("iops".to_owned(), iops.into());
    }
    let settings = database.settings.clone();
    let address = draft.add(database);
    replicas(draft, wanted, &address, &settings);
    Some(address)
}

/// Copies of the class and storage of the database, with its parameters; they take their engine and their subnets from it.
fn replicas(
    draft: &mut Draft<'_>,
    wanted: &DatabaseBlueprint,
    database: &Address,
    settings: &BTreeMap<String, Value>,
) {
    if wanted.read_replicas > 0 && wanted.backup_days == 0 {
        // RDS User Guide, "Working with DB instance read replicas": automatic backups have to be on.
        let why = "RDS makes read replicas of a database with automated backups only; set resilience.backups.keep to a day or more";
        draft.object("database.read_replicas", why);
    }
    for number in 1..=wanted.read_replicas {
        let mut replica = Resource::new(
            Address::new("read-replica", &number.to_string()),
            [("database", Value::of(database)), ("multi_az", false.into())],
        );
        for same in SAME_IN_REPLICAS {
            if let Some(value) = settings.get(*same) {
                replica.settings.insert((*same).to_owned(), value.clone());
            }
        }
        draft.add(replica);
    }
}

/// Parameters: the connection limit and the buffer pool that the load needs; the two durability settings that a standby and a restore
/// rely on are written down even where they are the default.
fn parameters(wanted: &DatabaseBlueprint) -> BTreeMap<String, Value> {
    let text = |value: u64| Value::Text(value.to_string());
    BTreeMap::from([
        ("innodb_buffer_pool_size".to_owned(), text(wanted.buffer_pool_bytes)),
        ("innodb_flush_log_at_trx_commit".to_owned(), text(1)),
        ("max_connections".to_owned(), text(u64::from(wanted.max_connections))),
        ("sync_binlog".to_owned(), text(1)),
    ])
}

fn check(draft: &mut Draft<'_>, wanted: &DatabaseBlueprint) {
    if wanted.version.matches('.').count() > 1 {
        let why =
            "RDS keeps to the newest patch release by itself; write major and minor version, such as 8.4";
        draft.object("database.version", why);
    }
    if wanted.storage_gib > LARGEST_GIB {
        let why = format!("gp3 storage goes up to {LARGEST_GIB} GiB, not {}", wanted.storage_gib);
        draft.object("database.storage", why);
    }
    if wanted.backup_days > 35 {
        let why = format!(
            "RDS keeps backups for 35 days at most, not {}; lower resilience.backups.keep",
            wanted.backup_days
        );
        draft.object("backups", why);
    }
    if wanted.point_in_time && wanted.backup_days == 0 {
        draft.object(
            "backups",
            "a restore to any moment needs automated backups: keep them for a day at least",
        );
    }
    if let Some(memory_gib) = wanted.memory_gib {
        let needed =
            wanted.buffer_pool_bytes + GLOBAL_BYTES + u64::from(wanted.max_connections) * SESSION_BYTES;
        let allowed = 1.2 * memory_gib * 1024.0 * MIB as f64;
        if needed as f64 > allowed {
            let gib = |bytes: f64| bytes / 1024.0 / MIB as f64;
            let why = format!(
                "RDS puts an instance into the state incompatible-parameters when buffer pool and connections may take more than \
                 1.2 x its memory: {:.1} GiB for {} connections against {:.1} GiB on {}; lower database.max_connections or \
                 database.buffer_pool, or take a larger class",
                gib(needed as f64),
                wanted.max_connections,
                gib(allowed),
                wanted.sku
            );
            draft.object("database.max_connections", why);
        }
    }
}

/// Provisioned IOPS beyond what gp3 comes with; `None`: what it comes with is enough. For MySQL that is 3000 below 400 GiB, where
/// none can be added, and 12,000 from there on, up to 64,000 (RDS User Guide, "gp3 storage").
fn iops(draft: &mut Draft<'_>, wanted: &DatabaseBlueprint) -> Option<u32> {
    let striped = wanted.storage_gib >= 400;
    let included = if striped { 12_000 } else { 3000 };
    if wanted.iops <= included {
        return None;
    }
    if !striped {
        let why = format!(
            "gp3 storage below 400 GiB does 3000 operations a second and no more, and {} are needed; set database.storage to 400 GiB",
            wanted.iops
        );
        draft.object("database.storage", why);
        return None;
    }
    if wanted.iops > 64_000 {
        draft.object(
            "database.storage",
            format!("gp3 storage does 64,000 operations a second at most, not {}", wanted.iops),
        );
        return None;
    }
    Some(wanted.iops)
}
