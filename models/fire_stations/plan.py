"""A fire-station plan in names and units, and its figures."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, computed_field

from models.base import SCHEMA_VERSION, Model
from models.datasets import DatasetReference
from models.fire_stations.staffing import StaffingPlan
from models.fire_stations.staging import StagingPlan
from models.quantities import Headcount, Identifier, Money, Seconds, SquareMetres, Weight


class Action(StrEnum):
    """What a plan does at a site."""

    KEEP = "keep"
    BUILD = "build"
    COMMISSION = "commission"
    STRENGTHEN = "strengthen"
    REGRADE = "regrade"
    MOVE = "move"


class PlannedStation(Model):
    """One open station of a plan.

    Only ``site_id`` and ``class_id`` are needed in a plan made by hand. ``action`` None means
    what the request implies: keep a station in service (regrade it where the class differs),
    commission an idle one, build on a candidate site. Other figures are claims, checked where
    given. Costs are those of this station alone; a kept one has capital cost 0.
    """

    site_id: Identifier
    class_id: Identifier
    action: Action | None = None
    moved_from: Identifier | None = None
    on_duty_people: Headcount | None = None
    vehicles: dict[Identifier, Headcount] | None = None
    capital_cost: Money | None = None
    yearly_cost: Money | None = None


class ScenarioAllocation(Model):
    """Per demand point the open station that arrives first (ties to the lower site id).

    Points no open station can reach are left out. ``response_time_s`` is the response time of
    that station, turnout included; None where nobody asked for it. Above 100,000 points both
    name one dataset with columns ``point_id``, ``site_id`` and ``response_time_s``.
    """

    # Tried in this order: the JSON of a reference would pass for a point named "sha256" too.
    scenario_id: Identifier
    nearest_site: Annotated[
        DatasetReference | dict[Identifier, Identifier], Field(union_mode="left_to_right")
    ]
    response_time_s: Annotated[
        DatasetReference | dict[Identifier, Seconds] | None,
        Field(union_mode="left_to_right"),
    ] = None


class WeightCover(Model):
    """How much of one demand weight is covered, on average over scenarios or in one."""

    weight: Identifier
    total: Weight
    covered: Weight

    @computed_field  # type: ignore[prop-decorator]
    @property
    def share(self) -> float | None:
        """Covered / total; None where there is nothing to cover."""
        return self.covered / self.total if self.total > 0 else None


class GroupFigures(Model):
    """Figures of all demand, of an area (with all in it), or of a risk class.

    ``scenario_id`` None is the expected value over the travel scenarios (the worst time: over
    all). ``cover`` has one entry per weight, in name order, against the first-arrival standard;
    ``force`` the same against full force; ``second`` against a second station within the
    full-force time. Times are response times weighted by the request's population weight over
    the points a station can reach; ``unreached`` is that weight at points none can reach.
    ``p90_time_s`` is the least time within which 90 % of the reached weight is served.

    Where the request has a ``time_sigma``, ``probable`` is the weight expected to be covered when
    every response time scatters (lognormal) around its value, and ``probable_p90_s`` the least
    time within which nine of ten runs to the reached weight are expected to arrive.
    """

    scope: Literal["total", "area", "risk_class"]
    id: Identifier | None = None
    scenario_id: Identifier | None = None
    cover: tuple[WeightCover, ...]
    force: tuple[WeightCover, ...]
    second: tuple[WeightCover, ...]
    mean_time_s: Seconds | None
    p90_time_s: Seconds | None
    worst_time_s: Seconds | None
    unreached: Weight = 0.0
    probable: tuple[WeightCover, ...] = ()
    probable_p90_s: Seconds | None = None


class Figures(Model):
    """What a set of open stations achieves and costs.

    ``crew_per_10k`` is headcount per 10,000 of the population weight. ``capital_cost`` is that
    of all changes, ``yearly_cost`` that of all open stations.
    """

    groups: tuple[GroupFigures, ...]
    station_count: dict[Identifier, int]
    on_duty_people: Headcount
    headcount_people: Headcount
    vehicles: dict[Identifier, Headcount]
    crew_per_10k: float | None
    capital_cost: Money
    yearly_cost: Money


class District(Model):
    """The built-up area nearest to a station, against the nominal area of its class.

    ``nominal_area_m2`` None: the class has no district of its own.
    """

    site_id: Identifier
    built_up_area_m2: SquareMetres
    nominal_area_m2: SquareMetres | None

    @computed_field  # type: ignore[prop-decorator]
    @property
    def exceeded(self) -> bool:
        """Whether the district is larger than the class's nominal area."""
        nominal = self.nominal_area_m2
        return nominal is not None and self.built_up_area_m2 > nominal * (1 + 1e-9)


class FireStationPlan(Model):
    """Which stations are open, of which class, and what that achieves.

    ``stations`` lists every open station, kept ones included; a station in service that is
    missing there is closed. ``objective_values`` are the request's objectives in their order.
    ``allocation_before`` is the allocation of today's stations, for maps of before and after.
    """

    schema_version: str = SCHEMA_VERSION
    kind: Literal["fire_stations"] = "fire_stations"
    stations: Annotated[tuple[PlannedStation, ...], Field(min_length=0)]
    objective_values: tuple[float, ...] | None = None
    before: Figures | None = None
    after: Figures | None = None
    districts: tuple[District, ...] | None = None
    allocation: tuple[ScenarioAllocation, ...] | None = None
    allocation_before: tuple[ScenarioAllocation, ...] | None = None
    staffing: StaffingPlan | None = None
    staging: StagingPlan | None = None
    illustrative: bool = False
