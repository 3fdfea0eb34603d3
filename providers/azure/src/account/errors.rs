//! What the cloud says, as a class.

use std::error::Error as _;
use std::time::Duration;

use azure_core::headers::{HeaderName, Headers};
use loadline_contract::deploy::{CloudError, ErrorClass};
use serde::Deserialize;

/// What to do without credentials, or with such as are not taken.
pub(super) const SIGN_IN: &str = "sign in with `az login`, or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET \
     to those of a service principal";

/// The form in which the cloud says what is wrong ("Resource Manager common API details", OData error).
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Body {
    error: Said,
    // Some services leave the envelope out.
    code: Option<String>,
    message: Option<String>,
}

/// One error, with those behind it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Said {
    code: Option<String>,
    message: Option<String>,
    target: Option<String>,
    details: Option<Vec<Said>>,
    innererror: Option<Box<Said>>,
}

impl Said {
    /// The code that says most: a vault tells what it means only inside, and a failed operation in its details.
    fn code(&self) -> &str {
        let own = self.code.as_deref().unwrap_or_default();
        let inner = self.innererror.as_ref().and_then(|inner| inner.code.as_deref());
        let detail = self.details.iter().flatten().find_map(|detail| detail.code.as_deref());
        let vague = ["", "Conflict", "Forbidden", "BadRequest", "DeploymentFailed", "InternalServerError"];
        match (vague.contains(&own), inner, detail) {
            (true, Some(inner), _) => inner,
            (true, None, Some(detail)) => detail,
            _ => own,
        }
    }

    fn message(&self) -> String {
        let mut whole = self.message.clone().unwrap_or_default();
        for detail in self.details.iter().flatten() {
            let more = detail.message.as_deref().unwrap_or_default();
            if !more.is_empty() && !whole.contains(more) {
                whole = format!("{whole} ({more})");
            }
        }
        // Some messages are of several lines, with numbers for their support.
        let words: Vec<&str> = whole.split_whitespace().collect();
        if words.is_empty() { "no message".to_owned() } else { words.join(" ") }
    }
}

/// The cloud did not answer.
pub(super) fn unanswered(error: reqwest::Error) -> CloudError {
    let error = error.without_url();
    let mut said = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        said = format!("{said}: {cause}");
        next = cause.source();
    }
    CloudError::new(ErrorClass::Unavailable, "", said)
}

/// The cloud answered with an error.
pub(super) fn refused(status: u16, after: Option<Duration>, body: &[u8]) -> CloudError {
    let body: Body = serde_json::from_slice(body).unwrap_or_default();
    let mut said = body.error;
    said.code = said.code.or(body.code);
    said.message = said.message.or(body.message);
    told(status, after, &said)
}

/// What went wrong after a call was taken on.
pub(super) fn failed_later(said: &Said) -> CloudError {
    told(0, None, said)
}

fn told(status: u16, after: Option<Duration>, said: &Said) -> CloudError {
    let (code, message) = (said.code(), said.message());
    let class = class(status, code, &message, said.target.as_deref(), after);
    let number = if status == 0 { String::new() } else { format!("{status} ") };
    let words = format!("{number}{code}").trim_end().to_owned();
    let words = if words.is_empty() { message.clone() } else { format!("{words}: {message}") };
    let words = match &class {
        ErrorClass::NotAllowed { permission: Some(permission) } => {
            format!("the credentials lack the permission {permission} ({words})")
        }
        _ => words,
    };
    let hint = hint(&class, code, &message);
    let failed = CloudError::new(class, "", words);
    match hint {
        Some(hint) => failed.hint(hint),
        None => failed,
    }
}

/// The class of a refusal: by its code where that says more than the status. Codes: Azure docs, "Resolve common deployment errors",
/// "Azure Resource Manager error codes", and the services' own lists.
fn class(
    status: u16,
    code: &str,
    message: &str,
    target: Option<&str>,
    after: Option<Duration>,
) -> ErrorClass {
    let has = |parts: &[&str]| parts.iter().any(|part| code.contains(part));
    let quota = message.to_lowercase().contains("quota");
    if status == 429 || has(&["TooManyRequests", "Throttl"]) {
        // A network that is being changed answers so too.
        return if has(&["AnotherOperationInProgress", "RetryableError"]) {
            ErrorClass::Conflict
        } else {
            ErrorClass::RateLimited { after }
        };
    }
    if status == 401 || has(&["ExpiredAuthenticationToken", "InvalidAuthenticationToken"]) {
        return ErrorClass::NotAuthenticated;
    }
    if has(&["QuotaExceeded", "QuotaLimit", "LimitReached", "CountLimit"])
        || (quota && has(&["OperationNotAllowed", "ResourceQuota", "Conflict"]))
    {
        return ErrorClass::OverQuota;
    }
    if has(&["AllocationFailed", "Overconstrained", "SkuNotAvailable", "OutOfCapacity", "NoCapacity"]) {
        return ErrorClass::OutOfCapacity;
    }
    if has(&["MissingSubscriptionRegistration", "RequestDisallowedByPolicy", "SubscriptionNotRegistered"]) {
        return ErrorClass::Rejected { field: None };
    }
    if has(&["Authorization", "ForbiddenBy", "AccessDenied"]) || status == 403 {
        return ErrorClass::NotAllowed { permission: permission(message) };
    }
    if has(&["AlreadyExists", "NameNotAvailable", "AlreadyInUse", "RoleAssignmentExists", "NameUnavailable"])
    {
        return ErrorClass::AlreadyExists;
    }
    // What was made a moment ago is not known everywhere yet.
    if has(&["PrincipalNotFound", "InvalidResourceReference", "ParentResourceNotFound"])
        || has(&["InProgress", "InUse", "IsBusy", "ScopeLocked", "ReferencedResourceNotProvisioned"])
    {
        return ErrorClass::Conflict;
    }
    match status {
        404 => ErrorClass::NotFound,
        409 | 412 | 423 => ErrorClass::Conflict,
        408 | 500.. => ErrorClass::Unavailable,
        400 | 413 | 415 | 422 => ErrorClass::Rejected { field: target.map(str::to_owned) },
        _ if has(&["Internal", "ServiceUnavailable", "Timeout", "TimedOut"]) => ErrorClass::Unavailable,
        _ if has(&["NotFound"]) => ErrorClass::NotFound,
        _ if has(&["Conflict"]) => ErrorClass::Conflict,
        _ if has(&["Invalid", "BadRequest", "NotSupported"]) => {
            ErrorClass::Rejected { field: target.map(str::to_owned) }
        }
        _ => ErrorClass::Unexpected,
    }
}

fn hint(class: &ErrorClass, code: &str, message: &str) -> Option<String> {
    match class {
        ErrorClass::NotAuthenticated => Some(SIGN_IN.to_owned()),
        ErrorClass::NotAllowed { permission: Some(permission) } => Some(format!(
            "assign a role that allows {permission}: loadline plan --permissions prints one with all that the plan needs"
        )),
        ErrorClass::NotAllowed { permission: None } => {
            Some("loadline plan --permissions prints a role with all that the plan needs".to_owned())
        }
        ErrorClass::Rejected { .. } if code.contains("Registr") || code.contains("Registered") => {
            let namespace = quoted(message).unwrap_or("NAMESPACE");
            Some(format!("register it once: az provider register --namespace {namespace} --wait"))
        }
        ErrorClass::Rejected { .. } if code.contains("RequestDisallowedByPolicy") => {
            Some("ask whoever keeps the policies of the subscription for an exemption".to_owned())
        }
        ErrorClass::OverQuota => Some(
            "ask for more in the portal under Quotas, or with `az quota update`, and run again; \
             or remove what is not needed"
                .to_owned(),
        ),
        ErrorClass::AlreadyExists if code.contains("Vault") => Some(
            "a vault of that name is there, or was deleted and holds its name: `az keyvault list-deleted` shows it, \
             `az keyvault purge` frees it if it is yours; else choose another name for the deployment"
                .to_owned(),
        ),
        ErrorClass::AlreadyExists => Some(
            "such names belong to the whole cloud: remove what has it if it is yours, or choose another name for the \
             deployment (`name` in the spec)"
                .to_owned(),
        ),
        ErrorClass::Conflict if code == "ScopeLocked" => {
            Some("`az lock list` shows the lock, `az lock delete` lifts it".to_owned())
        }
        _ => None,
    }
}

/// The first thing in quotes.
fn quoted(message: &str) -> Option<&str> {
    message.split('\'').nth(1).filter(|text| !text.is_empty())
}

/// The action that is missing: `... does not have authorization to perform action 'X' over scope ...`; on a linked scope it is the
/// second one that is named; a vault says `Action: 'X'`.
fn permission(message: &str) -> Option<String> {
    let after = ["perform action(s) '", "Action: '", "perform action '"].iter();
    let named = after.filter_map(|words| message.split(words).nth(1)).next()?.split('\'').next()?;
    Some(named.split(|at: char| at == '|' || at == ',' || at.is_whitespace()).next()?.to_owned())
        .filter(|named| !named.is_empty())
}

/// How long the cloud asks to wait.
pub(super) fn wait(headers: &Headers) -> Option<Duration> {
    let number = |name: &'static str| {
        headers.get_optional_str(&HeaderName::from_static(name))?.trim().parse::<u64>().ok()
    };
    let exact = number("retry-after-ms").or_else(|| number("x-ms-retry-after-ms"));
    exact.map(Duration::from_millis).or_else(|| number("retry-after").map(Duration::from_secs))
}

/// An error of the pipeline: ours, or one from before anything was sent.
pub(super) fn of(doing: &str, error: azure_core::Error) -> CloudError {
    match error.into_downcast::<CloudError>() {
        Ok(mut ours) => {
            ours.doing =
                if ours.doing.is_empty() { doing.to_owned() } else { format!("{doing}: {}", ours.doing) };
            ours
        }
        Err(other) => CloudError::new(ErrorClass::Unexpected, doing, other.to_string()),
    }
}

#[cfg(test)]
#[path = "errors_tests.rs"]
mod tests;
