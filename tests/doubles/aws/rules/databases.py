"""Databases: what RDS refuses and moto takes."""

from __future__ import annotations

import re

from ..decode import Call
from .register import Look, refuse, rule

_CLASS = re.compile(r"db\.(t3|t4g|m5d?|m6gd?|m6id?|m6in|m6idn|m7g|m7i|m8g|m8gd|r5[bd]?|r6gd?|r6id?|r6in|r7g|r7i|r8g|r8gd|x2g|x2idn|x2iedn|x2iezn|z1d)\.(micro|small|medium|large|\d*xlarge)")  # fmt: skip
# "DB instance storage" of the RDS user guide, RDS for MySQL: GiB.
_STORAGE_GIB = {"gp2": (20, 65536), "gp3": (20, 65536), "io1": (100, 65536), "io2": (100, 65536)}
# gp3 for MySQL: below 400 GiB the baseline of 3,000 IOPS and 125 MiB/s is all there is; from there 12,000 to 64,000.
_GP3_STEP_GIB = 400
# "Dynamic: No" in the reference manuals of MySQL 8.0 and 8.4, so that RDS applies them at a reboot only; as far as a web stack is
# likely to set them.
_STATIC = {
    "back_log", "innodb_buffer_pool_instances", "innodb_dedicated_server", "innodb_flush_method",
    "innodb_log_file_size", "innodb_open_files", "innodb_page_cleaners", "innodb_purge_threads", "innodb_read_io_threads",
    "innodb_write_io_threads", "lower_case_table_names", "performance_schema", "skip_name_resolve", "table_open_cache_instances",
}  # fmt: skip
_MOST_PARAMETERS = 20


@rule("rds", "CreateDBSubnetGroup", "ModifyDBSubnetGroup")
def a_subnet_group_spans_two_zones(call: Call, look: Look) -> None:
    """Also for a database without a standby."""
    subnets = look("ec2", "DescribeSubnets", "Subnets", SubnetIds=call.parameters["SubnetIds"])
    zones = {subnet["AvailabilityZone"] for subnet in subnets}
    if len(zones) < 2:
        refuse(
            "DBSubnetGroupDoesNotCoverEnoughAZs",
            "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. "
            f"Current AZ coverage: {', '.join(sorted(zones))}. Add subnets to cover at least 2 AZs.",
        )


@rule("rds", "CreateDBInstance")
def a_database_is_asked_for_in_figures_that_exist(call: Call, look: Look) -> None:
    """Class, password, storage and retention."""
    asked = call.parameters
    if not _CLASS.fullmatch(asked.get("DBInstanceClass", "")):
        refuse("InvalidParameterValue", f"Invalid DB Instance class: {asked.get('DBInstanceClass')}")
    managed, password = asked.get("ManageMasterUserPassword"), asked.get("MasterUserPassword")
    if managed and password:
        refuse(
            "InvalidParameterCombination",
            "You can't specify MasterUserPassword for an instance with ManageMasterUserPassword enabled.",
        )
    if not managed and not password and not asked.get("DBClusterIdentifier"):
        refuse("InvalidParameterValue", "The parameter MasterUserPassword must be provided and must not be blank.")
    if password and (not 8 <= len(password) <= 41 or re.search(r"[/\"@\s]|[^\x20-\x7e]", password)):
        refuse("InvalidParameterValue", "The parameter MasterUserPassword is not a valid password.")
    if not 0 <= asked.get("BackupRetentionPeriod", 1) <= 35:
        refuse("InvalidParameterValue", "Invalid backup retention period. Must be between 0 and 35 days.")


@rule("rds", "CreateDBInstance", "ModifyDBInstance")
def storage_is_asked_for_in_figures_that_exist(call: Call, look: Look) -> None:
    """Size by type; IOPS of gp3 only from 400 GiB, of io1 and io2 always."""
    asked = call.parameters
    kind, size, iops = asked.get("StorageType"), asked.get("AllocatedStorage"), asked.get("Iops")
    if kind is None or size is None or asked.get("Engine", "mysql") not in ("mysql", "mariadb", "postgres"):
        return
    if kind not in _STORAGE_GIB:
        refuse("InvalidParameterValue", f"Invalid storage type: {kind}")
    least, most = _STORAGE_GIB[kind]
    if not least <= size <= most:
        refuse(
            "InvalidParameterValue",
            f"Invalid storage size for engine name {asked.get('Engine')} and storage type {kind}: {size}",
        )
    if kind == "gp3" and size < _GP3_STEP_GIB and (iops or asked.get("StorageThroughput")):
        refuse(
            "InvalidParameterCombination",
            f"You can't specify IOPS or storage throughput for engine {asked.get('Engine')} and a storage size less than {_GP3_STEP_GIB}.",
        )
    if kind == "gp3" and iops and not 12000 <= iops <= 64000:
        refuse(
            "InvalidParameterValue",
            f"Invalid iops value for engine name {asked.get('Engine')} and storage type gp3: {iops}. Valid are 12000 to 64000.",
        )
    if kind in ("io1", "io2") and not iops:
        refuse(
            "InvalidParameterCombination",
            f"You must specify both the storage size and iops when modifying or creating with storage type {kind}.",
        )


@rule("rds", "DeleteDBInstance")
def a_database_is_not_lost_by_saying_nothing(call: Call, look: Look) -> None:
    """Either a final snapshot or the word that there is none."""
    skip, final = call.parameters.get("SkipFinalSnapshot"), call.parameters.get("FinalDBSnapshotIdentifier")
    if not skip and not final:
        refuse(
            "InvalidParameterCombination",
            "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.",
        )
    if skip and final:
        refuse(
            "InvalidParameterCombination",
            "FinalDBSnapshotIdentifier can not be specified when deleting with SkipFinalSnapshot.",
        )
    if final and any(
        snapshot["DBSnapshotIdentifier"] == final for snapshot in look("rds", "DescribeDBSnapshots", "DBSnapshots")
    ):
        refuse(
            "DBSnapshotAlreadyExists",
            f"Cannot create the snapshot because one with the identifier {final} already exists.",
        )


@rule("rds", "DeleteDBSubnetGroup")
def a_subnet_group_in_use_stays(call: Call, look: Look) -> None:
    """A database that is still being deleted uses its group."""
    name = call.parameters["DBSubnetGroupName"]
    for database in look("rds", "DescribeDBInstances", "DBInstances"):
        if (database.get("DBSubnetGroup") or {}).get("DBSubnetGroupName") == name:
            refuse(
                "InvalidDBSubnetGroupStateFault",
                f"Cannot delete the subnet group '{name}' because at least one database instance: {database['DBInstanceIdentifier']} is still using it.",
            )


@rule("rds", "DeleteDBParameterGroup")
def a_parameter_group_in_use_stays(call: Call, look: Look) -> None:
    """A database that is still being deleted uses its group."""
    name = call.parameters["DBParameterGroupName"]
    for database in look("rds", "DescribeDBInstances", "DBInstances"):
        if name in {group.get("DBParameterGroupName") for group in database.get("DBParameterGroups", [])}:
            refuse(
                "InvalidDBParameterGroupState",
                f"One or more database instances are still members of this parameter group {name}, so the group cannot be deleted",
            )


@rule("rds", "ModifyDBParameterGroup", "ResetDBParameterGroup")
def parameters_come_in_twenties(call: Call, look: Look) -> None:
    """At most 20 in a call, each once; a static one waits for a reboot."""
    parameters = call.parameters.get("Parameters", [])
    names = [parameter.get("ParameterName") for parameter in parameters]
    if len(parameters) > _MOST_PARAMETERS:
        refuse(
            "InvalidParameterValue", f"A maximum of {_MOST_PARAMETERS} parameters can be modified in a single request."
        )
    if len(set(names)) < len(names):
        refuse("InvalidParameterValue", f"A parameter is given twice: {names}")
    for parameter in parameters:
        if call.name == "ModifyDBParameterGroup" and not {"ParameterName", "ParameterValue", "ApplyMethod"} <= set(
            parameter
        ):
            refuse(
                "InvalidParameterValue", "The parameters ParameterName, ParameterValue, and ApplyMethod are required."
            )
        if parameter.get("ParameterName") in _STATIC and parameter.get("ApplyMethod") == "immediate":
            refuse(
                "InvalidParameterCombination",
                f"cannot use immediate apply method for static parameter {parameter['ParameterName']}",
            )
