//! Private zones, their links to the network, and private endpoints that put a name into a zone.

use std::collections::BTreeMap;

use loadline_contract::by_kind::{Found, Making};
use loadline_contract::deploy::{CloudError, Deployment, State, Value};
use serde_json::{Value as Json, json};

use super::client::Client;
use super::json::{id, rows, said, settings, text};
use super::plain::{Plain, doing, not_ours};
use super::{ids, marks};
use crate::names;

pub(super) const ZONE: Plain = Plain {
    global: true,
    ..Plain::new("dns-zone", "Microsoft.Network/privateDnsZones", |_| Ok(json!({})), read_zone)
};
pub(super) const ENDPOINT: Plain =
    Plain::new("endpoint", "Microsoft.Network/privateEndpoints", endpoint, read_endpoint);
/// An endpoint has one group of zones at most; the name is ours to choose.
const ZONE_GROUP: &str = "privateDnsZoneGroups/default";

fn read_zone(row: &Json) -> BTreeMap<String, Value> {
    settings([("name", said(row, "/name"))])
}

pub(super) async fn look_links(it: &Client, deployment: &Deployment) -> Result<Vec<Found>, CloudError> {
    let mut found = Vec::new();
    for zone in ZONE.look(it, deployment).await? {
        let path = format!("{}/virtualNetworkLinks", zone.id);
        for row in it.list("looking for links of private zones", &path).await? {
            let Some(address) = marks::address(&row, deployment, "dns-link") else { continue };
            let link = ids::canonical(text(&row, "/id").unwrap_or_default());
            let mut link =
                Found::new(address, Some(&link), marks::state(&row), [("zone", zone.id.as_str().into())]);
            link.settings.extend(settings([("network", id(&row, "/properties/virtualNetwork/id"))]));
            found.push(link);
        }
    }
    Ok(found)
}

/// Nothing of a link changes in place.
pub(super) async fn create_link(it: &Client, making: &Making<'_>) -> Result<(), CloudError> {
    let name = names::name(making.deployment, making.address, "");
    let id = format!("{}/virtualNetworkLinks/{name}", making.settings.text("zone")?);
    let what = doing(making, None);
    let there = it.maybe(&what, &id).await?;
    if there.is_some_and(|row| marks::address(&row, making.deployment, "dns-link").is_none()) {
        return Err(not_ours(&what, &id));
    }
    let body = json!({
        "location": "global",
        "tags": marks::tags(making.deployment, making.address),
        "properties": {
            "registrationEnabled": false,
            "virtualNetwork": { "id": making.settings.text("network")? },
        },
    });
    let answer = it.put(&what, &id, &body).await?;
    it.kept(making, &what, &answer);
    Ok(())
}

fn endpoint(making: &Making<'_>) -> Result<Json, CloudError> {
    let wanted = &making.settings;
    Ok(json!({
        "properties": {
            "subnet": { "id": wanted.text("subnet")? },
            "privateLinkServiceConnections": [{
                "name": "target",
                "properties": {
                    "privateLinkServiceId": wanted.text("target")?,
                    "groupIds": [wanted.text("part")?],
                },
            }],
        },
    }))
}

fn read_endpoint(row: &Json) -> BTreeMap<String, Value> {
    let connection = "/properties/privateLinkServiceConnections/0/properties";
    settings([
        ("subnet", id(row, "/properties/subnet/id")),
        ("target", id(row, &format!("{connection}/privateLinkServiceId"))),
        ("part", said(row, &format!("{connection}/groupIds/0"))),
    ])
}

pub(super) async fn look_endpoints(it: &Client, deployment: &Deployment) -> Result<Vec<Found>, CloudError> {
    let mut found = ENDPOINT.look(it, deployment).await?;
    for endpoint in &mut found {
        let what = format!("looking for the name of {}", endpoint.address);
        let groups = it.list(&what, &format!("{}/privateDnsZoneGroups", endpoint.id)).await?;
        if let Some(group) = groups.first() {
            let configs = rows(group, "/properties/privateDnsZoneConfigs");
            let zone = configs.first().and_then(|config| id(config, "/properties/privateDnsZoneId"));
            endpoint.settings.extend(settings([("dns_zone", zone)]));
            if endpoint.state == State::Ready {
                endpoint.state = marks::state(group);
            }
        }
    }
    Ok(found)
}

/// Puts its name into the zone; only an endpoint that is ready takes one, so this comes second.
pub(super) async fn change_endpoint(
    it: &Client,
    making: &Making<'_>,
    found: &Found,
) -> Result<(), CloudError> {
    let config = json!({
        "name": "zone", "properties": { "privateDnsZoneId": making.settings.text("dns_zone")? },
    });
    let body = json!({ "properties": { "privateDnsZoneConfigs": [config] } });
    let id = format!("{}/{ZONE_GROUP}", found.id);
    let what = format!("naming {}", making.address);
    let answer = it.put(&what, &id, &body).await?;
    it.kept(making, &what, &answer);
    Ok(())
}
