"""Classes of road that a request names, held against those its network has."""

from collections.abc import Iterator

from models.faults import Fault
from models.roads import ByRoads
from models.text import Text
from optimizer.errors import InputError
from optimizer.travel.roads.network import Network
from optimizer.travel.roads.speeds import SPEEDS_M_S


def check_classes(travel: ByRoads, network: Network) -> None:
    """Refuse classes of road that the network has not: a misspelt one would change nothing.

    A profile may serve many networks, so its speeds may be of any class that has one by default.

    Raises
    ------
    InputError
        With every unknown class, and the known ones.
    """
    own = {name for name in network.class_names if name}
    faults = [
        Fault(path=path, value=f'"{name}"', need=_known(own))
        for path, name in _named(travel)
        if name not in own
    ]
    faults += [
        Fault(path="travel.profile.speeds_m_s", value=f'"{name}"', need=_known(own))
        for name in travel.profile.speeds_m_s
        if name not in own and name not in SPEEDS_M_S
    ]
    if faults:
        raise InputError(tuple(faults))


def names_classes(travel: ByRoads) -> bool:
    """Return whether a request names any class of road."""
    return bool(travel.profile.speeds_m_s) or any(True for _ in _named(travel))


def _named(travel: ByRoads) -> Iterator[tuple[str, str]]:
    for k, closure in enumerate(travel.closures):
        for m, name in enumerate(closure.road_classes or ()):
            yield f"travel.closures[{k}].road_classes[{m}]", name
    for k, scenario in enumerate(travel.scenarios):
        for name in scenario.class_time_factors:
            yield f"travel.scenarios[{k}].class_time_factors", name


def _known(own: set[str]) -> Text:
    return Text(code="fault.road_class", values={"known": ", ".join(sorted(own))})
