use super::*;

fn told(status: u16, error: &Json) -> CloudError {
    refused("creating network/main (networks.insert)", &Said { status, ..read(error) })
}

fn old(reason: &str, message: &str) -> Json {
    json!({ "message": message, "errors": [{ "reason": reason, "message": message, "domain": "global" }] })
}

#[test]
fn every_refusal_has_the_class_that_says_what_to_do() {
    let not_allowed = |permission: &str| ErrorClass::NotAllowed { permission: Some(permission.to_owned()) };
    for (status, reason, message, expected) in [
        (401, "authError", "Invalid Credentials", ErrorClass::NotAuthenticated),
        (
            403,
            "forbidden",
            "Required 'compute.networks.create' permission for 'projects/p/global/networks/n'",
            not_allowed("compute.networks.create"),
        ),
        (
            403,
            "IAM_PERMISSION_DENIED",
            "Permission 'secretmanager.secrets.create' denied on resource (or it may not exist).",
            not_allowed("secretmanager.secrets.create"),
        ),
        (403, "rateLimitExceeded", "Rate Limit Exceeded", ErrorClass::RateLimited { after: None }),
        (403, "userRateLimitExceeded", "slower", ErrorClass::RateLimited { after: None }),
        (429, "", "slower", ErrorClass::RateLimited { after: None }),
        (403, "quotaExceeded", "Quota 'NETWORKS' exceeded. Limit: 5.0 globally.", ErrorClass::OverQuota),
        (404, "notFound", "The resource was not found", ErrorClass::NotFound),
        (409, "alreadyExists", "The resource already exists", ErrorClass::AlreadyExists),
        (409, "instanceAlreadyExists", "The Cloud SQL instance already exists.", ErrorClass::AlreadyExists),
        (409, "operationInProgress", "another operation was already in progress", ErrorClass::Conflict),
        (400, "resourceInUseByAnotherResource", "is already being used by", ErrorClass::Conflict),
        (400, "resourceNotReady", "is not ready", ErrorClass::Conflict),
        (412, "conditionNotMet", "Invalid fingerprint.", ErrorClass::Conflict),
        (
            400,
            "invalid",
            "Invalid value for field 'resource.ipCidrRange': '10.0.0.0/99'.",
            ErrorClass::Rejected { field: Some("resource.ipCidrRange".to_owned()) },
        ),
        (503, "backendError", "try again", ErrorClass::Unavailable),
        (418, "", "", ErrorClass::Unexpected),
    ] {
        assert_eq!(told(status, &old(reason, message)).class, expected, "{status} {reason}");
    }
}

#[test]
fn an_operation_that_failed_has_a_class_without_a_status() {
    for (code, expected) in [
        ("QUOTA_EXCEEDED", ErrorClass::OverQuota),
        ("ZONE_RESOURCE_POOL_EXHAUSTED", ErrorClass::OutOfCapacity),
        ("RESOURCE_IN_USE_BY_ANOTHER_RESOURCE", ErrorClass::Conflict),
        ("RESOURCE_NOT_FOUND", ErrorClass::NotFound),
        ("INTERNAL_ERROR", ErrorClass::Unavailable),
        ("SOMETHING_NEW", ErrorClass::Unexpected),
    ] {
        let said = Said { reasons: vec![code.to_owned()], message: "no".to_owned(), ..Said::default() };
        assert_eq!(refused("creating x", &said).class, expected, "{code}");
    }
}

#[test]
fn a_permission_is_named_from_the_details_first() {
    let error = json!({
        "message": "Permission denied", "status": "PERMISSION_DENIED",
        "details": [{
            "@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "IAM_PERMISSION_DENIED",
            "metadata": { "permission": "redis.instances.create" },
        }],
    });
    let failed = told(403, &error);
    assert!(failed.said.contains("lack the permission redis.instances.create"), "{failed}");
    assert!(failed.hint.unwrap().contains("plan --permissions"));
}

#[test]
fn an_api_that_is_not_enabled_is_named_with_the_command_that_enables_it() {
    let message = "Cloud SQL Admin API has not been used in project 4711 before or it is disabled. Enable it by visiting \
                   https://console.developers.google.com/apis/api/sqladmin.googleapis.com/overview?project=4711 then retry.";
    let new = json!({
        "message": message, "status": "PERMISSION_DENIED",
        "details": [{ "reason": "SERVICE_DISABLED", "metadata": { "service": "sqladmin.googleapis.com" } }],
    });
    for error in [new, old("accessNotConfigured", message)] {
        let failed = told(403, &error);
        assert!(failed.said.contains("the API sqladmin.googleapis.com is not enabled"), "{failed}");
        let hint = failed.hint.unwrap();
        assert!(hint.contains("gcloud services enable sqladmin.googleapis.com --project 4711"), "{hint}");
    }
}

#[test]
fn a_field_and_a_wait_are_taken_over() {
    let error = json!({
        "message": "Invalid value", "status": "INVALID_ARGUMENT",
        "details": [{ "@type": "x", "fieldViolations": [{ "field": "instance.node_type" }] }],
    });
    assert_eq!(
        told(400, &error).class,
        ErrorClass::Rejected { field: Some("instance.node_type".to_owned()) }
    );
    let said = Said { status: 429, after: Some(Duration::from_secs(7)), ..Said::default() };
    assert_eq!(class(&said), ErrorClass::RateLimited { after: Some(Duration::from_secs(7)) });
}
