//! Operations of Google's services: where each is looked at, and how it ended.

use google_cloud_compute_v1::model::Operation as ComputeOperation;
use google_cloud_sql_v1::model::Operation as SqlOperation;
use loadline_contract::deploy::{CloudError, ErrorClass};
use serde_json::{Value as Json, json};

use super::clients::{Clients, patient};
use super::errors::{Said, failed, read, refused};
use super::form::{last, text};

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

/// How an operation is.
pub(super) enum Ended {
    /// It goes on.
    Not,
    /// What was asked for is carried out.
    Well,
    /// The cloud gave it up.
    Badly(CloudError),
}

/// How an operation is; `doing` is what it was asked for.
pub(super) async fn ended(it: &Clients, operation: &Operation, doing: &str) -> Result<Ended, CloudError> {
    let answer = match ask(it, operation, doing).await {
        // Operations are kept for a while only.
        Err(error) if error.class == ErrorClass::NotFound => return Ok(Ended::Well),
        answer => answer?,
    };
    let done = text(&answer, "status") == "DONE" || answer["done"] == json!(true);
    Ok(match (done, answer.get("error").filter(|error| error.is_object())) {
        (false, _) => Ended::Not,
        (true, None) => Ended::Well,
        (true, Some(error)) => Ended::Badly(refused(doing, &blamed(error, &answer))),
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
async fn ask(it: &Clients, operation: &Operation, doing: &str) -> Result<Json, CloudError> {
    let asking = |call: &str| format!("{doing} ({call})");
    let json = match operation {
        Operation::Global(name) => {
            let asked = it.global_operations.get().set_project(&it.project).set_operation(name);
            serde_json::to_value(patient(asked).send().await.map_err(failed(asking("globalOperations.get")))?)
        }
        Operation::Region(name) => {
            let asked = it.region_operations.get().set_project(&it.project).set_region(&it.region);
            let asked = patient(asked.set_operation(name)).send().await;
            serde_json::to_value(asked.map_err(failed(asking("regionOperations.get")))?)
        }
        Operation::Sql(name) => {
            let asked = it.sql_operations.get().set_project(&it.project).set_operation(name);
            let answer = patient(asked).send().await.map_err(failed(asking("sql.operations.get")))?;
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
            serde_json::to_value(asked.map_err(failed(asking("redis operations.get")))?)
        }
        Operation::Memorystore(name) => {
            let asked = patient(it.memorystore.get_operation().set_name(name)).send().await;
            serde_json::to_value(asked.map_err(failed(asking("memorystore operations.get")))?)
        }
        Operation::Connectivity(name) => {
            let asked = patient(it.connectivity.get_operation().set_name(name)).send().await;
            serde_json::to_value(asked.map_err(failed(asking("networkconnectivity operations.get")))?)
        }
        Operation::ServiceNetworking(name) => {
            let path = format!("v1/operations/{}", last(name));
            Ok(it.rest.get(&asking("servicenetworking operations.get"), "servicenetworking", &path).await?)
        }
    };
    json.map_err(|_| {
        let said = "the operation is of an unknown form";
        CloudError::new(ErrorClass::Unexpected, doing, said).hint("please report this")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

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
