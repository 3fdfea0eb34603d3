"""What AWS says when it refuses: the code that each service uses for each kind of refusal."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Refusal(Exception):
    """An answer that is an error: the code as the service spells it, the sentence, the HTTP status."""

    code: str
    message: str
    status: int = 400

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


@dataclass
class Spelling:
    """How one service spells the refusals that any service can give."""

    unknown: str
    missing: str
    value: str
    throttle: tuple[str, int]
    internal: tuple[str, int]
    deny: tuple[str, int]
    expired: tuple[str, int]
    quota: str


# Sources: "Error codes for the Amazon EC2 API"; the "Common errors" page of each service's API reference.
_EC2 = Spelling(
    unknown="UnknownParameter",
    missing="MissingParameter",
    value="InvalidParameterValue",
    throttle=("RequestLimitExceeded", 503),
    internal=("InternalError", 500),
    deny=("UnauthorizedOperation", 403),
    expired=("RequestExpired", 400),
    quota="ResourceLimitExceeded",
)
_JSON = Spelling(
    unknown="SerializationException",
    missing="ValidationException",
    value="ValidationException",
    throttle=("ThrottlingException", 400),
    internal=("InternalServerError", 500),
    deny=("AccessDeniedException", 400),
    expired=("ExpiredTokenException", 400),
    quota="LimitExceededException",
)


def _query(unknown: str, missing: str, value: str, quota: str) -> Spelling:
    return Spelling(
        unknown=unknown,
        missing=missing,
        value=value,
        throttle=("Throttling", 400),
        internal=("InternalFailure", 500),
        deny=("AccessDenied", 403),
        expired=("ExpiredToken", 403),
        quota=quota,
    )


_COMMON_QUERY = _query("ValidationError", "ValidationError", "ValidationError", "LimitExceeded")
_SPELLINGS = {
    "ec2": _EC2,
    "rds": _query("InvalidParameterValue", "MissingParameter", "InvalidParameterValue", "QuotaExceeded"),
    "elasticache": _query("InvalidParameterValue", "MissingParameter", "InvalidParameterValue", "QuotaExceeded"),
    "sns": _query("InvalidParameter", "InvalidParameter", "InvalidParameter", "TopicLimitExceeded"),
    "cloudwatch": _query("ValidationError", "MissingParameter", "ValidationError", "LimitExceeded"),
}

_QUOTAS = {
    "AllocateAddress": "AddressLimitExceeded",
    "CreateAutoScalingGroup": "LimitExceeded",
    "CreateCacheCluster": "NodeQuotaForCustomerExceeded",
    "CreateDBInstance": "InstanceQuotaExceeded",
    "CreateInternetGateway": "InternetGatewayLimitExceeded",
    "CreateLoadBalancer": "TooManyLoadBalancers",
    "CreateNatGateway": "NatGatewayLimitExceeded",
    "CreateReplicationGroup": "NodeQuotaForCustomerExceeded",
    "CreateRouteTable": "RouteTableLimitExceeded",
    "CreateSecurityGroup": "SecurityGroupLimitExceeded",
    "CreateSubnet": "SubnetLimitExceeded",
    "CreateTargetGroup": "TooManyTargetGroups",
    "CreateVpc": "VpcLimitExceeded",
    "RunInstances": "VcpuLimitExceeded",
}


# Where permissions do not begin with botocore's name of the service (Service Authorization Reference).
_PERMISSION_PREFIXES = {"elbv2": "elasticloadbalancing", "service-quotas": "servicequotas"}


def spelling(service: str, protocol: str) -> Spelling:
    """How that service spells it."""
    if service in _SPELLINGS:
        return _SPELLINGS[service]
    return _COMMON_QUERY if protocol in ("query", "rest-xml") else _JSON


def injected(kind: str, service: str, operation: str, protocol: str) -> Refusal:
    """The refusal that a fault of that kind is answered with."""
    spelled = spelling(service, protocol)
    if kind == "throttle":
        code, status = spelled.throttle
        return Refusal(code, "Rate exceeded", status)
    if kind == "500":
        code, status = spelled.internal
        return Refusal(code, "An internal error has occurred", status)
    if kind == "deny":
        code, status = spelled.deny
        permission = f"{_PERMISSION_PREFIXES.get(service, service)}:{operation}"
        said = f"User: arn:aws:iam::123456789012:user/double is not authorized to perform: {permission} on resource: *"
        return Refusal(code, f"{said} because no identity-based policy allows the {permission} action", status)
    if kind == "expired":
        code, status = spelled.expired
        return Refusal(code, "The security token included in the request is expired", status)
    if kind == "quota":
        code = _QUOTAS.get(operation, spelled.quota)
        return Refusal(code, f"The maximum number of these has been reached ({operation}).")
    if kind == "capacity":
        full = {"rds": "InsufficientDBInstanceCapacity", "elasticache": "InsufficientCacheClusterCapacity"}
        return Refusal(
            full.get(service, "InsufficientInstanceCapacity"),
            "There is not enough capacity to fulfil your request.",
            500 if service == "ec2" else 400,
        )
    raise ValueError(f"no fault is called {kind}")
