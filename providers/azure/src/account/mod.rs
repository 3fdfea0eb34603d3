//! The account: looks at what carries our tags and names, and makes, changes or removes one thing at a time. Each kind has a family
//! that knows its calls; most of them are alike (`plain.rs`).

mod alarms;
mod balancer;
mod cache;
mod call;
mod client;
mod credential;
mod database;
mod dns;
mod errors;
mod gateway;
mod group;
mod ids;
mod json;
mod key;
mod machines;
mod marks;
mod model;
mod network;
mod parameters;
mod plain;
mod preflight;
mod promises;
mod rights;
mod rolling;
mod running;
mod sdk;
mod secret;
mod vault;
mod versions;
mod wire;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use loadline_contract::by_kind::{ByKind, Calls, Found, Making};
use loadline_contract::deploy::{
    Access, Account, Address, CloudError, Deployment, InPlace, KindRule, Machine, Obstacle, Resource,
};

use crate::kinds::STAGES;
use client::Client;
use plain::Plain;

/// The calls of this cloud.
#[derive(Debug)]
struct AzureCalls {
    client: Client,
}

/// Kinds and what the cloud calls them; an Application Gateway belongs to the same service as a load balancer.
const KINDS: &[(&str, &str)] = &[
    ("network", network::NETWORK.is),
    ("firewall", network::FIREWALL.is),
    ("address", network::ADDRESS.is),
    ("nat", network::NAT.is),
    ("dns-zone", dns::ZONE.is),
    ("endpoint", dns::ENDPOINT.is),
    ("vault", vault::VAULT.is),
    ("identity", rights::IDENTITY.is),
    ("cache", cache::CACHE.is),
    ("balancer", balancer::LAYER_4.is),
    ("database", database::SERVERS),
    ("read-replica", database::SERVERS),
    ("group", machines::GROUP.is),
    ("autoscale", alarms::AUTOSCALE.is),
    ("alarm", alarms::ALARM.is),
    ("action-group", alarms::ACTION_GROUP.is),
];

/// Connects and proves the credentials.
pub(crate) async fn connect(access: &Access) -> Result<Arc<dyn Account>, CloudError> {
    let client = Client::new(access).await?;
    client.get("looking whether the credentials are taken", &client.whole("")).await?;
    Ok(Arc::new(ByKind::new(AzureCalls { client })))
}

/// Kinds that are written whole, whether they are there or not.
fn plain(kind: &str) -> Option<&'static Plain> {
    Some(match kind {
        "network" => &network::NETWORK,
        "address" => &network::ADDRESS,
        "nat" => &network::NAT,
        "dns-zone" => &dns::ZONE,
        "identity" => &rights::IDENTITY,
        "autoscale" => &alarms::AUTOSCALE,
        "alarm" => &alarms::ALARM,
        "action-group" => &alarms::ACTION_GROUP,
        "firewall" => &network::FIREWALL,
        "cache" => &cache::CACHE,
        "vault" => &vault::VAULT,
        "endpoint" => &dns::ENDPOINT,
        _ => return None,
    })
}

#[async_trait]
impl Calls for AzureCalls {
    fn stages(&self) -> &'static [&'static [KindRule]] {
        STAGES
    }

    async fn look(&self, kind: &str, deployment: &Deployment) -> Result<Vec<Found>, CloudError> {
        let it = &self.client;
        it.looks_at(deployment);
        match (kind, plain(kind)) {
            ("resource-group", _) => group::look(it, deployment).await,
            ("endpoint", _) => dns::look_endpoints(it, deployment).await,
            ("dns-link", _) => dns::look_links(it, deployment).await,
            ("secret", _) => secret::look(it, deployment).await,
            ("cache-database", _) => cache::look_databases(it, deployment).await,
            ("role", _) => rights::look_roles(it, deployment).await,
            ("subnet", _) => network::look_subnets(it, deployment).await,
            ("balancer", _) => {
                let four = balancer::LAYER_4.look(it, deployment).await?;
                Ok([four, gateway::LAYER_7.look(it, deployment).await?].concat())
            }
            ("database", _) => database::DATABASE.look(it, deployment).await,
            ("read-replica", _) => database::REPLICA.look(it, deployment).await,
            ("group", _) => machines::look(it, deployment).await,
            ("db-parameters", _) => parameters::look(it, deployment).await,
            ("lock", _) => rights::look_locks(it, deployment).await,
            (_, Some(plain)) => plain.look(it, deployment).await,
            (other, None) => Err(CloudError::unknown_kind(other)),
        }
    }

    async fn create(&self, making: &Making<'_>) -> Result<(), CloudError> {
        let it = &self.client;
        let kind = making.address.kind();
        match (kind, plain(kind)) {
            ("resource-group", _) => group::create(it, making).await,
            ("dns-link", _) => dns::create_link(it, making).await,
            ("vault", _) => vault::create(it, making).await,
            ("secret", _) => secret::create(it, making).await,
            ("cache-database", _) => cache::write_database(it, making, None).await,
            ("role", _) => rights::create_role(it, making).await,
            ("subnet", _) => network::write_subnet(it, making, None).await,
            ("balancer", _) => balancer::write(it, making, None).await,
            ("database" | "read-replica", _) => database::create(it, making).await,
            ("group", _) => machines::create(it, making).await,
            ("db-parameters", _) => parameters::change(it, making, None).await,
            ("lock", _) => rights::write_lock(it, making, None).await,
            (_, Some(plain)) => plain.write(it, making, None).await,
            (other, None) => Err(CloudError::unknown_kind(other)),
        }
    }

    async fn change(&self, making: &Making<'_>, found: &Found) -> Result<(), CloudError> {
        let it = &self.client;
        let kind = making.address.kind();
        match (kind, plain(kind)) {
            ("firewall", _) => network::change_firewall(it, making, found).await,
            ("cache", _) => cache::change(it, making, found).await,
            ("endpoint", _) => dns::change_endpoint(it, making, found).await,
            ("cache-database", _) => cache::write_database(it, making, Some(found)).await,
            ("subnet", _) => network::write_subnet(it, making, Some(found)).await,
            ("balancer", _) => balancer::write(it, making, Some(found)).await,
            ("database" | "read-replica", _) => database::change(it, making, found).await,
            ("group", _) => machines::change(it, making, found).await,
            ("db-parameters", _) => parameters::change(it, making, Some(found)).await,
            ("lock", _) => rights::write_lock(it, making, Some(found)).await,
            (_, Some(plain)) => plain.write(it, making, Some(found)).await,
            // Nothing of these changes in place: resource groups, links, roles, secrets.
            _ => Ok(()),
        }
    }

    fn goes_on(&self, making: &Making<'_>, found: &Found) -> bool {
        match making.address.kind() {
            "database" | "read-replica" => database::goes_on(making, found),
            "db-parameters" => parameters::goes_on(found),
            "group" => machines::goes_on(making, found),
            _ => false,
        }
    }

    async fn machines(&self, deployment: &Deployment) -> Result<Vec<Machine>, CloudError> {
        running::machines(&self.client, deployment).await
    }

    async fn ordered(&self, token: &str) -> Result<Option<Duration>, CloudError> {
        self.client.promise(token).await
    }

    async fn remove(&self, found: &Found, token: &str) -> Result<(), CloudError> {
        let it = &self.client;
        match found.address.kind() {
            "resource-group" => group::remove(it, found, token).await,
            "vault" => vault::remove(it, found, token).await,
            "secret" => secret::remove(it, found).await,
            "database" | "read-replica" => database::remove(it, found, token).await,
            _ => it.remove(found, token).await,
        }
    }

    async fn deployments(&self) -> Result<Vec<Deployment>, CloudError> {
        group::deployments(&self.client).await
    }

    async fn preflight(&self, made: &[Resource], changed: &[InPlace]) -> Result<Vec<Obstacle>, CloudError> {
        preflight::obstacles(&self.client, made, changed).await
    }

    /// How pages of a list are cut is left open by Azure's documents; a thing itself can be asked for where it has a path of its own.
    async fn is_gone(&self, address: &Address, id: &str) -> Result<bool, CloudError> {
        match address.kind() {
            "db-parameters" | "secret" => Ok(true),
            _ => Ok(self.client.maybe(&format!("looking whether {address} is gone"), id).await?.is_none()),
        }
    }

    fn goes_by_itself(&self, found: &Found) -> bool {
        found.address.kind() == "db-parameters"
    }
}
