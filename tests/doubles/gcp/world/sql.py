"""Cloud SQL instances: made, changed, removed; one operation at a time."""

from __future__ import annotations

import copy
import re

from . import sqlrules
from .limits import REGIONS
from .patches import digest, merged
from .peering import leave, network_place
from .sqlrules import VERSIONS, wrong
from .sqlwork import BASE, SERVICE, begin, found, free, seen
from .things import Answer, Refusal, Request, Thing, World, method


@method("sql.instances.get")
def get(world: World, request: Request) -> Answer:
    """One of them."""
    world.look(SERVICE, request.place)
    return Answer(seen(world, found(world, request.place)))


@method("sql.instances.list")
def lists(world: World, request: Request) -> Answer:
    """All of a project."""
    inside = f"{request.place}/"
    for place in [it for it in world.of("sql") if it.startswith(inside)]:
        world.look(SERVICE, place)
    items = [seen(world, it) for place, it in world.of("sql").items() if place.startswith(inside)]
    return Answer({"kind": "sql#instancesList", "items": items}, "items")


@method("sql.instances.insert")
def insert(world: World, request: Request) -> Answer:
    """One more, or a copy of one."""
    body = copy.deepcopy(request.body)
    name = body.get("name", "")
    if not re.fullmatch(r"[a-z]([-a-z0-9]*[a-z0-9])?", name) or len(f"{request.project}:{name}") > 98:
        raise wrong(f"Invalid instance name ({name}): lower-case letters, digits and hyphens, with the project at most 98")
    place = f"{request.place}/{name}"
    if place in world.of("sql"):
        raise Refusal(409, "instanceAlreadyExists", "The Cloud SQL instance already exists.")
    if world.reserve_names and place in world.of("sqlNames"):
        said = "The Cloud SQL instance already exists. When you delete an instance, you can't reuse the name of the deleted instance until one week from the deletion date."
        raise Refusal(409, "instanceAlreadyExists", said)
    primary = _primary(world, request, body)
    body.setdefault("databaseVersion", "MYSQL_8_0" if primary is None else primary["databaseVersion"])
    body.setdefault("region", "us-central1" if primary is None else primary["region"])
    body["settings"] = sqlrules.filled(body.get("settings", {}), body["databaseVersion"], body["region"])
    sqlrules.check(world, body)
    _fill(world, request, place, body, primary)
    world.of("sql")[place] = body

    def undo() -> None:
        # It stays as it is and has to be removed (Cloud SQL documentation, "Troubleshoot", state FAILED).
        body["_failed"] = True

    return begin(world, request, place, "CREATE" if primary is None else "CREATE_REPLICA", undo=undo)


def _primary(world: World, request: Request, body: Thing) -> Thing | None:
    """What a replica is a copy of; it has to run with backups and a binary log (Cloud SQL documentation, "Create read replicas")."""
    name = body.get("masterInstanceName")
    if not name:
        return None
    primary = free(world, f"{request.place}/{name.rsplit(':', 1)[-1]}")
    backup = primary["settings"]["backupConfiguration"]
    if not (backup.get("enabled") and backup.get("binaryLogEnabled")):
        raise wrong("The master instance has to have backups and binary logging enabled")
    if body.get("databaseVersion", primary["databaseVersion"]) != primary["databaseVersion"]:
        raise wrong("A replica has the version of its master")
    body["masterInstanceName"] = f"{request.project}:{primary['name']}"
    return primary


def _fill(world: World, request: Request, place: str, body: Thing, primary: Thing | None) -> None:
    addresses = body["settings"]["ipConfiguration"]
    network, number = addresses.get("privateNetwork"), world.number() % 250 + 1
    shown = [{"type": "PRIVATE", "ipAddress": f"10.64.128.{number}"}] if network else []
    shown += [{"type": "PRIMARY", "ipAddress": f"192.0.2.{number}"}] if addresses["ipv4Enabled"] else []
    preference = body["settings"]["locationPreference"]
    root = body.pop("rootPassword", None)
    body |= {
        "kind": "sql#instance", "project": request.project, "backendType": "SECOND_GEN", "selfLink": BASE + place, "createTime": world.now(),
        "connectionName": f"{request.project}:{body['region']}:{body['name']}", "gceZone": preference["zone"], "ipAddresses": shown,
        "instanceType": "CLOUD_SQL_INSTANCE" if primary is None else "READ_REPLICA_INSTANCE", "etag": digest(body["settings"]),
        "databaseInstalledVersion": f"{body['databaseVersion']}", "maintenanceVersion": f"{body['databaseVersion']}.R20261001.00_00",
        "serviceAccountEmailAddress": f"p{world.project_number(request.project)}@gcp-sa-cloud-sql.iam.gserviceaccount.com",
        "_place": place, "_failed": False, "_restarting": False, "_network": network, "_users": {"root": {"host": "%", "password": root}},
    }  # fmt: skip
    if body["settings"]["availabilityType"] == "REGIONAL":
        body["secondaryGceZone"] = preference.get("secondaryZone") or f"{body['region']}-{REGIONS[body['region']][1]}"


@method("sql.instances.patch", "sql.instances.update")
def change(world: World, request: Request) -> Answer:
    """Some of it anew, or all settings."""
    place = request.place
    instance, body = free(world, place), copy.deepcopy(request.body)
    asked = body.get("settings", {})
    whole = request.id.endswith("update")
    version = instance["settings"]["settingsVersion"]
    if (whole or "settingsVersion" in asked) and asked.get("settingsVersion") != version:
        raise Refusal(412, "staleData", "The settingsVersion is not that of the instance: it has been changed since.")
    body.pop("rootPassword", None)
    wanted = merged(instance, {name: value for name, value in body.items() if not whole or name != "settings"})
    if whole:
        wanted["settings"] = sqlrules.filled(asked, instance["databaseVersion"], instance["region"])
    _check_change(instance, wanted)
    sqlrules.check(world, wanted)
    settings = wanted["settings"] = copy.deepcopy(wanted["settings"])
    settings["settingsVersion"] = str(int(version) + 1)
    if settings["availabilityType"] == "REGIONAL":
        wanted.setdefault("secondaryGceZone", f"{instance['region']}-{REGIONS[instance['region']][1]}")
    else:
        wanted.pop("secondaryGceZone", None)
    instance["_restarting"] = _restarts(instance["settings"], settings)
    wanted["_restarting"] = False

    def finish() -> None:
        instance.clear()
        instance.update(wanted)

    return begin(world, request, place, "UPDATE", finish)


def _check_change(old: Thing, new: Thing) -> None:
    for field in ("name", "region", "project", "masterInstanceName", "instanceType"):
        if old.get(field) != new.get(field):
            raise wrong(f"The field {field} cannot be changed")
    if new["databaseVersion"] not in VERSIONS or VERSIONS.index(new["databaseVersion"]) < VERSIONS.index(old["databaseVersion"]):
        raise wrong("The database version can only be raised")
    if int(new["settings"]["dataDiskSizeGb"]) < int(old["settings"]["dataDiskSizeGb"]):
        raise wrong("Disk size cannot be decreased")
    if new["settings"]["dataDiskType"] != old["settings"]["dataDiskType"]:
        raise wrong("The type of the disk cannot be changed")
    networks = [it["settings"]["ipConfiguration"].get("privateNetwork") for it in (old, new)]
    if networks[0] and networks[0] != networks[1]:
        raise wrong("The private network cannot be changed")


def _restarts(old: Thing, new: Thing) -> bool:
    def flags(settings: Thing) -> dict[str, str]:
        return {it["name"]: it["value"] for it in settings.get("databaseFlags", []) if it["name"] in sqlrules.RESTARTING}

    return any(old.get(name) != new.get(name) for name in ("tier", "availabilityType", "edition")) or flags(old) != flags(new)


@method("sql.instances.delete")
def delete(world: World, request: Request) -> Answer:
    """Removes it, with a last backup where that is asked for; its name stays taken for a week."""
    place = request.place
    instance = free(world, place)
    if instance["settings"]["deletionProtectionEnabled"]:
        said = "The instance is protected. Please disable the deletion protection and try again. To disable deletion protection, update the instance settings with deletionProtectionEnabled set to false."
        raise Refusal(400, "invalidRequest", said)
    if seen(world, instance).get("replicaNames"):
        raise wrong("The instance cannot be deleted while it has replicas. Delete the replicas first")
    final = instance["settings"].get("finalBackupConfig", {})
    wants = request.flag("enableFinalBackup") or (final.get("enabled") and request.asked("enableFinalBackup") != "false")

    def finish() -> None:
        if wants and not instance.get("masterInstanceName"):
            days = int(request.asked("finalBackupTtlDays") or final.get("retentionDays", 30))
            keep(world, instance, "FINAL", request.asked("finalBackupDescription"), days)
        del world.of("sql")[place]
        world.of("sqlNames")[place] = {"name": place}
        leave(world, instance["_network"] and network_place(world, instance["_network"]))

    return begin(world, request, place, "DELETE", finish)


def keep(world: World, instance: Thing, kind: str, description: str, days: int | None) -> Thing:
    """A backup."""
    id = str(1_700_000_000_000 + world.number())
    place = f"projects/{instance['project']}/backups/{id}"
    made: Thing = {
        "kind": "sql#backup", "name": place, "type": kind, "state": "SUCCESSFUL", "description": description, "location": "us",
        "instance": f"projects/{instance['project']}/instances/{instance['name']}", "selfLink": BASE + place, "backupKind": "SNAPSHOT",
        "databaseVersion": instance["databaseVersion"], "_id": id, "_at": world.now(),
    }  # fmt: skip
    if days:
        made |= {"expiryTime": f"2026-{2 + days // 31 % 10:02d}-01T00:00:00Z"}
    if kind == "FINAL":
        made["instanceDeletionTime"] = world.now()
    world.of("backups")[place] = made
    return made
