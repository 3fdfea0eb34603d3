"""Serves the double on a free port of this machine until its standard input ends.

Prints one line: {"endpoint": "http://127.0.0.1:PORT", "description": PATH or null, "checks": what requests are held against}."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import threading
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from aws.encode import Answer  # noqa: E402
from aws.strict_proxy import CONTROL, Handler, Proxy  # noqa: E402

from digitalocean.control import control  # noqa: E402
from digitalocean.describe import Description, load  # noqa: E402
from digitalocean.desk import Desk  # noqa: E402

_VARIABLE = "LOADLINE_DIGITALOCEAN_OPENAPI"


class Connection(Handler):
    """One connection: the same as to the other double, with the control paths of this one."""

    server: Any

    def _serve(self) -> None:
        if not urlsplit(self.path).path.startswith(CONTROL):
            super()._serve()
            return
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        status, said = control(self.server.desk, self.command, urlsplit(self.path).path.removeprefix(CONTROL), body)
        self._write(Answer(status, {"content-type": "application/json"}, json.dumps(said, default=str).encode()))

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_PATCH = _serve


def main() -> None:
    """Serves until standard input ends."""
    path = os.environ.get(_VARIABLE)
    description = Description(load(Path(path))) if path else None
    server: Any = Proxy(Desk(description), sys.stderr)  # type: ignore[arg-type]
    server.RequestHandlerClass = Connection
    threading.Thread(target=server.serve_forever, daemon=True).start()
    checks = "the cloud's own description" if description else f"the double's own rules only: {_VARIABLE} is not set"
    print(json.dumps({"endpoint": server.endpoint, "description": path, "checks": checks}), flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        while sys.stdin.buffer.read(4096):
            pass


if __name__ == "__main__":
    main()
