from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instances.catalog import available, load
from models.fire_stations import FireStationRequest
from models.run import RunLimits, Status
from models.travel import ByMatrix
from optimizer.algorithms.siting.reductions import Cover, count_cover, reduce_cover
from optimizer.algorithms.siting.set_cover import set_cover
from optimizer.control import RunControl


def control() -> RunControl:
    return RunControl(RunLimits(time_limit_s=30.0))


def drawn(seed: int, *, places: int = 12, sites: int = 10, whole: bool = True) -> Cover:
    rng = np.random.default_rng(seed)
    cost = rng.integers(0, 9, sites).astype(np.float64)
    return Cover(rng.random((places, sites)) < 0.3, cost if whole else cost / 7.0)


def by_enumeration(cover: Cover) -> float:
    picks = (np.flatnonzero(bits) for bits in product((0, 1), repeat=len(cover.cost)))
    return min(count_cover(cover, pick) for pick in picks)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 100_000), st.booleans())
def test_no_cover_is_cheaper(seed: int, whole: bool) -> None:
    cover = drawn(seed, whole=whole)
    found, best = set_cover(cover, control()), by_enumeration(cover)
    if best == float("inf"):
        assert found.status is Status.INFEASIBLE
        return
    assert found.status is Status.OPTIMAL
    assert found.objective == pytest.approx(best, abs=1e-9)
    assert count_cover(cover, np.array(found.chosen, dtype=np.intp)) == pytest.approx(best)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 100_000))
def test_reductions_keep_the_cheapest_cover(seed: int) -> None:
    cover = drawn(seed)
    best = by_enumeration(cover)
    if best == float("inf"):
        return
    left = reduce_cover(cover)
    rest = Cover(cover.reaches[np.ix_(left.places, left.sites)], cover.cost[left.sites])
    assert cover.cost[left.taken].sum() + by_enumeration(rest) == best


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 100_000), st.integers(0, 5))
def test_whether_so_few_sites_suffice_is_decided_rightly(seed: int, enough: int) -> None:
    cover = drawn(seed)
    unit = Cover(cover.reaches, np.ones(len(cover.cost)))
    best = by_enumeration(unit)
    found = set_cover(unit, control(), enough=float(enough))
    if best == float("inf"):
        assert found.status is Status.INFEASIBLE
        return
    assert found.objective is not None
    assert found.bound is not None
    assert found.bound <= best <= found.objective
    assert (found.objective <= enough) == (best <= enough)
    assert found.objective <= enough or found.bound > enough


@pytest.mark.parametrize("name", ["scp41", "scp52"])
def test_published_covers_are_reproduced_and_proved(name: str) -> None:
    if name not in available():
        pytest.skip("no published set coverings; set MUSTER_DATA to the folder of published data")
    request, known = load(name)
    found = set_cover(as_cover(request), control())
    assert (found.status, found.objective) == (Status.OPTIMAL, known.value)


def as_cover(request: FireStationRequest) -> Cover:
    assert isinstance(request.travel, ByMatrix)
    times = request.travel.scenarios[0].travel_time_s
    reaches = np.array([[one is not None for one in row] for row in times])
    return Cover(reaches, np.array([site.land_cost for site in request.sites], dtype=np.float64))


@pytest.mark.parametrize("nodes", [0, 100_000])
def test_a_search_in_depth_and_programs_decide_alike(
    nodes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("optimizer.algorithms.siting.set_cover._NODES", nodes)
    points = np.random.default_rng(4).random((120, 2))
    away = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    decided = {}
    for radius in (0.16, 0.18, 0.2, 0.22):
        cover = Cover(away <= radius, np.ones(120))
        best = set_cover(cover, control()).objective
        assert best is not None
        for enough in (best - 1.0, best):
            found = set_cover(cover, control(), enough=enough)
            assert found.objective is not None
            assert found.bound is not None
            decided[radius, enough - best] = found.objective <= enough or found.bound <= enough
    assert decided == {(r, d): d == 0.0 for r in (0.16, 0.18, 0.2, 0.22) for d in (-1.0, 0.0)}
