//! Alert policies. They take neither names nor tags of their own: their description says whose they are.

use loadline_contract::by_kind::{Found, Making, ids};
use loadline_contract::deploy::{Address, CloudError, Deployment, ErrorClass, State};
use reqwest::Method;
use serde::Deserialize;
use serde_json::json;

use super::Client;
use super::client::page;
use crate::names;

#[derive(Debug, Deserialize)]
pub(super) struct Policy {
    uuid: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    pub(super) description: String,
    compare: String,
    value: f64,
    window: String,
    #[serde(default)]
    entities: Vec<String>,
    #[serde(default)]
    tags: Vec<String>,
    alerts: Alerts,
}
page!(Policies, "policies", Policy);

#[derive(Debug, Deserialize)]
struct Alerts {
    #[serde(default)]
    email: Vec<String>,
}

pub(super) async fn all(it: &Client) -> Result<Vec<Policy>, CloudError> {
    it.list::<Policies>("looking for alert policies", "/v2/monitoring/alerts").await
}

pub(super) async fn look(it: &Client, deployment: &Deployment) -> Result<Vec<Found>, CloudError> {
    let ours = all(it).await?.into_iter().filter_map(|policy| {
        let address = names::marked(deployment, "alarm", [&policy.description])?;
        Some(found(address, policy))
    });
    Ok(ours.collect())
}

fn found(address: Address, policy: Policy) -> Found {
    let settings = [
        ("type", policy.kind.into()),
        ("compare", policy.compare.into()),
        // The cloud keeps single precision.
        ("limit", (policy.value as f32).to_string().into()),
        ("window", policy.window.into()),
        ("entities", ids(policy.entities.iter().map(String::as_str))),
        ("tags", ids(policy.tags.iter().map(String::as_str))),
        ("email", policy.alerts.email.join(" ").into()),
    ];
    Found::new(address, Some(&policy.uuid), State::Ready, settings)
}

fn body(making: &Making<'_>) -> Result<serde_json::Value, CloudError> {
    let settings = &making.settings;
    let limit = settings.text("limit")?;
    let value: f64 = limit.parse().map_err(|_| {
        let said = format!("`{limit}` is no number");
        CloudError::new(ErrorClass::Unexpected, format!("working on {}", making.address), said)
    })?;
    Ok(json!({
        "type": settings.text("type")?,
        "description": names::mark(making.deployment, making.address),
        "compare": settings.text("compare")?,
        "value": value,
        "window": settings.text("window")?,
        "entities": settings.texts("entities")?,
        "tags": settings.texts("tags")?,
        "alerts": { "email": [settings.text("email")?], "slack": [] },
        "enabled": true,
    }))
}

pub(super) async fn create(it: &Client, making: &Making<'_>) -> Result<(), CloudError> {
    it.order(&format!("creating {}", making.address), Method::POST, "/v2/monitoring/alerts", &body(making)?)
        .await
}

pub(super) async fn change(it: &Client, making: &Making<'_>, id: &str) -> Result<(), CloudError> {
    let path = format!("/v2/monitoring/alerts/{id}");
    it.order(&format!("changing {}", making.address), Method::PUT, &path, &body(making)?).await
}

pub(super) async fn remove(it: &Client, id: &str) -> Result<(), CloudError> {
    it.delete(&format!("removing alert policy {id}"), &format!("/v2/monitoring/alerts/{id}")).await
}
