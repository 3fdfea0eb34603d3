"""Regional managed instance groups, and their lists of machines."""

from __future__ import annotations

from . import limits
from .compute import change, changeable, fitting, lists
from .families import FAMILIES, family, place_of, refer, url
from .fleet import autoscaled, check_type, home, member_place, shown_member, step, template_of, zones
from .network import fixed
from .patches import digest
from .refusals import absent, invalid
from .things import Answer, Request, Thing, World, method
from .work import begin, current, once

_MOST = 2000


def _group(world: World, request: Request, body: Thing) -> None:
    body["_members"] = body.get("_members", [])
    region = request.path["region"]
    if request.body.get("versions") and not request.body.get("instanceTemplate"):
        body["instanceTemplate"] = body["versions"][0].get("instanceTemplate")
    body["instanceTemplate"] = refer(world, request, "instanceTemplate", body.get("instanceTemplate"), "instanceTemplates")
    base = body.setdefault("baseInstanceName", body["name"][:58])
    if len(base) > 58:
        raise invalid("baseInstanceName", base, "Must be at most 58 characters.")
    policy = body.setdefault("distributionPolicy", {})
    named = policy.get("zones") or [{"zone": f"zones/{region}-{letter}"} for letter in limits.REGIONS[region][:3]]
    for at, it in enumerate(named):
        if not it.get("zone"):
            raise absent(f"distributionPolicy.zones[{at}].zone")
        zone = it["zone"].rsplit("/", 1)[-1]
        if zone[:-2] != region or zone[-1] not in limits.REGIONS[region]:
            raise invalid(f"distributionPolicy.zones[{at}].zone", it["zone"], f"The zone is not in region {region}.")
    policy["zones"] = [{"zone": url(f"projects/{request.project}/zones/{it['zone'].rsplit('/', 1)[-1]}")} for it in named]
    policy.setdefault("targetShape", "EVEN")
    template = template_of(world, body)
    assert template is not None
    check_type(world, body, template)
    if not 0 <= body["targetSize"] <= _MOST:
        raise invalid("targetSize", body["targetSize"], f"Must be from 0 to {_MOST}.")
    _update_policy(body)
    for at, healing in enumerate(body.get("autoHealingPolicies", [])):
        healing["healthCheck"] = refer(world, request, f"autoHealingPolicies[{at}].healthCheck", healing.get("healthCheck"), "healthChecks")
    lifecycle = body.setdefault("instanceLifecyclePolicy", {})
    lifecycle.setdefault("forceUpdateOnRepair", "NO")
    lifecycle.setdefault("defaultActionOnFailure", "REPAIR")
    for port in body.get("namedPorts", []):
        if not port.get("name") or not 1 <= port.get("port", 0) <= 65535:
            raise invalid("namedPorts", port, "A port has a name and a number.")
    body["versions"] = [{"instanceTemplate": body["instanceTemplate"], "targetSize": {"calculated": body["targetSize"]}}]
    body.setdefault("listManagedInstancesResults", "PAGELESS")


def _update_policy(body: Thing) -> None:
    count = len(body["distributionPolicy"]["zones"])
    policy = body.setdefault("updatePolicy", {})
    defaults = {
        "type": "OPPORTUNISTIC", "minimalAction": "REPLACE", "mostDisruptiveAllowedAction": "REPLACE",
        "instanceRedistributionType": "PROACTIVE", "replacementMethod": "SUBSTITUTE",
    }  # fmt: skip
    for name, value in defaults.items():
        policy.setdefault(name, value)
    for name in ("maxSurge", "maxUnavailable"):
        given = policy.setdefault(name, {"fixed": count})
        if "percent" in given:
            given["calculated"] = -(-body["targetSize"] * given["percent"] // 100)
            continue
        # Nothing, or at least one for each zone (Compute Engine API, `maxSurge`, `maxUnavailable`).
        if given.get("fixed", 0) and given["fixed"] < count:
            raise invalid(f"updatePolicy.{name}.fixed", given["fixed"], f"Must be 0 or at least the number of zones, {count}.")
        given["fixed"] = given["calculated"] = given.get("fixed", 0)
    surge, unavailable = policy["maxSurge"]["calculated"], policy["maxUnavailable"]["calculated"]
    if policy["replacementMethod"] == "RECREATE" and surge:
        raise invalid("updatePolicy.maxSurge", surge, "Must be 0 where machines are recreated under their names.")
    if not surge and not unavailable:
        raise invalid("updatePolicy.maxSurge", surge, "maxSurge and maxUnavailable cannot both be 0.")


def _group_change(world: World, request: Request, old: Thing, new: Thing) -> None:
    fixed(old, new, "baseInstanceName")
    if zones(old) != zones(new):
        raise invalid("distributionPolicy.zones", zones(new), "The zones of a group cannot be changed.")
    # Machines may have come and gone since it was read.
    new["_members"] = old["_members"]


def _group_made(world: World, group: Thing) -> None:
    place = place_of("nobody", group["selfLink"]).replace("/instanceGroupManagers/", "/instanceGroups/")
    group["instanceGroup"] = url(place)
    there = world.of("regionInstanceGroups").get(place, {})
    _, project, region = home(group)
    group.setdefault("namedPorts", [])
    world.of("regionInstanceGroups")[place] = {
        "kind": "compute#instanceGroup", "id": there.get("id") or world.id(), "name": group["name"], "selfLink": url(place),
        "creationTimestamp": group["creationTimestamp"], "region": url(f"projects/{project}/regions/{region}"), "size": 0,
        "namedPorts": group["namedPorts"], "fingerprint": digest(group["namedPorts"]), "description": "", "_hidden": True,
    }  # fmt: skip


def _group_gone(world: World, group: Thing) -> None:
    world.of("regionInstanceGroups").pop(place_of("nobody", group["instanceGroup"]), None)
    for member in group["_members"]:
        world.of("instances").pop(member_place(group, member), None)


def _group_shown(world: World, group: Thing) -> None:
    step(world, group)
    members = group["_members"]
    actions = ("none", "creating", "creatingWithoutRetries", "recreating", "deleting", "abandoning", "restarting", "refreshing", "verifying")
    group["currentActions"] = {it: sum(member["action"] == it.upper() for member in members) for it in actions}
    reached = all(it["template"] == group["instanceTemplate"] for it in members)
    calm = all(it["action"] == "NONE" for it in members) and len(members) == group["targetSize"]
    group["status"] = {
        "isStable": calm and reached and not world.busy("compute", home(group)[0]), "versionTarget": {"isReached": reached},
        "stateful": {"hasStatefulConfig": False, "perInstanceConfigs": {"allEffective": True}},
        "allInstancesConfig": {"effective": True},
    }  # fmt: skip
    scaler = autoscaled(world, group)
    if scaler:
        group["status"]["autoscaler"] = scaler["selfLink"]
    group["versions"] = [{"instanceTemplate": group["instanceTemplate"], "targetSize": {"calculated": group["targetSize"]}}]


def _list_shown(world: World, machines: Thing) -> None:
    group = world.of("regionInstanceGroupManagers")[place_of("nobody", machines["selfLink"]).replace("/instanceGroups/", "/instanceGroupManagers/")]
    machines["size"] = sum(member_place(group, it) in world.of("instances") for it in group["_members"])


family(
    "regionInstanceGroupManagers", "instanceGroupManagers", "instanceGroupManager", "instance_group_manager", read=_group,
    change=_group_change, made=_group_made, gone=_group_gone, shown=_group_shown, fingerprint="required",
    quota="REGIONAL_INSTANCE_GROUP_MANAGERS",
)  # fmt: skip
family("regionInstanceGroups", "instanceGroups", "instanceGroup", "instance_group", shown=_list_shown)

def _verb(request: Request) -> str:
    return request.place.rsplit("/", 1)[0]


@method("compute.regionInstanceGroupManagers.resize", "compute.regionInstanceGroupManagers.setInstanceTemplate")
@once
def resize(world: World, request: Request) -> Answer:
    """As many machines as said, or another template for machines to come."""
    family, place, thing = changeable(world, request, _verb(request))
    asked = {"targetSize": int(request.asked("size"))} if request.asked("size") else dict(request.body)
    return change(world, request, thing, family, place, {**thing, **asked}, request.id.rsplit(".", 1)[1])


@method("compute.regionInstanceGroupManagers.recreateInstances", "compute.regionInstanceGroupManagers.deleteInstances")
@once
def instances(world: World, request: Request) -> Answer:
    """Machines made anew under their names, or removed and not made again."""
    family, place, group = changeable(world, request, _verb(request))
    wanted = {place_of(request.project, it) for it in request.body.get("instances", [])}
    members = [it for it in group["_members"] if member_place(group, it) in wanted]
    if len(members) != len(wanted):
        raise invalid("instances", sorted(wanted), "Not all of these are members of the group.")
    removing = request.id.endswith("deleteInstances")

    def finish() -> None:
        for member in members:
            member |= {"action": "DELETING" if removing else "RECREATING", "left": world.slow.get("instances", 0)}
        if removing:
            group["targetSize"] -= len(members)

    return begin(world, request, place, group, request.id.rsplit(".", 1)[1], finish)


@method("compute.regionInstanceGroupManagers.listManagedInstances")
def managed(world: World, request: Request) -> Answer:
    """Its machines, and what is being done to each."""
    _, _, group = current(world, request, _verb(request))
    step(world, group)
    return Answer({"managedInstances": [shown_member(group, it) for it in group["_members"]]}, "managedInstances")


@method("compute.regionInstanceGroupManagers.listErrors")
def errors(world: World, request: Request) -> Answer:
    """What went wrong with machines that are still to be made."""
    _, _, group = current(world, request, _verb(request))
    step(world, group)
    items = [
        {
            "timestamp": it["problem"]["at"], "error": {name: it["problem"][name] for name in ("code", "message")},
            "instanceActionDetails": {"action": it["action"], "instance": url(member_place(group, it))},
        }
        for it in group["_members"] if "problem" in it
    ]  # fmt: skip
    return Answer({"items": items}, "items", by="timestamp")


@method("compute.regionInstanceGroups.listInstances")
def running(world: World, request: Request) -> Answer:
    """Machines of a group that there are."""
    _, place, machines = current(world, request, _verb(request))
    group = world.of("regionInstanceGroupManagers")[place.replace("/instanceGroups/", "/instanceGroupManagers/")]
    step(world, group)
    places = [member_place(group, it) for it in group["_members"]]
    items = [{"instance": url(it), "status": "RUNNING", "namedPorts": machines["namedPorts"]} for it in places if it in world.of("instances")]
    return Answer({"kind": "compute#regionInstanceGroupsListInstances", "id": request.place, "items": items}, "items", by="instance")


@method("compute.regionInstanceGroups.setNamedPorts")
@once
def set_ports(world: World, request: Request) -> Answer:
    """What the balancer calls its ports."""
    place = _verb(request).replace("/instanceGroups/", "/instanceGroupManagers/")
    family, place, group = changeable(world, request, place)
    machines = world.of("regionInstanceGroups")[_verb(request)]
    # To be given where there are ports already (Compute Engine API, `regionInstanceGroups.setNamedPorts`).
    if request.body.get("fingerprint"):
        fitting(FAMILIES["regionInstanceGroups"], machines, request.body)
    wanted = {**group, "namedPorts": request.body.get("namedPorts", [])}
    return change(world, request, group, family, place, wanted, "setNamedPorts")


@method("compute.instances.list")
def machines(world: World, request: Request) -> Answer:
    """Machines of a zone."""
    for group in list(world.of("regionInstanceGroupManagers").values()):
        step(world, group)
    return lists(world, request)
