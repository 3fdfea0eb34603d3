//! The account: looks at what carries our tags and names, and makes, changes or removes one thing at a time. Each kind has a family
//! that knows its calls.

mod alarms;
mod balancer;
mod base;
mod cache;
mod client;
mod database;
mod entry;
mod errors;
mod firewall;
mod machines;
mod owners;
mod pool;
mod preflight;
mod project;
mod replica;
mod volume;

use std::sync::Arc;

use async_trait::async_trait;
use loadline_contract::by_kind::{ByKind, Calls, Found, Making};
use loadline_contract::deploy::{
    Access, Account, CloudError, Deployment, ErrorClass, InPlace, KindRule, Machine, Obstacle, Resource,
    Value,
};
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::kinds::STAGES;
use crate::names;
use client::Client;

/// The calls of this cloud.
#[derive(Debug)]
struct OceanCalls {
    client: Client,
}

/// Connects and proves the token.
pub(crate) async fn connect(access: &Access) -> Result<Arc<dyn Account>, CloudError> {
    let client = Client::new(access)?;
    client.get::<IgnoredAny>("looking whether the token is taken", "/v2/account").await?;
    Ok(Arc::new(ByKind::new(OceanCalls { client })))
}

#[async_trait]
impl Calls for OceanCalls {
    fn stages(&self) -> &'static [&'static [KindRule]] {
        STAGES
    }

    async fn look(&self, kind: &str, deployment: &Deployment) -> Result<Vec<Found>, CloudError> {
        let it = &self.client;
        match kind {
            "project" => project::look(it, deployment).await,
            "network" => base::networks(it, deployment).await,
            "key" => base::keys(it, deployment).await,
            "tag" => base::tags(it, deployment).await,
            "volume" => volume::look(it, deployment).await,
            "balancer" => balancer::look(it, deployment).await,
            "database" => database::look(it, deployment).await,
            "read-replica" => replica::look(it, deployment).await,
            "cache" => cache::look(it, deployment).await,
            "firewall" => firewall::look(it, deployment).await,
            "app" => machines::look(it, deployment).await,
            "group" => pool::look(it, deployment).await,
            "alarm" => alarms::look(it, deployment).await,
            other => Err(CloudError::unknown_kind(other)),
        }
    }

    async fn create(&self, making: &Making<'_>) -> Result<(), CloudError> {
        let it = &self.client;
        match making.address.kind() {
            "project" => project::create(it, making).await,
            "network" => base::create_network(it, making).await,
            "key" => base::create_key(it, making).await,
            "tag" => base::create_tag(it, making).await,
            "volume" => volume::create(it, making).await,
            "balancer" => balancer::create(it, making).await,
            "database" => database::create(it, making).await,
            "read-replica" => replica::create(it, making).await,
            "cache" => cache::create(it, making).await,
            "firewall" => firewall::create(it, making).await,
            "app" => machines::create(it, making).await,
            "group" => pool::create(it, making).await,
            "alarm" => alarms::create(it, making).await,
            other => Err(CloudError::unknown_kind(other)),
        }
    }

    async fn change(&self, making: &Making<'_>, found: &Found) -> Result<(), CloudError> {
        let (it, id) = (&self.client, found.id.as_str());
        match making.address.kind() {
            "project" => project::change(it, making, id).await,
            "volume" => volume::change(it, making, found).await,
            "balancer" => balancer::change(it, making, id).await,
            "database" => database::change(it, making, found).await,
            "read-replica" => replica::change(it, making, found).await,
            "cache" => cache::change(it, making, found).await,
            "firewall" => firewall::change(it, making, id).await,
            "app" => machines::change(it, making, found).await,
            "group" => pool::change(it, making, id).await,
            "alarm" => alarms::change(it, making, id).await,
            // Nothing of these changes in place: networks, keys, tags.
            _ => Ok(()),
        }
    }

    fn goes_on(&self, making: &Making<'_>, found: &Found) -> bool {
        making.address.kind() == "app" && machines::goes_on(making, found)
    }

    async fn remove(&self, found: &Found, _token: &str) -> Result<(), CloudError> {
        let mark = self.mark_of_this_alone(found).await?;
        self.remove_thing(found).await?;
        match mark {
            Some(mark) => base::remove_tag(&self.client, mark).await,
            None => Ok(()),
        }
    }

    async fn deployments(&self) -> Result<Vec<Deployment>, CloudError> {
        owners::deployments(&self.client).await
    }

    async fn machines(&self, deployment: &Deployment) -> Result<Vec<Machine>, CloudError> {
        machines::running(&self.client, deployment).await
    }

    async fn preflight(&self, made: &[Resource], changed: &[InPlace]) -> Result<Vec<Obstacle>, CloudError> {
        preflight::obstacles(&self.client, made, changed).await
    }
}

impl OceanCalls {
    /// The tag that this thing carries and no other one of its address: of two with the same address, one stays, and is known by it.
    async fn mark_of_this_alone<'a>(&self, found: &'a Found) -> Result<Option<&'a str>, CloudError> {
        let Some(mark) = found.outputs.get("tag") else { return Ok(None) };
        let Some(deployment) = names::whose(mark) else { return Ok(None) };
        let all = self.look(found.address.kind(), &deployment).await?;
        let alone = !all.iter().any(|it| it.address == found.address && it.id != found.id);
        Ok(alone.then_some(mark.as_str()))
    }

    async fn remove_thing(&self, found: &Found) -> Result<(), CloudError> {
        let (it, id) = (&self.client, found.id.as_str());
        match found.address.kind() {
            "project" => project::remove(it, id).await,
            "network" => base::remove_network(it, id).await,
            "key" => base::remove_key(it, id).await,
            "tag" => base::remove_tags(it, id).await,
            "volume" => volume::remove(it, found).await,
            "balancer" => balancer::remove(it, id).await,
            "database" | "cache" => database::remove(it, found).await,
            "read-replica" => replica::remove(it, found).await,
            "firewall" => firewall::remove(it, id).await,
            "app" => machines::remove(it, found).await,
            "group" => pool::remove(it, id).await,
            "alarm" => alarms::remove(it, id).await,
            other => Err(CloudError::unknown_kind(other)),
        }
    }
}

/// Something that is named inside something else.
#[derive(Debug, Deserialize)]
struct Slug {
    slug: String,
}

/// A list in the order of its words.
fn sorted(values: impl Iterator<Item = Value>) -> Value {
    let mut values: Vec<Value> = values.collect();
    values.sort_by_key(ToString::to_string);
    Value::List(values)
}

/// A setting that the translation writes in another form.
fn malformed(of: &str, name: &str) -> CloudError {
    let doing = format!("reading `{name}` of a {of}");
    CloudError::new(ErrorClass::Unexpected, doing, "it is missing or of another form: please report this")
}
