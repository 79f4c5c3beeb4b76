"""Branching on pairs of places, against all covers of small instances whose relaxation is loose."""

from itertools import combinations

import numpy as np
import pytest
from scipy.sparse import csr_array

from models.run import RunLimits
from optimizer.algorithms.covers import half_cuts
from optimizer.algorithms.siting.choice import BoolArray, FloatArray
from optimizer.algorithms.siting.pair_tree import PairTree
from optimizer.backends.highs import LpSession
from optimizer.control import RunControl
from optimizer.linear import Builder


def steiner() -> BoolArray:
    """Return the triples of the plane of nine points: 5 points meet all 12 lines."""
    lines = [(0, 1, 2), (3, 4, 5), (6, 7, 8), (0, 3, 6), (1, 4, 7), (2, 5, 8)]
    lines += [(0, 4, 8), (1, 5, 6), (2, 3, 7), (0, 5, 7), (1, 3, 8), (2, 4, 6)]
    reaches = np.zeros((12, 9), dtype=np.bool_)
    for row, line in enumerate(lines):
        reaches[row, list(line)] = True
    return reaches


def drawn(seed: int) -> BoolArray:
    rng = np.random.default_rng(seed)
    reaches = np.zeros((24, 14), dtype=np.bool_)
    for row in reaches:
        row[rng.choice(14, 3, replace=False)] = True
    return reaches


def fewest(reaches: BoolArray) -> int:
    for size in range(reaches.shape[1]):
        for some in combinations(range(reaches.shape[1]), size):
            if reaches[:, some].any(axis=1).all():
                return size
    raise AssertionError


def tree(reaches: BoolArray, incumbent: float, *, cutting: bool) -> PairTree:
    builder = Builder("min")
    builder.add_columns("open", np.ones(reaches.shape[1]), upper=1.0, integer=True)
    rows = csr_array(reaches.astype(np.float64))
    builder.add_rows("reach", {"open": rows}, lower=1.0, upper=np.inf)

    def judge(values: FloatArray) -> float:
        assert reaches[:, values > 0.5].any(axis=1).all()
        return float((values > 0.5).sum())

    def cutter(values: FloatArray) -> tuple[csr_array, FloatArray] | None:
        cuts, least = half_cuts(reaches, values, most=10)
        return (cuts, least) if cutting and len(least) else None

    session = LpSession(builder.build(), RunLimits())
    return PairTree(
        session, reaches, incumbent=incumbent, slack=1.0 - 1e-6, judge=judge, cutter=cutter
    )


@pytest.mark.parametrize("cutting", [False, True])
def test_the_fewest_points_are_found_and_proved(cutting: bool) -> None:
    for reaches in (steiner(), *(drawn(seed) for seed in range(4))):
        best = fewest(reaches)
        searched = tree(reaches, 14.0, cutting=cutting)
        proof = searched.prove(RunControl(RunLimits()))
        assert proof.finished
        assert proof.bound == pytest.approx(best - 1.0, abs=1e-5)  # what beats the best by one


def test_a_search_for_enough_ends_with_a_true_bound() -> None:
    reaches = drawn(1)
    searched = tree(reaches, 14.0, cutting=False)
    searched.enough = float(fewest(reaches) + 1)
    proof = searched.prove(RunControl(RunLimits()))
    assert proof.bound <= fewest(reaches) + 1e-6
