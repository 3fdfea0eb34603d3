"""What is sold: sizes, images, database options, and what the account may have."""

from __future__ import annotations

import re

from .things import REGIONS, Answer, Request, Thing, World, missing, path

# GB of disk for each GB of memory, roughly; what counts for a test is that figures differ.
_MACHINES = {
    "s": ["1vcpu-1gb", "1vcpu-2gb", "2vcpu-2gb", "2vcpu-4gb", "4vcpu-8gb", "8vcpu-16gb"],
    "c": ["2", "4", "8", "16", "32", "48"],
    "g": ["2vcpu-8gb", "4vcpu-16gb", "8vcpu-32gb", "16vcpu-64gb", "32vcpu-128gb"],
    "m": ["2vcpu-16gb", "4vcpu-32gb", "8vcpu-64gb", "16vcpu-128gb"],
}
_NODES = ["1vcpu-1gb", "1vcpu-2gb", "2vcpu-4gb", "4vcpu-8gb", "6vcpu-16gb", "8vcpu-32gb", "16vcpu-64gb"]
IMAGES = {"ubuntu-22-04-x64": "22.04 (LTS) x64", "ubuntu-24-04-x64": "24.04 (LTS) x64"}


def sizes() -> dict[str, Thing]:
    """Sizes of machines by slug."""
    found = {}
    for family, names in _MACHINES.items():
        for name in names:
            numbers = [int(number) for number in re.findall(r"\d+", name)]
            vcpus, memory_gb = numbers[0], numbers[1] if len(numbers) > 1 else 2 * numbers[0]
            found[f"{family}-{name}"] = {
                "slug": f"{family}-{name}", "memory": memory_gb * 1024, "vcpus": vcpus, "disk": 25 * vcpus,
                "transfer": 1.0, "price_monthly": 21.0 * vcpus, "price_hourly": 0.03125 * vcpus,
                "regions": [region for region in REGIONS if (family, region) != ("m", "syd1")],
                "available": True, "description": family,
            }  # fmt: skip
    return found


def image(number: int, slug: str) -> Thing:
    """An image as machines and lists show it."""
    return {
        "id": number, "name": IMAGES[slug], "type": "base", "distribution": "Ubuntu", "slug": slug, "public": True,
        "regions": [region for region in REGIONS], "created_at": "2026-01-01T00:00:00Z", "min_disk_size": 7,
        "size_gigabytes": 0.6, "description": "", "tags": [], "status": "available",
    }  # fmt: skip


def layouts() -> dict[int, list[str]]:
    """Sizes of cluster nodes by the number of nodes; the smallest takes no standby."""
    families = ["db-s", "db-intel", "db-amd"]
    every = [f"{family}-{name}" for family in families for name in _NODES]
    every += [f"{family}-{name}" for family in ("m", "so1_5") for name in _MACHINES["m"]]
    every += [f"so1_5-{name}" for name in ("24vcpu-192gb", "32vcpu-256gb")]
    return {1: every, **{nodes: [name for name in every if not name.endswith("-1vcpu-1gb")] for nodes in (2, 3)}}


@path("GET", "/v2/account")
def account(world: World, request: Request) -> Answer:
    """Whose the token is."""
    return Answer(200, {"account": {
        "droplet_limit": world.droplet_limit, "floating_ip_limit": 5, "email": "ops@example.org", "name": "ops",
        "uuid": "b6fr89dbf6d9156cace5f3c78dc9851d957381ef", "email_verified": True, "status": "active",
        "status_message": "",
    }})  # fmt: skip


@path("GET", "/v2/sizes")
def all_sizes(world: World, request: Request) -> Answer:
    """All sizes."""
    return Answer(200, {"sizes": list(sizes().values())}, listed="sizes")


@path("GET", "/v2/images/{}")
def one_image(world: World, request: Request) -> Answer:
    """One image by its slug."""
    if request.ids[0] not in IMAGES:
        raise missing()
    return Answer(200, {"image": image(200_000_001, request.ids[0])})


@path("GET", "/v2/databases/options")
def options(world: World, request: Request) -> Answer:
    """Engines, versions and sizes."""

    def engine(versions: list[str]) -> Thing:
        shown = [{"num_nodes": nodes, "sizes": names} for nodes, names in layouts().items()]
        return {"regions": list(REGIONS), "versions": versions, "layouts": shown}

    return Answer(200, {"options": {"mysql": engine(["8"]), "valkey": engine(["8"])}, "version_availability": {}})
