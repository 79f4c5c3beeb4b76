"""The cases: a request, the values its levels must reach, and how long that may take.

Published instances bring their published value; a value of our own is written here, and says
who else found it. A case that is not `quick` is left out of the smoke run.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from benchmarks.tasks import SEED, SQUARE_SITES
from instances import catalog
from instances.examples import example
from instances.generators.uniform_square import uniform_square
from models.fire_stations import FireStationAnswer, FireStationRequest
from models.run import RunLimits, Status
from optimizer import Extras, solve
from optimizer.control import RunControl
from optimizer.datasets import Store


@dataclass(frozen=True)
class Asked:
    """A case made ready: the request, and the proven value of each of its levels."""

    request: FireStationRequest
    values: tuple[float, ...]
    tolerance: float = 1e-9  # relative

    def solve(self, store: Store) -> FireStationAnswer:
        """Return the engine's answer, without reasons."""
        control = RunControl(self.request.limits)
        return solve(self.request, control, store=store, extras=Extras(explain=False))

    def check(self, answer: FireStationAnswer) -> None:
        """Raise unless every level is proven and worth what it must be, and the plan verified."""
        found = [level.objective for level in answer.run.levels]
        assert found == pytest.approx(self.values, rel=self.tolerance)
        assert answer.run.status is Status.OPTIMAL
        assert answer.verification is not None
        assert answer.verification.passed


@dataclass(frozen=True)
class Case:
    """One case of the benchmarks; bulk data goes to the store that `make` is given."""

    name: str
    make: Callable[[Store], Asked]
    quick: bool = False


def _square(points: int, value: float) -> Callable[[Store], Asked]:
    def make(store: Store) -> Asked:
        square = uniform_square(points, SQUARE_SITES, seed=SEED)
        request = square.request(store.add_arrays(dict(square.columns)))
        return Asked(_limited(request), (value,))

    return make


def _published(name: str) -> Callable[[Store], Asked]:
    def make(store: Store) -> Asked:
        del store
        if name not in catalog.available():
            pytest.skip("published data absent: set MUSTER_DATA to its folder")
        request, best_known = catalog.load(name)
        return Asked(_limited(request), (best_known.value / best_known.scale,))

    return make


# The default order on Pingshan 5 + 5, each level given those before it.
_PINGSHAN = {
    "cover": 535_944.0,
    "full_force": 529_728.5,
    "mean_time": 169.2023194533172,
    "cost": 2_017_960_000.0,
}


def _pingshan(store: Store) -> Asked:
    del store
    request = example("pingshan-fire-stations")
    return Asked(_limited(_sites_alone(request)), tuple(_PINGSHAN.values()), tolerance=1e-6)


# The same levels, each asked for alone.
_PINGSHAN_ALONE = {
    "cover": 535_944.0,
    "full_force": 545_124.5,
    "mean_time": 159.89974273596422,
    "cost": 2_000_470_000.0,
}


def _pingshan_level(kind: str) -> Callable[[Store], Asked]:
    def make(store: Store) -> Asked:
        del store
        request = _sites_alone(example("pingshan-fire-stations"))
        alone = tuple(one for one in request.objectives if one.kind == kind)
        asked = _limited(request.model_copy(update={"objectives": alone}))
        return Asked(asked, (_PINGSHAN_ALONE[kind],), tolerance=1e-6)

    return make


def _sites_alone(request: FireStationRequest) -> FireStationRequest:
    return request.model_copy(update={"staffing": None, "staging": None})


def _limited(request: FireStationRequest) -> FireStationRequest:
    return request.model_copy(update={"limits": RunLimits(time_limit_s=600.0, threads=1)})


_QUICK_PUBLISHED = frozenset({"pmed1", "SJC324-r800-p3", "SJC818-r800-p4", "scp41", "scp51"})
_PUBLISHED = (
    *(f"pmed{number}" for number in range(1, 11)),
    "SJC324-r800-p3",
    "SJC402-r1200-p2",
    "SJC500-r800-p7",
    "SJC708-r800-p9",
    "SJC818-r800-p4",
    "SJC818-r1200-p6",
    "SJC818-r1600-p3",
    *(f"scp4{number}" for number in range(1, 6)),
    *(f"scp5{number}" for number in range(1, 6)),
)

# 10k: the value spopt proved too, and `test_solve` asks plain HiGHS again.
_SQUARES = {10_000: 454_886.0, 100_000: 4_549_450.0, 1_000_000: 45_391_276.0}

CASES: tuple[Case, ...] = (
    Case("pingshan-fire-stations", _pingshan),
    *(
        Case(f"pingshan-{kind}", _pingshan_level(kind), quick=kind in {"cover", "cost"})
        for kind in _PINGSHAN_ALONE
    ),
    *(
        Case(f"square-{points}", _square(points, value), quick=points <= 10_000)
        for points, value in _SQUARES.items()
    ),
    *(Case(name, _published(name), quick=name in _QUICK_PUBLISHED) for name in _PUBLISHED),
)
