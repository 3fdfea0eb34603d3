//! The application's machines where their number may grow: an autoscale pool. It takes no tags: it is known by its exact name.

use loadline_contract::by_kind::{Found, Making, ids};
use loadline_contract::deploy::{Address, CloudError, Deployment, State};
use reqwest::Method;
use serde::Deserialize;
use serde_json::json;

use super::Client;
use super::client::page;
use crate::names;

#[derive(Debug, Deserialize)]
pub(super) struct Pool {
    id: String,
    pub(super) name: String,
    config: Configuration,
    droplet_template: Template,
    status: String,
    #[serde(default)]
    active_resources_count: i64,
}
page!(Pools, "autoscale_pools", Pool);

#[derive(Debug, Deserialize)]
struct Configuration {
    #[serde(default)]
    min_instances: i64,
    #[serde(default)]
    max_instances: i64,
    #[serde(default)]
    target_cpu_utilization: f64,
    #[serde(default)]
    cooldown_minutes: i64,
}

#[derive(Debug, Deserialize)]
struct Template {
    #[serde(default)]
    name: String,
    region: String,
    size: String,
    image: String,
    #[serde(default)]
    ssh_keys: Vec<String>,
    tags: Option<Vec<String>>,
    #[serde(default)]
    vpc_uuid: String,
    #[serde(default)]
    with_droplet_agent: bool,
    #[serde(default)]
    project_id: String,
    #[serde(default)]
    user_data: String,
}

pub(super) fn address() -> Address {
    Address::new("group", "app")
}

pub(super) async fn all(it: &Client) -> Result<Vec<Pool>, CloudError> {
    it.list::<Pools>("looking for autoscale pools", "/v2/droplets/autoscale").await
}

pub(super) async fn look(it: &Client, deployment: &Deployment) -> Result<Vec<Found>, CloudError> {
    let name = names::name(deployment, &address());
    let ours = all(it).await?.into_iter().filter(|pool| pool.name == name);
    Ok(ours.map(found).collect())
}

fn found(pool: Pool) -> Found {
    let state = match pool.status.as_str() {
        "deleting" => State::Leaving,
        "error" => State::Failed("the cloud cannot keep the pool as it should be".to_owned()),
        // It is usable when the least number of machines is there.
        "active" if pool.active_resources_count >= pool.config.min_instances => State::Ready,
        _ => State::Changing,
    };
    let (template, config) = (pool.droplet_template, pool.config);
    let settings = [
        ("machine_name", template.name.into()),
        ("region", template.region.into()),
        ("size", template.size.into()),
        ("image", template.image.into()),
        ("network", template.vpc_uuid.into()),
        ("project", template.project_id.into()),
        ("tags", ids(template.tags.iter().flatten().map(String::as_str))),
        ("keys", ids(template.ssh_keys.iter().map(String::as_str))),
        ("first_start", template.user_data.into()),
        ("agent", template.with_droplet_agent.into()),
        ("least", config.min_instances.into()),
        ("most", config.max_instances.into()),
        // A share of one; percents are whole. Casting saturates.
        ("target_cpu_percent", ((config.target_cpu_utilization * 100.0).round() as i64).into()),
        ("cooldown_min", config.cooldown_minutes.into()),
    ];
    Found::new(address(), Some(&pool.id), state, settings)
}

fn body(making: &Making<'_>) -> Result<serde_json::Value, CloudError> {
    let settings = &making.settings;
    Ok(json!({
        "name": names::name(making.deployment, making.address),
        "config": {
            "min_instances": settings.count("least")?,
            "max_instances": settings.count("most")?,
            "target_cpu_utilization": f64::from(settings.count("target_cpu_percent")?) / 100.0,
            "cooldown_minutes": settings.count("cooldown_min")?,
        },
        "droplet_template": {
            "name": settings.text("machine_name")?,
            "region": settings.text("region")?,
            "size": settings.text("size")?,
            "image": settings.text("image")?,
            "ssh_keys": settings.texts("keys")?,
            "tags": settings.texts("tags")?,
            "vpc_uuid": settings.text("network")?,
            "project_id": settings.text("project")?,
            "with_droplet_agent": settings.flag("agent"),
            "user_data": settings.text("first_start")?,
        },
    }))
}

pub(super) async fn create(it: &Client, making: &Making<'_>) -> Result<(), CloudError> {
    it.order(&format!("creating {}", making.address), Method::POST, "/v2/droplets/autoscale", &body(making)?)
        .await
}

pub(super) async fn change(it: &Client, making: &Making<'_>, id: &str) -> Result<(), CloudError> {
    let path = format!("/v2/droplets/autoscale/{id}");
    it.order(&format!("changing {}", making.address), Method::PUT, &path, &body(making)?).await
}

/// Removes the pool with its machines.
pub(super) async fn remove(it: &Client, id: &str) -> Result<(), CloudError> {
    it.delete(
        &format!("removing pool {id} with its machines"),
        &format!("/v2/droplets/autoscale/{id}/dangerous"),
    )
    .await
}
