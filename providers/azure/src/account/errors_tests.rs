//! Every refusal has the class that says what to do.

use super::*;

fn said(status: u16, code: &str, message: &str) -> CloudError {
    let body = serde_json::json!({ "error": { "code": code, "message": message } });
    refused(status, None, body.to_string().as_bytes())
}

#[test]
fn codes_have_their_class() {
    let rejected = || ErrorClass::Rejected { field: None };
    for (status, code, message, expected) in [
        (429, "TooManyRequests", "", ErrorClass::RateLimited { after: None }),
        (429, "RetryableError", "", ErrorClass::Conflict),
        (409, "AnotherOperationInProgress", "", ErrorClass::Conflict),
        (409, "Conflict", "the server is busy", ErrorClass::Conflict),
        (400, "InUseSubnetCannotBeDeleted", "", ErrorClass::Conflict),
        (400, "NatGatewayInUseBySubnet", "", ErrorClass::Conflict),
        (412, "PreconditionFailed", "", ErrorClass::Conflict),
        (401, "ExpiredAuthenticationToken", "", ErrorClass::NotAuthenticated),
        (403, "AuthorizationFailed", "no", ErrorClass::NotAllowed { permission: None }),
        (409, "MissingSubscriptionRegistration", "", rejected()),
        (
            409,
            "OperationNotAllowed",
            "exceeding approved standardDSv5Family Cores quota",
            ErrorClass::OverQuota,
        ),
        (403, "QuotaExceeded", "", ErrorClass::OverQuota),
        (400, "PublicIPCountLimitReached", "", ErrorClass::OverQuota),
        (409, "SkuNotAvailable", "", ErrorClass::OutOfCapacity),
        (409, "ZonalAllocationFailed", "", ErrorClass::OutOfCapacity),
        (409, "ServerNameAlreadyExists", "", ErrorClass::AlreadyExists),
        (409, "VaultAlreadyExists", "", ErrorClass::AlreadyExists),
        (404, "ResourceGroupNotFound", "", ErrorClass::NotFound),
        (400, "PrincipalNotFound", "", ErrorClass::Conflict),
        (400, "InvalidParameter", "", rejected()),
        (500, "InternalServerError", "", ErrorClass::Unavailable),
        (503, "ServerUnavailable", "", ErrorClass::Unavailable),
        (418, "", "", ErrorClass::Unexpected),
    ] {
        assert_eq!(said(status, code, message).class, expected, "{status} {code}");
    }
}

#[test]
fn what_fails_after_it_was_taken_on_has_a_class_too() {
    let later = |code: &str| {
        let said: Said =
            serde_json::from_value(serde_json::json!({ "code": code, "message": "no" })).unwrap();
        failed_later(&said)
    };
    assert_eq!(later("QuotaExceeded").class, ErrorClass::OverQuota);
    assert_eq!(later("AllocationFailed").class, ErrorClass::OutOfCapacity);
    assert_eq!(later("InternalServerError").class, ErrorClass::Unavailable);
    assert_eq!(later("InvalidParameter").class, ErrorClass::Rejected { field: None });
    assert_eq!(later("SomethingNew").class, ErrorClass::Unexpected);
    assert_eq!(later("QuotaExceeded").said, "QuotaExceeded: no");
}

#[test]
fn a_missing_permission_is_named_with_what_grants_it() {
    let failed = said(
        403,
        "AuthorizationFailed",
        "The client 'x' with object id 'y' does not have authorization to perform action \
         'Microsoft.Network/virtualNetworks/write' over scope '/subscriptions/s'.",
    );
    let permission = Some("Microsoft.Network/virtualNetworks/write".to_owned());
    assert_eq!(failed.class, ErrorClass::NotAllowed { permission });
    assert!(failed.hint.unwrap().contains("loadline plan --permissions"));
    let linked = said(
        403,
        "LinkedAuthorizationFailed",
        "The client has permission to perform action 'Microsoft.Network/natGateways/write' on scope 'a'; however, it does \
         not have permission to perform action(s) 'Microsoft.Network/publicIPAddresses/join/action' on the linked \
         scope(s) 'b'.",
    );
    let permission = Some("Microsoft.Network/publicIPAddresses/join/action".to_owned());
    assert_eq!(linked.class, ErrorClass::NotAllowed { permission });
    let body = br#"{"error":{"code":"Forbidden","message":"Caller is not authorized.\r\nAction: 'Microsoft.KeyVault/vaults/secrets/getSecret/action'\r\n","innererror":{"code":"ForbiddenByRbac"}}}"#;
    let vault = refused(403, None, body);
    let permission = Some("Microsoft.KeyVault/vaults/secrets/getSecret/action".to_owned());
    assert_eq!(vault.class, ErrorClass::NotAllowed { permission });
    assert!(vault.said.contains("ForbiddenByRbac"), "{vault:?}");
}

#[test]
fn what_to_run_next_is_said() {
    let hint = |status, code: &str, message: &str| said(status, code, message).hint.unwrap_or_default();
    let message = "The subscription is not registered to use namespace 'Microsoft.DBforMySQL'.";
    let registration = hint(409, "MissingSubscriptionRegistration", message);
    assert!(registration.contains("az provider register --namespace Microsoft.DBforMySQL"), "{registration}");
    assert!(hint(401, "InvalidAuthenticationToken", "").contains("az login"));
    assert!(hint(409, "VaultAlreadyExists", "").contains("az keyvault purge"));
    assert!(hint(409, "ServerNameAlreadyExists", "").contains("another name"));
    assert!(hint(409, "ScopeLocked", "").contains("az lock"));
}

#[test]
fn every_form_of_a_body_is_read() {
    let details = br#"{"error":{"code":"BadRequest","message":"no","details":[{"code":"QuotaExceeded","message":"more"}]}}"#;
    assert_eq!(refused(400, None, details).said, "400 QuotaExceeded: no (more)");
    assert_eq!(refused(400, None, br#"{"code":"Bad","message":"no"}"#).said, "400 Bad: no");
    assert_eq!(refused(502, None, b"<html>").said, "502: no message");
}

#[test]
fn a_wait_is_read_from_each_header() {
    let wait = |name: &'static str, value: &'static str| {
        let mut headers = Headers::new();
        headers.insert(name, value);
        super::wait(&headers)
    };
    assert_eq!(wait("retry-after", "7"), Some(Duration::from_secs(7)));
    assert_eq!(wait("x-ms-retry-after-ms", "70"), Some(Duration::from_millis(70)));
    assert_eq!(wait("retry-after", "soon"), None);
}
