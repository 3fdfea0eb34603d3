"""Auto Scaling groups and machines: what AWS refuses and moto takes."""

from __future__ import annotations

from ..decode import Call
from .register import Look, refuse, rule


def _group(look: Look, name: str) -> dict[str, object] | None:
    found = look("autoscaling", "DescribeAutoScalingGroups", "AutoScalingGroups", AutoScalingGroupNames=[name])
    return found[0] if found else None


@rule("autoscaling", "CreateAutoScalingGroup")
def a_group_is_made_once(call: Call, look: Look) -> None:
    """moto replaces a group of the same name."""
    name = call.parameters["AutoScalingGroupName"]
    if _group(look, name):
        refuse(
            "AlreadyExists",
            f"AutoScalingGroup by this name already exists - A group with the name {name} already exists",
        )


@rule("autoscaling", "CreateAutoScalingGroup", "UpdateAutoScalingGroup")
def the_sizes_of_a_group_are_in_order(call: Call, look: Look) -> None:
    """Least, wanted, most."""
    there = _group(look, call.parameters["AutoScalingGroupName"]) or {}
    if call.name == "UpdateAutoScalingGroup" and not there:
        refuse("ValidationError", "AutoScalingGroup name not found - null")
    least, most = (call.parameters.get(key, there.get(key)) for key in ("MinSize", "MaxSize"))
    if isinstance(least, int) and isinstance(most, int) and least > most:
        refuse("ValidationError", f"Max bound, {most}, must be greater than or equal to min bound, {least}")
    wanted = call.parameters.get("DesiredCapacity")
    if wanted is not None and isinstance(least, int) and isinstance(most, int) and not least <= wanted <= most:
        refuse(
            "ValidationError",
            f"Desired capacity:{wanted} must be between the specified min size:{least} and max size:{most}",
        )


@rule("autoscaling", "DeleteAutoScalingGroup")
def a_group_with_machines_stays(call: Call, look: Look) -> None:
    """Unless it is forced."""
    group = _group(look, call.parameters["AutoScalingGroupName"])
    if group is None:
        refuse("ValidationError", "AutoScalingGroup name not found - null")
    elif group.get("Instances") and not call.parameters.get("ForceDelete"):
        refuse(
            "ResourceInUse",
            "You cannot delete an AutoScalingGroup while there are instances or pending Spot instance request(s) still in the group.",
        )


@rule("autoscaling", "CreateAutoScalingGroup", "CreateLaunchConfiguration")
@rule("ec2", "RunInstances", "CreateLaunchTemplate", "CreateLaunchTemplateVersion")
def first_start_data_is_short(call: Call, look: Look) -> None:
    """16 KiB before base64 is the limit of user data; here it is base64 already."""
    data = call.parameters.get("LaunchTemplateData") or call.parameters
    if len(data.get("UserData") or "") > 16 * 1024 * 4 // 3 + 4:
        refuse("InvalidParameterValue", "User data is limited to 16384 bytes")


@rule("ec2", "TerminateInstances")
def a_protected_machine_stays(call: Call, look: Look) -> None:
    """Termination protection is an attribute of the machine."""
    for reservation in look("ec2", "DescribeInstances", "Reservations", InstanceIds=call.parameters["InstanceIds"]):
        for instance in reservation["Instances"]:
            if (instance.get("DisableApiTermination") or {}).get("Value"):
                refuse("OperationNotPermitted", f"The instance '{instance['InstanceId']}' may not be terminated.")
