"""How many stations are asked for, and where they could stand."""

from collections.abc import Iterator

from models.faults import Fault
from models.fire_stations.request import FireStationRequest
from models.places import Site, StationStatus
from models.presets import STATION_CLASSES
from optimizer.listing import fault, listed, member


def numbers(request: FireStationRequest) -> Iterator[Fault]:
    """Yield a fault for every number of stations that no choice of sites can meet.

    Only what the sites themselves admit counts here. What the rules leave of it is the
    solver's question: its answer names the rules in conflict.
    """
    for class_id, count in request.new_stations.items():
        if count.max is not None and count.min > count.max:
            path, value = member("new_stations", class_id), {"min": count.min, "max": count.max}
            yield fault(path, "fault.range", value, min=count.min, max=count.max)
    yield from _room(request)
    yield from _opened_and_forbidden(request)


def _room(request: FireStationRequest) -> Iterator[Fault]:
    asked = sum(count.min for count in request.new_stations.values())
    candidates = [site for site in request.sites if site.station is None]
    if asked and not candidates:
        yield fault("new_stations", "fault.no_candidates", asked)
        return
    crowded = list(_crowded(request, candidates))
    yield from crowded
    if not crowded and asked > len(candidates):
        most = len(candidates)
        yield fault("new_stations", "fault.too_many_in_all", asked, most=most)


def _crowded(request: FireStationRequest, candidates: list[Site]) -> Iterator[Fault]:
    known = {one.id for one in request.classes} | STATION_CLASSES.keys()
    for class_id, count in request.new_stations.items():
        most = sum(
            site.allowed_classes is None or class_id in site.allowed_classes for site in candidates
        )
        if class_id in known and count.min > most:
            path = member("new_stations", class_id)
            yield fault(path, "fault.too_many_stations", count.min, most=most, class_id=class_id)


def _opened_and_forbidden(request: FireStationRequest) -> Iterator[Fault]:
    forbidden = {name: k for k, name in enumerate(request.rules.forbidden_sites)}
    in_service = {
        site.id
        for site in request.sites
        if site.station is not None and site.station.status is StationStatus.IN_SERVICE
    }
    clashes = [
        (k, choice.site_id)
        for k, choice in enumerate(request.rules.open_sites)
        if choice.site_id in forbidden and choice.site_id not in in_service
    ]
    yield from listed(
        "rules.open_sites",
        clashes,
        lambda one: fault(
            f"rules.open_sites[{one[0]}].site_id",
            "fault.contradiction",
            one[1],
            other=f"rules.forbidden_sites[{forbidden[one[1]]}]",
        ),
    )
