"""The plain question of siting: points with weights, sites, and what is to be reached."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from models.answer import Assumption
from models.backdrop import BackdropShape
from models.base import SCHEMA_VERSION, Model
from models.facilities.front import FrontAsked
from models.facilities.places import FacilitySite
from models.places import Area, DemandPoint, DemandTable
from models.quantities import Count, Identifier, MetresPerSecond, Money
from models.run import RunLimits
from models.text import Label
from models.travel import ByCoordinates, ConstantSpeed, LawScenario, Travel

WALKING_SPEED_M_S = 1.2
STRAIGHT = ByCoordinates(
    detour_factor=1.0,
    scenarios=(
        LawScenario(
            id="straight",
            name=Label(en="Straight lines", zh="直线距离"),
            law=ConstantSpeed(speed_m_s=WALKING_SPEED_M_S),
        ),
    ),
)

Measure = Literal["metres", "seconds"]


class Goal(StrEnum):
    """What facilities are sited for.

    ``cover``: as much weight as possible within the radius (Church and ReVelle 1974).
    ``set_cover``: all of it, or the ``share`` asked for, at the least cost; the fewest facilities
    where no site has a cost (Toregas et al. 1971). ``p_median``: the least weighted way to the
    nearest (Hakimi 1964). ``p_center``: the shortest longest way to the nearest (Minieka 1970),
    whatever the weights. ``least_cost``: the least of what building costs and of weight times way,
    paid at ``way_cost`` (Kuehn and Hamburger 1963).
    """

    COVER = "cover"
    SET_COVER = "set_cover"
    P_MEDIAN = "p_median"
    P_CENTER = "p_center"
    LEAST_COST = "least_cost"


class FacilityRequest(Model):
    """Choose sites for facilities.

    ``number`` and ``budget`` bound what is built beside what exists; a goal other than
    ``set_cover`` and ``least_cost`` needs one of them. ``way_cost`` is what a unit of weight pays
    for a unit of way, in money. ``radius`` and ``unreached`` are in ``measure``: metres, or
    seconds of travel. A way has as many metres as its travel time says at
    ``reference_speed_m_s``, so that a matrix at 1 m/s is one of metres. ``radius`` is needed by
    the covering goals; with the others it is told how much lies within it. ``unreached`` is what
    a point counts at most: one that nobody reaches, or only farther away; without it every point
    must be reached.

    ``weight`` names what counts of each point; None where points have one weight only. Points of
    which nothing counts ask for nothing. ``travel_scenario`` names the state of the roads that
    counts; None: the worst of all, way by way.

    Where a site has a capacity, a point may be served by several facilities in parts, unless
    ``single_source``.

    ``front`` asks for the goal against a second objective besides; not with capacities.
    """

    schema_version: Literal["1.0"] = SCHEMA_VERSION
    kind: Literal["facilities"] = "facilities"
    name: Label = Label(en="Facility siting", zh="设施选址")
    facility: Label = Label(en="facility", zh="设施")
    demand_points: Annotated[tuple[DemandPoint, ...], Field(min_length=1)] | DemandTable
    sites: Annotated[tuple[FacilitySite, ...], Field(min_length=1)]
    goal: Goal
    number: Count | None = None
    budget: Money | None = None
    radius: Annotated[float, Field(gt=0)] | None = None
    share: Annotated[float, Field(gt=0, le=1)] = 1.0
    unreached: Annotated[float, Field(gt=0)] | None = None
    way_cost: Annotated[float, Field(gt=0)] = 1.0
    measure: Measure = "metres"
    reference_speed_m_s: MetresPerSecond = WALKING_SPEED_M_S
    travel: Travel = STRAIGHT
    travel_scenario: Identifier | None = None
    weight: Identifier | None = None
    weight_names: dict[Identifier, Label] = Field(default_factory=dict)
    single_source: bool = False
    front: FrontAsked | None = None
    areas: tuple[Area, ...] = ()
    currency: Annotated[str, Field(min_length=1, max_length=10)] = "CNY"
    assumptions: tuple[Assumption, ...] = ()
    backdrop: tuple[BackdropShape, ...] = ()
    source_crs: str | None = None
    illustrative: bool = False
    limits: RunLimits = RunLimits()

    @property
    def covers(self) -> bool:
        """Whether the goal asks for a way within the radius."""
        return self.goal in {Goal.COVER, Goal.SET_COVER}

    @property
    def adds_ways(self) -> bool:
        """Whether the goal adds up weight times way."""
        return self.goal in {Goal.P_MEDIAN, Goal.LEAST_COST}

    @property
    def has_capacities(self) -> bool:
        """Whether any site can be full."""
        return any(site.capacity is not None for site in self.sites)

    @property
    def counts_cost(self) -> bool:
        """Whether a set cover is paid in money: some site has a cost."""
        return any(site.cost > 0 for site in self.sites)
