"""Ids that stand twice."""

from collections.abc import Iterator, Sequence

from models.faults import Fault
from models.fire_stations.request import FireStationRequest
from models.places import DemandTable
from models.roads import ByRoads
from optimizer.demand import DemandArrays
from optimizer.listing import fault, listed


def duplicates(request: FireStationRequest, demand: DemandArrays) -> Iterator[Fault]:
    """Yield a fault for every id that a list of the request has had before."""
    table = isinstance(request.demand_points, DemandTable)
    yield from _repeated("demand_points", demand.ids.tolist(), table=table)
    yield from _repeated("sites", [site.id for site in request.sites])
    yield from _repeated("areas", [area.id for area in request.areas])
    yield from _repeated("classes", [one.id for one in request.classes])
    yield from _repeated("risk_classes", [one.id for one in request.risk_classes])
    yield from _repeated("travel.scenarios", [one.id for one in request.travel.scenarios])
    if isinstance(request.travel, ByRoads):
        yield from _repeated("travel.closures", [one.id for one in request.travel.closures])
    if request.staging is not None:
        years = [stage.year for stage in request.staging.years]
        yield from _repeated("staging.years", years, field="year")


def _repeated(
    path: str, ids: Sequence[str | int], *, field: str = "id", table: bool = False
) -> Iterator[Fault]:
    if len(set(ids)) == len(ids):
        return
    first: dict[str | int, int] = {}
    again = [index for index, one in enumerate(ids) if first.setdefault(one, index) != index]

    def at(index: int) -> str:
        return f"{path}[{index}]" if table else f"{path}[{index}].{field}"

    yield from listed(
        path,
        again,
        lambda index: fault(
            path if table else at(index),
            "fault.duplicate",
            ids[index],
            first=at(first[ids[index]]),
        ),
    )
