//! The vault. A removed one holds its name, which is the whole cloud's, until it is purged: so removing purges it, and where that did
//! not come about, making takes the old one back.

use std::collections::BTreeMap;

use loadline_contract::by_kind::{Found, Making};
use loadline_contract::deploy::{Address, CloudError, Deployment, ErrorClass, Value};
use serde_json::{Value as Json, json};

use super::client::Client;
use super::json::{count, merge, said, settings, text};
use super::plain::{Plain, doing};
use super::{ids, marks};
use crate::names;

pub(super) const VAULT: Plain = Plain {
    outputs: &[("uri", "/properties/vaultUri")],
    ..Plain::new("vault", "Microsoft.KeyVault/vaults", body, read)
};

fn body(making: &Making<'_>) -> Result<Json, CloudError> {
    let wanted = &making.settings;
    Ok(json!({
        "properties": {
            "sku": { "family": "A", "name": wanted.text("sku")? },
            "enableRbacAuthorization": wanted.text("authorization")? == "rbac",
            "enableSoftDelete": true,
            "softDeleteRetentionInDays": wanted.count("soft_delete_days")?,
        },
    }))
}

fn read(row: &Json) -> BTreeMap<String, Value> {
    let rbac = row.pointer("/properties/enableRbacAuthorization") == Some(&json!(true));
    settings([
        ("sku", said(row, "/properties/sku/name").map(|sku| sku.to_string().to_lowercase().into())),
        ("authorization", Some(if rbac { "rbac" } else { "policies" }.into())),
        ("soft_delete_days", count(row, "/properties/softDeleteRetentionInDays")),
    ])
}

/// Where a removed vault of that name is told of.
fn removed(it: &Client, name: &str) -> String {
    it.whole(&format!("/providers/Microsoft.KeyVault/locations/{}/deletedVaults/{name}", it.region))
}

pub(super) async fn create(it: &Client, making: &Making<'_>) -> Result<(), CloudError> {
    let (id, what) = (VAULT.id(it, making), doing(making, None));
    if it.maybe(&what, &id).await?.is_some() {
        return VAULT.write(it, making, None).await;
    }
    let subscription = it.get("looking for the tenant of the subscription", &it.whole("")).await?;
    let mut vault = body(making)?;
    vault["location"] = json!(it.region);
    vault["tags"] = marks::tags(making.deployment, making.address);
    vault["properties"]["tenantId"] = subscription["tenantId"].clone();
    if let Some(old) = it.maybe(&what, &removed(it, ids::name(&id))).await? {
        if !is_ours(&old, making.deployment, making.address) {
            let said = format!("somebody else's removed vault holds the name {}", ids::name(&id));
            return Err(CloudError::new(ErrorClass::AlreadyExists, what, said).hint(
                "purge it if it is yours (`az keyvault purge`), or choose another name for the deployment",
            ));
        }
        merge(&mut vault, &json!({ "properties": { "createMode": "recover" } }));
    }
    let answer = it.put(&what, &id, &vault).await?;
    it.kept(making, &what, &answer);
    Ok(())
}

pub(super) async fn remove(it: &Client, found: &Found, token: &str) -> Result<(), CloudError> {
    it.remove(found, token).await?;
    purge(it, &found.address, ids::name(&found.id), token).await
}

/// Purges the vault that a run which ended too early removed and did not purge: nothing in the group tells of it any more.
pub(super) async fn purge_left(it: &Client, deployment: &Deployment, token: &str) -> Result<(), CloudError> {
    let address = Address::new("vault", "main");
    let name = names::name(deployment, &address, &it.subscription);
    if comes_back(it, deployment, &address, &name).await? {
        purge(it, &address, &name, token).await?;
    }
    Ok(())
}

async fn purge(it: &Client, address: &Address, name: &str, token: &str) -> Result<(), CloudError> {
    let what = format!("purging {address}");
    let path = format!("{}/purge", removed(it, name));
    match it.post(&what, &path, &Json::Null).await {
        // Not told of yet: it goes by itself when its days are over, and until then it can be taken back.
        Err(error) if error.class == ErrorClass::NotFound => Ok(()),
        // A policy of the subscription protects vaults from being purged: it goes by itself, too.
        Err(error) if error.said.contains("MethodNotAllowed") => Ok(()),
        done => {
            it.keep(token, &what, &done?);
            Ok(())
        }
    }
}

/// Whether a removed vault of that name is ours, so that making it takes it back.
pub(super) async fn comes_back(
    it: &Client,
    deployment: &Deployment,
    address: &Address,
    name: &str,
) -> Result<bool, CloudError> {
    let old = it.maybe("looking for a removed vault", &removed(it, name)).await?;
    Ok(old.is_some_and(|old| is_ours(&old, deployment, address)))
}

/// What is told of a removed one are its tags, inside of its properties.
fn is_ours(removed: &Json, deployment: &Deployment, address: &Address) -> bool {
    let tags = json!({ "tags": removed.pointer("/properties/tags") });
    marks::address(&tags, deployment, "vault").as_ref() == Some(address)
}

/// The address at which a vault answers, without a slash at its end.
pub(super) fn uri(vault: &Json) -> Option<&str> {
    text(vault, "/properties/vaultUri").map(|uri| uri.trim_end_matches('/'))
}
