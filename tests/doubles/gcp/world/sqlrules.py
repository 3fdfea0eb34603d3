"""What Cloud SQL for MySQL sells and takes: versions, tiers, flags, and settings as they are by themselves."""

from __future__ import annotations

import re
from typing import Any

from .limits import REGIONS
from .machines import check_labels
from .patches import merged
from .peering import connected
from .things import Refusal, Thing, World

VERSIONS = ["MYSQL_5_7", "MYSQL_8_0", "MYSQL_8_4", "MYSQL_9_7"]
# Flags with the values they take (Cloud SQL documentation, "Configure database flags"); a choice of them.
FLAGS: dict[str, Any] = {
    "innodb_buffer_pool_size": (5_242_880, 2**62), "innodb_flush_log_at_trx_commit": (0, 2), "sync_binlog": (0, 2**31),
    "max_connections": (10, 100_000), "log_output": ["FILE", "TABLE", "NONE"], "slow_query_log": ["on", "off"],
    "general_log": ["on", "off"], "long_query_time": 31_536_000.0, "innodb_io_capacity": (100, 2**31), "wait_timeout": (1, 31_536_000),
    "max_allowed_packet": (16_384, 1_073_741_824), "character_set_server": ["utf8mb4", "utf8mb3", "latin1"],
    "default_time_zone": None, "sql_mode": None, "cloudsql_iam_authentication": ["on", "off"],
}  # fmt: skip
# Flags that take a restart (the same page).
RESTARTING = {"innodb_buffer_pool_size", "log_output", "character_set_server"}
_PERFORMANCE = (2, 4, 8, 16, 32, 48, 64, 80, 96, 128)


def wrong(message: str, reason: str = "invalidRequest") -> Refusal:
    """What Cloud SQL says of what cannot be."""
    return Refusal(400, reason, f"Invalid request: {message}.")


def edition_of(tier: str) -> str | None:
    """The edition that sells a tier; nothing: nobody does."""
    found = re.fullmatch(r"db-perf-optimized-N-(\d+)", tier)
    if found:
        return "ENTERPRISE_PLUS" if int(found[1]) in _PERFORMANCE else None
    if tier in ("db-f1-micro", "db-g1-small") or re.fullmatch(r"db-n1-(standard-(1|2|4|8|16|32|64|96)|highmem-(2|4|8|16|32|64|96))", tier):
        return "ENTERPRISE"
    found = re.fullmatch(r"db-custom-(\d+)-(\d+)", tier)
    if not found:
        return None
    # One vCPU or an even number up to 96; memory in steps of 256 MB, from 3.75 GB and 0.9 to 6.5 GB for each (Cloud SQL documentation,
    # "About instance settings", custom machine types).
    cpus, mb = int(found[1]), int(found[2])
    fits = (cpus == 1 or cpus % 2 == 0) and 1 <= cpus <= 96 and mb % 256 == 0
    return "ENTERPRISE" if fits and mb >= 3840 and 0.9 * 1024 <= mb / cpus <= 6.5 * 1024 else None


def _flag(name: str, value: str) -> bool:
    if name not in FLAGS:
        return False
    takes = FLAGS[name]
    if isinstance(takes, list):
        return value in takes
    if isinstance(takes, float):
        return re.fullmatch(r"\d+(\.\d+)?", value) is not None and float(value) <= takes
    if isinstance(takes, tuple):
        return re.fullmatch(r"\d+", value) is not None and takes[0] <= int(value) <= takes[1]
    return True


def check(world: World, body: Thing) -> None:
    """Refuses what is not sold or not taken."""
    settings = body.get("settings", {})
    if body.get("databaseVersion") not in VERSIONS:
        raise wrong(f"Database version {body.get('databaseVersion')} is not supported")
    if body.get("region") not in REGIONS:
        raise wrong(f"Region {body.get('region')} is not known")
    tier = settings.get("tier", "")
    edition, known = settings.get("edition"), edition_of(tier)
    if known is None:
        raise wrong(f"Invalid Tier ({tier}) for ({edition}) Edition. Use a predefined Tier like db-custom-2-7680 instead")
    if edition != known:
        raise wrong(f"Invalid Tier ({tier}) for ({edition}) Edition: it is of {known}")
    for flag in settings.get("databaseFlags", []):
        if not _flag(flag.get("name", ""), flag.get("value", "")):
            raise wrong(f"Incorrect value or unsupported flag: {flag.get('name')}={flag.get('value')}", "invalidFlag")
    if not 10 <= int(settings["dataDiskSizeGb"]) <= 65_536:
        raise wrong(f"Disk size {settings['dataDiskSizeGb']} GB is not from 10 to 65536")
    check_labels("settings.userLabels", settings.get("userLabels", {}))
    _check_places(body["region"], settings)
    _check_backups(settings, replica=bool(body.get("masterInstanceName")))
    _check_network(world, settings["ipConfiguration"])


def _check_places(region: str, settings: Thing) -> None:
    preference = settings.get("locationPreference", {})
    for field in ("zone", "secondaryZone"):
        zone = preference.get(field)
        if zone and (zone[:-2] != region or zone[-1] not in REGIONS[region]):
            raise wrong(f"{field} {zone} is not in {region}")
    if preference.get("zone") and preference.get("zone") == preference.get("secondaryZone"):
        raise wrong("The secondary zone has to be another one than the zone")


def _check_backups(settings: Thing, *, replica: bool) -> None:
    backup = settings["backupConfiguration"]
    if backup.get("binaryLogEnabled") and not backup.get("enabled") and not replica:
        raise wrong("Binary log can be enabled only with backups")
    if settings["availabilityType"] == "REGIONAL" and not (backup.get("enabled") and backup.get("binaryLogEnabled")):
        raise wrong("A regional instance needs backups and binary logging")
    days, most = backup.get("transactionLogRetentionDays", 1), 35 if settings["edition"] == "ENTERPRISE_PLUS" else 7
    if not 1 <= days <= most:
        raise wrong(f"transactionLogRetentionDays is from 1 to {most} in this edition")
    kept = backup.get("backupRetentionSettings", {}).get("retainedBackups", 7)
    if not 1 <= kept <= 365 or kept < days:
        raise wrong("retainedBackups is from 1 to 365, and at least as many as days of logs")
    window = settings.get("maintenanceWindow", {})
    if not 0 <= window.get("day", 0) <= 7 or not 0 <= window.get("hour", 0) <= 23:
        raise wrong("A maintenance window has a day from 1 to 7 and an hour from 0 to 23")
    final = settings.get("finalBackupConfig", {})
    if not 1 <= final.get("retentionDays", 30) <= 365:
        raise wrong("finalBackupConfig.retentionDays is from 1 to 365")


def _check_network(world: World, addresses: Thing) -> None:
    network = addresses.get("privateNetwork")
    if not network and not addresses["ipv4Enabled"]:
        raise wrong("At least one of Public IP or Private IP or PSC connectivity must be enabled")
    if network and not connected(world, network):
        raise wrong(
            f"Failed to create subnetwork: the network {network} doesn't have at least 1 private services connection. Please see "
            "https://cloud.google.com/sql/docs/mysql/private-ip#network_requirements for how to create this connection",
            "networkNotConnected",
        )


def filled(settings: Thing, version: str, region: str) -> Thing:
    """Settings with what Cloud SQL adds."""
    newer = version in ("MYSQL_8_4", "MYSQL_9_7")
    zone = f"{region}-{REGIONS.get(region, 'a')[0]}"
    made = merged({
        "kind": "sql#settings", "pricingPlan": "PER_USE", "replicationType": "SYNCHRONOUS", "activationPolicy": "ALWAYS",
        # From 8.4 on (Cloud SQL documentation, "Introduction to Cloud SQL editions").
        "edition": "ENTERPRISE_PLUS" if newer else "ENTERPRISE", "availabilityType": "ZONAL", "storageAutoResize": True,
        "storageAutoResizeLimit": "0", "dataDiskType": "PD_SSD", "dataDiskSizeGb": "10", "connectorEnforcement": "NOT_REQUIRED",
        "deletionProtectionEnabled": False, "settingsVersion": "1", "locationPreference": {"kind": "sql#locationPreference", "zone": zone},
        "ipConfiguration": {"ipv4Enabled": True, "sslMode": "ALLOW_UNENCRYPTED_AND_ENCRYPTED", "requireSsl": False},
        "backupConfiguration": {
            "kind": "sql#backupConfiguration", "enabled": False, "binaryLogEnabled": False, "startTime": "04:00",
            "transactionLogRetentionDays": 7, "backupRetentionSettings": {"retentionUnit": "COUNT", "retainedBackups": 7},
        },
    }, settings)  # fmt: skip
    return dict(made)
