//! What of the network is not like every other kind: the change of a subnet, the ways to Google's managed services.

use google_cloud_compute_v1::model::SubnetworksSetPrivateIpGoogleAccessRequest;
use google_cloud_gax::paginator::ItemPaginator as _;
use google_cloud_networkconnectivity_v1::model::ServiceConnectionPolicy;
use google_cloud_wkt::FieldMask;
use loadline_contract::by_kind::{Found, Making};
use loadline_contract::deploy::{CloudError, ErrorClass, State};
use reqwest::Method;
use serde_json::{Value as Json, json};

use super::clients::{Clients, patient};
use super::compute;
use super::errors::failed;
use super::form::{self, Field, Form, last, path, text};
use super::marks::{self, Owned};
use super::operation::{Operation, of_compute};

use crate::names;
use crate::translate::addresses;

/// The service behind private services access, and what it calls its end of every connection.
const SERVICE: &str = "services/servicenetworking.googleapis.com";
const PEERING: &str = "servicenetworking-googleapis-com";
/// What stands before a network's id where the way into it has to be there first, by the way.
pub(super) const BY_CONNECTION: &str = "//servicenetworking.googleapis.com/";
pub(super) const BY_POLICY: &str = "//networkconnectivity.googleapis.com/";

const CONNECTION: &[Field] = &[("network", "network", Form::Link)];
const POLICY: &[Field] = &[
    ("network", "network", Form::Link),
    ("service_class", "serviceClass", Form::Text),
    ("subnetworks", "pscConfig.subnetworks", Form::Each(&Form::Link)),
];

/// The only setting of a subnet that changes in place.
pub(super) async fn change_subnet(
    it: &Clients,
    making: &Making<'_>,
    found: &Found,
    id: String,
) -> Result<Option<Operation>, CloudError> {
    let wanted = making.settings.flag("private_ip_google_access");
    let body = SubnetworksSetPrivateIpGoogleAccessRequest::new().set_private_ip_google_access(wanted);
    let asked = it.subnets.set_private_ip_google_access().set_project(&it.project).set_region(&it.region);
    let asked = asked.set_subnetwork(last(&found.id)).set_request_id(id).set_body(body).send().await;
    let doing = format!("changing {} (subnetworks.setPrivateIpGoogleAccess)", making.address);
    asked.map(|it| of_compute(&it)).map_err(failed(doing))
}

/// A network as Service Networking names it: by the number of its project.
async fn by_number(it: &Clients, network: &str) -> Result<String, CloudError> {
    let doing = "looking for the number of the project (projects.get)";
    let project = it.rest.get(doing, "cloudresourcemanager", &format!("v3/projects/{}", it.project)).await?;
    // Version 3 has it in the name: `projects/415104041262`.
    let number = last(text(&project, "name"));
    if number.is_empty() || !number.bytes().all(|it| it.is_ascii_digit()) {
        let said = "the answer names no number";
        return Err(CloudError::new(ErrorClass::Unexpected, doing, said).hint("please report this"));
    }
    Ok(format!("projects/{number}/global/networks/{}", last(network)))
}

/// It carries no mark: it belongs to whoever the network belongs to, which has but one.
pub(super) async fn connections(it: &Clients) -> Result<Vec<Owned>, CloudError> {
    let mut all = Vec::new();
    for (deployment, network, _) in compute::ours(it, "network").await? {
        let of = by_number(it, &network.id).await?;
        let doing = format!("looking how {} reaches services (connections.list)", network.address);
        let said = it
            .rest
            .get(&doing, "servicenetworking", &format!("v1/{SERVICE}/connections?network={of}"))
            .await?;
        let made = said["connections"].as_array().into_iter().flatten();
        let Some(made) = made.into_iter().find(|made| text(made, "peering") == PEERING) else { continue };
        let mut found = Found::new(
            addresses::service_connection(),
            Some(&format!("{BY_CONNECTION}{SERVICE}/connections/{PEERING}#{}", network.id)),
            State::Ready,
            [],
        );
        let ranges = made["reservedPeeringRanges"].as_array().into_iter().flatten();
        let ranges = ranges.filter_map(Json::as_str).map(|name| range(it, name));
        let ranges: Vec<String> = ranges.collect();
        // The network by the number of its project would be no id of ours.
        found.settings = form::read(CONNECTION, &json!({ "network": network.id }));
        found.set(
            "reserved_peering_ranges",
            loadline_contract::by_kind::ids(ranges.iter().map(String::as_str)),
        );
        let by = format!("{BY_CONNECTION}{}", network.id);
        all.push((deployment, found.output("network", Some(&by))));
    }
    Ok(all)
}

/// Ranges go by their names there, and by their ids here.
fn range(it: &Clients, name: &str) -> String {
    format!("projects/{}/global/addresses/{name}", it.project)
}

/// Makes the connection, or gives it other ranges.
pub(super) async fn connect(
    it: &Clients,
    making: &Making<'_>,
    there: bool,
) -> Result<Option<Operation>, CloudError> {
    let of = by_number(it, making.settings.text("network")?).await?;
    let ranges = making.settings.texts("reserved_peering_ranges")?;
    let ranges: Vec<&str> = ranges.iter().map(|range| last(range)).collect();
    let body = json!({ "network": of, "reservedPeeringRanges": ranges });
    let answer = if there {
        let doing = format!("changing {} (connections.patch)", making.address);
        // Ranges that are in use are kept by the service; `force` lets others go.
        let path = format!("v1/{SERVICE}/connections/{PEERING}?updateMask=reservedPeeringRanges&force=true");
        it.rest.call(&doing, ("servicenetworking", Method::PATCH, &path), Some(&body)).await?
    } else {
        let doing = format!("creating {} (connections.create)", making.address);
        let path = format!("v1/{SERVICE}/connections");
        it.rest.call(&doing, ("servicenetworking", Method::POST, &path), Some(&body)).await?
    };
    Ok(Some(Operation::ServiceNetworking(text(&answer, "name").to_owned())))
}

/// Ends the connection; refused while a service still uses it, and for some time after.
pub(super) async fn disconnect(it: &Clients, found: &Found) -> Result<Option<Operation>, CloudError> {
    let network = found.id.split('#').next_back().unwrap_or_default();
    let body = json!({ "consumerNetwork": by_number(it, network).await? });
    let doing = format!("removing {} (connections.deleteConnection)", found.address);
    // The method has no word of its own in its path: it is the POST to a connection (Service Networking API).
    let path = format!("v1/{SERVICE}/connections/{PEERING}");
    let answer = it.rest.call(&doing, ("servicenetworking", Method::POST, &path), Some(&body)).await?;
    Ok(Some(Operation::ServiceNetworking(text(&answer, "name").to_owned())))
}

fn place(it: &Clients) -> String {
    format!("projects/{}/locations/{}", it.project, it.region)
}

/// Policies that let Memorystore for Valkey make its endpoints.
pub(super) async fn policies(it: &Clients) -> Result<Vec<Owned>, CloudError> {
    let mut all = Vec::new();
    let mut items =
        patient(it.connectivity.list_service_connection_policies().set_parent(place(it))).by_item();
    while let Some(item) = items.next().await {
        let doing = "looking for service connection policies (serviceConnectionPolicies.list)";
        let policy = item.map_err(failed(doing))?;
        let Some((deployment, address)) = marks::owner("connection-policy", &policy.labels) else { continue };
        let mut found = Found::new(address, Some(path(&policy.name)), State::Ready, []);
        found.settings = form::read(POLICY, &compute::json(&policy)?);
        let by = format!("{BY_POLICY}{}", path(&policy.network));
        all.push((deployment, found.output("network", Some(&by))));
    }
    Ok(all)
}

fn policy(making: &Making<'_>) -> Result<ServiceConnectionPolicy, CloudError> {
    let mut body = json!({ "labels": marks::labels(making) });
    making.settings.iter().for_each(|(name, value)| form::write(POLICY, name, value, &mut body));
    compute::model(body)
}

pub(super) async fn create_policy(
    it: &Clients,
    making: &Making<'_>,
    id: String,
) -> Result<Option<Operation>, CloudError> {
    let asked = it.connectivity.create_service_connection_policy().set_parent(place(it));
    let asked = asked.set_service_connection_policy_id(names::name(making.deployment, making.address));
    let asked = asked.set_request_id(id).set_service_connection_policy(policy(making)?).send().await;
    let doing = format!("creating {} (serviceConnectionPolicies.create)", making.address);
    asked.map(|it| Some(Operation::Connectivity(it.name))).map_err(failed(doing))
}

pub(super) async fn change_policy(
    it: &Clients,
    making: &Making<'_>,
    found: &Found,
    id: String,
) -> Result<Option<Operation>, CloudError> {
    let asked = it.connectivity.update_service_connection_policy();
    let asked = asked.set_service_connection_policy(policy(making)?.set_name(&found.id)).set_request_id(id);
    let asked = asked.set_update_mask(FieldMask::default().set_paths(["psc_config"])).send().await;
    let doing = format!("changing {} (serviceConnectionPolicies.patch)", making.address);
    asked.map(|it| Some(Operation::Connectivity(it.name))).map_err(failed(doing))
}

pub(super) async fn remove_policy(
    it: &Clients,
    found: &Found,
    id: String,
) -> Result<Option<Operation>, CloudError> {
    let asked = it
        .connectivity
        .delete_service_connection_policy()
        .set_name(&found.id)
        .set_request_id(id)
        .send()
        .await;
    let doing = format!("removing {} (serviceConnectionPolicies.delete)", found.address);
    asked.map(|it| Some(Operation::Connectivity(it.name))).map_err(failed(doing))
}
