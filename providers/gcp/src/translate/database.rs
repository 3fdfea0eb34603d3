//! The database: Cloud SQL for MySQL, reached from inside the network only, and the secret that holds its password.

use loadline_contract::deploy::{Blueprint, DatabaseBlueprint, Objection, Resource, Value};

use crate::kinds::FINAL_BACKUP_DAYS;

use super::{Part, addresses, objection, unless};

/// Versions that are sold, as `database.book` and the Cloud SQL Admin API name them.
const VERSIONS: [(&str, &str); 3] = [("8.0", "MYSQL_8_0"), ("8.4", "MYSQL_8_4"), ("9.7", "MYSQL_9_7")];
/// Automated backups that can be kept, one a day (Cloud SQL documentation, "Backup options": one year).
const MOST_BACKUPS: u32 = 365;
/// Storage of an instance, GB (Cloud SQL Admin API, `dataDiskSizeGb`; Cloud SQL documentation, "Quotas and limits": 64 TB).
const STORAGE_GB: (u32, u32) = (10, 65_536);
/// I/O operations a second that each GiB of SSD storage bears (persistent disk documentation, "Performance limits").
const IOPS_PER_GIB: u32 = 30;
/// InnoDB takes about a tenth more than its buffer pool for what describes it (cloud.google.com/mysql/memory-usage).
const POOL_OVERHEAD: f64 = 1.1;
const BYTES_PER_GIB: f64 = 1_073_741_824.0;

/// An edition of Cloud SQL, and how long it keeps the logs that point-in-time recovery needs (Cloud SQL documentation,
/// "Editions").
struct Edition {
    name: &'static str,
    log_days: u32,
}

const ENTERPRISE: Edition = Edition { name: "ENTERPRISE", log_days: 7 };
const ENTERPRISE_PLUS: Edition = Edition { name: "ENTERPRISE_PLUS", log_days: 35 };

/// The edition that sells a tier.
fn edition(tier: &str) -> Option<Edition> {
    let enterprise = ["db-custom-", "db-n1-", "db-f1-micro", "db-g1-small"];
    if tier.starts_with("db-perf-optimized-") {
        Some(ENTERPRISE_PLUS)
    } else if enterprise.iter().any(|name| tier.starts_with(name)) {
        Some(ENTERPRISE)
    } else {
        None
    }
}

fn version(database: &DatabaseBlueprint) -> Option<&'static str> {
    let sold = VERSIONS.iter().find(|(version, _)| *version == database.version);
    sold.filter(|_| database.engine == "mysql").map(|(_, name)| *name)
}

pub(super) fn database(blueprint: &Blueprint) -> Part {
    let Some(database) = &blueprint.database else { return Ok(Vec::new()) };
    let mut objections = limits(database);
    let (version, edition) = (version(database), edition(&database.sku));
    if version.is_none() {
        objections.push(objection(
            format!("{} {}", database.engine, database.version),
            "Cloud SQL is built here with mysql 8.0, 8.4 or 9.7; set database.version to one of them",
        ));
    }
    if edition.is_none() {
        objections.push(objection(
            format!("database {}", database.sku),
            "this is no tier of Cloud SQL for MySQL; pin a db-custom-… or db-perf-optimized-N-… tier",
        ));
    }
    let (Some(version), Some(edition)) = (version, edition) else { return Err(objections) };
    objections.extend(backups(database, &edition));
    unless(objections, || {
        let instance = instance(blueprint, database, version, &edition);
        let replicas = (1..=database.read_replicas).map(|number| replica(blueprint, &instance, number));
        let replicas: Vec<Resource> = replicas.collect();
        [vec![password(blueprint), instance], replicas].concat()
    })
}

/// A copy that answers reads: like the instance, without what only a primary has. Replicas are spread over the zones from the
/// last one backwards, so that the first does not share the primary's.
fn replica(blueprint: &Blueprint, instance: &Resource, number: u32) -> Resource {
    const OF_THE_PRIMARY: [&str; 7] = [
        "availability_type",
        "secondary_zone",
        "zone",
        "root_password",
        "backup_configuration",
        "final_backup",
        "maintenance_window",
    ];
    let mut replica = Resource::new(addresses::read_replica(number), [("availability_type", "ZONAL".into())]);
    let same = instance.settings.iter().filter(|(name, _)| !OF_THE_PRIMARY.contains(&name.as_str()));
    replica.settings.extend(same.map(|(name, value)| (name.clone(), value.clone())));
    replica.settings.insert("database".to_owned(), Value::of(&instance.address));
    let zones = blueprint.zones.len();
    if zones > 0 {
        let zone = &blueprint.zones[zones - 1 - (number as usize - 1) % zones];
        replica.settings.insert("zone".to_owned(), zone.as_str().into());
    }
    replica
}

fn limits(database: &DatabaseBlueprint) -> Vec<Objection> {
    let mut objections = Vec::new();
    if database.storage_gib > STORAGE_GB.1 {
        objections.push(objection(
            format!("{} GiB of database storage", database.storage_gib),
            format!("an instance takes at most {}; lower database.storage", STORAGE_GB.1),
        ));
    }
    let enough = database.iops.div_ceil(IOPS_PER_GIB);
    if database.storage_gib.max(STORAGE_GB.0) < enough {
        objections.push(objection(
            format!("{} I/O operations a second", database.iops),
            format!(
                "SSD storage bears {IOPS_PER_GIB} for each GiB, and {} GiB were asked for; set database.storage to \
                 {enough} GiB or more",
                database.storage_gib
            ),
        ));
    }
    // Shared-core tiers refuse more (`database.book`).
    let most = match database.sku.as_str() {
        "db-f1-micro" => 250,
        "db-g1-small" => 1000,
        _ => 100_000,
    };
    if database.max_connections > most {
        objections.push(objection(
            format!("{} connections", database.max_connections),
            format!(
                "{} takes at most {most}; lower database.max_connections or pin another tier",
                database.sku
            ),
        ));
    }
    let pool_gib = database.buffer_pool_bytes as f64 / BYTES_PER_GIB;
    if let Some(memory_gib) = database.memory_gib.filter(|memory_gib| pool_gib * POOL_OVERHEAD > *memory_gib)
    {
        objections.push(objection(
            format!("a buffer pool of {pool_gib:.1} GiB"),
            format!(
                "with a tenth for InnoDB's own records it does not fit into the {memory_gib} GiB of {}; lower \
                 database.buffer_pool or pin a larger tier",
                database.sku
            ),
        ));
    }
    objections
}

fn backups(database: &DatabaseBlueprint, edition: &Edition) -> Vec<Objection> {
    let days = database.backup_days;
    let mut objections = Vec::new();
    if days > MOST_BACKUPS {
        objections.push(objection(
            format!("backups of {days} days"),
            format!("Cloud SQL keeps at most {MOST_BACKUPS} daily backups; lower resilience.backups.keep"),
        ));
    }
    if days == 0 && database.point_in_time {
        objections.push(objection(
            "restoring to any moment without backups",
            "logs are replayed onto a backup; set resilience.backups.keep to a day or more",
        ));
    }
    if database.point_in_time && days > edition.log_days && days <= MOST_BACKUPS {
        objections.push(objection(
            format!("restoring to any moment of {days} days"),
            format!(
                "the {} edition, which {} belongs to, keeps its logs for {} days; lower resilience.backups.keep, {} \
                 set point_in_time: false to keep older backups as they were each day",
                edition.name,
                database.sku,
                edition.log_days,
                if edition.log_days < ENTERPRISE_PLUS.log_days {
                    "pin a db-perf-optimized-N-… tier (35 days), or"
                } else {
                    "or"
                },
            ),
        ));
    }
    if database.read_replicas > 0 && days == 0 {
        // Cloud SQL documentation, "Create read replicas": the primary needs backups and binary logging.
        objections.push(objection(
            "read replicas without backups",
            "Cloud SQL copies from backups and a binary log; set resilience.backups.keep to a day or more",
        ));
    }
    if database.standby && days == 0 {
        // Cloud SQL documentation, "Enable and disable high availability": it requires backups and binary logging.
        objections.push(objection(
            "a standby without backups",
            "Cloud SQL keeps a standby only beside backups and a binary log; set resilience.backups.keep to a day or more",
        ));
    }
    objections
}

/// What it holds is made by the account and is no setting. Kept in the deployment's own region.
fn password(blueprint: &Blueprint) -> Resource {
    Resource::new(addresses::password(), [("replica_locations", Value::texts([blueprint.region.as_str()]))])
}

fn instance(
    blueprint: &Blueprint,
    database: &DatabaseBlueprint,
    version: &str,
    edition: &Edition,
) -> Resource {
    let mut instance = Resource::new(
        addresses::database(),
        [
            ("database_version", version.into()),
            // Without it 9.7 would be Enterprise Plus (`database.book`).
            ("edition", edition.name.into()),
            ("tier", database.sku.as_str().into()),
            ("availability_type", if database.standby { "REGIONAL" } else { "ZONAL" }.into()),
            ("disk_type", "PD_SSD".into()),
            ("disk_size_gb", database.storage_gib.max(STORAGE_GB.0).into()),
            // Storage never shrinks: grown by itself it would be larger than planned for ever, and than the bill.
            ("storage_auto_resize", false.into()),
            // The network, by way of the connection that has to be there first.
            ("private_network", Value::output(&addresses::service_connection(), "network")),
            ("ipv4_enabled", false.into()),
            ("ssl_mode", "ENCRYPTED_ONLY".into()),
            ("root_password", Value::of(&addresses::password())),
            ("database_flags", flags(database)),
            ("deletion_protection_enabled", true.into()),
            (
                "final_backup",
                Value::map([("enabled", true.into()), ("retention_days", FINAL_BACKUP_DAYS.into())]),
            ),
            (
                // Sunday, 1 to 7 from Monday, UTC.
                "maintenance_window",
                Value::map([
                    ("day", 7_u32.into()),
                    ("hour", 4_u32.into()),
                    ("update_track", "stable".into()),
                ]),
            ),
        ],
    );
    instance.settings.insert("backup_configuration".to_owned(), backup(database, edition));
    let places = ["zone", "secondary_zone"].into_iter().zip(&blueprint.zones);
    for (setting, zone) in places.take(if database.standby { 2 } else { 1 }) {
        instance.settings.insert(setting.to_owned(), zone.as_str().into());
    }
    instance
}

/// A standby and a read replica need the binary log as well; a restore to any moment is then possible without having been asked for.
fn backup(database: &DatabaseBlueprint, edition: &Edition) -> Value {
    if database.backup_days == 0 {
        return Value::map([("enabled", false.into()), ("binary_log_enabled", false.into())]);
    }
    if !(database.point_in_time || database.standby || database.read_replicas > 0) {
        return Value::map([
            ("enabled", true.into()),
            ("start_time", "03:00".into()),
            ("retained_backups", database.backup_days.into()),
            ("binary_log_enabled", false.into()),
        ]);
    }
    Value::map([
        ("enabled", true.into()),
        ("start_time", "03:00".into()),
        ("retained_backups", database.backup_days.into()),
        ("binary_log_enabled", true.into()),
        ("transaction_log_retention_days", database.backup_days.min(edition.log_days).into()),
    ])
}

/// All flags that are set, as text: the API knows no other kind. What is not here is as Cloud SQL has it.
fn flags(database: &DatabaseBlueprint) -> Value {
    Value::map([
        ("innodb_buffer_pool_size", database.buffer_pool_bytes.to_string().into()),
        // A commit that was answered survives a crash: both at 1 (MySQL manual, "innodb_flush_log_at_trx_commit").
        ("innodb_flush_log_at_trx_commit", "1".into()),
        ("sync_binlog", "1".into()),
        ("max_connections", database.max_connections.to_string().into()),
        // Written to the log that Cloud Logging reads (Cloud SQL documentation, "Database flags").
        ("log_output", "FILE".into()),
        ("slow_query_log", "on".into()),
        ("long_query_time", "1".into()),
    ])
}
