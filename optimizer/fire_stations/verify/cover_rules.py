"""The rules about who is reached in time: cover floors, neighbours, nominal areas."""

from collections.abc import Iterator

import numpy as np

from models.answer import Check
from models.fire_stations.plan import Action
from models.fire_stations.rules import CoverFloor
from optimizer.demand import FloatArray
from optimizer.fire_stations.verify.groups import Group
from optimizer.fire_stations.verify.objectives import covered
from optimizer.fire_stations.verify.question import TIME_TOLERANCE_S, BoolArray, Question
from optimizer.fire_stations.verify.reach import Situation
from optimizer.fire_stations.verify.stations import OpenStation
from optimizer.verification import at_least, at_most, finding, named


def cover_rule_checks(now: Situation) -> Iterator[Check]:
    """Yield a check for every such rule of the request."""
    rules = now.question.request.rules
    for k, floor in enumerate(rules.cover_floors):
        yield _floor_check(now, floor, path=f"rules.cover_floors[{k}]")
    if rules.small_adjoins_larger:
        lonely = _without_larger_neighbour(now)
        rule = "small_adjoins_larger"
        path, code = f"rules.{rule}", f"check.{rule}"
        yield finding(rule, passed=not lonely, path=path, code=code, found=named(lonely))
    if rules.nominal_area == "enforce":
        large = _too_large(now)
        rule = "nominal_area"
        path, code = f"rules.{rule}", f"check.{rule}"
        yield finding(rule, passed=not large, path=path, code=code, found=named(large))


def _floor_check(now: Situation, floor: CoverFloor, *, path: str) -> Check:
    """Return the check of a floor, said of the group with the least share."""
    shares = [_share(now, floor, group) for group in _floor_groups(now.question, floor)]
    known = [one for one in shares if one[1] is not None]
    group_id, found, passed = min(known, key=lambda one: one[1] or 0.0, default=_NOTHING)
    return finding(
        "cover_floors",
        passed=passed and all(one[2] for one in shares),
        path=path,
        code="check.cover_floors" if group_id is None else "check.cover_floors.group",
        found=found,
        asked=floor.share,
        group=group_id,
    )


_NOTHING: tuple[str | None, float | None, bool] = (None, None, True)


def _floor_groups(question: Question, floor: CoverFloor) -> tuple[Group, ...]:
    groups = question.groups
    if floor.each == "area":
        return groups.areas_of(floor.level, question.request.areas)
    if floor.each == "risk_class":
        return groups.of_scope("risk_class")
    if floor.area is not None:
        return tuple(one for one in groups.of_scope("area") if one.id == floor.area)
    if floor.risk_class is not None:
        return tuple(one for one in groups.of_scope("risk_class") if one.id == floor.risk_class)
    return groups.of_scope("total")


def _share(
    now: Situation, floor: CoverFloor, group: Group
) -> tuple[str | None, float | None, bool]:
    """Return a group's id, its covered share, and whether that is enough."""
    question = now.question
    within_s = question.within_s(floor.within_s)
    weight = question.demand.weights[floor.weight][group.rows]
    total = float(weight.sum())
    reached = [
        float(weight @ covered(reach, within_s)[group.rows].astype(np.float64))
        for reach in now.reaches
    ]
    expected = float(question.times.weights @ np.array(reached))
    found = expected if floor.scenarios == "expected" else min(reached)
    if total <= 0:
        return group.id, None, True
    return group.id, found / total, at_least(found, floor.share * total)


def _without_larger_neighbour(now: Situation) -> list[str]:
    """Return the small stations opened where no demand point joins them to a larger one."""
    small_rank = min(
        (
            now.question.classes[name].rank
            for name, count in now.question.request.new_stations.items()
            if count.max != 0
        ),
        default=-1,
    )
    shared = _shared_points(now)
    ranks = [station.station_class.rank for station in now.stations]
    return [
        station.site_id
        for j, station in enumerate(now.stations)
        if (station.opened or station.action is Action.REGRADE)
        and ranks[j] <= small_rank
        and not any(shared[j, k] and ranks[k] > ranks[j] for k in range(len(ranks)))
    ]


def _shared_points(now: Situation) -> BoolArray:
    """Return which pairs of stations reach some demand point in time, both of them."""
    count, limit_s = len(now.stations), now.question.standard.within_s + TIME_TOLERANCE_S
    shared = np.zeros((count, count), dtype=np.bool_)
    for rows in now.question.blocks(count) if count else ():
        in_time = (now.response_s(0, rows) <= limit_s).astype(np.float64)
        shared |= in_time.T @ in_time > 0
    return shared


def district_areas_m2(now: Situation) -> FloatArray:
    """Return per open station the built-up area of the points it is first to reach."""
    nearest = now.reaches[0].nearest
    served = nearest >= 0
    built_up = now.question.demand.built_up_area_m2[served]
    areas = np.bincount(nearest[served], weights=built_up, minlength=len(now.stations))
    return areas.astype(np.float64)


def nominal_area_m2(question: Question, station: OpenStation) -> float | None:
    """Return the district a station is meant for, the larger one on the outskirts."""
    own = station.station_class
    outskirts = own.outskirts_nominal_area_m2
    if question.site(station.site_id).outskirts and outskirts is not None:
        return outskirts
    return own.nominal_area_m2


def _too_large(now: Situation) -> list[str]:
    areas = district_areas_m2(now)
    nominal = [nominal_area_m2(now.question, station) for station in now.stations]
    return [
        station.site_id
        for station, area, limit in zip(now.stations, areas, nominal, strict=True)
        if limit is not None and not at_most(float(area), limit)
    ]
