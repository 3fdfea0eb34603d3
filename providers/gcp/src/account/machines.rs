//! Groups of machines: when one is usable, and what keeps it from being so.

use std::collections::BTreeSet;

use google_cloud_compute_v1::model::RegionInstanceGroupsSetNamedPortsRequest;
use google_cloud_gax::paginator::ItemPaginator as _;
use loadline_contract::by_kind::{Found, Making};
use loadline_contract::deploy::{CloudError, Deployment, Machine, State, Value};
use serde_json::{Value as Json, json};

use super::clients::{Clients, patient};
use super::errors::{Said, failed, refused};
use super::form::{self, last, path, text};
use super::marks::Owned;
use super::operation::{Operation, of_compute};
use super::orders::Orders;
use super::{compute, differing};
use crate::names::DEPLOYMENT_LABEL;

/// Groups with the way by which a balancer knows them.
pub(super) async fn groups(it: &Clients) -> Result<Vec<Owned>, CloudError> {
    let ours = compute::ours(it, "group").await?.into_iter();
    let groups = ours.map(|(deployment, mut found, json)| {
        found.state = state(&json);
        (deployment, found.output("instance_group", json["instanceGroup"].as_str().map(path)))
    });
    Ok(groups.collect())
}

/// Usable when no machine is on its way and all are of the template that is asked for.
fn state(group: &Json) -> State {
    let status = &group["status"];
    // The way to a version is not in every answer.
    let reached = status["versionTarget"]["isReached"].as_bool().unwrap_or(true);
    if status["isStable"].as_bool().unwrap_or(false) && reached { State::Ready } else { State::Changing }
}

/// The ports that a balancer knows by name belong to the list of machines beside the group (Compute Engine API, `namedPorts`: set by
/// the group when it is made, later by `regionInstanceGroups.setNamedPorts`).
const PORTS: &str = "named_ports";
/// Parts of a change, each with an operation of its own, in their order: what still scales the group by itself would undo its size.
const SCALED_BY_NOBODY: usize = 0;
const ALL_ELSE: usize = 1;
const NAMED_PORTS: usize = 2;
const SIZE: &str = "target_size";

/// What is still to be changed, and has not been asked for under this intent.
fn remaining(orders: &Orders, making: &Making<'_>, found: &Found) -> Option<usize> {
    let mut parts: Vec<usize> = differing(making, found)
        .flat_map(|(setting, _)| match setting.as_str() {
            PORTS => vec![NAMED_PORTS],
            SIZE => vec![SCALED_BY_NOBODY, ALL_ELSE],
            _ => vec![ALL_ELSE],
        })
        .collect();
    parts.sort_unstable();
    parts.into_iter().find(|part| !orders.has_done(making.token, *part))
}

pub(super) fn goes_on(orders: &Orders, making: &Making<'_>, found: &Found) -> bool {
    remaining(orders, making, found).is_some()
}

/// Changes the settings of the group, or the ports; the next look goes on with the others.
pub(super) async fn change(
    it: &Clients,
    orders: &Orders,
    making: &Making<'_>,
    found: &Found,
) -> Result<Option<Operation>, CloudError> {
    let Some(mut part) = remaining(orders, making, found) else { return Ok(None) };
    if part == SCALED_BY_NOBODY {
        let stopped = stop_scaling(it, orders, making, found).await?;
        orders.did(making.token, part);
        if stopped.is_some() {
            return Ok(stopped);
        }
        part = ALL_ELSE;
    }
    let id = orders.request_id(making.token, part);
    let operation = if part == NAMED_PORTS {
        let mut body = json!({});
        let ports = making.settings.iter().filter(|(setting, _)| *setting == PORTS);
        ports.for_each(|(setting, value)| {
            form::write(super::tables::table("group"), setting, value, &mut body);
        });
        let body: RegionInstanceGroupsSetNamedPortsRequest = compute::model(body)?;
        let asked = it.group_members.set_named_ports().set_project(&it.project).set_region(&it.region);
        let asked = asked.set_instance_group(last(&found.id)).set_request_id(id).set_body(body).send().await;
        let doing = format!("changing {} (regionInstanceGroups.setNamedPorts)", making.address);
        asked.map(|it| of_compute(&it)).map_err(failed(doing))?
    } else {
        let ports = making.settings.iter().filter(|(setting, _)| *setting == PORTS);
        let ports = ports.map(|(setting, value)| (setting.clone(), value.clone()));
        // As though they were so already: this call does not change them.
        let mut others = found.clone();
        others.settings.extend(ports);
        compute::change(it, making, &others, id).await?
    };
    orders.did(making.token, part);
    Ok(operation)
}

/// Removes the autoscaler of a group that is to be of a fixed size, which the same plan removes later on otherwise.
async fn stop_scaling(
    it: &Clients,
    orders: &Orders,
    making: &Making<'_>,
    found: &Found,
) -> Result<Option<Operation>, CloudError> {
    let all = compute::ours(it, "autoscaler").await?.into_iter();
    let mut of_group = all.filter(|(deployment, _, json)| {
        deployment == making.deployment && last(text(json, "target")) == last(&found.id)
    });
    match of_group.next() {
        Some((_, autoscaler, _)) => {
            let id = orders.request_id(making.token, SCALED_BY_NOBODY);
            compute::delete(it, "autoscaler", last(&autoscaler.id), id).await
        }
        None => Ok(None),
    }
}

/// Autoscalers, with how they are.
pub(super) async fn autoscalers(it: &Clients) -> Result<Vec<Owned>, CloudError> {
    let ours = compute::ours(it, "autoscaler").await?.into_iter();
    let autoscalers = ours.map(|(deployment, mut found, json)| {
        found.state = match text(&json, "status") {
            "DELETING" => State::Leaving,
            "PENDING" => State::Changing,
            _ => State::Ready,
        };
        (deployment, found)
    });
    Ok(autoscalers.collect())
}

/// Machines that run, of the groups of a deployment: those that carry the label of its template.
pub(super) async fn running(it: &Clients, deployment: &Deployment) -> Result<Vec<Machine>, CloudError> {
    let mut zones = BTreeSet::new();
    for (_, group) in groups(it).await?.into_iter().filter(|(owner, _)| owner == deployment) {
        if let Some(Value::List(of_group)) = group.settings.get("zones") {
            zones.extend(of_group.iter().map(ToString::to_string));
        }
    }
    let mut running = Vec::new();
    for zone in zones {
        let filter = format!("labels.{DEPLOYMENT_LABEL} = {deployment}");
        let asked = it.instances.list().set_project(&it.project).set_zone(&zone).set_filter(filter);
        let mut items = patient(asked).by_item();
        while let Some(item) = items.next().await {
            let item = item.map_err(failed(format!("looking for machines in {zone} (instances.list)")))?;
            running.extend(machine(&compute::json(&item)?, deployment));
        }
    }
    Ok(running)
}

/// A machine of a deployment, if it runs.
fn machine(json: &Json, deployment: &Deployment) -> Option<Machine> {
    let ours =
        json["labels"][DEPLOYMENT_LABEL] == deployment.as_str() && json["labels"]["loadline-tier"] == "app";
    let address = |path: &str| form::at(json, path).and_then(Json::as_str).map(str::to_owned);
    (ours && text(json, "status") == "RUNNING").then(|| Machine {
        id: path(text(json, "selfLink")).to_owned(),
        public: address("networkInterfaces.0.accessConfigs.0.natIP"),
        private: address("networkInterfaces.0.networkIP"),
    })
}

/// What keeps machines of a group from being made: a group tries for ever and says so only of its machines.
pub(super) async fn trouble(it: &Clients, group: &str, doing: &str) -> Result<(), CloudError> {
    let asked = it.groups.list_managed_instances().set_project(&it.project).set_region(&it.region);
    let mut items = patient(asked.set_instance_group_manager(group)).by_item();
    while let Some(item) = items.next().await {
        let call = format!(
            "{} (regionInstanceGroupManagers.listManagedInstances)",
            doing.split(" (").next().unwrap_or(doing)
        );
        let machine = compute::json(&item.map_err(failed(call))?)?;
        if let Some(said) = blamed(&machine) {
            let name = path(text(&machine, "instance"));
            return Err(refused(format!("{doing}: making {name}"), &said));
        }
    }
    Ok(())
}

/// Why the last attempt at a machine failed, if it did and nothing better came after it.
fn blamed(machine: &Json) -> Option<Said> {
    if text(machine, "currentAction") == "NONE" {
        return None;
    }
    let error = machine["lastAttempt"]["errors"]["errors"].get(0)?;
    Some(Said {
        message: text(error, "message").to_owned(),
        reasons: vec![text(error, "code").to_owned()],
        ..Said::default()
    })
}

#[cfg(test)]
mod tests {
    use loadline_contract::deploy::ErrorClass;

    use super::*;

    #[test]
    fn a_group_is_ready_when_its_machines_are_those_that_are_asked_for() {
        let group = |stable: bool, reached: bool| json!({ "status": { "isStable": stable, "versionTarget": { "isReached": reached } } });
        assert_eq!(state(&group(true, true)), State::Ready);
        assert_eq!(state(&group(true, false)), State::Changing);
        assert_eq!(state(&group(false, true)), State::Changing);
        assert_eq!(state(&json!({})), State::Changing);
    }

    #[test]
    fn only_machines_that_run_and_carry_both_labels_are_ours() {
        let shop: Deployment = "shop".parse().unwrap();
        let row = |status: &str, tier: &str| {
            json!({
                "selfLink": "https://www.googleapis.com/compute/v1/projects/p/zones/r-a/instances/shop-app-x1y2",
                "status": status, "labels": { "loadline-deployment": "shop", "loadline-tier": tier },
                "networkInterfaces": [{ "networkIP": "10.64.0.7" }],
            })
        };
        let found = machine(&row("RUNNING", "app"), &shop).unwrap();
        assert_eq!((found.private.as_deref(), found.public.as_deref()), (Some("10.64.0.7"), None));
        assert_eq!(found.id, "projects/p/zones/r-a/instances/shop-app-x1y2");
        assert!(machine(&row("STOPPING", "app"), &shop).is_none());
        assert!(machine(&row("RUNNING", "other"), &shop).is_none());
        assert!(machine(&row("RUNNING", "app"), &"shop-2".parse().unwrap()).is_none());
    }

    #[test]
    fn what_a_machine_could_not_be_made_for_has_its_class() {
        let machine = |action: &str| {
            json!({
                "currentAction": action,
                "lastAttempt": { "errors": { "errors": [{ "code": "ZONE_RESOURCE_POOL_EXHAUSTED", "message": "The zone is full." }] } },
            })
        };
        let said = blamed(&machine("CREATING")).unwrap();
        assert_eq!(refused("creating group/app", &said).class, ErrorClass::OutOfCapacity);
        assert!(blamed(&machine("NONE")).is_none());
    }
}
