"""Google's own descriptions (discovery documents), and requests and answers held against them: host, path, method, query and body.

The documents come with google-api-python-client. `memorystore.v1.json` beside this file has their form and is written by hand
(README.md says from what)."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import googleapiclient

from .values import Checker, Undescribed

__all__ = ["Described", "Description", "Undescribed"]

_DOCUMENTS = Path(googleapiclient.__file__).parent / "discovery_cache" / "documents"
_SERVICES = (
    "compute.v1", "sqladmin.v1", "redis.v1", "memorystore.v1", "monitoring.v3", "secretmanager.v1", "servicenetworking.v1",
    "networkconnectivity.v1", "serviceusage.v1", "cloudresourcemanager.v1", "cloudresourcemanager.v3", "certificatemanager.v1",
)  # fmt: skip
# Google's system parameters may be written with a dollar sign (cloud.google.com/apis/docs/system-parameters).
_SYSTEM = {"$alt", "$apiVersion", "$prettyPrint", "$fields", "$userProject", "$outputDefaults"}


@dataclass(frozen=True)
class Described:
    """A method that a document has."""

    service: str
    id: str
    http: str
    template: str
    method: dict[str, Any]
    checker: Checker
    general: dict[str, Any]

    def query(self, given: dict[str, list[str]]) -> None:
        """Refuses query parameters that are not described."""
        known = {name: it for name, it in self.method.get("parameters", {}).items() if it["location"] == "query"}
        for name, values in given.items():
            if name in _SYSTEM or name in self.general:
                continue
            if name not in known:
                raise Undescribed(f"{self.id} has no query parameter {name}")
            if len(values) > 1 and not known[name].get("repeated"):
                raise Undescribed(f"{self.id} takes {name} once")
            for value in values:
                if value or known[name].get("required"):
                    self.checker.text(known[name], value, f"{self.id} {name}")
        for name, it in known.items():
            if it.get("required") and not given.get(name):
                raise Undescribed(f"{self.id} needs {name}")

    def request(self, body: Any, path: dict[str, str]) -> Any:
        """The body as the cloud takes it: enumerations by name. Refuses what is not described."""
        described = self.method.get("request")
        if described is None:
            # An empty object is what clients send where there is nothing to say.
            if body not in (None, {}):
                raise Undescribed(f"{self.id} takes no body")
            return {}
        named = next(reversed(path.values()), None) if self.http in ("PATCH", "PUT") else None
        return self.checker.request(self.id, described, {} if body is None else body, named)

    def answer(self, body: Any, *, numbers: bool) -> Any:
        """The body as it goes over the wire. Refuses what the document does not have."""
        described = self.method.get("response")
        if described is None:
            if body not in (None, {}):
                raise Undescribed(f"{self.id} answers no body")
            return body
        return self.checker.answer(self.id, described, {} if body is None else body, numbers)


class Description:
    """What the services say of themselves."""

    def __init__(self) -> None:
        self.methods: dict[str, list[Described]] = {}
        self.ids: dict[str, Described] = {}
        for name in _SERVICES:
            self._add(name.split(".")[0], _read(name))

    def _add(self, service: str, read: dict[str, Any]) -> None:
        checker = Checker(service, read["schemas"])
        host = read["rootUrl"].removeprefix("https://").strip("/")

        def walk(node: dict[str, Any]) -> None:
            for method in node.get("methods", {}).values():
                template = "/" + read["servicePath"] + method.get("flatPath", method["path"])
                made = Described(service, method["id"], method["httpMethod"], template, method, checker, read["parameters"])
                self.methods.setdefault(host, []).append(made)
                self.ids.setdefault(made.id, made)
            for further in node.get("resources", {}).values():
                walk(further)

        walk(read)

    @property
    def hosts(self) -> list[str]:
        """Every service's host."""
        return list(self.methods)

    def find(self, host: str | None, http: str, path: str) -> tuple[Described, dict[str, str]]:
        """The method that a request means, and what stands in its path; without a host only one service may have it."""
        found = []
        for methods in [self.methods[host]] if host else self.methods.values():
            for method in methods:
                if method.http != http or method.template.count("/") != path.count("/"):
                    continue
                fits = _pattern(method.template).fullmatch(path)
                if fits:
                    found.append((method, {name: unquote(value) for name, value in fits.groupdict().items()}))
        if not found:
            raise Undescribed(f"there is no {http} {path} at {host or 'any service'}")
        # Of two templates of one service the one with fewer places for names: `listUsable` is no backend service.
        found.sort(key=lambda it: len(it[1]))
        if len({method.service for method, _ in found}) > 1:
            raise Undescribed(f"{http} {path} may be of several services: send the service's host as first part of the path")
        return found[0]


@lru_cache(maxsize=None)
def _pattern(template: str) -> re.Pattern[str]:
    """What matches a template of a path; made when it is first needed, as there are more than a thousand."""
    return re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/:]+)", re.escape(template)))


@lru_cache
def _read(name: str) -> dict[str, Any]:
    beside = Path(__file__).parent / f"{name}.json"
    path = beside if beside.is_file() else _DOCUMENTS / f"{name}.json"
    return dict(json.loads(path.read_text()))
