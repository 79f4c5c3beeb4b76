"""Planning standards as presets: value, source, confidence.

Marks of confidence: ``found`` in a published source; ``memory_*`` recalled, to be checked against
a print; ``derived`` by arithmetic. Costs are invented and marked so.
"""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from models.base import Model
from models.confidence import Confidence
from models.quantities import Count, Headcount, Identifier, Money, Seconds, Share, SquareMetres
from models.text import Label


class ClockStart(StrEnum):
    """The event from which a response standard counts."""

    CALL = "call"  # the call is answered
    ALARM = "alarm"  # the alarm sounds in the station
    DISPATCH = "dispatch"  # the dispatch order is received
    DISPATCH_DONE = "dispatch_done"


class ResponseStandard(Model):
    """How soon help must come.

    First arrival within ``turnout_s + travel_s`` of ``clock_start``; full force (``vehicles`` and
    ``people`` on duty) within ``turnout_s + full_force_travel_s``. ``fractile`` is the share of
    calls for which the standard asks it. A class with a turnout of its own uses that instead;
    the time allowed stays the same.
    """

    id: Identifier
    name: Label
    clock_start: ClockStart
    turnout_s: Seconds
    travel_s: Seconds
    full_force_travel_s: Seconds = 420.0
    vehicles: Count = 5
    people: Count = 27
    fractile: Share | None = None
    source: str
    confidence: Confidence

    @property
    def within_s(self) -> float:
        """Time allowed to the first arrival, in seconds."""
        return self.turnout_s + self.travel_s

    @property
    def full_force_within_s(self) -> float:
        """Time allowed to full force, in seconds."""
        return self.turnout_s + self.full_force_travel_s


class StationClass(Model):
    """A class of station.

    ``rank`` orders classes by size (a small station must adjoin one of higher rank).
    ``on_duty_people`` and ``vehicles`` are one shift's norm; ``nominal_area_m2`` the district it
    is meant for (None: no district of its own). ``turnout_s`` None: the standard's.
    Costs: ``capital_cost`` to build, ``commissioning_cost`` to put an idle one in service,
    ``strengthening_cost`` to bring one up to the norm.
    """

    id: Identifier
    name: Label
    rank: Annotated[int, Field(ge=0, le=100)] = 1
    on_duty_people: Headcount
    vehicles: dict[Identifier, Headcount]
    nominal_area_m2: SquareMetres | None = None
    outskirts_nominal_area_m2: SquareMetres | None = None
    turnout_s: Seconds | None = None
    capital_cost: Money = 0.0
    yearly_cost: Money = 0.0
    commissioning_cost: Money = 0.0
    strengthening_cost: Money = 0.0
    source: str = "request"
    confidence: Confidence | None = None
    illustrative: bool = False
