"""What a test may ask of the double: the paths below `/_double/`."""

from __future__ import annotations

from typing import Any

from shared import COMMON, Actions

from .desk import Desk
from .errors import Refusal
from .paging import Paging


def _slow(desk: Desk, given: Any) -> Any:
    desk.slow.set(given)
    return desk.slow.settings


def _pages(desk: Desk, given: Any) -> Any:
    most = given.get("most")
    desk.paging = Paging(int(most) if most else None)
    return {"most": desk.paging.most}


def _lag(desk: Desk, given: Any) -> Any:
    desk.late.lag_s = float(given["seconds"])
    return {"seconds": desk.late.lag_s}


def _outside(desk: Desk, given: Any) -> Any:
    try:
        return desk.outside(given["service"], given["operation"], given.get("parameters", {}))
    except Refusal as refused:
        raise ValueError(f"{refused.code}: {refused.message}") from refused


def _world(desk: Desk, given: Any) -> Any:
    return desk.world()


def _replay(desk: Desk, given: Any) -> Any:
    desk.replaying = bool(given["on"])
    return {"on": desk.replaying}


ACTIONS: Actions = {
    **COMMON,
    ("GET", "world"): _world,
    ("POST", "lag"): _lag,
    ("POST", "outside"): _outside,
    ("POST", "pages"): _pages,
    ("POST", "replay"): _replay,
    ("POST", "slow"): _slow,
}
