"""Routes as columns: priced as enumeration says, and a bound that is the program's own value."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from optimizer.algorithms.routes.columns.master import Master
from optimizer.algorithms.routes.columns.pricing import priced, room
from optimizer.algorithms.routes.columns.ways import Ways, cost_of, ways_of
from optimizer.algorithms.routes.problem import Problem, problem, stops, teams, visits
from optimizer.algorithms.routes.search import search
from optimizer.algorithms.routes.turns import Turns

CASES = settings(max_examples=20, deadline=None, derandomize=True)


def plane(
    seed: int, *, count: int = 5, crews: int = 2, locked: tuple[tuple[int, ...], ...] = ()
) -> Problem:
    """Incidents in the plane, with releases, wishes and deadlines; some teams are able."""
    rng = np.random.default_rng(seed)
    place = rng.random((count + crews, 2)) * 40
    able = rng.random((crews, count)) < 0.8
    for team, first in enumerate(locked):
        able[team, list(first)] = True
    return problem(
        np.linalg.norm(place[:, None] - place[None], axis=2),
        teams(
            np.zeros(crews, int),
            count + np.arange(crews),
            ready=rng.integers(0, 10, crews),
            off=rng.integers(120, 200, crews),
            locked=locked,
        ),
        visits(
            np.arange(count),
            rng.integers(3, 20, (crews, count)),
            able,
            setup=rng.integers(0, 3, count),
        ),
        stops(
            rng.integers(1, 6, count),
            rng.integers(100, 900, count),
            release=rng.integers(0, 30, count),
            due=rng.integers(20, 60, count),
            late=rng.integers(0, 3, count),
            latest=rng.integers(50, 150, count),
        ),
    )


def routes_of(ways: Ways) -> list[tuple[tuple[int, ...], float]]:
    """Give every route that keeps the team's limits, and its cost."""
    own = range(len(ways.visit))
    every = [order for size in own for order in permutations(own, size + 1)]
    kept = [tuple(ways.visit[list(order)].tolist()) for order in every if in_time(ways, order)]
    return [(route, cost_of(ways, route)) for route in kept]


def in_time(ways: Ways, order: tuple[int, ...]) -> bool:
    now, before = 0.0, -1
    for one in order:
        arrival = ways.first[one] if before < 0 else now + ways.between[before, one]
        start = max(float(arrival), float(ways.release[one]))
        if start > ways.latest[one]:
            return False
        now, before = start + float(ways.service[one]), one
    return True


def relaxed(case: Problem) -> Master:
    ways = ways_of(case)
    assert ways is not None
    with Turns(1) as turns:
        master = Master(case, ways, turns, lambda _: True)
        master.relax()
    assert master.driven is not None
    return master


@CASES
@given(st.integers(0, 10_000))
def test_the_cheapest_route_by_the_duals_is_found(seed: int) -> None:
    ways = ways_of(plane(seed))
    assert ways is not None
    dual = np.random.default_rng(seed).random(5) * 900.0
    work = room(5, 100)
    for one in ways:
        costs = [cost - dual[list(route)].sum() for route, cost in routes_of(one)]
        priced(one, dual, -1e-9, 100, work)
        _, whole, least, bound, _ = work.found.tolist()
        assert whole
        assert least == pytest.approx(min([0.0, *costs]))
        assert bound <= least + 1e-9


@CASES
@given(st.integers(0, 10_000))
def test_the_bound_is_the_value_of_the_program_over_all_routes(seed: int) -> None:
    case = plane(seed)
    ways = ways_of(case)
    assert ways is not None
    every = [(k, *one) for k, own in enumerate(ways) for one in routes_of(own)]
    cover = np.array([[visit in route for _, route, _ in every] for visit in range(5)], float)
    whose = np.array([[k == team for k, *_ in every] for team in range(2)], float)
    found = linprog(
        [*case.stops.penalty, *(cost for *_, cost in every)],
        A_ub=np.block([[-np.eye(5), -cover], [np.zeros((2, 5)), whose]]),
        b_ub=[*[-1.0] * 5, 1.0, 1.0],
    )
    least, bound = float(found.fun or 0.0), relaxed(case).bound
    assert bound == pytest.approx(least, rel=1e-3)
    assert bound <= least * (1.0 + 1e-9)


def test_a_search_is_no_better_than_its_bound_and_near_it() -> None:
    case = plane(3, count=20, crews=8, locked=((1, 2), (), (5,)))
    late = case.stops._replace(latest=case.stops.latest + 90.0, penalty=case.stops.penalty * 9.0)
    case = case._replace(stops=late)
    found = search(case, seed=1, steps=8000, stop=lambda: False, improved=lambda _: None)
    assert found is not None
    assert found.bound is not None
    assert found.routes[0][:2] == (1, 2)
    assert found.bound <= found.objective <= 1.05 * found.bound


def test_routes_drawn_from_the_relaxation_have_each_visit_once() -> None:
    master = relaxed(plane(4, count=20, crews=4))
    for seed in range(5):
        routes = master.drawn(np.random.default_rng(seed))
        visited = [visit for route in routes for visit in route]
        assert len(visited) == len(set(visited)) > 0
        for team, route in enumerate(routes):
            assert any(team == k and set(route) <= set(whole) for k, whole in master.routes)


@pytest.mark.parametrize("unlike", ["carried", "linked", "detour", "break", "endless"])
def test_where_routes_mean_more_there_is_no_relaxation(unlike: str) -> None:
    case = plane(1)
    visits, stops, travel = case.visits, case.stops, case.travel.copy()
    travel[0, 0, 1] += 500.0
    changed = {
        "carried": case._replace(visits=visits._replace(load=np.ones((5, 1)))),
        "linked": case._replace(pairs=np.array([[0, 1]])),
        "detour": case._replace(travel=travel),
        "break": case._replace(visits=visits._replace(place=np.array([0, 1, 2, 3, -1]))),
        "endless": case._replace(
            stops=stops._replace(weight=np.zeros(5), latest=np.full(5, np.inf)),
            teams=case.teams._replace(off=np.full(2, np.inf)),
        ),
    }
    assert ways_of(case) is not None
    assert ways_of(changed[unlike]) is None
