"""Requests and answers held against the description: what it does not have is refused, at every depth."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from .table import Table

# Other api-versions than a package's own, with what they lack: the Rust crates of Azure's SDK are of these. Fields are those of the
# newer model that the older one has not, by comparing the packages of both (compute 33.1.0 and 36.0.0, redisenterprise 3.1.0b2 and 3.1.0).
_OLDER: dict[tuple[str, str], tuple[str, tuple[str, ...]]] = {
    ("compute", "2024-07-01"): ("2024-11-01", ()),
    ("mysql", "2023-12-30"): ("2024-12-30", ()),
    ("redis", "2024-09-01-preview"): ("2025-07-01", ("publicNetworkAccess",)),
    ("resources", "2021-04-01"): ("2025-04-01", ()),
}
# Not in a description, because they come in addresses that the cloud gives out itself.
_GIVEN_OUT = {"$skiptoken", "$skipToken"}
_SCALARS: dict[str, tuple[type, ...]] = {
    "str": (str,), "int": (int,), "long": (int,), "float": (int, float), "bool": (bool,), "iso-8601": (str,), "rfc-1123": (str,),
    "date": (str,), "duration": (str,), "base64": (str,), "bytearray": (str,), "unix-time": (int,), "time": (str,),
}  # fmt: skip
_DURATION = re.compile(r"P(?=.)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?")


class Undescribed(Exception):
    """Something that the description does not have."""


@dataclass
class Operation:
    """One operation, with the pattern of its address."""

    said: dict[str, Any]
    pattern: re.Pattern[str]
    weight: tuple[int, int]

    @property
    def module(self) -> str:
        """Whose models it uses."""
        return str(self.said["module"])

    @property
    def name(self) -> str:
        """How it is called in messages."""
        return f"{self.said['method']} {self.said['url']}"


@dataclass
class Found:
    """What was seen on the way, without being wrong: fields that only the cloud sets, words that no enumeration lists."""

    # Each with the object that has it and its name there, so that it can be taken out.
    ignored: list[tuple[str, dict[str, Any], str]] = field(default_factory=list)
    unlisted: list[str] = field(default_factory=list)


class Description:
    """What Azure says of itself."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.operations = sorted((_operation(it) for it in table["operations"]), key=lambda it: it.weight)

    def operation(self, plane: str, method: str, path: str) -> Operation:
        """The operation of an address: the one with the most fixed words."""
        for it in self.operations:
            if it.said["method"] == method and it.said["plane"] == plane and it.pattern.fullmatch(path):
                return it
        raise Undescribed(f"there is no {method} {path}")

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
            if body is not None:
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
            if not isinstance(error, dict) or not isinstance(error.get("code"), str) or not isinstance(error.get("message"), str):
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
        for name, value in zip(operation.said["path"], parts.groups(default=""), strict=True):
            limits = operation.said["path"][name]
            pattern = limits.get("pattern")
            if pattern and not re.search(pattern, value):
                raise Undescribed(f"{operation.name}: {name} `{value}` does not match {pattern}")
            if not limits.get("min_length", 0) <= len(value) <= limits.get("max_length", 10_000):
                raise Undescribed(f"{operation.name}: {name} `{value}` is too short or too long: {limits}")


def _operation(said: dict[str, Any]) -> Operation:
    names = re.findall(r"\{([^}]+)\}", said["url"])
    pattern = ""
    for part in re.split(r"(\{[^}]+\})", said["url"]):
        if part == "{secret-version}":
            # Left out it means the newest.
            pattern = pattern.removesuffix("/") + "(?:/([^/]*))?"
        elif part.startswith("{"):
            whole = said["path"].get(part[1:-1], {}).get("skip_quote") or part[1:-1] in ("scope", "resourceId")
            pattern += "(.+?)" if whole else "([^/]+)"
        else:
            pattern += re.escape(part)
    # In the order of the address, for `_check_path`.
    said = {**said, "path": {name: said["path"].get(name, {}) for name in names}}
    wide = pattern.count("(.+?)")
    # Names of types are compared without case, as Resource Manager does.
    return Operation(said, re.compile(pattern, re.I), (wide, len(names)))


@dataclass
class Checker:
    """Holds values against the models of a package."""

    table: Table
    module: str
    found: Found
    lacking: tuple[str, ...]
    asking: bool

    def value(self, value: Any, of: Any, at: str) -> None:
        """One value against one type."""
        if isinstance(of, dict):
            self._fields(value, of, at)
        elif of.startswith("["):
            if not isinstance(value, list):
                raise Undescribed(f"{at or 'body'} is a list, not {_show(value)}")
            for number, it in enumerate(value):
                self.value(it, of[1:-1], f"{at}[{number}]")
        elif of.startswith("{"):
            if not isinstance(value, dict):
                raise Undescribed(f"{at or 'body'} is an object, not {_show(value)}")
            for name, it in value.items():
                self.value(it, of[1:-1], f"{at}.{name}")
        elif of in _SCALARS:
            is_truth = isinstance(value, bool) and of != "bool"
            if is_truth or not isinstance(value, _SCALARS[of]):
                raise Undescribed(f"{at} is {of}, not {_show(value)}")
            if of == "duration" and not _DURATION.fullmatch(value):
                raise Undescribed(f"{at} is a duration (ISO 8601), not {_show(value)}")
        elif of in self.table["models"][self.module]:
            self._fields(value, self._model(value, of), at)
        elif of in self.table["enums"][self.module]:
            self._word(value, of, at)
        elif of != "object":
            raise Undescribed(f"{at}: the description has no type {of}")

    def _model(self, value: Any, of: str) -> dict[str, Any]:
        """The model of that name, or the one below it that the value says to be of."""
        model: dict[str, Any] = self.table["models"][self.module][of]
        while "kinds" in model and isinstance(value, dict):
            kind = value.get(model["kinds"]["by"])
            below = model["kinds"]["are"].get(kind)
            if below is None:
                return model
            model = self.table["models"][self.module][below]
        return model

    def _fields(self, value: Any, model: dict[str, Any], at: str) -> None:
        if not isinstance(value, dict):
            raise Undescribed(f"{at or 'body'} is an object, not {_show(value)}")
        fields = model["fields"]
        for name, it in value.items():
            place = f"{at}.{name}" if at else name
            known = fields.get(name)
            if known is None or name in self.lacking:
                if "more" in model:
                    self.value(it, model["more"], place)
                    continue
                raise Undescribed(f"there is no field {place}")
            if known.get("readonly") and self.asking:
                # The cloud ignores these.
                self.found.ignored.append((place, value, name))
            if it is None:
                if known.get("required"):
                    raise Undescribed(f"{place} must not be null")
                continue
            self.value(it, known["type"], place)
            self._limits(it, known, place)
        for name, known in fields.items():
            if known.get("required") and name not in value:
                raise Undescribed(f"{f'{at}.{name}' if at else name} is required")

    def _limits(self, value: Any, known: dict[str, Any], at: str) -> None:
        if "enum" in known:
            for word in value if isinstance(value, list) else [value]:
                self._word(word, known["enum"], at)
        if isinstance(value, str):
            if "pattern" in known and not re.search(known["pattern"], value):
                raise Undescribed(f"{at} does not match {known['pattern']}: {_show(value)}")
            if not known.get("min_length", 0) <= len(value) <= known.get("max_length", 1 << 30):
                raise Undescribed(f"{at} is too short or too long: {len(value)} letters")
        if isinstance(value, (int, float)) and not known.get("minimum", value) <= value <= known.get("maximum", value):
            raise Undescribed(f"{at} is out of its range: {value}")

    def _word(self, value: Any, of: str, at: str) -> None:
        words = self.table["enums"][self.module].get(of, [])
        if isinstance(value, str) and value.lower() not in {word.lower() for word in words}:
            # Enumerations are open, and a package may be older than a word.
            self.found.unlisted.append(f"{at}: {value}")


def _show(value: Any) -> str:
    return type(value).__name__
