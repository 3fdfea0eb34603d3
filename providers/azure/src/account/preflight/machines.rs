//! Whether the zones sell the machines, whether the subscription may have so many, and whether their image is there.

use std::collections::BTreeSet;

use loadline_contract::deploy::{CloudError, ErrorClass, Obstacle, Resource, Value};
use serde_json::Value as Json;

use super::super::client::Client;
use super::super::json::{rows, text};
use super::nearest::nearest;
use super::{more_quota, over};

/// Which machines are sold in the region, as the cloud lists them.
async fn skus(it: &Client) -> Result<Vec<Json>, CloudError> {
    let filter = format!("location%20eq%20%27{}%27", it.region);
    let path = it.whole(&format!("/providers/Microsoft.Compute/skus?$filter={filter}"));
    let mut skus = it.list("looking which machines are sold", &path).await?;
    skus.retain(|sku| text(sku, "/resourceType") == Some("virtualMachines"));
    Ok(skus)
}

pub(super) async fn obstacles(
    it: &Client,
    groups: &[&Resource],
    scaled: &[&Resource],
) -> Result<Vec<Obstacle>, CloudError> {
    let mut found = Vec::new();
    let skus = skus(it).await?;
    // All groups are alike but for their zones.
    let Some(first) = groups.first() else { return Ok(found) };
    match sold(it, groups, &skus) {
        Ok(Some(sku)) => {
            // Of a group that scales those that it may grow to: it is not made to end at a limit in the middle of a rush.
            let most = |group: &&Resource| {
                let scale = scaled.iter().find(|it| it.address.name() == group.address.name());
                let count = group.count("count").or_else(|| group.count("first_count")).unwrap_or_default();
                scale.and_then(|scale| scale.count("most")).unwrap_or(count)
            };
            found.extend(cores(it, sku, first, groups.iter().map(most).sum()).await?);
        }
        Ok(None) => {}
        Err(obstacle) => found.push(obstacle),
    }
    found.extend(image(it, first).await?);
    Ok(found)
}

/// Groups that are there and become other machines (`resized`), or more of the same.
pub(super) async fn in_place(
    it: &Client,
    resized: &[&Resource],
    grown: &[(&Resource, i64)],
) -> Result<Vec<Obstacle>, CloudError> {
    let mut found = Vec::new();
    if resized.is_empty() && grown.is_empty() {
        return Ok(found);
    }
    let skus = skus(it).await?;
    if let Some(first) = resized.first() {
        found.extend(sold(it, resized, &skus).err());
        found.extend(image(it, first).await?);
    } else if let Some((first, _)) = grown.first() {
        let sku = skus.iter().find(|sku| text(sku, "/name") == first.text("sku"));
        if let Some(sku) = sku {
            found.extend(cores(it, sku, first, grown.iter().map(|(_, more)| more).sum()).await?);
        }
    }
    Ok(found)
}

/// What is sold of these groups' machines; an obstacle where they are not.
fn sold<'a>(it: &Client, groups: &[&Resource], skus: &'a [Json]) -> Result<Option<&'a Json>, Obstacle> {
    let Some(first) = groups.first() else { return Ok(None) };
    let wanted = first.text("sku").unwrap_or_default();
    let zones: BTreeSet<String> = groups.iter().flat_map(|group| zones(group)).collect();
    let sku = skus.iter().find(|sku| text(sku, "/name") == Some(wanted));
    if let Some(sku) = sku.filter(|sku| missing(sku, &zones).is_empty()) {
        return Ok(Some(sku));
    }
    let near = nearest(
        wanted,
        skus.iter().filter(|it| missing(it, &zones).is_empty()).filter_map(|it| text(it, "/name")),
    );
    let missing = sku.map(|sku| missing(sku, &zones)).unwrap_or_default();
    let place = if missing.is_empty() || missing.contains("") {
        it.region.clone()
    } else {
        format!("the zones {} of {}", missing.into_iter().collect::<Vec<_>>().join(" and "), it.region)
    };
    let sentence = format!("{wanted} is not sold to the subscription in {place} just now");
    Err(Obstacle::at(&first.address, sentence, way("app", &near)))
}

pub(super) fn way(tier: &str, near: &[&str]) -> String {
    let pin = if near.is_empty() {
        format!("pin another one (pin.azure.{tier})")
    } else {
        format!("pin a near one that is sold there (pin.azure.{tier}: {})", near.join(" or "))
    };
    format!("{pin}, or choose another region (--region)")
}

fn zones(group: &Resource) -> Vec<String> {
    match group.settings.get("zones") {
        Some(Value::List(zones)) => zones.iter().map(ToString::to_string).collect(),
        _ => Vec::new(),
    }
}

/// The zones in which it is not sold; an empty name stands for the whole region.
fn missing(sku: &Json, zones: &BTreeSet<String>) -> BTreeSet<String> {
    let texts = |row: &Json, pointer: &str| -> BTreeSet<String> {
        rows(row, pointer).iter().filter_map(Json::as_str).map(str::to_owned).collect()
    };
    let mut missing: BTreeSet<String> = match rows(sku, "/locationInfo").first() {
        Some(info) => zones.difference(&texts(info, "/zones")).cloned().collect(),
        None => BTreeSet::from([String::new()]),
    };
    for restriction in rows(sku, "/restrictions") {
        match text(restriction, "/type") {
            Some("Zone") => {
                missing.extend(texts(restriction, "/restrictionInfo/zones").intersection(zones).cloned());
            }
            _ => drop(missing.insert(String::new())),
        }
    }
    missing
}

/// Whether so many more machines fit into the subscription's cores.
async fn cores(
    it: &Client,
    sku: &Json,
    first: &Resource,
    machines: i64,
) -> Result<Vec<Obstacle>, CloudError> {
    let vcpus = rows(sku, "/capabilities").iter().find(|it| text(it, "/name") == Some("vCPUs"));
    let Some(vcpus) = vcpus.and_then(|it| text(it, "/value")?.parse::<i64>().ok()) else {
        return Ok(Vec::new());
    };
    let more = machines * vcpus;
    let path = it.whole(&format!("/providers/Microsoft.Compute/locations/{}/usages", it.region));
    let usages = it.list("looking at the limits of machines", &path).await?;
    let family = text(sku, "/family").unwrap_or_default();
    let mut found = Vec::new();
    for (name, title) in [(family, format!("vCPUs of {family}")), ("cores", "vCPUs in all".to_owned())] {
        if let Some((limit, has)) = over(&usages, name, more) {
            let sentence = format!(
                "the subscription may have {limit} {title} in {}, has {has}, and this plan adds up to {more}",
                it.region
            );
            found.push(Obstacle::at(&first.address, sentence, more_quota()));
        }
    }
    Ok(found)
}

async fn image(it: &Client, group: &Resource) -> Result<Option<Obstacle>, CloudError> {
    let Some(Value::Map(image)) = group.settings.get("image") else { return Ok(None) };
    let part = |name: &str| image.get(name).map(ToString::to_string).unwrap_or_default();
    let (publisher, offer, sku) = (part("publisher"), part("offer"), part("sku"));
    let path = it.whole(&format!(
        "/providers/Microsoft.Compute/locations/{}/publishers/{publisher}/artifacttypes/vmimage/offers/{offer}/skus/{sku}/versions?$top=1",
        it.region
    ));
    let there = match it.get("looking for the image", &path).await {
        Ok(versions) => versions.as_array().is_some_and(|versions| !versions.is_empty()),
        Err(error) if error.class == ErrorClass::NotFound => false,
        Err(error) => return Err(error),
    };
    let sentence = format!("there is no image {publisher}:{offer}:{sku} in {}", it.region);
    let hint = "choose another access.os, or another region (--region)".to_owned();
    Ok((!there).then(|| Obstacle::at(&group.address, sentence, hint)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_machine_is_missing_where_it_is_not_listed_or_restricted() {
        let sku = |restrictions: Json| json!({ "locationInfo": [{ "zones": ["1", "2"] }], "restrictions": restrictions });
        let zones =
            |names: &[&str]| -> BTreeSet<String> { names.iter().map(|it| (*it).to_owned()).collect() };
        assert_eq!(missing(&sku(json!([])), &zones(&["1", "2"])), zones(&[]));
        assert_eq!(missing(&sku(json!([])), &zones(&["2", "3"])), zones(&["3"]));
        let zonal = json!([{ "type": "Zone", "restrictionInfo": { "zones": ["1", "3"] } }]);
        assert_eq!(missing(&sku(zonal), &zones(&["1", "2"])), zones(&["1"]));
        assert_eq!(missing(&sku(json!([{ "type": "Location" }])), &zones(&["1"])), zones(&[""]));
        assert_eq!(missing(&json!({}), &zones(&[])), zones(&[""]));
    }
}
