"""Lists in pages, and filters."""

from __future__ import annotations

import base64
import binascii
import fnmatch
import re
from typing import Any

from .refusals import invalid
from .things import Answer, Refusal, Thing

_TERM = re.compile(
    r"""\s*\(?\s*(?P<path>[\w.\-"]+?)\s*(?P<how>!=|=|:|\beq\b|\bne\b)\s*(?P<value>"[^"]*"|'[^']*'|[^\s()]+)\s*\)?"""
)


def paged(answer: Answer, body: Thing, query: dict[str, list[str]], longest: int | None) -> Thing:
    """One page of a list; `longest`: no page is longer, whatever was asked. A page goes on behind the last item of the one before,
    so that what is removed in between hides nothing."""
    name = str(answer.listed)
    asked = (query.get("maxResults") or query.get("pageSize") or ["0"])[0]
    size = min(int(asked) or 500, longest or 500)
    after = _opened((query.get("pageToken") or [""])[0])
    wanted = filtering((query.get("filter") or [""])[0])
    scoped = isinstance(body[name], dict)
    rows = _flat(body[name]) if scoped else [("", "", it) for it in body[name]]
    keyed = [(_key(f"{scope}/{item[answer.by]}"), scope, kind, item) for scope, kind, item in rows if wanted(item)]
    keyed.sort(key=lambda it: it[0], reverse=answer.newest)
    left = [it for it in keyed if not after or (it[0] < after if answer.newest else it[0] > after)]
    shown = left[:size]
    body[name] = _scoped(shown) if scoped else [item for _, _, _, item in shown]
    if len(left) > size:
        body["nextPageToken"] = base64.urlsafe_b64encode(shown[-1][0].encode()).decode()
    if not body[name]:
        # An empty list is left out, as Google does.
        del body[name]
    return body


def _key(text: str) -> str:
    """What orders items: numbers by their size."""
    return re.sub(r"\d+", lambda it: it[0].zfill(20), text)


def _opened(token: str) -> str:
    try:
        return base64.urlsafe_b64decode(token).decode()
    except (binascii.Error, ValueError) as error:
        raise Refusal(400, "invalid", f"Invalid value for field 'pageToken': '{token}'.") from error


def _flat(scopes: dict[str, Any]) -> list[tuple[str, str, Thing]]:
    return [(scope, kind, item) for scope, kinds in scopes.items() for kind, items in kinds.items() for item in items]


def _scoped(rows: list[tuple[str, str, str, Thing]]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for _, scope, kind, item in rows:
        made.setdefault(scope, {}).setdefault(kind, []).append(item)
    return made


def filtering(text: str) -> Any:
    """Whether an item passes a filter: terms side by side or with AND all have to hold, terms with OR one of them."""
    if not text.strip():
        return lambda item: True
    choices = []
    for choice in re.split(r"\s+OR\s+", text):
        terms, at = [], 0
        choice = re.sub(r"\s+AND\s+", " ", choice)
        while at < len(choice.rstrip(" )")):
            found = _TERM.match(choice, at)
            if not found:
                raise invalid("filter", text, "Invalid list filter expression.")
            terms.append((found["path"], found["how"], found["value"].strip("\"'")))
            at = found.end()
        choices.append(terms)
    return lambda item: any(all(_holds(item, *term) for term in terms) for terms in choices)


def _holds(item: Thing, path: str, how: str, value: str) -> bool:
    found = _at(item, path)
    if how == ":":
        return found is not None and (value == "*" or value.rstrip("*") in str(found))
    text = "" if found is None else str(found).lower() if isinstance(found, bool) else str(found)
    if how in ("eq", "ne"):
        same = re.fullmatch(value, text) is not None
    else:
        same = fnmatch.fnmatchcase(text, value) if "*" in value else text == value
    return same if how in ("=", "eq") else not same


def _at(item: Any, path: str) -> Any:
    """The value at a path with dots; names may be in snake case, and labels may have dots in quotes."""
    for part in re.findall(r'"[^"]*"|[^.]+', path):
        if not isinstance(item, dict):
            return None
        name = part.strip('"')
        camel = re.sub(r"_(\w)", lambda it: it[1].upper(), name)
        item = item.get(name, item.get(camel))
    return item
