"""Ids of resources: they are addresses, and say of what type a thing is and what it is in."""

from __future__ import annotations

from dataclasses import dataclass

GROUPS = "Microsoft.Resources/subscriptions/resourceGroups"


@dataclass(frozen=True)
class Id:
    """An address below `/subscriptions/`, as it was spelled."""

    text: str
    # What stands before the last `/providers/`: a group, the subscription, or the resource that this one is attached to.
    scope: str
    # `Microsoft.Network/virtualNetworks/subnets`, as it was spelled; the group's own for a group.
    type: str
    names: tuple[str, ...]
    # A last word without a name behind it: a list, or something to be done.
    tail: str | None = None

    @property
    def key(self) -> str:
        """Addresses are compared without case."""
        return self.text.lower()

    @property
    def name(self) -> str:
        """The last name."""
        return self.names[-1] if self.names else ""

    @property
    def namespace(self) -> str:
        """Of the service."""
        return self.type.split("/")[0]

    @property
    def subscription(self) -> str:
        """The subscription that it is in."""
        parts = self.text.split("/")
        return parts[2] if len(parts) > 2 else ""

    @property
    def group(self) -> str | None:
        """The resource group that it is in, if it is in one."""
        parts = self.text.split("/")
        return parts[4] if len(parts) > 4 and parts[3].lower() == "resourcegroups" else None

    @property
    def parent(self) -> str | None:
        """The resource that it is a part of or attached to; `None`: it stands in its group by itself."""
        if len(self.names) > 1:
            return "/".join(self.text.split("/")[:-2])
        return self.scope if "/providers/" in self.scope.lower() else None


def parse(path: str) -> Id:
    """The id of an address."""
    parts = path.strip("/").split("/")
    lower = [part.lower() for part in parts]
    # `subscriptions/S/providers[/NAMESPACE]` is about the services themselves.
    if "providers" not in lower or (lower.index("providers") == 2 and len(parts) <= 4):
        return _of_group(parts)
    at = len(lower) - 1 - lower[::-1].index("providers")
    scope = "/" + "/".join(parts[:at])
    namespace, rest = (parts[at + 1] if len(parts) > at + 1 else ""), parts[at + 2 :]
    tail = rest[-1] if len(rest) % 2 else None
    pairs = rest[:-1] if len(rest) % 2 else rest
    text = "/" + "/".join(parts[: len(parts) - 1] if tail else parts)
    return Id(text, scope, "/".join([namespace, *pairs[::2]]), tuple(pairs[1::2]), tail)


def _of_group(parts: list[str]) -> Id:
    """`subscriptions/S`, `subscriptions/S/resourceGroups/G`, and what is asked of them."""
    tail = parts[-1] if len(parts) % 2 else None
    kept = parts[:-1] if tail else parts
    text = "/" + "/".join(kept)
    if len(kept) == 4 and kept[2].lower() == "providers":
        return Id(text, "/" + "/".join(kept[:2]), "Microsoft.Resources/subscriptions/providers", (kept[1], kept[3]))
    if len(kept) >= 4:
        return Id(text, "/" + "/".join(kept[:2]), GROUPS, (kept[3],), tail)
    return Id(text, text, "Microsoft.Resources/subscriptions", tuple(kept[1:2]), tail)
