//! The balancer. It takes no tags of its own: it is known by its exact name.

use std::collections::BTreeMap;

use loadline_contract::by_kind::{Found, Making};
use loadline_contract::deploy::{Address, CloudError, Deployment, State, Value};
use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::client::page;
use super::{Client, Slug, entry, malformed, sorted};
use crate::names;

#[derive(Debug, Deserialize)]
pub(super) struct Balancer {
    id: String,
    pub(super) name: String,
    #[serde(default)]
    ip: String,
    size_unit: Option<i64>,
    #[serde(default)]
    status: String,
    #[serde(default)]
    forwarding_rules: Vec<Rule>,
    health_check: Option<HealthCheck>,
    #[serde(default)]
    redirect_http_to_https: bool,
    #[serde(default)]
    enable_backend_keepalive: bool,
    http_idle_timeout_seconds: Option<i64>,
    #[serde(default)]
    vpc_uuid: String,
    #[serde(default)]
    project_id: String,
    #[serde(rename = "type", default)]
    kind: String,
    region: Option<Slug>,
    #[serde(default)]
    tag: String,
}
page!(Balancers, "load_balancers", Balancer);

#[derive(Debug, Serialize, Deserialize)]
struct Rule {
    entry_protocol: String,
    entry_port: i64,
    target_protocol: String,
    target_port: i64,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    certificate_id: String,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(default)]
struct HealthCheck {
    protocol: String,
    port: i64,
    path: Option<String>,
    check_interval_seconds: i64,
    response_timeout_seconds: i64,
    healthy_threshold: i64,
    unhealthy_threshold: i64,
}

/// What is left out is as the cloud has it by itself (API description, health_check): balancers of others are read, too.
impl Default for HealthCheck {
    fn default() -> Self {
        Self {
            protocol: "http".to_owned(),
            port: 80,
            path: Some("/".to_owned()),
            check_interval_seconds: 10,
            response_timeout_seconds: 5,
            healthy_threshold: 3,
            unhealthy_threshold: 5,
        }
    }
}

impl Rule {
    fn value(&self) -> Value {
        let mut map = BTreeMap::from([
            ("entry_protocol".to_owned(), self.entry_protocol.as_str().into()),
            ("entry_port".to_owned(), self.entry_port.into()),
            ("target_protocol".to_owned(), self.target_protocol.as_str().into()),
            ("target_port".to_owned(), self.target_port.into()),
        ]);
        if !self.certificate_id.is_empty() {
            map.insert("certificate".to_owned(), self.certificate_id.as_str().into());
        }
        Value::Map(map)
    }

    fn read(value: &Value) -> Result<Self, CloudError> {
        let Value::Map(map) = value else { return Err(malformed("balancer", "rules")) };
        Ok(Self {
            entry_protocol: entry::text(map, "entry_protocol")?,
            entry_port: entry::count(map, "entry_port")?,
            target_protocol: entry::text(map, "target_protocol")?,
            target_port: entry::count(map, "target_port")?,
            certificate_id: if map.contains_key("certificate") {
                entry::text(map, "certificate")?
            } else {
                String::new()
            },
        })
    }
}

impl HealthCheck {
    fn value(&self) -> Value {
        Value::map([
            ("protocol", self.protocol.as_str().into()),
            ("port", self.port.into()),
            ("path", self.path.as_deref().unwrap_or_default().into()),
            ("interval_s", self.check_interval_seconds.into()),
            ("timeout_s", self.response_timeout_seconds.into()),
            ("healthy_after", self.healthy_threshold.into()),
            ("unhealthy_after", self.unhealthy_threshold.into()),
        ])
    }

    fn read(map: &BTreeMap<String, Value>) -> Result<Self, CloudError> {
        Ok(Self {
            protocol: entry::text(map, "protocol")?,
            port: entry::count(map, "port")?,
            path: Some(entry::text(map, "path")?),
            check_interval_seconds: entry::count(map, "interval_s")?,
            response_timeout_seconds: entry::count(map, "timeout_s")?,
            healthy_threshold: entry::count(map, "healthy_after")?,
            unhealthy_threshold: entry::count(map, "unhealthy_after")?,
        })
    }
}

pub(super) fn address() -> Address {
    Address::new("balancer", "main")
}

pub(super) async fn all(it: &Client) -> Result<Vec<Balancer>, CloudError> {
    it.list::<Balancers>("looking for balancers", "/v2/load_balancers").await
}

pub(super) async fn look(it: &Client, deployment: &Deployment) -> Result<Vec<Found>, CloudError> {
    let name = names::name(deployment, &address());
    let ours = all(it).await?.into_iter().filter(|balancer| balancer.name == name);
    Ok(ours.map(found).collect())
}

fn found(balancer: Balancer) -> Found {
    let state = match balancer.status.as_str() {
        "active" => State::Ready,
        "errored" => State::Failed("the cloud says that it is errored".to_owned()),
        _ => State::Changing,
    };
    let ip = Some(balancer.ip.as_str()).filter(|ip| !ip.is_empty());
    let settings = [
        ("region", balancer.region.map(|region| region.slug).unwrap_or_default().into()),
        ("kind", balancer.kind.into()),
        ("nodes", balancer.size_unit.unwrap_or(1).into()),
        ("network", balancer.vpc_uuid.into()),
        ("project", balancer.project_id.into()),
        ("targets", balancer.tag.into()),
        ("rules", sorted(balancer.forwarding_rules.iter().map(Rule::value))),
        ("redirect_to_https", balancer.redirect_http_to_https.into()),
        ("health_check", balancer.health_check.map_or(Value::Map(BTreeMap::new()), |check| check.value())),
        // The API's own default (API description, load_balancer_base.http_idle_timeout_seconds).
        ("idle_timeout_s", balancer.http_idle_timeout_seconds.unwrap_or(60).into()),
        ("backend_keepalive", balancer.enable_backend_keepalive.into()),
    ];
    Found::new(address(), Some(&balancer.id), state, settings).output("address", ip)
}

fn body(making: &Making<'_>) -> Result<serde_json::Value, CloudError> {
    let settings = &making.settings;
    let rules: Vec<Rule> = settings.list("rules")?.iter().map(Rule::read).collect::<Result<_, _>>()?;
    Ok(json!({
        "name": names::name(making.deployment, making.address),
        "region": settings.text("region")?,
        "type": settings.text("kind")?,
        "size_unit": settings.count("nodes")?,
        "vpc_uuid": settings.text("network")?,
        "project_id": settings.text("project")?,
        "tag": settings.text("targets")?,
        "forwarding_rules": rules,
        "redirect_http_to_https": settings.flag("redirect_to_https"),
        "health_check": HealthCheck::read(settings.map("health_check")?)?,
        "http_idle_timeout_seconds": settings.count("idle_timeout_s")?,
        "enable_backend_keepalive": settings.flag("backend_keepalive"),
    }))
}

pub(super) async fn create(it: &Client, making: &Making<'_>) -> Result<(), CloudError> {
    it.order(&format!("creating {}", making.address), Method::POST, "/v2/load_balancers", &body(making)?)
        .await
}

pub(super) async fn change(it: &Client, making: &Making<'_>, id: &str) -> Result<(), CloudError> {
    let path = format!("/v2/load_balancers/{id}");
    it.order(&format!("changing {}", making.address), Method::PUT, &path, &body(making)?).await
}

pub(super) async fn remove(it: &Client, id: &str) -> Result<(), CloudError> {
    it.delete(&format!("removing balancer {id}"), &format!("/v2/load_balancers/{id}")).await
}
