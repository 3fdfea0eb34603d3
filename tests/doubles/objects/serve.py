"""Object storage as three clouds speak it: a store of bytes that can be made only once. Standard library alone.

Prints one line, {"endpoint": "http://127.0.0.1:PORT"}, and serves until its standard input ends. The first part of a path is
the bucket (the container); which protocol is meant is seen from the request:

* `x-ms-version` is sent with every call of Azure's Blob service: https://learn.microsoft.com/rest/api/storageservices/put-blob.
  An existing blob refuses `If-None-Match: *` with 409 BlobAlreadyExists.
* `AWS4-HMAC-SHA256` signs S3's: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html. An existing key
  refuses `If-None-Match: *` with 412 PreconditionFailed.
* Else it is the XML API of Google's: https://cloud.google.com/storage/docs/xml-api/reference-headers. An existing object refuses
  `x-goog-if-generation-match: 0` with 412 PreconditionFailed.

A put without its condition is refused: no entry of a journal may replace another. Buckets whose name begins with `missing` are
not there; in one that begins with `denied` nothing may be written."""

from __future__ import annotations

import contextlib
import hashlib
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

_PAGE = 7  # of a listing: a journal is longer than a page
_DATE = "Wed, 25 Nov 2026 00:00:00 GMT"

_objects: dict[str, bytes] = {}
_lock = threading.Lock()


class Store(BaseHTTPRequestHandler):
    """One call."""

    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Silence."""

    def _answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _refuse(self, status: int, code: str) -> None:
        self._answer(status, f"<Error><Code>{code}</Code><Message>{code}</Message></Error>".encode())

    def _dialect(self) -> str:
        if self.headers.get("x-ms-version"):
            return "az"
        return "s3" if "AWS4-HMAC-SHA256" in self.headers.get("Authorization", "") else "gs"

    def _bucket(self) -> str:
        return unquote(urlsplit(self.path).path).lstrip("/").split("/", 1)[0]

    def do_PUT(self) -> None:  # noqa: N802
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        key, dialect = unquote(urlsplit(self.path).path).lstrip("/"), self._dialect()
        if self._bucket().startswith("missing"):
            return self._refuse(404, "ContainerNotFound" if dialect == "az" else "NoSuchBucket")
        if self._bucket().startswith("denied"):
            return self._refuse(403, "AuthorizationPermissionMismatch" if dialect == "az" else "AccessDenied")
        condition = ("x-goog-if-generation-match", "0") if dialect == "gs" else ("If-None-Match", "*")
        if self.headers.get(condition[0]) != condition[1]:
            return self._refuse(400, "NoCondition")
        if dialect == "az" and self.headers.get("x-ms-blob-type") != "BlockBlob":
            return self._refuse(400, "InvalidHeaderValue")
        with _lock:
            if key in _objects:
                return self._refuse(*((409, "BlobAlreadyExists") if dialect == "az" else (412, "PreconditionFailed")))
            _objects[key] = body
        self._answer(201 if dialect == "az" else 200, ETag=_tag(body), Last_Modified=_DATE)

    def do_GET(self) -> None:  # noqa: N802
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        key, dialect = unquote(parts.path).lstrip("/"), self._dialect()
        if self._bucket().startswith("missing"):
            return self._refuse(404, "ContainerNotFound" if dialect == "az" else "NoSuchBucket")
        if query.get("comp") == "list" or query.get("list-type") == "2":
            return self._list(key.rstrip("/"), query, dialect)
        with _lock:
            body = _objects.get(key)
        if body is None:
            return self._refuse(404, "BlobNotFound" if dialect == "az" else "NoSuchKey")
        self._answer(200, body, ETag=_tag(body), Last_Modified=_DATE)

    def _list(self, bucket: str, query: dict[str, str], dialect: str) -> None:
        prefix = f"{bucket}/{query.get('prefix', '')}"
        marker = query.get("marker") or query.get("continuation-token") or ""
        with _lock:
            found = sorted((key.removeprefix(f"{bucket}/"), body) for key, body in _objects.items() if key.startswith(prefix))
        found = [(key, body) for key, body in found if key > marker]
        page, more = found[:_PAGE], found[_PAGE:]
        following = page[-1][0] if more else ""
        if dialect == "az":
            blobs = "".join(
                f"<Blob><Name>{escape(key)}</Name><Properties><Last-Modified>{_DATE}</Last-Modified>"
                f"<Content-Length>{len(body)}</Content-Length><Content-Type>application/octet-stream</Content-Type>"
                f"<Etag>{_tag(body)}</Etag></Properties></Blob>"
                for key, body in page
            )
            text = f"<EnumerationResults><Blobs>{blobs}</Blobs><NextMarker>{following}</NextMarker></EnumerationResults>"
        else:
            contents = "".join(
                f"<Contents><Key>{escape(key)}</Key><Size>{len(body)}</Size>"
                f"<LastModified>2026-11-25T00:00:00.000Z</LastModified><ETag>{escape(_tag(body))}</ETag></Contents>"
                for key, body in page
            )
            token = f"<NextContinuationToken>{following}</NextContinuationToken>" if following else ""
            text = f"<ListBucketResult>{contents}{token}</ListBucketResult>"
        self._answer(200, text.encode(), Content_Type="application/xml")


def _tag(body: bytes) -> str:
    return f'"{hashlib.sha256(body).hexdigest()[:16]}"'


def main() -> None:
    """Serves until standard input ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Store)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(json.dumps({"endpoint": f"http://127.0.0.1:{server.server_port}"}), flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        while sys.stdin.buffer.read(4096):
            pass


if __name__ == "__main__":
    main()
