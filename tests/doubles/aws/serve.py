"""Starts moto and the strict proxy on free ports of this machine, says where, and ends both when its standard input ends.

Prints one line: {"endpoint": "http://127.0.0.1:PORT"}."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from shared import serve  # noqa: E402

from aws.control import ACTIONS  # noqa: E402
from aws.desk import Desk  # noqa: E402
from aws.strict_proxy import Proxy  # noqa: E402
from aws.upstream import Moto  # noqa: E402

_STARTS_WITHIN_S = 60.0


def free_port() -> int:
    """A port of this machine on which nothing listens now."""
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_moto() -> tuple[subprocess.Popen[bytes], Moto]:
    """moto with its validations on, and with nowhere to go outside this machine."""
    port = free_port()
    # Nothing listens on port 9 (discard): whatever would leave through a proxy fails at once.
    nowhere = "http://127.0.0.1:9"
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "MOTO_ENABLE_AMI_VALIDATION": "1",
        "MOTO_ENABLE_KEYPAIR_VALIDATION": "1",
        "MOTO_EC2_ENABLE_INSTANCE_TYPE_VALIDATION": "1",
        "AWS_ACCESS_KEY_ID": "double",
        "AWS_SECRET_ACCESS_KEY": "double",
        "AWS_EC2_METADATA_DISABLED": "true",
        **{name: nowhere for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy")},
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
    }
    child = subprocess.Popen(
        [sys.executable, "-m", "aws.moto_server", str(port), str(os.getpid())],
        cwd=Path(__file__).resolve().parent.parent,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=None if os.environ.get("LOADLINE_DOUBLES_VERBOSE") else subprocess.DEVNULL,
    )
    deadline = time.monotonic() + _STARTS_WITHIN_S
    while time.monotonic() < deadline and child.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return child, Moto(port)
        time.sleep(0.05)
    child.kill()
    raise SystemExit("serve: moto did not start; LOADLINE_DOUBLES_VERBOSE=1 shows why")


def main() -> None:
    """Serves until standard input ends."""
    child, moto = start_moto()
    try:
        serve(Proxy(Desk(moto), ACTIONS, sys.stderr), {})
    finally:
        child.kill()
        child.wait()


if __name__ == "__main__":
    main()
