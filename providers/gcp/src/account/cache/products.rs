//! How the two products of Memorystore are written and read.

use std::collections::BTreeMap;

use google_cloud_memorystore_v1::model as valkey;
use google_cloud_redis_v1::model as redis;
use loadline_contract::by_kind::Found;
use loadline_contract::deploy::{State, Value};
use serde_json::Value as Json;

use crate::account::form::{self, Field, Form, path, text, word};
use crate::account::network::{BY_CONNECTION, BY_POLICY};
use crate::translate::addresses;

/// What stands before the path of a cache in its id: the two products name theirs alike, and one of them is known to monitoring
/// by its bare path.
pub(super) const VALKEY: &str = "//memorystore.googleapis.com/";
pub(super) const REDIS: &str = "//redis.googleapis.com/";

const ZONES: &[Field] = &[
    ("mode", "mode", word!(valkey::zone_distribution_config::ZoneDistributionMode)),
    ("zone", "zone", Form::Text),
];
const BACKUPS: &[Field] = &[
    (
        "automated_backup_mode",
        "automatedBackupMode",
        word!(valkey::automated_backup_config::AutomatedBackupMode),
    ),
    ("start_hour", "fixedFrequencySchedule.startTime.hours", Form::Natural),
    ("retention", "retention", Form::Text),
];
pub(super) const OF_VALKEY: &[Field] = &[
    ("engine_version", "engineVersion", Form::Text),
    ("node_type", "nodeType", word!(valkey::instance::NodeType)),
    ("mode", "mode", word!(valkey::instance::Mode)),
    ("shard_count", "shardCount", Form::Count),
    ("replica_count", "replicaCount", Form::Natural),
    ("zone_distribution", "zoneDistributionConfig", Form::Fields(ZONES)),
    ("network", "endpoints.0.connections.0.pscAutoConnection.network", Form::Via(BY_POLICY)),
    ("transit_encryption_mode", "transitEncryptionMode", word!(valkey::instance::TransitEncryptionMode)),
    ("authorization_mode", "authorizationMode", word!(valkey::instance::AuthorizationMode)),
    ("engine_configs", "engineConfigs", Form::Entries),
    ("persistence_mode", "persistenceConfig.mode", word!(valkey::persistence_config::PersistenceMode)),
    ("automated_backup", "automatedBackupConfig", Form::Fields(BACKUPS)),
    ("deletion_protection_enabled", "deletionProtectionEnabled", Form::Flag),
];
pub(super) const OF_REDIS: &[Field] = &[
    ("redis_version", "redisVersion", Form::Text),
    ("tier", "tier", word!(redis::instance::Tier)),
    ("memory_size_gb", "memorySizeGb", Form::Count),
    ("network", "authorizedNetwork", Form::Via(BY_CONNECTION)),
    ("connect_mode", "connectMode", word!(redis::instance::ConnectMode)),
    ("auth_enabled", "authEnabled", Form::Flag),
    ("transit_encryption_mode", "transitEncryptionMode", word!(redis::instance::TransitEncryptionMode)),
    ("redis_configs", "redisConfigs", Form::Entries),
    (
        "persistence_mode",
        "persistenceConfig.persistenceMode",
        word!(redis::persistence_config::PersistenceMode),
    ),
    ("location_id", "locationId", Form::Text),
    ("alternative_location_id", "alternativeLocationId", Form::Text),
];

fn found(id: &str, state: &str, product: &str, settings: BTreeMap<String, Value>) -> Found {
    let state = match state {
        "READY" | "ACTIVE" => State::Ready,
        "DELETING" => State::Leaving,
        _ => State::Changing,
    };
    let mut found = Found::new(addresses::cache(), Some(id), state, [("product", product.into())]);
    found.settings.extend(settings);
    found
}

/// One of that product, of whichever deployment.
pub(super) fn of_valkey(json: &Json, state: &str) -> Found {
    let name = path(text(json, "name"));
    let mut found = found(&format!("{VALKEY}{name}"), state, "valkey", form::read(OF_VALKEY, json));
    if let Some(Value::Map(backup)) = found.settings.get_mut("automated_backup")
        && backup.get("automated_backup_mode") == Some(&"DISABLED".into())
    {
        backup.retain(|name, _| name == "automated_backup_mode");
    }
    let connection = form::at(json, "endpoints.0.connections.0.pscAutoConnection");
    let reached =
        connection.map(|it| reached(text(it, "ipAddress"), form::number(it, "port"))).unwrap_or_default();
    found.output("monitored_id", Some(form::last(name))).output("address", reached.as_deref())
}

/// One of that product, of whichever deployment.
pub(super) fn of_redis(json: &Json, state: &str) -> Found {
    let name = path(text(json, "name"));
    let mut found = found(&format!("{REDIS}{name}"), state, "redis", form::read(OF_REDIS, json));
    if found.settings.get("tier") == Some(&"BASIC".into()) {
        found.settings.remove("alternative_location_id");
    }
    let reached = reached(text(json, "host"), form::number(json, "port"));
    found.output("monitored_id", Some(name)).output("address", reached.as_deref())
}

/// Where people and machines connect.
fn reached(host: &str, port: Option<i64>) -> Option<String> {
    // Endpoints of Valkey listen where every cache does, and say so only sometimes.
    (!host.is_empty()).then(|| format!("{host}:{}", port.unwrap_or(6379)))
}

/// Which field of the API a setting belongs to: what a mask names.
pub(super) fn field(fields: &[Field], setting: &str) -> Option<String> {
    let (_, path, _) = fields.iter().find(|(name, ..)| *name == setting)?;
    let field = path.split('.').next().unwrap_or(path);
    let snake = field.chars().flat_map(|letter| {
        let upper = letter.is_ascii_uppercase();
        upper.then_some('_').into_iter().chain([letter.to_ascii_lowercase()])
    });
    Some(snake.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_names_the_field_that_a_setting_stands_in() {
        assert_eq!(field(OF_VALKEY, "automated_backup").as_deref(), Some("automated_backup_config"));
        assert_eq!(field(OF_REDIS, "persistence_mode").as_deref(), Some("persistence_config"));
        assert_eq!(field(OF_REDIS, "product"), None);
    }
}
