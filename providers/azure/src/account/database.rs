//! The database server and its read replicas: both are servers, told apart by the address in their tags.
//!
//! A server does not tell its password; which version of the secret it was given stands in a tag.

use std::collections::BTreeMap;

use loadline_contract::by_kind::{Found, Making};
use loadline_contract::deploy::{CloudError, State, Value};
use serde_json::{Value as Json, json};

use super::client::Client;
use super::json::{count, id, merge, present, said, settings, text};
use super::plain::{Plain, doing, not_ours};
use super::{marks, secret};
use crate::names;

pub(super) const SERVERS: &str = "Microsoft.DBforMySQL/flexibleServers";
pub(super) const DATABASE: Plain =
    Plain { outputs: OUTPUTS, state, ..Plain::new("database", SERVERS, |_| Ok(json!({})), read) };
pub(super) const REPLICA: Plain =
    Plain { outputs: OUTPUTS, state, ..Plain::new("read-replica", SERVERS, |_| Ok(json!({})), read_replica) };
const OUTPUTS: &[(&str, &str)] = &[("address", "/properties/fullyQualifiedDomainName")];
/// Who the application's operators log in as at first.
const ADMINISTRATOR: &str = "loadline";

/// How a server is doing: it has a word of its own for it, and its standby another.
fn state(row: &Json) -> State {
    let standby = text(row, "/properties/highAvailability/state").unwrap_or_default();
    match text(row, "/properties/state").unwrap_or_default() {
        "Ready" if matches!(standby, "CreatingStandby" | "RemovingStandby" | "FailingOver") => {
            State::Changing
        }
        "Ready" => State::Ready,
        "Dropping" => State::Leaving,
        "Disabled" => State::Failed("the cloud has switched it off".to_owned()),
        "Stopped" => State::Failed("somebody stopped it: az mysql flexible-server start".to_owned()),
        // While it is made it has none.
        _ => match marks::state(row) {
            State::Ready => State::Changing,
            other => other,
        },
    }
}

fn read(row: &Json) -> BTreeMap<String, Value> {
    let mut read = read_replica(row);
    read.remove("database");
    read.extend(settings([
        ("version", said(row, "/properties/version")),
        (
            "high_availability",
            said(row, "/properties/highAvailability/mode").or_else(|| Some("Disabled".into())),
        ),
        ("standby_zone", said(row, "/properties/highAvailability/standbyAvailabilityZone")),
        ("backup_days", count(row, "/properties/backup/backupRetentionDays")),
        ("password", marks::noted(row, "password").map(Value::from)),
    ]));
    read
}

fn read_replica(row: &Json) -> BTreeMap<String, Value> {
    settings([
        ("database", id(row, "/properties/sourceServerResourceId")),
        ("sku", said(row, "/sku/name")),
        ("tier", said(row, "/sku/tier")),
        ("storage_gib", count(row, "/properties/storage/storageSizeGB")),
        ("iops", count(row, "/properties/storage/iops")),
        ("auto_grow", said(row, "/properties/storage/autoGrow")),
        ("subnet", id(row, "/properties/network/delegatedSubnetResourceId")),
        ("dns_zone", id(row, "/properties/network/privateDnsZoneResourceId")),
        ("zone", said(row, "/properties/availabilityZone")),
    ])
}

pub(super) async fn create(it: &Client, making: &Making<'_>) -> Result<(), CloudError> {
    let (wanted, what) = (&making.settings, doing(making, None));
    let name = names::name(making.deployment, making.address, &it.subscription);
    let id = it.id(making.deployment, SERVERS, &name);
    // One that is there is ours and is not listed yet, or somebody else's: a second request would be a change of it.
    if let Some(row) = it.maybe(&what, &id).await? {
        let kind = making.address.kind();
        return match marks::address(&row, making.deployment, kind) {
            Some(_) => Ok(()),
            None => Err(not_ours(&what, &id)),
        };
    }
    let mut body = json!({
        "location": it.region,
        "sku": { "name": wanted.text("sku")?, "tier": wanted.text("tier")? },
        "properties": {
            "availabilityZone": wanted.maybe_text("zone"),
            "storage": storage(making)?,
            "network": {
                "delegatedSubnetResourceId": wanted.text("subnet")?,
                "privateDnsZoneResourceId": wanted.text("dns_zone")?,
            },
        },
    });
    if let Some(source) = wanted.maybe_text("database") {
        let more = json!({ "createMode": "Replica", "sourceServerResourceId": source });
        merge(&mut body, &json!({ "properties": more, "tags": marks::tags_and(making, []) }));
    } else {
        let version = wanted.text("password")?;
        let password = secret::password(it, &what, version).await?;
        let more = json!({
            "createMode": "Default",
            "version": wanted.text("version")?,
            "administratorLogin": ADMINISTRATOR,
            "administratorLoginPassword": password.reveal(),
            "backup": { "backupRetentionDays": wanted.count("backup_days")?, "geoRedundantBackup": "Disabled" },
            "highAvailability": {
                "mode": wanted.text("high_availability")?,
                "standbyAvailabilityZone": wanted.maybe_text("standby_zone"),
            },
        });
        merge(
            &mut body,
            &json!({ "properties": more, "tags": marks::tags_and(making, [("password", version)]) }),
        );
    }
    let answer = it.put(&what, &id, &present(body)).await?;
    it.kept(making, &what, &answer);
    Ok(())
}

fn storage(making: &Making<'_>) -> Result<Json, CloudError> {
    let wanted = &making.settings;
    Ok(json!({
        "storageSizeGB": wanted.count("storage_gib")?,
        "iops": wanted.count("iops")?,
        "autoGrow": wanted.text("auto_grow")?,
    }))
}

/// What of a server is not as wanted: its standby last and alone, because a server with one takes no other change while it is made.
fn next_change(making: &Making<'_>, found: &Found) -> Result<Json, CloudError> {
    let wanted = &making.settings;
    let differs = |names: &[&str]| names.iter().any(|name| wanted.differs(name, &found.settings));
    let mut change = json!({});
    if differs(&["sku", "tier"]) {
        merge(&mut change, &json!({ "sku": { "name": wanted.text("sku")?, "tier": wanted.text("tier")? } }));
    }
    let mut add = |properties: Json| merge(&mut change, &json!({ "properties": properties }));
    if differs(&["storage_gib", "iops", "auto_grow"]) {
        add(json!({ "storage": storage(making)? }));
    }
    if differs(&["backup_days"]) {
        add(json!({ "backup": { "backupRetentionDays": wanted.count("backup_days")? } }));
    }
    if differs(&["version"]) {
        add(json!({ "version": wanted.text("version")? }));
    }
    if change == json!({}) && differs(&["high_availability"]) {
        merge(
            &mut change,
            &json!({ "properties": { "highAvailability": present(json!({
            "mode": wanted.text("high_availability")?,
            "standbyAvailabilityZone": wanted.maybe_text("standby_zone"),
        })) } }),
        );
    }
    Ok(change)
}

/// Whether a further change is due now that the last one is over.
pub(super) fn goes_on(making: &Making<'_>, found: &Found) -> bool {
    found.state == State::Ready && next_change(making, found).is_ok_and(|change| change != json!({}))
}

pub(super) async fn change(it: &Client, making: &Making<'_>, found: &Found) -> Result<(), CloudError> {
    let what = doing(making, Some(found));
    let mut change = next_change(making, found)?;
    if making.settings.differs("password", &found.settings) {
        let version = making.settings.text("password")?;
        let password = secret::password(it, &what, version).await?;
        let row = it.get(&what, &found.id).await?;
        let mut tags = row.get("tags").cloned().unwrap_or_default();
        merge(&mut tags, &marks::tags_and(making, [("password", version)]));
        let properties = json!({ "administratorLoginPassword": password.reveal() });
        merge(&mut change, &json!({ "properties": properties, "tags": tags }));
    }
    if change == json!({}) {
        return Ok(());
    }
    let answer = it.patch(&what, &found.id, &change).await?;
    it.kept(making, &what, &answer);
    Ok(())
}

/// Removes a server. Its backups go with it: one more is made just before, for whoever restores the server within the days in which
/// the cloud's support can (Azure docs, "Backup and restore", "deleted server").
pub(super) async fn remove(it: &Client, found: &Found, token: &str) -> Result<(), CloudError> {
    if found.address.kind() == "database" && found.state == State::Ready {
        let name = format!("loadline-{}", token.chars().take(40).collect::<String>());
        let backup = format!("{}/backups/{name}", found.id);
        let what = format!("making a last backup of {}", found.address);
        if it.maybe(&what, &backup).await?.is_none() {
            it.put(&what, &backup, &json!({})).await?;
        }
    }
    it.remove(found, token).await
}
