"""Things take time: what was just made is shown as being made for a while, and what was deleted is still there for a while.

moto has everything ready at once, so a client that does not wait would not be found out."""

from __future__ import annotations

import copy
import time
from dataclasses import dataclass, field
from typing import Any

from .decode import Call
from .errors import Refusal


@dataclass(frozen=True)
class Kind:
    """One kind of thing that takes time."""

    service: str
    describe: str
    result_key: str
    identity: str
    status: tuple[str, ...]
    creating: str
    modifying: str
    deleting: str
    creates: tuple[str, ...]
    modifies: tuple[str, ...]
    deletes: tuple[str, ...]
    member: str
    hidden: tuple[str, ...]
    busy: str


KINDS = {
    "rds": Kind(
        "rds", "DescribeDBInstances", "DBInstances", "DBInstanceIdentifier", ("DBInstanceStatus",),
        "creating", "modifying", "deleting",
        ("CreateDBInstance", "CreateDBInstanceReadReplica", "RestoreDBInstanceFromDBSnapshot", "RestoreDBInstanceToPointInTime"),
        ("ModifyDBInstance", "RebootDBInstance"), ("DeleteDBInstance",), "DBInstance",
        ("Endpoint",), "InvalidDBInstanceState",
    ),
    "elasticache": Kind(
        "elasticache", "DescribeReplicationGroups", "ReplicationGroups", "ReplicationGroupId", ("Status",),
        "creating", "modifying", "deleting",
        ("CreateReplicationGroup",), ("ModifyReplicationGroup", "IncreaseReplicaCount", "DecreaseReplicaCount"),
        ("DeleteReplicationGroup",), "ReplicationGroup", ("NodeGroups", "ConfigurationEndpoint"), "InvalidReplicationGroupState",
    ),
    "nat": Kind(
        "ec2", "DescribeNatGateways", "NatGateways", "NatGatewayId", ("State",),
        "pending", "pending", "deleting",
        ("CreateNatGateway",), (), ("DeleteNatGateway",), "NatGateway", (), "",
    ),
    "balancer": Kind(
        "elbv2", "DescribeLoadBalancers", "LoadBalancers", "LoadBalancerArn", ("State", "Code"),
        "provisioning", "provisioning", "",
        ("CreateLoadBalancer",), (), (), "LoadBalancers", (), "",
    ),
}  # fmt: skip


@dataclass
class Span:
    """How much longer: so many looks, or until a moment."""

    looks: int | None
    until: float | None

    def over(self) -> bool:
        """Whether it has passed."""
        return self.looks <= 0 if self.looks is not None else time.monotonic() >= (self.until or 0)


@dataclass
class Pending:
    """One thing on its way."""

    status: str
    span: Span
    ghost: dict[str, Any] | None = None


@dataclass
class Slow:
    """Which kinds are slow, and what is on its way."""

    settings: dict[str, dict[str, float]] = field(default_factory=dict)
    pending: dict[tuple[str, str, str], Pending] = field(default_factory=dict)

    def set(self, given: dict[str, Any]) -> None:
        """Takes `{kind: describes}` or `{kind: {"describes": n}}` or `{kind: {"seconds": s}}`."""
        settings = {}
        for kind, value in given.items():
            if kind not in KINDS:
                raise ValueError(f"no kind is called {kind}: there are {sorted(KINDS)}")
            value = value if isinstance(value, dict) else {"describes": value}
            if set(value) not in ({"describes"}, {"seconds"}):
                raise ValueError(f"{kind} takes describes or seconds")
            settings[kind] = value
        self.settings = settings

    def _span(self, kind: str) -> Span:
        setting = self.settings[kind]
        if "describes" in setting:
            return Span(int(setting["describes"]), None)
        return Span(None, time.monotonic() + setting["seconds"])

    def refuse_if_busy(self, call: Call) -> None:
        """Refuses to change what is not ready, as AWS does."""
        for name, kind in KINDS.items():
            if call.service != kind.service:
                continue
            found = self.pending.get((name, call.region, str(call.parameters.get(kind.identity))))
            if found is None or found.span.over():
                continue
            identity = call.parameters.get(kind.identity)
            if call.name in kind.creates and found.ghost is not None:
                code = "DBInstanceAlreadyExists" if name == "rds" else "ReplicationGroupAlreadyExists"
                raise Refusal(code, f"{identity} already exists ({found.status})")
            if call.name not in kind.creates and kind.busy and not call.name.startswith("Describe"):
                raise Refusal(kind.busy, f"{identity} is not available: it is {found.status}")

    def started(self, call: Call, result: dict[str, Any], before: dict[str, Any] | None) -> None:
        """Notes what a call began, and shows it so in the call's own answer."""
        for name, kind in KINDS.items():
            if name not in self.settings or call.service != kind.service:
                continue
            shown = result.get(kind.member)
            shown = shown[0] if isinstance(shown, list) and shown else shown
            identity = (shown or {}).get(kind.identity) or call.parameters.get(kind.identity)
            key = (name, call.region, str(identity))
            if call.name in kind.creates:
                self.pending[key] = Pending(kind.creating, self._span(name))
            elif call.name in kind.modifies:
                self.pending[key] = Pending(kind.modifying, self._span(name))
            elif call.name in kind.deletes and kind.deleting:
                self.pending[key] = Pending(kind.deleting, self._span(name), before)
            else:
                continue
            if shown:
                _show(shown, kind, self.pending[key].status)

    def ghost_wanted(self, call: Call) -> Kind | None:
        """The kind whose state has to be looked at before the call deletes it."""
        for name, kind in KINDS.items():
            if name in self.settings and call.service == kind.service and call.name in kind.deletes and kind.deleting:
                return kind
        return None

    def ghost_of(self, call: Call) -> dict[str, Any] | None:
        """What a description by name of something on its way out says, though moto has it no more."""
        for name, kind in KINDS.items():
            if (call.service, call.name) == (kind.service, kind.describe):
                found = self.pending.get((name, call.region, str(call.parameters.get(kind.identity))))
                if found and found.ghost is not None and not found.span.over():
                    return {kind.result_key: []}
        return None

    def overlay(
        self, service: str, operation: str, region: str, parameters: dict[str, Any], result: dict[str, Any], count: bool
    ) -> None:
        """Shows what is on its way in a description. `count`: the client looked, not a rule."""
        for name, kind in KINDS.items():
            if (service, operation) != (kind.service, kind.describe):
                continue
            rows = list(result.get(kind.result_key) or [])
            there = {row.get(kind.identity): row for row in rows}
            asked = parameters.get(kind.identity)
            for key, found in list(self.pending.items()):
                if key[:2] != (name, region) or (asked and asked != key[2]):
                    continue
                if found.span.over():
                    del self.pending[key]
                    continue
                row = there.get(key[2])
                if row is None and found.ghost is not None:
                    row = copy.deepcopy(found.ghost)
                    rows.append(row)
                if row is None:
                    continue
                _show(row, kind, found.status)
                if count and found.span.looks is not None:
                    found.span.looks -= 1
            result[kind.result_key] = rows


def _show(row: dict[str, Any], kind: Kind, status: str) -> None:
    at = row
    for part in kind.status[:-1]:
        at = at.setdefault(part, {})
    at[kind.status[-1]] = status
    if status == kind.creating:
        for hidden in kind.hidden:
            row.pop(hidden, None)
