"""Which demand no open station reaches in time, and why."""

from typing import Literal

import numpy as np
from scipy.sparse import coo_array, csr_array, vstack

from models.fire_stations.explanation import UncoveredGroup
from optimizer.control import RunControl
from optimizer.coverage import TOLERANCE_S, row_blocks
from optimizer.demand import FloatArray
from optimizer.fire_stations.explain.question import Asked
from optimizer.fire_stations.instance import Instance
from optimizer.fire_stations.options import BoolArray
from optimizer.fire_stations.unruled import taken, with_idle_options

_MOST_IDS = 2_000
_FIRST_ARRIVAL = frozenset({"cover", "expected_cover", "probabilistic_cover", "worst_area"})
_EPSILON = 1e-9
Reason = Literal["too_far", "not_allowed", "lost_to_others"]


def uncovered(asked: Asked, control: RunControl) -> tuple[tuple[UncoveredGroup, ...], bool]:
    """Return the uncovered demand by reason, and whether time allowed to know.

    Of the first scenario, heaviest points first.

    Weight and time limit are the first objective's where it is about first arrivals, else the
    standard's and the first weight an objective names. Points of weight 0 are left out.
    """
    objectives = asked.solution.instance.request.objectives
    named = [one.weight for one in objectives if hasattr(one, "weight")]
    weight = asked.instance.weight(named[0] if named else asked.instance.request.population_weight)
    within_s = asked.instance.standard.within_s
    if objectives[0].kind in _FIRST_ARRIVAL:
        within_s = getattr(objectives[0], "within_s", None) or within_s
    missed = asked.solution.arrivals.first_s[0] > within_s + TOLERANCE_S
    missed &= weight > 0
    reached = _reachable(asked, within_s, control)
    if reached is None:
        return (), False
    at_all, allowed = reached
    groups: dict[Reason, BoolArray] = {
        "too_far": missed & ~at_all,
        "not_allowed": missed & at_all & ~allowed,
        "lost_to_others": missed & allowed,
    }
    found = []
    for reason, inside in groups.items():
        points = np.flatnonzero(inside)
        if len(points):
            heaviest = points[np.argsort(-weight[points], kind="stable")][:_MOST_IDS]
            group = UncoveredGroup(
                reason=reason,
                weight=float(weight[points].sum()),
                point_count=len(points),
                point_ids=tuple(asked.instance.demand.ids[heaviest].tolist()),
            )
            found.append(group)
    return tuple(found), True


def _reachable(
    asked: Asked, within_s: float, control: RunControl
) -> tuple[BoolArray, BoolArray] | None:
    """Return who any site reaches in time, and who some site that no rule forbids (demand,)."""
    instance = asked.instance
    free = with_idle_options(instance)
    possible = taken(instance, ~instance.excluded & ~ruled_out(asked), free)
    open_posts = (free.posts.options @ possible.astype(np.float64)) > 0
    at_all = np.zeros(len(free.demand), dtype=np.bool_)
    allowed = at_all.copy()
    for rows in row_blocks(len(free.demand), len(free.posts)):
        if control.stop is not None:
            return None
        in_time = free.response_s(0, rows) <= within_s + TOLERANCE_S
        at_all[rows] = in_time.any(axis=1)
        allowed[rows] = in_time[:, open_posts].any(axis=1)
    return at_all, allowed


def ruled_out(asked: Asked) -> BoolArray:
    """Return the options (option,) that no plan can have beside the stations that must stay.

    An option is out where one rule's row breaks with it however the free options are chosen:
    a new station too near to one that stays, dearer than the budget, of a class not asked for.
    """
    instance = asked.instance
    rules = [rule for rule in asked.formulation.rules if rule.terms.keys() == {"option"}]
    if not rules:
        return np.zeros(len(instance.options), dtype=np.bool_)
    matrix = csr_array(vstack([rule.terms["option"] for rule in rules]))
    upper = np.concatenate([rule.upper for rule in rules])
    lower = np.concatenate([rule.lower for rule in rules])
    return _breaks(instance, matrix, upper) | _breaks(instance, csr_array(-matrix), -lower)


def _breaks(instance: Instance, matrix: csr_array, limit: FloatArray) -> BoolArray:
    """Return the options whose presence takes some row above ``limit`` whatever else is taken."""
    least = csr_array(matrix.minimum(0.0))
    free = ~instance.forced & ~instance.excluded
    base = matrix @ instance.forced.astype(np.float64) + least @ free.astype(np.float64)
    room = limit - base + _EPSILON * np.maximum(1.0, np.abs(limit))
    rise = coo_array(matrix - least)  # a free option's negative coefficients are in the base
    row, option = rise.coords
    broken = np.zeros(matrix.shape[1], dtype=np.bool_)
    broken[option[rise.data > room[row]]] = True
    return broken & ~instance.forced
