"""Cuts lists into pages, so that a client that does not page loses things. moto ignores the limit in many calls."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from . import models
from .decode import Call
from .errors import Refusal, spelling

_MOST_ROUNDS = 1000
_MOST_BEGUN = 1000


@dataclass
class Paging:
    """How long a page is at most; `None`: as long as the client asks."""

    most: int | None = None
    # Lists as they were when their first page was asked for: what is removed between two pages hides nothing of the rest, as with
    # the cursors of the cloud.
    _begun: dict[int, list[tuple[str, Any]]] = field(default_factory=dict)

    def list(self, call: Call, ask: Callable[[dict[str, Any]], dict[str, Any]]) -> dict[str, Any]:
        """The page that the call asks for; `ask` puts parameters to moto."""
        pages = models.pages(call.service, call.name)
        if pages is None:
            return ask(call.parameters)
        bare = {key: value for key, value in call.parameters.items() if key not in (pages.input_token, pages.limit_key)}
        digest = hashlib.sha256(json.dumps(bare, sort_keys=True, default=str).encode()).hexdigest()[:16]
        start, begun = self._start(call, pages, digest)
        whole = self._whole(bare, pages, ask)
        limit = call.parameters.get(pages.limit_key) if pages.limit_key else None
        length = min((int(n) for n in (limit, self.most) if n), default=None)
        # A list in several parts (alarms of metrics, alarms of alarms) is cut as one.
        rows = [(key, row) for key in pages.result_keys for row in whole.get(key) or []]
        rows = self._begun.get(begun, rows) if begun is not None else rows
        whole.pop(pages.output_token, None)
        page = rows[start:] if length is None else rows[start : start + length]
        for key in pages.result_keys:
            if key in whole:
                whole[key] = [row for of, row in page if of == key]
        if start + len(page) < len(rows):
            if begun is None:
                begun = max(self._begun, default=0) + 1
                self._begun[begun] = rows
                self._begun.pop(begun - _MOST_BEGUN, None)
            token = json.dumps({"from": start + len(page), "of": digest, "begun": begun})
            whole[pages.output_token] = base64.urlsafe_b64encode(token.encode()).decode()
        return whole

    def _start(self, call: Call, pages: models.Pages, digest: str) -> tuple[int, int | None]:
        token = call.parameters.get(pages.input_token)
        if not token:
            return 0, None
        try:
            read = json.loads(base64.urlsafe_b64decode(token))
            if read["of"] == digest and read["begun"] in self._begun:
                return int(read["from"]), int(read["begun"])
        except (ValueError, KeyError, TypeError):
            pass
        code = "InvalidNextToken" if call.service != "ec2" else "InvalidParameterValue"
        if pages.limit_key == "MaxRecords":
            code = spelling(call.service, call.protocol).value
        raise Refusal(code, f"{pages.input_token} is not a token of this list")

    @staticmethod
    def _whole(
        bare: dict[str, Any], pages: models.Pages, ask: Callable[[dict[str, Any]], dict[str, Any]]
    ) -> dict[str, Any]:
        whole = dict(ask(bare))
        token = whole.get(pages.output_token)
        for _ in range(_MOST_ROUNDS):
            if not token:
                return whole
            more = ask({**bare, pages.input_token: token})
            for key in pages.result_keys:
                whole[key] = [*(whole.get(key) or []), *(more.get(key) or [])]
            token = more.get(pages.output_token)
        raise Refusal("NotImplementedByDouble", f"moto does not stop paging {pages.result_keys}")
