//! What this process asked for and the cloud took on: an operation can end in an error after the call was answered well, and
//! then the thing itself never shows.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use google_cloud_compute_v1::model::Operation as ComputeOperation;
use google_cloud_sql_v1::model::Operation as SqlOperation;
use loadline_contract::deploy::{CloudError, ErrorClass};
use serde_json::{Value as Json, json};

use super::clients::{Clients, patient};
use super::errors::{Said, failed, read, refused};
use super::form::{last, text};
use super::machines;

/// Waits between questions after an operation: short ones first, for most operations take seconds; a database takes minutes.
const FIRST_WAIT: Duration = Duration::from_millis(250);
const LONGEST_WAIT: Duration = Duration::from_secs(15);

/// An operation, by the service that knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Operation {
    /// Of Compute Engine, in no region.
    Global(String),
    /// Of Compute Engine, in our region.
    Region(String),
    /// Of Cloud SQL.
    Sql(String),
    /// Of Memorystore for Redis.
    Redis(String),
    /// Of Memorystore for Valkey.
    Memorystore(String),
    /// Of Network Connectivity.
    Connectivity(String),
    /// Of Service Networking.
    ServiceNetworking(String),
}

/// Where a Compute Engine operation is looked at.
pub(super) fn of_compute(operation: &ComputeOperation) -> Option<Operation> {
    let name = operation.name.clone()?;
    Some(if operation.region.is_some() { Operation::Region(name) } else { Operation::Global(name) })
}

/// Where a Cloud SQL operation is looked at.
pub(super) fn of_sql(operation: &SqlOperation) -> Operation {
    Operation::Sql(operation.name.clone())
}

#[derive(Debug, Clone)]
struct Order {
    operation: Operation,
    /// What was being done, for a person.
    doing: String,
    /// The group whose machines it makes: they fail on their own, after the operation is done.
    group: Option<String>,
    wait: Duration,
}

/// Orders by the token of the intent.
#[derive(Debug, Default)]
pub(super) struct Orders {
    pending: Mutex<BTreeMap<String, Order>>,
    /// Which parts of an intent were carried out: some changes take several calls with an operation each.
    parts: Mutex<BTreeSet<(String, usize)>>,
    /// How often an intent failed after it was taken on: asked again under the same id, the cloud would answer with the same failure.
    failures: Mutex<BTreeMap<String, u32>>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Orders {
    /// Remembers what was taken on.
    pub(super) fn took(&self, token: &str, operation: Option<Operation>, doing: &str) {
        self.remember(token, operation, doing, None);
    }

    /// The same of a call that makes machines.
    pub(super) fn took_machines(&self, token: &str, operation: Option<Operation>, doing: &str, group: &str) {
        self.remember(token, operation, doing, Some(group.to_owned()));
    }

    fn remember(&self, token: &str, operation: Option<Operation>, doing: &str, group: Option<String>) {
        if let Some(operation) = operation {
            let order = Order { operation, doing: doing.to_owned(), group, wait: FIRST_WAIT };
            locked(&self.pending).insert(token.to_owned(), order);
        }
    }

    /// Which id a call has, so that the cloud knows one that is repeated: a UUID, the same for each attempt at one intent.
    pub(super) fn request_id(&self, token: &str, part: usize) -> String {
        let failures = locked(&self.failures).get(token).copied().unwrap_or_default();
        let mut bytes = *blake3::hash(format!("{token} {part} {failures}").as_bytes()).as_bytes();
        // Version 8: made by rules of one's own (RFC 9562).
        bytes[6] = bytes[6] & 0x0f | 0x80;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        let hex: String = bytes[..16].iter().map(|byte| format!("{byte:02x}")).collect();
        [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
    }

    /// Notes that a part of an intent was asked for.
    pub(super) fn did(&self, token: &str, part: usize) {
        locked(&self.parts).insert((token.to_owned(), part));
    }

    /// Whether a part of an intent was asked for.
    pub(super) fn has_done(&self, token: &str, part: usize) -> bool {
        locked(&self.parts).contains(&(token.to_owned(), part))
    }

    /// How long to wait for what was asked for under that token; `None`: it is carried out.
    pub(super) async fn wait(&self, it: &Clients, token: &str) -> Result<Option<Duration>, CloudError> {
        let Some(order) = locked(&self.pending).get(token).cloned() else { return Ok(None) };
        let ended = match ended(it, &order).await? {
            Ended::Not => {
                if let Some(order) = locked(&self.pending).get_mut(token) {
                    order.wait = (order.wait * 2).min(LONGEST_WAIT);
                }
                return Ok(Some(order.wait));
            }
            Ended::Well => match &order.group {
                Some(group) => machines::trouble(it, group, &order.doing).await,
                None => Ok(()),
            },
            Ended::Badly(failed) => Err(failed),
        };
        if ended.is_err() {
            *locked(&self.failures).entry(token.to_owned()).or_default() += 1;
            locked(&self.parts).retain(|(of, _)| of != token);
        }
        // Of a group whose machines are still being made it is asked again whether they can be.
        if ended.is_err() || order.group.is_none() {
            locked(&self.pending).remove(token);
        }
        ended.map(|()| None)
    }
}

enum Ended {
    Not,
    Well,
    Badly(CloudError),
}

async fn ended(it: &Clients, order: &Order) -> Result<Ended, CloudError> {
    let answer = match ask(it, order).await {
        // Operations are kept for a while only.
        Err(error) if error.class == ErrorClass::NotFound => return Ok(Ended::Well),
        answer => answer?,
    };
    let done = text(&answer, "status") == "DONE" || answer["done"] == json!(true);
    Ok(match (done, answer.get("error").filter(|error| error.is_object())) {
        (false, _) => Ended::Not,
        (true, None) => Ended::Well,
        (true, Some(error)) => Ended::Badly(refused(order.doing.clone(), &blamed(error, &answer))),
    })
}

/// What an operation says that failed: a list of codes, or one of the codes of all Google APIs.
fn blamed(error: &Json, operation: &Json) -> Said {
    let mut said = read(error);
    for row in error["errors"].as_array().into_iter().flatten() {
        said.reasons.extend(row["code"].as_str().map(str::to_owned));
        if said.message.is_empty() {
            said.message = text(row, "message").to_owned();
        }
    }
    // Codes as RPCs count (google.rpc.Code).
    let code = match error["code"].as_i64() {
        Some(7) => Some("PERMISSION_DENIED"),
        Some(8) => Some("QUOTA_EXCEEDED"),
        Some(9) => Some("FAILED_PRECONDITION"),
        Some(10) => Some("ABORTED"),
        Some(6) => Some("ALREADY_EXISTS"),
        Some(5) => Some("NOT_FOUND"),
        Some(13) => Some("INTERNAL"),
        Some(14) => Some("UNAVAILABLE"),
        _ => None,
    };
    said.reasons.extend(code.map(str::to_owned));
    let status = operation["httpErrorStatusCode"].as_u64().and_then(|it| it.try_into().ok());
    // A quota of a failed operation comes with the status of a refusal.
    said.status = status.unwrap_or_default();
    said
}

/// The operation as JSON.
async fn ask(it: &Clients, order: &Order) -> Result<Json, CloudError> {
    let what = order.doing.split(" (").next().unwrap_or_default();
    let doing = |call: &str| format!("{what} ({call})");
    let json = match &order.operation {
        Operation::Global(name) => {
            let asked = it.global_operations.get().set_project(&it.project).set_operation(name);
            serde_json::to_value(patient(asked).send().await.map_err(failed(doing("globalOperations.get")))?)
        }
        Operation::Region(name) => {
            let asked = it.region_operations.get().set_project(&it.project).set_region(&it.region);
            let asked = patient(asked.set_operation(name)).send().await;
            serde_json::to_value(asked.map_err(failed(doing("regionOperations.get")))?)
        }
        Operation::Sql(name) => {
            let asked = it.sql_operations.get().set_project(&it.project).set_operation(name);
            let answer = patient(asked).send().await.map_err(failed(doing("sql.operations.get")))?;
            let done = answer.status.name() == Some("DONE");
            let mut json = json!({ "status": if done { "DONE" } else { "RUNNING" } });
            if let Some(error) = &answer.error {
                let errors = error.errors.iter().map(|it| json!({ "code": it.code, "message": it.message }));
                json["error"] = json!({ "errors": errors.collect::<Vec<_>>() });
            }
            Ok(json)
        }
        Operation::Redis(name) => {
            let asked = patient(it.redis.get_operation().set_name(name)).send().await;
            serde_json::to_value(asked.map_err(failed(doing("redis operations.get")))?)
        }
        Operation::Memorystore(name) => {
            let asked = patient(it.memorystore.get_operation().set_name(name)).send().await;
            serde_json::to_value(asked.map_err(failed(doing("memorystore operations.get")))?)
        }
        Operation::Connectivity(name) => {
            let asked = patient(it.connectivity.get_operation().set_name(name)).send().await;
            serde_json::to_value(asked.map_err(failed(doing("networkconnectivity operations.get")))?)
        }
        Operation::ServiceNetworking(name) => {
            let path = format!("v1/operations/{}", last(name));
            Ok(it.rest.get(&doing("servicenetworking operations.get"), "servicenetworking", &path).await?)
        }
    };
    json.map_err(|_| {
        let said = "the operation is of an unknown form";
        CloudError::new(ErrorClass::Unexpected, order.doing.clone(), said).hint("please report this")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_has_the_same_id_each_time_and_another_after_it_failed() {
        let orders = Orders::default();
        let first = orders.request_id("abc", 0);
        assert_eq!(first, orders.request_id("abc", 0));
        assert_ne!(first, orders.request_id("abc", 1));
        assert_eq!((first.len(), first.matches('-').count(), &first[14..15]), (36, 4, "8"));
        locked(&orders.failures).insert("abc".to_owned(), 1);
        assert_ne!(first, orders.request_id("abc", 0));
    }

    #[test]
    fn an_operation_that_ended_in_an_error_says_which() {
        let operation = json!({
            "status": "DONE", "httpErrorStatusCode": 403,
            "error": { "errors": [{ "code": "QUOTA_EXCEEDED", "message": "Quota 'NETWORKS' exceeded." }] },
        });
        let failed = refused("creating network/main", &blamed(&operation["error"], &operation));
        assert_eq!(failed.class, ErrorClass::OverQuota);
        assert!(failed.said.contains("NETWORKS"), "{failed}");
        let operation = json!({ "done": true, "error": { "code": 8, "message": "no more instances" } });
        let failed = refused("creating cache/main", &blamed(&operation["error"], &operation));
        assert_eq!(failed.class, ErrorClass::OverQuota);
    }
}
