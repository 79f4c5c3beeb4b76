"""Cover and P90 as response times scatter: by hand, by engine and verifier, and altered claims."""

import json
import math
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest

from models.fire_stations import FireStationPlan
from optimizer.fire_stations.figures import probable_p90_s
from optimizer.fire_stations.verify import figures
from optimizer.fire_stations.verify.scatter import scattered_p90_s
from tests.optimizer.fire_stations.town import broken, plan_of, request_of

STATIONS = ("A:city", "B:small", "C:city")
SCATTERED = request_of(time_sigma=0.3)


def test_probable_cover_weighs_every_point_by_its_chance() -> None:
    total = figures(SCATTERED, plan_of(*STATIONS).stations).groups[0]
    normal = NormalDist()
    within_s = SCATTERED.standard.within_s if not isinstance(SCATTERED.standard, str) else 300.0

    def chance(limit_s: float) -> float:
        # In order: 140 s for 100 of 1000, 160 for 300, 210 for 50, 260 for 250, 310 for 300.
        times = {140: 100, 160: 300, 210: 50, 260: 250, 310: 300}
        return sum(
            people * normal.cdf(math.log(limit_s / time_s) / 0.3)
            for time_s, people in times.items()
        )

    assert total.probable[1].covered == pytest.approx(chance(within_s))
    assert total.probable_p90_s is not None
    assert chance(total.probable_p90_s) == pytest.approx(900)


@pytest.mark.parametrize("sigma", [1e-6, 0.01, 0.35, 5.0])
@pytest.mark.parametrize(
    "medians_s",
    [
        [100.0],
        [0.0, 0.0, 300.0],
        [60.0] * 9 + [3000.0],  # nine of ten near: 90 % over a stretch of times
        [30.0, 31.0, 500.0, 3600.0, 3601.0],
        np.random.default_rng(1).lognormal(5, 1, 3000).tolist(),
    ],
)
def test_engine_and_verifier_find_the_same_probable_p90_by_their_own_ways(
    medians_s: list[float], sigma: float
) -> None:
    times, weight = np.array(medians_s), np.linspace(1, 2, len(medians_s))
    if len(medians_s) == 10:
        weight = np.ones(10)
    theirs = scattered_p90_s(times, weight, sigma)
    ours = probable_p90_s(times, weight, sigma)
    assert theirs is not None
    assert ours == pytest.approx(theirs, rel=1e-7, abs=1e-9)
    if theirs > 0:
        served = [
            people * NormalDist().cdf(math.log(theirs / one) / sigma) if one else people
            for one, people in zip(medians_s, weight.tolist(), strict=True)
        ]
        assert sum(served) / weight.sum() == pytest.approx(0.9, abs=1e-6)


def test_without_a_scatter_no_probable_cover_is_claimed() -> None:
    total = figures(request_of(), plan_of(*STATIONS).stations).groups[0]
    assert (total.probable, total.probable_p90_s) == ((), None)


@pytest.mark.parametrize(
    ("kind", "place", "path", "value"),
    [
        ("probable", "probable.1.covered", "probable[residents].covered", 999),
        ("probable", "probable", "probable[chemical].total", []),
        ("probable_p90", "probable_p90_s", "probable_p90_s", 300),
        ("probable_p90", "probable_p90_s", "probable_p90_s", None),
    ],
)
def test_an_altered_probable_figure_fails_its_own_check_alone(
    kind: str, place: str, path: str, value: Any
) -> None:
    plan = plan_of(*STATIONS, after=figures(SCATTERED, plan_of(*STATIONS).stations))
    assert broken(SCATTERED, plan) == set()
    altered = json.loads(plan.model_dump_json())
    at = altered["after"]["groups"][1]
    *above, last = [int(name) if name.isdecimal() else name for name in place.split(".")]
    for name in above:
        at = at[name]
    at[last] = value
    assert broken(SCATTERED, FireStationPlan.model_validate(altered)) == {
        (f"figure.after.{kind}", f"plan.after.groups[1].{path}")
    }
