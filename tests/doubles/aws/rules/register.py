"""Which rules hold for which operation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from ..decode import Call
from ..errors import Refusal


class Same(Exception):
    """What the call asks for is there already, and the service says so with its description instead of an error."""

    def __init__(self, result: dict[str, Any]) -> None:
        super().__init__("same")
        self.result = result


class Look(Protocol):
    """Asks what there is: service, operation and parameters to the list of results under the operation's first result key."""

    def __call__(self, service: str, operation: str, key: str, /, **parameters: Any) -> list[dict[str, Any]]: ...

    def caches_with(self, member: str, value: str) -> list[str]:
        """Replication groups that were made with that value: ElastiCache does not say it of them afterwards."""
        ...


Rule = Callable[[Call, Look], None]
_RULES: dict[tuple[str, str], list[Rule]] = {}


def rule(service: str, *operations: str) -> Callable[[Rule], Rule]:
    """Registers a rule for operations of a service."""

    def register(function: Rule) -> Rule:
        for operation in operations:
            _RULES.setdefault((service, operation), []).append(function)
        return function

    return register


def check(call: Call, look: Look) -> None:
    """Refuses a call that breaks a rule."""
    for function in _RULES.get((call.service, call.name), []):
        function(call, look)
    if call.service == "ec2" and call.parameters.get("DryRun"):
        # moto carries out some dry runs. A dry run that passes is answered with an error as well.
        raise Refusal("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412)


def refuse(code: str, message: str, status: int = 400) -> None:
    """Refuses."""
    raise Refusal(code, message, status)


def filters(**values: str) -> list[dict[str, Any]]:
    """EC2's way to ask for some: `vpc_id="vpc-1"` is the filter `vpc-id`."""
    return [{"Name": name.replace("_", "-"), "Values": [value]} for name, value in values.items()]
