"""Uneven growth of residents: where most live, at the edge, and in one area."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from models.text import Text
from optimizer.demand import FloatArray
from optimizer.fire_stations.instance import Instance, members_by_area
from optimizer.fire_stations.options import BoolArray
from optimizer.travel.distance import Positions

GROWTH = 0.12
_SHARE = 0.25  # of the places with residents: the densest, the farthest out


def growths(instance: Instance) -> Iterator[tuple[Text, Instance]]:
    """Yield the instance with 12 % more of the population weight in each of three patterns.

    Nothing where no objective counts that weight. The densest quarter of the demand points is
    by weight per built-up area (by weight where no area is known), the edge is the quarter
    farthest from the centre of the population, the area is the first of the request.
    """
    name = instance.request.population_weight
    weight = instance.demand.weights.get(name)
    counted = {getattr(one, "weight", None) for one in instance.request.objectives}
    if weight is None or name not in counted:
        return
    patterns = {"dense": _dense(instance, weight), "edge": _edge(instance, weight)}
    for pattern, inside in patterns.items():
        if inside is not None:
            yield _text(pattern, name), _grown(instance, name, inside)
    for area, inside in _first_area(instance):
        yield _text("area", name, area), _grown(instance, name, inside)


def _text(pattern: str, weight: str, area: str | None = None) -> Text:
    values: dict[str, str | float] = {"change": GROWTH, "weight": weight}
    if area is not None:
        values["area"] = area
    return Text(code=f"robustness.growth_{pattern}", values={**values})


def _grown(instance: Instance, name: str, inside: BoolArray) -> Instance:
    weights = dict(instance.demand.weights)
    weights[name] = weights[name] * np.where(inside, 1.0 + GROWTH, 1.0)
    return replace(instance, demand=replace(instance.demand, weights=weights))


def _highest(weight: FloatArray, score: FloatArray) -> BoolArray:
    """Return the quarter of the weighty points with the highest score."""
    limit = np.quantile(score[weight > 0], 1.0 - _SHARE)
    highest: BoolArray = (weight > 0) & (score >= limit)
    return highest


def _dense(instance: Instance, weight: FloatArray) -> BoolArray | None:
    if not weight.any():
        return None
    area_m2 = instance.demand.built_up_area_m2
    known = area_m2 > 0
    density = np.divide(weight, area_m2, out=np.zeros(len(weight)), where=known)
    return _highest(weight, density if known.any() else weight)


def _edge(instance: Instance, weight: FloatArray) -> BoolArray | None:
    demand = instance.demand
    planar = demand.lat is None or demand.lon is None
    first, second = (demand.x_m, demand.y_m) if planar else (demand.lat, demand.lon)
    if first is None or second is None or not weight.any():
        return None
    places = Positions(first, second, planar)
    total = float(weight.sum())
    centre = Positions(
        np.array([weight @ first / total]), np.array([weight @ second / total]), planar
    )
    return _highest(weight, places.distances_m(centre)[:, 0])


def _first_area(instance: Instance) -> Iterator[tuple[str, BoolArray]]:
    for area in instance.request.areas:
        inside = members_by_area(instance, area.level).get(area.id)
        if inside is not None and not inside.all():
            yield area.id, inside
            return
