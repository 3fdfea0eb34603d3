"""Secret Manager: secrets and their versions. Answers name the project by its number, as Google's do."""

from __future__ import annotations

import base64
import re

from .caches import wrong
from .limits import REGIONS
from .lro import mask
from .machines import check_labels
from .patches import digest
from .refusals import precondition
from .things import Answer, Refusal, Request, Thing, World, method

_MOST_BYTES = 65_536
_POLYNOMIAL = 0x82F63B78


def crc32c(data: bytes) -> int:
    """The checksum that the service takes and gives (RFC 3720, Castagnoli)."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (_POLYNOMIAL if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def _place(world: World, place: str) -> str:
    """A place with the project's id, whichever it was named by."""
    parts = place.split("/")
    return "/".join([parts[0], world.project_id(parts[1]), *parts[2:]])


def _shown(world: World, secret: Thing) -> Thing:
    shown = {name: value for name, value in secret.items() if not name.startswith("_")}
    parts = secret["name"].split("/")
    return {**shown, "name": "/".join([parts[0], world.project_number(parts[1]), *parts[2:]])}


def _secret(world: World, place: str) -> Thing:
    found = world.of("secrets").get(_place(world, place))
    if not found:
        raise Refusal(404, "NOT_FOUND", f"Secret [{place}] not found.")
    return found


@method("secretmanager.projects.secrets.create")
def create(world: World, request: Request) -> Answer:
    """One more, with nothing in it yet."""
    id = request.asked("secretId")
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,255}", id):
        raise wrong(f"secret_id: '{id}' is not 1 to 255 letters, digits, hyphens and underscores")
    place = _place(world, f"{request.place}/{id}")
    if place in world.of("secrets"):
        raise Refusal(409, "ALREADY_EXISTS", f"Secret [{place}] already exists.")
    replication = request.body.get("replication", {})
    if len(replication) != 1:
        raise wrong("replication: is automatic or user-managed")
    replicas = replication.get("userManaged", {"replicas": [{"location": "us-central1"}]}).get("replicas", [])
    if not replicas or any(it.get("location") not in REGIONS for it in replicas):
        raise wrong("replication.user_managed.replicas: takes one known location at least")
    check_labels("labels", request.body.get("labels", {}))
    made: Thing = {**request.body, "name": place, "createTime": world.now()}
    made["etag"] = digest(made)
    world.of("secrets")[place] = made
    return Answer(_shown(world, made))


@method("secretmanager.projects.secrets.get")
def get(world: World, request: Request) -> Answer:
    """One of them."""
    return Answer(_shown(world, _secret(world, request.place)))


@method("secretmanager.projects.secrets.list")
def lists(world: World, request: Request) -> Answer:
    """All of a project."""
    inside = f"{_place(world, request.place)}/"
    items = [_shown(world, it) for place, it in world.of("secrets").items() if place.startswith(inside)]
    return Answer({"secrets": items, **({} if request.asked("filter") else {"totalSize": len(items)})}, "secrets")


@method("secretmanager.projects.secrets.patch")
def patch(world: World, request: Request) -> Answer:
    """Other labels and suchlike."""
    secret = _secret(world, request.place)
    if request.body.get("etag") not in (None, secret["etag"]):
        raise precondition("The etag provided does not match the stored etag.")
    for field in mask(request, {"labels", "annotations", "topics", "rotation", "versionAliases", "versionDestroyTtl"}):
        name = field.split(".")[0]
        secret[name] = request.body.get(name, {})
    check_labels("labels", secret.get("labels", {}))
    secret["etag"] = digest({**secret, "etag": world.number()})
    return Answer(_shown(world, secret))


@method("secretmanager.projects.secrets.delete")
def delete(world: World, request: Request) -> Answer:
    """Removes it with all its versions."""
    secret = _secret(world, request.place)
    if request.asked("etag") not in ("", secret["etag"]):
        raise precondition("The etag provided does not match the stored etag.")
    del world.of("secrets")[secret["name"]]
    for place in [it for it in world.of("secretVersions") if it.startswith(f"{secret['name']}/")]:
        del world.of("secretVersions")[place]
    return Answer({})


@method("secretmanager.projects.secrets.addVersion")
def add(world: World, request: Request) -> Answer:
    """What it holds from now on."""
    secret = _secret(world, request.place.removesuffix(":addVersion"))
    payload = request.body.get("payload", {})
    data = base64.b64decode(payload.get("data", ""))
    if not data or len(data) > _MOST_BYTES:
        raise wrong(f"payload.data: is from 1 to {_MOST_BYTES} bytes")
    if payload.get("dataCrc32c") not in (None, str(crc32c(data))):
        raise wrong("payload.data_crc32c: does not fit the data")
    count = sum(place.startswith(f"{secret['name']}/versions/") for place in world.of("secretVersions"))
    made: Thing = {"name": f"{secret['name']}/versions/{count + 1}", "createTime": world.now(), "state": "ENABLED", "_data": payload["data"]}
    replicas = secret["replication"].get("userManaged", {}).get("replicas")
    made["replicationStatus"] = {"userManaged": {"replicas": replicas}} if replicas else {"automatic": {}}
    made["clientSpecifiedPayloadChecksum"] = "dataCrc32c" in payload
    made["etag"] = digest(made)
    world.of("secretVersions")[made["name"]] = made
    return Answer(_shown(world, made))


def _version(world: World, place: str) -> Thing:
    home, _, number = _place(world, place).rpartition("/")
    _secret(world, home.removesuffix("/versions"))
    versions = {name: it for name, it in world.of("secretVersions").items() if name.startswith(f"{home}/")}
    found = list(versions.values())[-1:] if number == "latest" else [it for name, it in versions.items() if name == f"{home}/{number}"]
    if not found:
        raise Refusal(404, "NOT_FOUND", f"Secret Version [{place}] not found.")
    return found[0]


@method("secretmanager.projects.secrets.versions.access")
def access(world: World, request: Request) -> Answer:
    """What a version holds."""
    version = _version(world, request.place.removesuffix(":access"))
    if version["state"] != "ENABLED":
        raise precondition(f"Secret Version [{version['name']}] is in {version['state']} state.")
    payload = {"data": version["_data"], "dataCrc32c": str(crc32c(base64.b64decode(version["_data"])))}
    return Answer({"name": _shown(world, version)["name"], "payload": payload})


@method("secretmanager.projects.secrets.versions.get")
def get_version(world: World, request: Request) -> Answer:
    """One version, without what it holds."""
    return Answer(_shown(world, _version(world, request.place)))


@method("secretmanager.projects.secrets.versions.list")
def versions(world: World, request: Request) -> Answer:
    """All versions, newest first, without what they hold."""
    secret = _secret(world, request.place.removesuffix("/versions"))
    found = [it for place, it in world.of("secretVersions").items() if place.startswith(f"{secret['name']}/")]
    return Answer({"versions": [_shown(world, it) for it in found], "totalSize": len(found)}, "versions", newest=True)


@method(*[f"secretmanager.projects.secrets.versions.{verb}" for verb in ("enable", "disable", "destroy")])
def state(world: World, request: Request) -> Answer:
    """Lets it be read again, or not, or never."""
    place, _, verb = request.place.rpartition(":")
    version = _version(world, place)
    if version["state"] == "DESTROYED":
        raise precondition(f"Secret Version [{version['name']}] is in DESTROYED state.")
    version["state"] = {"enable": "ENABLED", "disable": "DISABLED", "destroy": "DESTROYED"}[verb]
    if verb == "destroy":
        version |= {"_data": "", "destroyTime": world.now()}
    return Answer(_shown(world, version))
