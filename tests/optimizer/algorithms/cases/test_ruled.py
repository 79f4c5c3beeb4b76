"""The bound that knows the rules on the spread: below every plan, above the one that is blind."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from models.run import RunLimits
from optimizer.algorithms.cases.cells import Cells, ranges
from optimizer.algorithms.cases.climbing import RuledClimb
from optimizer.algorithms.cases.dual import dual_bound
from optimizer.algorithms.cases.instance import CaseArrays, FloatArray, IndexArray, Manner
from optimizer.algorithms.cases.ruled import Multipliers, Ruled
from optimizer.control import RunControl
from tests.optimizer.algorithms.cases.drawn import CASES, SITES, SPREAD, drawn

MANNERS = [
    pytest.param(SPREAD, id="all"),
    pytest.param(replace(SPREAD, balance=None), id="no balance"),
    pytest.param(replace(SPREAD, detour=None), id="no closest assignment"),
    pytest.param(Manner(kind=SPREAD.kind, detour=0.0, balance=0.2), id="tight"),
]


def best_value(arrays: CaseArrays, manner: Manner) -> float:
    """Return the worth of the best plan under the rules, by one program written from them."""
    arcs, parties, places = len(arrays.site), len(arrays.people), CASES * SITES
    kinds = CASES * manner.kinds
    at = np.cumsum([0, SITES, places, places, arcs, parties, kinds, kinds])
    opened, used, full, go, left, top, low, width = at.tolist()
    rows: list[tuple[FloatArray, float, float]] = []

    def row(terms: dict[int, float], lower: float, upper: float) -> None:
        line = np.zeros(width)
        for column, value in terms.items():
            line[column] += value
        rows.append((line, lower, upper))

    for p in range(parties):
        mine = np.flatnonzero(arrays.party == p).tolist()
        row({**{go + a: 1.0 for a in mine}, left + p: 1.0}, arrays.people[p], arrays.people[p])
        for a, b in product(mine, mine):
            if manner.detour is not None and (
                arrays.walk[b] > (1.0 + manner.detour) * arrays.walk[a] + 1e-9
            ):
                n, k = float(arrays.people[p]), int(arrays.place[a])
                row({go + b: 1.0, opened + k % SITES: n, full + k: -n}, -np.inf, n)
    for k in range(places):
        space = {go + a: 1.0 for a in np.flatnonzero(arrays.place == k).tolist()}
        area, j = float(arrays.area.flat[k]), k % SITES
        kind = k // SITES * manner.kinds + int(manner.kind[j])
        share = dict.fromkeys(space, 1.0 / area)
        row({**space, used + k: -area}, -np.inf, 0.0)
        row({**space, used + k: -manner.least_fill * area}, 0.0, np.inf)
        row({used + k: 1.0, opened + j: -1.0}, -np.inf, 0.0)
        row({**space, full + k: -area}, -1.0, np.inf)
        row({full + k: 1.0, opened + j: -1.0}, -np.inf, 0.0)
        row({**share, top + kind: -1.0}, -np.inf, 0.0)
        row({**share, used + k: -1.0, low + kind: -1.0}, -1.0, np.inf)
    for kind in range(kinds):
        balance = np.inf if manner.balance is None else manner.balance
        row({top + kind: 1.0, low + kind: -1.0}, -np.inf, balance)
    row({opened + j: float(arrays.rows[0, j]) for j in range(SITES)}, -np.inf, arrays.upper[0])
    lower, upper = np.zeros(width), np.ones(width)
    lower[:SITES] = arrays.forced
    upper[go:top] = np.inf
    whole = np.zeros(width)
    whole[:go] = 1.0
    cost = np.zeros(width)
    cost[:SITES], cost[go:left], cost[left:top] = arrays.opening, arrays.cost, arrays.unplaced
    matrix, least, most = (np.array(part) for part in zip(*rows, strict=True))
    found = milp(
        cost,
        constraints=LinearConstraint(matrix, least, most),
        bounds=Bounds(lower, upper),
        integrality=whole,
        options={"mip_rel_gap": 1e-9},
    )
    assert found.status == 0
    return float(found.fun)


def climbed(arrays: CaseArrays, manner: Manner, target: float) -> tuple[RuledClimb, float]:
    """Return a climb to the end, and the bound that is blind to the rules."""
    control = RunControl(RunLimits())
    blind = dual_bound(arrays, target, control)
    nobody = np.zeros(len(arrays.site))
    climb = RuledClimb(arrays, manner, blind.multiplier, nobody, target)
    climb.run(control)
    return climb, blind.value


@pytest.mark.parametrize("manner", MANNERS)
@pytest.mark.parametrize("seed", [0, 2])
def test_it_is_below_the_best_plan_and_above_the_blind_bound(manner: Manner, seed: int) -> None:
    arrays = drawn(seed)
    best = best_value(arrays, manner)
    climb, blind = climbed(arrays, manner, best)
    assert climb.value <= best + 1e-6
    assert climb.value >= blind - 1e-3 * best
    assert climb.opened[0] == pytest.approx(1.0)


def test_rules_that_cost_much_lift_it() -> None:
    arrays, tight = drawn(2), Manner(kind=SPREAD.kind, detour=0.0, balance=0.2)
    best = best_value(arrays, tight)
    climb, blind = climbed(arrays, tight, best)
    assert climb.value >= blind + 0.25 * (best - blind)


def halves(arrays: CaseArrays) -> tuple[Cells, IndexArray]:
    """Return every case in two cells, by the ranges of its first kind."""
    whole = Cells.whole(CASES, SPREAD.kinds, len(ranges(SPREAD)[0]))
    return whole.split(np.full((CASES, SPREAD.kinds), 20.0), np.full((CASES, SPREAD.kinds), 9.0))


@pytest.mark.parametrize("seed", range(4))
def test_any_multipliers_bound_every_plan_whatever_the_cells(seed: int) -> None:
    arrays, rng = drawn(seed), np.random.default_rng(seed)
    best = best_value(arrays, SPREAD)
    cells, _ = halves(arrays)
    for parts in (Cells.whole(CASES, SPREAD.kinds, len(ranges(SPREAD)[0])), cells):
        ruled = Ruled(arrays, SPREAD, parts)
        parties, arcs = len(ruled.arrays.people), len(ruled.arrays.site)
        for _ in range(20):
            at = Multipliers(
                rng.uniform(0.0, 1.0, parties) * ruled.most,
                rng.exponential(0.3, arcs) * (rng.random(arcs) < 0.3),
                rng.normal(0.5, 0.7, CASES * SITES),
            )
            assert ruled.price(at).value <= best + 1e-6


def test_finer_cells_prove_no_less_and_leave_no_range_out() -> None:
    arrays = drawn(1)
    cells, parent = halves(arrays)
    count = len(ranges(SPREAD)[0])
    assert cells.case.tolist() == parent.tolist() == [0, 0, 1, 1]
    inside = ~cells.outside(count).reshape(4, SPREAD.kinds, count)
    assert (inside[::2, 0] ^ inside[1::2, 0]).all()
    assert inside[:, 1].all()
    ruled = Ruled(arrays, SPREAD, Cells.whole(CASES, SPREAD.kinds, count))
    at = ruled.first(np.full(len(arrays.people), 0.05), np.zeros(4, dtype=np.int64))
    finer, same = ruled.divided(at, parent, cells)
    assert finer.price(same).value == pytest.approx(ruled.price(at).value)


def test_every_pair_of_fills_within_the_balance_lies_in_a_range() -> None:
    low, high = ranges(SPREAD)
    for least in np.random.default_rng(1).uniform(SPREAD.least_fill, 1.0, 200):
        assert ((low <= least) & (high >= min(1.0, least + 0.4))).any()
