"""Sites for many cases: a bound that holds, and plans that keep every rule on the spread."""

from itertools import product

import numpy as np
import pytest
from scipy.optimize import linprog

from models.run import RunLimits
from optimizer.algorithms.cases.dual import dual_bound
from optimizer.algorithms.cases.instance import BoolArray, CaseArrays, FloatArray, Manner
from optimizer.algorithms.cases.search import SiteSearch
from optimizer.control import RunControl
from tests.optimizer.algorithms.cases.drawn import CASES, SITES, SPREAD, drawn


def loose_value(arrays: CaseArrays, opened: BoolArray) -> float:
    """Return what open sites are worth if people go where they like, by a linear program."""
    arcs, parties = len(arrays.site), len(arrays.people)
    each = np.zeros((parties, arcs + parties))
    each[arrays.party, np.arange(arcs)] = 1.0
    each[np.arange(parties), arcs + np.arange(parties)] = 1.0
    room = np.zeros((CASES * SITES, arcs + parties))
    room[arrays.place, np.arange(arcs)] = arrays.space
    found = linprog(
        np.concatenate([arrays.cost, arrays.unplaced]),
        A_ub=room,
        b_ub=(arrays.area * opened).ravel(),
        A_eq=each,
        b_eq=arrays.people,
    )
    return float(found.fun + arrays.opening[opened].sum())


def assert_kept(arrays: CaseArrays, manner: Manner, opened: BoolArray, placed: FloatArray) -> None:
    """Fail where a plan breaks a rule; written from the rules alone."""
    went = np.bincount(arrays.party, placed, len(arrays.people))
    fill = np.bincount(arrays.place, placed, arrays.area.size).reshape(arrays.area.shape)
    assert (placed >= -1e-9).all()
    assert (went <= arrays.people + 1e-6).all()
    assert (fill <= arrays.area * opened + 1e-6).all()
    share = fill / arrays.area
    for case, kind in product(range(CASES), range(manner.kinds)):
        used = share[case][(manner.kind == kind) & (fill[case] > 1e-6)]
        assert used.min(initial=1.0) >= manner.least_fill - 1e-6
        assert np.ptp(used) <= (manner.balance or 0.0) + 1e-6 if len(used) else True
    for a in np.flatnonzero(placed > 1e-6).tolist():
        for b in range(arrays.arc_start[arrays.party[a]], arrays.arc_start[arrays.party[a] + 1]):
            room = arrays.area[arrays.case[b], arrays.site[b]] - fill.ravel()[arrays.place[b]]
            if opened[arrays.site[b]] and room > 1.0 + 1e-6:
                assert arrays.walk[a] <= (1.0 + (manner.detour or 0.0)) * arrays.walk[b] + 1e-6


def relaxed_value(arrays: CaseArrays) -> float:
    """Return the worth of the linear relaxation, sites in part, with a link for every arc."""
    arcs, parties = len(arrays.site), len(arrays.people)
    every, width = np.arange(arcs), arcs + parties + SITES
    each = np.zeros((parties, width))
    each[arrays.party, every] = 1.0
    each[np.arange(parties), arcs + np.arange(parties)] = 1.0
    room = np.zeros((CASES * SITES, width))
    room[arrays.place, every] = arrays.space
    place = np.arange(CASES * SITES)
    room[place, arcs + parties + place % SITES] = -arrays.area.ravel()
    links = np.zeros((arcs, width))
    links[every, every] = 1.0
    links[every, arcs + parties + arrays.site] = -arrays.people[arrays.party]
    money = np.zeros((1, width))
    money[0, arcs + parties :] = arrays.rows[0]
    limits = [(0.0, None)] * (arcs + parties) + [(float(one), 1.0) for one in arrays.forced]
    found = linprog(
        np.concatenate([arrays.cost, arrays.unplaced, arrays.opening]),
        A_ub=np.vstack([room, links, money]),
        b_ub=np.concatenate([np.zeros(len(place) + arcs), arrays.upper]),
        A_eq=each,
        b_eq=arrays.people,
        bounds=limits,
    )
    assert found.fun is not None
    return float(found.fun)


@pytest.mark.parametrize("seed", range(4))
def test_the_bound_is_near_the_relaxation_and_never_above_it(seed: int) -> None:
    arrays = drawn(seed)
    best = min(
        loose_value(arrays, np.array(opened))
        for opened in product([False, True], repeat=SITES)
        if opened[0] and arrays.broken(np.array(opened)) == 0.0
    )
    bound = dual_bound(arrays, best, RunControl(RunLimits())).value
    relaxed = relaxed_value(arrays)
    assert relaxed <= best + 1e-6
    assert 0.97 * relaxed <= bound <= relaxed + 1e-6


@pytest.mark.parametrize("seed", range(4))
def test_a_search_ends_at_a_plan_that_keeps_every_rule(seed: int) -> None:
    arrays = drawn(seed)
    search = SiteSearch(arrays, SPREAD, np.array([[1, 2], [0, 2], [1, 3], [2, 4], [3, 2]]))
    first = search.first(np.full(SITES, 0.5))
    opened = search.improve(first, RunControl(RunLimits()))
    assert opened[0]
    assert arrays.broken(opened) == 0.0
    placed = search.placed(opened)
    assert_kept(arrays, SPREAD, opened, placed)
    value = search.value(opened)
    assert value >= loose_value(arrays, opened) - 1e-6
    assert value <= search.value(first) + 1e-6
