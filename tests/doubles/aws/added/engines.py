"""RDS: which versions of an engine there are, and which classes can be had with them."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult, PaginatedResult
from moto.rds.models import RDSBackend
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


_FAMILIES = ("t4g", "m6g", "m6i", "m7g", "m7i", "r6g", "r6i", "r7g", "r7i")
_SIZES = {"t4g": ("micro", "small", "medium", "large", "xlarge", "2xlarge")}
_BIG_SIZES = ("large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge")
_orderable_by_moto = RDSBackend.describe_orderable_db_instance_options


def _orderable(self: RDSBackend, engine: str, engine_version: str) -> list[dict[str, Any]]:
    if engine not in VERSIONS:
        return list(_orderable_by_moto(self, engine, engine_version))
    return [
        {
            "Engine": engine,
            "EngineVersion": version,
            "DBInstanceClass": f"db.{family}.{size}",
            "LicenseModel": "general-public-license",
            "AvailabilityZones": [{"Name": f"{self.region_name}{zone}"} for zone in "abc"],
            "MultiAZCapable": True,
            "ReadReplicaCapable": True,
            "Vpc": True,
            "SupportsStorageEncryption": True,
            "StorageType": "gp3",
            "SupportsIops": True,
            "MinStorageSize": 20,
            "MaxStorageSize": 65536,
        }
        for version in VERSIONS[engine]
        if engine_version in (None, version)
        for family in _FAMILIES
        for size in _SIZES.get(family, _BIG_SIZES)
    ]


def _describe_orderable(self: RDSResponse) -> ActionResult:
    options = self.backend.describe_orderable_db_instance_options(
        self.params.get("Engine"), self.params.get("EngineVersion")
    )
    wanted = self.params.get("DBInstanceClass")
    return PaginatedResult(
        {"OrderableDBInstanceOptions": [row for row in options if wanted in (None, row["DBInstanceClass"])]}
    )


def add() -> None:
    """Adds it to moto."""
    backend: Any = RDSBackend
    backend.describe_orderable_db_instance_options = _orderable
    responses: Any = RDSResponse
    responses.describe_orderable_db_instance_options = _describe_orderable
    responses.describe_db_engine_versions = _describe
