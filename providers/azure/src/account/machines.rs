//! The application's machines: scale sets. How a new model gets to machines that run is in `rolling.rs`.

use std::collections::BTreeMap;

use azure_core::base64;
use loadline_contract::by_kind::{Found, Making};
use loadline_contract::deploy::{CloudError, Deployment, State, Value};
use serde_json::{Value as Json, json};

use super::client::Client;
use super::json::{count, flag, id, map, merge, present, said, settings, zones};
use super::plain::{Plain, doing, not_ours};
use super::rolling::{self, Machines};
use super::{key, marks};

pub(super) const GROUP: Plain =
    Plain::new("group", "Microsoft.Compute/virtualMachineScaleSets", |_| Ok(json!({})), read);
/// Settings that make up the model of a machine.
const MODEL: &[&str] = &[
    "sku",
    "image",
    "disk_gib",
    "public_key",
    "upgrade",
    "overprovision",
    "public_address",
    "subnet",
    "backend",
    "health_probe",
];
const PROFILE: &str = "/properties/virtualMachineProfile";
const CARD: &str =
    "/properties/virtualMachineProfile/networkProfile/networkInterfaceConfigurations/0/properties";

fn read(row: &Json) -> BTreeMap<String, Value> {
    let of = |pointer: &str| format!("{PROFILE}{pointer}");
    let image = |name: &str| said(row, &of(&format!("/storageProfile/imageReference/{name}")));
    let address = format!("{CARD}/ipConfigurations/0/properties");
    let backend = ["loadBalancerBackendAddressPools", "applicationGatewayBackendAddressPools"];
    let public =
        row.pointer(&format!("{address}/publicIPAddressConfiguration")).is_some_and(|it| !it.is_null());
    settings([
        ("sku", said(row, "/sku/name")),
        (
            "image",
            Some(map([
                ("publisher", image("publisher")),
                ("offer", image("offer")),
                ("sku", image("sku")),
                ("version", image("version")),
            ])),
        ),
        ("disk_gib", count(row, &of("/storageProfile/osDisk/diskSizeGB"))),
        ("disk_type", said(row, &of("/storageProfile/osDisk/managedDisk/storageAccountType"))),
        ("user", said(row, &of("/osProfile/adminUsername"))),
        ("public_key", said(row, &of("/osProfile/linuxConfiguration/ssh/publicKeys/0/keyData"))),
        ("revision", marks::noted(row, "revision").map(Value::from)),
        ("orchestration", said(row, "/properties/orchestrationMode")),
        ("upgrade", said(row, "/properties/upgradePolicy/mode")),
        ("overprovision", flag(row, "/properties/overprovision")),
        ("public_address", Some(public.into())),
        ("zones", zones(row)),
        ("subnet", id(row, &format!("{address}/subnet/id"))),
        ("backend", backend.iter().find_map(|list| id(row, &format!("{address}/{list}/0/id")))),
        ("health_probe", id(row, &of("/networkProfile/healthProbe/id"))),
        ("count", count(row, "/sku/capacity")),
    ])
}

pub(super) async fn look(it: &Client, deployment: &Deployment) -> Result<Vec<Found>, CloudError> {
    let mut found = Vec::new();
    for row in GROUP.rows(it, deployment).await? {
        let Some(mut group) = GROUP.found(deployment, &row) else { continue };
        if group.state == State::Ready {
            let machines = Machines::look(it, &group, &row).await?;
            let stale = machines.stale().len();
            if stale > 0 {
                let model = marks::noted(&row, "revision").unwrap_or_default();
                group.set("revision", rolling::unfinished(model, stale).into());
                if !machines.may_go_on() {
                    group.state = State::Changing;
                }
            }
        }
        found.push(group);
    }
    Ok(found)
}

/// The model of a machine. Without somebody who logs in there is no key in the settings.
fn profile(making: &Making<'_>, key: Option<&str>) -> Result<Json, CloudError> {
    let wanted = &making.settings;
    let (user, backend) = (wanted.text("user")?, wanted.text("backend")?);
    let keys =
        key.map(|key| json!([{ "path": format!("/home/{user}/.ssh/authorized_keys"), "keyData": key }]));
    let list = if backend.contains("/applicationGateways/") {
        "applicationGatewayBackendAddressPools"
    } else {
        "loadBalancerBackendAddressPools"
    };
    Ok(present(json!({
        "osProfile": {
            "customData": base64::encode(wanted.text("first_start")?),
            "linuxConfiguration": { "disablePasswordAuthentication": true, "ssh": keys.map(|keys| json!({ "publicKeys": keys })) },
        },
        "storageProfile": {
            "imageReference": wanted.map("image")?,
            "osDisk": {
                "createOption": "FromImage",
                "caching": "ReadWrite",
                "diskSizeGB": wanted.count("disk_gib")?,
                "managedDisk": { "storageAccountType": wanted.text("disk_type")? },
            },
        },
        "networkProfile": {
            "healthProbe": wanted.maybe_text("health_probe").map(|id| json!({ "id": id })),
            "networkInterfaceConfigurations": [{
                "name": "main",
                "properties": {
                    "primary": true,
                    "ipConfigurations": [{
                        "name": "main",
                        "properties": { "subnet": { "id": wanted.text("subnet")? }, list: [{ "id": backend }] },
                    }],
                },
            }],
        },
    })))
}

pub(super) async fn create(it: &Client, making: &Making<'_>) -> Result<(), CloudError> {
    let (wanted, what) = (&making.settings, doing(making, None));
    let id = GROUP.id(it, making);
    if let Some(row) = it.maybe(&what, &id).await? {
        return if GROUP.found(making.deployment, &row).is_some() {
            Ok(())
        } else {
            Err(not_ours(&what, &id))
        };
    }
    let key = match wanted.maybe_text("public_key") {
        Some(key) => key.to_owned(),
        None => key::nobodys()?,
    };
    let mut machine = profile(making, Some(&key))?;
    let user = wanted.text("user")?;
    merge(&mut machine, &json!({ "osProfile": { "computerNamePrefix": "app-", "adminUsername": user } }));
    let capacity = wanted.maybe_count("count").map_or_else(|| wanted.count("first_count"), Ok)?;
    let body = json!({
        "location": it.region,
        "tags": marks::tags_and(making, [("revision", wanted.text("revision")?)]),
        "zones": wanted.texts("zones")?,
        "sku": { "name": wanted.text("sku")?, "tier": "Standard", "capacity": capacity },
        "properties": {
            "orchestrationMode": wanted.text("orchestration")?,
            "overprovision": wanted.flag("overprovision"),
            "upgradePolicy": { "mode": wanted.text("upgrade")? },
            // Else it ends at a hundred machines (Azure docs, "Large virtual machine scale sets").
            "singlePlacementGroup": false,
            "virtualMachineProfile": machine,
        },
    });
    let answer = it.put(&what, &id, &body).await?;
    it.kept(making, &what, &answer);
    Ok(())
}

/// Whether the model is not as wanted: machines that do not have it yet are another matter.
fn model_differs(making: &Making<'_>, found: &Found) -> bool {
    let revision = found.settings.get("revision").map(ToString::to_string).unwrap_or_default();
    MODEL.iter().any(|name| making.settings.differs(name, &found.settings))
        || making.settings.maybe_text("revision") != Some(rolling::of_model(&revision))
}

fn count_differs(making: &Making<'_>, found: &Found) -> bool {
    making.settings.differs("count", &found.settings)
}

/// Whether machines are still to be replaced, or their number is not right.
pub(super) fn goes_on(making: &Making<'_>, found: &Found) -> bool {
    let unfinished = making.settings.differs("revision", &found.settings);
    found.state == State::Ready && (unfinished || count_differs(making, found))
}

pub(super) async fn change(it: &Client, making: &Making<'_>, found: &Found) -> Result<(), CloudError> {
    let (wanted, what) = (&making.settings, doing(making, Some(found)));
    let row = it.get(&what, &found.id).await?;
    let body = if model_differs(making, found) {
        let mut tags = row.get("tags").cloned().unwrap_or_default();
        let capacity = count(&row, "/sku/capacity").map(|it| it.to_string()).unwrap_or_default();
        let noted = [("revision", wanted.text("revision")?), (rolling::BASE, capacity.as_str())];
        merge(&mut tags, &marks::tags_and(making, noted));
        let mut machine = profile(making, wanted.maybe_text("public_key"))?;
        // Said once, when it is made.
        if let Some(disk) = machine.pointer_mut("/storageProfile/osDisk").and_then(Json::as_object_mut) {
            disk.remove("createOption");
        }
        json!({
            "tags": tags,
            "sku": { "name": wanted.text("sku")?, "tier": "Standard", "capacity": row.pointer("/sku/capacity") },
            "properties": {
                "overprovision": wanted.flag("overprovision"),
                "upgradePolicy": { "mode": wanted.text("upgrade")? },
                "virtualMachineProfile": machine,
            },
        })
    } else {
        let machines = Machines::look(it, found, &row).await?;
        match machines.next(wanted.maybe_count("count")) {
            Some(rolling::Next::Remove(ids)) => {
                let path = format!("{}/delete", found.id);
                let answer = it.post(&what, &path, &json!({ "instanceIds": ids })).await?;
                it.kept(making, &what, &answer);
                return Ok(());
            }
            Some(rolling::Next::Have(capacity)) => json!({
                "sku": { "name": wanted.text("sku")?, "tier": "Standard", "capacity": capacity },
            }),
            None => return Ok(()),
        }
    };
    let answer = it.patch(&what, &found.id, &body).await?;
    it.kept(making, &what, &answer);
    Ok(())
}
