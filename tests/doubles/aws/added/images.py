"""Ubuntu's images: the public parameters that name them, the images themselves, and `resolve:ssm:` where an image is launched."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from moto.core.utils import utcnow
from moto.ec2.exceptions import InvalidAMIIdError
from moto.ec2.models.amis import Ami, AmiBackend
from moto.ec2.models.instances import InstanceBackend
from moto.ssm.models import Parameter, ParameterDict, ssm_backends

RELEASES = {"22.04": "jammy", "24.04": "noble", "26.04": "resolute"}
ARCHITECTURES = {"amd64": "x86_64", "arm64": "arm64"}
# Canonical's account, as in Ubuntu's "Find Ubuntu images with the AWS CLI"; so is the shape of the parameters' names.
CANONICAL = "099720109477"
_PREFIX = "/aws/service/canonical/ubuntu/server/"
_RESOLVE = re.compile(r"resolve:ssm:([^:]+)(?::(\d+|[\w.-]+))?")


def image_id(region: str, release: str, architecture: str) -> str:
    """An id that is the same in every run."""
    return "ami-" + hashlib.sha256(f"{region} {release} {architecture}".encode()).hexdigest()[:17]


def _parameters(region: str) -> dict[str, str]:
    found = {}
    for release, codename in RELEASES.items():
        for architecture in ARCHITECTURES:
            for name in (release, codename):
                for disk in ("ebs-gp2", "ebs-gp3"):
                    key = f"{_PREFIX}{name}/stable/current/{architecture}/hvm/{disk}/ami-id"
                    found[key] = image_id(region, release, architecture)
    return found


_load_images = AmiBackend._load_amis
_check_loading = ParameterDict._check_loading_status
_run_instances = InstanceBackend.run_instances


def _load_more_images(self: Any) -> None:
    _load_images(self)
    for release, codename in RELEASES.items():
        for short, architecture in ARCHITECTURES.items():
            name = image_id(self.region_name, release, short)
            self.amis[name] = Ami(
                self,
                name,
                name=f"ubuntu/images/hvm-ssd-gp3/ubuntu-{codename}-{release}-{short}-server-20261101",
                description=f"Canonical, Ubuntu, {release}, {short} {codename} image",
                owner_id=CANONICAL,
                owner_alias="amazon",
                public=True,
                virtualization_type="hvm",
                hypervisor="xen",
                architecture=architecture,
                root_device_type="ebs",
                root_device_name="/dev/sda1",
            )


def _check_loading_of_more(self: Any, key: str) -> None:
    _check_loading(self, key)
    if str(key or "").startswith(_PREFIX) and not getattr(self, "ubuntu_loaded", False):
        self.ubuntu_loaded = True
        for name, value in _parameters(self.region_name).items():
            parameter: Any = Parameter
            dict.setdefault(self, name, []).append(
                parameter(self.account_id, name, value, "String", None, None, None, utcnow(), 1, "aws:ec2:image")
            )


def _run_resolved(self: Any, image_id: str, *others: Any, **more: Any) -> Any:
    if found := _RESOLVE.fullmatch(str(image_id or "")):
        parameter = ssm_backends[self.account_id][self.region_name].get_parameter(found.group(1))
        if parameter is None:
            raise InvalidAMIIdError(image_id)
        image_id = parameter.value
    return _run_instances(self, image_id, *others, **more)


def add() -> None:
    """Adds them to moto."""
    images: Any = AmiBackend
    images._load_amis = _load_more_images
    parameters: Any = ParameterDict
    parameters._check_loading_status = _check_loading_of_more
    instances: Any = InstanceBackend
    instances.run_instances = _run_resolved
