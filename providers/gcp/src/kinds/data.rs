//! The kinds that hold data, and the secret that opens the database.

use loadline_contract::deploy::{Billed, Contents, KindRule, Survivor, fixed, growing, ignored};

use super::API;

/// Days that the last backup of a removed database is kept.
pub(crate) const FINAL_BACKUP_DAYS: u32 = 30;

/// A secret without a setting for what it holds: the account makes the password and nobody else sees it.
pub(super) const PASSWORD: KindRule = KindRule {
    kind: "password",
    title: "secret with the database password",
    settings: &[fixed("replica_locations")],
    contents: Contents::Nothing,
    billed: Billed::Free,
    minutes: [0.1, 0.1, 0.1],
    permissions: [
        &["secretmanager.secrets.list", "secretmanager.versions.list"],
        &[API, "secretmanager.secrets.create", "secretmanager.secrets.get", "secretmanager.versions.add"],
        &["secretmanager.versions.add"],
        &["secretmanager.secrets.delete"],
    ],
};

/// After a failover the zones have changed places, so they hold for the first moment only. A new password secret is a new
/// password: `root_password` changes in place.
pub(super) const DATABASE: KindRule = KindRule {
    kind: "database",
    title: "Cloud SQL for MySQL",
    settings: &[
        fixed("private_network"),
        fixed("disk_type"),
        growing("disk_size_gb"),
        ignored("zone"),
        ignored("secondary_zone"),
    ],
    contents: Contents::Data(Some(Survivor {
        what: "final backup",
        storage_setting: Some("disk_size_gb"),
        kept_days: Some(FINAL_BACKUP_DAYS),
    })),
    billed: Billed::Database,
    minutes: [12.0, 6.0, 3.0],
    permissions: [
        &["cloudsql.instances.list"],
        &[
            API,
            "cloudsql.instances.create",
            "cloudsql.instances.get",
            "compute.networks.use",
            "servicenetworking.services.get",
            "secretmanager.versions.access",
        ],
        &[
            "cloudsql.instances.get",
            "cloudsql.instances.update",
            "cloudsql.users.update",
            "secretmanager.versions.access",
        ],
        &[
            "cloudsql.instances.get",
            "cloudsql.instances.update",
            "cloudsql.instances.delete",
            "cloudsql.backupRuns.create",
        ],
    ],
};

/// A copy: whatever is in it is in the database too. It has a zone of its own choice and no backups.
pub(super) const READ_REPLICA: KindRule = KindRule {
    kind: "read-replica",
    title: "Cloud SQL read replica",
    settings: &[
        fixed("database"),
        fixed("private_network"),
        fixed("disk_type"),
        growing("disk_size_gb"),
        fixed("database_version"),
        ignored("zone"),
    ],
    contents: Contents::Nothing,
    billed: Billed::ReadReplica,
    minutes: [12.0, 6.0, 3.0],
    permissions: [
        &["cloudsql.instances.list"],
        &[
            API,
            "cloudsql.instances.create",
            "cloudsql.instances.get",
            "compute.networks.use",
            "servicenetworking.services.get",
        ],
        &["cloudsql.instances.get", "cloudsql.instances.update"],
        &["cloudsql.instances.get", "cloudsql.instances.update", "cloudsql.instances.delete"],
    ],
};

/// Two products stand behind it, told apart by `product`.
pub(super) const CACHE: KindRule = KindRule {
    kind: "cache",
    title: "Memorystore",
    settings: &[
        fixed("product"),
        fixed("network"),
        fixed("transit_encryption_mode"),
        // Memorystore for Redis.
        fixed("tier"),
        fixed("connect_mode"),
        fixed("location_id"),
        fixed("alternative_location_id"),
        // Memorystore for Valkey.
        fixed("mode"),
        fixed("authorization_mode"),
        fixed("zone_distribution"),
    ],
    contents: Contents::Data(None),
    billed: Billed::Cache,
    minutes: [8.0, 6.0, 4.0],
    permissions: [
        &["redis.instances.list", "memorystore.instances.list"],
        &[
            API,
            "redis.instances.create",
            "redis.operations.get",
            "memorystore.instances.create",
            "memorystore.operations.get",
            "compute.networks.use",
            "servicenetworking.services.get",
        ],
        &[
            "redis.instances.update",
            "redis.instances.upgrade",
            "redis.operations.get",
            "memorystore.instances.update",
            "memorystore.operations.get",
        ],
        &[
            "redis.instances.delete",
            "redis.operations.get",
            "memorystore.instances.update",
            "memorystore.instances.delete",
            "memorystore.operations.get",
        ],
    ],
};
