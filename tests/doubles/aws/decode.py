"""Reads a request in any protocol of AWS into an operation and its parameters, and refuses what no model describes."""

from __future__ import annotations

import base64
import binascii
import gzip
import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from botocore.model import OperationModel

from . import cbor, models, query
from .errors import Refusal, spelling

_SCOPE = re.compile(r"Credential=([^/,]+)/\d{8}/([^/]+)/([^/]+)/aws4_request")
_RPC = re.compile(r"^/service/([^/]+)/operation/([^/]+)$")


@dataclass
class Http:
    """A request as it came over the wire; header names in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Call:
    """A request that was understood."""

    service: str
    operation: OperationModel
    protocol: str
    region: str
    access_key: str
    authorization: str
    parameters: dict[str, Any] = field(default_factory=dict)
    query_mode: bool = False

    @property
    def name(self) -> str:
        """Name of the operation."""
        return str(self.operation.name)


def scope(http: Http) -> tuple[str, str, str]:
    """Access key, region and signing name from the signature's credential scope."""
    found = _SCOPE.search(http.headers.get("authorization", ""))
    if not found:
        raise Refusal("MissingAuthenticationToken", "Request is missing Authentication Token", 403)
    return found.group(1), found.group(2), found.group(3)


def identify(http: Http) -> Call | None:
    """What a request is for, its parameters not read yet; `None`: a service that no model is held of."""
    access_key, region, signing_name = scope(http)
    service = models.SIGNING_NAMES.get(signing_name)
    if service is None:
        return None
    protocol, name = _protocol_and_name(service, http)
    operation = models.operation(service, name)
    if operation is None or protocol not in models.protocols(service):
        code = "InvalidAction" if protocol in ("query", "ec2") else "UnknownOperationException"
        raise Refusal(code, f"The action {name} is not valid for this web service ({service}, {protocol}).")
    query_mode = http.headers.get("x-amzn-query-mode") == "true"
    authorization = http.headers["authorization"]
    return Call(service, operation, protocol, region, access_key, authorization, {}, query_mode)


def guess_protocol(http: Http) -> str:
    """The protocol to answer in where the request was not understood."""
    if "cbor" in http.headers.get("content-type", "") or "smithy-protocol" in http.headers:
        return "smithy-rpc-v2-cbor"
    if "x-amz-target" in http.headers:
        return "json"
    found = _SCOPE.search(http.headers.get("authorization", ""))
    return "ec2" if found and found.group(3) == "ec2" else "query"


def _protocol_and_name(service: str, http: Http) -> tuple[str, str]:
    path = urlsplit(http.path).path
    if found := _RPC.match(path):
        return "smithy-rpc-v2-cbor", found.group(2)
    if target := http.headers.get("x-amz-target"):
        return "json", target.rpartition(".")[2]
    spoken = models.protocols(service)
    if spoken[0].startswith("rest-"):
        return spoken[0], _rest_name(service, http.method, path)
    form = dict(parse_qsl(_body(http).decode("utf-8", "replace"), keep_blank_values=True))
    form.update(parse_qsl(urlsplit(http.path).query, keep_blank_values=True))
    return ("ec2" if "ec2" in spoken else "query"), form.get("Action", "(none)")


def _rest_name(service: str, method: str, path: str) -> str:
    model = models.service(service)
    for name in model.operation_names:
        http = model.operation_model(name).http
        if http["method"] == method and _uri(http["requestUri"]).fullmatch(path):
            return str(name)
    return f"{method} {path}"


def _uri(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)(\+?)\}", template.split("?")[0].rstrip("/"))
    text = ""
    for index in range(0, len(parts), 3):
        text += re.escape(parts[index])
        if index + 1 < len(parts):
            text += f"(?P<{parts[index + 1]}>{'.+' if parts[index + 2] else '[^/]+'})"
    return re.compile(text + "/?")


def _body(http: Http) -> bytes:
    return gzip.decompress(http.body) if http.headers.get("content-encoding") == "gzip" else http.body


def read(call: Call, http: Http) -> dict[str, Any]:
    """The parameters of a request, with botocore's names and Python's types."""
    spelled = spelling(call.service, call.protocol)
    shape = call.operation.input_shape
    body = _body(http)
    if call.protocol in ("query", "ec2"):
        pairs = parse_qsl(body.decode(), keep_blank_values=True)
        pairs += parse_qsl(urlsplit(http.path).query, keep_blank_values=True)
        return query.read(pairs, shape, call.protocol, spelled)
    if call.protocol == "smithy-rpc-v2-cbor":
        try:
            value = cbor.loads(body) if body else {}
        except (cbor.Malformed, UnicodeDecodeError) as error:
            raise Refusal("SerializationException", f"the body is no CBOR: {error}") from error
        return dict(_named(value, shape, "", spelled.unknown, wire="cbor"))
    if call.protocol == "rest-json":
        return _read_rest(call, http, body)
    return dict(_named(_json(body), shape, "", spelled.unknown))


def _json(body: bytes) -> Any:
    try:
        return json.loads(body) if body else {}
    except ValueError as error:
        raise Refusal("SerializationException", f"the body is no JSON: {error}") from error


def _named(value: Any, shape: Any, place: str, unknown: str, wire: str = "json") -> Any:
    """Wire names become member names and wire types Python's; a name that the shape has not is refused."""
    if shape is None:
        if value:
            raise Refusal(unknown, f"the operation takes no parameters, but has {sorted(value)}")
        return {}
    kind = shape.type_name
    if kind == "structure" and isinstance(value, dict):
        if getattr(shape, "is_document_type", False):
            return value
        by_wire = {member.serialization.get("name", name): name for name, member in shape.members.items()}
        read = {}
        for key, item in value.items():
            if key not in by_wire:
                raise Refusal(unknown, f"unknown parameter {place}{key}")
            if item is not None:
                member = by_wire[key]
                read[member] = _named(item, shape.members[member], f"{place}{key}.", unknown, wire)
        return read
    if kind == "list" and isinstance(value, list):
        return [_named(item, shape.member, f"{place}{at}.", unknown, wire) for at, item in enumerate(value)]
    if kind == "map" and isinstance(value, dict):
        return {key: _named(item, shape.value, f"{place}{key}.", unknown, wire) for key, item in value.items()}
    if kind == "blob" and wire == "json" and isinstance(value, str):
        try:
            return base64.b64decode(value, validate=True)
        except binascii.Error as error:
            raise Refusal("SerializationException", f"{place[:-1]} is no base64") from error
    if kind == "timestamp" and wire == "json":
        return query.timestamp(value, place[:-1], "SerializationException")
    if kind in ("float", "double") and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value


def _read_rest(call: Call, http: Http, body: bytes) -> dict[str, Any]:
    spelled = spelling(call.service, call.protocol)
    shape = call.operation.input_shape
    if shape is None:
        return {}
    parts = urlsplit(http.path)
    matched = _uri(call.operation.http["requestUri"]).fullmatch(parts.path)
    labels = matched.groupdict() if matched else {}
    asked = parse_qsl(parts.query, keep_blank_values=True)
    parameters: dict[str, Any] = {}
    in_body = {}
    for name, member in shape.members.items():
        wire = member.serialization.get("name", name)
        where = member.serialization.get("location")
        if where == "uri" and wire in labels:
            parameters[name] = query.scalar(unquote(labels[wire]), member, name, spelled)
        elif where == "querystring":
            values = [value for key, value in asked if key == wire]
            if member.type_name == "list" and values:
                parameters[name] = [query.scalar(value, member.member, name, spelled) for value in values]
            elif values:
                parameters[name] = query.scalar(values[0], member, name, spelled)
        elif where == "header" and wire.lower() in http.headers:
            parameters[name] = query.scalar(http.headers[wire.lower()], member, name, spelled)
        elif where is None:
            in_body[wire] = (name, member)
    for key, value in _json(body).items():
        if key not in in_body:
            raise Refusal(spelled.unknown, f"unknown parameter {key}")
        name, member = in_body[key]
        if value is not None:
            parameters[name] = _named(value, member, f"{key}.", spelled.unknown)
    return parameters
