"""Each rule of a right schedule is broken in turn, and exactly that one is named."""

import numpy as np
import pytest

from optimizer.algorithms.routes.checking import broken_rules
from optimizer.algorithms.routes.problem import Problem, problem, stops, teams, visits

ROUTES = ((0, 2), (1, 3))
START = np.array([20.0, 20.0, 50.0, 60.0])


def case() -> Problem:
    """Stop 0 is a crew of visits 0 and 1; stop 1 waits for stop 0."""
    return problem(
        np.where(np.eye(4), 0.0, 10.0),
        teams([0, 0], [0, 0], off=[100.0, 100.0], capacity=[[5], [5]], locked=[[0], []]),
        visits(
            [1, 1, 2, 3],
            [20.0, 20.0, 20.0, 20.0],
            np.array([[1, 1, 1, 1], [0, 1, 1, 1]]),
            stop=[0, 0, 1, 2],
            load=[[1], [1], [1], [1]],
        ),
        stops([1, 1, 1], [1e3] * 3, release=[15, 0, 0], latest=[40, 70, 70]),
        pairs=[(0, 1)],
    )


def test_a_right_schedule_breaks_no_rule() -> None:
    assert broken_rules(case(), ROUTES, START) == ()


@pytest.mark.parametrize(
    ("rule", "routes", "start"),
    [
        ("once", ((0, 2, 3), (1, 3)), [20.0, 20.0, 50.0, 80.0]),
        ("eligible", ((), (0, 2)), [20.0, 20.0, 50.0, 60.0]),
        ("locked", ((2,), (1, 3)), START),
        ("travel", ROUTES, [20.0, 20.0, 45.0, 60.0]),
        ("together", ROUTES, [20.0, 25.0, 55.0, 60.0]),
        ("release", ROUTES, [12.0, 12.0, 50.0, 60.0]),
        ("latest", ROUTES, [20.0, 20.0, 50.0, 75.0]),
        ("whole", ((0, 2), (3,)), [20.0, np.nan, 50.0, 60.0]),
        ("crew", ((0, 1, 2), (3,)), [20.0, 40.0, 70.0, 60.0]),
    ],
)
def test_a_broken_rule_is_named(rule: str, routes: object, start: object) -> None:
    faults = broken_rules(case(), routes, np.array(start))  # type: ignore[arg-type]
    assert rule in {fault.partition(":")[0] for fault in faults}


def test_a_team_out_of_its_shift_is_named() -> None:
    short = case()._replace(teams=case().teams._replace(off=np.array([60.0, 100.0])))
    assert broken_rules(short, ROUTES, START) == ("shift: team 0",)


def test_a_load_that_no_one_carries_is_named() -> None:
    heavy = case()
    heavy.visits.load[3] = 9.0
    assert "load: team 1 visit 3" in broken_rules(heavy, ROUTES, START)


def test_an_order_that_is_not_kept_is_named() -> None:
    swapped = case()._replace(pairs=np.array([[2, 1]]))
    assert broken_rules(swapped, ROUTES, START) == ("before: stop 2 stop 1",)
