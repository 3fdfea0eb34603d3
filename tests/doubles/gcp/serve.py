"""Serves the double on a free port of this machine until its standard input ends.

Prints one line: {"endpoint": "http://127.0.0.1:PORT"}. `--no-anonymous`: calls without a token are refused."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from aws.strict_proxy import Proxy  # noqa: E402
from shared import serve  # noqa: E402

from gcp.control import ACTIONS  # noqa: E402
from gcp.describe import Description  # noqa: E402
from gcp.desk import Desk  # noqa: E402


def main() -> None:
    """Serves until standard input ends."""
    desk = Desk(Description(), anonymous="--no-anonymous" not in sys.argv[1:])
    serve(Proxy(desk, ACTIONS, sys.stderr), {})


if __name__ == "__main__":
    main()
