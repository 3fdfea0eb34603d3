"""Projects, networks, tags and keys."""

from __future__ import annotations

import hashlib

from .things import Answer, Refusal, Request, Thing, World, distinct, invalid, missing, path, required


@path("GET", "/v2/projects")
def projects(world: World, request: Request) -> Answer:
    """All projects."""
    shown = [{name: value for name, value in it.items() if name != "members"} for it in world.of("projects").values()]
    return Answer(200, {"projects": shown}, listed="projects")


@path("POST", "/v2/projects")
def create_project(world: World, request: Request) -> Answer:
    """One more."""
    required(request.body, "name", "purpose")
    distinct(world, "projects", request.body["name"])
    id, now = world.uuid(), world.now()
    project = {
        "id": id, "owner_uuid": "99525febec065ca37b2ffe4f852fd2b2581895e7", "owner_id": 258992, "description": "",
        "environment": "Development", "is_default": False, "created_at": now, "updated_at": now, **request.body,
    }  # fmt: skip
    world.of("projects")[id] = {**project, "members": {}}
    return Answer(201, {"project": project})


@path("PATCH", "/v2/projects/{}")
def change_project(world: World, request: Request) -> Answer:
    """Changes what is given."""
    project = world.get("projects", request.ids[0])
    project.update(request.body)
    return Answer(200, {"project": {name: value for name, value in project.items() if name != "members"}})


@path("DELETE", "/v2/projects/{}")
def delete_project(world: World, request: Request) -> Answer:
    """Refused while something belongs to it."""
    project = world.get("projects", request.ids[0])
    if project["members"] or world.still_leaving("urn", {f"of:{request.ids[0]}"}):
        raise Refusal(412, "precondition_failed", "cannot delete a project with resources")
    del world.of("projects")[request.ids[0]]
    return Answer(204)


@path("GET", "/v2/projects/{}/resources")
def members(world: World, request: Request) -> Answer:
    """What belongs to it."""
    shown = [
        {"urn": urn, "assigned_at": at, "links": {"self": f"https://api.digitalocean.com/v2/{urn.split(':')[2]}"}, "status": "ok"}
        for urn, at in world.get("projects", request.ids[0])["members"].items()
    ]  # fmt: skip
    return Answer(200, {"resources": shown}, listed="resources")


@path("POST", "/v2/projects/{}/resources")
def assign(world: World, request: Request) -> Answer:
    """Puts things into it."""
    families = {"droplet": "droplets", "volume": "volumes", "dbaas": "databases", "loadbalancer": "load_balancers"}
    project = world.get("projects", request.ids[0])
    shown = []
    for urn in request.body.get("resources", []):
        _, kind, id = urn.split(":", 2)
        if kind not in families or id not in world.of(families[kind]):
            raise missing()
        join(world, project["id"], urn)
        shown.append({"urn": urn, "assigned_at": project["members"][urn], "links": {"self": "https://api.digitalocean.com/v2/x"}, "status": "ok"})  # fmt: skip
    return Answer(200, {"resources": shown})


def join(world: World, project: str | None, urn: str) -> None:
    """A thing belongs to one project at a time."""
    if project is None:
        return
    if project not in world.of("projects"):
        raise invalid("project does not exist")
    quit_projects(world, urn)
    world.of("projects")[project]["members"][urn] = world.now()


def quit_projects(world: World, urn: str, kind: str | None = None) -> None:
    """A thing belongs to none any more."""
    for id, project in world.of("projects").items():
        if project["members"].pop(urn, None) and kind:
            world.leave(kind, None, f"of:{id}")


@path("GET", "/v2/vpcs")
def networks(world: World, request: Request) -> Answer:
    """All networks."""
    return Answer(200, {"vpcs": list(world.of("vpcs").values())}, listed="vpcs")


@path("POST", "/v2/vpcs")
def create_network(world: World, request: Request) -> Answer:
    """One more; its addresses are chosen so that none overlap."""
    required(request.body, "name", "region")
    distinct(world, "vpcs", request.body["name"], status=422)
    world.region(request.body["region"])
    id = world.uuid()
    vpc = {
        "id": id, "urn": f"do:vpc:{id}", "description": "", "default": False, "created_at": world.now(),
        "ip_range": f"10.{116 + len(world.of('vpcs'))}.0.0/20", **request.body,
    }  # fmt: skip
    world.of("vpcs")[id] = vpc
    return Answer(201, {"vpc": vpc})


@path("DELETE", "/v2/vpcs/{}")
def delete_network(world: World, request: Request) -> Answer:
    """Refused while something is in it."""
    vpc = world.get("vpcs", request.ids[0])["id"]
    inside = [
        thing
        for family, name in (("droplets", "vpc_uuid"), ("databases", "private_network_uuid"), ("load_balancers", "vpc_uuid"))
        for thing in world.of(family).values()
        if thing.get(name) == vpc
    ]  # fmt: skip
    if inside or world.still_leaving("network", {vpc}):
        raise Refusal(403, "forbidden", "Can not delete VPC with members")
    del world.of("vpcs")[vpc]
    return Answer(204)


@path("GET", "/v2/tags")
def tags(world: World, request: Request) -> Answer:
    """All tags, with how much each is on."""
    shown = []
    for name in world.of("tags"):
        counts: Thing = {"count": 0}
        for family in ("droplets", "volumes", "databases"):
            count = sum(name in (thing.get("tags") or []) for thing in world.of(family).values())
            counts[family] = {"count": count}
            counts["count"] += count
        shown.append({"name": name, "resources": counts})
    return Answer(200, {"tags": shown}, listed="tags")


@path("POST", "/v2/tags")
def create_tag(world: World, request: Request) -> Answer:
    """One more; the same one again is the same."""
    required(request.body, "name")
    world.tag([request.body["name"]])
    return Answer(201, {"tag": {"name": request.body["name"], "resources": {"count": 0}}})


@path("DELETE", "/v2/tags/{}")
def delete_tag(world: World, request: Request) -> Answer:
    """Takes it off everything, too."""
    name = world.get("tags", request.ids[0])["name"]
    for family in ("droplets", "volumes", "databases", "replicas"):
        for thing in world.of(family).values():
            thing["tags"] = [tag for tag in thing.get("tags") or [] if tag != name]
    del world.of("tags")[name]
    return Answer(204)


@path("POST", "/v2/tags/{}/resources")
def put_tag(world: World, request: Request) -> Answer:
    """Puts it on things."""
    families = {"droplet": "droplets", "volume": "volumes", "database": "databases"}
    name = world.get("tags", request.ids[0])["name"]
    for resource in request.body["resources"]:
        thing = world.get(families[resource["resource_type"]], resource["resource_id"])
        thing["tags"] = [*[tag for tag in thing["tags"] if tag != name], name]
    return Answer(204)


@path("DELETE", "/v2/tags/{}/resources")
def take_tag(world: World, request: Request) -> Answer:
    """Takes it off things."""
    families = {"droplet": "droplets", "volume": "volumes"}
    name = world.get("tags", request.ids[0])["name"]
    for resource in request.body["resources"]:
        thing = world.get(families[resource["resource_type"]], resource["resource_id"])
        thing["tags"] = [tag for tag in thing["tags"] if tag != name]
    return Answer(204)


@path("GET", "/v2/account/keys")
def keys(world: World, request: Request) -> Answer:
    """All keys."""
    return Answer(200, {"ssh_keys": list(world.of("keys").values())}, listed="ssh_keys")


@path("POST", "/v2/account/keys")
def create_key(world: World, request: Request) -> Answer:
    """One more; each key is taken once."""
    required(request.body, "name", "public_key")
    words = request.body["public_key"].split()
    if len(words) < 2 or not words[0].startswith(("ssh-", "ecdsa-")):
        raise invalid("Key invalid, key should be of type `ssh-rsa`...")
    if any(key["public_key"].split()[1] == words[1] for key in world.of("keys").values()):
        raise invalid("SSH Key is already in use on your account")
    digest = hashlib.md5(words[1].encode(), usedforsecurity=False).hexdigest()
    key = {"id": world.number(), "fingerprint": ":".join(digest[at : at + 2] for at in range(0, 32, 2)), **request.body}
    world.of("keys")[str(key["id"])] = key
    return Answer(201, {"ssh_key": key})


@path("DELETE", "/v2/account/keys/{}")
def delete_key(world: World, request: Request) -> Answer:
    """Machines that have it keep it."""
    world.get("keys", request.ids[0])
    del world.of("keys")[request.ids[0]]
    return Answer(204)
