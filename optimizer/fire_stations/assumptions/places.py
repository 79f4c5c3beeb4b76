"""Defaults of demand points, sites and stations, told once with how many they concern."""

from collections import Counter
from collections.abc import Iterable, Iterator

from models.answer import Assumption
from models.fire_stations.request import FireStationRequest
from models.fire_stations.rules import IdlePolicy
from models.places import DemandTable, Station, StationStatus
from models.standards import StationClass
from optimizer.fire_stations.assumptions.basis import Basis, said
from optimizer.fire_stations.assumptions.standards import class_basis

_DERIVED = Basis(confidence="derived")


def of_demand(request: FireStationRequest) -> Iterator[Assumption]:
    """Yield what points leave open; a table's columns lie outside the request."""
    if isinstance(request.demand_points, DemandTable):
        return
    points = request.demand_points
    unweighted = (said(one.weights) for one in points if "weights" not in one.model_fields_set)
    yield from _told("demand_points.weights", unweighted)
    bare = [one for one in points if one.built_up_area_m2 is None]
    sized = [one for one in bare if one.area_m2 is not None]
    wooded = (said(one.forest_share) for one in sized if "forest_share" not in one.model_fields_set)
    yield from _told("demand_points.forest_share", wooded)
    built_up = "demand_points.built_up_area_m2"
    yield from _told(built_up, ("area_m2 × (1 − forest_share)" for _ in sized), _DERIVED)
    yield from _told(built_up, ("0 m²" for one in bare if one.area_m2 is None))


def of_sites(
    request: FireStationRequest, classes: tuple[StationClass, ...]
) -> Iterator[Assumption]:
    """Yield what candidate sites and stations leave open, and how many sites are invented."""
    yield from _of_candidates(request)
    sites, currency = request.sites, request.currency
    unmarked = (said(value=False) for one in sites if "outskirts" not in one.model_fields_set)
    yield from _told("sites.outskirts", unmarked)
    if request.rules.clearances:
        empty = (said(one.nearby) for one in sites if "nearby" not in one.model_fields_set)
        yield from _told("sites.nearby", empty)
    stations = list(_stations(request))
    yield from _of_stations(stations, request.shift_count)
    norms = {one.id: one for one in classes}
    for field in ("on_duty_people", "vehicles", "yearly_cost", "commissioning_cost"):
        yield from _from_classes(field, stations, norms, currency)
    invented = sum(site.illustrative for site in sites)
    if invented:
        source = "the request marks them so / 请求中已标明"
        yield Assumption(path="sites", value=f"{invented:,}×", source=source, illustrative=True)


def _of_candidates(request: FireStationRequest) -> Iterator[Assumption]:
    candidates = [site for site in request.sites if site.station is None]
    new = said(tuple(request.new_stations))
    free = (new for site in candidates if site.allowed_classes is None)
    yield from _told("sites.allowed_classes", free)
    no_price = [one for one in candidates if "land_cost" not in one.model_fields_set]
    costs = (said(site.land_cost, request.currency) for site in no_price)
    yield from _told("sites.land_cost", costs)


def _stations(request: FireStationRequest) -> Iterator[Station]:
    """Yield the stations whose figures count: those in service, or that may come into it."""
    opened = {choice.site_id for choice in request.rules.open_sites}
    closed = request.rules.idle_stations is IdlePolicy.CLOSED
    for site in request.sites:
        if site.station is not None and (
            not closed or _in_service(site.station) or site.id in opened
        ):
            yield site.station


def _in_service(station: Station) -> bool:
    return station.status is StationStatus.IN_SERVICE


def _of_stations(stations: list[Station], shift_count: int) -> Iterator[Assumption]:
    unset = [one for one in stations if "status" not in one.model_fields_set]
    yield from _told("sites.station.status", (str(one.status) for one in unset))
    fixed = [one for one in stations if _in_service(one) and "may" not in one.model_fields_set]
    yield from _told("sites.station.may", (said(one.may) for one in fixed))
    by_shift = (
        f"headcount_people / {shift_count}"
        for one in stations
        if one.on_duty_people is None and one.headcount_people is not None
    )
    yield from _told("sites.station.on_duty_people", by_shift, _DERIVED)
    by_duty = (
        f"on_duty_people × {shift_count}" for one in stations if one.headcount_people is None
    )
    yield from _told("sites.station.headcount_people", by_duty, _DERIVED)


def _from_classes(
    field: str, stations: list[Station], norms: dict[str, StationClass], currency: str
) -> Iterator[Assumption]:
    """Yield a station's field that is its class's figure, class by class."""
    lacking = Counter(one.class_id for one in stations if _takes(one, field))
    for class_id, norm in norms.items():
        if lacking[class_id]:
            basis = class_basis(norm, field, currency)
            value = f"{class_id}: {said(getattr(norm, field), basis.unit)}"
            yield basis.assumption(f"sites.station.{field}", value, count=lacking[class_id])


def _takes(station: Station, field: str) -> bool:
    if field == "on_duty_people" and station.headcount_people is not None:
        return False
    if field == "commissioning_cost" and _in_service(station):
        return False
    return getattr(station, field) is None


def _told(path: str, values: Iterable[str], basis: Basis | None = None) -> Iterator[Assumption]:
    for value, count in Counter(values).items():
        yield (basis or Basis()).assumption(path, value, count=count)
