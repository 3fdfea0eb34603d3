//! What most kinds have in common: they stand in the resource group under a name of their own, carry tags, and are written whole.

use std::collections::BTreeMap;

use loadline_contract::by_kind::{Found, Making};
use loadline_contract::deploy::{CloudError, Deployment, ErrorClass, State, Value};
use serde_json::{Value as Json, json};

use super::client::Client;
use super::json::{present, text};
use super::{ids, marks};
use crate::names;

/// A kind.
pub(super) struct Plain {
    /// Ours.
    pub(super) kind: &'static str,
    /// The cloud's type.
    pub(super) is: &'static str,
    /// Whether it stands in no region.
    pub(super) global: bool,
    /// What it should be like, as the cloud wants it, without location and the tags that all have.
    pub(super) body: fn(&Making<'_>) -> Result<Json, CloudError>,
    /// What it is like.
    pub(super) read: fn(&Json) -> BTreeMap<String, Value>,
    /// What others refer to, and people look for.
    pub(super) outputs: &'static [(&'static str, &'static str)],
    pub(super) state: fn(&Json) -> State,
}

impl Plain {
    /// One in the deployment's region.
    pub(super) const fn new(
        kind: &'static str,
        is: &'static str,
        body: fn(&Making<'_>) -> Result<Json, CloudError>,
        read: fn(&Json) -> BTreeMap<String, Value>,
    ) -> Self {
        Self { kind, is, global: false, body, read, outputs: &[], state: marks::state }
    }

    /// All of this kind that are ours, as the cloud tells them.
    pub(super) async fn rows(&self, it: &Client, deployment: &Deployment) -> Result<Vec<Json>, CloudError> {
        let path = format!("{}/providers/{}", it.group(deployment), self.is);
        let all = it.list(&format!("looking for what is of the kind {}", self.kind), &path).await?;
        Ok(all.into_iter().filter(|row| marks::address(row, deployment, self.kind).is_some()).collect())
    }

    pub(super) async fn look(&self, it: &Client, deployment: &Deployment) -> Result<Vec<Found>, CloudError> {
        let rows = self.rows(it, deployment).await?;
        Ok(rows.iter().filter_map(|row| self.found(deployment, row)).collect())
    }

    /// A thing, if it is ours.
    pub(super) fn found(&self, deployment: &Deployment, row: &Json) -> Option<Found> {
        let address = marks::address(row, deployment, self.kind)?;
        let id = ids::canonical(text(row, "/id")?);
        let mut found = Found::new(address, Some(&id), (self.state)(row), []);
        found.settings = (self.read)(row);
        found.set("resource_group", ids::parent(ids::parent(&id)).into());
        for (name, pointer) in self.outputs {
            found = found.output(name, text(row, pointer));
        }
        Some(found)
    }

    /// The id of a thing that is to be made.
    pub(super) fn id(&self, it: &Client, making: &Making<'_>) -> String {
        // A zone is called as it answers.
        let name = match making.settings.maybe_text("name") {
            Some(name) => name.to_owned(),
            None => names::name(making.deployment, making.address, shared(&it.subscription, self.is)),
        };
        it.id(making.deployment, self.is, &name)
    }

    /// Makes it, or writes over what is there of it.
    pub(super) async fn write(
        &self,
        it: &Client,
        making: &Making<'_>,
        there: Option<&Found>,
    ) -> Result<(), CloudError> {
        self.write_body(it, making, there, (self.body)(making)?).await
    }

    /// The same with a body that needs more than settings.
    pub(super) async fn write_body(
        &self,
        it: &Client,
        making: &Making<'_>,
        there: Option<&Found>,
        body: Json,
    ) -> Result<(), CloudError> {
        let id = there.map_or_else(|| self.id(it, making), |found| found.id.clone());
        let mut body = present(body);
        body["location"] = json!(if self.global { "global" } else { it.region.as_str() });
        let mut tags = marks::tags(making.deployment, making.address);
        super::json::merge(&mut tags, body.get("tags").unwrap_or(&json!({})));
        body["tags"] = tags;
        let what = doing(making, there);
        let answer = match it.maybe(&what, &id).await? {
            None => it.put(&what, &id, &body).await?,
            Some(row) if self.found(making.deployment, &row).is_some() => {
                it.put_over(&what, &id, row, &body).await?
            }
            Some(_) => return Err(not_ours(&what, &id)),
        };
        it.kept(making, &what, &answer);
        Ok(())
    }
}

/// What is being done, to what.
pub(super) fn doing(making: &Making<'_>, there: Option<&Found>) -> String {
    format!("{} {}", if there.is_some() { "changing" } else { "creating" }, making.address)
}

/// A thing of our name without our tags.
pub(super) fn not_ours(what: &str, id: &str) -> CloudError {
    let said = format!("{id} is there and does not carry the tags of this deployment");
    CloudError::new(ErrorClass::AlreadyExists, what, said).hint(
        "look whose it is: remove it, or give it its tags loadline-deployment and loadline-address back",
    )
}

/// What names of that type are told apart in: those of these types belong to the whole cloud.
pub(super) fn shared<'a>(subscription: &'a str, is: &str) -> &'a str {
    let everybodys = [
        "Microsoft.KeyVault/vaults",
        "Microsoft.DBforMySQL/flexibleServers",
        "Microsoft.Cache/redisEnterprise",
    ];
    if everybodys.contains(&is) { subscription } else { "" }
}
