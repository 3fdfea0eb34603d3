"""The operations of a package: method, address, api-version, model of the body, statuses and model of the answer.

The packages are generated: each operation has a function `build_..._request` that makes the request, and a method that calls it with a
body of a model and reads an answer of a model. Both are read as text; nothing is imported."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

Operation = dict[str, Any]

_BUILDER = re.compile(r"^def build_(\w+)_request\(", re.M)
_METHOD = re.compile(r"^    def (\w+)\(", re.M)
_BODY_BY_NAME = re.compile(r'self\._serialize\.body\(\s*\w+,\s*"([^"]+)"')
_BODY_BY_TYPE = re.compile(r"\b\w+: (Optional\[)?Union\[\s*_models\.(\w+),")
_STATUSES = re.compile(r"status_code not in \[([\d, ]+)\]")
_ANSWER = re.compile(r'deserialized = self\._deserialize\(\s*"([^"]+)"')
_ANSWER_BY_TYPE = re.compile(
    r"deserialized = (?:self\.)?_deserialize\(\s*(?:List\[|list\[)?_models\.(?:_models\.)?(\w+)"
)
_LISTED_BY_TYPE = re.compile(
    r"list_of_elem = _deserialize\(\s*(?:List|list)\[_models\.(\w+)\],\s*deserialized(?:\.get\(\"(\w+)\"|\[\"(\w+)\"\])"
)
# Operations on whatever resource: they would describe every address.
_OF_ANYTHING = re.compile(r"/\{\w+\}|.*\{parentResourcePath\}.*|.*\{resourceProviderNamespace\}/\{resourceType\}.*")


def operations(path: Path) -> list[Operation]:
    """All operations of a file."""
    text = path.read_text()
    built = {name: made for name, piece in _pieces(text, _BUILDER) if (made := _request(piece))}
    for _, holder in _pieces(text, re.compile(r"^class (\w+)", re.M)):
        for name, piece in _pieces(holder, _METHOD):
            called = re.search(r"build_(\w+)_request\(", piece)
            if called and called[1] in built:
                _describe(built[called[1]], piece)
            elif name.startswith("begin_"):
                begun = re.search(r"self\._(\w+)_initial\(", piece)
                operation = built.get(_builder_of(holder, begun[1])) if begun else None
                if operation is not None and (found := _ANSWER.search(piece) or _ANSWER_BY_TYPE.search(piece)):
                    operation["answer"] = found[1]
    return list(built.values())


def _pieces(text: str, start: re.Pattern[str]) -> list[tuple[str, str]]:
    found = list(start.finditer(text))
    ends = [it.start() for it in found[1:]] + [len(text)]
    return [(it[1], text[it.start() : end]) for it, end in zip(found, ends, strict=True)]


def _builder_of(holder: str, begun: str) -> str:
    """What the first half of an operation that takes its time is built by."""
    at = holder.find(f"def _{begun}_initial(")
    called = re.search(r"build_(\w+)_request\(", holder[at:]) if at >= 0 else None
    return called[1] if called else ""


def _request(piece: str) -> Operation | None:
    """What a building function says: it is small, so that it can be parsed."""
    function = ast.parse(piece.split("\n\n\n")[0]).body[0]
    assert isinstance(function, ast.FunctionDef)
    made: Operation = {"query": {}, "path": {}, "answer": None, "body": None, "statuses": []}
    for node in ast.walk(function):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if node.value.startswith("/") and "url" not in made:
                made["url"] = node.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "HttpRequest":
            made["method"] = next(str(_literal(it.value)) for it in node.keywords if it.arg == "method")
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "_params.pop" and len(node.args) > 1:
            made["version"] = _literal(node.args[1])
        elif isinstance(node, ast.Dict):
            made["path"] |= {
                str(_literal(key)): _limits(value) for key, value in zip(node.keys, node.values, strict=True)
            }
    for statement in function.body:
        required = not isinstance(statement, ast.If)
        for node in ast.walk(statement):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
                target = node.targets[0]
                if ast.unparse(target.value) == "_params":
                    made["query"][str(_literal(target.slice))] = required
    return made if "method" in made and not _OF_ANYTHING.fullmatch(made.get("url", "/{}")) else None


def _limits(value: ast.expr) -> dict[str, Any]:
    """What is said of a part of the address: its pattern and lengths."""
    if not isinstance(value, ast.Call):
        return {}
    return {
        it.arg: _literal(it.value)
        for it in value.keywords
        if it.arg in ("pattern", "min_length", "max_length", "skip_quote")
    }


def _literal(node: ast.expr | None) -> Any:
    try:
        return ast.literal_eval(node) if node is not None else None
    except ValueError:
        return None


def _describe(operation: Operation, piece: str) -> None:
    """What the method that makes the call adds."""
    # The overloads before it name the same types; the last one is the method itself.
    by_name, by_type = _BODY_BY_NAME.search(piece), _BODY_BY_TYPE.search(piece)
    if by_name:
        operation["body"] = by_name[1]
        operation["body_may_lack"] = "is not None:\n" in piece[: by_name.start()][-60:]
    elif by_type:
        operation["body"] = by_type[2]
        operation["body_may_lack"] = bool(by_type[1])
    if statuses := _STATUSES.search(piece):
        operation["statuses"] = [int(it) for it in statuses[1].split(",")]
    if listed := _LISTED_BY_TYPE.search(piece):
        operation["answer"] = {
            "fields": {listed[2] or listed[3]: {"type": f"[{listed[1]}]"}, "nextLink": {"type": "str"}}
        }
    elif found := _ANSWER.search(piece) or _ANSWER_BY_TYPE.search(piece):
        operation["answer"] = found[1] if found[1] not in ("str",) else operation["answer"]
