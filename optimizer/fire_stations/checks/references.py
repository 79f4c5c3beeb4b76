"""Ids that name nothing in the request."""

from collections.abc import Iterable, Iterator

from models.faults import Fault
from models.fire_stations.objectives import Cost, ExpectedCover, FewestStations, WorstArea
from models.fire_stations.request import FireStationRequest
from models.places import DemandTable
from models.presets import RESPONSE_STANDARDS, STATION_CLASSES
from models.roads import ByRoads
from models.text import Label
from optimizer.demand import DemandArrays
from optimizer.fire_stations.checks.effective import effective_classes
from optimizer.listing import (
    fault,
    listed,
    member,
    unknown_references,
)

_AREA = Label(en="area", zh="区域")
_CLASS = Label(en="station class", zh="消防站类别")
_LEVEL = Label(en="area with a level", zh="区域层级")
_RISK_CLASS = Label(en="risk class", zh="风险等级")
_SITE = Label(en="site", zh="站址")
_STANDARD = Label(en="response standard", zh="响应标准")
_CLOSURE = Label(en="closure", zh="封闭路段")
_VEHICLE = Label(en="vehicle type", zh="车辆类型")
_WEIGHT = Label(en="demand weight", zh="需求权重")

Named = Iterator[tuple[str, str]]  # (path, id)


def references(request: FireStationRequest, demand: DemandArrays) -> Iterator[Fault]:
    """Yield a fault for every id of the request that names nothing."""
    if isinstance(request.standard, str):
        named = [("standard", request.standard)]
        yield from unknown_references("standard", named, RESPONSE_STANDARDS, _STANDARD)
    yield from _demand_references(request, demand)
    yield from _class_references(request)
    yield from _site_references(request)
    yield from _area_references(request)
    yield from _weights(request, demand)
    yield from _vehicle_references(request)
    if isinstance(request.travel, ByRoads):
        yield from _closure_references(request.travel)


def _demand_references(request: FireStationRequest, demand: DemandArrays) -> Iterator[Fault]:
    table = isinstance(request.demand_points, DemandTable)
    risk_classes = {one.id: None for one in request.risk_classes}
    areas = {area.id: None for area in request.areas}
    for field, column, known, what in (
        ("risk_class", demand.risk_class, risk_classes, _RISK_CLASS),
        ("area", demand.area, areas, _AREA),
    ):
        names: list[str | None] = [] if column is None else column.tolist()
        unknown = {name for name in set(names) if isinstance(name, str)} - known.keys()
        named = _named_by_points(names, unknown, "" if table else field)
        yield from unknown_references("demand_points", named, known, what)


def _named_by_points(names: list[str | None], unknown: set[str], field: str) -> Named:
    """Yield where ``unknown`` names stand; a table has no field of its own for a row."""
    if not field:
        yield from (("demand_points", name) for name in sorted(unknown))
    elif unknown:
        for index, name in enumerate(names):
            if name is not None and name in unknown:
                yield f"demand_points[{index}].{field}", name


def _class_references(request: FireStationRequest) -> Iterator[Fault]:
    known = {**{one.id: None for one in request.classes}, **dict.fromkeys(STATION_CLASSES)}
    new = ((member("new_stations", name), name) for name in request.new_stations)
    stations = (
        (f"sites[{j}].station.class_id", site.station.class_id)
        for j, site in enumerate(request.sites)
        if site.station is not None
    )
    allowed = (
        (f"sites[{j}].allowed_classes[{k}]", name)
        for j, site in enumerate(request.sites)
        for k, name in enumerate(site.allowed_classes or ())
    )
    opened = (
        (f"rules.open_sites[{k}].class_id", choice.class_id)
        for k, choice in enumerate(request.rules.open_sites)
        if choice.class_id is not None
    )
    counted = (
        (f"objectives[{k}].classes[{m}]", name)
        for k, objective in enumerate(request.objectives)
        if isinstance(objective, ExpectedCover)
        for m, name in enumerate(objective.classes or ())
    )
    groups: tuple[tuple[str, Iterable[tuple[str, str]]], ...] = (
        ("new_stations", new),
        ("sites", stations),
        ("sites", allowed),
        ("rules.open_sites", opened),
        ("objectives", counted),
    )
    for path, named in groups:
        yield from unknown_references(path, named, known, _CLASS)


def _site_references(request: FireStationRequest) -> Iterator[Fault]:
    rules = request.rules
    known = {site.id: None for site in request.sites}
    opened = (
        (f"rules.open_sites[{k}].site_id", choice.site_id)
        for k, choice in enumerate(rules.open_sites)
    )
    forbidden = (
        (f"rules.forbidden_sites[{k}]", name) for k, name in enumerate(rules.forbidden_sites)
    )
    yield from unknown_references("rules.open_sites", opened, known, _SITE)
    yield from unknown_references("rules.forbidden_sites", forbidden, known, _SITE)


def _area_references(request: FireStationRequest) -> Iterator[Fault]:
    areas = {area.id: None for area in request.areas}
    levels = {area.level: None for area in request.areas}
    risk_classes = {one.id: None for one in request.risk_classes}
    parents = (
        (f"areas[{k}].parent", area.parent)
        for k, area in enumerate(request.areas)
        if area.parent is not None
    )
    yield from unknown_references("areas", parents, areas, _AREA)
    for field, known, what in (
        ("area", areas, _AREA),
        ("level", levels, _LEVEL),
        ("risk_class", risk_classes, _RISK_CLASS),
    ):
        named = list(_of_floors(request, field))
        yield from unknown_references("rules.cover_floors", named, known, what)
    worst = (
        (f"objectives[{k}].level", objective.level)
        for k, objective in enumerate(request.objectives)
        if isinstance(objective, WorstArea) and objective.level is not None
    )
    yield from unknown_references("objectives", worst, levels, _LEVEL)


def _of_floors(request: FireStationRequest, field: str) -> Named:
    for k, floor in enumerate(request.rules.cover_floors):
        name = getattr(floor, field)
        if name is not None:
            yield f"rules.cover_floors[{k}].{field}", name


def _weights(request: FireStationRequest, demand: DemandArrays) -> Iterator[Fault]:
    aims = [
        (f"objectives[{k}].weight", objective.weight)
        for k, objective in enumerate(request.objectives)
        if not isinstance(objective, FewestStations | Cost)
    ]
    yield from unknown_references("objectives", aims, demand.weights, _WEIGHT)
    empty = [one for one in aims if one[1] in demand.weights and not demand.weights[one[1]].any()]
    yield from listed(
        "objectives", empty, lambda one: fault(one[0], "fault.no_demand", one[1], weight=one[1])
    )
    floors = _of_floors(request, "weight")
    yield from unknown_references("rules.cover_floors", floors, demand.weights, _WEIGHT)
    if "population_weight" in request.model_fields_set:
        named = [("population_weight", request.population_weight)]
        yield from unknown_references("population_weight", named, demand.weights, _WEIGHT)


def _closure_references(travel: ByRoads) -> Iterator[Fault]:
    known = {one.id: None for one in travel.closures}
    closed = (
        (f"travel.scenarios[{k}].closures[{m}]", name)
        for k, scenario in enumerate(travel.scenarios)
        for m, name in enumerate(scenario.closures)
    )
    passed = ((f"travel.profile.passes[{m}]", name) for m, name in enumerate(travel.profile.passes))
    yield from unknown_references("travel.scenarios", closed, known, _CLOSURE)
    yield from unknown_references("travel.profile.passes", passed, known, _CLOSURE)


def _vehicle_references(request: FireStationRequest) -> Iterator[Fault]:
    """Hold vehicle types against those that classes, stations or the staffing bring."""
    stations = (site.station for site in request.sites if site.station is not None)
    known = {
        **{name: None for one in effective_classes(request) for name in one.vehicles},
        **{name: None for station in stations for name in station.vehicles or {}},
    }
    needs = [
        (member(f"risk_classes[{k}].vehicle_types", name), name)
        for k, one in enumerate(request.risk_classes)
        for name in one.vehicle_types
    ]
    brought = {name: None for _, name in _staffed(request)}
    yield from unknown_references("risk_classes", needs, {**known, **brought}, _VEHICLE)
    needed = {name: None for _, name in needs}
    yield from unknown_references("staffing", _staffed(request), {**known, **needed}, _VEHICLE)


def _staffed(request: FireStationRequest) -> Named:
    if request.staffing is None:
        return
    for field in ("vehicles_at_hand", "vehicles_bought_max", "vehicle_price"):
        for name in getattr(request.staffing, field) or {}:
            yield member(f"staffing.{field}", name), name
