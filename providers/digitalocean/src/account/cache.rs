//! Caches: clusters with a policy of eviction and one of persistence, both of which can be set only when they run.

use loadline_contract::by_kind::{Found, Making};
use loadline_contract::deploy::{CloudError, Deployment, State};
use reqwest::Method;
use serde::Deserialize;
use serde_json::json;

use super::{Client, database};
use crate::names;

#[derive(Debug, Deserialize)]
struct Eviction {
    eviction_policy: String,
}

#[derive(Debug, Deserialize)]
struct Configured {
    config: Configuration,
}

#[derive(Debug, Deserialize)]
struct Configuration {
    valkey_persistence: Option<String>,
}

pub(super) async fn look(it: &Client, deployment: &Deployment) -> Result<Vec<Found>, CloudError> {
    let mut all = Vec::new();
    for (address, cluster) in database::clusters(it, deployment, "cache").await? {
        let (what, path) = (format!("looking at {address}"), format!("/v2/databases/{}", cluster.id));
        let mut found = database::found(it, deployment, (address, cluster)).await?;
        if found.state == State::Ready {
            let eviction: Eviction = it.get(&what, &format!("{path}/eviction_policy")).await?;
            let configured: Configured = it.get(&what, &format!("{path}/config")).await?;
            found.set("eviction", eviction.eviction_policy.into());
            found.set("persistence", configured.config.valkey_persistence.unwrap_or_default().into());
        }
        all.push(found);
    }
    Ok(all)
}

pub(super) async fn create(it: &Client, making: &Making<'_>) -> Result<(), CloudError> {
    let body = database::creation(making, &[names::mark(making.deployment, making.address)])?;
    it.order(&format!("creating {}", making.address), Method::POST, "/v2/databases", &body).await
}

pub(super) async fn change(it: &Client, making: &Making<'_>, found: &Found) -> Result<(), CloudError> {
    let path = format!("/v2/databases/{}", found.id);
    let (eviction, persistence) = (making.settings.text("eviction")?, making.settings.text("persistence")?);
    if found.settings.get("eviction") != Some(&eviction.into()) {
        let what = format!("setting what {} evicts", making.address);
        let body = json!({ "eviction_policy": eviction });
        it.order(&what, Method::PUT, &format!("{path}/eviction_policy"), &body).await?;
    }
    if found.settings.get("persistence") != Some(&persistence.into()) {
        let what = format!("setting what {} keeps", making.address);
        let body = json!({ "config": { "valkey_persistence": persistence } });
        it.order(&what, Method::PATCH, &format!("{path}/config"), &body).await?;
    }
    database::change_cluster(it, making, found, None).await
}
