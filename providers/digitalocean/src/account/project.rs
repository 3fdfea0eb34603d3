//! The project, and what belongs to it. Known by its exact name; its description says whose it is.

use std::collections::BTreeSet;

use loadline_contract::by_kind::{Found, Making, Settings};
use loadline_contract::deploy::{Address, CloudError, Deployment, State, Value};
use reqwest::Method;
use serde::Deserialize;
use serde_json::json;

use super::Client;
use super::client::page;
use crate::names;

#[derive(Debug, Deserialize)]
pub(super) struct Project {
    id: String,
    pub(super) name: String,
    #[serde(default)]
    pub(super) description: String,
    #[serde(default)]
    purpose: String,
    #[serde(default)]
    environment: String,
}
page!(Projects, "projects", Project);

#[derive(Debug, Deserialize)]
pub(super) struct Member {
    urn: String,
}
page!(Members, "resources", Member);

pub(super) async fn all(it: &Client) -> Result<Vec<Project>, CloudError> {
    it.list::<Projects>("looking for projects", "/v2/projects").await
}

async fn ours(it: &Client, deployment: &Deployment) -> Result<impl Iterator<Item = Project>, CloudError> {
    let name = names::name(deployment, &address());
    Ok(all(it).await?.into_iter().filter(move |project| project.name == name))
}

pub(super) fn address() -> Address {
    Address::new("project", "main")
}

pub(super) async fn look(it: &Client, deployment: &Deployment) -> Result<Vec<Found>, CloudError> {
    let found = ours(it, deployment).await?.map(|project| {
        let settings = [("purpose", project.purpose.into()), ("environment", project.environment.into())];
        Found::new(address(), Some(&project.id), State::Ready, settings)
    });
    Ok(found.collect())
}

pub(super) async fn create(it: &Client, making: &Making<'_>) -> Result<(), CloudError> {
    let body = json!({
        "name": names::name(making.deployment, making.address),
        "description": names::tag(making.deployment, "project"),
        "purpose": making.settings.text("purpose")?,
        "environment": making.settings.text("environment")?,
    });
    it.order(&format!("creating {}", making.address), Method::POST, "/v2/projects", &body).await
}

pub(super) async fn change(it: &Client, making: &Making<'_>, id: &str) -> Result<(), CloudError> {
    let body = json!({
        "purpose": making.settings.text("purpose")?,
        "environment": making.settings.text("environment")?,
    });
    it.order(&format!("changing {}", making.address), Method::PATCH, &format!("/v2/projects/{id}"), &body)
        .await
}

pub(super) async fn remove(it: &Client, id: &str) -> Result<(), CloudError> {
    it.delete(&format!("removing project {id}"), &format!("/v2/projects/{id}")).await
}

/// The deployment's project and what belongs to it.
#[derive(Debug, Default)]
pub(super) struct Membership {
    project: Option<String>,
    urns: BTreeSet<String>,
}

impl Membership {
    pub(super) async fn look(it: &Client, deployment: &Deployment) -> Result<Self, CloudError> {
        let Some(project) = ours(it, deployment).await?.next() else { return Ok(Self::default()) };
        let path = format!("/v2/projects/{}/resources", project.id);
        let members = it.list::<Members>("looking what belongs to the project", &path).await?;
        Ok(Self { project: Some(project.id), urns: members.into_iter().map(|member| member.urn).collect() })
    }

    /// The id of the project if that thing belongs to it, nothing otherwise.
    pub(super) fn of(&self, urn: &str) -> Value {
        match &self.project {
            Some(project) if self.urns.contains(urn) => project.as_str().into(),
            _ => "".into(),
        }
    }
}

/// Puts a thing into the project that it should belong to.
pub(super) async fn assign(
    it: &Client,
    urn: &str,
    wanted: &Settings,
    found: &Found,
) -> Result<(), CloudError> {
    let project = wanted.text("project")?;
    if found.settings.get("project") == Some(&project.into()) {
        return Ok(());
    }
    let what = format!("putting {} into its project", found.address);
    let path = format!("/v2/projects/{project}/resources");
    it.order(&what, Method::POST, &path, &json!({ "resources": [urn] })).await
}
