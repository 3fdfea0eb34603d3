"""What managed instance groups do: they keep as many machines as they should have, of the template they should be of."""

from __future__ import annotations

import hashlib
from typing import Any

from . import limits
from .families import place_of, url
from .machines import make
from .sold import sold_in, types
from .things import Refusal, Thing, World

_LETTERS = "bcdfghjklmnpqrstvwxz0123456789"


def home(group: Thing) -> tuple[str, str, str]:
    """Place, project and region of a group."""
    place = place_of("nobody", group["selfLink"])
    return place, place.split("/")[1], place.split("/")[3]


def zones(group: Thing) -> list[str]:
    """Zones that its machines may be in."""
    return [it["zone"].rsplit("/", 1)[-1] for it in group["distributionPolicy"]["zones"]]


def member_place(group: Thing, member: Thing) -> str:
    """Where the machine of a member is."""
    return f"projects/{home(group)[1]}/zones/{member['zone']}/instances/{member['name']}"


def template_of(world: World, group: Thing) -> Thing | None:
    """The template as it is now."""
    return world.of("instanceTemplates").get(place_of("nobody", group["instanceTemplate"]))


def autoscaled(world: World, group: Thing) -> Thing | None:
    """The autoscaler that moves its size."""
    scalers = world.of("regionAutoscalers").values()
    return next((it for it in scalers if it.get("target") == group["selfLink"]), None)


def step(world: World, group: Thing) -> None:
    """Somebody looks: what the group has begun gets on, and it begins what is to be done."""
    if world.busy("compute", home(group)[0]) and not group["_members"]:
        # Being made: it has no machines yet.
        return
    scaler = autoscaled(world, group)
    if scaler and scaler["autoscalingPolicy"]["mode"] != "OFF":
        policy = scaler["autoscalingPolicy"]
        group["targetSize"] = min(max(group["targetSize"], policy["minNumReplicas"]), policy["maxNumReplicas"])
    for member in list(group["_members"]):
        _advance(world, group, member)
    _level(world, group)
    _renew(world, group)
    # What takes no time is there at once.
    if not world.slow.get("instances"):
        for member in list(group["_members"]):
            _advance(world, group, member)


def _advance(world: World, group: Thing, member: Thing) -> None:
    if member["action"] == "NONE":
        if member_place(group, member) not in world.of("instances"):
            _act(world, member, "RECREATING")
        return
    if member["left"] > 0:
        member["left"] -= 1
        return
    if member["action"] == "DELETING":
        world.of("instances").pop(member_place(group, member), None)
        group["_members"].remove(member)
        return
    problem = _obstacle(world, group, member)
    if problem:
        member["problem"] = {"code": problem[0], "message": problem[1], "at": world.now()}
        return
    place, project, _ = home(group)
    template = template_of(world, group)
    assert template is not None
    number = f"projects/{world.project_number(project)}{place.removeprefix(f'projects/{project}')}"
    world.of("instances").pop(member_place(group, member), None)
    machine = make(world, project, member["zone"], member["name"], template, number)
    member |= {"action": "NONE", "template": group["instanceTemplate"], "id": machine["id"]}
    member.pop("problem", None)


def _obstacle(world: World, group: Thing, member: Thing) -> tuple[str, str] | None:
    """Why a machine cannot be made now: code and message."""
    failure = world.fails("instances")
    if failure:
        return failure["code"], failure["message"]
    template = template_of(world, group)
    if template is None:
        return "RESOURCE_NOT_FOUND", f"The resource '{group['instanceTemplate']}' was not found"
    kind, (_, project, region) = template["properties"]["machineType"], home(group)
    if kind not in sold_in(world, member["zone"]):
        return "INVALID_FIELD_VALUE", f"Machine type with name '{kind}' does not exist in zone '{member['zone']}'."
    cpus, _, metric = types()[kind]
    for name, more, where in ((metric, cpus, region), ("INSTANCES", 1, region), ("CPUS_ALL_REGIONS", cpus, None)):
        if name and limits.usage(world, project, name, where) + more > (most := limits.limit(world, name, where)):
            said = f"in region {where}" if where else "globally"
            return "QUOTA_EXCEEDED", f"Quota '{name}' exceeded.  Limit: {most:.1f} {said}."
    return None


def _level(world: World, group: Thing) -> None:
    """Machines that are missing or too many."""
    staying = [it for it in group["_members"] if it["action"] != "DELETING"]
    for member in staying[group["targetSize"] :]:
        _act(world, member, "DELETING")
    for _ in range(len(staying), group["targetSize"]):
        _add(world, group)


def _renew(world: World, group: Thing) -> None:
    """Machines of an older template are replaced, as many at a time as the policy lets, those that replace them first."""
    policy = group["updatePolicy"]
    if policy["type"] != "PROACTIVE":
        return
    old = [it for it in group["_members"] if it["action"] == "NONE" and it["template"] != group["instanceTemplate"]]
    underway = sum(it["action"] in ("CREATING", "RECREATING") for it in group["_members"])
    room = policy["maxSurge"]["calculated"] + policy["maxUnavailable"]["calculated"] - underway
    for member in old[: max(0, room)]:
        if policy["replacementMethod"] == "RECREATE":
            _act(world, member, "RECREATING")
        else:
            _act(world, member, "DELETING")
            _add(world, group, member["zone"])


def _act(world: World, member: Thing, action: str) -> None:
    member |= {"action": action, "left": world.slow.get("instances", 0)}


def _add(world: World, group: Thing, zone: str | None = None) -> None:
    def size(zone: str) -> int:
        return sum(it["zone"] == zone and it["action"] != "DELETING" for it in group["_members"])

    names = {it["name"] for it in group["_members"]}
    while True:
        noise = hashlib.sha256(f"{group['id']}/{world.number()}".encode()).digest()
        name = f"{group['baseInstanceName']}-{''.join(_LETTERS[it % len(_LETTERS)] for it in noise[:4])}"
        if name not in names:
            break
    member: dict[str, Any] = {"name": name, "zone": zone or min(zones(group), key=size), "template": group["instanceTemplate"]}
    _act(world, member, "CREATING")
    group["_members"].append(member)


def lose(world: World, group: str | None, name: str | None) -> str:
    """Somebody removes a machine: any of a group, or the one of that name."""
    for place, machine in world.of("instances").items():
        by = next((it["value"] for it in machine["metadata"]["items"] if it["key"] == "created-by"), "")
        if (name is None or machine["name"] == name) and (group is None or by.endswith(f"/{group}")):
            del world.of("instances")[place]
            return str(machine["name"])
    raise ValueError("there is no such machine")


def check_type(world: World, group: Thing, template: Thing) -> None:
    """Refuses a template whose machines are not sold where the group is."""
    kind = template["properties"]["machineType"]
    for zone in zones(group):
        if kind not in sold_in(world, zone):
            said = f"Machine type with name '{kind}' does not exist in zone '{zone}'."
            raise Refusal(400, "invalid", f"Invalid value for field 'resource.instanceTemplate': '{template['name']}'. {said}")


def shown_member(group: Thing, member: Thing) -> Thing:
    """A member as it is listed."""
    running = member["action"] in ("NONE", "DELETING")
    shown: Thing = {
        "instance": url(member_place(group, member)), "name": member["name"], "currentAction": member["action"],
        "targetStatus": "DELETED" if member["action"] == "DELETING" else "RUNNING",
        "version": {"instanceTemplate": member["template"]},
    }  # fmt: skip
    if running:
        shown |= {"id": member.get("id", "0"), "instanceStatus": "RUNNING"}
        if group.get("autoHealingPolicies"):
            check = group["autoHealingPolicies"][0].get("healthCheck")
            shown["instanceHealth"] = [{"healthCheck": check, "detailedHealthState": "HEALTHY"}]
    if "problem" in member:
        error = {name: member["problem"][name] for name in ("code", "message")}
        shown["lastAttempt"] = {"errors": {"errors": [error]}}
    return shown
