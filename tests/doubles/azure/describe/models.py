"""The models of a package: for each the fields by their names on the wire, with type, and whether they are required, read-only, or of
an enumeration. Two generations of generated code are read: `_attribute_map` with `_validation`, and annotations with `rest_field`.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

Model = dict[str, Any]
_SIMPLE = {
    "str": "str", "int": "int", "float": "float", "bool": "bool", "bytes": "str", "Any": "object", "JSON": "object",
    "datetime.datetime": "iso-8601", "datetime.date": "date", "datetime.timedelta": "duration", "object": "object",
}  # fmt: skip
_LIMITS = ("pattern", "min_length", "max_length", "minimum", "maximum", "min_items", "max_items")


def models(folder: Path) -> dict[str, Model]:
    """All models in a folder."""
    made: dict[str, Model] = {}
    for path in sorted(folder.glob("_models*.py")):
        classes = [it for it in ast.parse(path.read_text()).body if isinstance(it, ast.ClassDef)]
        for it in classes:
            made[it.name] = _by_map(it) or _by_annotations(it, made)
    return made


def enums(folder: Path) -> dict[str, list[str]]:
    """The words of each enumeration in a folder."""
    made = {}
    for path in sorted(folder.glob("*enums.py")):
        for it in ast.parse(path.read_text()).body:
            if isinstance(it, ast.ClassDef):
                words = [
                    of.value.value
                    for of in it.body
                    if isinstance(of, ast.Assign) and isinstance(of.value, ast.Constant)
                ]
                made[it.name] = [str(word) for word in words]
    return made


def _by_map(holder: ast.ClassDef) -> Model | None:
    """The older generation."""
    said = {
        it.targets[0].id: ast.literal_eval(it.value)
        for it in holder.body
        if isinstance(it, ast.Assign) and isinstance(it.targets[0], ast.Name) and it.targets[0].id.startswith("_")
    }
    if "_attribute_map" not in said:
        return None
    named = _enums_of(holder)
    model: Model = {"fields": {}}
    for attribute, given in said["_attribute_map"].items():
        limits = said.get("_validation", {}).get(attribute, {})
        if not given["key"]:
            model["more"] = given["type"].strip("{}")
            continue
        *outer, name = [part.replace("\\.", ".") for part in re.split(r"(?<!\\)\.", given["key"])]
        into = model["fields"]
        for part in outer:
            into = into.setdefault(part, {"type": {"fields": {}}})["type"]["fields"]
        into[name] = {"type": given["type"], **{key: limits[key] for key in _LIMITS if key in limits}}
        if limits.get("readonly"):
            into[name]["readonly"] = True
        elif limits.get("required"):
            into[name]["required"] = True
            _require(model["fields"], outer)
        if attribute in named:
            into[name]["enum"] = named[attribute]
        if attribute in said.get("_subtype_map", {}):
            model["kinds"] = {"by": name, "are": said["_subtype_map"][attribute]}
    return model


def _require(fields: dict[str, Any], outer: list[str]) -> None:
    for part in outer:
        fields[part]["required"] = True
        fields = fields[part]["type"]["fields"]


def _enums_of(holder: ast.ClassDef) -> dict[str, str]:
    """Which attributes are words of an enumeration: only annotations say so."""
    named = {}
    for node in ast.walk(holder):
        if isinstance(node, ast.arg) and node.annotation is not None:
            name, annotation = node.arg, node.annotation
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Attribute):
            name, annotation = node.target.attr, node.annotation
        else:
            continue
        if found := re.search(r"Union\[str, '?_models\.(\w+)'?\]", ast.unparse(annotation)):
            named[name] = found[1]
    return named


def _by_annotations(holder: ast.ClassDef, before: dict[str, Model]) -> Model:
    """The newer generation; what is inherited comes with it."""
    model: Model = {"fields": {}}
    for base in holder.bases:
        inherited = before.get(base.id) if isinstance(base, ast.Name) else None
        if inherited:
            model["fields"] |= inherited["fields"]
            for word in holder.keywords:
                if word.arg == "discriminator" and "kinds" in inherited and isinstance(word.value, ast.Constant):
                    inherited["kinds"]["are"][word.value.value] = holder.name
    for it in holder.body:
        if not (isinstance(it, ast.AnnAssign) and isinstance(it.target, ast.Name) and isinstance(it.value, ast.Call)):
            continue
        made_by = ast.unparse(it.value.func)
        if made_by not in ("rest_field", "rest_discriminator"):
            continue
        given = {word.arg: word.value for word in it.value.keywords}
        name = ast.literal_eval(given["name"]) if "name" in given else it.target.id
        of = ast.unparse(it.annotation).replace("'", "").replace('"', "")
        found: dict[str, Any] = {"type": _type(of)}
        if enum := re.search(r"Union\[str, _models\.(\w+)\]", of):
            found["enum"] = enum[1]
        if "visibility" in given and ast.literal_eval(given["visibility"]) == ["read"]:
            found["readonly"] = True
        elif not of.startswith("Optional[") and made_by == "rest_field":
            found["required"] = True
        if made_by == "rest_discriminator":
            model.setdefault("kinds", {"by": name, "are": {}})
        model["fields"][name] = found
    return model


def _type(annotation: str) -> str:
    """An annotation as the older generation spells types."""
    for wrapped in ("Optional[", "Required["):
        if annotation.startswith(wrapped):
            return _type(annotation[len(wrapped) : -1])
    if annotation.startswith(("list[", "List[")):
        return f"[{_type(annotation[5:-1])}]"
    if annotation.startswith(("dict[str, ", "Dict[str, ")):
        return f"{{{_type(annotation[10:-1])}}}"
    if annotation.startswith("Union[str,") or annotation.startswith("Literal["):
        return "str"
    return _SIMPLE.get(annotation, annotation.removeprefix("_models."))
