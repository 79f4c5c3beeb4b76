"""Compile what the search for covers uses before its clock runs."""

from functools import cache

import numpy as np

from optimizer.algorithms.covers.containing import greatest, least
from optimizer.algorithms.covers.deciding import few_enough
from optimizer.algorithms.covers.halves import half_cuts
from optimizer.algorithms.covers.hybrid import climb_cover, nearest_capped
from optimizer.algorithms.covers.weighing import lighter_cover
from optimizer.control import RunControl


def prepare(control: RunControl) -> None:
    """Compile, once for each installation: that time is none of the run's."""
    control.ready(_compile)


@cache
def _compile() -> None:
    reaches = ~np.eye(3, dtype=np.bool_)
    greatest(reaches, np.ones(3))
    least(reaches)
    lighter_cover(reaches, np.ones(3), np.arange(3), lambda: False, steps=1, seed=0)
    half_cuts(reaches, np.full(3, 0.5), most=1)
    start, site, one = np.arange(3, dtype=np.int32), np.arange(2, dtype=np.int32), np.ones(2)
    share, sums = nearest_capped(one, 1), np.zeros(4)
    climb_cover(start, site, one, one, 1.0, one.copy(), share, one.copy(), sums, 1, 1)
    few_enough(reaches, 1, np.full(3, 0.5), lambda: False, nodes=100)
