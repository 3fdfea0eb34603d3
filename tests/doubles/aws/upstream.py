"""Asks moto: writes a call in a protocol that moto speaks, and reads what it says."""

from __future__ import annotations

import functools
import http.client
from typing import Any
from urllib.parse import urlencode

import botocore.parsers
import botocore.serialize

from . import models
from .errors import Refusal


@functools.cache
def _serializer(protocol: str) -> Any:
    return botocore.serialize.create_serializer(protocol, include_validation=False)


@functools.cache
def _parser(protocol: str) -> Any:
    return botocore.parsers.create_parser(protocol)


class Moto:
    """moto at a port of this machine."""

    def __init__(self, port: int) -> None:
        self.port = port

    def raw(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        """One exchange: status, headers with names in lower case, body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            said = response.read()
            return response.status, {key.lower(): value for key, value in response.getheaders()}, said
        finally:
            connection.close()

    def reset(self) -> None:
        """Forgets everything."""
        self.raw("POST", "/moto-api/reset", {}, b"")

    def call(self, service: str, name: str, parameters: dict[str, Any], authorization: str) -> dict[str, Any]:
        """The result of an operation, with botocore's names; `Refusal` if moto refuses it."""
        operation = models.operation(service, name)
        if operation is None:
            raise KeyError(f"{service} has no operation {name}")
        protocol = models.protocol_to_moto(service)
        request = _serializer(protocol).serialize_to_request(parameters, operation)
        body = request["body"]
        if isinstance(body, dict):
            body = urlencode(body).encode()
        path = request["url_path"]
        if request.get("query_string"):
            path += ("&" if "?" in path else "?") + urlencode(request["query_string"], doseq=True)
        headers = {**request["headers"], "Authorization": authorization, "Content-Length": str(len(body))}
        status, said_headers, said = self.raw(request["method"], path, headers, body)
        html = "html" in said_headers.get("content-type", "") and not said.lstrip().startswith((b"<?xml", b"{"))
        if status >= 500 or (status == 404 and html):
            # Said with a status that no SDK tries again: the double lacks something, AWS would not.
            reason = said[-300:].decode("utf-8", "replace")
            raise Refusal("NotImplementedByDouble", f"moto has no answer to {service} {name}: {reason}")
        exchange = {"status_code": status, "headers": said_headers, "body": said}
        parsed = _parser(protocol).parse(exchange, operation.output_shape)
        if status >= 300:
            error = parsed.get("Error", {})
            code, message = str(error.get("Code", status)), str(error.get("Message", ""))
            raise Refusal(code.rpartition("#")[2], message, status)
        parsed.pop("ResponseMetadata", None)
        return dict(parsed)
