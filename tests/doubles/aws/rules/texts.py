"""Names, descriptions and tags: characters and lengths that AWS's documentation states and its models do not."""

from __future__ import annotations

import re
from typing import Any

from ..decode import Call
from .register import Look, refuse, rule

# CreateSecurityGroup: "a-z, A-Z, 0-9, spaces, and ._-:/()#,@[]+=&;{}!$*", at most 255 characters.
_GROUP_TEXT = re.compile(r"[a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]{1,255}")
# CreateLoadBalancer and CreateTargetGroup: at most 32 letters, digits and hyphens, no hyphen at either end.
_BALANCER_NAME = re.compile(r"(?!-)(?!internal-)[a-zA-Z0-9-]{1,32}(?<!-)")
# CreateReplicationGroup and CreateDBInstance: letters, digits and hyphens, a letter first, no two hyphens in a row, none last.
_STORE_NAME = re.compile(r"[a-zA-Z](?!.*--)[a-zA-Z0-9-]*(?<!-)")
_STORE_MEMBERS = {
    "DBInstanceIdentifier": 63,
    "DBParameterGroupName": 255,
    "FinalDBSnapshotIdentifier": 255,
    "ReplicationGroupId": 40,
}


@rule("ec2", "CreateSecurityGroup")
def a_security_group_is_named_plainly(call: Call, look: Look) -> None:
    """Also: `sg-` is for ids."""
    for member in ("GroupName", "Description"):
        text = call.parameters.get(member, "")
        if not _GROUP_TEXT.fullmatch(text):
            refuse(
                "InvalidParameterValue",
                f"Value ({text}) for parameter {member} is invalid. Character sets beyond ASCII are not supported.",
            )
    if call.parameters.get("GroupName", "").startswith("sg-"):
        refuse("InvalidParameterValue", "Group names may not be in the format sg-*")


@rule("ec2", "AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress")
def a_rule_is_described_plainly(call: Call, look: Look) -> None:
    """The same characters as in the description of a group."""
    for permission in call.parameters.get("IpPermissions", []):
        for of in ("IpRanges", "Ipv6Ranges", "UserIdGroupPairs", "PrefixListIds"):
            for source in permission.get(of, []):
                text = source.get("Description")
                if text is not None and not _GROUP_TEXT.fullmatch(text):
                    refuse("InvalidParameterValue", f"Invalid rule description '{text}'")


@rule("elbv2", "CreateLoadBalancer", "CreateTargetGroup")
def a_balancer_has_a_short_name(call: Call, look: Look) -> None:
    """Names of load balancers and target groups."""
    name = call.parameters.get("Name", "")
    if not _BALANCER_NAME.fullmatch(name):
        refuse(
            "ValidationError",
            f"The name '{name}' cannot be longer than '32' characters, and holds letters, digits and hyphens only",
        )


@rule("rds", "CreateDBInstance", "DeleteDBInstance", "CreateDBParameterGroup")
@rule("elasticache", "CreateReplicationGroup")
def a_store_is_named_plainly(call: Call, look: Look) -> None:
    """Identifiers of databases and caches."""
    for member, most in _STORE_MEMBERS.items():
        text = call.parameters.get(member)
        if text is not None and (len(text) > most or not _STORE_NAME.fullmatch(text)):
            refuse("InvalidParameterValue", f"The parameter {member} is not a valid identifier: {text}")


def check_tags(call: Call) -> None:
    """Tags, in whatever operation they are given."""
    for tags in _tag_lists(call.parameters):
        keys = [str(tag.get("Key")) for tag in tags]
        code = {"ec2": "InvalidParameterValue", "rds": "InvalidParameterValue"}.get(call.service, "ValidationError")
        if len(keys) > 50:
            refuse({"ec2": "TagLimitExceeded"}.get(call.service, code), "more than 50 tags")
        if len(set(keys)) < len(keys):
            refuse(code, f"Duplicate tag keys: {sorted(keys)}")
        for tag in tags:
            key, value = str(tag.get("Key")), str(tag.get("Value", ""))
            if key.lower().startswith("aws:"):
                refuse(code, f"Tag keys starting with 'aws:' are reserved: {key}")
            if not 1 <= len(key) <= 128 or len(value) > 256:
                refuse(code, f"The tag {key} is too long")


def _tag_lists(parameters: dict[str, Any]) -> list[list[dict[str, Any]]]:
    lists = [parameters.get("Tags")]
    lists += [spec.get("Tags") for spec in parameters.get("TagSpecifications") or [] if isinstance(spec, dict)]
    # Tags of several things in one list (Auto Scaling groups name theirs with ResourceId) are counted as one thing's:
    # no call of ours names two.
    return [tags for tags in lists if isinstance(tags, list) and all(isinstance(tag, dict) for tag in tags)]
