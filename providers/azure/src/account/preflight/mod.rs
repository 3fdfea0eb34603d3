//! What would stop a plan half-way: services that the subscription has not registered, machines and databases that the zones do not
//! sell, images that are not there, quotas that are reached, names that somebody else has.

mod machines;
mod names;
mod nearest;
mod servers;

use std::collections::BTreeSet;

use loadline_contract::deploy::{Address, CloudError, ErrorClass, InPlace, Obstacle, Resource, Value};
use serde_json::Value as Json;

use super::client::Client;
use super::json::{count, text};
use super::{KINDS, ids};

pub(super) async fn obstacles(
    it: &Client,
    wanted: &[Resource],
    changed: &[InPlace],
) -> Result<Vec<Obstacle>, CloudError> {
    let mut found = registrations(it, wanted).await?;
    // What is not registered answers nothing else.
    let missing: BTreeSet<Address> = found.iter().map(|it| it.address.clone()).collect();
    let is = |kind: &'static str| {
        let missing = &missing;
        wanted.iter().filter(move |it| it.address.kind() == kind && !missing.contains(&it.address))
    };
    let groups: Vec<&Resource> = is("group").collect();
    if !groups.is_empty() {
        found.extend(machines::obstacles(it, &groups, &is("autoscale").collect::<Vec<_>>()).await?);
    }
    let of = |kind: &'static str| changed.iter().filter(move |it| it.resource.address.kind() == kind);
    if groups.is_empty() {
        let resized: Vec<&Resource> =
            of("group").filter(|it| it.touches(&["sku", "image"])).map(|it| &it.resource).collect();
        let grown: Vec<(&Resource, i64)> =
            of("group").map(|it| (&it.resource, it.more("count"))).filter(|(_, more)| *more > 0).collect();
        found.extend(machines::in_place(it, &resized, &grown).await?);
    }
    found.extend(network(it, wanted, &missing).await?);
    let resized = |kind| of(kind).filter(|it| it.touches(SERVER)).map(|it| &it.resource);
    let servers: Vec<&Resource> = is("database")
        .chain(is("read-replica"))
        .chain(resized("database"))
        .chain(resized("read-replica"))
        .collect();
    if !servers.is_empty() {
        found.extend(servers::obstacles(it, &servers).await?);
    }
    for resource in is("database").chain(is("vault")) {
        found.extend(names::taken(it, &resource.address).await?);
    }
    for role in is("role") {
        found.extend(certificate(it, role).await?);
    }
    Ok(found)
}

/// What of a server has to be sold.
const SERVER: &[&str] = &["sku", "tier", "version", "high_availability"];

/// A service answers only in subscriptions that have registered it.
async fn registrations(it: &Client, wanted: &[Resource]) -> Result<Vec<Obstacle>, CloudError> {
    let namespace = |kind: &str| {
        let is = KINDS.iter().find(|(of, _)| *of == kind).map(|(_, is)| *is)?;
        is.split('/').next()
    };
    let needed: BTreeSet<&str> = wanted.iter().filter_map(|it| namespace(it.address.kind())).collect();
    let mut found = Vec::new();
    for name in needed {
        let what = format!("looking whether {name} is registered");
        let provider = it.get(&what, &it.whole(&format!("/providers/{name}"))).await?;
        let state = text(&provider, "/registrationState").unwrap_or_default();
        if matches!(state, "Registered" | "Registering") {
            continue;
        }
        let sentence = format!("the subscription has not registered {name}");
        let hint = format!("register it once: az provider register --namespace {name} --wait");
        let kept = wanted.iter().filter(|it| namespace(it.address.kind()) == Some(name));
        found.extend(kept.map(|it| Obstacle::at(&it.address, sentence.clone(), hint.clone())));
    }
    Ok(found)
}

/// What is counted in the network, by our kinds (`az network list-usages`).
const COUNTED: &[(&str, &[&str], &str)] = &[
    ("address", &["PublicIPAddresses", "StaticPublicIPAddresses"], "public IP addresses"),
    ("nat", &["NatGateways"], "NAT gateways"),
    ("network", &["VirtualNetworks"], "virtual networks"),
];

async fn network(
    it: &Client,
    wanted: &[Resource],
    missing: &BTreeSet<Address>,
) -> Result<Vec<Obstacle>, CloudError> {
    let of = |kind: &str| -> Vec<&Resource> {
        wanted.iter().filter(|it| it.address.kind() == kind && !missing.contains(&it.address)).collect()
    };
    if COUNTED.iter().all(|(kind, ..)| of(kind).is_empty()) {
        return Ok(Vec::new());
    }
    let path = it.whole(&format!("/providers/Microsoft.Network/locations/{}/usages", it.region));
    let usages = it.list("looking at the limits of networks", &path).await?;
    let mut found = Vec::new();
    for (kind, names, title) in COUNTED {
        let more = of(kind);
        let Some(first) = more.first() else { continue };
        let beyond = names.iter().find_map(|name| over(&usages, name, more.len() as i64));
        if let Some((limit, has)) = beyond {
            let region = &it.region;
            let sentence = format!(
                "the subscription may have {limit} {title} in {region}, has {has}, and this plan adds {}",
                more.len()
            );
            found.push(Obstacle::at(&first.address, sentence, more_quota()));
        }
    }
    Ok(found)
}

/// Limit and use of what is counted under that name, if so many more are too many. What is not listed has no limit.
fn over(usages: &[Json], name: &str, more: i64) -> Option<(i64, i64)> {
    let row =
        usages.iter().find(|row| text(row, "/name/value").is_some_and(|it| it.eq_ignore_ascii_case(name)))?;
    let number = |pointer: &str| match count(row, pointer) {
        Some(Value::Count(count)) => Some(count),
        _ => None,
    };
    let (limit, has) = (number("/limit")?, number("/currentValue")?);
    (has + more > limit).then_some((limit, has))
}

fn more_quota() -> String {
    "ask for more in the portal under Quotas, or with `az quota update`, or choose another region (--region)"
        .to_owned()
}

/// The certificate that a gateway is to read is somebody else's: it has to be there.
async fn certificate(it: &Client, role: &Resource) -> Result<Option<Obstacle>, CloudError> {
    let scope = role.text("scope").unwrap_or_default();
    let what = format!("looking for the certificate {}", ids::name(scope));
    match it.get(&what, scope).await {
        Ok(_) => Ok(None),
        Err(error) if error.class == ErrorClass::NotFound => {
            let sentence = format!("there is no secret {} in a vault", ids::short(scope));
            let hint =
                "look for its id with `az keyvault secret list` and name it as the certificate in the spec";
            Ok(Some(Obstacle::at(&role.address, sentence, hint)))
        }
        Err(error) => Err(error),
    }
}
