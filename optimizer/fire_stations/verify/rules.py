"""The rules about sites, classes, numbers and money: what needs no travel time."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from models.answer import Check
from models.faults import Fault
from models.fire_stations.plan import Action
from models.fire_stations.rules import IdlePolicy
from models.places import Change, Site, StationStatus
from models.text import Text
from optimizer.errors import InputError
from optimizer.fire_stations.verify.question import Question
from optimizer.fire_stations.verify.stations import OpenStation, Reading, stations_today
from optimizer.verification import Value, at_least, at_most, finding, named

_EARTH_RADIUS_M = 6_371_008.8


@dataclass(frozen=True)
class _Distance:
    metres: float
    first: str
    second: str


def rule_checks(question: Question, reading: Reading) -> Iterator[Check]:
    """Yield a check for every such rule of the request."""
    yield from _station_checks(question, reading)
    yield from _number_checks(question, reading)
    yield from _choice_checks(question, reading)
    yield from _limit_checks(question, reading)
    yield from _place_checks(question, reading)


def _station_checks(question: Question, reading: Reading) -> Iterator[Check]:
    yield _none_of("sites", reading.wrong_sites, path="sites")
    yield _none_of("classes", reading.wrong_classes, path="sites")
    yield _none_of("actions", reading.wrong_actions, path="sites")
    closed = [
        site.id
        for site in question.in_service()
        if site.id not in reading.mentioned
        and site.id not in reading.vacated
        and site.station is not None
        and Change.CLOSE not in site.station.may
    ]
    yield _none_of("kept_stations", closed, path="sites")
    policy = question.request.rules.idle_stations
    wrong = [site.id for site in _idle(question) if not _suits(policy, site.id, reading)]
    rule, path = "idle_stations", "rules.idle_stations"
    code = f"check.idle_stations.{policy}"
    yield finding(rule, passed=not wrong, path=path, code=code, found=named(wrong))


def _none_of(rule: str, wrong: list[str], *, path: str) -> Check:
    code = f"check.{rule}"
    return finding(rule, passed=not wrong, path=path, code=code, found=named(wrong))


def _idle(question: Question) -> list[Site]:
    return [
        site
        for site in question.request.sites
        if site.station is not None and site.station.status is not StationStatus.IN_SERVICE
    ]


def _suits(policy: IdlePolicy, site_id: str, reading: Reading) -> bool:
    is_open = site_id in reading.mentioned
    return policy is IdlePolicy.MAY_OPEN or is_open is (policy is IdlePolicy.OPEN)


def _number_checks(question: Question, reading: Reading) -> Iterator[Check]:
    built = [one.station_class.id for one in reading.stations if one.action is Action.BUILD]
    for name, asked in question.request.new_stations.items():
        found = built.count(name)
        yield finding(
            "new_stations",
            passed=asked.min <= found and (asked.max is None or found <= asked.max),
            path=f"new_stations.{name}",
            code="check.new_stations",
            station_class=question.classes[name].name,
            found=found,
            min=asked.min,
            max=asked.max,
        )
    strange = sorted(set(built) - question.request.new_stations.keys())
    code = "check.new_stations.unasked"
    yield finding(
        "new_stations", passed=not strange, path="new_stations", code=code, found=named(strange)
    )


def _choice_checks(question: Question, reading: Reading) -> Iterator[Check]:
    rules = question.request.rules
    for k, choice in enumerate(rules.open_sites):
        found = reading.mentioned.get(choice.site_id)
        yield finding(
            "open_sites",
            passed=found is not None and choice.class_id in {None, found},
            path=f"rules.open_sites[{k}]",
            code="check.open_sites",
            site=choice.site_id,
            asked=choice.class_id,
            found=found,
        )
    opened = {station.site_id for station in reading.stations if station.opened}
    for k, site_id in enumerate(rules.forbidden_sites):
        broken = site_id in opened
        code = "check.forbidden_sites.opened" if broken else "check.forbidden_sites"
        path = f"rules.forbidden_sites[{k}]"
        yield finding("forbidden_sites", passed=not broken, path=path, code=code, site=site_id)


def _limit_checks(question: Question, reading: Reading) -> Iterator[Check]:
    rules, after, before = question.request.rules, reading.stations, stations_today(question)
    capital_cost = sum(station.capital_cost for station in after)
    more_yearly = sum(one.yearly_cost for one in after) - sum(one.yearly_cost for one in before)
    more_people = _on_duty_people(after) - _on_duty_people(before)
    limits = (
        ("capital_budget", capital_cost, rules.capital_budget),
        ("yearly_budget", more_yearly, rules.yearly_budget),
        ("crew_limit_people", more_people, rules.crew_limit_people),
    )
    for rule, found, limit in limits:
        if limit is not None:
            yield finding(
                rule,
                passed=at_most(found, limit),
                path=f"rules.{rule}",
                code=f"check.{rule}",
                found=found,
                limit=limit,
            )


def _on_duty_people(stations: tuple[OpenStation, ...]) -> int:
    return sum(station.crew.on_duty_people for station in stations)


def _place_checks(question: Question, reading: Reading) -> Iterator[Check]:
    spacing = question.request.rules.spacing
    if spacing is not None:
        among = [one for one in reading.stations if one.opened or spacing.between == "all"]
        closest = _closest(question, among)
        yield _distance_check("spacing", closest, spacing.distance_m, path="rules.spacing")
    placed = [one for one in reading.stations if one.action in {Action.BUILD, Action.MOVE}]
    for k, clearance in enumerate(question.request.rules.clearances):
        found = [
            _Distance(near.distance_m, one.site_id, clearance.kind)
            for one in placed
            for near in question.site(one.site_id).nearby
            if near.kind == clearance.kind
        ]
        least = min(found, key=lambda one: one.metres, default=None)
        path = f"rules.clearances[{k}]"
        yield _distance_check("clearances", least, clearance.distance_m, path=path)


def _distance_check(rule: str, least: _Distance | None, asked_m: float, *, path: str) -> Check:
    said: dict[str, Value] = {"found": None, "first": None, "second": None}
    if least is not None:
        said = {"found": least.metres, "first": least.first, "second": least.second}
    passed = least is None or at_least(least.metres, asked_m)
    return finding(rule, passed=passed, path=path, code=f"check.{rule}", asked=asked_m, **said)


def _closest(question: Question, stations: list[OpenStation]) -> _Distance | None:
    """Return the two stations nearest to each other, of pairs with an opened one."""
    pairs = [
        (one, other)
        for k, one in enumerate(stations)
        for other in stations[:k]
        if one.opened or other.opened
    ]
    distances = (
        _Distance(
            distance_m(question.site(one.site_id), question.site(other.site_id)),
            one.site_id,
            other.site_id,
        )
        for one, other in pairs
    )
    return min(distances, key=lambda one: one.metres, default=None)


def distance_m(one: Site, other: Site) -> float:
    """Return the straight-line distance of two sites in metres.

    Examples
    --------
    >>> distance_m(Site(id="a", x_m=0, y_m=0), Site(id="b", x_m=3, y_m=4))
    5.0
    >>> round(distance_m(Site(id="a", lat=0, lon=0), Site(id="b", lat=0, lon=1)))
    111195
    """
    at, to = (one.lat, one.lon), (other.lat, other.lon)
    if at[0] is not None and at[1] is not None and to[0] is not None and to[1] is not None:
        return _chord_m(_unit(at[0], at[1]), _unit(to[0], to[1]))
    if one.x_m is None or one.y_m is None or other.x_m is None or other.y_m is None:
        need = Text(code="fault.coordinates")
        raise InputError((Fault(path="rules.spacing", need=need),))
    return float(np.hypot(one.x_m - other.x_m, one.y_m - other.y_m))


def _unit(lat: float, lon: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    phi, theta = np.radians(lat), np.radians(lon)
    return np.array(
        [np.cos(phi) * np.cos(theta), np.cos(phi) * np.sin(theta), np.sin(phi)],
    )


def _chord_m(
    one: np.ndarray[tuple[int], np.dtype[np.float64]],
    other: np.ndarray[tuple[int], np.dtype[np.float64]],
) -> float:
    """Return the great-circle distance through the chord, which is exact for near points too."""
    chord = float(np.linalg.norm(one - other))
    return 2 * _EARTH_RADIUS_M * float(np.arcsin(min(1.0, chord / 2)))
