//! The balancer where HTTPS or paths are wanted: an Application Gateway.
//!
//! It reads its certificate from a vault by the address of the secret; which id was asked for stands in a tag, because the address
//! does not tell subscription and group.

use std::collections::BTreeMap;

use loadline_contract::by_kind::{Found, Making};
use loadline_contract::deploy::{CloudError, Value};
use serde_json::{Value as Json, json};

use super::balancer::{BACKEND, FRONT, PROBE, entry, part};
use super::client::Client;
use super::json::{count, id, map, rows, said, settings, text, zones};
use super::plain::Plain;
use super::{ids, marks};

pub(super) const LAYER_7: Plain = Plain {
    outputs: &[("backend", "/properties/backendAddressPools/0/id")],
    ..Plain::new("balancer", "Microsoft.Network/applicationGateways", |_| Ok(json!({})), read)
};
const SETTINGS: &str = "app";
const CERTIFICATE: &str = "main";

pub(super) async fn write(it: &Client, making: &Making<'_>, there: Option<&Found>) -> Result<(), CloudError> {
    let id = there.map_or_else(|| LAYER_7.id(it, making), |found| found.id.clone());
    LAYER_7.write_body(it, making, there, body(making, &id)?).await
}

/// `/subscriptions/.../vaults/V/secrets/S` as the address at which the secret is read, always in its newest version.
fn address(certificate: &str) -> String {
    let (vault, secret) = (ids::name(ids::parent(certificate)), ids::name(certificate));
    format!("https://{}.vault.azure.net/secrets/{secret}", vault.to_lowercase())
}

fn body(making: &Making<'_>, id: &str) -> Result<Json, CloudError> {
    let wanted = &making.settings;
    let (backend, probe) = (wanted.map("backend")?, wanted.map("probe")?);
    let listeners: Vec<&BTreeMap<String, Value>> = wanted
        .list("listeners")?
        .iter()
        .filter_map(|listener| if let Value::Map(map) = listener { Some(map) } else { None })
        .collect();
    let name = |listener: &BTreeMap<String, Value>| match listener.get("port") {
        Some(Value::Count(port)) => format!("port-{port}"),
        _ => String::new(),
    };
    let certificate = listeners.iter().find_map(|it| it.get("certificate")).map(ToString::to_string);
    let ports =
        listeners.iter().map(|it| json!({ "name": name(it), "properties": { "port": entry(it, "port") } }));
    let redirects = listeners.iter().filter_map(|it| {
        let Some(Value::Count(to)) = it.get("redirect_to") else { return None };
        Some(json!({
            "name": name(it),
            "properties": {
                "redirectType": "Permanent",
                "targetListener": part(id, "httpListeners", &format!("port-{to}")),
                "includePath": true,
                "includeQueryString": true,
            },
        }))
    });
    let http = listeners.iter().map(|it| {
        json!({
            "name": name(it),
            "properties": {
                "frontendIPConfiguration": part(id, "frontendIPConfigurations", FRONT),
                "frontendPort": part(id, "frontendPorts", &name(it)),
                "protocol": entry(it, "protocol"),
                "sslCertificate": it.get("certificate").map(|_| part(id, "sslCertificates", CERTIFICATE)),
            },
        })
    });
    let rules = listeners.iter().zip(1_u32..).map(|(it, place)| {
        let redirects = it.contains_key("redirect_to");
        let where_to = |list: &str, name: &str| (!redirects).then(|| part(id, list, name));
        json!({
            "name": name(it),
            "properties": {
                "ruleType": "Basic",
                "priority": place * 10,
                "httpListener": part(id, "httpListeners", &name(it)),
                "backendAddressPool": where_to("backendAddressPools", BACKEND),
                "backendHttpSettings": where_to("backendHttpSettingsCollection", SETTINGS),
                "redirectConfiguration": redirects.then(|| part(id, "redirectConfigurations", &name(it))),
            },
        })
    });
    let tags = certificate.as_ref().map(|id| marks::tags_and(making, [("certificate", id)]));
    let identity = wanted
        .maybe_text("identity")
        .map(|identity| json!({ "type": "UserAssigned", "userAssignedIdentities": { identity: {} } }));
    let policy =
        wanted.maybe_text("tls_policy").map(|name| json!({ "policyType": "Predefined", "policyName": name }));
    let certificates: Vec<Json> = certificate
        .iter()
        .map(|id| json!({ "name": CERTIFICATE, "properties": { "keyVaultSecretId": address(id) } }))
        .collect();
    Ok(json!({
        "tags": tags,
        "zones": wanted.texts("zones")?,
        "identity": identity,
        "properties": {
            "sku": { "name": wanted.text("sku")?, "tier": wanted.text("sku")? },
            "autoscaleConfiguration": {
                "minCapacity": wanted.count("least_instances")?, "maxCapacity": wanted.count("most_instances")?,
            },
            "gatewayIPConfigurations": [{
                "name": "subnet", "properties": { "subnet": { "id": wanted.text("subnet")? } },
            }],
            "frontendIPConfigurations": [{
                "name": FRONT, "properties": { "publicIPAddress": { "id": wanted.text("address")? } },
            }],
            "frontendPorts": ports.collect::<Vec<_>>(),
            "backendAddressPools": [{ "name": BACKEND }],
            "backendHttpSettingsCollection": [{
                "name": SETTINGS,
                "properties": {
                    "protocol": entry(backend, "protocol"),
                    "port": entry(backend, "port"),
                    "requestTimeout": entry(backend, "timeout_s"),
                    "connectionDraining": { "enabled": true, "drainTimeoutInSec": entry(backend, "drain_s") },
                    "cookieBasedAffinity": "Disabled",
                    "probe": part(id, "probes", PROBE),
                },
            }],
            "probes": [{
                "name": PROBE,
                "properties": {
                    "protocol": entry(probe, "protocol"),
                    // Machines have no names; a probe has to say some.
                    "host": "127.0.0.1",
                    "path": entry(probe, "path"),
                    "interval": entry(probe, "interval_s"),
                    "timeout": entry(probe, "timeout_s"),
                    "unhealthyThreshold": entry(probe, "threshold"),
                },
            }],
            "httpListeners": http.collect::<Vec<_>>(),
            "requestRoutingRules": rules.collect::<Vec<_>>(),
            "redirectConfigurations": redirects.collect::<Vec<_>>(),
            "sslCertificates": certificates,
            "sslPolicy": policy,
        },
    }))
}

fn read(row: &Json) -> BTreeMap<String, Value> {
    let backend = |name: &str| format!("/properties/backendHttpSettingsCollection/0/properties/{name}");
    let probe = |name: &str| format!("/properties/probes/0/properties/{name}");
    let identities = row.pointer("/identity/userAssignedIdentities").and_then(Json::as_object);
    let identity = identities.and_then(|all| all.keys().next()).map(|id| Value::from(ids::canonical(id)));
    settings([
        ("sku", said(row, "/properties/sku/name")),
        ("zones", zones(row)),
        ("address", id(row, "/properties/frontendIPConfigurations/0/properties/publicIPAddress/id")),
        ("subnet", id(row, "/properties/gatewayIPConfigurations/0/properties/subnet/id")),
        ("least_instances", count(row, "/properties/autoscaleConfiguration/minCapacity")),
        ("most_instances", count(row, "/properties/autoscaleConfiguration/maxCapacity")),
        (
            "backend",
            Some(map([
                ("protocol", said(row, &backend("protocol"))),
                ("port", count(row, &backend("port"))),
                ("timeout_s", count(row, &backend("requestTimeout"))),
                ("drain_s", count(row, &backend("connectionDraining/drainTimeoutInSec"))),
            ])),
        ),
        (
            "probe",
            Some(map([
                ("protocol", said(row, &probe("protocol"))),
                ("path", said(row, &probe("path"))),
                ("interval_s", count(row, &probe("interval"))),
                ("timeout_s", count(row, &probe("timeout"))),
                ("threshold", count(row, &probe("unhealthyThreshold"))),
            ])),
        ),
        ("identity", identity),
        ("tls_policy", said(row, "/properties/sslPolicy/policyName")),
        ("listeners", Some(Value::List(listeners(row)))),
    ])
}

fn listeners(row: &Json) -> Vec<Value> {
    let port_of = |listener: &str| {
        let name = ids::name(listener);
        let all = rows(row, "/properties/frontendPorts").iter();
        all.filter(|port| text(port, "/name").is_some_and(|it| it.eq_ignore_ascii_case(name)))
            .find_map(|port| count(port, "/properties/port"))
    };
    let listener = |it: &Json| {
        let name = text(it, "/name").unwrap_or_default();
        let redirect = rows(row, "/properties/redirectConfigurations")
            .iter()
            .find(|redirect| text(redirect, "/name") == Some(name))
            .and_then(|redirect| port_of(text(redirect, "/properties/targetListener/id")?));
        let certificate = text(it, "/properties/sslCertificate/id").map(|_| certificate(row));
        map([
            ("port", port_of(text(it, "/properties/frontendPort/id").unwrap_or_default())),
            ("protocol", said(it, "/properties/protocol")),
            ("redirect_to", redirect),
            ("certificate", certificate),
        ])
    };
    rows(row, "/properties/httpListeners").iter().map(listener).collect()
}

/// The id that was asked for, while it is what is read; else the address that is.
fn certificate(row: &Json) -> Value {
    let read = text(row, "/properties/sslCertificates/0/properties/keyVaultSecretId").unwrap_or_default();
    match marks::noted(row, "certificate") {
        Some(id) if address(id).eq_ignore_ascii_case(read.trim_end_matches('/')) => id.into(),
        _ => read.into(),
    }
}
