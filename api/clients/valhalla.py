"""Valhalla's ``sources_to_targets``: https://valhalla.github.io/valhalla/api/matrix/api-reference.

``service_limits.<costing>.max_matrix_location_pairs`` (2,500 by default) bounds how much one
question may ask. Times come as whole seconds.
"""

from typing import Any

import numpy as np

from api.clients.errors import NotConnectedError, NotJoinedError
from api.clients.exchange import Line, Reply, ask, malformed
from api.clients.tables import Table, apart_m, position, refused, times
from optimizer.demand import FloatArray

LABEL = "Valhalla"
PROFILE = "auto"
AT_ONCE = 2500  # pairs
# Codes of its errors, from src/exceptions.cc and its documentation.
_TOO_MANY, _UNCONNECTED, _NO_EDGE, _NO_WAY = 150, 170, 171, 442


def batch(sources: int, targets: int, at_once: int) -> tuple[int, int]:
    """Return how many sources and targets go into one question.

    Examples
    --------
    >>> batch(20, 5000, 2500), batch(80, 5000, 2500), batch(80, 10, 2500)
    ((20, 125), (50, 50), (80, 10))
    """
    side = max(1, int(at_once**0.5))
    if targets <= side:
        return min(sources, at_once // targets), targets
    some = min(sources, side)
    return some, min(targets, at_once // some)


def table(line: Line, profile: str, sources: FloatArray, targets: FloatArray) -> Table:
    """Return the times from sources (source, 2) to targets (target, 2), lat and lon in degrees.

    Raises
    ------
    NotJoinedError, NotConnectedError, InputError, RouterError
        No road near some place; places on roads apart; a question that the router refuses; a
        router that fails.
    """
    body = {"sources": _places(sources), "targets": _places(targets), "costing": profile}
    reply = ask(line, "/sources_to_targets", body)
    shape = len(sources), len(targets)
    if reply.content.get("error_code") == _NO_WAY:  # its answer where every time would be null
        return Table(np.full(shape, np.nan), *(np.full(count, np.nan) for count in shape))
    _check(reply, shape, profile)
    return Table(
        time_s=times(reply.content.get("sources_to_targets"), shape, _time),
        source_m=_from_roads(reply.content.get("sources"), sources),
        target_m=_from_roads(reply.content.get("targets"), targets),
    )


def _places(places: FloatArray) -> list[dict[str, float]]:
    return [{"lat": round(lat, 6), "lon": round(lon, 6)} for lat, lon in places.tolist()]


def _check(reply: Reply, shape: tuple[int, int], profile: str) -> None:
    code, said = reply.content.get("error_code"), reply.content.get("error", "")
    if code is None and reply.status == 200:
        return
    if code == _NO_EDGE:
        raise NotJoinedError
    if code == _UNCONNECTED:
        raise NotConnectedError
    if code == _TOO_MANY:
        raise refused("--at-once", shape[0] * shape[1], "router.need.smaller", said)
    if code is not None:
        raise refused("--router", f"valhalla {profile}", "router.need.accepted", f"{code}: {said}")
    raise malformed("status 200", reply.status)


def _time(cell: Any) -> Any:
    if not isinstance(cell, dict) or "time" not in cell:
        raise malformed("cells with a time", cell)
    return cell["time"]


def _from_roads(correlated: object, places: FloatArray) -> FloatArray:
    """Return how far places were from where they were put; ``inf`` where they were put nowhere.

    Earlier versions repeat the question there, in one list more: that says nothing.
    """
    if not isinstance(correlated, list) or len(correlated) != len(places):
        return np.full(len(places), np.nan)
    put = [
        position(one.get("lat"), one.get("lon")) if isinstance(one, dict) else None
        for one in correlated
    ]
    found = apart_m(places, put)
    found[[one is None for one in correlated]] = np.inf
    return found
