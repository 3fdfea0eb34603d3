//! Caches: Memorystore for Valkey and for Redis, one kind with two products behind it. Each takes one change at a time.

mod products;

use google_cloud_gax::paginator::ItemPaginator as _;
use google_cloud_memorystore_v1::model as valkey;
use google_cloud_redis_v1::model as redis;
use google_cloud_wkt::FieldMask;
use loadline_contract::by_kind::{Found, Making};
use loadline_contract::deploy::{CloudError, ErrorClass, State, Value};
use serde_json::{Value as Json, json};

use super::clients::{Clients, patient};
use super::errors::failed;
use super::form::{self, Field};
use super::marks::{self, Owned};
use super::network::BY_POLICY;
use super::operation::Operation;
use super::orders::Orders;
use super::{compute, differing};
use crate::names;
use crate::translate::addresses;
use products::{OF_REDIS, OF_VALKEY, REDIS, VALKEY, field, of_redis, of_valkey};

fn place(it: &Clients) -> String {
    format!("projects/{}/locations/{}", it.project, it.region)
}

pub(super) async fn caches(it: &Clients) -> Result<Vec<Owned>, CloudError> {
    let mut all = Vec::new();
    let mut items = patient(it.memorystore.list_instances().set_parent(place(it))).by_item();
    while let Some(item) = items.next().await {
        let cache = item.map_err(failed("looking for caches (memorystore.instances.list)"))?;
        if let Some((deployment, address)) = marks::owner("cache", &cache.labels) {
            let mut of = of_valkey(&compute::json(&cache)?, cache.state.name().unwrap_or_default());
            if of.state == State::Changing && !of.settings.contains_key("network") {
                // One that is being made shows its endpoints later; it can have been asked for in no other network.
                let network = names::name(&deployment, &addresses::network());
                let network = format!("{BY_POLICY}projects/{}/global/networks/{network}", it.project);
                of.set("network", network.into());
            }
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
