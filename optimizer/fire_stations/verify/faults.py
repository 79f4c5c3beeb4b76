"""What in a request would keep the verifier from judging any plan."""

from collections.abc import Collection, Iterator

from models.faults import Fault
from models.fire_stations.objectives import Cost, FewestStations
from models.fire_stations.request import FireStationRequest
from models.fire_stations.rules import CoverFloor
from models.places import Area
from models.presets import RESPONSE_STANDARDS, STATION_CLASSES
from models.text import Text
from optimizer.demand import DemandArrays


def class_faults(request: FireStationRequest) -> Iterator[Fault]:
    """Yield names of classes and standards that stand for nothing, and sites named twice."""
    if isinstance(request.standard, str):
        yield from _unless(request.standard, RESPONSE_STANDARDS, "standard")
    classes = {one.id for one in request.classes} | STATION_CLASSES.keys()
    for name in request.new_stations:
        yield from _unless(name, classes, f"new_stations.{name}")
    first: dict[str, int] = {}
    for j, site in enumerate(request.sites):
        if site.id in first:
            need = Text(code="fault.duplicate", values={"first": f"sites[{first[site.id]}].id"})
            yield Fault(path=f"sites[{j}].id", value=f'"{site.id}"', need=need)
        first.setdefault(site.id, j)
        if site.station is not None:
            yield from _unless(site.station.class_id, classes, f"sites[{j}].station.class_id")
        for name in site.allowed_classes or ():
            yield from _unless(name, classes, f"sites[{j}].allowed_classes")


def demand_faults(request: FireStationRequest, demand: DemandArrays) -> Iterator[Fault]:
    """Yield weights nobody has, and areas and risk classes that are not in the request."""
    for k, objective in enumerate(request.objectives):
        if not isinstance(objective, FewestStations | Cost):
            yield from _weight(objective.weight, demand, f"objectives[{k}].weight")
    yield from _area_faults(request.areas)
    areas = {area.id for area in request.areas}
    risks = {risk.id for risk in request.risk_classes}
    for column, known in (("area", areas), ("risk_class", risks)):
        names = getattr(demand, column)
        if names is not None:
            strange = [i for i, name in enumerate(names) if name not in known and name]
            for i in strange[:100]:
                yield from _unless(names[i], known, f"demand_points[{i}].{column}")
    for k, floor in enumerate(request.rules.cover_floors):
        yield from _floor_faults(floor, demand, (areas, risks), f"rules.cover_floors[{k}]")


def _area_faults(areas: tuple[Area, ...]) -> Iterator[Fault]:
    parent = {area.id: area.parent for area in areas}
    for k, area in enumerate(areas):
        if area.parent is not None:
            yield from _unless(area.parent, parent, f"areas[{k}].parent")
        above, steps = area.parent, 0
        while above is not None and steps <= len(areas):
            above, steps = parent.get(above), steps + 1
        if steps > len(areas):
            yield Fault(path=f"areas[{k}].parent", need=Text(code="fault.cycle"))


def _floor_faults(
    floor: CoverFloor, demand: DemandArrays, known: tuple[set[str], set[str]], path: str
) -> Iterator[Fault]:
    yield from _weight(floor.weight, demand, f"{path}.weight")
    if floor.area is not None:
        yield from _unless(floor.area, known[0], f"{path}.area")
    if floor.risk_class is not None:
        yield from _unless(floor.risk_class, known[1], f"{path}.risk_class")
    named = [name for name in ("risk_class", "area", "each") if getattr(floor, name) is not None]
    if len(named) > 1:
        need = Text(code="fault.contradiction", values={"other": f"{path}.{named[0]}"})
        yield Fault(path=f"{path}.{named[1]}", need=need)


def _weight(name: str, demand: DemandArrays, path: str) -> Iterator[Fault]:
    if name not in demand.weights:
        need = Text(code="fault.no_demand", values={"weight": name})
        yield Fault(path=path, value=f'"{name}"', need=need)


def _unless(name: str, known: Collection[str], path: str) -> Iterator[Fault]:
    if name not in known:
        need = Text(code="fault.reference", values={"known": ", ".join(sorted(known)[:20])})
        yield Fault(path=path, value=f'"{name}"', need=need)
