//! What the cloud says, as a class.

use std::error::Error;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use loadline_contract::deploy::{CloudError, ErrorClass};
use reqwest::header::HeaderMap;
use serde::Deserialize;

/// What to do without a token, or with one that is not taken.
pub(super) const TOKEN_HINT: &str = "make a token (doctl auth init, or the control panel under API) with the scopes of \
     `loadline plan --permissions` and set DIGITALOCEAN_ACCESS_TOKEN to it";

/// The two forms in which the cloud says what is wrong (API description, error and error_with_root_causes).
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Said {
    id: String,
    message: String,
    error: String,
    root_causes: Vec<String>,
}

/// The cloud did not answer.
pub(super) fn unanswered(doing: &str, error: reqwest::Error) -> CloudError {
    let error = error.without_url();
    let mut said = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        said = format!("{said}: {cause}");
        next = cause.source();
    }
    CloudError::new(ErrorClass::Unavailable, doing, said)
}

/// The cloud answered with an error.
pub(super) fn refused(doing: &str, status: u16, after: Option<Duration>, body: &[u8]) -> CloudError {
    let said: Said = serde_json::from_slice(body).unwrap_or_default();
    let mut message = if said.message.is_empty() { said.error } else { said.message };
    if !said.root_causes.is_empty() {
        message = format!("{message} ({})", said.root_causes.join("; "));
    }
    if message.is_empty() {
        message = "no message".to_owned();
    }
    let class = class(status, &message.to_lowercase(), after);
    let id = if said.id.is_empty() { String::new() } else { format!(" {}", said.id) };
    let failed = CloudError::new(class, doing, format!("{status}{id}: {message}"));
    if failed.class == ErrorClass::NotAuthenticated { failed.hint(TOKEN_HINT) } else { failed }
}

/// The class of a status. Many refusals share the status 422; what sets them apart stands only in the message.
fn class(status: u16, message: &str, after: Option<Duration>) -> ErrorClass {
    let says = |parts: &[&str]| parts.iter().any(|part| message.contains(part));
    match status {
        401 => ErrorClass::NotAuthenticated,
        // A network that is not empty: 403 by the API description, 409 as people report it (pulumi-digitalocean#753).
        403 | 409 if says(&["with members"]) => ErrorClass::Conflict,
        403 | 422 if says(&["exceed", "limit reached", "quota"]) => ErrorClass::OverQuota,
        403 => ErrorClass::NotAllowed { permission: None },
        404 => ErrorClass::NotFound,
        409 | 422 if says(&["already exists", "already in use", "already been taken", "not unique"]) => {
            ErrorClass::AlreadyExists
        }
        // 412: a project that is not empty; 423: locked.
        409 | 412 | 423 => ErrorClass::Conflict,
        422 if says(&[
            "pending event",
            "in progress",
            "is attached",
            "not online",
            "try again",
            "is being",
        ]) =>
        {
            ErrorClass::Conflict
        }
        422 if says(&["unavailable", "not available", "out of capacity", "sold out"]) => {
            ErrorClass::OutOfCapacity
        }
        429 => ErrorClass::RateLimited { after },
        400 | 413 | 415 | 422 => ErrorClass::Rejected { field: None },
        408 | 500.. => ErrorClass::Unavailable,
        _ => ErrorClass::Unexpected,
    }
}

/// How long the cloud asks to wait: in seconds, or until a moment.
pub(super) fn wait(headers: &HeaderMap) -> Option<Duration> {
    let number = |name: &str| headers.get(name)?.to_str().ok()?.trim().parse::<u64>().ok();
    if let Some(seconds) = number("retry-after") {
        return Some(Duration::from_secs(seconds));
    }
    let reset = UNIX_EPOCH.checked_add(Duration::from_secs(number("ratelimit-reset")?))?;
    // A moment that is past says nothing.
    reset.duration_since(SystemTime::now()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_has_the_class_that_says_what_to_do() {
        let said = |status: u16, text: &str| {
            let body = format!("{{\"id\":\"some_id\",\"message\":\"{text}\"}}");
            refused("creating app/1 (POST /v2/droplets)", status, None, body.as_bytes())
        };
        for (status, text, expected) in [
            (401, "Unable to authenticate you", ErrorClass::NotAuthenticated),
            (
                403,
                "You are not authorized to perform this operation",
                ErrorClass::NotAllowed { permission: None },
            ),
            (403, "Can not delete VPC with members", ErrorClass::Conflict),
            (409, "Can not delete VPC with members", ErrorClass::Conflict),
            (404, "The resource you were accessing could not be found.", ErrorClass::NotFound),
            (412, "cannot delete a project with resources", ErrorClass::Conflict),
            (422, "Droplet already has a pending event.", ErrorClass::Conflict),
            (422, "creating this/these droplet(s) will exceed your droplet limit", ErrorClass::OverQuota),
            (422, "SSH Key is already in use on your account", ErrorClass::AlreadyExists),
            (422, "Size is not available in this region.", ErrorClass::OutOfCapacity),
            (422, "invalid size", ErrorClass::Rejected { field: None }),
            (429, "API Rate limit exceeded.", ErrorClass::RateLimited { after: None }),
            (503, "Service unavailable", ErrorClass::Unavailable),
            (418, "", ErrorClass::Unexpected),
        ] {
            assert_eq!(said(status, text).class, expected, "{status} {text}");
        }
        assert_eq!(said(422, "invalid size").said, "422 some_id: invalid size");
        let causes = br#"{"error":"cannot be made","messages":[],"root_causes":["no such size"]}"#;
        assert_eq!(refused("x", 400, None, causes).said, "400: cannot be made (no such size)");
        assert_eq!(refused("x", 502, None, b"<html>").said, "502: no message");
    }

    #[test]
    fn a_wait_is_read_from_either_header_and_a_past_moment_is_none() {
        let headers = |name: &'static str, value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(name, value.parse().unwrap());
            headers
        };
        assert_eq!(wait(&headers("retry-after", "7")), Some(Duration::from_secs(7)));
        assert_eq!(wait(&headers("ratelimit-reset", "1")), None);
        assert_eq!(wait(&headers("ratelimit-reset", "soon")), None);
        assert!(wait(&headers("ratelimit-reset", "99999999999")) > Some(Duration::from_secs(60)));
    }
}
