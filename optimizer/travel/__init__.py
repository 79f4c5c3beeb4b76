"""Travel times between demand points and sites, a block of rows at a time.

A city of a million points has too many pairs to hold at once, so nothing here keeps a whole
matrix unless the request brought one: callers ask for the rows and columns they need.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from models.places import Site
from models.roads import ByRoads, RoadScenario
from models.travel import ByMatrix, LawScenario, MatrixScenario, Travel, TravelLaw
from optimizer.datasets import Store
from optimizer.demand import DemandArrays, FloatArray
from optimizer.travel.distance import Positions
from optimizer.travel.laws import travel_time
from optimizer.travel.matrix import scenario_matrix
from optimizer.travel.roads import road_times

IndexArray = NDArray[np.intp]
State = RoadScenario | LawScenario | MatrixScenario


class _Scenario(Protocol):
    def block(self, rows: slice, columns: IndexArray | slice) -> FloatArray: ...


@dataclass(frozen=True)
class _Given:
    travel_time_s: FloatArray  # (demand, site), inf where unreachable

    def block(self, rows: slice, columns: IndexArray | slice) -> FloatArray:
        return self.travel_time_s[rows, columns]


@dataclass(frozen=True)
class _Law:
    demand: Positions
    sites: Positions
    detour_factor: float
    law: TravelLaw

    def block(self, rows: slice, columns: IndexArray | slice) -> FloatArray:
        distance_m = self.demand.take(rows).distances_m(self.sites.take(columns))
        distance_m *= self.detour_factor
        return travel_time(self.law, distance_m)


@dataclass(frozen=True)
class _Roads:
    travel_time_s: csr_array  # (demand, site), unreachable where nothing is stored

    def block(self, rows: slice, columns: IndexArray | slice) -> FloatArray:
        matrix = self.travel_time_s
        first, last, step = rows.indices(matrix.shape[0])
        starts = matrix.indptr[first : last + 1]
        stored = slice(starts[0], starts[-1])
        dense = np.full((last - first, matrix.shape[1]), np.inf)
        dense[np.repeat(np.arange(last - first), np.diff(starts)), matrix.indices[stored]] = (
            matrix.data[stored]
        )
        return dense[::step, columns]


@dataclass(frozen=True)
class _Scaled:
    scenario: _Scenario
    factor: float

    def block(self, rows: slice, columns: IndexArray | slice) -> FloatArray:
        return self.factor * self.scenario.block(rows, columns)


@dataclass(frozen=True)
class TravelTimes:
    """Travel times of every scenario in seconds; ``weights`` sum to 1."""

    shape: tuple[int, int]  # (demand, site)
    scenario_ids: tuple[str, ...]
    weights: FloatArray  # (scenario,)
    _scenarios: tuple[_Scenario, ...]

    def block(
        self, scenario: int, rows: slice, columns: IndexArray | slice = slice(None)
    ) -> FloatArray:
        """Return the times (rows, columns) of one scenario, ``inf`` where unreachable."""
        return self._scenarios[scenario].block(rows, columns)

    def scaled(self, factor: float) -> "TravelTimes":
        """Return the same times, each times ``factor``."""
        slower = tuple(_Scaled(one, factor) for one in self._scenarios)
        return replace(self, _scenarios=slower)


def travel_times(
    travel: Travel, demand: DemandArrays, sites: tuple[Site, ...], store: Store | None
) -> TravelTimes:
    """Return the request's travel times.

    Raises
    ------
    InputError
        A matrix of the wrong shape, roads that cannot be used, or places without coordinates
        where they are needed.
    """
    shape = (len(demand), len(sites))
    scenarios: tuple[_Scenario, ...]
    if isinstance(travel, ByMatrix):
        scenarios = tuple(
            _Given(scenario_matrix(one.travel_time_s, shape, store, index))
            for index, one in enumerate(travel.scenarios)
        )
    elif isinstance(travel, ByRoads):
        scenarios = tuple(_Roads(one) for one in road_times(travel, demand, sites, store))
    else:
        at_demand, at_sites = Positions.of_both(demand, sites)
        scenarios = tuple(
            _Law(at_demand, at_sites, travel.detour_factor, one.law) for one in travel.scenarios
        )
    return _weighted(travel.scenarios, shape, scenarios)


def given_times(
    states: Sequence[State], matrices: Sequence[FloatArray], shape: tuple[int, int]
) -> TravelTimes:
    """Return times that are at hand: a matrix (demand, site) per state, ``inf`` without a way."""
    return _weighted(states, shape, tuple(_Given(one) for one in matrices))


def _weighted(
    states: Sequence[State], shape: tuple[int, int], scenarios: tuple[_Scenario, ...]
) -> TravelTimes:
    weights = np.array([one.weight for one in states])
    return TravelTimes(
        shape=shape,
        scenario_ids=tuple(one.id for one in states),
        weights=weights / weights.sum(),
        _scenarios=scenarios,
    )
