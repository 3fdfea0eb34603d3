//! The account: looks at what carries our labels or names, and makes, changes or removes one thing at a time. What all kinds of
//! Compute Engine have in common is done by table; each other family knows its calls.

mod alarms;
mod balancer;
mod cache;
mod clients;
mod compute;
mod errors;
mod form;
mod machines;
mod marks;
mod network;
mod operation;
mod orders;
mod password;
mod preflight;
mod project;
mod rest;
mod sql;
mod tables;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use loadline_contract::by_kind::{ByKind, Calls, Found, Making};
use loadline_contract::deploy::{
    Access, Account, CloudError, Deployment, ErrorClass, InPlace, KindRule, Machine, Obstacle, OnChange,
    Resource, Value, rule,
};

use crate::kinds::STAGES;
use clients::{Clients, patient};
use marks::Owned;
use operation::Operation;
use orders::Orders;

/// The calls of this cloud.
#[derive(Debug)]
struct GoogleCalls {
    clients: Clients,
    orders: Orders,
}

/// Connects, and proves the credentials by looking at the project.
pub(crate) async fn connect(access: &Access) -> Result<Arc<dyn Account>, CloudError> {
    let clients = Clients::new(access).await?;
    let doing = format!("looking at the project {} (projects.get)", clients.project);
    let seen = patient(clients.projects.get().set_project(&clients.project)).send().await;
    seen.map_err(errors::failed(doing)).map_err(|error| match error.class {
        ErrorClass::NotFound => {
            error.hint("name another one with --credentials PROJECT; `gcloud projects list` shows them")
        }
        _ => error,
    })?;
    Ok(Arc::new(ByKind::new(GoogleCalls { clients, orders: Orders::default() })))
}

/// The settings of a thing that differ and may be changed in place.
fn differing<'a>(making: &'a Making<'_>, found: &'a Found) -> impl Iterator<Item = (&'a String, &'a Value)> {
    let rule = rule(STAGES, making.address.kind()).map(|(_, rule)| rule);
    making.settings.iter().filter(move |(setting, _)| {
        let on_change = rule.and_then(|rule| rule.on_change(setting));
        let changes = !matches!(on_change, Some(OnChange::Ignore | OnChange::Replace));
        changes && making.settings.differs(setting, &found.settings)
    })
}

impl GoogleCalls {
    /// Everything of a kind that is ours, whichever deployment's.
    async fn all(&self, kind: &str) -> Result<Vec<Owned>, CloudError> {
        let it = &self.clients;
        match kind {
            "service-connection" => network::connections(it).await,
            "connection-policy" => network::policies(it).await,
            "password" => password::secrets(it).await,
            "database" | "read-replica" => sql::instances(it, kind).await,
            "cache" => cache::caches(it).await,
            "group" => machines::groups(it).await,
            "autoscaler" => machines::autoscalers(it).await,
            "public-address" => balancer::addresses(it).await,
            "backend" => balancer::backends(it).await,
            "forwarding-rule" => balancer::rules(it).await,
            "notification-channel" => alarms::channels(it).await,
            "alert" => alarms::alerts(it).await,
            _ => {
                let ours = compute::ours(it, kind).await?.into_iter();
                Ok(ours.map(|(deployment, found, _)| (deployment, found)).collect())
            }
        }
    }

    async fn ask_for(&self, making: &Making<'_>) -> Result<Option<Operation>, CloudError> {
        let it = &self.clients;
        let id = self.orders.request_id(making.token, 0);
        match making.address.kind() {
            "service-connection" => network::connect(it, making, false).await,
            "connection-policy" => network::create_policy(it, making, id).await,
            "password" => password::create(it, making).await.map(|()| None),
            "database" | "read-replica" => sql::create(it, making).await,
            "cache" => cache::create(it, making, id).await,
            "notification-channel" => alarms::create_channel(it, making).await.map(|()| None),
            "alert" => alarms::create_alert(it, making).await.map(|()| None),
            _ => compute::create(it, making, id).await,
        }
    }

    /// What has the name of ours is there already: well, if it is ours.
    async fn taken(&self, making: &Making<'_>, error: CloudError) -> Result<Option<Operation>, CloudError> {
        let all = self.all(making.address.kind()).await?;
        let ours =
            |(deployment, found): &Owned| deployment == making.deployment && found.address == *making.address;
        if all.iter().any(ours) {
            return Ok(None);
        }
        Err(error.hint(
            "something that is not loadline's has this name: remove or rename it, or give the deployment another name",
        ))
    }

    /// Remembers what was taken on under a token.
    fn took(&self, token: &str, doing: &str, group: Option<&str>, operation: Option<Operation>) {
        match group {
            Some(group) => self.orders.took_machines(token, operation, doing, group),
            None => self.orders.took(token, operation, doing),
        }
    }
}

#[async_trait]
impl Calls for GoogleCalls {
    fn stages(&self) -> &'static [&'static [KindRule]] {
        STAGES
    }

    async fn look(&self, kind: &str, deployment: &Deployment) -> Result<Vec<Found>, CloudError> {
        let all = self.all(kind).await?.into_iter();
        Ok(all.filter(|(owner, _)| owner == deployment).map(|(_, found)| found).collect())
    }

    async fn create(&self, making: &Making<'_>) -> Result<(), CloudError> {
        let operation = match self.ask_for(making).await {
            Err(error) if error.class == ErrorClass::AlreadyExists => self.taken(making, error).await?,
            answered => answered?,
        };
        let name = crate::names::name(making.deployment, making.address);
        let group = (making.address.kind() == "group").then_some(name.as_str());
        self.took(making.token, &format!("creating {}", making.address), group, operation);
        Ok(())
    }

    async fn change(&self, making: &Making<'_>, found: &Found) -> Result<(), CloudError> {
        let (it, orders) = (&self.clients, &self.orders);
        let id = orders.request_id(making.token, 0);
        let operation = match making.address.kind() {
            "subnet" => network::change_subnet(it, making, found, id).await?,
            "service-connection" => network::connect(it, making, true).await?,
            "connection-policy" => network::change_policy(it, making, found, id).await?,
            "password" => password::fill(it, making, &crate::names::name(making.deployment, making.address))
                .await
                .map(|()| None)?,
            "database" | "read-replica" => sql::change(it, orders, making, found).await?,
            "cache" => cache::change(it, orders, making, found, id).await?,
            "group" => machines::change(it, orders, making, found).await?,
            "http-proxy" => balancer::change_http(it, making, found, id).await?,
            "https-proxy" => balancer::change_https(it, orders, making, found).await?,
            "forwarding-rule" => balancer::change_rule(it, making, found, id).await?,
            "notification-channel" => alarms::change_channel(it, making, &found.id).await.map(|()| None)?,
            "alert" => alarms::change_alert(it, making, &found.id).await.map(|()| None)?,
            // Nothing of these changes in place.
            "private-range" | "public-address" | "template" => None,
            _ => compute::change(it, making, found, id).await?,
        };
        let group = (making.address.kind() == "group").then(|| form::last(&found.id));
        self.took(making.token, &format!("changing {}", making.address), group, operation);
        Ok(())
    }

    fn goes_on(&self, making: &Making<'_>, found: &Found) -> bool {
        match making.address.kind() {
            "database" => sql::goes_on(&self.orders, making, found),
            "cache" => cache::goes_on(&self.orders, making, found),
            "group" => machines::goes_on(&self.orders, making, found),
            "https-proxy" => balancer::goes_on(&self.orders, making, found),
            _ => false,
        }
    }

    async fn ordered(&self, token: &str) -> Result<Option<Duration>, CloudError> {
        self.orders.wait(&self.clients, token).await
    }

    async fn remove(&self, found: &Found, token: &str) -> Result<(), CloudError> {
        let it = &self.clients;
        let id = |part: usize| self.orders.request_id(token, part);
        let operation = match found.address.kind() {
            "service-connection" => network::disconnect(it, found).await?,
            "connection-policy" => network::remove_policy(it, found, id(0)).await?,
            "password" => password::remove(it, found).await.map(|()| None)?,
            "database" | "read-replica" => sql::remove(it, found).await?,
            "cache" => cache::remove(it, found, [id(0), id(1)]).await?,
            "notification-channel" => alarms::remove_channel(it, found).await.map(|()| None)?,
            "alert" => alarms::remove_alert(it, found).await.map(|()| None)?,
            kind => compute::delete(it, kind, form::last(&found.id), id(0)).await?,
        };
        self.took(token, &format!("removing {}", found.address), None, operation);
        Ok(())
    }

    async fn deployments(&self) -> Result<Vec<Deployment>, CloudError> {
        let mut found = BTreeSet::new();
        let kinds: Vec<&str> = STAGES.iter().copied().flatten().map(|rule| rule.kind).collect();
        for kind in kinds {
            found.extend(self.all(kind).await?.into_iter().map(|(deployment, _)| deployment));
        }
        Ok(found.into_iter().collect())
    }

    async fn machines(&self, deployment: &Deployment) -> Result<Vec<Machine>, CloudError> {
        machines::running(&self.clients, deployment).await
    }

    async fn preflight(&self, made: &[Resource], changed: &[InPlace]) -> Result<Vec<Obstacle>, CloudError> {
        preflight::obstacles(&self.clients, made, changed).await
    }
}

#[cfg(test)]
mod tests;
