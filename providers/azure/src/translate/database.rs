//! The database: Azure Database for MySQL, Flexible Server, reachable from inside the network only; its parameters, its password and
//! the lock that keeps it from being deleted by mistake.

use std::collections::BTreeMap;

use loadline_contract::deploy::{Address, DatabaseBlueprint, Resource, Value};

use super::Draft;
use super::network::Network;
use crate::names;

const GIB: f64 = 1_073_741_824.0;
/// A server keeps backups for 1 to 35 days and has 20 GiB of storage at least (Azure docs, "Flexible Server service tiers").
const MOST_BACKUP_DAYS: u32 = 35;
const LEAST_STORAGE_GIB: u32 = 20;

/// A size of the product: tier and vCores.
struct Size {
    tier: &'static str,
    most_storage_gib: u32,
    /// I/O operations a second that the size can be given; `None`: no source states it.
    most_iops: Option<u32>,
}

pub(super) fn add(draft: &mut Draft<'_>, network: &Network) -> Option<Address> {
    let blueprint = draft.blueprint;
    let (wanted, subnet) = (blueprint.database.as_ref()?, network.database.as_ref()?);
    let version = version(draft, wanted)?;
    let size = size(draft, &wanted.sku)?;
    check(draft, wanted, &size);
    let (zone, link) = private_name(draft, network);
    let vault = draft.add(Resource::new(
        Address::new("vault", "main"),
        [
            ("sku", "standard".into()),
            ("authorization", "rbac".into()),
            // The shortest there is: until then nobody else can take the name.
            ("soft_delete_days", 7_u32.into()),
        ],
    ));
    let password =
        draft.add_inside(Resource::new(Address::new("secret", "database"), [("vault", Value::of(&vault))]));
    let two = blueprint.zones.len() > 1;
    let (mode, second) = match (wanted.standby, two) {
        (false, _) => ("Disabled", None),
        (true, true) => ("ZoneRedundant", blueprint.zones.get(1)),
        (true, false) => ("SameZone", blueprint.zones.first()),
    };
    let mut database = Resource::new(
        Address::new("database", "main"),
        [
            ("sku", wanted.sku.as_str().into()),
            ("tier", size.tier.into()),
            ("version", version.into()),
            ("storage_gib", wanted.storage_gib.max(LEAST_STORAGE_GIB).into()),
            ("iops", iops(wanted, &size).into()),
            // A server with a standby always grows by itself; one without could pass what was priced.
            ("auto_grow", if wanted.standby { "Enabled" } else { "Disabled" }.into()),
            ("high_availability", mode.into()),
            // Backups cannot be switched off.
            ("backup_days", wanted.backup_days.clamp(1, MOST_BACKUP_DAYS).into()),
            ("subnet", Value::of(subnet)),
            ("dns_zone", Value::of(&zone)),
            ("dns_link", Value::of(&link)),
            ("password", Value::of(&password)),
        ],
    );
    let zones = [("zone", blueprint.zones.first()), ("standby_zone", second)];
    for (setting, zone) in zones {
        if let Some(zone) = zone {
            database.settings.insert(setting.to_owned(), zone.as_str().into());
        }
    }
    let replicas = replicas(draft, wanted, &size, &database);
    let database = draft.add(database);
    for replica in replicas {
        let replica = draft.add(replica);
        draft.add_inside(Resource::new(
            Address::new("db-parameters", &format!("replica-{}", replica.name())),
            [("database", Value::of(&replica)), ("parameters", Value::Map(parameters(wanted)))],
        ));
    }
    draft.add_inside(Resource::new(
        Address::new("db-parameters", "main"),
        [("database", Value::of(&database)), ("parameters", Value::Map(parameters(wanted)))],
    ));
    draft.add_inside(Resource::new(
        Address::new("lock", "database"),
        [("target", Value::of(&database)), ("level", "CanNotDelete".into())],
    ));
    Some(database)
}

/// Copies that answer reads: like the server, without what only a source has. They follow the parameters of the source only in
/// part, so each gets its own.
fn replicas(
    draft: &mut Draft<'_>,
    wanted: &DatabaseBlueprint,
    size: &Size,
    database: &Resource,
) -> Vec<Resource> {
    const SAME: [&str; 8] =
        ["sku", "tier", "storage_gib", "iops", "auto_grow", "subnet", "dns_zone", "dns_link"];
    if wanted.read_replicas > 0 && size.tier == "Burstable" {
        // Azure docs, "Read replicas in Azure Database for MySQL": General Purpose and Business Critical only.
        let why =
            format!("{} is of the Burstable tier, which has no read replicas; pin a larger size", wanted.sku);
        draft.object("database.read_replicas", why);
    }
    (1..=wanted.read_replicas)
        .map(|number| {
            let mut replica = Resource::new(
                Address::new("read-replica", &number.to_string()),
                [("database", Value::of(&database.address))],
            );
            let same = database.settings.iter().filter(|(name, _)| SAME.contains(&name.as_str()));
            replica.settings.extend(same.map(|(name, value)| (name.clone(), value.clone())));
            replica
        })
        .collect()
}

/// The zone that holds the server's private name, and its link to the network. It must not be named like the server (Azure docs,
/// "Private network access for MySQL").
fn private_name(draft: &mut Draft<'_>, network: &Network) -> (Address, Address) {
    let address = Address::new("dns-zone", "database");
    let name = format!(
        "{}.private.mysql.database.azure.com",
        names::name(&draft.blueprint.deployment, &address, "")
    );
    let zone = draft.add(Resource::new(address, [("name", name.into())]));
    let link = link(draft, "database", &zone, network);
    (zone, link)
}

/// The link that lets a network see a private zone.
pub(super) fn link(draft: &mut Draft<'_>, name: &str, zone: &Address, network: &Network) -> Address {
    draft.add_inside(Resource::new(
        Address::new("dns-link", name),
        [("zone", Value::of(zone)), ("network", Value::of(&network.network))],
    ))
}

fn version(draft: &mut Draft<'_>, wanted: &DatabaseBlueprint) -> Option<&'static str> {
    match (wanted.engine.as_str(), wanted.version.as_str()) {
        ("mysql", version) if version == "8.4" || version.starts_with("8.4.") => Some("8.4"),
        // The API's word for the newest 8.0.
        ("mysql", version) if version == "8" || version == "8.0" || version.starts_with("8.0.") => {
            Some("8.0.21")
        }
        (engine, version) => {
            let why =
                format!("Flexible Server is set up here for MySQL 8.0 and 8.4, not for {engine} {version}");
            draft.object("database.version", why);
            None
        }
    }
}

/// What a size is: `Standard_D8ds_v4` is General Purpose with 8 vCores. Storage and I/O operations are those of "Flexible Server service
/// tiers" in the Azure docs.
fn size(draft: &mut Draft<'_>, sku: &str) -> Option<Size> {
    let rest = sku.strip_prefix("Standard_").unwrap_or_default();
    let numbered = rest.trim_start_matches(|letter: char| letter.is_ascii_alphabetic());
    let digits: String = numbered.chars().take_while(char::is_ascii_digit).collect();
    let vcores = digits.parse().unwrap_or(0_u32);
    let upto = |table: &[(u32, u32)]| table.iter().find(|(most, _)| vcores <= *most).map(|(_, iops)| *iops);
    match rest.chars().next() {
        Some('B') => {
            let iops = [("B1s", 320), ("B1ms", 640), ("B2s", 1280), ("B2ms", 1700)];
            let most_iops = iops.iter().find(|(name, _)| *name == rest).map(|(_, iops)| *iops);
            Some(Size { tier: "Burstable", most_storage_gib: 16_384, most_iops })
        }
        Some('D') => {
            let most_iops = upto(&[(2, 3200), (4, 6400), (8, 12_800), (64, 20_000)]);
            Some(Size { tier: "GeneralPurpose", most_storage_gib: 16_384, most_iops })
        }
        Some('E') => {
            let table =
                [(2, 5000), (4, 10_000), (8, 18_000), (20, 28_000), (32, 38_000), (48, 48_000), (64, 64_000)];
            // What the portal calls Business Critical.
            Some(Size { tier: "MemoryOptimized", most_storage_gib: 32_768, most_iops: upto(&table) })
        }
        _ => {
            let why = format!(
                "`{sku}` is no size of a Flexible Server (Single Server ended on 2024-09-16); take one such as Standard_D8ds_v4"
            );
            draft.object("database", why);
            None
        }
    }
}

/// I/O operations a second: what is needed, or what comes with the storage where that is more: 300 and 3 for each GiB (price book).
fn iops(wanted: &DatabaseBlueprint, size: &Size) -> u32 {
    let included = 300 + 3 * wanted.storage_gib.max(LEAST_STORAGE_GIB);
    let most = size.most_iops.unwrap_or(u32::MAX);
    wanted.iops.max(included).min(most)
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

fn check(draft: &mut Draft<'_>, wanted: &DatabaseBlueprint, size: &Size) {
    if wanted.standby && size.tier == "Burstable" {
        let why = format!("{} is Burstable, which has no standby; take a General Purpose size", wanted.sku);
        draft.object("resilience.database_standby", why);
    }
    if wanted.backup_days > MOST_BACKUP_DAYS {
        let why = format!(
            "a Flexible Server keeps backups for {MOST_BACKUP_DAYS} days at most, not {}; lower resilience.backups.keep",
            wanted.backup_days
        );
        draft.object("backups", why);
    }
    if wanted.storage_gib > size.most_storage_gib {
        let why = format!(
            "{} has {} GiB of storage at most, not {}",
            wanted.sku, size.most_storage_gib, wanted.storage_gib
        );
        draft.object("database.storage", why);
    }
    if let Some(most) = size.most_iops.filter(|most| wanted.iops > *most) {
        let why = format!(
            "{} does {most} I/O operations a second at most, and {} are needed; take a larger size",
            wanted.sku, wanted.iops
        );
        draft.object("database.storage", why);
    }
    let Some(memory_gib) = wanted.memory_gib else { return };
    let most = most_connections(memory_gib);
    if wanted.max_connections > most {
        let why = format!(
            "{} takes {most} connections at most, not {}; lower database.max_connections or take a larger size",
            wanted.sku, wanted.max_connections
        );
        draft.object("database.max_connections", why);
    }
    let most = most_buffer_pool(memory_gib);
    if wanted.buffer_pool_bytes as f64 > most {
        let why = format!(
            "{} takes a buffer pool of {:.1} GiB at most, not {:.1}; lower database.buffer_pool or take a larger size",
            wanted.sku,
            most / GIB,
            wanted.buffer_pool_bytes as f64 / GIB
        );
        draft.object("database.buffer_pool", why);
    }
}

/// 170.7 for each GiB, up to 100,000 (Azure docs, "Server parameters", max_connections).
fn most_connections(memory_gib: f64) -> u32 {
    // Casting saturates.
    (memory_gib * 512.0 / 3.0).round().min(100_000.0) as u32
}

/// Bytes: three quarters of the memory, and less below 16 GiB (Azure docs, "Server parameters", innodb_buffer_pool_size).
fn most_buffer_pool(memory_gib: f64) -> f64 {
    let gib = match memory_gib {
        below if below < 2.0 => 0.125,
        below if below < 4.0 => 0.5,
        below if below < 8.0 => 2.0,
        below if below < 16.0 => 5.0,
        _ => 0.75 * memory_gib,
    };
    gib * GIB
}
