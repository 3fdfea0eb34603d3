"""The cloud's own description (OpenAPI), and requests and answers held against it: path, query, header and body; what it does not
describe is refused.

The description is no part of the project: it is read from the path that LOADLINE_DIGITALOCEAN_OPENAPI names."""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from pathlib import Path
from typing import Any

import jsonschema

Schema = dict[str, Any]
_COMPOSED = ("allOf", "anyOf", "oneOf")
# The description lists no databases among what takes tags; the cloud's own client does (godo, tags.go: DatabaseResourceType).
_BEYOND = {("POST", "/v2/tags/{tag_id}/resources"): [(("resources", "resource_type"), "database")]}


class Undescribed(Exception):
    """Something that the description does not have."""


def load(path: Path) -> dict[str, Any]:
    """The description; parsed once, as that takes seconds."""
    text = path.read_bytes()
    kept = Path(tempfile.gettempdir()) / f"loadline-openapi-{hashlib.sha256(text).hexdigest()[:16]}.json"
    try:
        return dict(json.loads(kept.read_text()))
    except (OSError, ValueError):
        import yaml

        # Dates stay texts: they are examples.
        loader = type("Texts", (getattr(yaml, "CSafeLoader", yaml.SafeLoader),), {})
        loader.yaml_implicit_resolvers = {
            key: [it for it in resolvers if it[0] != "tag:yaml.org,2002:timestamp"]
            for key, resolvers in loader.yaml_implicit_resolvers.items()
        }
        read = yaml.load(text, Loader=loader)
        part = kept.with_suffix(f".{id(read)}")
        part.write_text(json.dumps(read, default=str))
        part.replace(kept)
        return dict(read)


class Description:
    """What the cloud says of itself."""

    def __init__(self, read: dict[str, Any]) -> None:
        self.read = read
        self.paths = [
            (re.compile(re.sub(r"\{[^}]+\}", "([^/]+)", template)), template, operations)
            for template, operations in sorted(read["paths"].items(), key=lambda it: it[0].count("{"))
        ]
        self.checkers: dict[tuple[str, str], jsonschema.Draft202012Validator] = {}

    def resolve(self, node: Any) -> Any:
        """What a reference stands for."""
        while isinstance(node, dict) and "$ref" in node:
            found: Any = self.read
            for part in node["$ref"].removeprefix("#/").split("/"):
                found = found[part.replace("~1", "/").replace("~0", "~")]
            node = found
        return node

    def operation(self, method: str, path: str) -> tuple[str, dict[str, Any], list[dict[str, Any]]]:
        """Template, operation and parameters of a path."""
        for pattern, template, operations in self.paths:
            if pattern.fullmatch(path) and method.lower() in operations:
                operation = operations[method.lower()]
                given = [*operations.get("parameters", []), *operation.get("parameters", [])]
                return template, operation, [self.resolve(it) for it in given]
        raise Undescribed(f"there is no {method} {path}")

    def check_request(self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any) -> None:
        """Refuses what is not described."""
        template, operation, parameters = self.operation(method, path)
        named = {it["name"]: it for it in parameters if it["in"] == "query"}
        for name, value in query.items():
            if name not in named:
                raise Undescribed(f"{method} {template} has no query parameter {name}")
            self.check_text(named[name], value)
        for it in parameters:
            has = query if it["in"] == "query" else headers if it["in"] == "header" else None
            if has is not None and it.get("required") and it["name"].lower() not in {key.lower() for key in has}:
                raise Undescribed(f"{method} {template} needs {it['name']}")
        described = self.resolve(operation.get("requestBody"))
        if described is None:
            if body is not None:
                raise Undescribed(f"{method} {template} takes no body")
            return
        if body is None:
            if described.get("required"):
                raise Undescribed(f"{method} {template} needs a body")
            return
        schema = described["content"]["application/json"]["schema"]
        self.check("request", f"{method} {template}", schema, body, _BEYOND.get((method, template), []))

    def check_text(self, parameter: dict[str, Any], value: str) -> None:
        """A parameter in an address."""
        schema = self.resolve(parameter["schema"])
        given: Any = int(value) if schema.get("type") == "integer" and value.isdigit() else value
        self.check("text", parameter["name"], schema, given, [])

    def check_answer(self, method: str, path: str, status: int, body: Any) -> None:
        """Refuses what the cloud would not answer."""
        template, operation, _ = self.operation(method, path)
        answers = operation["responses"]
        described = self.resolve(answers.get(str(status)) or answers.get("default"))
        if described is None or (str(status) not in answers and status < 400):
            raise Undescribed(f"{method} {template} does not answer {status}")
        content = described.get("content", {}).get("application/json")
        if content is None:
            if body is not None:
                raise Undescribed(f"{method} {template} {status} has no body")
            return
        if body is None:
            # Some answers are described with a body that may be empty.
            return
        self.check("answer", f"{method} {template} {status}", content["schema"], body, [])

    def check(self, kind: str, name: str, schema: Any, value: Any, beyond: list[tuple[tuple[str, ...], str]]) -> None:
        """Holds a value against a schema."""
        if (kind, name) not in self.checkers:
            self.checkers[(kind, name)] = Converter(self, kind).checker(schema)
        for error in self.checkers[(kind, name)].iter_errors(value):
            where = tuple(str(part) for part in error.absolute_path if not isinstance(part, int))
            if (where, error.instance) not in beyond:
                cause = jsonschema.exceptions.best_match([error]) or error
                raise Undescribed(f"{name}: {'.'.join(where) or 'body'}: {cause.message[:300]}")


class Converter:
    """OpenAPI's schemas as JSON Schema that refuses unknown fields at every depth, through compositions too."""

    def __init__(self, description: Description, kind: str) -> None:
        self.description = description
        self.kind = kind
        self.definitions: Schema = {}

    def checker(self, schema: Any) -> jsonschema.Draft202012Validator:
        """A validator of a schema."""
        root = self.value(schema)
        return jsonschema.Draft202012Validator({**root, "$defs": self.definitions})

    def value(self, schema: Any) -> Schema:
        """A schema at a place where a value stands: closed."""
        return self._named(schema, closed=True)

    def _named(self, schema: Any, *, closed: bool) -> Schema:
        if isinstance(schema, dict) and "$ref" in schema:
            name = f"{schema['$ref'].split('/')[-1]}.{'closed' if closed else 'open'}"
            if name not in self.definitions:
                self.definitions[name] = {}
                self.definitions[name] = self._convert(self.description.resolve(schema), closed)
            return {"$ref": f"#/$defs/{name}"}
        return self._convert(schema, closed)

    def _convert(self, schema: Schema, closed: bool) -> Schema:
        made: Schema = {}
        for key, given in schema.items():
            if key == "properties":
                made[key] = {name: self._property(it) for name, it in given.items()}
            elif key in _COMPOSED:
                # Closed as a whole, not part by part.
                made[key] = [self._named(it, closed=False) for it in given]
            elif key == "items":
                made[key] = self.value(given)
            elif key == "additionalProperties":
                made[key] = self.value(given) if isinstance(given, dict) else given
            elif key == "required" and isinstance(given, list):
                made[key] = given
            elif key in ("type", "enum", "pattern", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "not"):
                made[key] = given
        if schema.get("nullable"):
            if "enum" in made:
                made["enum"] = [*made["enum"], None]
            if "type" in made:
                made["type"] = [made["type"], "null"]
        shaped = "properties" in made or any(key in made for key in _COMPOSED)
        if closed and shaped and "additionalProperties" not in made and self._has_fields(schema):
            made["unevaluatedProperties"] = False
        return made

    def _property(self, schema: Any) -> Any:
        resolved = self.description.resolve(schema)
        if self.kind == "request" and isinstance(resolved, dict) and resolved.get("readOnly"):
            # What only the cloud sets is no field of a request.
            return False
        return self.value(schema)

    def _has_fields(self, schema: Any, depth: int = 0) -> bool:
        """Whether fields are described: a schema that lists none says nothing about them."""
        schema = self.description.resolve(schema)
        if depth > 8 or not isinstance(schema, dict):
            return False
        if schema.get("properties"):
            return True
        return any(self._has_fields(it, depth + 1) for key in _COMPOSED for it in schema.get(key, []))
