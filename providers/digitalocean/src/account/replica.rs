//! Read-only nodes of our databases. They carry the tags of their address and of their storage, which cannot be changed later.

use loadline_contract::by_kind::{Found, Making};
use loadline_contract::deploy::{CloudError, Deployment};
use reqwest::Method;
use serde::Deserialize;
use serde_json::json;

use super::Client;
use super::database::{self, Endpoint};
use crate::names;

#[derive(Debug, Deserialize)]
struct Replica {
    #[serde(default)]
    id: String,
    name: String,
    #[serde(default)]
    region: String,
    #[serde(default)]
    size: String,
    #[serde(default)]
    status: String,
    tags: Option<Vec<String>>,
    #[serde(default)]
    private_network_uuid: String,
    storage_size_mib: Option<i64>,
    connection: Option<Endpoint>,
    private_connection: Option<Endpoint>,
}

#[derive(Debug, Deserialize)]
struct Replicas {
    replicas: Option<Vec<Replica>>,
}

pub(super) async fn look(it: &Client, deployment: &Deployment) -> Result<Vec<Found>, CloudError> {
    let mut all = Vec::new();
    for (address, cluster) in database::clusters(it, deployment, "database").await? {
        let path = format!("/v2/databases/{}/replicas", cluster.id);
        let replicas: Replicas = it.get(&format!("looking for read-only nodes of {address}"), &path).await?;
        all.extend(
            replicas.replicas.into_iter().flatten().filter_map(|it| found(deployment, &cluster.id, it)),
        );
    }
    Ok(all)
}

fn found(deployment: &Deployment, database: &str, replica: Replica) -> Option<Found> {
    let tags = replica.tags.unwrap_or_default();
    let address = names::marked(deployment, "read-replica", &tags)?;
    let storage_gib = database::storage_gib(deployment, &tags, replica.storage_size_mib);
    let settings = [
        ("database", database.into()),
        ("region", replica.region.into()),
        ("size", replica.size.into()),
        ("storage_gib", storage_gib.into()),
        ("network", replica.private_network_uuid.into()),
    ];
    let tag = names::mark(deployment, &address);
    let found = Found::new(address, Some(&replica.id), database::state(&replica.status), settings)
        .output("tag", Some(&tag))
        .output("name", Some(&replica.name));
    Some(database::reached(found, replica.private_connection.or(replica.connection)))
}

pub(super) async fn create(it: &Client, making: &Making<'_>) -> Result<(), CloudError> {
    let settings = &making.settings;
    let database = settings.text("database")?;
    let storage_gib = i64::from(settings.count("storage_gib")?);
    let mut body = json!({
        "name": names::name(making.deployment, making.address),
        "region": settings.text("region")?,
        "size": settings.text("size")?,
        "private_network_uuid": settings.text("network")?,
        "tags": [
            names::mark(making.deployment, making.address),
            names::storage_mark(making.deployment, storage_gib),
        ],
    });
    // A copy has as much storage as its database, which may have more than was asked for.
    let all = database::clusters(it, making.deployment, "database").await?;
    if let Some(mib) = all.iter().find(|(_, it)| it.id == database).and_then(|(_, it)| it.storage_size_mib) {
        body["storage_size_mib"] = mib.into();
    }
    let path = format!("/v2/databases/{database}/replicas");
    it.order(&format!("creating {}", making.address), Method::POST, &path, &body).await
}

/// A read-only node is resized as a cluster of one node (terraform-provider-digitalocean, database_replica).
pub(super) async fn change(it: &Client, making: &Making<'_>, found: &Found) -> Result<(), CloudError> {
    let size = making.settings.text("size")?;
    if found.settings.get("size") == Some(&size.into()) {
        return Ok(());
    }
    let path = format!("/v2/databases/{}/resize", found.id);
    let body = json!({ "size": size, "num_nodes": 1 });
    it.order(&format!("resizing {}", making.address), Method::PUT, &path, &body).await
}

pub(super) async fn remove(it: &Client, found: &Found) -> Result<(), CloudError> {
    let database = found.settings.get("database").map(ToString::to_string).unwrap_or_default();
    let name = found.outputs.get("name").cloned().unwrap_or_default();
    let path = format!("/v2/databases/{database}/replicas/{name}");
    it.delete(&format!("removing {}", found.address), &path).await
}
