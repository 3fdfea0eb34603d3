"""Service Quotas beyond the VPC ones that moto has, with the defaults of a new account."""

from __future__ import annotations

import json
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.servicequotas.models import ServiceQuotasBackend
from moto.servicequotas.responses import ServiceQuotasResponse

# Service, code, name, value. Source: the "quotas" pages of each service's guide and of the AWS General Reference; vCPUs of a
# new account are 5 there, but 64 here, the figure an account in use commonly has: a test that wants less sets a fault.
QUOTAS = (
    ("ec2", "L-1216C47A", "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances", 64.0),
    ("ec2", "L-0263D0A3", "EC2-VPC Elastic IPs", 5.0),
    ("rds", "L-7B6409FD", "DB instances", 40.0),
    ("rds", "L-7ADDB58A", "Total storage for all DB instances", 100000.0),
    ("elasticache", "L-DFE45DF3", "Nodes per Region", 300.0),
    ("elasticloadbalancing", "L-53DA6B97", "Application Load Balancers per Region", 50.0),
    ("elasticloadbalancing", "L-B22855CB", "Target Groups per Region", 3000.0),
    ("autoscaling", "L-CDE20ADC", "Auto Scaling groups per region", 500.0),
)


def _row(region: str, service: str, code: str, name: str, value: float) -> dict[str, Any]:
    return {
        "ServiceCode": service,
        "ServiceName": service,
        "QuotaArn": f"arn:aws:servicequotas:{region}::{service}/{code}",
        "QuotaCode": code,
        "QuotaName": name,
        "Value": value,
        "Unit": "None",
        "Adjustable": True,
        "GlobalQuota": False,
    }


_defaults_of_moto = ServiceQuotasBackend.list_aws_default_service_quotas


def _defaults(self: ServiceQuotasBackend, service_code: str) -> list[dict[str, Any]]:
    rows = [_row(self.region_name, *quota) for quota in QUOTAS if quota[0] == service_code]
    return rows or _defaults_of_moto(self, service_code)


def _get(self: ServiceQuotasBackend, service_code: str, quota_code: str) -> dict[str, Any]:
    for row in _defaults(self, service_code):
        if row["QuotaCode"] == quota_code:
            return row
    raise JsonRESTError("NoSuchResourceException", f"no quota {quota_code} of {service_code}")


def _list(self: ServiceQuotasResponse) -> str:
    given = json.loads(self.body)
    return json.dumps({"Quotas": self.backend.list_aws_default_service_quotas(given["ServiceCode"])})


def _get_default(self: ServiceQuotasResponse) -> str:
    given = json.loads(self.body)
    return json.dumps({"Quota": self.backend.get_service_quota(given["ServiceCode"], given["QuotaCode"])})


def add() -> None:
    """Adds them to moto."""
    backend: Any = ServiceQuotasBackend
    backend.list_aws_default_service_quotas = _defaults
    backend.get_service_quota = _get
    responses: Any = ServiceQuotasResponse
    responses.list_service_quotas = _list
    responses.get_aws_default_service_quota = _get_default
