"""Roads that are shut: in the modes that go by them, and whose orders they concern."""

from models.dispatch import DispatchRequest, Order, TravelMode
from models.faults import Fault
from models.roads import ByRoads, Closure
from models.text import Text
from optimizer.errors import InputError


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


def driving(request: DispatchRequest, orders: tuple[Order, ...]) -> tuple[str, ...]:
    """Return the teams of orders that go by road."""
    roads = {one.id for one in request.modes if isinstance(one.travel, ByRoads)}
    teams = {one.id for one in request.teams if one.mode in roads}
    return tuple(one.team_id for one in orders if one.team_id in teams)


def _with(names: tuple[str, ...], name: str) -> tuple[str, ...]:
    return names if name in names else (*names, name)
