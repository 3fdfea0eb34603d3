"""The server of a double: reads requests, has them answered by the desk or by the control paths, writes answers."""

from __future__ import annotations

import json
import select
import socket
import struct
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from shared import Actions, control

from . import encode
from .decode import Http
from .desk import Cut

CONTROL = "/_double/"


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    # Head and body in one segment, at once: sent apart, the second waits 40 ms for the first one's acknowledgement.
    wbufsize = -1
    disable_nagle_algorithm = True
    server: Proxy

    def _serve(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        body = self.rfile.read(length)
        path = urlsplit(self.path).path
        if path.startswith(CONTROL):
            status, said = control(self.server.actions, self.server.desk, self.command, path.removeprefix(CONTROL), body)
            self._write(
                encode.Answer(status, {"content-type": "application/json"}, json.dumps(said, default=str).encode())
            )
            return
        headers = {key.lower(): value for key, value in self.headers.items()}
        try:
            answer = self.server.desk.serve(Http(self.command, self.path, headers, body), self._client_is_gone)
        except Cut as cut:
            self._cut(cut.hard)
            return
        except Exception:
            # A fault of the double itself: said as what no SDK tries again, and shown.
            reason = traceback.format_exc()
            print(reason, file=self.server.log, flush=True)
            answer = encode.Answer(400, {"content-type": "text/plain"}, f"the double failed: {reason}".encode())
        if self._client_is_gone():
            self._cut(hard=False)
            return
        self._write(answer)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_PATCH = _serve

    def _write(self, answer: encode.Answer) -> None:
        self.send_response(answer.status)
        for key, value in answer.headers.items():
            if key != "content-length":
                self.send_header(key, value)
        self.send_header("content-length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)
        self.wfile.flush()

    def _cut(self, hard: bool) -> None:
        self.close_connection = True
        if hard:
            # Lingering for no time makes the kernel send a reset instead of an orderly end.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        else:
            self.connection.shutdown(socket.SHUT_RDWR)
        self.connection.close()

    def _client_is_gone(self) -> bool:
        readable, _, _ = select.select([self.connection], [], [], 0)
        try:
            return bool(readable) and self.connection.recv(1, socket.MSG_PEEK) == b""
        except OSError:
            return True

    def log_message(self, format: str, *arguments: Any) -> None:
        """Says nothing: the journal does."""


class Proxy(ThreadingHTTPServer):
    """The server on a free port of this machine."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, desk: Any, actions: Actions, log: Any) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.desk = desk
        self.actions = actions
        self.log = log

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away, or was cut off, is nothing to report."""

    @property
    def endpoint(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"
