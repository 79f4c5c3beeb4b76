"""What benchmark problems have in common: one class of station, and travel time alone counts.

Problems of limited capacity are plain arrays: the engine's searches take them as they are.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.standards import ClockStart, ResponseStandard, StationClass
from models.text import Label
from models.travel import ByCoordinates, ConstantSpeed, LawScenario

FloatArray = NDArray[np.float64]

STATION = StationClass(
    id="station",
    name=Label(en="Station", zh="站点"),
    on_duty_people=0,
    vehicles={},
    source="benchmark: no crew, no vehicles, no cost",
)

# At 1 m/s without detour a second is a metre.
METRES_AS_SECONDS = ByCoordinates(
    detour_factor=1.0, scenarios=(LawScenario(law=ConstantSpeed(speed_m_s=1.0)),)
)


def within(travel_s: float) -> ResponseStandard:
    """Return the standard of a benchmark: arrival within ``travel_s``, without turnout.

    It asks nothing of full force.
    """
    return ResponseStandard(
        id="benchmark",
        name=Label(en="Benchmark", zh="基准算例"),
        clock_start=ClockStart.DISPATCH,
        turnout_s=0.0,
        travel_s=travel_s,
        full_force_travel_s=travel_s,
        vehicles=0,
        people=0,
        source="benchmark: no turnout",
        confidence="derived",
    )


@dataclass(frozen=True)
class CapacitatedProblem:
    """Customers, facilities of limited capacity, and what serving a whole demand costs.

    A facility opens in one of its classes. ``count`` is how many open where the problem says so.
    """

    name: str
    demand: FloatArray  # (customer,)
    capacity: FloatArray  # (facility, class)
    opening: FloatArray  # (facility, class)
    cost: FloatArray  # (customer, facility) for the whole demand
    count: int | None = None
    opened: tuple[int, ...] = ()  # facilities that stay open


@dataclass(frozen=True)
class TwoStageProblem:
    """Plants send to depots, depots to customers; both are opened and of limited capacity."""

    name: str
    demand: FloatArray  # (customer,)
    plant_capacity: FloatArray  # (plant,)
    plant_opening: FloatArray  # (plant,)
    depot_capacity: FloatArray  # (depot,)
    depot_opening: FloatArray  # (depot,)
    inbound: FloatArray  # (plant, depot): cost of a unit
    outbound: FloatArray  # (depot, customer): cost of a unit
