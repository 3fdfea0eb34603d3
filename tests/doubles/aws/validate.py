"""Holds parameters against the model: required, type, enum, pattern, length and range, as AWS does before it does anything."""

from __future__ import annotations

import datetime
import functools
import re
from typing import Any

from .errors import Refusal, Spelling

_TYPES: dict[str, tuple[type, ...]] = {
    "structure": (dict,),
    "map": (dict,),
    "list": (list,),
    "string": (str,),
    "character": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "long": (int,),
    "float": (float,),
    "double": (float,),
    "blob": (bytes,),
    "timestamp": (datetime.datetime,),
}

# Java's classes of characters, in which the models' patterns are written. Python's \w is a little wider than \p{L}\p{N}: what is
# refused here is refused by AWS, not the other way round.
_JAVA = {
    r"\p{L}": r"\w",
    r"\p{N}": r"\d",
    r"\p{Z}": r"\s",
    r"\p{M}": r"\w",
    r"\p{P}": r"!-/:-@\[-`{-~",
    r"\p{S}": r"$+<=>^`|~",
}


@functools.cache
def _pattern(text: str) -> re.Pattern[str] | None:
    for java, python in _JAVA.items():
        text = text.replace(java, python)
    try:
        return re.compile(text)
    except re.error:
        return None


def check(parameters: dict[str, Any], shape: Any, spelled: Spelling) -> None:
    """Refuses the first thing that is wrong."""
    if shape is not None:
        _structure(parameters, shape, "", spelled)


def _structure(value: dict[str, Any], shape: Any, place: str, spelled: Spelling) -> None:
    for name in shape.required_members:
        if value.get(name) is None:
            raise Refusal(spelled.missing, f"The request must contain the parameter {place}{name}")
    for name, item in value.items():
        _value(item, shape.members[name], f"{place}{name}", spelled)


def _value(value: Any, shape: Any, place: str, spelled: Spelling) -> None:
    kind = shape.type_name
    right = _TYPES.get(kind)
    if right and (not isinstance(value, right) or (isinstance(value, bool) and kind != "boolean")):
        raise Refusal(spelled.value, f"Invalid type of {place}: {type(value).__name__} is no {kind}")
    if kind == "structure" and not getattr(shape, "is_document_type", False):
        _structure(value, shape, f"{place}.", spelled)
    elif kind == "list":
        _size(len(value), shape, place, spelled, "length")
        for at, item in enumerate(value):
            _value(item, shape.member, f"{place}.{at + 1}", spelled)
    elif kind == "map":
        _size(len(value), shape, place, spelled, "length")
        for key, item in value.items():
            _value(key, shape.key, f"{place} (key)", spelled)
            _value(item, shape.value, f"{place}.{key}", spelled)
    elif kind in ("string", "character"):
        _text(value, shape, place, spelled)
    elif kind == "blob":
        _size(len(value), shape, place, spelled, "length")
    elif kind in ("integer", "long", "float", "double"):
        _size(value, shape, place, spelled, "value")
        if kind == "integer" and not -(2**31) <= value < 2**31:
            raise Refusal(spelled.value, f"Value '{value}' at '{place}' does not fit into 32 bits")


def _size(size: float, shape: Any, place: str, spelled: Spelling, of: str) -> None:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and size < least:
        bound = f"greater than or equal to {least}"
    elif most is not None and size > most:
        bound = f"less than or equal to {most}"
    else:
        return
    raise Refusal(
        spelled.value,
        f"1 validation error detected: Value at '{place}' failed to satisfy constraint: Member must have {of} {bound}",
    )


def _text(value: str, shape: Any, place: str, spelled: Spelling) -> None:
    _size(len(value), shape, place, spelled, "length")
    sensitive = shape.metadata.get("sensitive")
    shown = "***" if sensitive else value
    failed = f"1 validation error detected: Value '{shown}' at '{place}' failed to satisfy constraint: "
    if shape.enum and value not in shape.enum:
        raise Refusal(spelled.value, f"{failed}Member must satisfy enum value set: [{', '.join(shape.enum)}]")
    if pattern := shape.metadata.get("pattern"):
        compiled = _pattern(pattern)
        if compiled and not compiled.fullmatch(value):
            raise Refusal(spelled.value, f"{failed}Member must satisfy regular expression pattern: {pattern}")
