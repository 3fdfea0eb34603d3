"""Values held against the models of a package: what they do not have is refused, at every depth."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from .table import Table

SCALARS: dict[str, tuple[type, ...]] = {
    "str": (str,), "int": (int,), "long": (int,), "float": (int, float), "bool": (bool,), "iso-8601": (str,), "rfc-1123": (str,),
    "date": (str,), "duration": (str,), "base64": (str,), "bytearray": (str,), "unix-time": (int,), "time": (str,),
}  # fmt: skip
_DURATION = re.compile(r"P(?=.)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?")


class Undescribed(Exception):
    """Something that the description does not have."""


@dataclass
class Found:
    """What was seen on the way, without being wrong: fields that only the cloud sets, words that no enumeration lists."""

    # Each with the object that has it and its name there, so that it can be taken out.
    ignored: list[tuple[str, dict[str, Any], str]] = field(default_factory=list)
    unlisted: list[str] = field(default_factory=list)


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
        elif of in SCALARS:
            is_truth = isinstance(value, bool) and of != "bool"
            if is_truth or not isinstance(value, SCALARS[of]):
                raise Undescribed(f"{at} is {of}, not {_show(value)}")
            if of == "duration" and not _DURATION.fullmatch(str(value)):
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
