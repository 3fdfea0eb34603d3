//! Managed Redis: a cluster and its one database, which has no name of its own and no tags.

use std::collections::BTreeMap;

use loadline_contract::by_kind::{Found, Making};
use loadline_contract::deploy::{Address, CloudError, Deployment, State, Value};
use serde_json::{Value as Json, json};

use super::client::Client;
use super::json::{count, said, settings, text};
use super::plain::{Plain, doing};
use super::{ids, marks};

pub(super) const CACHE: Plain = Plain {
    outputs: &[("address", "/properties/hostName")],
    ..Plain::new("cache", "Microsoft.Cache/redisEnterprise", body, read)
};
/// Every cluster has this one (Azure REST API reference, Redis Enterprise, Databases).
const DATABASE: &str = "databases/default";

fn body(making: &Making<'_>) -> Result<Json, CloudError> {
    let wanted = &making.settings;
    Ok(json!({
        "sku": { "name": wanted.text("sku")? },
        "properties": {
            "highAvailability": wanted.text("high_availability")?,
            "minimumTlsVersion": wanted.text("minimum_tls")?,
            "publicNetworkAccess": wanted.text("public_network_access")?,
        },
    }))
}

fn read(row: &Json) -> BTreeMap<String, Value> {
    settings([
        ("sku", said(row, "/sku/name")),
        ("high_availability", said(row, "/properties/highAvailability")),
        ("minimum_tls", said(row, "/properties/minimumTlsVersion")),
        ("public_network_access", said(row, "/properties/publicNetworkAccess")),
    ])
}

/// A cluster takes a change of parts; written whole it would be taken for a creation.
pub(super) async fn change(it: &Client, making: &Making<'_>, found: &Found) -> Result<(), CloudError> {
    let what = doing(making, Some(found));
    let answer = it.patch(&what, &found.id, &body(making)?).await?;
    it.kept(making, &what, &answer);
    Ok(())
}

pub(super) async fn look_databases(it: &Client, deployment: &Deployment) -> Result<Vec<Found>, CloudError> {
    let mut found = Vec::new();
    for cluster in CACHE.look(it, deployment).await? {
        let what = format!("looking for the database of {}", cluster.address);
        for row in it.list(&what, &format!("{}/databases", cluster.id)).await? {
            let id = ids::canonical(text(&row, "/id").unwrap_or_default());
            if id != format!("{}/{DATABASE}", cluster.id) {
                continue;
            }
            let address = Address::new("cache-database", cluster.address.name());
            let mut database = Found::new(address, Some(&id), marks::state(&row), []);
            if cluster.state == State::Leaving {
                database.state = State::Leaving;
            }
            database.settings = read_database(&row);
            database.set("cache", cluster.id.as_str().into());
            found.push(database);
        }
    }
    Ok(found)
}

fn read_database(row: &Json) -> BTreeMap<String, Value> {
    let kept = row.pointer("/properties/persistence/rdbEnabled") == Some(&json!(true));
    let every = if kept { said(row, "/properties/persistence/rdbFrequency") } else { Some("never".into()) };
    settings([
        ("port", count(row, "/properties/port")),
        ("protocol", said(row, "/properties/clientProtocol")),
        ("clustering", said(row, "/properties/clusteringPolicy")),
        ("eviction", said(row, "/properties/evictionPolicy")),
        ("access_keys", said(row, "/properties/accessKeysAuthentication")),
        ("snapshot_every", every),
    ])
}

pub(super) async fn write_database(
    it: &Client,
    making: &Making<'_>,
    there: Option<&Found>,
) -> Result<(), CloudError> {
    let wanted = &making.settings;
    let persistence = match wanted.text("snapshot_every")? {
        "never" => json!({ "rdbEnabled": false, "aofEnabled": false }),
        every => json!({ "rdbEnabled": true, "rdbFrequency": every, "aofEnabled": false }),
    };
    // What changes in place.
    let mut properties = json!({
        "clientProtocol": wanted.text("protocol")?,
        "evictionPolicy": wanted.text("eviction")?,
        "accessKeysAuthentication": wanted.text("access_keys")?,
        "persistence": persistence,
    });
    let (id, what) = (format!("{}/{DATABASE}", wanted.text("cache")?), doing(making, there));
    let answer = if there.is_some() {
        it.patch(&what, &id, &json!({ "properties": properties })).await?
    } else {
        properties["port"] = json!(wanted.count("port")?);
        properties["clusteringPolicy"] = json!(wanted.text("clustering")?);
        it.put(&what, &id, &json!({ "properties": properties })).await?
    };
    it.kept(making, &what, &answer);
    Ok(())
}
