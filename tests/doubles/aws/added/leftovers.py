"""EC2: what moto leaves behind when a NAT gateway or a machine is deleted, and filters that it lacks or passes over without a word."""

from __future__ import annotations

from typing import Any

from moto.core.types import Base64EncodedString
from moto.ec2.models.instances import Instance
from moto.ec2.models.launch_templates import LaunchTemplateVersion
from moto.ec2.models.nat_gateways import NatGatewayBackend
from moto.ec2.utils import filter_dict_attribute_mapping

_delete_nat = NatGatewayBackend.delete_nat_gateway
_describe_nats = NatGatewayBackend.describe_nat_gateways


def _delete_nat_and_interface(self: Any, nat_gateway_id: str) -> Any:
    deleted = _delete_nat(self, nat_gateway_id)
    for address in deleted.address_set:
        if association := address.get("associationId"):
            self.disassociate_address(association_id=association)
    if deleted._eni.id in self.enis:
        self.delete_network_interface(deleted._eni.id)
    return deleted


def _describe_nats_by_tag(self: Any, filters: Any, nat_gateway_ids: Any) -> Any:
    found = _describe_nats(self, filters, nat_gateway_ids)
    tags = {name: values for name, values in (filters or {}).items() if name.startswith("tag")}
    for name, values in tags.items():
        found = [nat for nat in found if _has_tag(nat, name, values)]
    return found


def _has_tag(nat: Any, name: str, values: list[str]) -> bool:
    tags = {tag["key"]: tag["value"] for tag in nat.get_tags()}
    if name == "tag-key":
        return any(value in tags for value in values)
    return tags.get(name.removeprefix("tag:")) in values


_terminate = Instance.terminate


def _terminate_with_interface(self: Any) -> Any:
    # The first interface of a machine goes with it unless somebody said otherwise (EC2 User Guide, "Delete a network interface").
    for interface in self.nics.values():
        if interface.device_index == 0 and interface.id in self.ec2_backend.enis:
            interface.delete_on_termination = True
    return _terminate(self)


def _user_data(self: Any) -> Base64EncodedString | None:
    # moto wraps it when a template is made, and forgets to when a version is added.
    text = self.data.get("UserData")
    return Base64EncodedString(text) if isinstance(text, str) else text


def add() -> None:
    """Adds them to moto."""
    version: Any = LaunchTemplateVersion
    version.user_data = property(_user_data)
    machine: Any = Instance
    machine.terminate = _terminate_with_interface
    nats: Any = NatGatewayBackend
    nats.delete_nat_gateway = _delete_nat_and_interface
    nats.describe_nat_gateways = _describe_nats_by_tag
    filter_dict_attribute_mapping["client-token"] = "client_token"
