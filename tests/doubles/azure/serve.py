"""Serves the double on a free port of this machine until its standard input ends.

Prints one line: {"endpoint": "http://127.0.0.1:PORT", "subscription": ID, "tenant": ID, "checks": what requests are held against}.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from aws.strict_proxy import Proxy  # noqa: E402
from azure.control import ACTIONS  # noqa: E402
from azure.describe import Description, load  # noqa: E402
from azure.desk import Desk  # noqa: E402
from azure.world.things import SUBSCRIPTION, TENANT  # noqa: E402
from shared import serve  # noqa: E402


def main() -> None:
    """Serves until standard input ends."""
    desk = Desk(Description(load()))
    greeting = {
        "subscription": SUBSCRIPTION,
        "tenant": TENANT,
        "checks": "operations and models of Azure's own Python packages",
    }
    serve(Proxy(desk, ACTIONS, sys.stderr), greeting)


if __name__ == "__main__":
    main()
