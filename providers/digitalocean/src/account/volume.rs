//! Volumes: the disks beside those of the machines. They carry the tag of their address.

use loadline_contract::by_kind::{Found, Making};
use loadline_contract::deploy::{CloudError, Deployment, State};
use reqwest::Method;
use serde::Deserialize;
use serde_json::json;

use super::client::page;
use super::project::{self, Membership};
use super::{Client, Slug};
use crate::names;

#[derive(Debug, Deserialize)]
pub(super) struct Volume {
    id: String,
    size_gigabytes: i64,
    #[serde(default)]
    filesystem_type: String,
    region: Slug,
    tags: Option<Vec<String>>,
}
page!(Volumes, "volumes", Volume);

fn urn(id: &str) -> String {
    format!("do:volume:{id}")
}

pub(super) async fn look(it: &Client, deployment: &Deployment) -> Result<Vec<Found>, CloudError> {
    let all = it.list::<Volumes>("looking for volumes", "/v2/volumes").await?;
    let ours: Vec<_> = all
        .into_iter()
        .filter_map(|volume| {
            Some((names::marked(deployment, "volume", volume.tags.iter().flatten())?, volume))
        })
        .collect();
    if ours.is_empty() {
        return Ok(Vec::new());
    }
    let members = Membership::look(it, deployment).await?;
    let found = ours.into_iter().map(|(address, volume)| {
        let tag = names::mark(deployment, &address);
        let settings = [
            ("region", volume.region.slug.into()),
            ("size_gib", volume.size_gigabytes.into()),
            ("filesystem", volume.filesystem_type.into()),
            ("project", members.of(&urn(&volume.id))),
        ];
        Found::new(address, Some(&volume.id), State::Ready, settings).output("tag", Some(&tag))
    });
    Ok(found.collect())
}

pub(super) async fn create(it: &Client, making: &Making<'_>) -> Result<(), CloudError> {
    let settings = &making.settings;
    let body = json!({
        "name": names::name(making.deployment, making.address),
        "region": settings.text("region")?,
        "size_gigabytes": settings.count("size_gib")?,
        "filesystem_type": settings.text("filesystem")?,
        "tags": [names::mark(making.deployment, making.address)],
    });
    it.order(&format!("creating {}", making.address), Method::POST, "/v2/volumes", &body).await
}

pub(super) async fn change(it: &Client, making: &Making<'_>, found: &Found) -> Result<(), CloudError> {
    let (id, settings) = (&found.id, &making.settings);
    project::assign(it, &urn(id), settings, found).await?;
    let size_gib = settings.count("size_gib")?;
    if found.settings.get("size_gib") == Some(&i64::from(size_gib).into()) {
        return Ok(());
    }
    let body = json!({ "type": "resize", "size_gigabytes": size_gib, "region": settings.text("region")? });
    let path = format!("/v2/volumes/{id}/actions");
    it.order(&format!("growing {}", making.address), Method::POST, &path, &body).await
}

pub(super) async fn remove(it: &Client, found: &Found) -> Result<(), CloudError> {
    it.delete(&format!("removing {}", found.address), &format!("/v2/volumes/{}", found.id)).await
}
