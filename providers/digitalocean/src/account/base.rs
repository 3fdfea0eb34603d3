//! Network, tags and operators' keys. Networks and keys are known by their exact names.

use loadline_contract::by_kind::{Found, Making};
use loadline_contract::deploy::{Address, CloudError, Deployment, ErrorClass, State};
use reqwest::Method;
use serde::Deserialize;
use serde_json::json;

use super::Client;
use super::client::page;
use crate::names;

#[derive(Debug, Deserialize)]
pub(super) struct Network {
    id: String,
    pub(super) name: String,
    #[serde(default)]
    pub(super) description: String,
    region: String,
}
page!(Networks, "vpcs", Network);

#[derive(Debug, Deserialize)]
pub(super) struct Tag {
    pub(super) name: String,
}
page!(Tags, "tags", Tag);

#[derive(Debug, Deserialize)]
pub(super) struct Key {
    pub(super) id: u64,
    pub(super) name: String,
    pub(super) public_key: String,
}
page!(Keys, "ssh_keys", Key);

pub(super) async fn all_networks(it: &Client) -> Result<Vec<Network>, CloudError> {
    it.list::<Networks>("looking for networks", "/v2/vpcs").await
}

pub(super) async fn networks(it: &Client, deployment: &Deployment) -> Result<Vec<Found>, CloudError> {
    let address = Address::new("network", "main");
    let name = names::name(deployment, &address);
    let found = all_networks(it).await?.into_iter().filter(|network| network.name == name).map(|network| {
        Found::new(address.clone(), Some(&network.id), State::Ready, [("region", network.region.into())])
    });
    Ok(found.collect())
}

pub(super) async fn create_network(it: &Client, making: &Making<'_>) -> Result<(), CloudError> {
    let body = json!({
        "name": names::name(making.deployment, making.address),
        "description": names::tag(making.deployment, "network"),
        "region": making.settings.text("region")?,
    });
    it.order(&format!("creating {}", making.address), Method::POST, "/v2/vpcs", &body).await
}

pub(super) async fn remove_network(it: &Client, id: &str) -> Result<(), CloudError> {
    it.delete(&format!("removing network {id}"), &format!("/v2/vpcs/{id}")).await
}

pub(super) async fn all_tags(it: &Client) -> Result<Vec<Tag>, CloudError> {
    it.list::<Tags>("looking for tags", "/v2/tags").await
}

pub(super) async fn tags(it: &Client, deployment: &Deployment) -> Result<Vec<Found>, CloudError> {
    let name = names::tag(deployment, "app");
    let found = all_tags(it).await?.into_iter().filter(|tag| tag.name == name);
    Ok(found.map(|tag| Found::new(Address::new("tag", "app"), Some(&tag.name), State::Ready, [])).collect())
}

pub(super) async fn create_tag(it: &Client, making: &Making<'_>) -> Result<(), CloudError> {
    let body = json!({ "name": names::tag(making.deployment, making.address.name()) });
    it.order(&format!("creating {}", making.address), Method::POST, "/v2/tags", &body).await
}

/// Removes the tag of the application's machines, and before it every other tag of the deployment: a run that ended between
/// removing a thing and removing its tag leaves one behind.
pub(super) async fn remove_tags(it: &Client, id: &str) -> Result<(), CloudError> {
    let whose = names::whose(id);
    let others = all_tags(it).await?;
    for tag in others.iter().filter(|tag| tag.name != id && names::whose(&tag.name) == whose) {
        remove_tag(it, &tag.name).await?;
    }
    it.delete(&format!("removing tag {id}"), &format!("/v2/tags/{id}")).await
}

/// Removes one tag; it is well if it is gone already.
pub(super) async fn remove_tag(it: &Client, name: &str) -> Result<(), CloudError> {
    match it.delete(&format!("removing tag {name}"), &format!("/v2/tags/{name}")).await {
        Err(error) if error.class == ErrorClass::NotFound => Ok(()),
        done => done,
    }
}

pub(super) async fn all_keys(it: &Client) -> Result<Vec<Key>, CloudError> {
    it.list::<Keys>("looking for SSH keys", "/v2/account/keys").await
}

pub(super) async fn keys(it: &Client, deployment: &Deployment) -> Result<Vec<Found>, CloudError> {
    let address = Address::new("key", "operators");
    let name = names::name(deployment, &address);
    let found = all_keys(it).await?.into_iter().filter(|key| key.name == name).map(|key| {
        let settings = [("public_key", key.public_key.into())];
        Found::new(address.clone(), Some(&key.id.to_string()), State::Ready, settings)
    });
    Ok(found.collect())
}

pub(super) async fn create_key(it: &Client, making: &Making<'_>) -> Result<(), CloudError> {
    let body = json!({
        "name": names::name(making.deployment, making.address),
        "public_key": making.settings.text("public_key")?,
    });
    it.order(&format!("creating {}", making.address), Method::POST, "/v2/account/keys", &body).await
}

pub(super) async fn remove_key(it: &Client, id: &str) -> Result<(), CloudError> {
    it.delete(&format!("removing SSH key {id}"), &format!("/v2/account/keys/{id}")).await
}
