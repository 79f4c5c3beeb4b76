"""Compile what the search for medians uses before its clock runs."""

from functools import cache

import numpy as np

from optimizer.algorithms.medians.climbing import Climb, climb, narrow
from optimizer.algorithms.medians.exchanging import exchange
from optimizer.algorithms.medians.levelling import cut_rows, levels
from optimizer.control import RunControl


def prepare(control: RunControl) -> None:
    """Compile, once for each installation: that time is none of the run's."""
    control.ready(_compile)


@cache
def _compile() -> None:
    start, number = np.arange(3), np.arange(2)
    short, cost, cap = number.astype(np.int32), np.zeros(2), np.ones(2)
    none = np.zeros((0, 0), dtype=np.bool_)
    exchange(start, number, cost, cap, np.zeros(1, dtype=np.int64), none, 0.0, 1)
    narrow(start, number, cost, short, cap)
    levels(start, number, cost, cap, cap)
    cut_rows(start, number, cost, number, cap, 2)
    sets = np.zeros(1, dtype=np.int64), np.zeros(0, dtype=np.int32)
    pairs = Climb(start, short, cost, start, number, cost, *sets, cap)
    state = np.array([-np.inf, 1.0, 0.0])
    climb(
        pairs, cap.copy(), cap.copy(), cost.copy(), cost.copy(), 1, state, 1.0, 2.0, 0.0, 0.1, 9, 1
    )
