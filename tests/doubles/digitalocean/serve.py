"""Serves the double on a free port of this machine until its standard input ends.

Prints one line: {"endpoint": "http://127.0.0.1:PORT", "description": PATH or null, "checks": what requests are held against}."""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from aws.strict_proxy import Proxy  # noqa: E402

from digitalocean.control import ACTIONS  # noqa: E402
from digitalocean.describe import Description, load  # noqa: E402
from digitalocean.desk import Desk  # noqa: E402
from shared import serve  # noqa: E402

_VARIABLE = "LOADLINE_DIGITALOCEAN_OPENAPI"


def main() -> None:
    """Serves until standard input ends."""
    path = os.environ.get(_VARIABLE)
    description = Description(load(Path(path))) if path else None
    checks = "the cloud's own description" if description else f"the double's own rules only: {_VARIABLE} is not set"
    server = Proxy(Desk(description), ACTIONS, sys.stderr)
    serve(server, {"description": path, "checks": checks})


if __name__ == "__main__":
    main()
