"""What a clock ended, a replay without a clock ends at the same step: the same sites come of it."""

from collections.abc import Callable

import numpy as np
import pytest

from models.run import RunLimits, Status
from optimizer.algorithms.siting.center import p_center
from optimizer.algorithms.siting.covering import maximal_cover
from optimizer.algorithms.siting.front import front
from optimizer.algorithms.siting.instance import Found, LocationInstance, PlaneDistance
from optimizer.algorithms.siting.median import p_median
from optimizer.algorithms.siting.reductions import Cover
from optimizer.algorithms.siting.set_cover import set_cover
from optimizer.control import RunControl
from optimizer.journal import Journal
from tests.interrupting import Interrupting

Solve = Callable[[RunControl], tuple[int, ...]]


def _instance() -> LocationInstance:
    rng = np.random.default_rng(4)
    points = rng.integers(0, 1000, (90, 2)).astype(np.float64)
    weight = rng.integers(1, 50, 90).astype(np.float64)
    return LocationInstance(PlaneDistance(points, points), weight, 6, 150.0, cost=weight)


def _chosen(found: Found) -> tuple[int, ...]:
    return (*found.chosen, int(found.status is Status.OPTIMAL))


def _covered(control: RunControl) -> tuple[int, ...]:
    instance = _instance()
    reaches = instance.distance.part(slice(None), slice(None)) <= 150.0
    return _chosen(set_cover(Cover(reaches, instance.weight), control))


def _traced(control: RunControl) -> tuple[int, ...]:
    found = front(_instance(), "cover-cost", control, points=3)
    return tuple(site for point in found.points for site in point.chosen)


SEARCHES: dict[str, Solve] = {
    "cover": lambda control: _chosen(maximal_cover(_instance(), control)),
    "median": lambda control: _chosen(p_median(_instance(), control)),
    "center": lambda control: _chosen(p_center(_instance(), control)),
    "set cover": _covered,
    "front": _traced,
}


@pytest.mark.parametrize("share", [0.02, 0.3])
@pytest.mark.parametrize("name", SEARCHES)
def test_a_replay_ends_where_the_run_was_ended(name: str, share: float) -> None:
    limits = RunLimits(time_limit_s=600.0)
    run = RunControl(limits, cancel=Interrupting(1, share))
    found = SEARCHES[name](run)
    ended = tuple(run.journal.ended)
    again = RunControl(limits, journal=Journal(repeating=ended))
    assert SEARCHES[name](again) == found
