//! The application's machines that run, with their addresses: of a scale set those stand at its network cards alone.

use std::collections::BTreeMap;

use loadline_contract::deploy::{CloudError, Deployment, Machine};
use serde_json::Value as Json;

use super::client::Client;
use super::ids;
use super::json::{rows, text};
use super::machines::GROUP;

pub(super) async fn machines(it: &Client, deployment: &Deployment) -> Result<Vec<Machine>, CloudError> {
    let mut found = Vec::new();
    for group in GROUP.look(it, deployment).await? {
        let what = format!("looking for the machines of {}", group.address);
        let path = format!("{}/virtualMachines?$expand=instanceView", group.id);
        let all = it.list(&what, &path).await?;
        let running: Vec<String> = all
            .iter()
            .filter(|machine| runs(machine))
            .filter_map(|it| text(it, "/id"))
            .map(ids::canonical)
            .collect();
        if running.is_empty() {
            continue;
        }
        let what = format!("looking for the addresses of {}", group.address);
        let cards = it.list(&what, &format!("{}/networkInterfaces", group.id)).await?;
        let addresses: BTreeMap<String, &str> = cards.iter().filter_map(address).collect();
        found.extend(running.into_iter().map(|id| {
            let private = addresses.get(&id).map(|address| (*address).to_owned());
            // None of ours has an address outside.
            Machine { id, public: None, private }
        }));
    }
    Ok(found)
}

/// Whether it runs: one that is being made or removed cannot be worked with, and one that was stopped neither.
fn runs(machine: &Json) -> bool {
    let statuses = rows(machine, "/properties/instanceView/statuses").iter();
    let power =
        statuses.filter_map(|status| text(status, "/code")).find(|code| code.starts_with("PowerState/"));
    text(machine, "/properties/provisioningState") == Some("Succeeded")
        && power.is_none_or(|code| code == "PowerState/running")
}

/// The machine of a card, and its address.
fn address(card: &Json) -> Option<(String, &str)> {
    let configurations = rows(card, "/properties/ipConfigurations").iter();
    let address = configurations.filter_map(|it| text(it, "/properties/privateIPAddress")).next()?;
    Some((ids::canonical(text(card, "/properties/virtualMachine/id")?), address))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_runs_is_a_machine_to_log_in_to() {
        let machine = |state: &str, power: &[&str]| {
            let statuses: Vec<Json> = power.iter().map(|code| json!({ "code": code })).collect();
            json!({ "properties": { "provisioningState": state, "instanceView": { "statuses": statuses } } })
        };
        assert!(runs(&machine("Succeeded", &["ProvisioningState/succeeded", "PowerState/running"])));
        assert!(runs(&machine("Succeeded", &[])));
        assert!(!runs(&machine("Succeeded", &["PowerState/deallocated"])));
        assert!(!runs(&machine("Creating", &["PowerState/running"])));
    }

    #[test]
    fn a_card_tells_the_address_of_its_machine_however_the_id_is_spelled() {
        let card = json!({ "properties": {
            "virtualMachine": { "id": "/subscriptions/s/resourceGroups/G/providers/microsoft.compute/virtualMachineScaleSets/X/virtualmachines/0" },
            "ipConfigurations": [{ "properties": { "privateIPAddress": "10.64.0.4" } }],
        } });
        let (id, address) = address(&card).unwrap();
        assert!(id.ends_with(
            "/resourceGroups/g/providers/Microsoft.Compute/virtualMachineScaleSets/x/virtualMachines/0"
        ));
        assert_eq!(address, "10.64.0.4");
    }
}
