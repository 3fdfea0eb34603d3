"""RDS: which versions of an engine there are."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.rds.responses import RDSResponse

from .refused import Refused

# "Amazon RDS for MySQL versions" lists more; enough to choose the newest of a major version.
VERSIONS = {
    "mysql": ("8.0.42", "8.0.43", "8.4.5", "8.4.6", "8.4.7"),
    "mariadb": ("10.11.14", "11.4.8", "11.8.3"),
    "postgres": ("16.10", "17.6", "18.1"),
}


def _family(engine: str, version: str) -> str:
    parts = version.split(".")
    return engine + (parts[0] if engine == "postgres" else ".".join(parts[:2]))


def _describe(self: RDSResponse) -> ActionResult:
    engine, version = self.params.get("Engine"), self.params.get("EngineVersion")
    if engine and engine not in VERSIONS:
        raise Refused("InvalidParameterValue", f"Unrecognized engine name: {engine}")
    rows = [
        {
            "Engine": name,
            "EngineVersion": number,
            "DBParameterGroupFamily": _family(name, number),
            "DBEngineDescription": name,
            "DBEngineVersionDescription": f"{name} {number}",
            "Status": "available",
            "MajorEngineVersion": _family(name, number).removeprefix(name),
        }
        for name, numbers in VERSIONS.items()
        for number in numbers
        if engine in (None, name) and (not version or number == version or number.startswith(f"{version}."))
    ]
    family = self.params.get("DBParameterGroupFamily")
    rows = [row for row in rows if not family or row["DBParameterGroupFamily"] == family]
    if self.params.get("DefaultOnly"):
        rows = rows[-1:]
    return ActionResult({"DBEngineVersions": rows})


def add() -> None:
    """Adds it to moto."""
    responses: Any = RDSResponse
    responses.describe_db_engine_versions = _describe
