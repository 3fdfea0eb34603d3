"""What the services share: refusals, requests, the table of methods, ids, times, and work that takes its time."""

from __future__ import annotations

import datetime
import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

Thing = dict[str, Any]


class Refusal(Exception):
    """An answer that is an error: status of HTTP, reason as the service words it, and what is said."""

    def __init__(self, status: int, reason: str, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status, self.reason, self.message, self.more = status, reason, message, more


@dataclass
class Request:
    """A call that was understood."""

    id: str
    service: str
    path: dict[str, str]
    query: dict[str, list[str]]
    body: Thing
    # The path behind the version: `projects/p/global/networks/n`.
    place: str

    def asked(self, name: str, otherwise: str = "") -> str:
        """A query parameter."""
        return (self.query.get(name) or [otherwise])[0]

    def means(self, place: str) -> bool:
        """Whether it is about what is at a place."""
        new = self.id.endswith((".insert", ".create"))
        name = self.body.get("name") or self.asked("instanceId") or self.asked("serviceConnectionPolicyId")
        asked = f"{self.place}/{name}" if new else self.place
        # Methods of some families stand outside of `global`.
        asked, place = asked.replace("/global/", "/"), place.replace("/global/", "/")
        return asked == place if new else asked.startswith(place) or place.startswith(f"{asked}/")

    def flag(self, name: str) -> bool:
        """A query parameter that is true or false."""
        return self.asked(name) == "true"

    @property
    def project(self) -> str:
        """The project in the path."""
        return self.place.split("/")[1]


@dataclass
class Answer:
    """What is answered. `listed`: the list in the body that has pages; `by`: what tells its items apart and orders them; `newest`: last
    first."""

    body: Thing
    listed: str | None = None
    by: str = "name"
    newest: bool = False


_UUID = re.compile(r"(?!0{8}-0{4}-0{4}-0{4}-0{12})[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
Handler = Callable[["World", Request], Answer]
METHODS: dict[str, Handler] = {}


def method(*ids: str) -> Callable[[Handler], Handler]:
    """Says which function carries out a method."""

    def register(handler: Handler) -> Handler:
        METHODS.update({id: handler for id in ids})
        return handler

    return register


@dataclass
class Work:
    """Something that the cloud has taken on. `finish` brings it about; `undo` takes back what failed."""

    service: str
    name: str
    target: str
    shown: Thing
    left: int
    total: int
    finish: Callable[[], None]
    undo: Callable[[], None]
    failure: Thing | None = None
    done: bool = False

    def look(self) -> None:
        """Brings it nearer to its end."""
        if self.done:
            return
        if self.left > 0:
            self.left -= 1
        if self.left == 0:
            self.done = True
            (self.undo if self.failure else self.finish)()


@dataclass
class World:
    """Everything in the projects."""

    # Looks for which work on a family takes, by family or service; nothing: it is done at once.
    slow: dict[str, int] = field(default_factory=dict)
    # What is to fail next: the family or method, and the error.
    failing: list[Thing] = field(default_factory=list)
    # Limits of quotas by metric, where a test set one.
    quotas: dict[str, float] = field(default_factory=dict)
    # Services that are not enabled, and machine types that are not sold.
    disabled: set[str] = field(default_factory=set)
    unsold: set[str] = field(default_factory=set)
    reserve_names: bool = True
    # Everything by family and place.
    things: dict[str, dict[str, Thing]] = field(default_factory=dict)
    works: dict[str, Work] = field(default_factory=dict)
    # The work that a repeated requestId means.
    asked: dict[tuple[str, str], Work] = field(default_factory=dict)
    projects: dict[str, str] = field(default_factory=dict)
    numbers: Any = field(default_factory=lambda: itertools.count(1))
    # Somebody else's calls take no time.
    hasty: bool = False

    def of(self, family: str) -> dict[str, Thing]:
        """Things of a family by place."""
        return self.things.setdefault(family, {})

    def everything(self) -> Iterator[tuple[str, str, Thing]]:
        """Family, place and thing."""
        for family, things in self.things.items():
            for place, thing in things.items():
                yield family, place, thing

    def number(self) -> int:
        """A new number."""
        return int(next(self.numbers))

    def id(self) -> str:
        """A new id: nineteen digits."""
        return str(4_000_000_000_000_000_000 + self.number() * 1_000_003)

    def moment(self) -> datetime.datetime:
        """A moment later than every one before."""
        return datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc) + datetime.timedelta(seconds=self.number())

    def now(self) -> str:
        """The same as most services write it."""
        return self.moment().strftime("%Y-%m-%dT%H:%M:%S.000000Z")

    def project_number(self, project: str) -> str:
        """The number that goes with a project's id."""
        if project.isdigit():
            return project
        if project not in self.projects:
            self.projects[project] = str(640_000_000_001 + len(self.projects) * 1_017)
        return self.projects[project]

    def project_id(self, project: str) -> str:
        """The id that goes with a project's number; an id is its own."""
        by_number = {number: id for id, number in self.projects.items()}
        return by_number.get(project, project)

    def take_on(self, work: Work, *families: str) -> Work:
        """Begins it: it is done at once, or after as many looks as its kind takes, or fails if that was asked for."""
        slow = [self.slow[name] for name in families if name in self.slow]
        work.left = work.total = 0 if self.hasty or not slow else slow[0]
        work.failure = None if self.hasty else self.fails(*families)
        self.works[f"{work.service}/{work.name}"] = work
        return work

    def fails(self, *families: str) -> Thing | None:
        """How the next of these is to fail, if a test asked for it; each as often as it said."""
        for wanted in self.failing:
            if wanted["what"] in families:
                wanted["times"] -= 1
                if wanted["times"] <= 0:
                    self.failing.remove(wanted)
                return wanted
        return None

    def settle(self) -> None:
        """Ends what takes no time."""
        for work in list(self.works.values()):
            if work.left == 0:
                work.look()

    def look(self, service: str, place: str) -> None:
        """A client looks at a thing: whatever is being done to it gets on."""
        for work in list(self.works.values()):
            if work.service == service and work.target == place:
                work.look()

    def busy(self, service: str, place: str) -> Work | None:
        """What is being done to a thing."""
        for work in self.works.values():
            if not work.done and work.service == service and work.target == place:
                return work
        return None


def once(show: Callable[[World, Work], Thing]) -> Callable[[Handler], Handler]:
    """Makes methods answer with the operation of the first time where they are asked again with the same id; `show`: how it is shown."""

    def decorate(handler: Handler) -> Handler:
        def replaying(world: World, request: Request) -> Answer:
            id = request.asked("requestId")
            work = world.asked.get((id, request.id))
            if id and not _UUID.fullmatch(id):
                raise Refusal(400, "invalid", f"Invalid value for field 'requestId': '{id}'. It has to be a UUID, not of zeros.")
            if work is None:
                return handler(world, request)
            if not request.means(work.target):
                raise Refusal(400, "invalid", f"Invalid value for field 'requestId': '{id}'. It was used for {work.target}.")
            return Answer(show(world, work))

        return replaying

    return decorate
