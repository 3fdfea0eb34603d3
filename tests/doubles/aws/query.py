"""Reads the form bodies of the `query` and `ec2` protocols: `Tags.member.1.Key=name`, by botocore's serialization names."""

from __future__ import annotations

import base64
import binascii
import datetime
from typing import Any

from .errors import Refusal, Spelling

_ENVELOPE = {"Action", "Version"}


def read(pairs: list[tuple[str, str]], shape: Any, protocol: str, spelled: Spelling) -> dict[str, Any]:
    """The parameters of a form body."""
    tree: dict[str, Any] = {}
    for key, value in pairs:
        if key in _ENVELOPE:
            continue
        at = tree
        *way, last = key.split(".")
        for part in way:
            below = at.setdefault(part, {})
            if not isinstance(below, dict):
                # `Tags=` with `Tags.member.1=`: an empty list that is none.
                raise Refusal(spelled.value, f"{key} says something else of {part} again")
            at = below
        if last in at:
            raise Refusal(spelled.value, f"{key} is given twice")
        at[last] = value
    if shape is None:
        if tree:
            raise Refusal(spelled.unknown, f"the operation takes no parameters, but has {sorted(tree)}")
        return {}
    return dict(_Reader(protocol, spelled).structure(tree, shape, ""))


class _Reader:
    def __init__(self, protocol: str, spelled: Spelling) -> None:
        self.ec2 = protocol == "ec2"
        self.spelled = spelled

    def wire_name(self, name: str, member: Any) -> str:
        names = member.serialization
        if self.ec2:
            if "queryName" in names:
                return str(names["queryName"])
            plain = names.get("name", name)
            return str(plain[0].upper() + plain[1:]) if "name" in names else name
        if member.type_name == "list" and names.get("flattened"):
            return str(member.member.serialization.get("name") or names.get("name", name))
        return str(names.get("name", name))

    def structure(self, tree: Any, shape: Any, place: str) -> dict[str, Any]:
        if not isinstance(tree, dict):
            raise Refusal(self.spelled.value, f"{place or 'the request'} is no structure: {tree!r}")
        by_wire = {self.wire_name(name, member): name for name, member in shape.members.items()}
        read = {}
        for key, below in tree.items():
            if key not in by_wire:
                raise Refusal(self.spelled.unknown, f"The parameter {place}{key} is not recognized")
            name = by_wire[key]
            read[name] = self.value(below, shape.members[name], f"{place}{key}")
        return read

    def value(self, tree: Any, shape: Any, place: str) -> Any:
        if shape.type_name == "structure":
            return self.structure({} if tree == "" else tree, shape, f"{place}.")
        if shape.type_name == "list":
            if not (self.ec2 or shape.serialization.get("flattened")) and tree != "":
                tree = self.only(tree, shape.member.serialization.get("name", "member"), place)
            return [self.value(item, shape.member, f"{place}.{at}") for at, item in self.numbered(tree, place)]
        if shape.type_name == "map":
            return self.mapping(tree, shape, place)
        if isinstance(tree, dict):
            raise Refusal(self.spelled.unknown, f"The parameter {place}.{next(iter(tree))} is not recognized")
        return scalar(tree, shape, place, self.spelled)

    def mapping(self, tree: Any, shape: Any, place: str) -> dict[str, Any]:
        if not shape.serialization.get("flattened") and tree != "":
            tree = self.only(tree, "entry", place)
        key_name = shape.key.serialization.get("name", "key")
        value_name = shape.value.serialization.get("name", "value")
        read = {}
        for at, pair in self.numbered(tree, place):
            if not isinstance(pair, dict) or set(pair) != {key_name, value_name}:
                raise Refusal(self.spelled.value, f"{place}.{at} is not {key_name} and {value_name}")
            read[str(pair[key_name])] = self.value(pair[value_name], shape.value, f"{place}.{at}.{value_name}")
        return read

    def only(self, tree: Any, name: str, place: str) -> Any:
        if isinstance(tree, dict):
            for key in tree:
                if key != name:
                    raise Refusal(self.spelled.unknown, f"The parameter {place}.{key} is not recognized")
            return tree[name]
        raise Refusal(self.spelled.value, f"{place} is no list: {tree!r}")

    def numbered(self, tree: Any, place: str) -> list[tuple[int, Any]]:
        if tree == "":
            return []
        if not isinstance(tree, dict) or not all(key.isdigit() for key in tree):
            raise Refusal(self.spelled.value, f"{place} is no numbered list: {tree!r}")
        ordered = sorted((int(key), item) for key, item in tree.items())
        if [number for number, _ in ordered] != list(range(1, len(ordered) + 1)):
            raise Refusal(self.spelled.value, f"{place} is not numbered from 1 without gaps")
        return ordered


def scalar(text: str, shape: Any, place: str, spelled: Spelling) -> Any:
    """A value that is no list, map or structure, from its text."""
    kind = shape.type_name
    wrong = Refusal(spelled.value, f"Invalid value '{text}' for {place}: it is no {kind}")
    if kind == "boolean":
        if text.lower() not in ("true", "false"):
            raise wrong
        return text.lower() == "true"
    if kind in ("integer", "long"):
        try:
            return int(text)
        except ValueError:
            raise wrong from None
    if kind in ("float", "double"):
        try:
            return float(text)
        except ValueError:
            raise wrong from None
    if kind == "blob":
        try:
            return base64.b64decode(text, validate=True)
        except binascii.Error:
            raise wrong from None
    if kind == "timestamp":
        return timestamp(text, place, spelled.value)
    return text


def timestamp(value: Any, place: str, code: str) -> datetime.datetime:
    """A moment, from seconds since 1970 or an ISO 8601 text."""
    try:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return datetime.datetime.fromtimestamp(value, datetime.UTC)
        read = datetime.datetime.fromisoformat(value.replace("Z", "+00:00"))
    except (ValueError, AttributeError, OverflowError):
        raise Refusal(code, f"Invalid value '{value}' for {place}: it is no moment") from None
    return read if read.tzinfo else read.replace(tzinfo=datetime.UTC)
