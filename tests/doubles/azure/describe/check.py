"""Requests and answers held against the description: what it does not have is refused, at every depth."""

from __future__ import annotations

import functools
import re
from typing import Any

from .fields import Checker, Found, Undescribed
from .table import Table

# Other api-versions than a package's own, which the Rust crates of Azure's SDK are of: what each stands for, and the fields that a request
# may not have yet by comparing the packages of both (compute 33.1.0 and 36.0.0; redisenterprise 3.1.0b2 and 3.1.0; resource 24.0.0 and
# 26.0.0; for MySQL rdbms 10.2.0b17, whose previews lie around that version).
_OLDER: dict[tuple[str, str], tuple[str, tuple[str, ...]]] = {
    ("compute", "2024-07-01"): (
        "2024-11-01",
        (
            "alignRegionalDisksToVMZone",
            "automaticZoneRebalancingPolicy",
            "imds",
            "placement",
            "prioritizeUnhealthyVMs",
            "rank",
            "wireServer",
        ),
    ),
    ("mysql", "2023-12-30"): ("2024-12-30", ("batchOfMaintenance", "databasePort", "maintenancePolicy")),
    ("redis", "2024-09-01-preview"): ("2025-07-01", ("publicNetworkAccess",)),
    ("resources", "2021-04-01"): ("2025-04-01", ()),
}
# Not in a description, because they come in addresses that the cloud gives out itself.
_GIVEN_OUT = {"$skiptoken", "$skipToken"}


class Operation:
    """One operation."""

    def __init__(self, said: dict[str, Any]) -> None:
        names = re.findall(r"\{([^}]+)\}", said["url"])
        # In the order of the address.
        self.limits = [(name, said["path"].get(name, {})) for name in names]
        self.said = said
        self.wide = [
            name for name, limits in self.limits if limits.get("skip_quote") or name in ("scope", "resourceId")
        ]
        self.weight = (len(self.wide), len(names))

    @functools.cached_property
    def pattern(self) -> re.Pattern[str]:
        """Of its address. Names of types are compared without case, as Resource Manager does."""
        pattern = ""
        for part in re.split(r"(\{[^}]+\})", self.said["url"]):
            if part == "{secret-version}":
                # Left out it means the newest.
                pattern = pattern.removesuffix("/") + "(?:/([^/]*))?"
            elif part.startswith("{"):
                pattern += "(.+?)" if part[1:-1] in self.wide else "([^/]+)"
            else:
                pattern += re.escape(part)
        return re.compile(pattern, re.I)

    @property
    def last_word(self) -> str:
        """The last part of its address that is no name."""
        return next((part.lower() for part in reversed(self.said["url"].split("/")) if not part.startswith("{")), "")

    @property
    def module(self) -> str:
        """Whose models it uses."""
        return str(self.said["module"])

    @property
    def name(self) -> str:
        """How it is called in messages."""
        return f"{self.said['method']} {self.said['url']}"


class Description:
    """What Azure says of itself."""

    def __init__(self, table: Table) -> None:
        self.table = table
        # By plane, method and last word, those with the most fixed words first: looking through all of them would take its time.
        self.operations: dict[tuple[str, str, str], list[Operation]] = {}
        for it in sorted((Operation(said) for said in table["operations"]), key=lambda it: it.weight):
            self.operations.setdefault((it.said["plane"], it.said["method"], it.last_word), []).append(it)

    def operation(self, plane: str, method: str, path: str) -> Operation:
        """The operation of an address."""
        near = path.lower().rstrip("/").split("/")[-3:]
        found = [
            it
            for word in reversed(near)
            for it in self.operations.get((plane, method, word), [])
            if it.pattern.fullmatch(path)
        ]
        if not found:
            raise Undescribed(f"there is no {method} {path}")
        return min(found, key=lambda it: it.weight)

    def check_request(self, plane: str, method: str, path: str, query: dict[str, str], body: Any) -> Found:
        """Refuses what is not described."""
        operation, found = self.operation(plane, method, path), Found()
        version = query.get("api-version")
        own = operation.said.get("version")
        if version is None:
            raise Undescribed(f"{operation.name} needs api-version")
        stands_for, lacking = _OLDER.get((operation.module, version), ("", ()))
        if version != own and stands_for != own:
            raise Undescribed(f"{operation.name} is described for api-version {own}, not {version}")
        known = operation.said["query"]
        for name in query:
            if name not in known and name not in _GIVEN_OUT:
                raise Undescribed(f"{operation.name} has no query parameter {name}")
        for name, required in known.items():
            if required and name not in query:
                raise Undescribed(f"{operation.name} needs {name}")
        self._check_path(operation, path)
        of = operation.said["body"]
        if of is None or body is None:
            # Some clients send an empty object with every PUT.
            if body not in (None, {}):
                raise Undescribed(f"{operation.name} takes no body")
            if of is not None and not operation.said.get("body_may_lack"):
                raise Undescribed(f"{operation.name} needs a body")
            return found
        Checker(self.table, operation.module, found, lacking, asking=True).value(body, of, "")
        return found

    def check_answer(self, plane: str, method: str, path: str, status: int, body: Any) -> Found:
        """Refuses what the cloud would not answer."""
        operation, found = self.operation(plane, method, path), Found()
        if status >= 400:
            error = body.get("error") if isinstance(body, dict) else None
            if (
                not isinstance(error, dict)
                or not isinstance(error.get("code"), str)
                or not isinstance(error.get("message"), str)
            ):
                raise Undescribed(f"{operation.name} {status}: an error has code and message")
            return found
        if status not in operation.said["statuses"]:
            raise Undescribed(f"{operation.name} does not answer {status}, but {operation.said['statuses']}")
        of = operation.said["answer"]
        if of is None or body is None:
            if body is not None:
                raise Undescribed(f"{operation.name} {status} has no body")
            return found
        Checker(self.table, operation.module, found, (), asking=False).value(body, of, "")
        return found

    def _check_path(self, operation: Operation, path: str) -> None:
        parts = operation.pattern.fullmatch(path)
        assert parts
        for (name, limits), value in zip(operation.limits, parts.groups(default=""), strict=True):
            pattern = limits.get("pattern")
            if pattern and not re.search(pattern, value):
                raise Undescribed(f"{operation.name}: {name} `{value}` does not match {pattern}")
            if not limits.get("min_length", 0) <= len(value) <= limits.get("max_length", 10_000):
                raise Undescribed(f"{operation.name}: {name} `{value}` is too short or too long: {limits}")
