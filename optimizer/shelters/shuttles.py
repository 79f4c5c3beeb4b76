r"""Vehicles that shuttle between one block and one site: how many rounds, how many seats.

A vehicle of kind `v` makes :math:`r = \lfloor (D - R_v) / (2 t + b_v) \rfloor` rounds by the
deadline and brings at most :math:`r c_v` seats. With `w` vehicles on a pair of block and site,

.. math:: \sum_g q_g x_{gij} \le \sum_v r_{vij} c_v w_{vij}, \quad \sum_{ij} w_{vij} \le N_v
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from models.shelters import ShelterRequest
from models.shelters.scenarios import ShelterScenario
from models.shelters.unfolding import grounds
from optimizer.datasets import Store
from optimizer.demand import DemandArrays, FloatArray
from optimizer.travel import travel_times

IndexArray = NDArray[np.int64]

_WHOLE = 1e-9  # of a round: what rounding may take of one that is just made


@dataclass(frozen=True, eq=False)
class Rides:
    """How many rounds each vehicle makes, and how long people ride."""

    rounds: tuple[IndexArray, ...]  # per scenario: (vehicle, block, site)
    ride_s: tuple[FloatArray, ...]  # per scenario: (block, site)

    @classmethod
    def from_request(
        cls, request: ShelterRequest, demand: DemandArrays, store: Store | None
    ) -> "Rides | None":
        """Return the rides of an unfolded request; None where it has no fleet."""
        fleet = request.fleet
        if fleet is None:
            return None
        places, ground = grounds(request)
        times = travel_times(fleet.travel, demand, places, store)
        states = [one.id for one in fleet.travel.scenarios]
        ride_s, rounds = [], []
        for scenario in request.scenarios:
            way = states.index(scenario.driving_scenario or states[0])
            ride_s.append(times.block(way, slice(0, times.shape[0]))[:, ground])
            rounds.append(_rounds(request, scenario, ride_s[-1]))
        return cls(tuple(rounds), tuple(ride_s))

    def in_time(self, s: int) -> NDArray[np.bool_]:
        """Return the (block, site) pairs that some vehicle serves by the deadline."""
        return np.asarray((self.rounds[s] > 0).any(axis=0), dtype=np.bool_)


def _rounds(request: ShelterRequest, scenario: ShelterScenario, ride_s: FloatArray) -> IndexArray:
    assert request.fleet is not None
    deadline_s = request.fleet.deadline_s
    if scenario.fetch_deadline_s is not None:
        deadline_s = scenario.fetch_deadline_s
    made = [
        np.floor(np.maximum(0.0, deadline_s - one.ready_s) / (2 * ride_s + one.boarding_s) + _WHOLE)
        * (one.count > 0)
        for one in request.fleet.vehicles
    ]
    return np.array(made).astype(np.int64)


@dataclass(frozen=True, eq=False)
class Shuttles:
    """Pairs of block and site that people may be fetched between, and the vehicles for each.

    A *leg* is a kind of vehicle on a pair; ``pair_of_arc`` is -1 for those who walk.
    """

    pair_of_arc: IndexArray  # (arc,)
    arc_seats: FloatArray  # (arc,) seats each person takes
    pair_scenario: IndexArray  # (pair,)
    pair_block: IndexArray
    pair_site: IndexArray
    leg_pair: IndexArray  # (leg,)
    leg_vehicle: IndexArray
    leg_rounds: IndexArray
    leg_seats: FloatArray  # (leg,) that one vehicle brings by the deadline
    count: IndexArray  # (vehicle,)

    @classmethod
    def nobody(cls, arcs: int) -> "Shuttles":
        """Return no shuttles at all, for so many arcs of people who walk."""
        none, no_seats = np.zeros(0, dtype=np.int64), np.zeros(0)
        return cls(
            pair_of_arc=np.full(arcs, -1),
            arc_seats=np.ones(arcs),
            pair_scenario=none,
            pair_block=none,
            pair_site=none,
            leg_pair=none,
            leg_vehicle=none,
            leg_rounds=none,
            leg_seats=no_seats,
            count=none,
        )

    @classmethod
    def of(
        cls,
        request: ShelterRequest,
        rides: Rides,
        where: tuple[IndexArray, IndexArray, IndexArray],
        fetched: NDArray[np.bool_],
        arc_seats: FloatArray,
    ) -> "Shuttles":
        """Return the shuttles for arcs of which some are ``fetched``.

        ``where`` is the scenario, block and site of each arc.
        """
        assert request.fleet is not None
        scenario, block, site = where
        shape = (len(request.scenarios), len(request.blocks), len(request.sites))
        keys = np.ravel_multi_index((scenario[fetched], block[fetched], site[fetched]), shape)
        pairs, own = np.unique(keys, return_inverse=True)
        pair_of_arc = np.full(len(scenario), -1)
        pair_of_arc[fetched] = own
        cases, homes, places = (np.asarray(one) for one in np.unravel_index(pairs, shape))
        rounds = np.array(
            [rides.rounds[s][:, i, j] for s, i, j in zip(cases, homes, places, strict=True)],
            dtype=np.int64,
        ).reshape(len(pairs), len(request.fleet.vehicles))
        leg_pair, leg_vehicle = np.nonzero(rounds)
        seats = np.array([one.seats for one in request.fleet.vehicles])
        leg_rounds = rounds[leg_pair, leg_vehicle]
        return cls(
            pair_of_arc=pair_of_arc,
            arc_seats=arc_seats,
            pair_scenario=cases,
            pair_block=homes,
            pair_site=places,
            leg_pair=leg_pair,
            leg_vehicle=leg_vehicle,
            leg_rounds=leg_rounds,
            leg_seats=leg_rounds * seats[leg_vehicle],
            count=np.array([one.count for one in request.fleet.vehicles]),
        )

    def __len__(self) -> int:
        """Return the number of legs."""
        return len(self.leg_pair)

    @property
    def most(self) -> FloatArray:
        """How many vehicles a leg can have."""
        found: FloatArray = self.count[self.leg_vehicle].astype(np.float64)
        return found

    @property
    def crew(self) -> IndexArray:
        """The (scenario x vehicle) whose vehicles each leg takes."""
        found: IndexArray = self.pair_scenario[self.leg_pair] * len(self.count) + self.leg_vehicle
        return found

    def rows(self) -> Iterator[tuple[str, dict[str, csr_array], FloatArray]]:
        """Yield the rows of seats and of the fleet: name, terms and upper limits."""
        if not len(self):
            return
        arcs = np.flatnonzero(self.pair_of_arc >= 0)
        pairs = len(self.pair_scenario)
        taken = csr_array(
            (self.arc_seats[arcs], (self.pair_of_arc[arcs], arcs)),
            shape=(pairs, len(self.pair_of_arc)),
        )
        every = np.arange(len(self))
        brought = csr_array((-self.leg_seats, (self.leg_pair, every)), shape=(pairs, len(self)))
        yield "seats", {"go": taken, "shuttles": brought}, np.zeros(pairs)
        crews, row = np.unique(self.crew, return_inverse=True)
        used = csr_array((np.ones(len(self)), (row, every)), shape=(len(crews), len(self)))
        yield "fleet", {"shuttles": used}, self.count[crews % len(self.count)].astype(np.float64)

    def seats_on(self, vehicles: FloatArray) -> FloatArray:
        """Return the seats (pair,) that so many vehicles (leg,) bring."""
        seats: FloatArray = np.bincount(
            self.leg_pair, weights=self.leg_seats * vehicles, minlength=len(self.pair_scenario)
        ).astype(np.float64)
        return seats

    def taken(self, people: FloatArray) -> FloatArray:
        """Return the seats (pair,) that people (arc,) take."""
        arcs = np.flatnonzero(self.pair_of_arc >= 0)
        seats: FloatArray = np.bincount(
            self.pair_of_arc[arcs],
            weights=people[arcs] * self.arc_seats[arcs],
            minlength=len(self.pair_scenario),
        ).astype(np.float64)
        return seats
