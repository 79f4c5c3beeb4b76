"""What a request means once the presets it names are put in."""

from collections.abc import Iterator

from models.fire_stations.objectives import ExpectedCover
from models.fire_stations.request import FireStationRequest
from models.presets import RESPONSE_STANDARDS, STATION_CLASSES
from models.standards import ResponseStandard, StationClass


def effective_classes(request: FireStationRequest) -> tuple[StationClass, ...]:
    """Return the request's classes in its order, then the presets it names, in theirs.

    A class the request defines stands for the preset of the same id. An id that is neither is
    left out here; `check` reports it.
    """
    own = {one.id for one in request.classes}
    named = set(_named_classes(request))
    presets = (one for one in STATION_CLASSES.values() if one.id in named - own)
    return (*request.classes, *presets)


def effective_standard(request: FireStationRequest) -> ResponseStandard:
    """Return the request's response standard; its id must be one that `check` accepts."""
    if isinstance(request.standard, ResponseStandard):
        return request.standard
    return RESPONSE_STANDARDS[request.standard]


def _named_classes(request: FireStationRequest) -> Iterator[str]:
    yield from request.new_stations
    for site in request.sites:
        yield from site.allowed_classes or ()
        if site.station is not None:
            yield site.station.class_id
    for choice in request.rules.open_sites:
        if choice.class_id is not None:
            yield choice.class_id
    for objective in request.objectives:
        if isinstance(objective, ExpectedCover):
            yield from objective.classes or ()
