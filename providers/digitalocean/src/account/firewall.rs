//! The firewall of the application's machines. It is known by its exact name: the tags it carries are those it guards.

use loadline_contract::by_kind::{Found, Making};
use loadline_contract::deploy::{Address, CloudError, Deployment, State, Value};
use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::client::page;
use super::{Client, entry, malformed, sorted};
use crate::names;

#[derive(Debug, Deserialize)]
pub(super) struct Firewall {
    id: String,
    pub(super) name: String,
    #[serde(default)]
    status: String,
    inbound_rules: Option<Vec<Inbound>>,
    outbound_rules: Option<Vec<Outbound>>,
    tags: Option<Vec<String>>,
}
page!(Firewalls, "firewalls", Firewall);

#[derive(Debug, Serialize, Deserialize)]
struct Inbound {
    protocol: String,
    #[serde(default)]
    ports: String,
    sources: Ends,
}

#[derive(Debug, Serialize, Deserialize)]
struct Outbound {
    protocol: String,
    #[serde(default)]
    ports: String,
    destinations: Ends,
}

/// Where traffic comes from or goes to.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Ends {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    addresses: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    load_balancer_uids: Option<Vec<String>>,
    /// Those below are never ours: they are read so that they are seen as a difference.
    #[serde(default, skip_serializing)]
    droplet_ids: Option<Vec<i64>>,
    #[serde(default, skip_serializing)]
    kubernetes_ids: Option<Vec<String>>,
    #[serde(default, skip_serializing)]
    tags: Option<Vec<String>>,
}

impl Ends {
    fn value(&self) -> Value {
        let texts = [&self.addresses, &self.load_balancer_uids, &self.kubernetes_ids, &self.tags];
        let droplets = self.droplet_ids.iter().flatten().map(ToString::to_string);
        sorted(texts.into_iter().flatten().flatten().cloned().chain(droplets).map(Value::from))
    }

    fn read(value: Option<&Value>) -> Result<Self, CloudError> {
        let Some(Value::List(ends)) = value else { return Err(malformed("firewall", "from or to")) };
        let ends = ends.iter().map(ToString::to_string);
        // What is no address is the id of a balancer: ids have neither dots nor colons nor slashes.
        let (addresses, balancers): (Vec<_>, Vec<_>) = ends.partition(|end| end.contains(['.', ':', '/']));
        let some = |texts: Vec<String>| Some(texts).filter(|texts| !texts.is_empty());
        Ok(Self { addresses: some(addresses), load_balancer_uids: some(balancers), ..Self::default() })
    }
}

/// All ports are spelled in more than one way.
fn ports(ports: &str) -> Value {
    if matches!(ports, "" | "all" | "0") { "0".into() } else { ports.into() }
}

fn way(protocol: &str, of: &str, end: &str, ends: &Ends) -> Value {
    Value::map([("protocol", protocol.into()), ("ports", ports(of)), (end, ends.value())])
}

pub(super) fn address() -> Address {
    Address::new("firewall", "app")
}

pub(super) async fn all(it: &Client) -> Result<Vec<Firewall>, CloudError> {
    it.list::<Firewalls>("looking for firewalls", "/v2/firewalls").await
}

pub(super) async fn look(it: &Client, deployment: &Deployment) -> Result<Vec<Found>, CloudError> {
    let name = names::name(deployment, &address());
    let ours = all(it).await?.into_iter().filter(|firewall| firewall.name == name);
    Ok(ours.map(found).collect())
}

fn found(firewall: Firewall) -> Found {
    let state = match firewall.status.as_str() {
        "waiting" => State::Changing,
        "failed" => State::Failed("the cloud could not put its rules into force".to_owned()),
        _ => State::Ready,
    };
    let inbound = firewall.inbound_rules.iter().flatten();
    let outbound = firewall.outbound_rules.iter().flatten();
    let settings = [
        // One tag is guarded; several are a difference.
        ("guards", firewall.tags.unwrap_or_default().join(" ").into()),
        ("inbound", sorted(inbound.map(|it| way(&it.protocol, &it.ports, "from", &it.sources)))),
        ("outbound", sorted(outbound.map(|it| way(&it.protocol, &it.ports, "to", &it.destinations)))),
    ];
    Found::new(address(), Some(&firewall.id), state, settings)
}

fn body(making: &Making<'_>) -> Result<serde_json::Value, CloudError> {
    let settings = &making.settings;
    let (mut inbound, mut outbound) = (Vec::new(), Vec::new());
    for way in settings.list("inbound")? {
        let Value::Map(way) = way else { return Err(malformed("firewall", "inbound")) };
        let (protocol, ports) = (entry::text(way, "protocol")?, entry::text(way, "ports")?);
        inbound.push(Inbound { protocol, ports, sources: Ends::read(way.get("from"))? });
    }
    for way in settings.list("outbound")? {
        let Value::Map(way) = way else { return Err(malformed("firewall", "outbound")) };
        let (protocol, ports) = (entry::text(way, "protocol")?, entry::text(way, "ports")?);
        outbound.push(Outbound { protocol, ports, destinations: Ends::read(way.get("to"))? });
    }
    Ok(json!({
        "name": names::name(making.deployment, making.address),
        "tags": [settings.text("guards")?],
        "inbound_rules": inbound,
        "outbound_rules": outbound,
    }))
}

pub(super) async fn create(it: &Client, making: &Making<'_>) -> Result<(), CloudError> {
    it.order(&format!("creating {}", making.address), Method::POST, "/v2/firewalls", &body(making)?).await
}

pub(super) async fn change(it: &Client, making: &Making<'_>, id: &str) -> Result<(), CloudError> {
    let path = format!("/v2/firewalls/{id}");
    it.order(&format!("changing {}", making.address), Method::PUT, &path, &body(making)?).await
}

pub(super) async fn remove(it: &Client, id: &str) -> Result<(), CloudError> {
    it.delete(&format!("removing firewall {id}"), &format!("/v2/firewalls/{id}")).await
}
