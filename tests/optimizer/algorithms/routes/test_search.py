from collections.abc import Iterator
from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.run import RunLimits
from optimizer.algorithms.routes.bound import lower_bound
from optimizer.algorithms.routes.checking import broken_rules, objective_of
from optimizer.algorithms.routes.problem import Problem, problem, stops, teams, visits
from optimizer.algorithms.routes.search import _MOST_A_CALL, _START_STEPS, Schedule, search
from optimizer.control import RunControl

CASES = settings(max_examples=12, deadline=None, derandomize=True)


@st.composite
def small(
    draw: st.DrawFn, *, linked: bool = False, carrying: bool = False, nights: bool = False
) -> Problem:
    """Two teams, a few visits, times that do not keep the triangle law."""
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    count = 4
    stop = np.arange(count)
    pairs: list[tuple[int, int]] = []
    if linked:
        stop = np.array([0, 0, 1, 2])
        pairs = [(1, 2)] if draw(st.booleans()) else [(0, 2)]
    kinds = int(stop.max()) + 1
    travel = rng.integers(1, 30, (2, count + 3, count + 3)).astype(float)
    eligible = rng.random((2, count)) < 0.8
    load = rng.integers(0, 3, (count, 1)) if carrying else None
    dark = np.random.default_rng(rng.integers(0, 1000) if nights else 0)
    shut = np.stack([dark.integers(0, 60, (2, count)), dark.integers(0, 50, (2, count))], 2)
    return problem(
        travel,
        teams(
            [0, 1],
            [count, count + 1],
            ready=rng.integers(0, 10, 2),
            off=[200.0, 150.0],
            capacity=[[2], [3]] if carrying else None,
            reload=[5.0, 3.0],
        ),
        visits(
            stop if linked else np.arange(count),
            rng.integers(1, 20, (2, count)),
            eligible,
            stop=stop,
            setup=rng.integers(0, 3, count),
            load=load,
            shut=shut if nights else None,
        ),
        stops(
            rng.integers(1, 6, kinds),
            rng.integers(50, 600, kinds),
            release=rng.integers(0, 30, kinds),
            due=rng.integers(20, 60, kinds),
            late=rng.integers(0, 3, kinds),
            latest=rng.integers(40, 120, kinds),
        ),
        depots=[count + 2] if carrying else [],
        fill=2.0 if carrying else 0.0,
        pairs=pairs,
    )


def orders(case: Problem) -> Iterator[tuple[tuple[int, ...], ...]]:
    """Give every way to share visits out and to order them."""
    count, crews = len(case.visits.stop), len(case.teams.origin)
    for whose in product(range(-1, crews), repeat=count):
        lists = [[visit for visit in range(count) if whose[visit] == team] for team in range(crews)]
        yield from product(*(permutations(one) for one in lists))


def earliest(case: Problem, routes: tuple[tuple[int, ...], ...]) -> np.ndarray | None:
    """Return the earliest starts, raised step by step until nothing moves; None where none are."""
    start = np.full(len(case.visits.stop), np.nan)
    for visit in (visit for route in routes for visit in route):
        start[visit] = case.stops.release[case.visits.stop[visit]]
    for _ in range(30):
        before = start.copy()
        for team, route in enumerate(routes):
            raise_along(case, team, route, start)
        for stop in range(len(case.stops.weight)):
            mine = case.visits.stop == stop
            start[mine & ~np.isnan(start)] = np.nanmax(np.append(start[mine], 0.0))
        finish = (
            start
            + case.visits.service[[whose(routes, v) for v in range(len(start))], range(len(start))]
        )
        for first, second in case.pairs:
            done = finish[case.visits.stop == first].max()
            later = (case.visits.stop == second) & ~np.isnan(start)
            start[later] = np.maximum(start[later], done)
        if np.array_equal(before, start, equal_nan=True):
            return start
    return None


def whose(routes: tuple[tuple[int, ...], ...], visit: int) -> int:
    return next((team for team, route in enumerate(routes) if visit in route), 0)


def raise_along(case: Problem, team: int, route: tuple[int, ...], start: np.ndarray) -> None:
    travel, place = case.travel[team], int(case.teams.origin[team])
    free, stock = float(case.teams.ready[team]), case.teams.capacity[team].copy()
    for visit in route:
        there = int(case.visits.place[visit])
        way = travel[place, there]
        if (stock < case.visits.load[visit]).any():
            depot = int(case.depots[0])
            way = travel[place, depot] + travel[depot, there] + case.teams.reload[team]
            way += float(case.fill[0] @ (case.teams.capacity[team] - stock))
            stock = case.teams.capacity[team].copy()
        stock -= case.visits.load[visit]
        ready = free + way + (case.visits.setup[visit] if there != place else 0.0)
        start[visit] = max(start[visit], ready)
        if case.visits.shut.size:
            begins, long = case.visits.shut[team, visit]
            if 0.0 < (start[visit] - begins) % 86_400.0 < long:
                start[visit] += long - (start[visit] - begins) % 86_400.0
        free, place = start[visit] + case.visits.service[team, visit], there


def best_by_enumeration(case: Problem) -> float:
    best = float(case.stops.penalty.sum())
    for routes in orders(case):
        start = earliest(case, routes)
        if start is not None and not broken_rules(case, routes, start):
            best = min(best, objective_of(case, routes, start))
    return best


def found(case: Problem, *, steps: int = 600, seed: int = 1) -> Schedule:
    schedule = search(case, seed=seed, steps=steps, stop=lambda: False, improved=lambda _: None)
    assert schedule is not None
    return schedule


@CASES
@given(small())
def test_the_search_finds_the_best_of_all_routes(case: Problem) -> None:
    assert found(case).objective == pytest.approx(best_by_enumeration(case))


@CASES
@given(small(linked=True))
def test_crews_meet_and_wait_for_each_other_at_least_cost(case: Problem) -> None:
    assert found(case).objective == pytest.approx(best_by_enumeration(case))


@CASES
@given(small(carrying=True))
def test_teams_reload_where_their_load_is_short(case: Problem) -> None:
    assert found(case).objective == pytest.approx(best_by_enumeration(case))


@CASES
@given(small(nights=True))
def test_the_search_finds_the_best_of_all_routes_by_day(case: Problem) -> None:
    assert found(case).objective == pytest.approx(best_by_enumeration(case))


NIGHTS = small(linked=True, carrying=True, nights=True)


@CASES
@given(NIGHTS)
def test_nothing_begins_in_its_night_or_later_than_it_can(case: Problem) -> None:
    schedule = found(case, steps=60)
    start = earliest(case, schedule.routes)
    assert start is not None
    np.testing.assert_allclose(schedule.start, start, atol=1e-5)


@CASES
@given(st.one_of(small(), small(linked=True), small(carrying=True), NIGHTS))
def test_every_schedule_is_possible_and_worth_what_it_says(case: Problem) -> None:
    heard: list[Schedule] = []
    search(case, seed=3, steps=100, stop=lambda: False, improved=heard.append)
    for one in heard:
        assert not broken_rules(case, one.routes, one.start)
        assert objective_of(case, one.routes, one.start) == pytest.approx(one.objective)
    values = [one.objective for one in heard]
    assert values == sorted(values, reverse=True)


@CASES
@given(st.one_of(small(), small(linked=True)))
def test_no_schedule_beats_the_lower_bound(case: Problem) -> None:
    bound = lower_bound(case, 150.0, RunControl(RunLimits(time_limit_s=20)))
    assert bound is not None
    assert bound <= best_by_enumeration(case) + 1e-6


def square(count: int = 30, crews: int = 5, **limits: object) -> Problem:
    rng = np.random.default_rng(5)
    place = rng.random((count + crews, 2)) * 1000
    way = np.linalg.norm(place[:, None] - place[None], axis=2)
    return problem(
        way,
        teams(np.zeros(crews, int), count + np.arange(crews), **limits),
        visits(np.arange(count), rng.integers(300, 900, count), rng.random((crews, count)) < 0.7),
        stops(rng.integers(1, 6, count), np.full(count, 1e5)),
    )


def test_the_same_seed_and_steps_give_the_same_schedule() -> None:
    first, second = found(square(), steps=300), found(square(), steps=300)
    assert first.routes == second.routes
    assert first.objective == second.objective


def test_how_often_it_is_asked_to_stop_changes_nothing() -> None:
    calls = iter([False, False, False, True])
    stopped = search(
        square(), seed=1, steps=None, stop=lambda: next(calls), improved=lambda _: None
    )
    assert stopped is not None
    first = _START_STEPS * 30  # of the first beginning, in two calls
    assert _MOST_A_CALL < first < 2 * _MOST_A_CALL
    assert stopped.routes == found(square(), steps=first).routes


def test_how_many_threads_search_changes_nothing() -> None:
    heard: list[list[Schedule]] = [[], []]
    bounds = []
    for threads, schedules in enumerate(heard, start=1):
        last = search(
            square(),
            seed=1,
            steps=12_000,
            stop=lambda: False,
            improved=schedules.append,
            threads=threads,
        )
        assert last is not None
        bounds.append(last.bound)
    assert bounds[0] == bounds[1] is not None
    alone, together = ([(one.objective, one.steps, one.routes) for one in own] for own in heard)
    assert alone == together


def test_locked_visits_come_first_in_their_order() -> None:
    case = square()
    able = np.flatnonzero(case.visits.eligible[0])[[3, 1, 2]].tolist()
    locked = square(locked=[able, [], [], [], []])
    assert list(found(locked).routes[0][:3]) == able


def test_locked_visits_that_cannot_be_in_time_have_no_schedule() -> None:
    case = square(locked=[[0, 1], [], [], [], []], off=10.0)
    nothing = search(case, seed=1, steps=10, stop=lambda: False, improved=lambda _: None)
    assert nothing is None


def test_a_break_is_taken_within_its_window_and_nowhere_else() -> None:
    way = np.array([[0.0, 10.0], [10.0, 0.0]])
    case = problem(
        way,
        teams([0], [0]),
        visits([1, 1, -1], [50.0, 50.0, 30.0], np.ones((1, 3))),
        stops([5.0, 1.0, 0.0], [1e6, 1e6, 1e9], release=[0, 0, 40], latest=[1e9, 1e9, 70]),
    )
    schedule = found(case, steps=50)
    assert schedule.routes == ((0, 2, 1),)
    assert schedule.start.tolist() == [10.0, 90.0, 60.0]


def test_waiting_in_a_circle_is_refused() -> None:
    case = square()._replace(pairs=np.array([[0, 1], [1, 0]]))
    with pytest.raises(ValueError, match="circle"):
        found(case)
