//! Who may what: identities, roles, and locks against removal.

use loadline_contract::by_kind::{Found, Making};
use loadline_contract::deploy::{Address, CloudError, Deployment, ErrorClass, State};
use serde_json::json;

use super::client::Client;
use super::database::{DATABASE, REPLICA};
use super::json::{id, said, settings, text};
use super::marks;
use super::plain::{Plain, doing};
use super::{ids, json};
use crate::names;

pub(super) const IDENTITY: Plain = Plain {
    outputs: &[("principal", "/properties/principalId")],
    ..Plain::new(
        "identity",
        "Microsoft.ManagedIdentity/userAssignedIdentities",
        |_| Ok(json!({})),
        |_| settings([]),
    )
};

/// Roles that are assigned here (Azure docs, "Azure built-in roles").
const ROLES: &[(&str, &str)] = &[("Key Vault Secrets User", "4633458b-17de-408a-b874-0445c86b69e6")];

/// The addresses of roles: they take no tags, and are named by a number that is made from one of these and whose role it is.
fn roles() -> [Address; 1] {
    [Address::new("role", "certificate")]
}

/// Assignments to identities of ours; nobody else's identity gets any.
pub(super) async fn look_roles(it: &Client, deployment: &Deployment) -> Result<Vec<Found>, CloudError> {
    let mut found = Vec::new();
    for identity in IDENTITY.look(it, deployment).await? {
        let Some(principal) = identity.outputs.get("principal") else { continue };
        let filter = format!("principalId%20eq%20%27{principal}%27");
        let path = it.whole(&format!("/providers/Microsoft.Authorization/roleAssignments?$filter={filter}"));
        for row in it.list("looking for roles", &path).await? {
            let name = text(&row, "/name").unwrap_or_default();
            let among = roles().into_iter().find(|it| names::number(deployment, it, principal) == name);
            let (Some(address), Some(whole)) = (among, text(&row, "/id")) else { continue };
            let role = text(&row, "/properties/roleDefinitionId").map(ids::name).unwrap_or_default();
            let named = ROLES.iter().find(|(_, number)| *number == role).map_or(role, |(name, _)| name);
            let mut found_one =
                Found::new(address, Some(&ids::canonical(whole)), State::Ready, [("role", named.into())]);
            found_one.settings.extend(settings([
                ("scope", said(&row, "/properties/scope")),
                ("principal", said(&row, "/properties/principalId")),
            ]));
            found.push(found_one);
        }
    }
    Ok(found)
}

pub(super) async fn create_role(it: &Client, making: &Making<'_>) -> Result<(), CloudError> {
    let wanted = &making.settings;
    let (scope, principal, role) = (wanted.text("scope")?, wanted.text("principal")?, wanted.text("role")?);
    let what = doing(making, None);
    let Some((_, number)) = ROLES.iter().find(|(name, _)| *name == role) else {
        let said = format!("no number is known of the role `{role}`: please report this");
        return Err(CloudError::new(ErrorClass::Unexpected, what, said));
    };
    let name = names::number(making.deployment, making.address, principal);
    let id = format!("{scope}/providers/Microsoft.Authorization/roleAssignments/{name}");
    let body = json!({
        "properties": {
            "roleDefinitionId": it.whole(&format!("/providers/Microsoft.Authorization/roleDefinitions/{number}")),
            "principalId": principal,
            // Said, because the directory may not know of a new identity yet.
            "principalType": "ServicePrincipal",
            "description": format!("loadline: {} {}", making.deployment, making.address),
        },
    });
    it.put(&what, &id, &body).await.map(drop)
}

/// Locks of ours on servers of ours, by their exact names.
pub(super) async fn look_locks(it: &Client, deployment: &Deployment) -> Result<Vec<Found>, CloudError> {
    let mut found = Vec::new();
    let servers = [DATABASE.look(it, deployment).await?, REPLICA.look(it, deployment).await?].concat();
    for server in servers {
        let path = format!("{}/providers/Microsoft.Authorization/locks", server.id);
        for row in it.list("looking for locks", &path).await? {
            let name = text(&row, "/name").unwrap_or_default();
            let Some(address) = marks::named(name, deployment, [Address::new("lock", "database")]) else {
                continue;
            };
            // Locks of what the server stands in hold for it too, and are listed here: theirs is another id.
            let Some(json_id) = id(&row, "/id").map(|it| it.to_string()) else { continue };
            if !json_id.starts_with(&server.id) {
                continue;
            }
            let mut lock =
                Found::new(address, Some(&json_id), State::Ready, [("target", server.id.as_str().into())]);
            lock.settings.extend(json::settings([("level", said(&row, "/properties/level"))]));
            found.push(lock);
        }
    }
    Ok(found)
}

pub(super) async fn write_lock(
    it: &Client,
    making: &Making<'_>,
    there: Option<&Found>,
) -> Result<(), CloudError> {
    let name = names::name(making.deployment, making.address, "");
    let target = making.settings.text("target")?;
    let id = format!("{target}/providers/Microsoft.Authorization/locks/{name}");
    let body = json!({
        "properties": {
            "level": making.settings.text("level")?,
            "notes": format!("loadline: {} {}", making.deployment, making.address),
        },
    });
    it.put(&doing(making, there), &id, &body).await.map(drop)
}
