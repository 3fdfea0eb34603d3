"""What happens to a call between client and moto, in order: understood, held against the model, faults, replay, rules, moto, time, pages."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from . import decode, encode, errors, models, rules, validate
from .errors import Refusal, spelling
from .faults import CUTTING, Faults, Rule
from .journal import Gate, Journal
from .late import Late
from .paging import Paging
from .replay import Replay
from .rules.secrets import unconfirmed
from .rules.texts import check_tags
from .slow import Slow
from .upstream import Moto
from .world import world


# Where somebody else works, and where a test looks at the world.
_REGION = "us-east-1"


class Cut(Exception):
    """The connection is to end without an answer. `hard`: with a reset."""

    def __init__(self, hard: bool) -> None:
        super().__init__("cut")
        self.hard = hard


@dataclass
class Desk:
    """All that the proxy remembers; moto remembers the rest."""

    moto: Moto
    journal: Journal = field(default_factory=Journal)
    faults: Faults = field(default_factory=Faults)
    gate: Gate = field(default_factory=Gate)
    replay: Replay = field(default_factory=Replay)
    replaying: bool = True
    paging: Paging = field(default_factory=Paging)
    slow: Slow = field(default_factory=Slow)
    late: Late = field(default_factory=Late)
    caches: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    # moto locks nothing: two calls at once could see half of each other. One after the other, a run is also the same again.
    lock: threading.RLock = field(default_factory=threading.RLock)

    def reset(self) -> None:
        """Forgets everything, in moto too."""
        with self.lock:
            self.moto.reset()
            self.journal.clear()
            self.faults.replace([])
            self.replay = Replay()
            self.replaying = True
            self.paging = Paging()
            self.slow = Slow()
            self.late = Late()
            self.caches = {}
        self.gate.set(None, True)

    def outside(self, service: str, operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
        """What somebody else does, with other tools: straight to moto, in no journal, and nothing goes wrong."""
        with self.lock:
            return self.moto.call(service, operation, parameters, _stranger(service, operation).authorization)

    def world(self) -> list[dict[str, Any]]:
        """Everything that exists."""
        with self.lock:
            return world(Look(self, _stranger("ec2", "DescribeVpcs")))

    def serve(self, http: decode.Http, client_is_gone: Callable[[], bool]) -> encode.Answer:
        """The answer to a request; `Cut` where there is none."""
        try:
            call = decode.identify(http)
        except Refusal as refused:
            self.journal.enter({"service": "?", "operation": "?", "outcome": refused.code, "message": refused.message})
            return encode.refusal(refused, decode.guess_protocol(http), "unknown")
        if call is None:
            return self._unchecked(http)
        try:
            call.parameters = decode.read(call, http)
            unread = None
        except Refusal as refused:
            unread = refused
        entry = self.journal.open(call)
        hold_after, waited = self.gate.arrive(entry)
        if waited and client_is_gone():
            # Killed before this call reached the cloud: it never does.
            entry["outcome"] = "client gone, not carried out"
            raise Cut(hard=False)
        try:
            return self._answer(call, entry, unread)
        finally:
            self.gate.hold(entry) if hold_after else self.gate.depart()

    def _answer(self, call: decode.Call, entry: dict[str, Any], unread: Refusal | None) -> encode.Answer:
        try:
            struck = self.faults.strike(call.service, call.name, models.writes(call.name))
            if struck:
                entry["fault"] = struck.do
                self._strike_before(struck, call)
            if unread:
                raise unread
            result = self._carry_out(call, entry)
            entry["outcome"] = "done"
            answer = encode.answer(result, call.operation, call.protocol)
        except Refusal as refused:
            entry["outcome"], entry["message"] = refused.code, refused.message
            answer = encode.refusal(refused, call.protocol, call.service, call.query_mode)
            struck = None if entry.get("fault") not in CUTTING else struck
        if struck and struck.do == "answered-but-lost":
            entry["outcome"] += ", answer lost"
            raise Cut(hard=True)
        return answer

    @staticmethod
    def _strike_before(struck: Rule, call: decode.Call) -> None:
        if struck.do in ("reset", "drop-before"):
            raise Cut(hard=struck.do == "reset")
        if struck.do == "delay":
            threading.Event().wait(struck.delay_ms / 1000)
        elif struck.do not in CUTTING:
            raise errors.injected(struck.do, call.service, call.name, call.protocol)

    def _carry_out(self, call: decode.Call, entry: dict[str, Any]) -> dict[str, Any]:
        validate.check(call.parameters, call.operation.input_shape, spelling(call.service, call.protocol))
        call.parameters = {**models.ASSUMED.get((call.service, call.name), {}), **call.parameters}
        with self.lock:
            if self.replaying and (stored := self.replay.find(call)) is not None:
                entry["replayed"] = True
                return stored
            check_tags(call)
            self.slow.refuse_if_busy(call)
            try:
                rules.check(call, Look(self, call))
            except rules.Same as same:
                return same.result
            before = self._ghost(call)
            result = self._ask(call)
            unconfirmed(call, result)
            self._remember(call)
            self.slow.started(call, result, before)
            self.slow.overlay(call.service, call.name, call.region, call.parameters, result, count=True)
            if models.writes(call.name):
                self.replay.keep(call, result)
                self.late.made(call, result)
            return result

    def _ask(self, call: decode.Call) -> dict[str, Any]:
        def ask(parameters: dict[str, Any]) -> dict[str, Any]:
            result = self.moto.call(call.service, call.name, parameters, call.authorization)
            return self.late.hide(call, result)

        try:
            return self.paging.list(call, ask)
        except Refusal:
            if (ghost := self.slow.ghost_of(call)) is not None:
                return ghost
            raise

    def _ghost(self, call: decode.Call) -> dict[str, Any] | None:
        kind = self.slow.ghost_wanted(call)
        if kind is None:
            return None
        look = Look(self, call)
        found = look(kind.service, kind.describe, kind.result_key)
        identity = call.parameters.get(kind.identity)
        return next((row for row in found if row.get(kind.identity) == identity), None)

    def _remember(self, call: decode.Call) -> None:
        if call.service == "elasticache" and call.name in ("CreateReplicationGroup", "ModifyReplicationGroup"):
            key = (call.region, str(call.parameters["ReplicationGroupId"]))
            self.caches[key] = {**self.caches.get(key, {}), **call.parameters}

    def _unchecked(self, http: decode.Http) -> encode.Answer:
        _, region, signing_name = decode.scope(http)
        entry = {
            "service": signing_name,
            "operation": f"{http.method} {http.path.split('?')[0]}",
            "region": region,
            "writing": http.method not in ("GET", "HEAD"),
            "checked": False,
        }
        self.journal.enter(entry)
        with self.lock:
            status, headers, body = self.moto.raw(http.method, http.path, http.headers, http.body)
        entry["outcome"] = "done" if status < 400 else str(status)
        kept = {
            key: value
            for key, value in headers.items()
            if key not in ("connection", "transfer-encoding", "server", "date")
        }
        return encode.Answer(status, kept, body)


def _stranger(service: str, operation: str) -> decode.Call:
    """A call that no client made."""
    model = models.operation(service, operation)
    if model is None:
        raise KeyError(f"{service} has no operation {operation}")
    signing = next(signed for signed, name in models.SIGNING_NAMES.items() if name == service)
    scope = f"double/20260101/{_REGION}/{signing}/aws4_request"
    authorization = f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"
    return decode.Call(service, model, models.protocol_to_moto(service), _REGION, "double", authorization)


class Look:
    """How rules look at what there is, with the client's credentials and region."""

    def __init__(self, desk: Desk, call: decode.Call) -> None:
        self.desk = desk
        self.call = call

    def __call__(self, service: str, operation: str, key: str, /, **parameters: Any) -> list[dict[str, Any]]:
        """The list under `key` of what moto answers; what is still being deleted is in it."""
        # The scope names the service that the client signed for; moto takes the service from it.
        signing = next(signed for signed, name in models.SIGNING_NAMES.items() if name == service)
        of_call = next(signed for signed, name in models.SIGNING_NAMES.items() if name == self.call.service)
        authorization = self.call.authorization.replace(f"/{of_call}/aws4_request", f"/{signing}/aws4_request")
        pages = models.pages(service, operation)
        wanted = dict(parameters)
        rows: list[dict[str, Any]] = []
        while True:
            result = self.desk.moto.call(service, operation, wanted, authorization)
            self.desk.slow.overlay(service, operation, self.call.region, parameters, result, count=False)
            rows += result.get(key) or []
            if not pages or not result.get(pages.output_token):
                return rows
            wanted[pages.input_token] = result[pages.output_token]

    def caches_with(self, member: str, value: str) -> list[str]:
        """Replication groups that were made with that value."""
        there = {
            group["ReplicationGroupId"]
            for group in self("elasticache", "DescribeReplicationGroups", "ReplicationGroups")
        }
        found = []
        for (region, name), made in self.desk.caches.items():
            given = made.get(member)
            if (
                region == self.call.region
                and name in there
                and (given == value or (isinstance(given, list) and value in given))
            ):
                found.append(name)
        return found
