"""What is sold and known in a region: machine types, images, zones, regions, the project itself."""

from __future__ import annotations

from functools import lru_cache

from . import limits
from .families import url
from .refusals import missing
from .things import Answer, Request, Thing, World, method

# Families without a quota of their own in the API count against none that a region shows (Compute Engine documentation, "Allocation quotas").
# GiB for each vCPU by shape, and the counts of vCPUs of each family (Compute Engine documentation, machine families). What counts for
# a test is that figures differ.
_SHAPES = {"standard": 4.0, "highcpu": 1.0, "highmem": 8.0}
_FAMILIES: dict[str, tuple[str, list[int], str]] = {
    "e2": ("standard highcpu highmem", [2, 4, 8, 16, 32], "CPUS"),
    "n1": ("standard highcpu highmem", [1, 2, 4, 8, 16, 32, 64], "CPUS"),
    "n2": ("standard highcpu highmem", [2, 4, 8, 16, 32, 48, 64, 80], "N2_CPUS"),
    "n2d": ("standard highcpu highmem", [2, 4, 8, 16, 32, 48, 64, 80], "N2D_CPUS"),
    "n4": ("standard highcpu highmem", [2, 4, 8, 16, 32, 48, 64, 80], ""),
    "c2": ("standard", [4, 8, 16, 30, 60], "C2_CPUS"),
    "c2d": ("standard highcpu highmem", [2, 4, 8, 16, 32, 56, 112], "C2D_CPUS"),
    "c3": ("standard highcpu highmem", [4, 8, 22, 44, 88, 176], "C3_CPUS"),
    "c3d": ("standard highcpu highmem", [4, 8, 16, 30, 60, 90], ""),
    "c4": ("standard highcpu highmem", [2, 4, 8, 16, 24, 32, 48, 96], ""),
    "c4a": ("standard highcpu highmem", [1, 2, 4, 8, 16, 32, 48, 64, 72], ""),
    "c4d": ("standard highcpu highmem", [2, 4, 8, 16, 32, 48, 64, 96], ""),
    "t2d": ("standard", [1, 2, 4, 8, 16, 32, 48, 60], "T2D_CPUS"),
    "t2a": ("standard", [1, 2, 4, 8, 16, 32, 48], "T2A_CPUS"),
}
_ARM = {"t2a", "c4a"}
# Families with twice the memory in the shape `highcpu` (Compute Engine documentation, "Compute-optimized machine family").
_TWICE = {"c2d", "c3", "c3d", "c4", "c4a", "c4d", "n4"}
_SHARED = {"e2-micro": (2, 1024), "e2-small": (2, 2048), "e2-medium": (2, 4096), "f1-micro": (1, 614), "g1-small": (1, 1740)}
IMAGES = {
    "ubuntu-2204-lts": "X86_64", "ubuntu-2204-lts-arm64": "ARM64", "ubuntu-2404-lts-amd64": "X86_64",
    "ubuntu-2404-lts-arm64": "ARM64", "ubuntu-2604-lts-amd64": "X86_64", "ubuntu-2604-lts-arm64": "ARM64",
}  # fmt: skip


@lru_cache
def types() -> dict[str, tuple[int, int, str]]:
    """Machine types: vCPUs, MB, and the quota they count against."""
    found: dict[str, tuple[int, int, str]] = {name: (cpus, mb, "CPUS") for name, (cpus, mb) in _SHARED.items()}
    for family, (shapes, counts, quota) in _FAMILIES.items():
        for shape in shapes.split():
            each = _SHAPES[shape] * (2 if shape == "highcpu" and family in _TWICE else 1)
            for cpus in counts:
                found[f"{family}-{shape}-{cpus}"] = (cpus, int(cpus * each * 1024), quota)
    return found


def sold_in(world: World, zone: str) -> list[str]:
    """Names of the machine types of a zone; in the last zone of a region there are no Arm machines."""
    letters = limits.REGIONS.get(zone[:-2], "")
    names = [it for it in types() if it not in world.unsold and f"{zone}/{it}" not in world.unsold]
    return [it for it in names if it.split("-")[0] not in _ARM or not zone.endswith(letters[-1])]


def _type(place: str, name: str, zone: str) -> Thing:
    cpus, mb, _ = types()[name]
    return {
        "kind": "compute#machineType", "id": str(1_000_000 + sorted(types()).index(name)), "name": name, "guestCpus": cpus,
        "creationTimestamp": "1969-12-31T16:00:00.000-08:00", "memoryMb": mb, "zone": zone, "isSharedCpu": name in _SHARED,
        "description": f"{cpus} vCPUs, {mb // 1024} GB RAM", "maximumPersistentDisks": 128, "imageSpaceGb": 0,
        "maximumPersistentDisksSizeGb": "263168", "architecture": "ARM64" if name.split("-")[0] in _ARM else "X86_64",
        "selfLink": url(place),
    }  # fmt: skip


@method("compute.machineTypes.get")
def machine_type(world: World, request: Request) -> Answer:
    """One machine type of a zone."""
    zone, name = request.path["zone"], request.path["machineType"]
    limits.check_place("zones", zone)
    if name not in sold_in(world, zone):
        raise missing(request.place)
    return Answer(_type(request.place, name, zone))


@method("compute.machineTypes.list")
def machine_types(world: World, request: Request) -> Answer:
    """All machine types of a zone."""
    zone = request.path["zone"]
    limits.check_place("zones", zone)
    items = [_type(f"{request.place}/{name}", name, zone) for name in sold_in(world, zone)]
    return Answer({"kind": "compute#machineTypeList", "id": request.place, "selfLink": url(request.place), "items": items}, "items")


@method("compute.machineTypes.aggregatedList")
def every_machine_type(world: World, request: Request) -> Answer:
    """All machine types of all zones."""
    items = {}
    for region, letters in limits.REGIONS.items():
        for zone in [f"{region}-{letter}" for letter in letters]:
            home = f"projects/{request.project}/zones/{zone}/machineTypes"
            items[f"zones/{zone}"] = {"machineTypes": [_type(f"{home}/{name}", name, zone) for name in sold_in(world, zone)]}
    body = {"kind": "compute#machineTypeAggregatedList", "id": request.place, "selfLink": url(request.place), "items": items}
    return Answer(body, "items")


def image_at(place: str) -> str | None:
    """The family that an image or a family of images means."""
    parts = place.split("/")
    if parts[:4] != ["projects", "ubuntu-os-cloud", "global", "images"]:
        return None
    name = parts[-1]
    if parts[4] == "family":
        return name if name in IMAGES else None
    return next((family for family in IMAGES if name == f"{family}-v20261101"), None)


@method("compute.images.getFromFamily", "compute.images.get")
def image(world: World, request: Request) -> Answer:
    """The newest image of a family, or an image by its name."""
    family = image_at(request.place)
    if family is None:
        raise missing(request.place)
    name = f"{family}-v20261101"
    place = f"projects/ubuntu-os-cloud/global/images/{name}"
    return Answer({
        "kind": "compute#image", "id": str(7_000_000 + list(IMAGES).index(family)), "name": name, "family": family,
        "creationTimestamp": "2026-11-01T00:00:00.000-08:00", "status": "READY", "diskSizeGb": "10", "sourceType": "RAW",
        "archiveSizeBytes": "1000000000", "architecture": IMAGES[family], "selfLink": url(place),
    })  # fmt: skip


def _zone(project: str, name: str) -> Thing:
    home = f"projects/{project}"
    return {
        "kind": "compute#zone", "id": str(2000 + sum(name.encode())), "name": name, "description": name, "status": "UP",
        "creationTimestamp": "1969-12-31T16:00:00.000-08:00", "region": url(f"{home}/regions/{name[:-2]}"),
        "selfLink": url(f"{home}/zones/{name}"), "availableCpuPlatforms": ["AMD Milan", "Intel Ice Lake"],
    }  # fmt: skip


@method("compute.zones.get")
def zone(world: World, request: Request) -> Answer:
    """One zone."""
    name = request.path["zone"]
    if name[-1:] not in limits.REGIONS.get(name[:-2], "-"):
        raise missing(request.place)
    return Answer(_zone(request.project, name))


@method("compute.zones.list")
def zones(world: World, request: Request) -> Answer:
    """All zones."""
    items = [_zone(request.project, f"{region}-{it}") for region, letters in limits.REGIONS.items() for it in letters]
    return Answer({"kind": "compute#zoneList", "id": request.place, "selfLink": url(request.place), "items": items}, "items")


def _region(world: World, project: str, name: str) -> Thing:
    home = f"projects/{project}"
    return {
        "kind": "compute#region", "id": str(1000 + list(limits.REGIONS).index(name)), "name": name, "description": name,
        "creationTimestamp": "1969-12-31T16:00:00.000-08:00", "status": "UP", "selfLink": url(f"{home}/regions/{name}"),
        "zones": [url(f"{home}/zones/{name}-{letter}") for letter in limits.REGIONS[name]],
        "quotas": limits.quotas(world, project, name),
    }  # fmt: skip


@method("compute.regions.get")
def region(world: World, request: Request) -> Answer:
    """One region, with its quotas."""
    if request.path["region"] not in limits.REGIONS:
        raise missing(request.place)
    return Answer(_region(world, request.project, request.path["region"]))


@method("compute.regions.list")
def regions(world: World, request: Request) -> Answer:
    """All regions."""
    items = [_region(world, request.project, name) for name in limits.REGIONS]
    return Answer({"kind": "compute#regionList", "id": request.place, "selfLink": url(request.place), "items": items}, "items")


@method("compute.projects.get")
def project(world: World, request: Request) -> Answer:
    """The project, with its quotas."""
    number = world.project_number(request.project)
    return Answer({
        "kind": "compute#project", "id": str(int(number) * 7), "name": request.project, "selfLink": url(request.place),
        "creationTimestamp": "2020-01-01T00:00:00.000-08:00", "defaultServiceAccount": f"{number}-compute@developer.gserviceaccount.com",
        "defaultNetworkTier": "PREMIUM", "xpnProjectStatus": "UNSPECIFIED_XPN_PROJECT_STATUS",
        "quotas": limits.quotas(world, request.project, None),
    })  # fmt: skip
