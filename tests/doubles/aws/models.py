"""Which service and operation a request is for, as botocore's service models describe them."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import botocore.loaders
from botocore.model import OperationModel, ServiceModel

# Name in a credential scope -> name of botocore's model. Other services pass unchecked.
SIGNING_NAMES = {
    "acm": "acm",
    "autoscaling": "autoscaling",
    "backup": "backup",
    "ec2": "ec2",
    "elasticache": "elasticache",
    "elasticloadbalancing": "elbv2",
    "iam": "iam",
    "kms": "kms",
    "logs": "logs",
    "monitoring": "cloudwatch",
    "rds": "rds",
    "secretsmanager": "secretsmanager",
    "servicequotas": "service-quotas",
    "sns": "sns",
    "ssm": "ssm",
    "sts": "sts",
    "tagging": "resourcegroupstaggingapi",
}

READING = ("Describe", "Get", "List", "Lookup", "Search", "Test", "Validate", "Simulate", "BatchGet", "Assume")

# What AWS takes where a call says nothing, and shows ever after; moto shows nothing.
ASSUMED: dict[tuple[str, str], dict[str, Any]] = {
    ("elbv2", "CreateLoadBalancer"): {"Scheme": "internet-facing", "Type": "application", "IpAddressType": "ipv4"},
}

_loader = botocore.loaders.Loader()


@dataclass(frozen=True)
class Pages:
    """How a list call is paged: the names of the members that botocore's paginator uses."""

    input_token: str
    output_token: str
    limit_key: str | None
    result_keys: tuple[str, ...]


@functools.cache
def service(name: str) -> ServiceModel:
    """The model of a service by botocore's name."""
    return ServiceModel(_loader.load_service_model(name, "service-2"), name)


def operation(service_name: str, name: str) -> OperationModel | None:
    """The model of an operation; `None`: the service has none of that name."""
    model = service(service_name)
    return model.operation_model(name) if name in model.operation_names else None


def protocols(service_name: str) -> list[str]:
    """Every protocol that the service speaks, the preferred one first."""
    metadata: dict[str, Any] = service(service_name).metadata
    return list(metadata.get("protocols") or [metadata["protocol"]])


def protocol_to_moto(service_name: str) -> str:
    """The protocol in which moto is asked: it speaks no CBOR."""
    spoken = [protocol for protocol in protocols(service_name) if protocol != "smithy-rpc-v2-cbor"]
    return "query" if "query" in spoken else spoken[0]


@functools.cache
def _paginators(service_name: str) -> dict[str, Any]:
    try:
        return dict(_loader.load_service_model(service_name, "paginators-1")["pagination"])
    except botocore.exceptions.UnknownServiceError:
        return {}


@functools.cache
def pages(service_name: str, operation_name: str) -> Pages | None:
    """How an operation is paged; `None`: it is not, or by more than one token, which no call of ours is."""
    found = _paginators(service_name).get(operation_name)
    if not found or not isinstance(found["input_token"], str):
        return None
    keys = found["result_key"]
    keys = [keys] if isinstance(keys, str) else keys
    if any("." in key for key in [*keys, found["output_token"]]):
        return None
    return Pages(found["input_token"], found["output_token"], found.get("limit_key"), tuple(keys))


def writes(operation_name: str) -> bool:
    """Whether an operation can change something."""
    return not operation_name.startswith(READING)
