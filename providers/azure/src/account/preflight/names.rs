//! Names that belong to the whole cloud: whether somebody else has them.

use loadline_contract::deploy::{Address, CloudError, Obstacle};
use serde_json::json;

use super::super::client::Client;
use super::super::json::text;
use super::super::{database, vault};
use crate::names;

/// An obstacle if the name that a server or vault is to get is taken.
pub(super) async fn taken(it: &Client, address: &Address) -> Result<Option<Obstacle>, CloudError> {
    // A plan is about what was looked at just before.
    let Some(deployment) = it.looked_at() else { return Ok(None) };
    let name = names::name(&deployment, address, &it.subscription);
    let (is, path) = if address.kind() == "vault" {
        // A removed one of ours is taken back.
        if vault::comes_back(it, &deployment, address, &name).await? {
            return Ok(None);
        }
        (vault::VAULT.is, "/providers/Microsoft.KeyVault/checkNameAvailability".to_owned())
    } else {
        let place = format!("/providers/Microsoft.DBforMySQL/locations/{}/checkNameAvailability", it.region);
        (database::SERVERS, place)
    };
    let what = format!("looking whether the name {name} is free");
    let answer = it.post(&what, &it.whole(&path), &json!({ "name": name, "type": is })).await?.body;
    if answer.pointer("/nameAvailable") != Some(&json!(false)) {
        return Ok(None);
    }
    let said = text(&answer, "/message").unwrap_or("it is taken");
    let sentence = format!("the name {name}, which belongs to the whole cloud, is not free: {said}");
    let hint = if address.kind() == "vault" {
        "if it is yours, purge it (`az keyvault list-deleted`, `az keyvault purge`), else choose another name for the \
         deployment (`name` in the spec)"
    } else {
        "choose another name for the deployment (`name` in the spec); a server that was removed holds its name for a while"
    };
    Ok(Some(Obstacle::at(address, sentence, hint)))
}
