"""Who serves whom: the nearest stations a plan claims, point by point."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.answer import Check
from models.datasets import DatasetReference
from models.fire_stations.plan import ScenarioAllocation
from optimizer.datasets import Store
from optimizer.demand import FloatArray
from optimizer.errors import InputError
from optimizer.fire_stations.verify.question import TIME_TOLERANCE_S, BoolArray
from optimizer.fire_stations.verify.reach import Situation
from optimizer.travel import IndexArray
from optimizer.verification import finding, named, slack

Texts = NDArray[np.object_]


_NUMBERS = frozenset({"response_time_s"})


class _UnreadableError(Exception):
    """The claimed allocation cannot be read."""


@dataclass(frozen=True)
class _Column:
    """Claimed values by point: ``points`` are rows of the demand, -1 where there is no such."""

    points: IndexArray
    values: NDArray[Any]


def allocation_claims(
    now: Situation, claimed: tuple[ScenarioAllocation, ...] | None, rule: str
) -> Iterator[Check]:
    """Yield a check of each scenario's nearest stations, and of their times where given."""
    scenario_ids = now.question.times.scenario_ids
    seen: set[str] = set()
    for k, one in enumerate(claimed or ()):
        path = f"plan.{rule}[{k}]"
        if one.scenario_id not in scenario_ids or one.scenario_id in seen:
            code = "check.allocation.scenario"
            yield finding(rule, passed=False, path=path, code=code, found=one.scenario_id)
            continue
        seen.add(one.scenario_id)
        yield from _scenario_checks(now, one, scenario_ids.index(one.scenario_id), rule, path)


def _scenario_checks(
    now: Situation, claimed: ScenarioAllocation, scenario: int, rule: str, path: str
) -> Iterator[Check]:
    ids = now.question.demand.ids
    try:
        sites = _column(claimed.nearest_site, "site_id", ids, now.question.store)
        wrong = _misallocated(now, sites, scenario)
        yield _result(rule, "check.allocation", path, wrong, ids)
        if claimed.response_time_s is not None:
            times = _column(claimed.response_time_s, "response_time_s", ids, now.question.store)
            wrong = _mistimed(now.reaches[scenario].best_s, times)
            code, path = "check.allocation.response_time", f"{path}.response_time_s"
            yield _result(f"{rule}.response_time", code, path, wrong, ids)
    except (InputError, _UnreadableError) as error:
        code = "check.allocation.unreadable"
        yield finding(rule, passed=False, path=path, code=code, found=str(error))


def _result(rule: str, code: str, path: str, wrong: BoolArray, ids: Texts) -> Check:
    """Return the check; the last entry of ``wrong`` stands for points that do not exist."""
    said = named([str(name) for name in ids[wrong[:-1]].tolist()])
    count = int(wrong.sum())
    return finding(rule, passed=not count, path=path, code=code, count=count, found=said)


def _column(
    given: dict[str, Any] | DatasetReference, name: str, ids: Texts, store: Store | None
) -> _Column:
    if isinstance(given, DatasetReference):
        return _stored_column(given.sha256, name, ids, store)
    points = np.array(list(given), dtype=object)
    return _Column(_rows(points, ids), np.array(list(given.values()), dtype=object))


def _stored_column(sha256: str, name: str, ids: Texts, store: Store | None) -> _Column:
    columns = {} if store is None else store.load(sha256)
    points, values = columns.get("point_id"), columns.get(name)
    if (
        points is None
        or values is None
        or points.ndim != 1
        or points.shape != values.shape
        or (name in _NUMBERS and values.dtype.kind not in "iuf")
    ):
        raise _UnreadableError(f"{sha256}: point_id, {name}")
    texts: Texts = points.astype(np.object_)
    return _Column(_rows(texts, ids), values)


def _rows(points: Texts, ids: Texts) -> IndexArray:
    """Return where each claimed point stands among the demand, -1 for none."""
    if len(points) == len(ids) and bool((points == ids).all()):
        return np.arange(len(ids))
    row = {str(name): i for i, name in enumerate(ids)}
    return np.array([row.get(str(name), -1) for name in points], dtype=np.intp)


def _misallocated(now: Situation, claimed: _Column, scenario: int) -> BoolArray:
    """Return the points with another station than the first to arrive, with none, or with two.

    A station as quick to the last digits is as good; at an exactly equal time the lower id is.
    """
    reach = now.reaches[scenario]
    place = {station.site_id: k for k, station in enumerate(now.stations)}
    wanted = np.append(reach.nearest, -1)
    found = np.full(len(wanted), -1, dtype=np.intp)
    codes = [place.get(name, -2) for name in claimed.values.tolist()]
    found[claimed.points] = np.array(codes, dtype=np.intp)
    wrong: BoolArray = found != wanted
    wrong[-1] = bool((claimed.points < 0).any())
    repeated = np.bincount(claimed.points + 1, minlength=len(wanted))[1:] > 1
    candidates = np.flatnonzero(wrong[:-1] & (found[:-1] >= 0) & np.isfinite(reach.best_s))
    wrong[candidates] = ~_as_quick(now, scenario, candidates, found)
    wrong[:-1] |= repeated
    return wrong


def _as_quick(now: Situation, scenario: int, rows: IndexArray, found: IndexArray) -> BoolArray:
    """Return whether the claimed station comes a rounding later than the best, not later."""
    later_s = np.full(len(now.question.demand), np.inf)
    for block in now.question.blocks(len(now.stations)):
        inside = rows[(rows >= block.start) & (rows < block.stop)]
        if len(inside):
            times_s = now.response_s(scenario, block)
            later_s[inside] = times_s[inside - block.start, found[inside]]
    best_s = now.reaches[scenario].best_s[rows]
    as_quick: BoolArray = (later_s[rows] > best_s) & (later_s[rows] <= best_s + TIME_TOLERANCE_S)
    return as_quick


def _mistimed(best_s: FloatArray, claimed: _Column) -> BoolArray:
    """Return the points whose claimed time is not that of the first station to arrive."""
    times_s = np.full(len(best_s) + 1, np.inf)
    times_s[claimed.points] = claimed.values.astype(np.float64)
    reached = np.isfinite(best_s)
    wrong = np.zeros(len(best_s) + 1, dtype=np.bool_)
    wrong[:-1] = reached != np.isfinite(times_s[:-1])
    both = np.flatnonzero(reached & ~wrong[:-1])
    allowed_s = slack(1.0) * np.maximum(1.0, best_s[both])
    wrong[both] = np.abs(times_s[both] - best_s[both]) > allowed_s
    wrong[-1] = bool((claimed.points < 0).any())
    return wrong
