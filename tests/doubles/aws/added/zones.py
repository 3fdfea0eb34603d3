"""Auto Scaling groups spread over their subnets, as AWS balances them; moto puts every machine into the first."""

from __future__ import annotations

from typing import Any

from moto.autoscaling.models import FakeAutoScalingGroup

_replace = FakeAutoScalingGroup.replace_autoscaling_group_instances


def _spread(self: Any, count_needed: int, propagated_tags: dict[str, str]) -> None:
    subnets = [subnet for subnet in (self.vpc_zone_identifier or "").split(",") if subnet]
    if len(subnets) < 2:
        _replace(self, count_needed, propagated_tags)
        return
    whole = self.vpc_zone_identifier, self.availability_zones
    zones = {subnet: self.autoscaling_backend.ec2_backend.get_subnet(subnet).availability_zone for subnet in subnets}
    try:
        for _ in range(count_needed):
            taken = [state.instance.subnet_id for state in self.instance_states]
            emptiest = min(subnets, key=taken.count)
            self.vpc_zone_identifier, self.availability_zones = emptiest, [zones[emptiest]]
            _replace(self, 1, dict(propagated_tags))
    finally:
        self.vpc_zone_identifier, self.availability_zones = whole


def add() -> None:
    """Adds it to moto."""
    group: Any = FakeAutoScalingGroup
    group.replace_autoscaling_group_instances = _spread
