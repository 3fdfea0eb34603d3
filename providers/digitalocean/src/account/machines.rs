//! The application's machines where their number is fixed: droplets. They carry the tag of their address and that of the application.

use loadline_contract::by_kind::{Found, Making, ids};
use loadline_contract::deploy::{CloudError, Deployment, Machine, State, Value};
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::client::page;
use super::project::{self, Membership};
use super::{Client, Slug};
use crate::names;

#[derive(Debug, Deserialize)]
pub(super) struct Droplet {
    id: u64,
    #[serde(default)]
    locked: bool,
    status: String,
    #[serde(default)]
    features: Vec<String>,
    #[serde(default)]
    volume_ids: Vec<String>,
    image: Image,
    size_slug: String,
    region: Slug,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    vpc_uuid: String,
    #[serde(default)]
    networks: Networks,
}
page!(Droplets, "droplets", Droplet);

#[derive(Debug, Deserialize)]
struct Image {
    slug: Option<String>,
    #[serde(default)]
    name: String,
    #[serde(default)]
    distribution: String,
}

#[derive(Debug, Default, Deserialize)]
struct Networks {
    #[serde(default)]
    v4: Vec<Interface>,
}

#[derive(Debug, Deserialize)]
struct Interface {
    ip_address: String,
    #[serde(rename = "type")]
    kind: String,
}

impl Image {
    /// The slug. An image that a newer build of its release has taken the place of loses it, and is the same release for all that:
    /// it is made from what the image is called, `Ubuntu` and `24.04 (LTS) x64`.
    fn slug(&self) -> String {
        if let Some(slug) = self.slug.as_ref().filter(|slug| !slug.is_empty()) {
            return slug.clone();
        }
        let mut words = self.name.split_whitespace();
        let (release, architecture) =
            (words.next().unwrap_or_default(), words.next_back().unwrap_or_default());
        let distribution = self.distribution.to_lowercase().replace(' ', "-");
        format!("{distribution}-{}-{architecture}", release.replace('.', "-"))
    }
}

impl Droplet {
    fn ip(&self, kind: &str) -> Option<&str> {
        let found = self.networks.v4.iter().find(|interface| interface.kind == kind);
        found.map(|interface| interface.ip_address.as_str())
    }

    fn state(&self) -> State {
        match self.status.as_str() {
            "archive" => State::Failed("the cloud has archived it".to_owned()),
            // While an action runs, the machine is locked.
            "active" | "off" if !self.locked => State::Ready,
            _ => State::Changing,
        }
    }
}

fn urn(id: &str) -> String {
    format!("do:droplet:{id}")
}

pub(super) async fn look(it: &Client, deployment: &Deployment) -> Result<Vec<Found>, CloudError> {
    // All of them, not those with the application's tag: one that has lost it has lost its firewall, and that has to be seen.
    let all = it.list::<Droplets>("looking for machines", "/v2/droplets").await?;
    // Machines of a pool carry the application's tag alone: they are the pool's.
    let ours: Vec<_> = all
        .into_iter()
        .filter_map(|droplet| Some((names::marked(deployment, "app", &droplet.tags)?, droplet)))
        .collect();
    if ours.is_empty() {
        return Ok(Vec::new());
    }
    let members = Membership::look(it, deployment).await?;
    let found = ours.into_iter().map(|(address, droplet)| {
        let (id, tag) = (droplet.id.to_string(), names::mark(deployment, &address));
        let power = if droplet.status == "off" { "off" } else { "on" };
        let settings = [
            ("region", droplet.region.slug.as_str().into()),
            ("size", droplet.size_slug.as_str().into()),
            ("image", droplet.image.slug().into()),
            ("network", droplet.vpc_uuid.as_str().into()),
            ("project", members.of(&urn(&id))),
            ("tags", ids(names::of_parts(deployment, &droplet.tags))),
            ("volumes", ids(droplet.volume_ids.iter().map(String::as_str))),
            ("monitoring", droplet.features.iter().any(|feature| feature == "monitoring").into()),
            ("power", power.into()),
        ];
        Found::new(address, Some(&id), droplet.state(), settings)
            .output("tag", Some(&tag))
            .output("address", droplet.ip("public"))
            .output("private-address", droplet.ip("private"))
    });
    Ok(found.collect())
}

/// Those that run: each carries the application's tag, those of a pool it alone.
pub(super) async fn running(it: &Client, deployment: &Deployment) -> Result<Vec<Machine>, CloudError> {
    let tag = names::tag(deployment, "app");
    let all = it.list::<Droplets>("looking for machines", "/v2/droplets").await?;
    let ours = all.into_iter().filter(|it| it.status == "active" && it.tags.contains(&tag));
    let machine = |droplet: Droplet| Machine {
        public: droplet.ip("public").map(str::to_owned),
        private: droplet.ip("private").map(str::to_owned),
        id: droplet.id.to_string(),
    };
    Ok(ours.map(machine).collect())
}

/// Keys by their numbers, as the API wants them.
fn keys(making: &Making<'_>) -> Result<Vec<Json>, CloudError> {
    let keys = making.settings.texts("keys")?;
    Ok(keys.into_iter().map(|key| key.parse::<u64>().map_or_else(|_| json!(key), |id| json!(id))).collect())
}

pub(super) async fn create(it: &Client, making: &Making<'_>) -> Result<(), CloudError> {
    let settings = &making.settings;
    let mut tags = settings.texts("tags")?;
    tags.push(names::mark(making.deployment, making.address));
    let mut body = json!({
        "name": names::name(making.deployment, making.address),
        "region": settings.text("region")?,
        "size": settings.text("size")?,
        "image": settings.text("image")?,
        "vpc_uuid": settings.text("network")?,
        "tags": tags,
        "ssh_keys": keys(making)?,
        "user_data": settings.text("first_start")?,
        "monitoring": settings.flag("monitoring"),
    });
    if settings.list("volumes").is_ok() {
        body["volumes"] = json!(settings.texts("volumes")?);
    }
    it.order(&format!("creating {}", making.address), Method::POST, "/v2/droplets", &body).await
}

/// The next of the actions that bring a machine to its size: off, resized, on again. Each has to end before the next begins.
fn next_action(size: &str, power: &str, found: &Found) -> Option<Json> {
    let is = |name: &str, value: &str| found.settings.get(name) == Some(&Value::from(value));
    match (is("size", size), is("power", "on")) {
        (false, true) => Some(json!({ "type": "power_off" })),
        // The disk stays as it is, so that the way back is open: a disk never shrinks.
        (false, false) => Some(json!({ "type": "resize", "size": size, "disk": false })),
        (true, false) if power == "on" => Some(json!({ "type": "power_on" })),
        (true, _) => None,
    }
}

/// Whether a further action is due now that the last one is over.
pub(super) fn goes_on(making: &Making<'_>, found: &Found) -> bool {
    let wanted = (making.settings.maybe_text("size"), making.settings.maybe_text("power"));
    let (Some(size), Some(power)) = wanted else { return false };
    found.state == State::Ready && next_action(size, power, found).is_some()
}

pub(super) async fn change(it: &Client, making: &Making<'_>, found: &Found) -> Result<(), CloudError> {
    let (id, settings) = (&found.id, &making.settings);
    project::assign(it, &urn(id), settings, found).await?;
    let has = match found.settings.get("tags") {
        Some(Value::List(tags)) => tags.iter().map(ToString::to_string).collect(),
        _ => Vec::new(),
    };
    for tag in settings.texts("tags")?.into_iter().filter(|tag| !has.contains(tag)) {
        let what = format!("tagging {}", making.address);
        let body = json!({ "resources": [{ "resource_id": id, "resource_type": "droplet" }] });
        it.order(&what, Method::POST, &format!("/v2/tags/{tag}/resources"), &body).await?;
    }
    let Some(action) = next_action(settings.text("size")?, settings.text("power")?, found) else {
        return Ok(());
    };
    let what = format!("resizing or starting {}", making.address);
    it.order(&what, Method::POST, &format!("/v2/droplets/{id}/actions"), &action).await
}

pub(super) async fn remove(it: &Client, found: &Found) -> Result<(), CloudError> {
    it.delete(&format!("removing {}", found.address), &format!("/v2/droplets/{}", found.id)).await
}

#[cfg(test)]
mod tests {
    use loadline_contract::deploy::Address;

    use super::*;

    fn machine(size: &str, power: &str) -> Found {
        let settings = [("size", size.into()), ("power", power.into())];
        Found::new(Address::new("app", "1"), Some("1"), State::Ready, settings)
    }

    #[test]
    fn a_machine_is_off_while_it_is_resized_and_on_afterwards() {
        let next = |found: &Found| {
            next_action("c-16", "on", found).map(|it| it["type"].as_str().unwrap().to_owned())
        };
        assert_eq!(next(&machine("c-8", "on")).as_deref(), Some("power_off"));
        assert_eq!(next(&machine("c-8", "off")).as_deref(), Some("resize"));
        assert_eq!(next(&machine("c-16", "off")).as_deref(), Some("power_on"));
        assert_eq!(next(&machine("c-16", "on")), None);
    }

    #[test]
    fn an_image_that_lost_its_slug_is_still_of_its_release() {
        let image = |slug: Option<&str>| Image {
            slug: slug.map(str::to_owned),
            name: "24.04 (LTS) x64".to_owned(),
            distribution: "Ubuntu".to_owned(),
        };
        assert_eq!(image(None).slug(), "ubuntu-24-04-x64");
        assert_eq!(image(Some("")).slug(), "ubuntu-24-04-x64");
        assert_eq!(image(Some("ubuntu-22-04-x64")).slug(), "ubuntu-22-04-x64");
    }
}
