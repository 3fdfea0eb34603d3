"""Load balancers: what Elastic Load Balancing refuses and moto takes."""

from __future__ import annotations

from ..decode import Call
from .register import Look, Same, refuse, rule


@rule("elbv2", "CreateLoadBalancer", "SetSubnets")
def a_balancer_stands_in_two_zones(call: Call, look: Look) -> None:
    """An application load balancer needs subnets in two zones."""
    if call.parameters.get("Type", "application") != "application":
        return
    subnets = call.parameters.get("Subnets") or [
        mapping["SubnetId"] for mapping in call.parameters.get("SubnetMappings", [])
    ]
    found = look("ec2", "DescribeSubnets", "Subnets", SubnetIds=subnets) if subnets else []
    zones = [subnet["AvailabilityZone"] for subnet in found]
    if len(set(zones)) < 2:
        refuse("ValidationError", "At least two subnets in two different Availability Zones must be specified")
    if len(set(zones)) < len(zones):
        refuse(
            "InvalidConfigurationRequest",
            "A load balancer cannot be attached to multiple subnets in the same Availability Zone",
        )


@rule("elbv2", "CreateLoadBalancer")
def a_balancer_is_made_once(call: Call, look: Look) -> None:
    """ "This operation is idempotent": with the same settings each call succeeds, with others the name is taken."""
    asked = call.parameters
    for there in look("elbv2", "DescribeLoadBalancers", "LoadBalancers"):
        if there["LoadBalancerName"] != asked["Name"]:
            continue
        same = (
            set(asked.get("Subnets", [])) == {zone.get("SubnetId") for zone in there["AvailabilityZones"]}
            and set(asked.get("SecurityGroups", there["SecurityGroups"])) == set(there["SecurityGroups"])
            and asked["Scheme"] == there["Scheme"]
        )
        if not same:
            refuse(
                "DuplicateLoadBalancerName",
                f"A load balancer with the same name '{asked['Name']}' exists, but with different settings",
            )
        raise Same({"LoadBalancers": [there]})


@rule("elbv2", "CreateTargetGroup")
def a_health_check_ends_before_the_next_begins(call: Call, look: Look) -> None:
    """The timeout of a check is below its interval."""
    interval = call.parameters.get("HealthCheckIntervalSeconds", 30)
    timeout = call.parameters.get("HealthCheckTimeoutSeconds", 5)
    if timeout >= interval:
        refuse("ValidationError", f"Health check timeout '{timeout}' must be smaller than the interval '{interval}'")


@rule("elbv2", "CreateListener")
def a_listener_speaks_https_with_a_certificate(call: Call, look: Look) -> None:
    """HTTPS needs a certificate, HTTP takes none."""
    https = call.parameters.get("Protocol") == "HTTPS"
    certificates = call.parameters.get("Certificates")
    if https and not certificates:
        refuse("ValidationError", "A certificate must be specified for HTTPS listeners")
    if call.parameters.get("Protocol") == "HTTP" and certificates:
        refuse("ValidationError", "A certificate cannot be specified for HTTP listeners")
    for listener in look("elbv2", "DescribeListeners", "Listeners", LoadBalancerArn=call.parameters["LoadBalancerArn"]):
        if listener.get("Port") == call.parameters.get("Port"):
            refuse("DuplicateListener", "A listener already exists on this port for this load balancer")


@rule("elbv2", "DeleteLoadBalancer")
def a_protected_balancer_stays(call: Call, look: Look) -> None:
    """Deletion protection is an attribute of the balancer."""
    arn = call.parameters["LoadBalancerArn"]
    for attribute in look("elbv2", "DescribeLoadBalancerAttributes", "Attributes", LoadBalancerArn=arn):
        if attribute["Key"] == "deletion_protection.enabled" and attribute["Value"] == "true":
            refuse(
                "OperationNotPermitted",
                f"Load balancer '{arn}' cannot be deleted because deletion protection is enabled",
            )
