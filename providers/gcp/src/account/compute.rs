//! The calls of Compute Engine that all of its kinds have: list, get, insert, patch, delete. Things travel as JSON, in the models of
//! the client library.

use google_cloud_compute_v1::model;
use google_cloud_gax::paginator::ItemPaginator as _;
use loadline_contract::by_kind::{Found, Making};
use loadline_contract::deploy::{Address, CloudError, Deployment, ErrorClass, State};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};

use super::clients::{Clients, patient};
use super::differing;
use super::errors::failed;
use super::form::{self, path, text};
use super::operation::{Operation, of_compute};

use super::tables::{self, Given, table};
use crate::names;

/// A model of a client library as JSON.
pub(super) fn json<T: Serialize>(model: &T) -> Result<Json, CloudError> {
    serde_json::to_value(model).map_err(|error| unreadable(&error))
}

/// JSON as a model of a client library.
pub(super) fn model<T: DeserializeOwned>(json: Json) -> Result<T, CloudError> {
    serde_json::from_value(json).map_err(|error| unreadable(&error))
}

fn unreadable(error: &serde_json::Error) -> CloudError {
    // The position is told, not the content: it may hold passwords.
    let said = format!("a thing is of an unknown form at line {}, column {}", error.line(), error.column());
    CloudError::new(ErrorClass::Unexpected, "putting a thing into the form of the API", said)
        .hint("please report this")
}

macro_rules! placed {
    ($call:expr, $it:expr, global) => {
        $call.set_project(&$it.project)
    };
    ($call:expr, $it:expr, region) => {
        $call.set_project(&$it.project).set_region(&$it.region)
    };
}

macro_rules! kinds {
    ($($($kind:literal)|+ => $client:ident $model:ident $set:ident $api:literal $place:ident;)+) => {
        /// Everything of a kind in the project (and region, where it has one), whoever's it is.
        pub(super) async fn all(it: &Clients, kind: &str) -> Result<Vec<Json>, CloudError> {
            let mut found = Vec::new();
            match kind {
                $($($kind)|+ => {
                    let mut items = placed!(patient(it.$client.list()), it, $place).by_item();
                    while let Some(item) = items.next().await {
                        let doing = concat!("looking for what is there (", $api, ".list)");
                        found.push(json(&item.map_err(failed(doing))?)?);
                    }
                })+
                other => return Err(CloudError::unknown_kind(other)),
            }
            Ok(found)
        }

        /// One of a kind, by name.
        pub(super) async fn get(it: &Clients, kind: &str, name: &str) -> Result<Json, CloudError> {
            match kind {
                $($($kind)|+ => {
                    let asked = placed!(patient(it.$client.get().$set(name)), it, $place).send().await;
                    json(&asked.map_err(failed(format!(concat!("looking at {} (", $api, ".get)"), name)))?)
                })+
                other => Err(CloudError::unknown_kind(other)),
            }
        }

        async fn insert(it: &Clients, kind: &str, doing: &str, body: Json, id: String) -> Result<Option<Operation>, CloudError> {
            match kind {
                $($($kind)|+ => {
                    let body: model::$model = model(body)?;
                    let asked = placed!(it.$client.insert(), it, $place).set_request_id(id).set_body(body).send().await;
                    asked.map(|it| of_compute(&it)).map_err(failed(format!(concat!("{} (", $api, ".insert)"), doing)))
                })+
                other => Err(CloudError::unknown_kind(other)),
            }
        }

        /// Removes one, by name.
        pub(super) async fn delete(it: &Clients, kind: &str, name: &str, id: String) -> Result<Option<Operation>, CloudError> {
            match kind {
                $($($kind)|+ => {
                    let asked = placed!(it.$client.delete().$set(name), it, $place).set_request_id(id).send().await;
                    asked.map(|it| of_compute(&it)).map_err(failed(format!(concat!("removing {} (", $api, ".delete)"), name)))
                })+
                other => Err(CloudError::unknown_kind(other)),
            }
        }
    };
}

kinds! {
    "network" => networks Network set_network "networks" global;
    "subnet" => subnets Subnetwork set_subnetwork "subnetworks" region;
    "firewall" => firewalls Firewall set_firewall "firewalls" global;
    "router" => routers Router set_router "routers" region;
    "private-range" | "public-address" => addresses Address set_address "globalAddresses" global;
    "template" => templates InstanceTemplate set_instance_template "instanceTemplates" global;
    "group" => groups InstanceGroupManager set_instance_group_manager "regionInstanceGroupManagers" region;
    "autoscaler" => autoscalers Autoscaler set_autoscaler "regionAutoscalers" region;
    "health-check" => health_checks HealthCheck set_health_check "healthChecks" global;
    "ssl-policy" => ssl_policies SslPolicy set_ssl_policy "sslPolicies" global;
    "backend" => backends BackendService set_backend_service "backendServices" global;
    "url-map" => url_maps UrlMap set_url_map "urlMaps" global;
    "http-proxy" => http_proxies TargetHttpProxy set_target_http_proxy "targetHttpProxies" global;
    "https-proxy" => https_proxies TargetHttpsProxy set_target_https_proxy "targetHttpsProxies" global;
    "forwarding-rule" => forwarding ForwardingRule set_forwarding_rule "globalForwardingRules" global;
}

macro_rules! patches {
    ($($kind:literal => $client:ident $model:ident $set:ident $api:literal $place:ident;)+) => {
        /// Changes what the body has, and nothing else.
        pub(super) async fn patch(it: &Clients, kind: &str, name: &str, body: Json, id: String) -> Result<Option<Operation>, CloudError> {
            match kind {
                $($kind => {
                    let body: model::$model = model(body)?;
                    let asked = placed!(it.$client.patch().$set(name), it, $place).set_request_id(id).set_body(body).send().await;
                    asked.map(|it| of_compute(&it)).map_err(failed(format!(concat!("changing {} (", $api, ".patch)"), name)))
                })+
                other => Err(CloudError::unknown_kind(other)),
            }
        }
    };
}

patches! {
    "network" => networks Network set_network "networks" global;
    "firewall" => firewalls Firewall set_firewall "firewalls" global;
    "router" => routers Router set_router "routers" region;
    "group" => groups InstanceGroupManager set_instance_group_manager "regionInstanceGroupManagers" region;
    "autoscaler" => autoscalers Autoscaler set_autoscaler "regionAutoscalers" region;
    "health-check" => health_checks HealthCheck set_health_check "healthChecks" global;
    "ssl-policy" => ssl_policies SslPolicy set_ssl_policy "sslPolicies" global;
    "backend" => backends BackendService set_backend_service "backendServices" global;
    "url-map" => url_maps UrlMap set_url_map "urlMaps" global;
}

/// Whose a thing is, and what it is there: no kind of Compute Engine that is made here takes labels by the call that makes it,
/// so all of them are known by name and description.
pub(super) fn owned(kind: &str, json: &Json) -> Option<(Deployment, Address)> {
    let owner = names::owner(text(json, "name"), text(json, "description"));
    owner.filter(|(_, address)| address.kind() == kind)
}

/// Ours of a kind, each with what the cloud says of it.
pub(super) async fn ours(it: &Clients, kind: &str) -> Result<Vec<(Deployment, Found, Json)>, CloudError> {
    let all = all(it, kind).await?;
    let ours = all.into_iter().filter_map(|json| {
        let (deployment, address) = owned(kind, &json)?;
        let mut found = Found::new(address, Some(path(text(&json, "selfLink"))), State::Ready, []);
        found.settings = form::read(table(kind), &json);
        Some((deployment, found, json))
    });
    Ok(ours.collect())
}

/// The body that makes a thing.
pub(super) fn body(making: &Making<'_>) -> Json {
    let kind = making.address.kind();
    let mut body = json!({
        "name": names::name(making.deployment, making.address),
        "description": names::description(making.deployment, making.address),
    });
    for (setting, value) in making.settings.iter() {
        form::write(table(kind), setting, value, &mut body);
    }
    complete(kind, &mut body);
    body
}

/// Adds what every thing of a kind has, where the body has what it stands in.
fn complete(kind: &str, body: &mut Json) {
    for (path, given) in tables::given(kind) {
        let inside = path.rsplit_once('.').is_none_or(|(inside, _)| form::at(body, inside).is_some());
        if inside && form::at(body, path).is_none() {
            let value = match given {
                Given::Text(text) => json!(text),
                Given::Flag(flag) => json!(flag),
            };
            form::put(body, path, value);
        }
    }
}

/// Makes a thing.
pub(super) async fn create(
    it: &Clients,
    making: &Making<'_>,
    id: String,
) -> Result<Option<Operation>, CloudError> {
    insert(it, making.address.kind(), &format!("creating {}", making.address), body(making), id).await
}

/// Changes the settings of a thing that differ.
pub(super) async fn change(
    it: &Clients,
    making: &Making<'_>,
    found: &Found,
    id: String,
) -> Result<Option<Operation>, CloudError> {
    let kind = making.address.kind();
    let name = form::last(&found.id);
    let mut body = json!({});
    for (setting, value) in differing(making, found) {
        form::write(table(kind), setting, value, &mut body);
    }
    if body == json!({}) {
        // An answer was lost: it is as it should be.
        return Ok(None);
    }
    complete(kind, &mut body);
    if kind == "firewall" {
        // Asked for again by its patch alone (Compute Engine API, `firewalls.patch`).
        body["name"] = json!(name);
    }
    if tables::is_guarded(kind) {
        // A change that was decided on an older state than the last is refused.
        body["fingerprint"] = get(it, kind, name).await?["fingerprint"].clone();
    }
    patch(it, kind, name, body, id).await
}
