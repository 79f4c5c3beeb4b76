"""What is kept beside the datasets, and what becomes of it when it is damaged, foreign or old."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from instances.examples import example
from models.fire_stations import FireStationAnswer, FireStationRequest
from models.fire_stations.objectives import Cost
from models.run import LevelReport, RunLimits, Status
from optimizer import Extras, solve
from optimizer.cache import Cache, name_of
from optimizer.control import RunControl
from optimizer.datasets import Store
from optimizer.fire_stations.formulation.sets import Within
from optimizer.fire_stations.instance import Instance
from optimizer.fire_stations.known import Known
from tests.optimizer.fire_stations.test_tighten import SEEDS, loose_city

ONE = {"one": np.arange(1000.0)}


def cache_in(folder: Path, limit_bytes: int = 10**6) -> Cache:
    return Cache(folder, limit_bytes)


def test_what_is_kept_comes_back(tmp_path: Path) -> None:
    cache, name = cache_in(tmp_path), name_of("a", "b", np.arange(3))
    assert cache.load(name) is None
    cache.keep(name, ONE)
    found = cache.load(name)
    assert found is not None
    assert found["one"].tolist() == ONE["one"].tolist()
    assert name != name_of("a", "b", np.arange(3.0))
    assert name_of("a", "b", "c") != name_of("a", "bc", "")


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:200])


def _turned(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def _foreign(path: Path) -> None:
    other = Cache(path.parent, 10**6)
    other.keep(name_of("other"), {"one": np.zeros(1000)})
    (path.parent / f"{name_of('other')}.npz").replace(path)


@pytest.mark.parametrize("harm", [_cut, _turned, _foreign])
def test_what_is_damaged_or_foreign_is_as_good_as_none(
    tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    cache, name = cache_in(tmp_path), name_of("one")
    cache.keep(name, ONE)
    harm(tmp_path / f"{name}.npz")
    assert cache.load(name) is None
    cache.keep(name, ONE)
    assert cache.load(name) is not None


def test_what_was_not_used_for_longest_goes_first(tmp_path: Path) -> None:
    cache = cache_in(tmp_path, 30_000)
    names = [name_of("entry", str(n)) for n in range(3)]
    for age, name in enumerate(names):
        cache.keep(name, ONE)
        os.utime(tmp_path / f"{name}.npz", (1000.0 + age, 1000.0))
    assert cache.load(names[0]) is not None
    cache.keep(name_of("more"), ONE)
    assert [cache.load(name) is not None for name in names] == [True, False, True]
    cache.keep(name_of("large"), {"one": np.zeros(3000)})
    assert cache.load(name_of("large")) is None
    assert cache.size_bytes <= cache.limit_bytes


def _solved(
    request: FireStationRequest, store: Store, start: FireStationAnswer | None = None
) -> FireStationAnswer:
    plan = None if start is None else start.plan
    control = RunControl(RunLimits())
    return solve(request, control, start=plan, store=store, extras=Extras(explain=False))


def test_a_bound_of_the_same_level_ends_it_and_of_another_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, proven = Store(tmp_path), []
    keep = Known.keep

    def noted(known: Known, earlier: tuple[LevelReport, ...], bound: float) -> None:
        proven.append(len(earlier))
        keep(known, earlier, bound)

    monkeypatch.setattr(Known, "keep", noted)
    request = loose_city(SEEDS[0]).instance.request
    first = _solved(request, store)
    assert first.run.status is Status.OPTIMAL
    assert proven == [0]
    again = _solved(request, store, first)
    assert proven == [0]
    assert again.run.levels[0].bound == first.run.levels[0].bound
    one_more = {"objectives": (*request.objectives, Cost())}
    later = request.model_copy(update=one_more)
    answer = _solved(later, store, first)
    assert proven == [0, 1]
    alone = _solved(later, store.uncached, first)
    assert [one.objective for one in answer.run.levels] == [
        one.objective for one in alone.run.levels
    ]
    poorer = request.rules.model_copy(update={"capital_budget": 109})
    _solved(request.model_copy(update={"rules": poorer}), store, first)
    assert proven == [0, 1, 0]


def test_cover_sets_are_counted_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("optimizer.fire_stations.instance._MANY_POINTS", 0)
    request, store = example("minimal"), Store(tmp_path)
    counted = [Within.of(Instance.from_request(request, store), 300.0)]
    monkeypatch.setattr("optimizer.fire_stations.formulation.sets.cover_sets", None)
    counted.append(Within.of(Instance.from_request(request, store), 300.0))
    for part in ("sets", "group", "always", "never"):
        assert np.array_equal(getattr(counted[0], part), getattr(counted[1], part))
    with pytest.raises(TypeError):  # counted afresh
        Within.of(Instance.from_request(request, store), 301.0)


def test_what_a_run_without_a_start_finds_hangs_on_no_cache(tmp_path: Path) -> None:
    store = Store(tmp_path)
    request = loose_city(SEEDS[1]).instance.request
    found = [_solved(request, one) for one in (store, store, replace(store, cache_bytes=0))]
    plans = [one.plan.model_dump_json(exclude={"staffing", "staging"}) for one in found if one.plan]
    assert len(set(plans)) == 1
