//! The account: looks at what carries our tags, and makes, changes or removes one thing at a time.
//!
//! Each kind has a family that knows its calls. A family reads a thing back in the very form in which `translate` writes it, with
//! the cloud's ids in place of references; here ids become references again.

mod alarms;
mod balancer;
mod cache;
mod clients;
mod compute;
mod database;
mod errors;
mod found;
mod nat;
mod preflight;
mod security;
mod settings;
mod tags;
mod vpc;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use loadline_contract::deploy::{
    Access, Account, Action, Address, CloudError, Deployment, ErrorClass, Observed, Obstacle, OnChange,
    Progress, Reference, Resource, State, Step, Value, rule,
};

use crate::kinds::STAGES;
pub(crate) use clients::Clients;
use found::Found;
use settings::Settings;

/// The account.
#[derive(Debug)]
pub(crate) struct AwsAccount {
    /// For looking: tries again by itself.
    looking: Clients,
    /// For changing: every attempt is the core's.
    clients: Clients,
    /// Ids and outputs of our things, as seen last.
    known: Mutex<BTreeMap<Reference, String>>,
    /// Tokens of creations that this process asked for: their things may not show yet, and must not be asked for again.
    asked: Mutex<BTreeSet<String>>,
    /// Tokens of creations whose things were completed once.
    completed: Mutex<BTreeSet<String>>,
}

/// Connects and proves the credentials.
pub(crate) async fn connect(access: &Access) -> Result<Arc<dyn Account>, CloudError> {
    let (looking, clients) = Clients::connect(access).await?;
    Ok(Arc::new(AwsAccount {
        looking,
        clients,
        known: Mutex::default(),
        asked: Mutex::default(),
        completed: Mutex::default(),
    }))
}

/// What a creation works with.
pub(crate) struct Making<'a> {
    pub(crate) deployment: &'a Deployment,
    pub(crate) address: &'a Address,
    pub(crate) token: &'a str,
    pub(crate) settings: Settings,
}

impl AwsAccount {
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
            other => Err(unknown(other)),
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
            other => Err(unknown(other)),
        }
    }

    /// Brings a thing to its settings.
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
            "balancer" => balancer::change_balancer(it, id, &making.settings).await,
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
            other => Err(unknown(other)),
        }
    }

    fn remember(&self, found: &[Found]) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        for thing in found.iter().filter(|thing| thing.state != State::Leaving) {
            let outputs = thing.outputs.iter().map(|(name, value)| (name.as_str(), value));
            for (output, value) in outputs.chain([("id", &thing.id)]) {
                let reference = Reference { of: thing.address.clone(), output: output.to_owned() };
                known.insert(reference, value.clone());
            }
        }
    }

    /// Settings with the cloud's ids in place of references.
    async fn resolved(&self, deployment: &Deployment, resource: &Resource) -> Result<Settings, CloudError> {
        let mut looked = BTreeSet::new();
        for reference in resource.references() {
            let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).contains_key(reference);
            if !known && looked.insert(reference.of.kind().to_owned()) {
                let found = self.look(reference.of.kind(), deployment).await?;
                self.remember(&found);
            }
        }
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Settings::resolved(resource, &known)
    }

    async fn found(
        &self,
        deployment: &Deployment,
        (address, id): (&Address, Option<&str>),
    ) -> Result<Option<Found>, CloudError> {
        let all = self.look(address.kind(), deployment).await?;
        self.remember(&all);
        let is = |thing: &Found| thing.address == *address && id.is_none_or(|id| id == thing.id);
        Ok(all.into_iter().find(is))
    }

    async fn make(
        &self,
        deployment: &Deployment,
        resource: &Resource,
        token: &str,
    ) -> Result<Progress, CloudError> {
        let making = Making {
            deployment,
            address: &resource.address,
            token,
            settings: self.resolved(deployment, resource).await?,
        };
        let found = self.found(deployment, (&resource.address, None)).await?;
        let Some(found) = found.filter(|thing| thing.state != State::Leaving) else {
            let fresh = !self.asked.lock().unwrap_or_else(PoisonError::into_inner).contains(token);
            if fresh {
                self.create(&making).await?;
                self.asked.lock().unwrap_or_else(PoisonError::into_inner).insert(token.to_owned());
            }
            // Lists lag behind: it is looked for until it shows.
            return Ok(underway("creating", if fresh { 0 } else { 2 }));
        };
        if found.state == State::Ready
            && differs(&making, &found)
            && self.completed.lock().unwrap_or_else(PoisonError::into_inner).insert(token.to_owned())
        {
            // A run ended between two calls that make it together.
            if let Err(error) = self.change(&making, &found).await {
                self.completed.lock().unwrap_or_else(PoisonError::into_inner).remove(token);
                return Err(error);
            }
            return Ok(underway("setting up", 0));
        }
        standing(&found, "creating")
    }

    async fn adjust(
        &self,
        deployment: &Deployment,
        step: &Step,
        token: &str,
    ) -> Result<Progress, CloudError> {
        let (Some(resource), id) = (&step.resource, step.id.as_deref()) else {
            return Err(unknown(step.address.kind()));
        };
        let settings = self.resolved(deployment, resource).await?;
        let making = Making { deployment, address: &resource.address, token, settings };
        let Some(found) = self.found(deployment, (&resource.address, id)).await? else {
            let doing = format!("changing {}", step.address);
            return Err(CloudError::new(ErrorClass::NotFound, doing, "it is no longer there"));
        };
        let fresh = !self.asked.lock().unwrap_or_else(PoisonError::into_inner).contains(token);
        if fresh {
            if let State::Changing = found.state {
                return Ok(underway("waiting to be changed", 15));
            }
            self.change(&making, &found).await?;
            self.asked.lock().unwrap_or_else(PoisonError::into_inner).insert(token.to_owned());
            return Ok(underway("modifying", 1));
        }
        standing(&found, "modifying")
    }

    async fn delete(
        &self,
        deployment: &Deployment,
        step: &Step,
        token: &str,
    ) -> Result<Progress, CloudError> {
        let Some(found) = self.found(deployment, (&step.address, step.id.as_deref())).await? else {
            return Ok(Progress::Done);
        };
        if found.state == State::Leaving {
            return Ok(underway("deleting", 10));
        }
        if found.id.ends_with(alarms::PENDING) {
            return Ok(Progress::Done);
        }
        match self.remove(&found, token).await {
            Ok(()) => Ok(underway("deleting", 0)),
            Err(error) if error.class == ErrorClass::NotFound => Ok(Progress::Done),
            Err(error) => Err(error),
        }
    }
}

/// Whether a setting that changes in place is not as wanted.
fn differs(making: &Making<'_>, found: &Found) -> bool {
    let rule = rule(STAGES, making.address.kind()).map(|(_, rule)| rule);
    making.settings.iter().any(|(name, value)| {
        let ignored = rule.and_then(|rule| rule.on_change(name)) == Some(OnChange::Ignore);
        !ignored && found.settings.get(name) != Some(value)
    })
}

fn standing(found: &Found, doing: &str) -> Result<Progress, CloudError> {
    match &found.state {
        State::Ready => Ok(Progress::Done),
        State::Changing | State::Leaving => Ok(underway(doing, 15)),
        State::Failed(said) => {
            let doing = format!("{doing} {}", found.address);
            Err(CloudError::new(ErrorClass::Unexpected, doing, said.clone()))
        }
    }
}

fn underway(doing: &str, seconds: u64) -> Progress {
    Progress::Underway { ask_again_in: Duration::from_secs(seconds), doing: doing.to_owned() }
}

fn unknown(kind: &str) -> CloudError {
    let doing = format!("working on a `{kind}`");
    CloudError::new(ErrorClass::Unexpected, doing, "this version knows no such kind")
}

#[async_trait]
impl Account for AwsAccount {
    async fn observe(&self, deployment: &Deployment) -> Result<Vec<Observed>, CloudError> {
        let mut all = Vec::new();
        let kinds: Vec<&str> = STAGES.iter().flat_map(|stage| stage.iter().map(|rule| rule.kind)).collect();
        for kind in kinds {
            all.extend(self.look(kind, deployment).await?);
        }
        self.remember(&all);
        Ok(found::observed(all))
    }

    async fn deployments(&self) -> Result<Vec<Deployment>, CloudError> {
        tags::deployments(&self.looking).await
    }

    async fn perform(
        &self,
        deployment: &Deployment,
        step: &Step,
        token: &str,
    ) -> Result<Progress, CloudError> {
        match (step.action, &step.resource) {
            (Action::Create, Some(resource)) => self.make(deployment, resource, token).await,
            (Action::Update, _) => self.adjust(deployment, step, token).await,
            (Action::Delete, _) => self.delete(deployment, step, token).await,
            (Action::Create | Action::Await, _) => {
                match self.found(deployment, (&step.address, step.id.as_deref())).await? {
                    None => Ok(Progress::Done),
                    Some(found) => standing(&found, "not ready yet"),
                }
            }
        }
    }

    async fn preflight(&self, wanted: &[Resource]) -> Result<Vec<Obstacle>, CloudError> {
        preflight::obstacles(&self.looking, wanted).await
    }
}

/// A text, where the cloud gives one.
fn text(value: Option<&str>) -> Value {
    Value::Text(value.unwrap_or_default().to_owned())
}
