"""What benchmark problems have in common: one class of station, and travel time alone counts."""

from models.standards import ClockStart, ResponseStandard, StationClass
from models.text import Label
from models.travel import ByCoordinates, ConstantSpeed, LawScenario

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
