//! The balancer: a Standard Load Balancer, or an Application Gateway (`gateway.rs`). Its parts are found by the names that they get
//! here.

use std::collections::BTreeMap;

use loadline_contract::by_kind::{Found, Making};
use loadline_contract::deploy::{CloudError, Value};
use serde_json::{Value as Json, json};

use super::client::Client;
use super::json::{count, flag, id, map, said, settings};
use super::plain::Plain;

pub(super) const LAYER_4: Plain = Plain {
    outputs: &[("backend", "/properties/backendAddressPools/0/id"), ("probe", "/properties/probes/0/id")],
    ..Plain::new("balancer", "Microsoft.Network/loadBalancers", |_| Ok(json!({})), read)
};
/// Names of its parts.
pub(super) const FRONT: &str = "front";
pub(super) const BACKEND: &str = "app";
pub(super) const PROBE: &str = "health";

/// A part of a thing that names it as a part of itself.
pub(super) fn part(id: &str, list: &str, name: &str) -> Json {
    json!({ "id": format!("{id}/{list}/{name}") })
}

/// An entry of a map, as the cloud takes it.
pub(super) fn entry(map: &BTreeMap<String, Value>, name: &str) -> Json {
    json!(map.get(name))
}

/// Makes a balancer, or brings it to its settings.
pub(super) async fn write(it: &Client, making: &Making<'_>, there: Option<&Found>) -> Result<(), CloudError> {
    let wanted = &making.settings;
    if wanted.text("sku")? != "Standard" {
        return super::gateway::write(it, making, there).await;
    }
    let id = there.map_or_else(|| LAYER_4.id(it, making), |found| found.id.clone());
    let body = body(making, &id)?;
    LAYER_4.write_body(it, making, there, body).await
}

fn body(making: &Making<'_>, id: &str) -> Result<Json, CloudError> {
    let wanted = &making.settings;
    let probe = wanted.map("probe")?;
    let rules = wanted.list("rules")?.iter().map(|rule| {
        let Value::Map(rule) = rule else { return Json::Null };
        let no = |name: &str| rule.get(name) != Some(&Value::Flag(true));
        json!({
            "name": entry(rule, "name"),
            "properties": {
                "frontendIPConfiguration": part(id, "frontendIPConfigurations", FRONT),
                "backendAddressPool": part(id, "backendAddressPools", BACKEND),
                "probe": part(id, "probes", PROBE),
                "protocol": entry(rule, "protocol"),
                "frontendPort": entry(rule, "port"),
                "backendPort": entry(rule, "to_port"),
                "idleTimeoutInMinutes": entry(rule, "idle_timeout_min"),
                "enableTcpReset": !no("tcp_reset"),
                "disableOutboundSnat": no("outbound_nat"),
            },
        })
    });
    Ok(json!({
        "sku": { "name": wanted.text("sku")? },
        "properties": {
            "frontendIPConfigurations": [{
                "name": FRONT, "properties": { "publicIPAddress": { "id": wanted.text("address")? } },
            }],
            "backendAddressPools": [{ "name": BACKEND }],
            "probes": [{
                "name": PROBE,
                "properties": {
                    "protocol": entry(probe, "protocol"),
                    "port": entry(probe, "port"),
                    "requestPath": entry(probe, "path"),
                    "intervalInSeconds": entry(probe, "interval_s"),
                    "probeThreshold": entry(probe, "threshold"),
                },
            }],
            "loadBalancingRules": rules.collect::<Vec<_>>(),
        },
    }))
}

fn read(row: &Json) -> BTreeMap<String, Value> {
    let of = |name: &str| format!("/properties/probes/0/properties/{name}");
    let probe = map([
        ("protocol", said(row, &of("protocol"))),
        ("port", count(row, &of("port"))),
        ("path", said(row, &of("requestPath"))),
        ("interval_s", count(row, &of("intervalInSeconds"))),
        ("threshold", count(row, &of("probeThreshold"))),
    ]);
    let rules = super::json::rows(row, "/properties/loadBalancingRules").iter().map(|rule| {
        let no_way_out = flag(rule, "/properties/disableOutboundSnat") == Some(Value::Flag(true));
        map([
            ("name", said(rule, "/name")),
            ("protocol", said(rule, "/properties/protocol")),
            ("port", count(rule, "/properties/frontendPort")),
            ("to_port", count(rule, "/properties/backendPort")),
            ("idle_timeout_min", count(rule, "/properties/idleTimeoutInMinutes")),
            ("tcp_reset", flag(rule, "/properties/enableTcpReset").or(Some(false.into()))),
            ("outbound_nat", Some((!no_way_out).into())),
        ])
    });
    settings([
        ("sku", said(row, "/sku/name")),
        ("address", id(row, "/properties/frontendIPConfigurations/0/properties/publicIPAddress/id")),
        ("probe", Some(probe)),
        ("rules", Some(Value::List(rules.collect()))),
    ])
}
