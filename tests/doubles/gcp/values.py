"""Values held against the schemas of a discovery document."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

Schema = dict[str, Any]
# Enumerations whose numbers are not the places of their names in the documents, which list no numbers. Clients that are made
# from protobuf write enumerations as numbers (protobuf.dev, "ProtoJSON Format": both are taken).
_NUMBERS: list[dict[str, int]] = json.loads((Path(__file__).parent / "numbers.json").read_text())
_BY_NAMES = {frozenset(numbers): numbers for numbers in _NUMBERS}
_FORMATS = {
    "int64": r"-?\d{1,19}",
    "uint64": r"\d{1,20}",
    "google-duration": r"-?\d+(\.\d{1,9})?s",
    "google-datetime": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)",
    "google-fieldmask": r"[A-Za-z0-9_.,*]*",
    "byte": r"[A-Za-z0-9+/_=-]*",
}
_RANGES = {"int32": (-(2**31), 2**31 - 1), "uint32": (0, 2**32 - 1)}
# What whole objects carry that clients send back as they read them.
_HARMLESS = {"kind"}
# Called output only by the document, and taken all the same: Google's own provider for Terraform sends it (resource_compute_region_
# instance_group_manager).
_TAKEN = {("compute.regionInstanceGroupManagers.insert", "namedPorts")}


class Undescribed(Exception):
    """Something that a document does not have."""


def numbered(names: list[str]) -> dict[str, int]:
    """The numbers of an enumeration."""
    return _BY_NAMES.get(frozenset(names)) or {name: at for at, name in enumerate(names)}


class Checker:
    """The schemas of one service."""

    def __init__(self, service: str, schemas: dict[str, Schema]) -> None:
        self.service = service
        self.schemas = schemas

    def text(self, schema: Schema, value: str, where: str) -> None:
        """A parameter in an address: always text there."""
        if schema.get("type") == "integer":
            if not re.fullmatch(r"-?\d+", value):
                raise Undescribed(f"{where}: {value} is no whole number")
            least, most = schema.get("minimum"), schema.get("maximum")
            if (least and int(value) < int(least)) or (most and int(value) > int(most)):
                raise Undescribed(f"{where}: {value} is not from {least} to {most}")
        elif schema.get("type") == "boolean":
            if value not in ("true", "false"):
                raise Undescribed(f"{where}: {value} is neither true nor false")
        else:
            self._string(schema, value, where)

    def request(self, id: str, schema: Schema, value: Any, named: str | None) -> Any:
        """A body that a client sent; `named`: what the path calls the thing, which the body may repeat."""

        def enter(where: str, name: str, property: Schema, given: Any) -> None:
            output = property.get("readOnly") or "[Output Only]" in property.get("description", "")
            repeated = name == "name" and named and str(given).rsplit("/", 1)[-1] == named
            if output and name not in _HARMLESS and not repeated and (where, name) not in _TAKEN:
                raise Undescribed(f"{where}.{name} is set by the cloud only")

        def required(name: str, property: Schema) -> bool:
            return id in property.get("annotations", {}).get("required", [])

        return self._value(schema, value, id, enter, required, self._named)

    def answer(self, id: str, schema: Schema, value: Any, numbers: bool) -> Any:
        """A body that the double answers; `numbers`: enumerations as numbers, as a client may ask."""

        def enumeration(names: list[str], given: Any, where: str) -> Any:
            if given not in names:
                raise Undescribed(f"{where}: {given} is none of {names[:12]}")
            return numbered(names)[given] if numbers else given

        return self._value(schema, value, id, lambda *_: None, lambda *_: False, enumeration)

    def _named(self, names: list[str], given: Any, where: str) -> str:
        if isinstance(given, int) and not isinstance(given, bool) and self.service != "compute":
            by_number = {number: name for name, number in numbered(names).items()}
            given = by_number.get(given, given)
        if given not in names:
            raise Undescribed(f"{where}: {given} is none of {names[:12]}")
        return str(given)

    def _value(
        self,
        schema: Schema,
        value: Any,
        where: str,
        enter: Callable[[str, str, Schema, Any], None],
        required: Callable[[str, Schema], bool],
        enumeration: Callable[[list[str], Any, str], Any],
    ) -> Any:
        def inside(schema: Schema, value: Any, where: str) -> Any:
            if "$ref" in schema:
                return inside(self.schemas[schema["$ref"]], value, where)
            kind = schema.get("type")
            if kind == "any" or schema.get("format") == "google.protobuf.Any":
                return value
            if kind == "object":
                return fields(schema, value, where)
            if kind == "array":
                if not isinstance(value, list):
                    raise Undescribed(f"{where}: {value!r} is no list")
                return [inside(schema["items"], item, f"{where}[{at}]") for at, item in enumerate(value)]
            if schema.get("enum"):
                return enumeration(schema["enum"], value, where)
            return self._plain(schema, value, where)

        def fields(schema: Schema, value: Any, where: str) -> Any:
            if not isinstance(value, dict):
                raise Undescribed(f"{where}: {value!r} is no object")
            properties, further = schema.get("properties", {}), schema.get("additionalProperties")
            for name, property in properties.items():
                if value.get(name) is None and required(name, property):
                    raise Undescribed(f"{where}.{name} is required")
            made = {}
            for name, given in value.items():
                property = properties.get(name, further)
                if property is None:
                    raise Undescribed(f"{where} has no field {name}")
                enter(where, name, property, given)
                # Nothing: in a patch it takes the field away.
                made[name] = None if given is None else inside(property, given, f"{where}.{name}")
            return made

        return inside(schema, value, where)

    def _plain(self, schema: Schema, value: Any, where: str) -> Any:
        kind = schema.get("type")
        if kind == "string":
            if not isinstance(value, str):
                raise Undescribed(f"{where}: {value!r} is no text ({schema.get('format') or 'string'})")
            self._string(schema, value, where)
        elif kind == "boolean" and not isinstance(value, bool):
            raise Undescribed(f"{where}: {value!r} is neither true nor false")
        elif kind == "integer":
            least, most = _RANGES[schema.get("format", "int32")]
            if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
                raise Undescribed(f"{where}: {value!r} is no whole number ({schema.get('format')})")
        elif kind == "number" and (not isinstance(value, (int, float)) or isinstance(value, bool)):
            raise Undescribed(f"{where}: {value!r} is no number")
        return value

    def _string(self, schema: Schema, value: str, where: str) -> None:
        if schema.get("enum") and value not in schema["enum"]:
            raise Undescribed(f"{where}: {value} is none of {schema['enum'][:12]}")
        pattern = _FORMATS.get(schema.get("format", ""))
        if pattern and not re.fullmatch(pattern, value):
            raise Undescribed(f"{where}: {value!r} is no {schema['format']}")
