//! What the cloud says, as a class.

use aws_sdk_ec2::error::{ProvideErrorMetadata, SdkError};
use loadline_contract::deploy::{CloudError, ErrorClass};

use crate::policy::statements_of;

/// An error of any service.
pub(crate) fn failed<E, R>(doing: impl Into<String>) -> impl FnOnce(SdkError<E, R>) -> CloudError
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
    R: std::fmt::Debug,
{
    let doing = doing.into();
    move |error| match &error {
        SdkError::ServiceError(service) => {
            let code = service.err().code().unwrap_or_default().to_owned();
            let message = service.err().message().unwrap_or("no message").to_owned();
            match class(&code, &message) {
                ErrorClass::NotAllowed { permission } => {
                    refused(doing, permission, (code.as_str(), message.as_str()))
                }
                class => CloudError::new(class, doing, format!("{code}: {message}")),
            }
        }
        SdkError::ConstructionFailure(_) => {
            let source = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
            CloudError::new(ErrorClass::Rejected { field: None }, doing, source)
        }
        SdkError::DispatchFailure(dispatch) => {
            let said = cause(&error);
            // Without credentials nothing is sent.
            let class = if !dispatch.is_io()
                && !dispatch.is_timeout()
                && said.to_lowercase().contains("credential")
            {
                ErrorClass::NotAuthenticated
            } else {
                ErrorClass::Unavailable
            };
            let failed = CloudError::new(class, doing, said);
            if failed.class == ErrorClass::NotAuthenticated {
                failed.hint(
                    "sign in with `aws sso login` or `aws configure`, or name a profile with --credentials",
                )
            } else {
                failed
            }
        }
        _ => CloudError::new(ErrorClass::Unavailable, doing, cause(&error)),
    }
}

/// A refusal with the permission that is missing and the statement that would grant it.
fn refused(doing: String, permission: Option<String>, (code, message): (&str, &str)) -> CloudError {
    // The machine service did not always name the permission; only it spells refusals so.
    let called = doing.rsplit_once('(').and_then(|(_, call)| call.strip_suffix(')'));
    let permission = permission
        .or_else(|| called.filter(|_| code == "UnauthorizedOperation").map(|call| format!("ec2:{call}")));
    // Behind this stands a thousand characters that only the cloud can read.
    let message = message.split(" Encoded authorization failure message").next().unwrap_or_default();
    let (said, hint) = match &permission {
        None => (
            format!("{code}: {message}"),
            "loadline plan --permissions prints what the credentials have to allow".to_owned(),
        ),
        Some(permission) => {
            let said = format!("the credentials lack the permission {permission} ({code}: {message})");
            let statements: Vec<String> =
                statements_of(permission).into_iter().map(|sid| format!("`{sid}`")).collect();
            let hint = match statements.as_slice() {
                [] => format!(
                    "allow {permission}; no plan needs it, so loadline plan --permissions does not print it"
                ),
                [one] => format!("allow what the statement {one} of loadline plan --permissions grants"),
                several => format!(
                    "allow what the statements {} of loadline plan --permissions grant",
                    several.join(" and ")
                ),
            };
            (said, hint)
        }
    };
    CloudError::new(ErrorClass::NotAllowed { permission }, doing, said).hint(hint)
}

/// The whole chain of causes.
fn cause(error: &dyn std::error::Error) -> String {
    let mut said = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        said = format!("{said}: {cause}");
        next = cause.source();
    }
    said
}

/// The class of an error code. Codes are listed in each service's "Common errors"; families of codes are told by their endings.
fn class(code: &str, message: &str) -> ErrorClass {
    let has = |parts: &[&str]| parts.iter().any(|part| code.contains(part));
    if has(&["Throttl", "RequestLimitExceeded", "TooManyRequests", "SlowDown", "RateExceeded"]) {
        return ErrorClass::RateLimited { after: None };
    }
    if has(&["UnauthorizedOperation", "AccessDenied", "AuthorizationError", "NotAuthorized"]) {
        return ErrorClass::NotAllowed { permission: permission(message) };
    }
    if has(&[
        "ExpiredToken",
        "RequestExpired",
        "AuthFailure",
        "InvalidClientTokenId",
        "UnrecognizedClient",
        "SignatureDoesNotMatch",
    ]) {
        return ErrorClass::NotAuthenticated;
    }
    if has(&[
        "InsufficientInstanceCapacity",
        "InsufficientDBInstanceCapacity",
        "InsufficientCacheClusterCapacity",
        "InsufficientHostCapacity",
        "InsufficientCapacity",
    ]) {
        return ErrorClass::OutOfCapacity;
    }
    if has(&["LimitExceeded", "QuotaExceeded", "TooMany", "QuotaForCustomer"]) {
        return ErrorClass::OverQuota;
    }
    if has(&["NotFound", "DoesNotExist", "NoSuch"])
        || (code == "ValidationError" && message.contains("not found"))
    {
        return ErrorClass::NotFound;
    }
    if has(&[
        "DependencyViolation",
        "InUse",
        "IncorrectState",
        "InvalidDBInstanceState",
        "InvalidReplicationGroupState",
        "InvalidCacheParameterGroupState",
        "InvalidDBParameterGroupState",
        "InvalidState",
        "ScalingActivityInProgress",
        "InstanceRefreshInProgress",
        "OperationInProgress",
        "InvalidDBSubnetGroupState",
        "ResourceContention",
        "Conflict",
    ]) {
        return ErrorClass::Conflict;
    }
    if has(&["AlreadyExists", "Duplicate", "AlreadyAssociated", "InvalidGroup.Duplicate"]) {
        return ErrorClass::AlreadyExists;
    }
    if has(&["InternalError", "InternalFailure", "ServiceUnavailable", "Unavailable", "InternalServer"]) {
        return ErrorClass::Unavailable;
    }
    if has(&["Invalid", "Validation", "Malformed", "Missing", "Unsupported", "UnknownParameter"]) {
        return ErrorClass::Rejected { field: None };
    }
    ErrorClass::Unexpected
}

/// `... is not authorized to perform: rds:CreateDBInstance on resource: ...`
fn permission(message: &str) -> Option<String> {
    let named = message.split("perform: ").nth(1)?.split_whitespace().next()?;
    Some(named.trim_end_matches(['.', ',']).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_their_class() {
        let not_allowed = ErrorClass::NotAllowed { permission: None };
        for (code, expected) in [
            ("RequestLimitExceeded", ErrorClass::RateLimited { after: None }),
            ("ThrottlingException", ErrorClass::RateLimited { after: None }),
            ("UnauthorizedOperation", not_allowed),
            ("ExpiredToken", ErrorClass::NotAuthenticated),
            ("InsufficientInstanceCapacity", ErrorClass::OutOfCapacity),
            ("VpcLimitExceeded", ErrorClass::OverQuota),
            ("InstanceQuotaExceeded", ErrorClass::OverQuota),
            ("InvalidVpcID.NotFound", ErrorClass::NotFound),
            ("DBInstanceNotFound", ErrorClass::NotFound),
            ("DependencyViolation", ErrorClass::Conflict),
            ("ResourceInUse", ErrorClass::Conflict),
            ("InvalidDBInstanceState", ErrorClass::Conflict),
            ("InvalidKeyPair.Duplicate", ErrorClass::AlreadyExists),
            ("DBInstanceAlreadyExists", ErrorClass::AlreadyExists),
            ("InternalFailure", ErrorClass::Unavailable),
            ("InvalidParameterValue", ErrorClass::Rejected { field: None }),
            ("SomethingNew", ErrorClass::Unexpected),
        ] {
            assert_eq!(class(code, ""), expected, "{code}");
        }
    }

    #[test]
    fn a_missing_permission_is_named() {
        let said =
            "User: arn:aws:iam::1:user/x is not authorized to perform: rds:CreateDBInstance on resource: *";
        assert_eq!(permission(said).as_deref(), Some("rds:CreateDBInstance"));
        assert_eq!(permission("no"), None);
    }

    #[test]
    fn a_refusal_names_the_permission_and_the_statement_that_grants_it() {
        let message =
            "User: arn:aws:iam::1:user/x is not authorized to perform: rds:CreateDBInstance on resource: *";
        let permission = permission(message);
        let error = refused(
            "creating database/main (CreateDBInstance)".to_owned(),
            permission,
            ("AccessDenied", message),
        );
        assert!(error.said.contains("lack the permission rds:CreateDBInstance"), "{error}");
        let hint = "allow what the statement `Database` of loadline plan --permissions grants";
        assert_eq!(error.hint.as_deref(), Some(hint));
        assert_eq!(
            error.class,
            ErrorClass::NotAllowed { permission: Some("rds:CreateDBInstance".to_owned()) }
        );
    }

    #[test]
    fn a_refusal_that_names_no_permission_is_told_by_its_call() {
        let message =
            "You are not authorized to perform this operation. Encoded authorization failure message: Zm9v";
        let error =
            refused("creating subnet/a (CreateSubnet)".to_owned(), None, ("UnauthorizedOperation", message));
        assert!(error.said.contains("ec2:CreateSubnet") && !error.said.contains("Zm9v"), "{error}");
        let hint = error.hint.unwrap();
        assert!(hint.contains("`Ec2Make` and `Ec2Use`"), "{hint}");
        // Elsewhere the service is not known: nothing is guessed.
        let error = refused("looking (ListTopics)".to_owned(), None, ("AccessDenied", "no"));
        assert_eq!(error.class, ErrorClass::NotAllowed { permission: None });
    }

    #[test]
    fn what_no_plan_needs_is_said_to_be_so() {
        let error =
            refused("looking".to_owned(), Some("ec2:DescribeTags".to_owned()), ("AccessDenied", "no"));
        assert!(error.hint.unwrap().contains("no plan needs it"));
    }
}
