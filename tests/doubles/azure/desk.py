"""What happens to a call, in order: understood, held against the description, faults, carried out, in pages, the answer held against
the description."""

from __future__ import annotations

import copy
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

import shared
from aws.decode import Http
from aws.desk import Cut
from aws.encode import Answer as Wire
from aws.faults import CUTTING, Faults, Rule
from shared import pass_gate

from .call import VAULT, Call
from .describe import Description, Undescribed
from .world import Answer, Refusal, World, answer, answer_of_vault, is_poll, settle
from .world.ids import parse
from .world.kinds import Ask
from .world.secrets import NoSuchHost
from .world.things import HOME, TENANT

# What the faults say, as the cloud says it.
_FAULTS = {
    "throttle": (429, "TooManyRequests", "The request is being throttled as the limit has been reached for operation type."),
    "500": (500, "InternalServerError", "An error has occurred in the service."),
    "expired": (401, "ExpiredAuthenticationToken", "The access token expiry UTC time is earlier than current UTC time."),
    "quota": (409, "QuotaExceeded", "Operation could not be completed as it results in exceeding approved quota."),
    "capacity": (409, "AllocationFailed", "Allocation failed. We do not have sufficient capacity for the requested VM size in this region."),
    "unregistered": (409, "MissingSubscriptionRegistration", "The subscription is not registered to use namespace '{service}'."),
}  # fmt: skip
# What the double alone says: the cloud may take it, and nobody promised that it does.
_NOT_DESCRIBED = "NotDescribed"


@dataclass
class Desk(shared.Desk):
    """All that the double remembers."""

    description: Description
    world: World = field(default_factory=World)
    faults: Faults = field(default_factory=lambda: Faults(more={"unregistered"}), kw_only=True)

    def reset(self) -> None:
        """Forgets everything."""
        with self.lock:
            self.world = World()
        self.forget()

    def serve(self, http: Http, client_is_gone: Callable[[], bool]) -> Wire:
        """The answer to a request; `Cut` where there is none."""
        call = Call.read(http)
        wire: Wire = pass_gate(self, call.entry, client_is_gone, lambda: self._answer(http, call))
        return wire

    def outside(self, http: Http) -> tuple[int, Any]:
        """What somebody else does: in no journal, and nothing goes wrong."""
        call = Call.read(http)
        try:
            self._check(http, call)
            found = self._carry_out(call)
            return found.status, found.body
        except Refusal as refused:
            return refused.status, _error(refused)
        except Cut:
            return 0, {"error": call.entry["outcome"]}

    def _answer(self, http: Http, call: Call) -> Wire:
        entry = call.entry
        struck = self.faults.strike(entry["service"], entry["operation"], entry["writing"])
        if struck:
            entry["fault"] = struck.do
        try:
            if struck:
                self._strike_before(struck, entry)
            self._check(http, call)
            found = self._carry_out(call)
            entry["outcome"] = "done"
            if found.listed:
                self._page(found, call)
        except Refusal as refused:
            entry["outcome"], entry["message"] = str(refused.status), f"{refused.code}: {refused.message}"
            if refused.code == _NOT_DESCRIBED:
                entry["not_described"] = True
            found = Answer(refused.status, _error(refused))
        if not entry.get("not_described") and not is_poll(call.path):
            self._check_answer(call, found, entry)
        if struck and struck.do == "answered-but-lost":
            entry["outcome"] += ", answer lost"
            raise Cut(hard=True)
        return self._wire(found)

    def _strike_before(self, struck: Rule, entry: dict[str, Any]) -> None:
        if struck.do in ("reset", "drop-before"):
            raise Cut(hard=struck.do == "reset")
        if struck.do == "delay":
            threading.Event().wait(struck.delay_ms / 1000)
        elif struck.do == "deny":
            message = (
                "The client 'double' with object id '33333333-3333-4333-8333-333333333333' does not have authorization"
                f" to perform action '{entry['action']}' over scope '{entry['path'].split('?')[0]}' or the scope is"
                " invalid."
            )
            raise Refusal(403, "AuthorizationFailed", message)
        elif struck.do not in CUTTING:
            status, code, message = _FAULTS[struck.do]
            raise Refusal(status, code, message.format(service=entry["service"]))

    def _check(self, http: Http, call: Call) -> None:
        scheme, _, token = http.headers.get("authorization", "").partition(" ")
        if scheme != "Bearer" or not token:
            raise Refusal(401, "AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing.")
        if token == "expired":
            raise Refusal(*_FAULTS["expired"])
        if call.broken:
            raise Refusal(
                400, "InvalidRequestContent", "The request content was invalid and could not be deserialized."
            )
        if is_poll(call.path):
            return
        try:
            found = self.description.check_request(call.plane, http.method, call.path, call.query, call.body)
        except Undescribed as error:
            raise Refusal(400, _NOT_DESCRIBED, str(error)) from error
        if found.unlisted:
            call.entry["unlisted"] = found.unlisted
        for place, holder, name in found.ignored:
            call.entry.setdefault("ignored", []).append(place)
            holder.pop(name, None)

    def _carry_out(self, call: Call) -> Answer:
        with self.lock:
            settle(self.world)
            body = copy.deepcopy(call.body) if call.body is not None else {}
            if call.vault is not None:
                try:
                    found = answer_of_vault(self.world, call.vault, call.method, call.path, call.query, body)
                except NoSuchHost as error:
                    call.entry["outcome"] = f"there is no vault {error}"
                    raise Cut(hard=False) from error
            else:
                found = answer(
                    self.world, Ask(call.method, parse(call.path), call.query, call.headers, body), call.path
                )
            return Answer(found.status, json.loads(json.dumps(found.body)), found.headers, found.listed)

    def _check_answer(self, call: Call, found: Answer, entry: dict[str, Any]) -> None:
        try:
            self.description.check_answer(call.plane, call.method, call.path, found.status, found.body)
        except Undescribed as error:
            # The double's own mistake: a test looks for it.
            entry["wrong_answer"] = str(error)

    def _page(self, found: Answer, call: Call) -> None:
        """One page of a list; the address of the next is the cloud's own, as it gives it."""
        everything = found.body["value"]
        size = int(call.query.get("$top", call.query.get("maxresults", 1000)))
        size = min(size, self.most_per_page or size)
        start = int(call.query.get("$skiptoken", 0))
        found.body["value"] = everything[start : start + size]
        if start + size < len(everything):
            home = f"https://{call.vault}{VAULT}" if call.vault else HOME
            query = urlencode({**call.query, "$skiptoken": start + size}, quote_via=quote)
            found.body["nextLink"] = f"{home}{call.path}?{query}"

    def _wire(self, found: Answer) -> Wire:
        headers = {"content-type": "application/json; charset=utf-8", **found.headers}
        if found.status == 401:
            headers["www-authenticate"] = (
                f'Bearer authorization="https://login.windows.net/{TENANT}", error="invalid_token"'
            )
        if found.status == 429:
            headers["retry-after"] = str(self.retry_after_s if self.retry_after_s is not None else 1)
        return Wire(found.status, headers, b"" if found.body is None else json.dumps(found.body).encode())


def _error(refused: Refusal) -> dict[str, Any]:
    return {"error": {"code": refused.code, "message": refused.message}}
