"""What belongs to a MySQL server, and what is done to it: backups, firewall rules, replicas, restart and failover."""

from __future__ import annotations

import ipaddress

from .databases import replicas_of
from .doings import ordered
from .engine import shown
from .kinds import Answer, Ask, Kind, action, invalid, kind, stateless
from .rules import not_busy
from .server_checks import SERVER
from .things import Thing, World


@action("GET", f"{SERVER}/replicas")
def list_replicas(world: World, ask: Ask) -> Answer:
    """Servers that follow it."""
    return Answer(200, {"value": [shown(world, it) for it in replicas_of(world, world.get(ask.id))]}, listed=True)


def _backup(world: World, ask: Ask, old: Thing | None) -> None:
    not_busy(world, ask.id, world.find(ask.id.parent or ""))
    ask.body["properties"] = {"backupType": "FULL", "completedTime": world.now(), "source": "Customer Initiated"}


def _done_to(word: str) -> None:
    @action("POST", f"{SERVER}/{word}")
    def it(world: World, ask: Ask) -> Answer:
        thing = world.get(ask.id)
        not_busy(world, ask.id, thing)
        if word == "failover":
            available = thing.properties["highAvailability"]
            if available["mode"] == "Disabled":
                raise invalid("FailoverNotSupported", "A server without a standby cannot fail over.")
            zone, standby = thing.properties.get("availabilityZone"), available.get("standbyAvailabilityZone")
            thing.properties["availabilityZone"], available["standbyAvailabilityZone"] = standby, zone
        parameters = thing.secret["parameters"]

        def restarted() -> None:
            for parameter in parameters.values():
                parameter["pending"] = False

        return ordered(world, ask, thing, restarted)


for _word in ("restart", "failover"):
    _done_to(_word)


def _firewall(world: World, ask: Ask, old: Thing | None) -> None:
    server = world.find(ask.id.parent or "")
    if server is None or server.properties["network"]["publicNetworkAccess"] == "Disabled":
        raise invalid("FirewallRuleNotSupported", "A server inside of a network has no firewall rules.")
    not_busy(world, ask.id, server)
    try:
        first, last = (ipaddress.ip_address(ask.body["properties"][f"{which}IpAddress"]) for which in ("start", "end"))
    except ValueError as error:
        raise invalid(
            "InvalidParameterValue", f"Invalid value given for an address of a firewall rule: {error}"
        ) from error
    if first > last:  # type: ignore[operator]
        raise invalid("InvalidParameterValue", "The first address of a firewall rule is above the last.")


kind(Kind(f"{SERVER}/backups", _backup, slow=False, tracked=False, made=200, pattern=r"[\w-]{1,128}", state=stateless))
kind(Kind(f"{SERVER}/firewallRules", _firewall, tracked=False, pattern=r"[\w-]{1,128}", state=stateless))
