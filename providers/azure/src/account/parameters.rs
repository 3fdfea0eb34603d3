//! Parameters of servers. They are always there: setting them is all that making them is, and they go with their server.

use std::collections::BTreeMap;

use loadline_contract::by_kind::{Found, Making};
use loadline_contract::deploy::{Address, CloudError, Deployment, State, Value};
use serde_json::json;

use super::client::Client;
use super::database::{DATABASE, REPLICA};
use super::json::{text, word};
use super::plain::doing;

/// What the translation sets.
const OURS: [&str; 4] =
    ["innodb_buffer_pool_size", "innodb_flush_log_at_trx_commit", "max_connections", "sync_binlog"];
/// An output: some hold only after a restart.
const PENDING: &str = "pending-restart";

pub(super) async fn look(it: &Client, deployment: &Deployment) -> Result<Vec<Found>, CloudError> {
    let servers = [DATABASE.look(it, deployment).await?, REPLICA.look(it, deployment).await?].concat();
    let mut found = Vec::new();
    for server in servers {
        // One that is not there yet has none, and they go with it.
        if !matches!(server.state, State::Ready | State::Changing) {
            continue;
        }
        let what = format!("looking for the parameters of {}", server.address);
        let all = it.list(&what, &format!("{}/configurations", server.id)).await?;
        let ours: Vec<_> = all.iter().filter(|row| OURS.contains(&word(row, "name"))).collect();
        if ours.is_empty() {
            continue;
        }
        let value = |row: &&serde_json::Value| {
            Some((word(row, "name").to_owned(), Value::from(text(row, "/properties/value")?)))
        };
        let parameters: BTreeMap<String, Value> = ours.iter().filter_map(value).collect();
        let pending = ours.iter().any(|row| text(row, "/properties/isConfigPendingRestart") == Some("True"));
        let id = format!("{}/configurations", server.id);
        let settings = [("database", server.id.as_str().into()), ("parameters", Value::Map(parameters))];
        let one = Found::new(address(&server), Some(&id), server.state, settings);
        found.push(one.output(PENDING, pending.then_some(id.as_str())));
    }
    Ok(found)
}

fn address(server: &Found) -> Address {
    match server.address.kind() {
        "read-replica" => Address::new("db-parameters", &format!("replica-{}", server.address.name())),
        _ => Address::new("db-parameters", server.address.name()),
    }
}

/// Whether the server is still to be restarted.
pub(super) fn goes_on(found: &Found) -> bool {
    found.state == State::Ready && found.outputs.contains_key(PENDING)
}

pub(super) async fn change(
    it: &Client,
    making: &Making<'_>,
    found: Option<&Found>,
) -> Result<(), CloudError> {
    let server = making.settings.text("database")?;
    let what = doing(making, found);
    let differs = found.is_none_or(|found| making.settings.differs("parameters", &found.settings));
    if !differs {
        // With a standby the cloud lets it take over, so that nobody waits for the restart.
        let how = json!({ "restartWithFailover": "Disabled", "maxFailoverSeconds": 60 });
        let what = format!("restarting the server of {}", making.address);
        let answer = it.post(&what, &format!("{server}/restart"), &how).await?;
        it.kept(making, &what, &answer);
        return Ok(());
    }
    let parameters = making.settings.map("parameters")?.iter();
    let values = parameters.map(|(name, value)| {
        json!({ "name": name, "properties": { "value": value.to_string(), "source": "user-override" } })
    });
    let body = json!({ "value": values.collect::<Vec<_>>(), "resetAllToDefault": "False" });
    let answer = it.post(&what, &format!("{server}/updateConfigurations"), &body).await?;
    it.kept(making, &what, &answer);
    Ok(())
}
