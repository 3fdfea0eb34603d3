//! The account: looks at what carries our tags, and makes, changes or removes one thing at a time. Each kind has a family that
//! knows its calls.

mod alarms;
mod balancer;
mod cache;
mod clients;
mod compute;
mod database;
mod errors;
mod machines;
mod nat;
mod preflight;
mod security;
mod tags;
mod vpc;

use std::sync::Arc;

use async_trait::async_trait;
use loadline_contract::by_kind::{ByKind, Calls, Found, Making};
use loadline_contract::deploy::{
    Access, Account, CloudError, Deployment, InPlace, KindRule, Machine, Obstacle, Resource, Value,
};

use crate::kinds::STAGES;
pub(crate) use clients::Clients;

/// The calls of this cloud.
#[derive(Debug)]
struct AwsCalls {
    /// For looking: tries again by itself.
    looking: Clients,
    /// For changing: every attempt is the core's.
    clients: Clients,
}

/// Connects and proves the credentials.
pub(crate) async fn connect(access: &Access) -> Result<Arc<dyn Account>, CloudError> {
    let (looking, clients) = Clients::connect(access).await?;
    Ok(Arc::new(ByKind::new(AwsCalls { looking, clients })))
}

#[async_trait]
impl Calls for AwsCalls {
    fn stages(&self) -> &'static [&'static [KindRule]] {
        STAGES
    }

    async fn look(&self, kind: &str, deployment: &Deployment) -> Result<Vec<Found>, CloudError> {
        let it = &self.looking;
        match kind {
            "network" => vpc::networks(it, deployment).await,
            "subnet" => vpc::subnets(it, deployment).await,
            "internet-gateway" => vpc::gateways(it, deployment).await,
            "routes" => vpc::routes(it, deployment).await,
            "address" => nat::addresses(it, deployment).await,
            "nat" => nat::gateways(it, deployment).await,
            "firewall" => security::firewalls(it, deployment).await,
            "rules" => security::rules(it, deployment).await,
            "key-pair" => compute::key_pairs(it, deployment).await,
            "launch-template" => compute::templates(it, deployment).await,
            "group" => compute::groups(it, deployment).await,
            "scaling-policy" => compute::policies(it, deployment).await,
            "balancer" => balancer::balancers(it, deployment).await,
            "target-group" => balancer::targets(it, deployment).await,
            "listener" => balancer::listeners(it, deployment).await,
            "db-parameters" => database::parameters(it, deployment).await,
            "db-subnets" => database::subnets(it, deployment).await,
            kind @ ("database" | "read-replica") => database::databases(it, deployment, kind).await,
            "cache-parameters" => cache::parameters(it, deployment).await,
            "cache-subnets" => cache::subnets(it, deployment).await,
            "cache" => cache::caches(it, deployment).await,
            "topic" => alarms::topics(it, deployment).await,
            "subscription" => alarms::subscriptions(it, deployment).await,
            "alarm" => alarms::alarms(it, deployment).await,
            other => Err(CloudError::unknown_kind(other)),
        }
    }

    async fn create(&self, making: &Making<'_>) -> Result<(), CloudError> {
        let it = &self.clients;
        match making.address.kind() {
            "network" => vpc::create_network(it, making).await,
            "subnet" => vpc::create_subnet(it, making).await,
            "internet-gateway" => vpc::create_gateway(it, making).await,
            "routes" => vpc::create_routes(it, making).await,
            "address" => nat::create_address(it, making).await,
            "nat" => nat::create_gateway(it, making).await,
            "firewall" => security::create_firewall(it, making).await,
            "rules" => security::set_rules(it, making.settings.text("firewall")?, &making.settings).await,
            "key-pair" => compute::create_key_pair(it, making).await,
            "launch-template" => compute::create_template(it, making).await,
            "group" => compute::create_group(it, making).await,
            "scaling-policy" => compute::put_policy(it, making).await,
            "balancer" => balancer::create_balancer(it, making).await,
            "target-group" => balancer::create_targets(it, making).await,
            "listener" => balancer::create_listener(it, making).await,
            "db-parameters" => database::create_parameters(it, making).await,
            "db-subnets" => database::create_subnets(it, making).await,
            "database" => database::create_database(it, making).await,
            "read-replica" => database::create_replica(it, making).await,
            "cache-parameters" => cache::create_parameters(it, making).await,
            "cache-subnets" => cache::create_subnets(it, making).await,
            "cache" => cache::create_cache(it, making).await,
            "topic" => alarms::create_topic(it, making).await,
            "subscription" => alarms::subscribe(it, making).await,
            "alarm" => alarms::put_alarm(it, making).await,
            other => Err(CloudError::unknown_kind(other)),
        }
    }

    async fn change(&self, making: &Making<'_>, found: &Found) -> Result<(), CloudError> {
        let (it, id) = (&self.clients, found.id.as_str());
        match making.address.kind() {
            "network" => vpc::change_network(it, id, &making.settings).await,
            "internet-gateway" => vpc::attach_gateway(it, id, &making.settings).await,
            "routes" => vpc::set_routes(it, id, &making.settings, &found.settings).await,
            "rules" => security::set_rules(it, making.settings.text("firewall")?, &making.settings).await,
            "launch-template" => compute::change_template(it, id, making).await,
            "group" => compute::change_group(it, making, &found.settings).await,
            "scaling-policy" => compute::put_policy(it, making).await,
            "balancer" => balancer::change_balancer(it, id, &making.settings, &found.settings).await,
            "target-group" => balancer::change_targets(it, id, &making.settings).await,
            "listener" => balancer::change_listener(it, id, &making.settings).await,
            "db-parameters" => database::set_parameters(it, id, &making.settings).await,
            "db-subnets" => database::change_subnets(it, id, &making.settings).await,
            "database" | "read-replica" => {
                database::change_database(it, id, &making.settings, &found.settings).await
            }
            "cache-parameters" => cache::set_parameters(it, id, &making.settings).await,
            "cache-subnets" => cache::change_subnets(it, id, &making.settings).await,
            "cache" => cache::change_cache(it, id, &making.settings, &found.settings).await,
            "alarm" => alarms::put_alarm(it, making).await,
            // Nothing of these changes in place: subnets, addresses, gateways, key pairs, topics, subscriptions.
            _ => Ok(()),
        }
    }

    async fn remove(&self, found: &Found, token: &str) -> Result<(), CloudError> {
        let (it, id) = (&self.clients, found.id.as_str());
        match found.address.kind() {
            "network" => vpc::delete_network(it, id).await,
            "subnet" => vpc::delete_subnet(it, id).await,
            "internet-gateway" => vpc::delete_gateway(it, id, &found.settings).await,
            "routes" => vpc::delete_routes(it, id).await,
            "address" => nat::delete_address(it, id).await,
            "nat" => nat::delete_gateway(it, id).await,
            "firewall" => security::delete_firewall(it, id).await,
            "rules" => security::clear_rules(it, id).await,
            "key-pair" => compute::delete_key_pair(it, id).await,
            "launch-template" => compute::delete_template(it, id).await,
            "group" => compute::delete_group(it, id).await,
            "scaling-policy" => compute::delete_policy(it, id).await,
            "balancer" => balancer::delete_balancer(it, id).await,
            "target-group" => balancer::delete_targets(it, id).await,
            "listener" => balancer::delete_listener(it, id).await,
            "db-parameters" => database::delete_parameters(it, id).await,
            "db-subnets" => database::delete_subnets(it, id).await,
            "database" => database::delete_database(it, id, token).await,
            "read-replica" => database::delete_replica(it, id).await,
            "cache-parameters" => cache::delete_parameters(it, id).await,
            "cache-subnets" => cache::delete_subnets(it, id).await,
            "cache" => cache::delete_cache(it, id, token).await,
            "topic" => alarms::delete_topic(it, id).await,
            "subscription" => alarms::unsubscribe(it, id).await,
            "alarm" => alarms::delete_alarm(it, id).await,
            other => Err(CloudError::unknown_kind(other)),
        }
    }

    async fn deployments(&self) -> Result<Vec<Deployment>, CloudError> {
        tags::deployments(&self.looking).await
    }

    async fn machines(&self, deployment: &Deployment) -> Result<Vec<Machine>, CloudError> {
        machines::running(&self.looking, deployment).await
    }

    async fn preflight(&self, made: &[Resource], changed: &[InPlace]) -> Result<Vec<Obstacle>, CloudError> {
        preflight::obstacles(&self.looking, made, changed).await
    }

    /// A subscription that nobody confirmed cannot be removed: it goes with its topic.
    fn goes_by_itself(&self, found: &Found) -> bool {
        found.id.ends_with(alarms::PENDING)
    }
}

/// A text, where the cloud gives one.
fn text(value: Option<&str>) -> Value {
    Value::Text(value.unwrap_or_default().to_owned())
}
