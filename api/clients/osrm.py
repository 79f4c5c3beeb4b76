"""OSRM's ``table`` service: https://project-osrm.org/docs, "Table service".

``osrm-routed --max-table-size`` (100 by default) bounds how much one question may ask. Its code
compares sources x destinations with the square of that; here the sum is kept below it, which is
right under either reading.
"""

from typing import Any

import numpy as np

from api.clients.errors import NotJoinedError
from api.clients.exchange import Line, Reply, ask, malformed
from api.clients.tables import Table, apart_m, position, refused, times
from optimizer.demand import FloatArray

LABEL = "OSRM"
PROFILE = "driving"
AT_ONCE = 100  # coordinates
_NO_WAY = "NoTable"


def batch(sources: int, targets: int, at_once: int) -> tuple[int, int]:
    """Return how many sources and targets go into one question.

    Examples
    --------
    >>> batch(20, 5000, 100), batch(80, 5000, 100)
    ((20, 80), (50, 50))
    """
    half = at_once // 2
    if targets <= half:
        return min(sources, at_once - targets), targets
    some = min(sources, half)
    return some, min(targets, at_once - some)


def table(line: Line, profile: str, sources: FloatArray, targets: FloatArray) -> Table:
    """Return the times from sources (source, 2) to targets (target, 2), lat and lon in degrees.

    Raises
    ------
    NotJoinedError, InputError, RouterError
        No road near some place; a question that the router refuses; a router that fails.
    """
    places = [*sources.tolist(), *targets.tolist()]
    coordinates = ";".join(f"{lon:.6f},{lat:.6f}" for lat, lon in places)
    first = ";".join(map(str, range(len(sources))))
    last = ";".join(map(str, range(len(sources), len(places))))
    asked = f"sources={first}&destinations={last}&annotations=duration"
    reply = ask(line, f"/table/v1/{profile}/{coordinates}?{asked}")
    shape = len(sources), len(targets)
    if reply.content.get("code") == _NO_WAY:
        return Table(np.full(shape, np.nan), *(np.full(count, np.nan) for count in shape))
    _check(reply, len(places), profile)
    return Table(
        time_s=times(reply.content.get("durations"), shape),
        source_m=_from_roads(reply.content.get("sources"), sources),
        target_m=_from_roads(reply.content.get("destinations"), targets),
    )


def _check(reply: Reply, count: int, profile: str) -> None:
    code, said = reply.content.get("code"), reply.content.get("message", "")
    if code == "Ok" and reply.status == 200:
        return
    if code == "NoSegment":
        raise NotJoinedError
    if code == "TooBig":
        raise refused("--at-once", count, "router.need.smaller", said)
    if isinstance(code, str) and code != "Ok":
        raise refused("--router", f"osrm {profile}", "router.need.accepted", f"{code}: {said}")
    raise malformed('code "Ok"', f"{reply.status} {code}")


def _from_roads(waypoints: object, places: FloatArray) -> FloatArray:
    """Return how far places were from the roads: as said, else as the waypoints' positions say."""
    if not isinstance(waypoints, list) or len(waypoints) != len(places):
        return np.full(len(places), np.nan)
    found = apart_m(places, [_location(one) for one in waypoints])
    for k, one in enumerate(waypoints):
        said = one.get("distance") if isinstance(one, dict) else None
        if isinstance(said, (int, float)) and said >= 0:
            found[k] = said
    return found


def _location(waypoint: Any) -> tuple[float, float] | None:
    at = waypoint.get("location") if isinstance(waypoint, dict) else None
    return position(at[1], at[0]) if isinstance(at, list) and len(at) == 2 else None
