"""Parameters of a MySQL server, and what is sold of servers. The list of parameters is a choice: those that an application is tuned by."""

from __future__ import annotations

import re
from typing import Any

from .doings import ordered
from .kinds import Answer, Ask, Body, Refusal, action, invalid
from .rules import not_busy
from .things import Thing, World

_SERVER = "Microsoft.DBforMySQL/flexibleServers"
_GIB = 1 << 30
# Default, what is allowed, whether it takes hold at once.
_PARAMETERS: dict[str, tuple[str, str, bool]] = {
    "binlog_expire_logs_seconds": ("0", "0-4294967295", True),
    "innodb_buffer_pool_size": ("", "", False),
    "innodb_flush_log_at_trx_commit": ("1", "0,1,2", True),
    "innodb_io_capacity": ("200", "100-1000000", True),
    "innodb_lock_wait_timeout": ("50", "1-3600", True),
    "innodb_redo_log_capacity": ("1073741824", "8388608-137438953472", True),
    "long_query_time": ("10", "0-31536000", True),
    "max_connections": ("", "", True),
    "slow_query_log": ("OFF", "ON,OFF", True),
    "sync_binlog": ("1", "0-4294967295", True),
    "table_open_cache": ("2000", "1-4000", True),
    "thread_cache_size": ("-1", "-1-16384", True),
    "time_zone": ("SYSTEM", r"[+-][0-1]{0,1}[0-9]:[0-5][0-9]|SYSTEM", True),
    "wait_timeout": ("28800", "60-172800", True),
}
# GiB of memory for each vCore (Azure docs, "Flexible Server service tiers").
_MEMORY = {"B": 4, "D": 4, "E": 8}


def defaults_of(sku: str) -> dict[str, dict[str, Any]]:
    """The parameters of a new server of that size."""
    made = {}
    for name, (default, allowed, dynamic) in _PARAMETERS.items():
        if name == "max_connections":
            # Azure docs, "Server parameters": 85.3 for each GiB, at most twice as many.
            default, allowed = str(_gib(sku) * 256 // 3), f"10-{_gib(sku) * 512 // 3 + 1}"
        elif name == "innodb_buffer_pool_size":
            half, most = _gib(sku) * _GIB // 2, _gib(sku) * _GIB * 3 // 4
            default, allowed = str(half), f"134217728-{most}"
        made[name] = {
            "value": default,
            "default": default,
            "allowed": allowed,
            "dynamic": dynamic,
            "pending": False,
            "source": "system-default",
        }
    return made


def _gib(sku: str) -> int:
    found = re.match(r"Standard_([BDE])(\d+)", sku)
    return _MEMORY[found[1]] * int(found[2]) if found else 4


def _shown(thing: Thing, name: str) -> Body:
    it = thing.secret["parameters"][name]
    word = {True: "True", False: "False"}
    properties = {
        "value": it["value"], "currentValue": it["value"], "defaultValue": it["default"], "dataType": "Integer", "allowedValues": it["allowed"],
        "source": it["source"], "isReadOnly": "False", "isConfigPendingRestart": word[it["pending"]], "isDynamicConfig": word[it["dynamic"]],
        "description": name.replace("_", " "),
    }  # fmt: skip
    return {
        "id": f"{thing.id.text}/configurations/{name}",
        "name": name,
        "type": f"{_SERVER}/configurations",
        "properties": properties,
    }


def _server_of(world: World, ask: Ask) -> Thing:
    server = world.find(
        ask.id.parent if ask.id.type.lower().endswith("/configurations") and ask.id.parent else ask.id.text
    )
    if server is None:
        raise Refusal(404, "ParentResourceNotFound", f"There is no server of {ask.id.text}.")
    return server


@action("GET", f"{_SERVER}/configurations")
def every(world: World, ask: Ask) -> Answer:
    """All parameters."""
    server = _server_of(world, ask)
    word = ask.query.get("keyword", "")
    return Answer(
        200, {"value": [_shown(server, name) for name in server.secret["parameters"] if word in name]}, listed=True
    )


@action("GET", f"{_SERVER}/configurations/")
def one(world: World, ask: Ask) -> Answer:
    """One parameter."""
    server = _server_of(world, ask)
    return Answer(200, _shown(server, _known(server, ask.id.name)))


def _known(server: Thing, name: str) -> str:
    if name not in server.secret["parameters"]:
        raise Refusal(
            404,
            "ConfigurationNotExists",
            f"The configuration {name} does not exist for server version {server.properties['version']}.",
        )
    return name


def _allowed(name: str, value: str, allowed: str) -> None:
    if found := re.fullmatch(r"(-?\d+)-(\d+)", allowed):
        fits = re.fullmatch(r"-?\d+", value) is not None and int(found[1]) <= int(value) <= int(found[2])
    elif "|" in allowed:
        fits = re.fullmatch(allowed, value) is not None
    else:
        fits = value.upper() in allowed.split(",")
    if not fits:
        raise invalid(
            "InvalidParameterValue",
            f"Invalid value given for parameter '{name}': {value}. Specify a valid parameter value: {allowed}.",
        )


def _set(server: Thing, name: str, given: Body) -> None:
    it = server.secret["parameters"][_known(server, name)]
    value = (
        it["default"]
        if given.get("source") == "system-default" and given.get("value") is None
        else str(given.get("value"))
    )
    it["pending"] |= value != it["value"] and not it["dynamic"]
    it["value"] = value
    it["source"] = (
        "system-default" if value == it["default"] and given.get("source") != "user-override" else "user-override"
    )


def _change(world: World, ask: Ask) -> Answer:
    server = _server_of(world, ask)
    not_busy(world, ask.id, server)
    given, name = (ask.body or {}).get("properties") or {}, _known(server, ask.id.name)
    _allowed(name, str(given.get("value")), server.secret["parameters"][name]["allowed"])
    return ordered(world, ask, server, lambda: _set(server, name, given))


action("PUT", f"{_SERVER}/configurations/")(_change)
action("PATCH", f"{_SERVER}/configurations/")(_change)


@action("POST", f"{_SERVER}/updateConfigurations")
def several(world: World, ask: Ask) -> Answer:
    """Several at once; they hold when the doing ends."""
    server = _server_of(world, ask)
    not_busy(world, ask.id, server)
    given = ask.body.get("value") or []
    for it in given:
        name = _known(server, it.get("name", ""))
        _allowed(name, str(it.get("properties", {}).get("value")), server.secret["parameters"][name]["allowed"])

    def done() -> None:
        for it in given:
            _set(server, it["name"], it["properties"])

    return ordered(world, ask, server, done)
