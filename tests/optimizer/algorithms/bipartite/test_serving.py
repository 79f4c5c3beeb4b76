"""Flows against the linear program of the same question."""

import numpy as np
import pytest
from scipy.optimize import linprog

from optimizer.algorithms.bipartite import serve


def drawn(seed: int):
    rng = np.random.default_rng(seed)
    n, g, k = rng.integers(1, 7), rng.integers(1, 9), rng.integers(1, 4)
    stock = rng.choice([0.0, 5.0, 20.0], size=(n, k)) * rng.random((n, k))
    need = rng.choice([0.0, 4.0, 12.0], size=(g, k)) * rng.random((g, k))
    reach = rng.random((n, g)) < 0.5
    handling = rng.choice([3.0, 1e18], size=n)
    return stock, need, reach, handling, rng.choice([0.1, 1.0], size=k)


def least_unmet(stock, need, reach, handling, volume) -> float:
    n, g, k = stock.shape[0], *need.shape
    flows = [(a, b, c) for a in range(n) for b in range(g) for c in range(k) if reach[a, b]]
    if not flows:
        return float(need.sum())
    rows, limits = [], []
    for a in range(n):
        rows.append([volume[f[2]] * (f[0] == a) for f in flows])
        limits.append(handling[a])
        for c in range(k):
            rows.append([float(f[0] == a and f[2] == c) for f in flows])
            limits.append(stock[a, c])
    for b in range(g):
        for c in range(k):
            rows.append([float(f[1] == b and f[2] == c) for f in flows])
            limits.append(need[b, c])
    done = linprog(-np.ones(len(flows)), A_ub=np.array(rows), b_ub=limits)
    return float(need.sum() + done.fun)


@pytest.mark.parametrize("seed", range(60))
def test_a_proven_answer_is_the_best_and_any_answer_can_be_carried_out(seed: int) -> None:
    stock, need, reach, handling, volume = drawn(seed)
    (n, k), g = stock.shape, len(need)
    flow = np.zeros((n, g, k))
    in_set, near = np.zeros((g, k), dtype=np.uint8), np.zeros((n, k), dtype=np.uint8)
    unmet = np.zeros(k)
    orders = np.arange(n), np.arange(k)
    proven = serve(stock, need, reach, handling, volume, *orders, flow, in_set, near, unmet)
    best = least_unmet(stock, need, reach, handling, volume)
    assert (flow >= -1e-9).all()
    assert (flow[~reach] == 0.0).all()
    assert (flow.sum(axis=1) <= stock + 1e-9).all()
    assert (flow.sum(axis=0) <= need + 1e-9).all()
    assert (flow.sum(axis=1) @ volume <= handling + 1e-6).all()
    assert unmet.sum() == pytest.approx(need.sum() - flow.sum())
    assert unmet.sum() >= best - 1e-6
    if proven:
        assert unmet.sum() == pytest.approx(best, abs=1e-6)
        cut = (need * in_set).sum() - (stock * near).sum()
        assert cut == pytest.approx(best, abs=1e-6)


def test_most_answers_are_proven_where_handling_does_not_bind() -> None:
    for seed in range(20):
        stock, need, reach, _, volume = drawn(seed)
        (n, k), g = stock.shape, len(need)
        endless = np.full(n, 1e18)
        spare = (np.zeros((n, g, k)), np.zeros((g, k), np.uint8), np.zeros((n, k), np.uint8))
        proven = serve(
            stock, need, reach, endless, volume, np.arange(n), np.arange(k), *spare, np.zeros(k)
        )
        assert proven
