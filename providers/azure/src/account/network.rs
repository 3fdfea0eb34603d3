//! The network and what belongs to it: security groups, addresses, ways out, subnets.

use std::collections::BTreeMap;

use loadline_contract::by_kind::{Found, Making};
use loadline_contract::deploy::{Address, CloudError, Deployment, State, Value};
use serde_json::{Value as Json, json};

use super::client::Client;
use super::json::{flag, id, map, present, rows, said, settings, text, zones};
use super::plain::{Plain, doing};
use super::{ids, marks};
use crate::names;

pub(super) const NETWORK: Plain =
    Plain::new("network", "Microsoft.Network/virtualNetworks", network, read_network);
pub(super) const FIREWALL: Plain =
    Plain::new("firewall", "Microsoft.Network/networkSecurityGroups", firewall, read_firewall);
pub(super) const ADDRESS: Plain = Plain {
    outputs: &[("address", "/properties/ipAddress")],
    ..Plain::new("address", "Microsoft.Network/publicIPAddresses", address, read_address)
};
pub(super) const NAT: Plain = Plain::new("nat", "Microsoft.Network/natGateways", nat, read_nat);

fn network(making: &Making<'_>) -> Result<Json, CloudError> {
    Ok(json!({ "properties": { "addressSpace": { "addressPrefixes": [making.settings.text("cidr")?] } } }))
}

fn read_network(row: &Json) -> BTreeMap<String, Value> {
    settings([("cidr", Some(joined(rows(row, "/properties/addressSpace/addressPrefixes")).into()))])
}

/// Texts of a list as one: more than one is never what was asked for.
fn joined(rows: &[Json]) -> String {
    rows.iter().filter_map(Json::as_str).collect::<Vec<_>>().join(", ")
}

fn firewall(making: &Making<'_>) -> Result<Json, CloudError> {
    let rules = making.settings.list("inbound")?.iter().map(|rule| {
        let Value::Map(rule) = rule else { return Json::Null };
        json!({
            "name": rule.get("name"),
            "properties": {
                "priority": rule.get("priority"),
                "direction": "Inbound",
                "access": rule.get("access"),
                "protocol": rule.get("protocol"),
                "sourceAddressPrefix": rule.get("from"),
                "sourcePortRange": "*",
                "destinationAddressPrefix": "*",
                "destinationPortRange": rule.get("to_ports"),
            },
        })
    });
    Ok(json!({ "properties": { "securityRules": rules.collect::<Vec<_>>() } }))
}

fn read_firewall(row: &Json) -> BTreeMap<String, Value> {
    let rules = rows(row, "/properties/securityRules").iter().filter(|rule| inbound(rule)).map(|rule| {
        // A rule that was changed by hand may name several.
        let one_or_more = |one: &str, more: &str| {
            let several = joined(rows(rule, more));
            said(rule, one).or_else(|| Some(several.into()).filter(|_| !rows(rule, more).is_empty()))
        };
        map([
            ("name", said(rule, "/name")),
            ("priority", super::json::count(rule, "/properties/priority")),
            ("access", said(rule, "/properties/access")),
            ("protocol", said(rule, "/properties/protocol")),
            ("from", one_or_more("/properties/sourceAddressPrefix", "/properties/sourceAddressPrefixes")),
            (
                "to_ports",
                one_or_more("/properties/destinationPortRange", "/properties/destinationPortRanges"),
            ),
        ])
    });
    settings([("inbound", Some(Value::List(rules.collect())))])
}

fn inbound(rule: &Json) -> bool {
    text(rule, "/properties/direction") == Some("Inbound")
}

/// Brings a security group to its rules; those for ways out are nobody's of ours and stay.
pub(super) async fn change_firewall(
    it: &Client,
    making: &Making<'_>,
    found: &Found,
) -> Result<(), CloudError> {
    let what = doing(making, Some(found));
    let mut there = it.get(&what, &found.id).await?;
    // Told, and taken from nobody.
    if let Some(properties) = there.get_mut("properties").and_then(Json::as_object_mut) {
        properties.remove("subnets");
    }
    let mut ours = present(firewall(making)?);
    let outbound = rows(&there, "/properties/securityRules").iter().filter(|rule| !inbound(rule)).cloned();
    if let Some(rules) = ours.pointer_mut("/properties/securityRules").and_then(Json::as_array_mut) {
        rules.extend(outbound);
    }
    let answer = it.put_over(&what, &found.id, there, &ours).await?;
    it.kept(making, &what, &answer);
    Ok(())
}

fn address(making: &Making<'_>) -> Result<Json, CloudError> {
    Ok(json!({
        "sku": { "name": making.settings.text("sku")? },
        "zones": making.settings.texts("zones")?,
        "properties": { "publicIPAllocationMethod": "Static", "publicIPAddressVersion": "IPv4" },
    }))
}

fn read_address(row: &Json) -> BTreeMap<String, Value> {
    settings([("sku", said(row, "/sku/name")), ("zones", zones(row))])
}

fn nat(making: &Making<'_>) -> Result<Json, CloudError> {
    Ok(json!({
        "sku": { "name": making.settings.text("sku")? },
        "zones": making.settings.texts("zones")?,
        "properties": { "publicIpAddresses": [{ "id": making.settings.text("address")? }] },
    }))
}

fn read_nat(row: &Json) -> BTreeMap<String, Value> {
    settings([
        ("sku", said(row, "/sku/name")),
        ("zones", zones(row)),
        ("address", id(row, "/properties/publicIpAddresses/0/id")),
    ])
}

/// The subnets that a network of ours may have: they carry no tags.
fn subnets() -> impl Iterator<Item = Address> {
    let apart = (1..=15).map(|number| format!("app-{number}"));
    ["app", "balancer", "cache", "database"]
        .map(str::to_owned)
        .into_iter()
        .chain(apart)
        .map(|name| Address::new("subnet", &name))
}

pub(super) async fn look_subnets(it: &Client, deployment: &Deployment) -> Result<Vec<Found>, CloudError> {
    let mut found = Vec::new();
    for network in NETWORK.rows(it, deployment).await? {
        for row in rows(&network, "/properties/subnets") {
            let name = text(row, "/name").unwrap_or_default();
            let Some(address) = marks::named(name, deployment, subnets()) else { continue };
            let id = ids::canonical(text(row, "/id").unwrap_or_default());
            let mut subnet = Found::new(address, Some(&id), marks::state(row), []);
            // A network that is leaving takes them along.
            if NETWORK.found(deployment, &network).is_some_and(|network| network.state == State::Leaving) {
                subnet.state = State::Leaving;
            }
            subnet.settings = read_subnet(row);
            subnet.set("network", ids::parent(&id).into());
            found.push(subnet);
        }
    }
    Ok(found)
}

fn read_subnet(row: &Json) -> BTreeMap<String, Value> {
    let several = rows(row, "/properties/addressPrefixes");
    settings([
        ("cidr", said(row, "/properties/addressPrefix").or_else(|| Some(joined(several).into()))),
        ("firewall", id(row, "/properties/networkSecurityGroup/id")),
        ("nat", id(row, "/properties/natGateway/id")),
        ("default_outbound", flag(row, "/properties/defaultOutboundAccess")),
        ("delegated_to", said(row, "/properties/delegations/0/properties/serviceName")),
        ("endpoint_policies", said(row, "/properties/privateEndpointNetworkPolicies")),
    ])
}

pub(super) async fn write_subnet(
    it: &Client,
    making: &Making<'_>,
    there: Option<&Found>,
) -> Result<(), CloudError> {
    let wanted = &making.settings;
    let reference = |name: &str| wanted.maybe_text(name).map(|id| json!({ "id": id }));
    let delegated = wanted
        .maybe_text("delegated_to")
        .map(|service| json!([{ "name": "service", "properties": { "serviceName": service } }]));
    let body = present(json!({
        "properties": {
            "addressPrefix": wanted.text("cidr")?,
            "networkSecurityGroup": reference("firewall"),
            "natGateway": reference("nat"),
            "defaultOutboundAccess": wanted.flag("default_outbound"),
            "delegations": delegated,
            "privateEndpointNetworkPolicies": wanted.maybe_text("endpoint_policies"),
        },
    }));
    let id = match there {
        Some(found) => found.id.clone(),
        None => {
            let name = names::name(making.deployment, making.address, "");
            format!("{}/subnets/{name}", wanted.text("network")?)
        }
    };
    let what = doing(making, there);
    let answer = match it.maybe(&what, &id).await? {
        Some(row) => it.put_over(&what, &id, row, &body).await?,
        None => it.put(&what, &id, &body).await?,
    };
    it.kept(making, &what, &answer);
    Ok(())
}
