"""moto with what it lacks added, on a port of this machine: `python -m aws.moto_server PORT PARENT`. Ends when its parent has ended."""

from __future__ import annotations

import os
import sys
import threading
import time

from aws.added import caches, engines, groups, images, leftovers, quotas, refresh, zones


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)


def main() -> None:
    """Adds and serves."""
    port, parent = sys.argv[1:]
    threading.Thread(target=_end_with, args=(int(parent),), daemon=True).start()
    for addition in (caches, engines, groups, images, leftovers, quotas, refresh, zones):
        addition.add()
    from moto.server import main as serve

    serve(["-H", "127.0.0.1", "-p", port])


if __name__ == "__main__":
    main()
