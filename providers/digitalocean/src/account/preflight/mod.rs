//! What would stop a plan half-way: sizes that the region does not sell, images that are not there, limits that are reached, a key
//! that the account has already.

mod nearest;

use loadline_contract::deploy::{CloudError, ErrorClass, InPlace, Obstacle, Resource};
use serde::Deserialize;

use super::client::page;
use super::{Client, base};
use nearest::nearest;

#[derive(Debug, Deserialize)]
pub(crate) struct Size {
    slug: String,
    #[serde(default)]
    available: bool,
    #[serde(default)]
    regions: Vec<String>,
}
page!(Sizes, "sizes", Size);

#[derive(Debug, Deserialize)]
struct Image {
    image: Regions,
}

#[derive(Debug, Deserialize)]
struct Regions {
    #[serde(default)]
    regions: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Account {
    account: Limits,
}

#[derive(Debug, Deserialize)]
struct Limits {
    droplet_limit: i64,
}

#[derive(Debug, Deserialize)]
struct Counted {
    meta: Total,
}

#[derive(Debug, Deserialize)]
struct Total {
    total: i64,
}

#[derive(Debug, Deserialize)]
struct Offered {
    options: Engines,
}

#[derive(Debug, Deserialize)]
struct Engines {
    mysql: Option<Engine>,
    valkey: Option<Engine>,
}

#[derive(Debug, Default, Deserialize)]
struct Engine {
    #[serde(default)]
    regions: Vec<String>,
    #[serde(default)]
    versions: Vec<String>,
    #[serde(default)]
    layouts: Vec<Layout>,
}

#[derive(Debug, Deserialize)]
struct Layout {
    num_nodes: i64,
    #[serde(default)]
    sizes: Vec<String>,
}

fn text<'a>(resource: &'a Resource, name: &str) -> &'a str {
    resource.text(name).unwrap_or_default()
}

pub(super) async fn obstacles(
    it: &Client,
    made: &[Resource],
    changed: &[InPlace],
) -> Result<Vec<Obstacle>, CloudError> {
    let mut found = Vec::new();
    let is = |resource: &Resource, kinds: &[&str]| kinds.contains(&resource.address.kind());
    let machines: Vec<&Resource> = made.iter().filter(|it| is(it, MACHINES)).collect();
    let resized = |settings: &'static [&'static str], kinds: &'static [&'static str]| {
        changed
            .iter()
            .filter(move |it| is(&it.resource, kinds) && it.touches(settings))
            .map(|it| &it.resource)
    };
    // All machines are alike.
    if let Some(machine) = machines.first().copied().or_else(|| resized(&["size", "region"], MACHINES).next())
    {
        size(it, machine, &mut found).await?;
    }
    if let Some(machine) = machines.first().copied().or_else(|| resized(&["image"], MACHINES).next()) {
        image(it, machine, &mut found).await?;
    }
    // Of a pool those that it may grow to: it is not made to end at a limit in the middle of a rush.
    let new: i64 = machines.iter().map(|machine| machine.count("most").unwrap_or(1)).sum();
    let more = new + changed.iter().map(|it| it.more("most")).sum::<i64>();
    let grown = changed.iter().find(|it| it.more("most") > 0).map(|it| &it.resource);
    if let Some(first) = machines.first().copied().or(grown).filter(|_| more > 0) {
        limit(it, first, more, &mut found).await?;
    }
    let clusters: Vec<&Resource> = made
        .iter()
        .filter(|it| is(it, CLUSTERS))
        .chain(resized(&["size", "nodes", "version"], CLUSTERS))
        .collect();
    if !clusters.is_empty() {
        let what = "looking which databases and caches are sold";
        let offered: Offered = it.get(what, "/v2/databases/options").await?;
        let (mysql, valkey) =
            (offered.options.mysql.unwrap_or_default(), offered.options.valkey.unwrap_or_default());
        for resource in clusters {
            let engine = if resource.address.kind() == "cache" { &valkey } else { &mysql };
            found.extend(cluster(resource, engine));
        }
    }
    for resource in made.iter().filter(|it| is(it, &["key"])) {
        key(it, resource, &mut found).await?;
    }
    Ok(found)
}

/// Kinds that are machines of the application, or make them.
const MACHINES: &[&str] = &["app", "group"];
/// Kinds that are managed clusters.
const CLUSTERS: &[&str] = &["database", "read-replica", "cache"];

async fn size(it: &Client, machine: &Resource, found: &mut Vec<Obstacle>) -> Result<(), CloudError> {
    let (wanted, region) = (text(machine, "size"), text(machine, "region"));
    let all = it.list::<Sizes>("looking which sizes are sold", "/v2/sizes").await?;
    let sold = |size: &&Size| size.available && size.regions.iter().any(|it| it == region);
    if !all.iter().filter(sold).any(|size| size.slug == wanted) {
        let near = nearest(wanted, all.iter().filter(sold).map(|size| size.slug.as_str()));
        let way = way("app", &near);
        found.push(Obstacle::at(&machine.address, format!("{wanted} is not sold in {region} just now"), way));
    }
    Ok(())
}

fn way(tier: &str, near: &[&str]) -> String {
    let pin = if near.is_empty() {
        format!("pin another one (pin.digitalocean.{tier})")
    } else {
        format!("pin a near one that is sold there (pin.digitalocean.{tier}: {})", near.join(" or "))
    };
    format!("{pin}, or choose another region (--region)")
}

async fn image(it: &Client, machine: &Resource, found: &mut Vec<Obstacle>) -> Result<(), CloudError> {
    let (wanted, region) = (text(machine, "image"), text(machine, "region"));
    let sentence = match it.get::<Image>("looking for the image", &format!("/v2/images/{wanted}")).await {
        Ok(image) if image.image.regions.iter().any(|it| it == region) => return Ok(()),
        Ok(_) => format!("the image {wanted} is not in {region}"),
        Err(error) if error.class == ErrorClass::NotFound => format!("there is no image {wanted}"),
        Err(error) => return Err(error),
    };
    let hint = "choose another access.os, or another region (--region)".to_owned();
    found.push(Obstacle::at(&machine.address, sentence, hint));
    Ok(())
}

async fn limit(
    it: &Client,
    first: &Resource,
    more: i64,
    found: &mut Vec<Obstacle>,
) -> Result<(), CloudError> {
    let what = "looking how many machines the account may have";
    let account: Account = it.get(what, "/v2/account").await?;
    let there: Counted = it.get(what, "/v2/droplets?per_page=1&page=1").await?;
    let (limit, has) = (account.account.droplet_limit, there.meta.total);
    if has + more > limit {
        let sentence =
            format!("the account may have {limit} machines, has {has}, and this plan adds up to {more}");
        let hint = "ask for a higher limit (control panel, Settings), or remove machines that are not needed";
        found.push(Obstacle::at(&first.address, sentence, hint));
    }
    Ok(())
}

fn cluster(resource: &Resource, engine: &Engine) -> Option<Obstacle> {
    let (size, region) = (text(resource, "size"), text(resource, "region"));
    let (nodes, version) = (resource.count("nodes").unwrap_or(1), text(resource, "version"));
    let tier = if resource.address.kind() == "cache" { "cache" } else { "database" };
    if !engine.regions.iter().any(|it| it == region) {
        let sentence = format!("no {tier} of this engine is sold in {region}");
        return Some(Obstacle::at(&resource.address, sentence, "choose another region (--region)"));
    }
    if !version.is_empty() && !engine.versions.iter().any(|it| it == version) {
        let sentence = format!("version {version} is not sold; there are {}", engine.versions.join(", "));
        return Some(Obstacle::at(
            &resource.address,
            sentence,
            format!("set {tier}.version to one of these"),
        ));
    }
    let layout = engine.layouts.iter().find(|layout| layout.num_nodes == nodes);
    let sizes = layout.map(|layout| layout.sizes.as_slice()).unwrap_or_default();
    if sizes.iter().any(|it| it == size) {
        return None;
    }
    let near = nearest(size, sizes.iter().map(String::as_str));
    let plural = if nodes == 1 { "node" } else { "nodes" };
    let sentence = format!("{size} is not sold with {nodes} {plural}");
    Some(Obstacle::at(&resource.address, sentence, way(tier, &near)))
}

/// An account takes each key once, under one name: one that a person has brought there is not ours to rename or to remove.
async fn key(it: &Client, resource: &Resource, found: &mut Vec<Obstacle>) -> Result<(), CloudError> {
    // Kind and key; what follows is a comment.
    let bare = |key: &str| key.split_whitespace().take(2).map(str::to_owned).collect::<Vec<_>>();
    let wanted = bare(text(resource, "public_key"));
    let same = base::all_keys(it).await?.into_iter().find(|key| bare(&key.public_key) == wanted);
    if let Some(key) = same {
        let sentence =
            format!("the account has this key already, as `{}`, and takes each key once", key.name);
        let hint = format!(
            "name another key at access.ssh.key, or remove it there (doctl compute ssh-key delete {})",
            key.id
        );
        found.push(Obstacle::at(&resource.address, sentence, hint));
    }
    Ok(())
}
