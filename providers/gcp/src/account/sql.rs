//! Cloud SQL: the database and its read replicas. One operation at a time: what takes several is gone on with by the next look.

use google_cloud_gax::paginator::ItemPaginator as _;
use google_cloud_sql_v1::model::{self, DatabaseInstance, SqlDatabaseVersion, User};
use loadline_contract::by_kind::{Found, Making};
use loadline_contract::deploy::{CloudError, State, Value};
use serde_json::{Value as Json, json};

use super::clients::{Clients, patient};
use super::compute;
use super::errors::failed;
use super::form::{self, Field, Form, last, text, word};
use super::marks::{self, Owned};
use super::network::BY_CONNECTION;
use super::operation::{Operation, of_sql};
use super::orders::Orders;
use super::{differing, password};
use crate::{kinds, names};

/// The label that says which secret holds the password that the database has.
const PASSWORD_LABEL: &str = "loadline-password";
/// MySQL's own administrator, from anywhere in the network.
const ROOT: (&str, &str) = ("root", "%");

const BACKUP: &[Field] = &[
    ("enabled", "enabled", Form::Flag),
    ("start_time", "startTime", Form::Text),
    ("retained_backups", "backupRetentionSettings.retainedBackups", Form::Count),
    ("binary_log_enabled", "binaryLogEnabled", Form::Flag),
    ("transaction_log_retention_days", "transactionLogRetentionDays", Form::Count),
];
const FINAL_BACKUP: &[Field] =
    &[("enabled", "enabled", Form::Flag), ("retention_days", "retentionDays", Form::Count)];
const MAINTENANCE: &[Field] = &[
    ("day", "day", Form::Count),
    ("hour", "hour", Form::Natural),
    ("update_track", "updateTrack", word!(model::SqlUpdateTrack)),
];
const INSTANCE: &[Field] = &[
    ("database_version", "databaseVersion", word!(SqlDatabaseVersion)),
    ("edition", "settings.edition", word!(model::settings::Edition)),
    ("tier", "settings.tier", Form::Text),
    ("availability_type", "settings.availabilityType", word!(model::SqlAvailabilityType)),
    ("disk_type", "settings.dataDiskType", word!(model::SqlDataDiskType)),
    ("disk_size_gb", "settings.dataDiskSizeGb", Form::Count),
    ("storage_auto_resize", "settings.storageAutoResize", Form::Flag),
    ("private_network", "settings.ipConfiguration.privateNetwork", Form::Via(BY_CONNECTION)),
    ("ipv4_enabled", "settings.ipConfiguration.ipv4Enabled", Form::Flag),
    ("ssl_mode", "settings.ipConfiguration.sslMode", word!(model::ip_configuration::SslMode)),
    ("database_flags", "settings.databaseFlags", Form::Pairs("name")),
    ("deletion_protection_enabled", "settings.deletionProtectionEnabled", Form::Flag),
    ("final_backup", "settings.finalBackupConfig", Form::Fields(FINAL_BACKUP)),
    ("maintenance_window", "settings.maintenanceWindow", Form::Fields(MAINTENANCE)),
    ("backup_configuration", "settings.backupConfiguration", Form::Fields(BACKUP)),
    ("zone", "settings.locationPreference.zone", Form::Text),
    ("secondary_zone", "settings.locationPreference.secondaryZone", Form::Text),
];

/// Parts of a change, each with an operation of its own.
const NEW_PASSWORD: usize = 0;
const ALL_ELSE: usize = 1;

fn id(it: &Clients, name: &str) -> String {
    format!("projects/{}/instances/{name}", it.project)
}

/// Databases, or read replicas: both are instances.
pub(super) async fn instances(it: &Clients, kind: &str) -> Result<Vec<Owned>, CloudError> {
    let mut all = Vec::new();
    let mut items = patient(it.sql.list().set_project(&it.project)).by_item();
    while let Some(item) = items.next().await {
        let instance = item.map_err(failed("looking for databases (sql.instances.list)"))?;
        let labels = instance.settings.as_ref().map(|settings| &settings.user_labels);
        if let Some((deployment, address)) = labels.and_then(|labels| marks::owner(kind, labels)) {
            let password = names::name(&deployment, &crate::translate::addresses::password());
            let mut found = Found::new(address, Some(&id(it, &instance.name)), state(&instance), []);
            read(it, &mut found, &compute::json(&instance)?, &password);
            all.push((deployment, found));
        }
    }
    Ok(all)
}

fn state(instance: &DatabaseInstance) -> State {
    match instance.state.name().unwrap_or_default() {
        "RUNNABLE" | "ONLINE_MAINTENANCE" => State::Ready,
        "PENDING_DELETE" => State::Leaving,
        said @ ("FAILED" | "SUSPENDED") => State::Failed(said.to_owned()),
        _ => State::Changing,
    }
}

fn read(it: &Clients, found: &mut Found, json: &Json, password: &str) {
    found.settings = form::read(INSTANCE, json);
    if let Some(Value::Map(backup)) = found.settings.get_mut("backup_configuration") {
        // What is off still has the settings that it had, or would have.
        let off = |name: &str| backup.get(name) == Some(&Value::Flag(false));
        let (no_backup, no_log) = (off("enabled"), off("binary_log_enabled"));
        backup.retain(|name, _| match name.as_str() {
            "start_time" | "retained_backups" => !no_backup,
            "transaction_log_retention_days" => !no_log,
            _ => true,
        });
    }
    if let Some(stamp) =
        form::at(json, &format!("settings.userLabels.{PASSWORD_LABEL}")).and_then(Json::as_str)
    {
        found.set("root_password", password::stamped(it, password, stamp).into());
    }
    // Named with its project: `shop-project:shop-database`.
    let primary = text(json, "masterInstanceName").rsplit(':').next().unwrap_or_default();
    if !primary.is_empty() {
        found.set("database", id(it, primary).into());
    }
    let name = text(json, "name");
    found.outputs.insert("monitored_id".to_owned(), format!("{}:{name}", it.project));
    let addresses = json["ipAddresses"].as_array().into_iter().flatten();
    if let Some(address) = addresses.filter_map(|it| it["ipAddress"].as_str()).next() {
        found.outputs.insert("address".to_owned(), address.to_owned());
    }
}

/// Writes settings, and what stands for the password that it has.
fn write<'a>(settings: impl IntoIterator<Item = (&'a String, &'a Value)>, body: &mut Json) {
    for (setting, value) in settings {
        match setting.as_str() {
            "database" => body["masterInstanceName"] = json!(last(&value.to_string())),
            "root_password" => {
                body["settings"]["userLabels"][PASSWORD_LABEL] = json!(password::stamp(&value.to_string()));
            }
            _ => form::write(INSTANCE, setting, value, body),
        }
    }
}

/// Asks for an instance. The name of one that was removed cannot be had again for a week (Cloud SQL documentation, "Delete
/// instances"), so each intent has one of its own; the labels say whose it is.
pub(super) async fn create(it: &Clients, making: &Making<'_>) -> Result<Option<Operation>, CloudError> {
    let mut body = json!({
        "name": names::of_intent(making.deployment, making.address, making.token),
        "region": it.region,
        "settings": { "userLabels": marks::labels(making) },
    });
    write(making.settings.iter(), &mut body);
    let mut instance: DatabaseInstance = compute::model(body)?;
    if let Some(secret) = making.settings.maybe_text("root_password") {
        instance = instance.set_root_password(password::read(it, secret).await?.0);
    }
    let asked = it.sql.insert().set_project(&it.project).set_body(instance).send().await;
    asked
        .map(|it| Some(of_sql(&it)))
        .map_err(failed(format!("creating {} (sql.instances.insert)", making.address)))
}

/// Whether a change of the password is followed by one of the settings, which notes it.
pub(super) fn goes_on(orders: &Orders, making: &Making<'_>, found: &Found) -> bool {
    orders.has_done(making.token, NEW_PASSWORD)
        && !orders.has_done(making.token, ALL_ELSE)
        && making.settings.differs("root_password", &found.settings)
}

/// Gives it the password of another secret first, then everything else that differs.
pub(super) async fn change(
    it: &Clients,
    orders: &Orders,
    making: &Making<'_>,
    found: &Found,
) -> Result<Option<Operation>, CloudError> {
    let name = last(&found.id);
    let secret = making.settings.maybe_text("root_password");
    if let Some(secret) = secret.filter(|_| making.settings.differs("root_password", &found.settings))
        && !orders.has_done(making.token, NEW_PASSWORD)
    {
        let user = User::new().set_password(password::read(it, secret).await?.0);
        let asked = it.sql_users.update().set_project(&it.project).set_instance(name);
        let asked = asked.set_name(ROOT.0).set_host(ROOT.1).set_body(user).send().await;
        let doing = format!("giving {} the password of another secret (sql.users.update)", making.address);
        let operation = asked.map(|it| of_sql(&it)).map_err(failed(doing))?;
        orders.did(making.token, NEW_PASSWORD);
        return Ok(Some(operation));
    }
    let mut body = json!({ "settings": {} });
    write(differing(making, found), &mut body);
    let doing = format!("changing {} (sql.instances.patch)", making.address);
    let operation = patch(it, name, body, doing).await?;
    orders.did(making.token, ALL_ELSE);
    Ok(operation)
}

async fn patch(it: &Clients, name: &str, body: Json, doing: String) -> Result<Option<Operation>, CloudError> {
    let body: DatabaseInstance = compute::model(body)?;
    let asked = it.sql.patch().set_project(&it.project).set_instance(name).set_body(body).send().await;
    asked.map(|it| Some(of_sql(&it))).map_err(failed(doing))
}

/// Lifts the protection of this one, or removes it where none is left; a database leaves a final backup behind.
pub(super) async fn remove(it: &Clients, found: &Found) -> Result<Option<Operation>, CloudError> {
    let name = last(&found.id);
    if found.settings.get("deletion_protection_enabled") == Some(&Value::Flag(true)) {
        let body = json!({ "settings": { "deletionProtectionEnabled": false } });
        let doing = format!("lifting the protection of {} (sql.instances.patch)", found.address);
        return patch(it, name, body, doing).await;
    }
    let mut asked = it.sql.delete().set_project(&it.project).set_instance(name);
    if found.address.kind() == "database" {
        asked = asked
            .set_enable_final_backup(true)
            .set_final_backup_ttl_days(i64::from(kinds::FINAL_BACKUP_DAYS));
    }
    let asked = asked.send().await;
    asked
        .map(|it| Some(of_sql(&it)))
        .map_err(failed(format!("removing {} (sql.instances.delete)", found.address)))
}
