"""Roads that are shut: in the modes that go by them, and whose orders they concern."""

from collections.abc import Sequence

import numpy as np

from models.dispatch import DispatchRequest, TravelMode
from models.faults import Fault
from models.roads import ByRoads, Closure
from models.text import Text
from optimizer.datasets import Store
from optimizer.errors import InputError
from optimizer.travel.modes import mode_holds


def all_shut(modes: tuple[TravelMode, ...], closure: Closure, path: str) -> tuple[TravelMode, ...]:
    """Return modes with a closure for those that go by roads.

    Raises
    ------
    InputError
        None does; at ``path``.
    """
    if not any(isinstance(one.travel, ByRoads) for one in modes):
        need = Text(code="fault.dispatch.no_roads")
        raise InputError((Fault(path=path, value=closure.id, need=need),))
    return tuple(shut(one, closure) for one in modes)


def shut(mode: TravelMode, closure: Closure) -> TravelMode:
    """Return a mode with a closure in every scenario, if it goes by roads."""
    travel = mode.travel
    if not isinstance(travel, ByRoads):
        return mode
    others = tuple(one for one in travel.closures if one.id != closure.id)
    scenarios = tuple(
        one.model_copy(update={"closures": _with(one.closures, closure.id)})
        for one in travel.scenarios
    )
    changed = {"closures": (*others, closure), "scenarios": scenarios}
    return mode.model_copy(update={"travel": travel.model_copy(update=changed)})


def doubtful(
    request: DispatchRequest,
    modes: tuple[TravelMode, ...],
    pairs: Sequence[tuple[str, str]],
    store: Store | None,
) -> tuple[str, ...]:
    """Return the teams that may take longer to their incidents by ``modes`` than by the request's.

    ``pairs`` name a team and an incident each. All others surely arrive as said: their quickest
    way passes no road that has changed.
    """
    mode_at = {one.id: k for k, one in enumerate(request.modes)}
    team_at = {one.id: t for t, one in enumerate(request.teams)}
    incident_at = {one.id: i for i, one in enumerate(request.incidents)}
    if not pairs:
        return ()
    holds = mode_holds(
        ([one.travel for one in request.modes], [one.travel for one in modes]),
        np.array([mode_at[one.mode] for one in request.teams], dtype=np.intp),
        (
            np.array([incident_at[incident] for _, incident in pairs], dtype=np.intp),
            np.array([team_at[team] for team, _ in pairs], dtype=np.intp),
        ),
        (request.incidents, request.teams),
        store,
    )
    return tuple(team for (team, _), sure in zip(pairs, holds.tolist(), strict=True) if not sure)


def _with(names: tuple[str, ...], name: str) -> tuple[str, ...]:
    return names if name in names else (*names, name)
