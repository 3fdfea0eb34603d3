"""What happens to a call, in order: understood, held against the description, faults, carried out, in pages, the answer held against
the description."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import shared
from aws.decode import Http
from aws.desk import Cut
from aws.encode import Answer as Wire
from aws.faults import CUTTING, Rule
from shared import pass_gate

from .describe import Description, Undescribed
from .world import Refusal, World
from .world.things import Answer, Request, missing, route

# What the faults say, as the cloud says it.
_FAULTS = {
    "throttle": (429, "too_many_requests", "API Rate limit exceeded."),
    "500": (500, "server_error", "Unexpected server-side error"),
    "deny": (403, "forbidden", "You are not authorized to perform this operation"),
    "expired": (401, "unauthorized", "Unable to authenticate you"),
    "quota": (422, "unprocessable_entity", "creating this/these droplet(s) will exceed your droplet limit"),
    "capacity": (422, "unprocessable_entity", "Size is not available in this region."),
}
# What the double alone says: the cloud may take it, and nobody promised that it does.
_NOT_DESCRIBED = "not_described"
_HOME = "https://api.digitalocean.com"


@dataclass
class Desk(shared.Desk):
    """All that the double remembers."""

    description: Description | None
    world: World = field(default_factory=World)

    def reset(self) -> None:
        """Forgets everything."""
        with self.lock:
            self.world = World()
        self.forget()

    def serve(self, http: Http, client_is_gone: Callable[[], bool]) -> Wire:
        """The answer to a request; `Cut` where there is none."""
        parts = urlsplit(http.path)
        query = dict(parse_qsl(parts.query))
        found = route(http.method, parts.path)
        entry: dict[str, Any] = {
            "service": (parts.path.split("/") + ["", ""])[2],
            "operation": f"{http.method} {found[1] if found else parts.path}",
            "path": http.path,
            "writing": http.method != "GET",
            "outcome": "underway",
        }
        try:
            body = json.loads(http.body) if http.body else None
        except ValueError:
            body = None
        entry["parameters"] = json.loads(json.dumps(body))
        return pass_gate(self, entry, client_is_gone, lambda: self._answer(http, parts.path, query, body, entry))

    def _answer(self, http: Http, path: str, query: dict[str, str], body: Any, entry: dict[str, Any]) -> Wire:
        struck = self.faults.strike(entry["service"], entry["operation"], entry["writing"])
        if struck:
            entry["fault"] = struck.do
        try:
            if struck:
                self._strike_before(struck)
            self._check(http, path, query, body)
            with self.lock:
                answer = self._carry_out(http.method, path, query, body)
                answer = Answer(answer.status, json.loads(json.dumps(answer.body)), answer.listed)
            entry["outcome"] = "done"
            if answer.listed and answer.body is not None:
                self._page(answer, answer.listed, path, query)
        except Refusal as refused:
            entry["outcome"], entry["message"] = str(refused.status), refused.message
            if refused.id == _NOT_DESCRIBED:
                entry["not_described"] = True
            answer = Answer(refused.status, {"id": refused.id, "message": refused.message})
        if self.description and not entry.get("not_described"):
            try:
                self.description.check_answer(http.method, path, answer.status, answer.body)
            except Undescribed as error:
                # The double's own mistake: a test looks for it.
                entry["wrong_answer"] = str(error)
        if struck and struck.do == "answered-but-lost":
            entry["outcome"] += ", answer lost"
            raise Cut(hard=True)
        return self._wire(answer)

    def _strike_before(self, struck: Rule) -> None:
        if struck.do in ("reset", "drop-before"):
            raise Cut(hard=struck.do == "reset")
        if struck.do == "delay":
            threading.Event().wait(struck.delay_ms / 1000)
        elif struck.do not in CUTTING:
            raise Refusal(*_FAULTS[struck.do])

    def _check(self, http: Http, path: str, query: dict[str, str], body: Any) -> None:
        scheme, _, token = http.headers.get("authorization", "").partition(" ")
        if scheme != "Bearer" or not token:
            raise Refusal(401, "unauthorized", "Unable to authenticate you")
        if self.description:
            try:
                self.description.check_request(http.method, path, query, http.headers, body)
            except Undescribed as error:
                raise Refusal(400, _NOT_DESCRIBED, str(error)) from error

    def _carry_out(self, method: str, path: str, query: dict[str, str], body: Any) -> Answer:
        found = route(method, path)
        if found is None:
            raise missing()
        handler, template, ids = found
        return handler(self.world, Request(method, template, ids, query, body if isinstance(body, dict) else {}))

    def _page(self, answer: Answer, name: str, path: str, query: dict[str, str]) -> None:
        """One page of a list; addresses of others are the cloud's own, as it gives them."""
        assert answer.body is not None
        everything = answer.body[name]
        size, number = int(query.get("per_page", 20)), int(query.get("page", 1))
        size = min(size, self.most_per_page or size)
        last = max(1, -(-len(everything) // size))

        def address(page: int) -> str:
            pairs = {**query, "page": page, "per_page": size}
            return f"{_HOME}{path}?" + "&".join(f"{key}={value}" for key, value in pairs.items())

        pages = {}
        if number < last:
            pages |= {"next": address(number + 1), "last": address(last)}
        if number > 1:
            pages |= {"first": address(1), "prev": address(number - 1)}
        answer.body[name] = everything[(number - 1) * size : number * size]
        answer.body["links"] = {"pages": pages} if pages else {}
        answer.body["meta"] = {"total": len(everything)}

    def _wire(self, answer: Answer) -> Wire:
        headers = {
            "content-type": "application/json",
            "ratelimit-limit": "5000",
            "ratelimit-remaining": "0" if answer.status == 429 else "4816",
            "ratelimit-reset": str(int(time.time())),
        }
        if answer.status == 429 and self.retry_after_s is not None:
            headers["retry-after"] = str(self.retry_after_s)
        body = b"" if answer.body is None else json.dumps(answer.body).encode()
        return Wire(answer.status, headers, body)
