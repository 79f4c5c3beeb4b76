"""What an answer rests on: every default the request left open, and every invented figure."""

from models.answer import Assumption
from models.fire_stations.request import FireStationRequest
from models.standards import ResponseStandard, StationClass
from optimizer.fire_stations.assumptions.aims import (
    of_objectives,
    of_rules,
    of_the_rest,
    of_travel,
)
from optimizer.fire_stations.assumptions.places import of_demand, of_sites
from optimizer.fire_stations.assumptions.standards import of_classes, of_standard


def assumptions(
    request: FireStationRequest,
    classes: tuple[StationClass, ...],
    standard: ResponseStandard,
) -> tuple[Assumption, ...]:
    """Return the defaults used, in the request's order, then the request's own assumptions.

    A field counts as left open where the request was made without it; a figure of a preset also
    where the request names the preset. Fields of many places are told once, with their number.
    """
    return (
        *of_demand(request),
        *of_sites(request, classes),
        *of_classes(request, classes, standard),
        *of_standard(request, standard),
        *of_travel(request),
        *of_rules(request, standard),
        *of_objectives(request, classes, standard),
        *of_the_rest(request),
        *request.assumptions,
    )
