"""Machines of scale sets: as many as the capacity says, of the model that they were last upgraded to."""

from __future__ import annotations

import ipaddress

from .doings import begin, headers, ordered
from .engine import listed
from .ids import Id
from .kinds import KINDS, Answer, Ask, Body, Kind, action, invalid, kind
from .rules import not_busy
from .things import Thing, World

SET = "Microsoft.Compute/virtualMachineScaleSets"
MACHINE = f"{SET}/virtualMachines"


def populate(world: World, thing: Thing) -> None:
    """As many machines as its capacity says, spread over its zones; the newest go first."""
    here = machines_of(world, thing)
    capacity = int(thing.body["sku"]["capacity"])
    while len(here) > capacity:
        # Not by `forget`, which would lower the capacity once more.
        world.things.pop(here.pop().id.key)
    automatic = (thing.properties.get("upgradePolicy") or {}).get("mode") != "Manual"
    for it in here:
        it.properties["latestModelApplied"] |= automatic
    zones = thing.body.get("zones") or []
    next = thing.secret.get("next", 0)
    while len(here) < capacity:
        zone = min(zones, key=lambda zone: sum(it.body.get("zones") == [zone] for it in here)) if zones else None
        id = Id(f"{thing.id.text}/virtualMachines/{next}", thing.id.scope, MACHINE, (thing.id.name, str(next)))
        body: Body = {
            "location": thing.body["location"], "instanceId": str(next), "sku": {"name": thing.body["sku"]["name"], "tier": "Standard"},
            "properties": {"latestModelApplied": True, "vmId": world.uuid(), "provisioningState": "Succeeded", "timeCreated": world.now()},
        }  # fmt: skip
        if thing.body.get("tags"):
            # As they were when it was made.
            body["tags"] = dict(thing.body["tags"])
        if zone:
            body["zones"] = [zone]
        machine = Thing(id, KINDS[MACHINE.lower()], body, secret={"unhealthy": world.slow.get("health", 0)})
        world.things[id.key] = machine
        here.append(machine)
        next += 1
    thing.secret["next"] = next


def machines_of(world: World, thing: Thing) -> list[Thing]:
    """The machines of a scale set, the oldest first."""
    return sorted((it for it in world.below(thing.id.text) if it.kind.type == MACHINE), key=lambda it: int(it.id.name))


def _show_machine(world: World, thing: Thing, body: Body) -> None:
    body["name"] = f"{thing.id.names[0]}_{thing.id.name}"


@action("GET", MACHINE)
def list_machines(world: World, ask: Ask) -> Answer:
    """The machines of a set, with how they are where that is asked for."""
    answer = listed(world, ask)
    if ask.query.get("$expand") == "instanceView":
        for body in answer.body["value"]:
            body["properties"]["instanceView"] = _view_of(world, world.things[body["id"].lower()])
    return answer


@action("GET", f"{SET}/networkInterfaces")
def list_cards(world: World, ask: Ask) -> Answer:
    """A network card of each machine, with its address."""
    thing = world.get(ask.id)
    cards = thing.properties["virtualMachineProfile"]["networkProfile"]["networkInterfaceConfigurations"]
    return Answer(200, {"value": [_card(world, it, cards[0]) for it in machines_of(world, thing)]}, listed=True)


def _card(world: World, machine: Thing, model: Body) -> Body:
    id = f"{machine.id.text}/networkInterfaces/{model['name']}"
    ip = model["properties"]["ipConfigurations"][0]
    subnet = world.find(ip["properties"]["subnet"]["id"])
    network = ipaddress.ip_network(subnet.properties["addressPrefix"]) if subnet else ipaddress.ip_network("10.0.0.0/8")
    # The first four are the cloud's own (Azure docs, "Virtual network FAQ").
    address = network[4 + int(machine.id.name) % (network.num_addresses - 5)]
    said = {
        "primary": True, "privateIPAddress": str(address), "privateIPAllocationMethod": "Dynamic", "privateIPAddressVersion": "IPv4",
        "subnet": ip["properties"]["subnet"], "provisioningState": "Succeeded",
    }  # fmt: skip
    properties = {
        "provisioningState": "Succeeded", "primary": True, "virtualMachine": {"id": machine.id.text},
        "ipConfigurations": [{"id": f"{id}/ipConfigurations/{ip['name']}", "name": ip["name"], "properties": said}],
    }  # fmt: skip
    return {"id": id, "name": model["name"], "properties": properties}


def _view_of(world: World, machine: Thing) -> Body:
    """A machine is well when it has been looked at as often as a test asked for; who has no probe does not say."""
    view: Body = {"statuses": [{"code": "ProvisioningState/succeeded"}, {"code": "PowerState/running"}]}
    above = world.find(machine.id.parent or "")
    network = above.properties["virtualMachineProfile"].get("networkProfile", {}) if above else {}
    if network.get("healthProbe"):
        machine.secret["unhealthy"] -= 1
        code = "HealthState/healthy" if machine.secret["unhealthy"] < 0 else "HealthState/unhealthy"
        view["vmHealth"] = {"status": {"code": code, "level": "Info"}}
    return view


def _no_machine(world: World, ask: Ask, old: Thing | None) -> None:
    raise invalid("OperationNotAllowed", "Machines of a scale set come by its capacity.")


def _lost(world: World, thing: Thing) -> None:
    """A machine that is removed by itself lowers the capacity."""
    above = world.find(thing.id.parent or "")
    if above is not None:
        above.body["sku"]["capacity"] -= 1


def _chosen(world: World, ask: Ask) -> tuple[Thing, list[Thing]]:
    thing = world.get(ask.id)
    not_busy(world, ask.id, thing)
    wanted = [str(it) for it in ask.body.get("instanceIds") or []]
    here = {it.id.name: it for it in machines_of(world, thing)}
    if wanted == ["*"]:
        return thing, list(here.values())
    unknown = [it for it in wanted if it not in here]
    if unknown or not wanted:
        raise invalid(
            "InvalidParameter",
            f"The provided instanceId {', '.join(unknown)} is not an active Virtual Machine Scale Set VM instanceId.",
        )
    return thing, [here[it] for it in wanted]


@action("POST", f"{SET}/manualupgrade")
def upgrade(world: World, ask: Ask) -> Answer:
    """Machines are replaced by such of the newest model."""
    thing, chosen = _chosen(world, ask)

    def done() -> None:
        for it in chosen:
            it.properties["latestModelApplied"] = True
            it.body["sku"]["name"] = thing.body["sku"]["name"]
            it.body["tags"] = dict(thing.body.get("tags") or {})

    return ordered(world, ask, thing, done)


@action("POST", f"{SET}/delete")
def remove(world: World, ask: Ask) -> Answer:
    """Machines go, and the capacity with them."""
    _, chosen = _chosen(world, ask)
    for it in chosen:
        not_busy(world, it.id, it)
    for it in chosen:
        doing = begin(world, ask, it, "remove")
        doing.left = max(doing.left, world.slow.get("virtualMachineScaleSets", 0))
    return Answer(202, None, headers(world, ask, doing))


def _again(world: World, ask: Ask) -> Answer:
    thing, chosen = _chosen(world, ask)

    def done() -> None:
        for it in chosen:
            it.properties["latestModelApplied"] = True
            it.properties["vmId"] = world.uuid()

    return ordered(world, ask, thing, done)


action("POST", f"{SET}/reimage")(_again)
action("POST", f"{SET}/restart")(lambda world, ask: ordered(world, ask, _chosen(world, ask)[0]))


@action("GET", f"{SET}/instanceView")
def view(world: World, ask: Ask) -> Answer:
    """How its machines are, in sum."""
    machines = machines_of(world, world.get(ask.id))
    states = [{"code": "ProvisioningState/succeeded", "count": len(machines)}] if machines else []
    return Answer(
        200,
        {
            "virtualMachine": {"statusesSummary": states},
            "statuses": [{"code": "ProvisioningState/succeeded", "level": "Info"}],
        },
    )


kind(Kind(MACHINE, _no_machine, tracked=False, has_etag=True, show=_show_machine, gone=_lost))
