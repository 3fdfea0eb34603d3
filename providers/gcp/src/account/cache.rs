//! Caches: Memorystore for Valkey and for Redis, one kind with two products behind it. Each takes one change at a time.

use google_cloud_gax::paginator::ItemPaginator as _;
use google_cloud_memorystore_v1::model as valkey;
use google_cloud_redis_v1::model as redis;
use google_cloud_wkt::FieldMask;
use loadline_contract::by_kind::{Found, Making};
use loadline_contract::deploy::{CloudError, ErrorClass, State, Value};
use serde_json::{Value as Json, json};

use super::clients::{Clients, patient};
use super::errors::failed;
use super::form::{self, Field, Form, path, text, word};
use super::marks::{self, Owned};
use super::network::{BY_CONNECTION, BY_POLICY};
use super::orders::{Operation, Orders};
use super::{compute, differing};
use crate::names;

/// What stands before the path of a cache in its id: the two products name theirs alike, and one of them is known to monitoring
/// by its bare path.
const VALKEY: &str = "//memorystore.googleapis.com/";
const REDIS: &str = "//redis.googleapis.com/";

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
const OF_VALKEY: &[Field] = &[
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
const OF_REDIS: &[Field] = &[
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

fn place(it: &Clients) -> String {
    format!("projects/{}/locations/{}", it.project, it.region)
}

pub(super) async fn caches(it: &Clients) -> Result<Vec<Owned>, CloudError> {
    let mut all = Vec::new();
    let mut items = patient(it.memorystore.list_instances().set_parent(place(it))).by_item();
    while let Some(item) = items.next().await {
        let cache = item.map_err(failed("looking for caches (memorystore.instances.list)"))?;
        if let Some((deployment, address)) = marks::owner("cache", &cache.labels) {
            let of = of_valkey(&compute::json(&cache)?, cache.state.name().unwrap_or_default());
            all.push((deployment, Found { address, ..of }));
        }
    }
    let mut items = patient(it.redis.list_instances().set_parent(place(it))).by_item();
    while let Some(item) = items.next().await {
        let cache = item.map_err(failed("looking for caches (redis.instances.list)"))?;
        if let Some((deployment, address)) = marks::owner("cache", &cache.labels) {
            let of = of_redis(&compute::json(&cache)?, cache.state.name().unwrap_or_default());
            all.push((deployment, Found { address, ..of }));
        }
    }
    Ok(all)
}

fn found(id: &str, state: &str, product: &str, settings: std::collections::BTreeMap<String, Value>) -> Found {
    let state = match state {
        "READY" | "ACTIVE" => State::Ready,
        "DELETING" => State::Leaving,
        _ => State::Changing,
    };
    let mut found =
        Found::new(crate::translate::addresses::cache(), Some(id), state, [("product", product.into())]);
    found.settings.extend(settings);
    found
}

fn of_valkey(json: &Json, state: &str) -> Found {
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

fn of_redis(json: &Json, state: &str) -> Found {
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

fn written<'a>(fields: &[Field], settings: impl IntoIterator<Item = (&'a String, &'a Value)>) -> Json {
    let mut body = json!({});
    settings.into_iter().for_each(|(setting, value)| form::write(fields, setting, value, &mut body));
    body
}

pub(super) async fn create(
    it: &Clients,
    making: &Making<'_>,
    id: String,
) -> Result<Option<Operation>, CloudError> {
    let (name, settings) = (names::name(making.deployment, making.address), &making.settings);
    if settings.text("product")? == "redis" {
        let mut body = written(OF_REDIS, settings.iter());
        body["labels"] = json!(marks::labels(making));
        let asked = it.redis.create_instance().set_parent(place(it)).set_instance_id(name);
        let asked = asked.set_instance(compute::model::<redis::Instance>(body)?).send().await;
        let doing = format!("creating {} (redis.instances.create)", making.address);
        return asked.map(|it| Some(Operation::Redis(it.name))).map_err(failed(doing));
    }
    let mut body = written(OF_VALKEY, settings.iter());
    body["labels"] = json!(marks::labels(making));
    form::put(&mut body, "endpoints.0.connections.0.pscAutoConnection.projectId", json!(it.project));
    let asked =
        it.memorystore.create_instance().set_parent(place(it)).set_instance_id(name).set_request_id(id);
    let asked = asked.set_instance(compute::model::<valkey::Instance>(body)?).send().await;
    let doing = format!("creating {} (memorystore.instances.create)", making.address);
    asked.map(|it| Some(Operation::Memorystore(it.name))).map_err(failed(doing))
}

/// Which field of the API a setting belongs to: what a mask names.
fn field(fields: &[Field], setting: &str) -> Option<String> {
    let (_, path, _) = fields.iter().find(|(name, ..)| *name == setting)?;
    let field = path.split('.').next().unwrap_or(path);
    let snake = field.chars().flat_map(|letter| {
        let upper = letter.is_ascii_uppercase();
        upper.then_some('_').into_iter().chain([letter.to_ascii_lowercase()])
    });
    Some(snake.collect())
}

/// What is still to be changed, and has not been asked for under this intent.
fn remaining<'a>(
    orders: &Orders,
    making: &'a Making<'_>,
    found: &'a Found,
) -> Option<(usize, &'a str, &'a Value)> {
    let settings: Vec<&String> = making.settings.iter().map(|(name, _)| name).collect();
    let mut differing = differing(making, found).filter_map(|(setting, value)| {
        let part = settings.iter().position(|name| *name == setting)?;
        (!orders.has_done(making.token, part)).then_some((part, setting.as_str(), value))
    });
    differing.next()
}

pub(super) fn goes_on(orders: &Orders, making: &Making<'_>, found: &Found) -> bool {
    found.state == State::Ready && remaining(orders, making, found).is_some()
}

/// Changes one setting that differs; the next look goes on with the others.
pub(super) async fn change(
    it: &Clients,
    orders: &Orders,
    making: &Making<'_>,
    found: &Found,
    id: String,
) -> Result<Option<Operation>, CloudError> {
    let Some((part, setting, value)) = remaining(orders, making, found) else { return Ok(None) };
    let operation = if let Some(name) = found.id.strip_prefix(REDIS) {
        change_redis(it, making, name, (setting, value)).await?
    } else {
        let name = found.id.strip_prefix(VALKEY).unwrap_or(&found.id);
        let owned = setting.to_owned();
        let mut body = written(OF_VALKEY, [(&owned, value)]);
        body["name"] = json!(name);
        let mask = FieldMask::default().set_paths(field(OF_VALKEY, setting));
        let asked = it.memorystore.update_instance().set_instance(compute::model::<valkey::Instance>(body)?);
        let asked = asked.set_update_mask(mask).set_request_id(id).send().await;
        let doing = format!("changing {setting} of {} (memorystore.instances.patch)", making.address);
        Operation::Memorystore(asked.map_err(failed(doing))?.name)
    };
    orders.did(making.token, part);
    Ok(Some(operation))
}

async fn change_redis(
    it: &Clients,
    making: &Making<'_>,
    name: &str,
    (setting, value): (&str, &Value),
) -> Result<Operation, CloudError> {
    if setting == "redis_version" {
        let asked =
            it.redis.upgrade_instance().set_name(name).set_redis_version(value.to_string()).send().await;
        let doing = format!("upgrading {} (redis.instances.upgrade)", making.address);
        return asked.map(|it| Operation::Redis(it.name)).map_err(failed(doing));
    }
    let owned = setting.to_owned();
    let mut body = written(OF_REDIS, [(&owned, value)]);
    body["name"] = json!(name);
    let mask = FieldMask::default().set_paths(field(OF_REDIS, setting));
    let asked = it.redis.update_instance().set_instance(compute::model::<redis::Instance>(body)?);
    let asked = asked.set_update_mask(mask).send().await;
    let doing = format!("changing {setting} of {} (redis.instances.patch)", making.address);
    asked.map(|it| Operation::Redis(it.name)).map_err(failed(doing))
}

/// Lifts the protection of this one, or removes it where none is left.
pub(super) async fn remove(
    it: &Clients,
    found: &Found,
    [lift, id]: [String; 2],
) -> Result<Option<Operation>, CloudError> {
    if let Some(name) = found.id.strip_prefix(REDIS) {
        let asked = it.redis.delete_instance().set_name(name).send().await;
        let doing = format!("removing {} (redis.instances.delete)", found.address);
        return asked.map(|it| Some(Operation::Redis(it.name))).map_err(failed(doing));
    }
    let name = found.id.strip_prefix(VALKEY).ok_or_else(|| {
        let said = format!("`{}` is no cache of Memorystore", found.id);
        CloudError::new(ErrorClass::Unexpected, format!("removing {}", found.address), said)
            .hint("please report this")
    })?;
    if found.settings.get("deletion_protection_enabled") == Some(&Value::Flag(true)) {
        let body = json!({ "name": name, "deletionProtectionEnabled": false });
        let mask = FieldMask::default().set_paths(["deletion_protection_enabled"]);
        let asked = it.memorystore.update_instance().set_instance(compute::model::<valkey::Instance>(body)?);
        let asked = asked.set_update_mask(mask).set_request_id(lift).send().await;
        let doing = format!("lifting the protection of {} (memorystore.instances.patch)", found.address);
        return asked.map(|it| Some(Operation::Memorystore(it.name))).map_err(failed(doing));
    }
    let asked = it.memorystore.delete_instance().set_name(name).set_request_id(id).send().await;
    let doing = format!("removing {} (memorystore.instances.delete)", found.address);
    asked.map(|it| Some(Operation::Memorystore(it.name))).map_err(failed(doing))
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
