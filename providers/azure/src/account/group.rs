//! The resource group: everything of a deployment stands in it, and what stands in it without our tags is somebody else's.

use std::collections::BTreeSet;

use loadline_contract::by_kind::{Found, Making};
use loadline_contract::deploy::{CloudError, Deployment, ErrorClass};
use serde_json::{Value as Json, json};

use super::client::Client;
use super::json::text;
use super::plain::not_ours;
use super::{ids, marks, vault};

/// How many foreign things are named.
const MOST_NAMED: usize = 3;

/// Groups that carry the tag of some deployment.
async fn all(it: &Client) -> Result<Vec<Json>, CloudError> {
    let filter = format!("tagName%20eq%20%27{}%27", marks::DEPLOYMENT);
    it.list("looking for resource groups", &it.whole(&format!("/resourcegroups?$filter={filter}"))).await
}

pub(super) async fn look(it: &Client, deployment: &Deployment) -> Result<Vec<Found>, CloudError> {
    let found = all(it).await?.into_iter().filter_map(|row| {
        let address = marks::address(&row, deployment, "resource-group")?;
        let id = ids::canonical(text(&row, "/id")?);
        // `East US` and `eastus` are the same.
        let region = text(&row, "/location").unwrap_or_default().to_lowercase().replace(' ', "");
        Some(Found::new(address, Some(&id), marks::state(&row), [("region", region.into())]))
    });
    Ok(found.collect())
}

pub(super) async fn deployments(it: &Client) -> Result<Vec<Deployment>, CloudError> {
    let found: BTreeSet<Deployment> = all(it).await?.iter().filter_map(marks::whose).collect();
    Ok(found.into_iter().collect())
}

pub(super) async fn create(it: &Client, making: &Making<'_>) -> Result<(), CloudError> {
    let (id, what) = (it.group(making.deployment), format!("creating {}", making.address));
    let there = it.maybe(&what, &id).await?;
    if there.is_some_and(|row| marks::address(&row, making.deployment, "resource-group").is_none()) {
        return Err(not_ours(&what, &id));
    }
    let body = json!({
        "location": making.settings.text("region")?,
        "tags": marks::tags(making.deployment, making.address),
    });
    let answer = it.put(&what, &id, &body).await?;
    it.kept(making, &what, &answer);
    Ok(())
}

/// Removes it, unless something is in it: the cloud would remove that too.
pub(super) async fn remove(it: &Client, found: &Found, token: &str) -> Result<(), CloudError> {
    let what = format!("removing {}", found.address);
    let group = it.get(&what, &found.id).await?;
    let whose = marks::whose(&group);
    let inside =
        it.list(&format!("looking what is in {}", found.address), &format!("{}/resources", found.id)).await?;
    let (ours, foreign): (Vec<&Json>, Vec<&Json>) =
        inside.iter().partition(|row| whose.is_some() && marks::whose(row) == whose);
    if !foreign.is_empty() {
        let named: Vec<&str> =
            foreign.iter().take(MOST_NAMED).filter_map(|row| text(row, "/id")).map(ids::short).collect();
        let more = foreign.len().saturating_sub(MOST_NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let said = format!("things of others are in it: {}{more}", named.join(", "));
        return Err(CloudError::new(ErrorClass::Rejected { field: None }, what, said)
            .hint("move them to another group (`az resource move`) or remove them, and run again"));
    }
    if !ours.is_empty() {
        let said = format!("{} things of the deployment are still in it", ours.len());
        return Err(CloudError::new(ErrorClass::Conflict, what, said));
    }
    if let Some(deployment) = &whose {
        vault::purge_left(it, deployment, token).await?;
    }
    it.remove(found, token).await
}
