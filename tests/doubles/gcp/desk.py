"""What happens to a call, in order: which service and method, faults, held against the description, carried out, in pages, the answer
held against the description."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import shared
from aws.decode import Http
from aws.desk import Cut
from aws.encode import Answer as Wire
from aws.faults import CUTTING, Faults, Rule
from shared import pass_gate

from . import wire
from .describe import Described, Description, Undescribed
from .permissions import permissions
from .masking import masked
from .world import METHODS, Answer, Refusal, Request, World, paged

# Methods that change nothing though they are no GET.
_READING = ("Operations.wait", ".testIamPermissions", ".getHealth", "listManagedInstances", "listInstances", "listErrors")


@dataclass
class Call:
    """A request, as far as it was understood."""

    http: Http
    host: str
    method: Described
    path: dict[str, str]
    query: dict[str, list[str]]
    place: str
    body: Any


@dataclass
class Desk(shared.Desk):
    """All that the double remembers."""

    description: Description
    anonymous: bool = True
    world: World = field(default_factory=World)
    faults: Faults = field(default_factory=lambda: Faults(more={"disabled"}), kw_only=True)

    def reset(self) -> None:
        """Forgets everything."""
        with self.lock:
            self.world = World()
        self.forget()

    def serve(self, http: Http, client_is_gone: Callable[[], bool]) -> Wire:
        """The answer to a request; `Cut` where there is none."""
        entry: dict[str, Any] = {"service": "unknown", "operation": f"{http.method} {http.path}", "outcome": "underway"}
        entry["writing"] = http.method != "GET"
        try:
            call = self._understood(http)
        except Undescribed as error:
            said = Refusal(400, wire.NOT_DESCRIBED, str(error))
            return pass_gate(self, entry, client_is_gone, lambda: self._refused(said, "unknown", entry))
        entry |= {
            "service": call.method.service,
            "operation": call.method.id,
            "path": call.place,
            "parameters": masked({**{key: value[0] for key, value in call.query.items()}, "body": call.body}),
            "writing": entry["writing"] and not call.method.id.endswith(_READING),
            "permissions": permissions(call.method.id, call.body, call.place),
        }
        return pass_gate(self, entry, client_is_gone, lambda: self._answer(call, entry))

    def _understood(self, http: Http) -> Call:
        """Service and method: the service's host is the first part of the path, or the Host header, or nowhere."""
        parts = urlsplit(http.path)
        first, _, rest = parts.path.lstrip("/").partition("/")
        header = http.headers.get("host", "").split(":")[0]
        host, path = (first, f"/{rest}") if first.endswith(".googleapis.com") else (header, parts.path)
        known = host if host.endswith(".googleapis.com") else None
        if known and known not in self.description.methods:
            raise Undescribed(f"there is no service {known} here: there are {self.description.hosts}")
        method, names = self.description.find(known, http.method, path)
        try:
            body = json.loads(http.body) if http.body else None
        except ValueError as error:
            raise Undescribed(f"{method.id}: the body is no JSON: {error}") from error
        host = known or next(host for host, methods in self.description.methods.items() if method in methods)
        place = path.lstrip("/").removeprefix("compute/").split("/", 1)[1]
        return Call(http, host, method, names, parse_qs(parts.query, keep_blank_values=True), place, body)

    def _answer(self, call: Call, entry: dict[str, Any]) -> Wire:
        method = call.method
        struck = self.faults.strike(method.service, method.id, entry["writing"])
        try:
            if struck:
                entry["fault"] = struck.do
                self._strike_before(struck, call, entry)
            with self.lock:
                answer = self.carry_out(call)
                body = json.loads(json.dumps(answer.body))
                if answer.listed:
                    body = paged(answer, body, call.query, self.most_per_page)
            entry["outcome"] = "done"
        except Refusal as refused:
            return self._refused(refused, method.service, entry)
        try:
            numbers = "enum-encoding=int" in (call.query.get("$alt") or [""])[0]
            body = method.answer(body, numbers=numbers)
        except Undescribed as error:
            # The double's own mistake: a test looks for it.
            entry["wrong_answer"] = str(error)
        if struck and struck.do == "answered-but-lost":
            entry["outcome"] += ", answer lost"
            raise Cut(hard=True)
        return Wire(200, _HEADERS, json.dumps(body).encode())

    def carry_out(self, call: Call) -> Answer:
        """Whatever the world says to a call; refused if it is not described."""
        self._authenticate(call.http)
        try:
            call.method.query(call.query)
            body = call.method.request(call.body, call.path)
        except Undescribed as error:
            raise Refusal(400, wire.NOT_DESCRIBED, str(error)) from error
        request = Request(call.method.id, call.method.service, call.path, call.query, body, call.place)
        if call.host in self.world.disabled:
            raise wire.disabled(call.host, self._number(call))
        handler = METHODS.get(call.method.id)
        if handler is None:
            raise Refusal(400, "notImplementedByDouble", f"the double does not carry out {call.method.id}")
        answer = handler(self.world, request)
        self.world.settle()
        return answer

    def _number(self, call: Call) -> str:
        """The number of the project that a call is for; where the path names none, of any."""
        parts = call.place.split("/")
        known = next(iter(self.world.projects), "somebody")
        return self.world.project_number(parts[1] if parts[0] == "projects" else known)

    def outside(self, http: Http) -> Any:
        """What somebody else does with other tools: in no journal, at once."""
        with self.lock:
            try:
                self.world.hasty = True
                return self.carry_out(self._understood(http)).body
            finally:
                self.world.hasty = False

    def _authenticate(self, http: Http) -> None:
        scheme, _, token = http.headers.get("authorization", "").partition(" ")
        if token == "expired":
            raise wire.unauthenticated("ACCESS_TOKEN_EXPIRED")
        if scheme != "Bearer" and not self.anonymous:
            raise wire.unauthenticated("CREDENTIALS_MISSING")

    def _strike_before(self, struck: Rule, call: Call, entry: dict[str, Any]) -> None:
        service, host = call.method.service, call.host
        if struck.do in ("reset", "drop-before"):
            entry["outcome"] = "cut, not carried out"
            raise Cut(hard=struck.do == "reset")
        if struck.do == "delay":
            threading.Event().wait(struck.delay_ms / 1000)
        if struck.do in CUTTING:
            return
        needed = (entry["permissions"] or [call.method.id])[0]
        raise {
            "throttle": lambda: wire.throttled(service, host, entry["number"]),
            "500": wire.failed,
            "deny": lambda: wire.denied(service, host, needed, call.place),
            "expired": lambda: wire.unauthenticated("ACCESS_TOKEN_EXPIRED"),
            "quota": lambda: wire.over_quota(service, host),
            "capacity": lambda: wire.no_capacity(service),
            "disabled": lambda: wire.disabled(host, self._number(call)),
        }[struck.do]()

    def _refused(self, refused: Refusal, service: str, entry: dict[str, Any]) -> Wire:
        entry["outcome"], entry["message"] = str(refused.status), refused.message
        if refused.reason == wire.NOT_DESCRIBED:
            entry["not_described"] = True
        headers = dict(_HEADERS)
        if refused.status == 429 and self.retry_after_s is not None:
            headers["retry-after"] = str(self.retry_after_s)
        return Wire(refused.status, headers, wire.body(refused, service))


_HEADERS = {"content-type": "application/json; charset=UTF-8"}
