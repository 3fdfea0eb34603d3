"""The description as one table, made once from the installed packages and kept beside them."""

from __future__ import annotations

import fcntl
import hashlib
import json
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from .models import enums, models
from .operations import operations

# Where the descriptions are: package, and for those with several api-versions the one that is taken.
_ARM = {
    "authorization": "mgmt/authorization/v2022_04_01",
    "compute": "mgmt/compute",
    "keyvault": "mgmt/keyvault",
    "locks": "mgmt/resource/locks",
    "monitor": "mgmt/monitor",
    "msi": "mgmt/msi/v2024_11_30",
    "mysql": "mgmt/mysqlflexibleservers",
    "network": "mgmt/network",
    "privatedns": "mgmt/privatedns",
    "redis": "mgmt/redisenterprise",
    "resources": "mgmt/resource/resources",
    "subscriptions": "mgmt/resource/subscriptions",
}
_VAULT = {"secrets": "keyvault/secrets/_generated"}

Table = dict[str, Any]


def load() -> Table:
    """The table; made if this is the first time, which takes some seconds."""
    root = Path(sysconfig.get_path("purelib")) / "azure"
    kept = _folder() / f"azure-description-{_fingerprint(root)}.json"
    try:
        return dict(json.loads(kept.read_text()))
    except (OSError, ValueError):
        pass
    with open(kept.parent / "azure-description.lock", "w") as lock:
        # Tests start many doubles at once: one of them makes it.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.is_file():
            part = kept.with_suffix(".part")
            part.write_text(json.dumps(make(root)))
            part.replace(kept)
            for older in kept.parent.glob("azure-description-*.json"):
                if older != kept:
                    older.unlink(missing_ok=True)
    return dict(json.loads(kept.read_text()))


def make(root: Path) -> Table:
    """Reads the packages."""
    table: Table = {"operations": [], "models": {}, "enums": {}}
    for name, place in {**_ARM, **_VAULT}.items():
        folder = root / place
        if not folder.is_dir():
            raise SystemExit(f"the double of Azure: {folder} is not there; run tests/doubles/install")
        sources = [*folder.glob("operations/_*operations.py"), *folder.glob("_operations/_operations.py")]
        for source in sorted(sources):
            found = operations(source)
            table["operations"] += [
                {**it, "module": name, "plane": "vault" if name in _VAULT else "arm"} for it in found
            ]
        table["models"][name] = models(folder / "models")
        table["enums"][name] = enums(folder / "models")
    return table


def _folder() -> Path:
    """The folder of the virtual environment, or where there is none that of temporary files."""
    inside = sys.prefix != sys.base_prefix
    return Path(sys.prefix) if inside else Path(tempfile.gettempdir())


def _fingerprint(root: Path) -> str:
    """Of the packages' versions and of what reads them."""
    digest = hashlib.sha256()
    for installed in sorted(root.parent.glob("azure*.dist-info")):
        digest.update(installed.name.encode())
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]
