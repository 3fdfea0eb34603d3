//! Databases, and what caches share with them: both are clusters. They carry the tag of their address from the call that makes
//! them on, so that one whose answer was lost is found again.
//!
//! The storage that was asked for stands in a tag: a size may come with more, and that is no reason for a change. A cluster is made
//! with the storage of its size and grows when it is ready, if that is less than was asked for: how much a size comes with the API
//! does not tell before.

use loadline_contract::by_kind::{Found, Making};
use loadline_contract::deploy::{Address, CloudError, Deployment, State, Value};
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::project;
use super::{Client, sorted};
use crate::names;

const MIB_PER_GIB: i64 = 1024;
/// Storage is sold in such steps, GiB (doctl reference, `databases resize`).
const STEP_GIB: i64 = 10;

#[derive(Debug, Deserialize)]
pub(super) struct Cluster {
    pub(super) id: String,
    engine: String,
    #[serde(default)]
    version: String,
    num_nodes: i64,
    size: String,
    region: String,
    #[serde(default)]
    pub(super) status: String,
    #[serde(default)]
    private_network_uuid: String,
    #[serde(default)]
    project_id: String,
    tags: Option<Vec<String>>,
    pub(super) storage_size_mib: Option<i64>,
    connection: Option<Endpoint>,
    private_connection: Option<Endpoint>,
}

/// Where to connect; user and password, which stand beside it, are not read.
#[derive(Debug, Deserialize)]
pub(super) struct Endpoint {
    #[serde(default)]
    pub(super) host: String,
    pub(super) port: Option<u16>,
}

#[derive(Debug, Deserialize)]
struct Clusters {
    databases: Option<Vec<Cluster>>,
}

#[derive(Debug, Deserialize)]
struct Trusted {
    rules: Option<Vec<TrustedSource>>,
}

#[derive(Debug, Deserialize)]
struct TrustedSource {
    value: String,
}

/// Clusters of that kind that are ours. This list has no pages (API description, databases_list_clusters).
pub(super) async fn clusters(
    it: &Client,
    deployment: &Deployment,
    kind: &str,
) -> Result<Vec<(Address, Cluster)>, CloudError> {
    let all: Clusters = it.get("looking for databases and caches", "/v2/databases").await?;
    let ours = all.databases.into_iter().flatten().filter_map(|cluster| {
        Some((names::marked(deployment, kind, cluster.tags.iter().flatten())?, cluster))
    });
    Ok(ours.collect())
}

pub(super) fn state(status: &str) -> State {
    if status == "online" { State::Ready } else { State::Changing }
}

/// Storage as asked for, or as it is where it is less; GiB.
pub(super) fn storage_gib(deployment: &Deployment, tags: &[String], mib: Option<i64>) -> i64 {
    let is = mib.map(|mib| mib / MIB_PER_GIB);
    match names::storage_gib(deployment, tags) {
        Some(asked) => is.map_or(asked, |is| is.min(asked)),
        None => is.unwrap_or_default(),
    }
}

/// What databases and caches have in common.
pub(super) async fn found(
    it: &Client,
    deployment: &Deployment,
    (address, cluster): (Address, Cluster),
) -> Result<Found, CloudError> {
    let path = format!("/v2/databases/{}/firewall", cluster.id);
    let trusted: Trusted = it.get(&format!("looking who may use {address}"), &path).await?;
    let tag = names::mark(deployment, &address);
    let settings = [
        ("engine", cluster.engine.into()),
        ("version", cluster.version.into()),
        ("region", cluster.region.into()),
        ("size", cluster.size.into()),
        ("nodes", cluster.num_nodes.into()),
        ("network", cluster.private_network_uuid.into()),
        ("project", cluster.project_id.into()),
        ("trusted", sorted(trusted.rules.into_iter().flatten().map(|rule| Value::from(rule.value)))),
    ];
    let found =
        Found::new(address, Some(&cluster.id), state(&cluster.status), settings).output("tag", Some(&tag));
    Ok(reached(found, cluster.private_connection.or(cluster.connection)))
}

/// Where people and machines connect.
pub(super) fn reached(found: Found, endpoint: Option<Endpoint>) -> Found {
    let Some(endpoint) = endpoint.filter(|endpoint| !endpoint.host.is_empty()) else { return found };
    let address = match endpoint.port {
        Some(port) => format!("{}:{port}", endpoint.host),
        None => endpoint.host,
    };
    found.output("address", Some(&address))
}

pub(super) async fn look(it: &Client, deployment: &Deployment) -> Result<Vec<Found>, CloudError> {
    let mut all = Vec::new();
    for (address, cluster) in clusters(it, deployment, "database").await? {
        let tags = cluster.tags.as_deref().unwrap_or_default();
        let storage_gib = storage_gib(deployment, tags, cluster.storage_size_mib);
        let mut found = found(it, deployment, (address, cluster)).await?;
        found.set("storage_gib", storage_gib.into());
        all.push(found);
    }
    Ok(all)
}

/// The body of a creation; nobody else may connect from the first moment on.
pub(super) fn creation(making: &Making<'_>, tags: &[String]) -> Result<Json, CloudError> {
    let settings = &making.settings;
    Ok(json!({
        "name": names::name(making.deployment, making.address),
        "engine": settings.text("engine")?,
        "version": settings.text("version")?,
        "region": settings.text("region")?,
        "size": settings.text("size")?,
        "num_nodes": settings.count("nodes")?,
        "private_network_uuid": settings.text("network")?,
        "project_id": settings.text("project")?,
        "tags": tags,
        "rules": rules(making)?,
    }))
}

fn rules(making: &Making<'_>) -> Result<Vec<Json>, CloudError> {
    let trusted = making.settings.texts("trusted")?;
    Ok(trusted.into_iter().map(|tag| json!({ "type": "tag", "value": tag })).collect())
}

pub(super) async fn create(it: &Client, making: &Making<'_>) -> Result<(), CloudError> {
    let storage_gib = making.settings.count("storage_gib")?;
    let tags = [
        names::mark(making.deployment, making.address),
        names::storage_mark(making.deployment, storage_gib.into()),
    ];
    let body = creation(making, &tags)?;
    it.order(&format!("creating {}", making.address), Method::POST, "/v2/databases", &body).await
}

/// Brings what databases and caches have in common to what is wanted: what makes the cluster busy comes last.
pub(super) async fn change_cluster(
    it: &Client,
    making: &Making<'_>,
    found: &Found,
    storage_gib: Option<i64>,
) -> Result<(), CloudError> {
    let (id, settings, address) = (&found.id, &making.settings, making.address);
    let differs = |name: &str| {
        let wanted = settings.iter().find(|(setting, _)| *setting == name).map(|(_, value)| value);
        wanted != found.settings.get(name)
    };
    if differs("trusted") {
        let (what, path) =
            (format!("changing who may use {address}"), format!("/v2/databases/{id}/firewall"));
        it.order(&what, Method::PUT, &path, &json!({ "rules": rules(making)? })).await?;
    }
    project::assign(it, &format!("do:dbaas:{id}"), settings, found).await?;
    if differs("version") {
        let (what, path) = (format!("upgrading {address}"), format!("/v2/databases/{id}/upgrade"));
        return it.order(&what, Method::PUT, &path, &json!({ "version": settings.text("version")? })).await;
    }
    if differs("size") || differs("nodes") || storage_gib.is_some() {
        let mut body = json!({ "size": settings.text("size")?, "num_nodes": settings.count("nodes")? });
        if let Some(gib) = storage_gib {
            body["storage_size_mib"] = mib(gib).into();
        }
        let (what, path) = (format!("resizing {address}"), format!("/v2/databases/{id}/resize"));
        it.order(&what, Method::PUT, &path, &body).await?;
    }
    Ok(())
}

/// MiB of at least so many GiB, in the steps in which it is sold.
pub(super) fn mib(gib: i64) -> i64 {
    // Storage is positive: this rounds up.
    (gib + STEP_GIB - 1) / STEP_GIB * STEP_GIB * MIB_PER_GIB
}

pub(super) async fn change(it: &Client, making: &Making<'_>, found: &Found) -> Result<(), CloudError> {
    let wanted = i64::from(making.settings.count("storage_gib")?);
    if found.settings.get("storage_gib") == Some(&wanted.into()) {
        return change_cluster(it, making, found, None).await;
    }
    let all = clusters(it, making.deployment, "database").await?;
    let cluster = all.into_iter().map(|(_, cluster)| cluster).find(|cluster| cluster.id == found.id);
    let (tags, mib) =
        cluster.map(|it| (it.tags.unwrap_or_default(), it.storage_size_mib)).unwrap_or_default();
    if names::storage_gib(making.deployment, &tags) != Some(wanted) {
        note_storage(it, making, &found.id, wanted).await?;
    }
    let has_enough = mib.is_some_and(|mib| mib >= wanted * MIB_PER_GIB);
    change_cluster(it, making, found, Some(wanted).filter(|_| !has_enough)).await
}

/// Notes the storage that is asked for now. The API description lists no databases among what takes tags; the cloud's own client does
/// (godo, tags.go: DatabaseResourceType).
async fn note_storage(it: &Client, making: &Making<'_>, id: &str, gib: i64) -> Result<(), CloudError> {
    let tag = names::storage_mark(making.deployment, gib);
    let what = format!("noting the storage of {}", making.address);
    it.order(&what, Method::POST, "/v2/tags", &json!({ "name": tag })).await?;
    let body = json!({ "resources": [{ "resource_id": id, "resource_type": "database" }] });
    it.order(&what, Method::POST, &format!("/v2/tags/{tag}/resources"), &body).await
}

pub(super) async fn remove(it: &Client, found: &Found) -> Result<(), CloudError> {
    it.delete(&format!("removing {}", found.address), &format!("/v2/databases/{}", found.id)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn storage_reads_as_asked_for_where_a_size_comes_with_more_and_as_it_is_where_it_is_less() {
        let shop: Deployment = "shop".parse().unwrap();
        let tags = |gib: &[i64]| gib.iter().map(|gib| names::storage_mark(&shop, *gib)).collect::<Vec<_>>();
        assert_eq!(storage_gib(&shop, &tags(&[20]), Some(61_440)), 20);
        assert_eq!(storage_gib(&shop, &tags(&[100]), Some(61_440)), 60);
        // Grown: the older tag stays.
        assert_eq!(storage_gib(&shop, &tags(&[20, 100]), Some(102_400)), 100);
        assert_eq!(storage_gib(&shop, &tags(&[100]), None), 100);
        assert_eq!((mib(60), mib(61)), (61_440, 71_680));
    }
}
