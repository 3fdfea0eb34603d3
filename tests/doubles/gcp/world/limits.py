"""Quotas, and which regions and zones there are."""

from __future__ import annotations

from typing import Any

from .families import FAMILIES, Family, scope_of
from .refusals import invalid, over_quota
from .things import Thing, World

REGIONS = {
    "us-central1": "abcf", "europe-west1": "bcd", "us-east1": "bcd", "us-east4": "abc", "us-west1": "abc", "us-west2": "abc",
    "northamerica-northeast1": "abc", "southamerica-east1": "abc", "europe-west2": "abc", "europe-west3": "abc",
    "europe-west4": "abc", "europe-north1": "abc", "asia-south1": "abc", "asia-southeast1": "abc", "asia-east1": "abc",
    "asia-northeast1": "abc", "australia-southeast1": "abc",
}  # fmt: skip
# Limits that a test can lower; the figures are the double's choice, of the size that projects have.
PROJECT: dict[str, float] = {
    "NETWORKS": 15, "SUBNETWORKS": 275, "FIREWALLS": 200, "ROUTERS": 20, "STATIC_ADDRESSES": 21, "GLOBAL_INTERNAL_ADDRESSES": 5000,
    "INSTANCE_TEMPLATES": 300, "HEALTH_CHECKS": 450, "BACKEND_SERVICES": 150, "URL_MAPS": 60, "TARGET_HTTP_PROXIES": 60,
    "TARGET_HTTPS_PROXIES": 60, "FORWARDING_RULES": 150, "SSL_CERTIFICATES": 60, "IN_USE_ADDRESSES": 69,
    "CPUS_ALL_REGIONS": 4800,
}  # fmt: skip
REGION: dict[str, float] = {
    "CPUS": 2400, "DISKS_TOTAL_GB": 102400, "SSD_TOTAL_GB": 40960, "STATIC_ADDRESSES": 700, "IN_USE_ADDRESSES": 2400,
    "INSTANCES": 24000, "INSTANCE_GROUP_MANAGERS": 4000, "REGIONAL_INSTANCE_GROUP_MANAGERS": 4000, "INSTANCE_GROUPS": 4000,
    "AUTOSCALERS": 4000, "REGIONAL_AUTOSCALERS": 4000, "N2_CPUS": 2400, "N2D_CPUS": 2400, "C2_CPUS": 2400, "C2D_CPUS": 2400,
    "C3_CPUS": 2400, "T2D_CPUS": 2400, "T2A_CPUS": 2400,
    "HDB_TOTAL_GB": 40960,
}  # fmt: skip


def check_place(scope: str, where: str | None) -> None:
    """Refuses a region or zone that there is not."""
    if scope == "regions" and where not in REGIONS:
        raise invalid("region", where, "Unknown region.")
    if scope == "zones" and (where or "")[:-2] not in REGIONS:
        raise invalid("zone", where, "Unknown zone.")


def limit(world: World, metric: str, region: str | None) -> float:
    """How much there may be."""
    return float(world.quotas.get(metric, (REGION if region else PROJECT)[metric]))


def usage(world: World, project: str, metric: str, region: str | None) -> float:
    """How much there is: things of a family, or what the machines of a region are made of."""
    inside = f"projects/{project}/" + (f"regions/{region}/" if region else "")
    for family in FAMILIES.values():
        if family.quota == metric:
            return float(sum(place.startswith(inside) for place in world.of(family.name)))
    zones = f"projects/{project}/zones/" + (f"{region}-" if region else "")
    machines = [thing for place, thing in world.of("instances").items() if place.startswith(zones)]
    if metric == "CPUS_ALL_REGIONS":
        return float(sum(thing["_cpus"] for thing in machines))
    if metric == "INSTANCES":
        return float(len(machines))
    if metric.endswith("CPUS"):
        return float(sum(thing["_cpus"] for thing in machines if metric == thing["_metric"]))
    return 0.0


def count(world: World, family: Family, place: str) -> None:
    """Refuses one more of a family than the quota has."""
    if not family.quota:
        return
    scope, where = scope_of(place)
    region = where if scope == "regions" and family.quota in REGION else None
    most = limit(world, family.quota, region)
    if usage(world, place.split("/")[1], family.quota, region) + 1 > most:
        raise over_quota(family.quota, most, f"in region {region}" if region else "globally")


def quotas(world: World, project: str, region: str | None) -> list[Thing]:
    """All quotas of a region or of the project."""
    known: dict[str, Any] = REGION if region else PROJECT
    return [
        {"metric": metric, "limit": limit(world, metric, region), "usage": usage(world, project, metric, region)} for metric in known
    ]
