"""Lists out of order, and fields that contradict each other."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from models.faults import Fault
from models.fire_stations.objectives import Backup, CoverStep, FullForce, GradualCover, WorstArea
from models.fire_stations.request import FireStationRequest
from models.fire_stations.rules import CoverFloor
from models.presets import RESPONSE_STANDARDS
from models.standards import ResponseStandard
from models.travel import ByCoordinates, SpeedBand, SpeedProfile
from optimizer.listing import fault


def order(request: FireStationRequest) -> Iterator[Fault]:
    """Yield the faults of lists that must ascend, and of areas that lie in themselves."""
    yield from _cycles(request)
    for k, objective in enumerate(request.objectives):
        if isinstance(objective, GradualCover):
            yield from _steps(f"objectives[{k}].steps", objective.steps)
    if isinstance(request.travel, ByCoordinates):
        for k, scenario in enumerate(request.travel.scenarios):
            if isinstance(scenario.law, SpeedProfile):
                path = f"travel.scenarios[{k}].law.bands"
                yield from _bands(path, scenario.law.bands)
    years = () if request.staging is None else request.staging.years
    for k, (before, after) in enumerate(pairwise(years), start=1):
        if after.year < before.year:  # an equal year is a duplicate
            yield fault(f"staging.years[{k}].year", "fault.ascending", after.year)


def contradictions(request: FireStationRequest) -> Iterator[Fault]:
    """Yield the faults of fields that cannot both be meant."""
    for k, floor in enumerate(request.rules.cover_floors):
        yield from _floor(f"rules.cover_floors[{k}]", floor, request)
    for k, objective in enumerate(request.objectives):
        if isinstance(objective, WorstArea) and not request.areas:
            yield fault(f"objectives[{k}]", "fault.no_areas")
        if isinstance(objective, FullForce):
            yield from _force(f"objectives[{k}]", objective, request)
    yield from _full_force_time(request)


def _cycles(request: FireStationRequest) -> Iterator[Fault]:
    """Yield one fault for each ring of areas, at its first area."""
    parent = {area.id: area.parent for area in reversed(request.areas)}
    position = {area.id: k for k, area in reversed(list(enumerate(request.areas)))}
    settled: set[str] = set()
    for area in request.areas:
        trail: dict[str, None] = {}
        here: str | None = area.id
        while here in parent and here not in settled and here not in trail:
            trail[here] = None
            here = parent[here]
        if here in trail:
            ids = list(trail)
            ring = sorted(ids[ids.index(here) :], key=position.__getitem__)
            yield fault(f"areas[{position[ring[0]]}].parent", "fault.cycle", parent[ring[0]])
        settled |= trail.keys()


def _steps(path: str, steps: Sequence[CoverStep]) -> Iterator[Fault]:
    for k, (before, after) in enumerate(pairwise(steps), start=1):
        if after.within_s <= before.within_s:
            yield fault(f"{path}[{k}].within_s", "fault.ascending", after.within_s)
        if after.value > before.value:
            yield fault(f"{path}[{k}].value", "fault.not_ascending", after.value)


def _bands(path: str, bands: Sequence[SpeedBand]) -> Iterator[Fault]:
    reached_m = 0.0
    for k, band in enumerate(bands[:-1]):
        at = f"{path}[{k}].up_to_m"
        if band.up_to_m is None:
            yield fault(at, "fault.open_band")
        elif band.up_to_m <= reached_m:
            yield fault(at, "fault.ascending", band.up_to_m)
        else:
            reached_m = band.up_to_m
    if bands[-1].up_to_m is not None:
        at = f"{path}[{len(bands) - 1}].up_to_m"
        yield fault(at, "fault.last_band", bands[-1].up_to_m)


def _floor(path: str, floor: CoverFloor, request: FireStationRequest) -> Iterator[Fault]:
    for first, second in (("each", "risk_class"), ("each", "area"), ("risk_class", "area")):
        ours, theirs = getattr(floor, first), getattr(floor, second)
        if ours is not None and theirs is not None:
            yield fault(f"{path}.{first}", "fault.either", ours, other=f"{path}.{second}")
    if floor.level is not None and floor.each != "area":
        yield fault(f"{path}.level", "fault.contradiction", floor.level, other=f"{path}.each")
    if floor.each == "area" and not request.areas:
        yield fault(f"{path}.each", "fault.no_areas", floor.each)
    if floor.each == "risk_class" and not request.risk_classes:
        yield fault(f"{path}.each", "fault.no_risk_classes", floor.each)


def _force(path: str, objective: FullForce, request: FireStationRequest) -> Iterator[Fault]:
    standard = _standard(request)
    if standard is None:
        return
    vehicles = standard.vehicles if objective.vehicles is None else objective.vehicles
    people = standard.people if objective.people is None else objective.people
    by_risk = any(sum(one.vehicle_types.values()) for one in request.risk_classes)
    if vehicles == 0 and people == 0 and not by_risk:
        yield fault(path, "fault.no_force")


def _full_force_time(request: FireStationRequest) -> Iterator[Fault]:
    """Check a standard of the request's own where its full-force time is what counts."""
    standard = request.standard
    if isinstance(standard, str) or standard.full_force_travel_s >= standard.travel_s:
        return
    counts = request.staffing is not None or any(
        (isinstance(one, FullForce) and one.within_s is None)
        or (isinstance(one, Backup) and one.second_s is None)
        for one in request.objectives
    )
    if counts:
        yield fault(
            "standard.full_force_travel_s",
            "fault.at_least",
            standard.full_force_travel_s,
            least=standard.travel_s,
            other="standard.travel_s",
        )


def _standard(request: FireStationRequest) -> ResponseStandard | None:
    if isinstance(request.standard, ResponseStandard):
        return request.standard
    return RESPONSE_STANDARDS.get(request.standard)
