"""Cases as fixtures: made ready once, and solved once for the phases that work on an answer."""

from collections.abc import Callable

import pytest

from benchmarks.cases import CASES, Asked, Case
from models.fire_stations import FireStationAnswer
from optimizer.datasets import Store

Solved = Callable[[Asked], FireStationAnswer]


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A dataset store that goes with the session."""
    return Store(tmp_path_factory.mktemp("store"))


@pytest.fixture(
    params=[
        pytest.param(case, id=case.name, marks=() if case.quick else pytest.mark.slow)
        for case in CASES
    ],
    scope="session",
)
def case(request: pytest.FixtureRequest) -> Case:
    """Each case in turn."""
    chosen: Case = request.param
    return chosen


@pytest.fixture(scope="session")
def asked(case: Case, store: Store) -> Asked:
    """The case made ready."""
    return case.make(store)


@pytest.fixture(scope="session")
def answer(asked: Asked, store: Store) -> FireStationAnswer:
    """The proven answer to the case."""
    found = asked.solve(store)
    asked.check(found)
    return found
