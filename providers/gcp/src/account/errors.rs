//! What the cloud says, as a class.

use std::error::Error as _;
use std::time::Duration;

use google_cloud_gax::error::Error;
use loadline_contract::deploy::{CloudError, ErrorClass};
use serde_json::{Value as Json, json};

use super::form::text;

/// What to do without credentials, or with some that are not taken.
pub(super) const SIGN_IN: &str = "sign in with `gcloud auth application-default login`, or set \
     GOOGLE_APPLICATION_CREDENTIALS to the file of a service account's key";
/// What the calls of a whole stack go to.
const ALL_APIS: &str = "compute sqladmin redis memorystore servicenetworking networkconnectivity secretmanager monitoring \
     cloudresourcemanager serviceusage";

/// What an answer says: from whichever of Google's forms of an error it stands in.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// Status of the answer, as HTTP counts.
    pub(super) status: u16,
    pub(super) message: String,
    /// Reasons and codes, such as `quotaExceeded` or `SERVICE_DISABLED`.
    pub(super) reasons: Vec<String>,
    pub(super) permission: Option<String>,
    /// The API that is not enabled.
    pub(super) service: Option<String>,
    pub(super) field: Option<String>,
    pub(super) after: Option<Duration>,
}

/// An error of a client library.
pub(super) fn failed(doing: impl Into<String>) -> impl FnOnce(Error) -> CloudError {
    let doing = doing.into();
    move |error| {
        if error.is_authentication() {
            // A server that gives tokens and does not answer is no refusal.
            let passing =
                error.source().and_then(|it| it.downcast_ref::<google_cloud_gax::error::CredentialsError>());
            let class = match passing {
                Some(passing) if passing.is_transient() => ErrorClass::Unavailable,
                _ => ErrorClass::NotAuthenticated,
            };
            let failed = CloudError::new(class, doing, cause(&error));
            return if failed.class == ErrorClass::NotAuthenticated { failed.hint(SIGN_IN) } else { failed };
        }
        match said(&error) {
            Some(said) => refused(doing, &said),
            None if error.is_deserialization() || error.is_serialization() || error.is_binding() => {
                // What was read is not told: a password may stand in it.
                CloudError::new(ErrorClass::Unexpected, doing, "the call or its answer is of an unknown form")
                    .hint("please report this")
            }
            None => CloudError::new(ErrorClass::Unavailable, doing, cause(&error)),
        }
    }
}

/// What the cloud answered, if it did.
pub(super) fn said(error: &Error) -> Option<Said> {
    let status = error.http_status_code()?;
    let mut said = match error.status() {
        Some(status) => {
            let details = serde_json::to_value(&status.details).unwrap_or_default();
            read(&json!({ "message": status.message, "details": details }))
        }
        None => {
            let body = error.http_payload().and_then(|body| serde_json::from_slice::<Json>(body).ok());
            body.map(|body| read(&body["error"])).unwrap_or_default()
        }
    };
    said.status = status;
    let after =
        error.http_headers().and_then(|headers| headers.get("retry-after")?.to_str().ok()?.parse().ok());
    said.after = after.map(Duration::from_secs);
    Some(said)
}

/// Reads the object `error` of an answer: the older form has `errors`, the newer one `details`.
pub(super) fn read(error: &Json) -> Said {
    let mut said = Said { message: text(error, "message").to_owned(), ..Said::default() };
    said.reasons.extend(error["status"].as_str().map(str::to_owned));
    let rows = ["errors", "details"].into_iter().filter_map(|name| error[name].as_array()).flatten();
    for row in rows {
        said.reasons.extend(row["reason"].as_str().filter(|it| !it.is_empty()).map(str::to_owned));
        let data = &row["metadata"];
        said.permission = said.permission.or_else(|| data["permission"].as_str().map(str::to_owned));
        said.service = said.service.or_else(|| data["service"].as_str().map(str::to_owned));
        said.field = said.field.or_else(|| row["fieldViolations"][0]["field"].as_str().map(str::to_owned));
        if row.get("violations").is_some() && text(row, "@type").ends_with("QuotaFailure") {
            said.reasons.push("quotaExceeded".to_owned());
        }
    }
    said.permission = said.permission.or_else(|| permission(&said.message));
    said.field = said.field.or_else(|| field(&said.message));
    said
}

/// An answer that is a refusal.
pub(super) fn refused(doing: impl Into<String>, said: &Said) -> CloudError {
    let (class, doing) = (class(said), doing.into());
    let reason = said.reasons.first().map(|reason| format!(" {reason}")).unwrap_or_default();
    let message = if said.message.is_empty() { "no message" } else { said.message.trim() };
    let told =
        if said.status == 0 { message.to_owned() } else { format!("{}{reason}: {message}", said.status) };
    if let Some(api) = disabled(said) {
        let told = format!("the API {api} is not enabled in the project ({told})");
        let project = project(&said.message).map(|it| format!(" --project {it}")).unwrap_or_default();
        let all: Vec<String> = ALL_APIS.split(' ').map(|name| format!("{name}.googleapis.com")).collect();
        let hint = format!(
            "enable it with `gcloud services enable {api}{project}` and try again after some minutes; a whole stack takes {}",
            all.join(" ")
        );
        return CloudError::new(ErrorClass::NotAllowed { permission: None }, doing, told).hint(hint);
    }
    match &class {
        ErrorClass::NotAuthenticated => CloudError::new(class, doing, told).hint(SIGN_IN),
        ErrorClass::NotAllowed { permission } => {
            let told = match permission {
                Some(permission) => format!("the credentials lack the permission {permission} ({told})"),
                None => told,
            };
            let hint = "allow what `loadline plan --permissions` prints: it is the file of a role (gcloud iam roles create \
                        loadline --file FILE --project PROJECT)";
            CloudError::new(class, doing, told).hint(hint)
        }
        ErrorClass::OverQuota => CloudError::new(class, doing, told)
            .hint("ask for more under IAM & Admin, Quotas, or remove what is not needed"),
        _ => CloudError::new(class, doing, told),
    }
}

fn disabled(said: &Said) -> Option<String> {
    let is = |reason: &String| ["SERVICE_DISABLED", "accessNotConfigured"].contains(&reason.as_str());
    if said.status != 403 || !said.reasons.iter().any(is) {
        return None;
    }
    let named = || said.message.split(['/', ' ']).find(|word| word.ends_with(".googleapis.com"));
    let api = said.service.clone().or_else(|| named().map(str::to_owned));
    Some(api.unwrap_or_else(|| "that was called".to_owned()))
}

/// `... has not been used in project 1234 before or it is disabled`
fn project(message: &str) -> Option<&str> {
    let mut words = message.split_whitespace();
    words.find(|word| *word == "project")?;
    words.next().map(|word| word.trim_matches(['\'', '"', '.', ',']))
}

/// The class of a refusal. Reasons: "Troubleshoot API errors" of Compute Engine and Cloud SQL, and the codes of operations.
fn class(said: &Said) -> ErrorClass {
    let is = |reasons: &[&str]| said.reasons.iter().any(|has| reasons.contains(&has.as_str()));
    let says = |parts: &[&str]| parts.iter().any(|part| said.message.contains(part));
    if said.status == 429 || is(&["rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED"]) {
        // The same status without a word of a rate is a quota of things.
        let things =
            is(&["quotaExceeded", "QUOTA_EXCEEDED"]) && !is(&["rateLimitExceeded", "RATE_LIMIT_EXCEEDED"]);
        if !things {
            return ErrorClass::RateLimited { after: said.after };
        }
    }
    if is(&["quotaExceeded", "QUOTA_EXCEEDED", "limitExceeded", "QUOTA_LIMIT", "CREATE_QUOTA_EXCEEDED"]) {
        return ErrorClass::OverQuota;
    }
    let exhausted = ["ZONE_RESOURCE_POOL_EXHAUSTED", "ZONE_RESOURCE_POOL_EXHAUSTED_WITH_DETAILS", "STOCKOUT"];
    if is(&exhausted) || says(&["does not have enough resources", "STOCKOUT"]) {
        return ErrorClass::OutOfCapacity;
    }
    if is(&[
        "resourceInUseByAnotherResource",
        "RESOURCE_IN_USE_BY_ANOTHER_RESOURCE",
        "resourceNotReady",
        "RESOURCE_NOT_READY",
        "operationInProgress",
        "invalidState",
        "conditionNotMet",
        "FAILED_PRECONDITION",
        "ABORTED",
    ]) || says(&["Producer services", "is still using this connection", "operation in progress"])
    {
        return ErrorClass::Conflict;
    }
    if is(&["alreadyExists", "ALREADY_EXISTS", "instanceAlreadyExists", "RESOURCE_ALREADY_EXISTS"]) {
        return ErrorClass::AlreadyExists;
    }
    match said.status {
        400 if is(&["API_KEY_INVALID", "invalid_grant"]) => ErrorClass::NotAuthenticated,
        400 | 413 => ErrorClass::Rejected { field: said.field.clone() },
        401 => ErrorClass::NotAuthenticated,
        403 => ErrorClass::NotAllowed { permission: said.permission.clone() },
        404 => ErrorClass::NotFound,
        409 | 412 => ErrorClass::Conflict,
        408 | 500.. => ErrorClass::Unavailable,
        _ if is(&["RESOURCE_NOT_FOUND", "NOT_FOUND"]) => ErrorClass::NotFound,
        _ if is(&["INTERNAL_ERROR", "INTERNAL", "UNAVAILABLE"]) => ErrorClass::Unavailable,
        _ => ErrorClass::Unexpected,
    }
}

/// `Required 'compute.networks.create' permission for ...`, `Permission 'secretmanager.secrets.get' denied on ...`
fn permission(message: &str) -> Option<String> {
    let word = |text: &&str| {
        text.matches('.').count() == 2 && text.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'.')
    };
    let denied = message.contains("ermission");
    message.split(['\'', '"', '`', ' ', ',']).find(word).filter(|_| denied).map(str::to_owned)
}

/// `Invalid value for field 'resource.name': ...`
fn field(message: &str) -> Option<String> {
    let named = message.split("field '").nth(1)?.split('\'').next()?;
    Some(named.to_owned())
}

/// The whole chain of causes.
fn cause(error: &dyn std::error::Error) -> String {
    let mut said = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let more = cause.to_string();
        if !said.contains(&more) {
            said = format!("{said}: {more}");
        }
        next = cause.source();
    }
    said
}

#[cfg(test)]
mod tests;
