"""What belongs to Cloud SQL instances: operations, backups, users; and what is known of flags and tiers."""

from __future__ import annotations

from collections.abc import Callable

from .limits import REGIONS
from .sql import keep
from .sqlrules import FLAGS, RESTARTING, VERSIONS, wrong
from .sqlwork import BASE, begin, found, free, show
from .things import Answer, Refusal, Request, Thing, World, method


@method("sql.operations.get")
def operation(world: World, request: Request) -> Answer:
    """One operation."""
    work = world.works.get(f"sqladmin/{request.place}")
    if work is None:
        raise Refusal(404, "operationDoesNotExist", "The Cloud SQL operation does not exist.")
    work.look()
    return Answer(show(world, work))


@method("sql.operations.list")
def operations(world: World, request: Request) -> Answer:
    """Operations of a project or of one instance, newest first; a look at each."""
    name = request.asked("instance")
    works = [it for it in world.works.values() if it.service == "sqladmin" and it.name.startswith(f"{request.place}/")]
    works = [it for it in works if not name or it.shown["targetId"] == name]
    for work in works:
        work.look()
    return Answer({"kind": "sql#operationsList", "items": [show(world, it) for it in works]}, "items", newest=True)


def keeps(world: World, instance: Thing, said: str, days: int | None) -> Callable[[], None]:
    """How a backup that was asked for comes about."""

    def finish() -> None:
        keep(world, instance, "ON_DEMAND", said, days)

    return finish


def drops(things: dict[str, Thing], name: str) -> Callable[[], None]:
    """How something that was to go goes."""

    def finish() -> None:
        things.pop(name, None)

    return finish


def _run(backup: Thing) -> Thing:
    """A backup as the list of one instance shows it."""
    _, project, _, name = backup["instance"].split("/")
    return {
        "kind": "sql#backupRun", "id": backup["_id"], "instance": name, "type": backup["type"], "status": backup["state"],
        "description": backup["description"], "location": backup["location"], "backupKind": "SNAPSHOT", "enqueuedTime": backup["_at"],
        "startTime": backup["_at"], "endTime": backup["_at"], "windowStartTime": backup["_at"],
        "selfLink": f"{BASE}projects/{project}/instances/{name}/backupRuns/{backup['_id']}", "databaseVersion": backup["databaseVersion"],
    }  # fmt: skip


def _instance(request: Request) -> str:
    return "/".join(request.place.split("/")[:4])


def _of(world: World, instance: str) -> list[Thing]:
    return [it for it in world.of("backups").values() if it["instance"] == instance and it["type"] != "FINAL"]


@method("sql.backupRuns.insert")
def back_up(world: World, request: Request) -> Answer:
    """A backup now."""
    place = _instance(request)
    instance = free(world, place)
    said = request.body.get("description", "")
    return begin(world, request, place, "BACKUP_VOLUME", finish=keeps(world, instance, said, None))


@method("sql.backupRuns.list")
def backups(world: World, request: Request) -> Answer:
    """Backups of an instance, newest first."""
    found(world, _instance(request))
    items = [_run(it) for it in _of(world, _instance(request))]
    return Answer({"kind": "sql#backupRunsList", "items": items}, "items", by="id", newest=True)


def _backup(world: World, request: Request) -> Thing:
    for it in _of(world, _instance(request)):
        if it["_id"] == request.path["id"]:
            return it
    raise Refusal(404, "backupRunDoesNotExist", "The backup run does not exist.")


@method("sql.backupRuns.get")
def backup(world: World, request: Request) -> Answer:
    """One backup of an instance."""
    return Answer(_run(_backup(world, request)))


@method("sql.backupRuns.delete")
def remove_run(world: World, request: Request) -> Answer:
    """Removes a backup of an instance."""
    place, name = _instance(request), _backup(world, request)["name"]
    free(world, place)
    return begin(world, request, place, "DELETE_VOLUME", finish=drops(world.of("backups"), name))


def _shown(backup: Thing) -> Thing:
    return {name: value for name, value in backup.items() if not name.startswith("_")}


@method("sql.Backups.CreateBackup")
def create_backup(world: World, request: Request) -> Answer:
    """A backup now, by the newer way."""
    name = request.body.get("instance", "").rsplit("/", 1)[-1]
    place = f"{request.place.removesuffix('/backups')}/instances/{name}"
    instance = free(world, place)
    said, days = request.body.get("description", ""), int(request.body.get("ttlDays", "0"))
    return begin(world, request, place, "BACKUP", finish=keeps(world, instance, said, days))


@method("sql.Backups.ListBackups")
def every_backup(world: World, request: Request) -> Answer:
    """Backups of a project, those of instances that are gone among them."""
    inside = f"{request.place}/"
    return Answer({"backups": [_shown(it) for place, it in world.of("backups").items() if place.startswith(inside)]}, "backups")


@method("sql.Backups.GetBackup")
def one_backup(world: World, request: Request) -> Answer:
    """One of them."""
    if request.place not in world.of("backups"):
        raise Refusal(404, "backupDoesNotExist", "The backup does not exist.")
    return Answer(_shown(world.of("backups")[request.place]))


@method("sql.Backups.DeleteBackup")
def remove_backup(world: World, request: Request) -> Answer:
    """Removes one of them."""
    kept = world.of("backups").get(request.place)
    if kept is None:
        raise Refusal(404, "backupDoesNotExist", "The backup does not exist.")
    return begin(world, request, kept["instance"], "DELETE_BACKUP", finish=drops(world.of("backups"), request.place))


def _user(place: str, name: str, user: Thing) -> Thing:
    _, project, _, instance = place.split("/")
    return {"kind": "sql#user", "name": name, "host": user["host"], "instance": instance, "project": project}


@method("sql.users.list")
def users(world: World, request: Request) -> Answer:
    """Users of an instance, without passwords."""
    place = _instance(request)
    items = [_user(place, name, it) for name, it in found(world, place)["_users"].items()]
    return Answer({"kind": "sql#usersList", "items": items}, "items")


@method("sql.users.update", "sql.users.insert")
def set_user(world: World, request: Request) -> Answer:
    """Another password, or one more user."""
    place = _instance(request)
    instance = free(world, place)
    name = request.asked("name") or request.body.get("name", "")
    if not name:
        raise wrong("A user has a name")
    if request.id.endswith("insert") == (name in instance["_users"]):
        raise wrong(f"The user {name} is there already" if name in instance["_users"] else f"There is no user {name}")
    made = {"host": request.asked("host") or request.body.get("host", "%"), "password": request.body.get("password")}
    kind = "UPDATE_USER" if request.id.endswith("update") else "CREATE_USER"
    return begin(world, request, place, kind, finish=lambda: instance["_users"].update({name: made}))


@method("sql.users.delete")
def remove_user(world: World, request: Request) -> Answer:
    """One user less."""
    place, name = _instance(request), request.asked("name")
    instance = free(world, place)
    if name not in instance["_users"]:
        raise wrong(f"There is no user {name}")
    return begin(world, request, place, "DELETE_USER", finish=drops(instance["_users"], name))


@method("sql.flags.list")
def flags(world: World, request: Request) -> Answer:
    """Flags that are taken."""
    items = []
    for name, takes in FLAGS.items():
        flag: Thing = {"kind": "sql#flag", "name": name, "appliesTo": VERSIONS, "requiresRestart": name in RESTARTING, "type": "STRING"}
        if isinstance(takes, tuple):
            flag |= {"type": "INTEGER", "minValue": str(takes[0]), "maxValue": str(takes[1])}
        elif isinstance(takes, list):
            flag |= {"allowedStringValues": takes}
        items.append(flag)
    return Answer({"kind": "sql#flagsList", "items": items})


@method("sql.tiers.list")
def tiers(world: World, request: Request) -> Answer:
    """Tiers with fixed sizes; custom ones are not listed."""
    names = ["db-f1-micro", "db-g1-small", *[f"db-n1-standard-{it}" for it in (1, 2, 4, 8, 16, 32, 64, 96)]]
    names += [f"db-perf-optimized-N-{it}" for it in (2, 4, 8, 16, 32, 48, 64, 80, 96, 128)]
    items = [{"kind": "sql#tier", "tier": it, "RAM": "0", "DiskQuota": "70368744177664", "region": list(REGIONS)} for it in names]
    return Answer({"kind": "sql#tiersList", "items": items})
