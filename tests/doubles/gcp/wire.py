"""Refusals and faults as each service puts them on the wire."""

from __future__ import annotations

import json
from typing import Any

from .world.things import Refusal

# Services with errors in the older form beside the newer one.
_OLDER = {"compute", "sqladmin"}
# The word for a status (google.rpc.Code), where the reason is not the word already.
_WORDS = {
    400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND", 409: "ALREADY_EXISTS",
    412: "FAILED_PRECONDITION", 429: "RESOURCE_EXHAUSTED", 500: "INTERNAL", 501: "UNIMPLEMENTED", 503: "UNAVAILABLE",
}  # fmt: skip
# What the double alone says: the cloud may take it, and nobody promised that it does.
NOT_DESCRIBED = "notDescribed"


def body(refused: Refusal, service: str) -> bytes:
    """An error as the service writes it."""
    error: dict[str, Any] = {"code": refused.status, "message": refused.message}
    info = refused.more.get("info")
    if service in _OLDER:
        domain = refused.more.get("domain", "global")
        error["errors"] = [{"message": refused.message, "domain": domain, "reason": refused.reason}]
    if service not in _OLDER or info or refused.status in (401, 429):
        error["status"] = refused.reason if refused.reason.isupper() else _WORDS[refused.status]
    if info:
        error["details"] = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", **info}]
    return json.dumps({"error": error}).encode()


def unauthenticated(why: str) -> Refusal:
    """A token that is old, or none: `ACCESS_TOKEN_EXPIRED` or `CREDENTIALS_MISSING`."""
    said = (
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid "
        "authentication credential."
    )
    info = {"reason": why, "domain": "googleapis.com", "metadata": {}}
    return Refusal(401, "authError", said, info=info)


def disabled(host: str, number: str) -> Refusal:
    """A service that the project does not use."""
    said = (
        f"{host} has not been used in project {number} before or it is disabled. Enable it by visiting "
        f"https://console.developers.google.com/apis/api/{host}/overview?project={number} then retry."
    )
    metadata = {"service": host, "consumer": f"projects/{number}", "activationUrl": "https://console.developers.google.com"}
    info = {"reason": "SERVICE_DISABLED", "domain": "googleapis.com", "metadata": metadata}
    return Refusal(403, "accessNotConfigured", said, domain="usageLimits", info=info)


def denied(service: str, host: str, permission: str, place: str) -> Refusal:
    """What the caller may not do."""
    if service == "compute":
        return Refusal(403, "forbidden", f"Required '{permission}' permission for '{place}'")
    if service == "sqladmin":
        return Refusal(403, "notAuthorized", "The client is not authorized to make this request.")
    info = {"reason": "IAM_PERMISSION_DENIED", "domain": host, "metadata": {"permission": permission, "resource": place}}
    return Refusal(403, "PERMISSION_DENIED", f"Permission '{permission}' denied on '//{host}/{place}'", info=info)


def throttled(service: str, host: str, nth: int) -> Refusal:
    """Too many calls: Compute Engine says so in two ways."""
    if service == "compute" and nth % 2:
        return Refusal(403, "rateLimitExceeded", "Rate Limit Exceeded", domain="usageLimits")
    said = f"Quota exceeded for quota metric 'Queries' and limit 'Queries per minute' of service '{host}'."
    info = {"reason": "RATE_LIMIT_EXCEEDED", "domain": "googleapis.com", "metadata": {"service": host}}
    return Refusal(429, "rateLimitExceeded", said, domain="usageLimits", info=info)


def over_quota(service: str, host: str) -> Refusal:
    """More than the project may have."""
    said = "Quota 'CPUS' exceeded.  Limit: 24.0 in region us-central1."
    if service == "compute":
        return Refusal(403, "quotaExceeded", said, domain="usageLimits")
    if service == "sqladmin":
        return Refusal(403, "instanceLimitExceeded", "The maximum number of instances for the project is reached.")
    info = {"reason": "QUOTA_EXCEEDED", "domain": host, "metadata": {"service": host}}
    return Refusal(429, "RESOURCE_EXHAUSTED", f"Quota limit 'InstancesPerRegion' of {host} has been exceeded.", info=info)


def no_capacity(service: str) -> Refusal:
    """Nothing left of it in the zone."""
    said = "The zone 'us-central1-a' does not have enough resources available to fulfill the request.  Try a different zone."
    return Refusal(503, "ZONE_RESOURCE_POOL_EXHAUSTED" if service == "compute" else "RESOURCE_EXHAUSTED", said)


def failed() -> Refusal:
    """Something broke at Google."""
    return Refusal(500, "backendError", "Internal error. Please try again or contact Google Support. (Code: '5F1A')")
