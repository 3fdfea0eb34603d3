"""Writes an answer or a refusal in the protocol that the client spoke."""

from __future__ import annotations

import base64
import datetime
import json
import uuid
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

from botocore.model import OperationModel

from . import cbor
from .errors import Refusal


@dataclass
class Answer:
    """An answer as it goes over the wire."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


def answer(result: dict[str, Any], operation: OperationModel, protocol: str) -> Answer:
    """A result, with botocore's names, in that protocol."""
    request_id = str(uuid.uuid4())
    headers = {"x-amzn-requestid": request_id}
    shape = operation.output_shape
    if protocol in ("query", "ec2"):
        headers["content-type"] = "text/xml;charset=UTF-8"
        return Answer(200, headers, _xml_answer(result, operation, protocol, request_id).encode())
    if protocol == "smithy-rpc-v2-cbor":
        headers |= {"content-type": "application/cbor", "smithy-protocol": "rpc-v2-cbor"}
        return Answer(200, headers, cbor.dumps(_plain(result, shape, "cbor") if shape else {}))
    headers["content-type"] = "application/json"
    if protocol == "json":
        headers["content-type"] = f"application/x-amz-json-{operation.metadata['jsonVersion']}"
    status = int(operation.http.get("responseCode", 200)) if protocol == "rest-json" else 200
    text = json.dumps(_plain(result, shape, "json") if shape else {})
    return Answer(status, headers, text.encode())


def refusal(refused: Refusal, protocol: str, service: str, query_mode: bool = False) -> Answer:
    """A refusal in that protocol."""
    request_id = str(uuid.uuid4())
    headers = {"x-amzn-requestid": request_id}
    code, message = escape(refused.code), escape(refused.message)
    if protocol == "ec2":
        error = f"<Errors><Error><Code>{code}</Code><Message>{message}</Message></Error></Errors>"
        text = f"<Response>{error}<RequestID>{request_id}</RequestID></Response>"
        return Answer(refused.status, headers | {"content-type": "text/xml;charset=UTF-8"}, text.encode())
    if protocol in ("query", "rest-xml"):
        side = "Receiver" if refused.status >= 500 else "Sender"
        error = f"<Error><Type>{side}</Type><Code>{code}</Code><Message>{message}</Message></Error>"
        text = f"<ErrorResponse>{error}<RequestId>{request_id}</RequestId></ErrorResponse>"
        return Answer(refused.status, headers | {"content-type": "text/xml"}, text.encode())
    said = {"__type": refused.code, "message": refused.message}
    if query_mode:
        side = "Receiver" if refused.status >= 500 else "Sender"
        headers["x-amzn-query-error"] = f"{refused.code};{side}"
    if protocol == "smithy-rpc-v2-cbor":
        said["__type"] = f"com.amazonaws.{service}#{refused.code}"
        headers |= {"content-type": "application/cbor", "smithy-protocol": "rpc-v2-cbor"}
        return Answer(refused.status, headers, cbor.dumps(said))
    headers |= {"content-type": "application/json", "x-amzn-errortype": refused.code}
    return Answer(refused.status, headers, json.dumps(said).encode())


def _plain(value: Any, shape: Any, wire: str) -> Any:
    kind = shape.type_name
    if value is None:
        return None
    if kind == "structure" and not getattr(shape, "is_document_type", False):
        plain = {}
        for name, member in shape.members.items():
            if value.get(name) is not None:
                plain[member.serialization.get("name", name)] = _plain(value[name], member, wire)
        return plain
    if kind == "list":
        return [_plain(item, shape.member, wire) for item in value]
    if kind == "map":
        return {key: _plain(item, shape.value, wire) for key, item in value.items()}
    if kind in ("float", "double"):
        return float(value)
    if wire == "json" and isinstance(value, datetime.datetime):
        return value.timestamp()
    if wire == "json" and isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value


def _xml_answer(result: dict[str, Any], operation: OperationModel, protocol: str, request_id: str) -> str:
    name = operation.name
    namespace = operation.metadata.get("xmlNamespace", "")
    shape = operation.output_shape
    inside = _members(result, shape) if shape else ""
    if protocol == "ec2":
        inside = f"<requestId>{request_id}</requestId>{inside}"
    else:
        if shape:
            wrapper = shape.serialization.get("resultWrapper", f"{name}Result")
            inside = f"<{wrapper}>{inside}</{wrapper}>"
        inside += f"<ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata>"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{name}Response xmlns="{namespace}">{inside}</{name}Response>'


def _members(value: dict[str, Any], shape: Any) -> str:
    text = ""
    for name, member in shape.members.items():
        if value.get(name) is not None:
            text += _element(member.serialization.get("name", name), value[name], member)
    return text


def _element(name: str, value: Any, shape: Any) -> str:
    kind = shape.type_name
    if kind == "structure":
        return f"<{name}>{_members(value, shape)}</{name}>"
    if kind == "list":
        inner = shape.member.serialization.get("name")
        if shape.serialization.get("flattened"):
            return "".join(_element(inner or name, item, shape.member) for item in value)
        items = "".join(_element(inner or "member", item, shape.member) for item in value)
        return f"<{name}>{items}</{name}>"
    if kind == "map":
        key_name = shape.key.serialization.get("name", "key")
        value_name = shape.value.serialization.get("name", "value")
        pairs = [
            _element(key_name, key, shape.key) + _element(value_name, item, shape.value) for key, item in value.items()
        ]
        if shape.serialization.get("flattened"):
            return "".join(f"<{name}>{pair}</{name}>" for pair in pairs)
        return f"<{name}>{''.join(f'<entry>{pair}</entry>' for pair in pairs)}</{name}>"
    return f"<{name}>{escape(_text(value))}</{name}>"


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.datetime):
        moment = value.astimezone(datetime.UTC)
        return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return str(value)
