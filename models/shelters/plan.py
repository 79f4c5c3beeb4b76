"""A shelter plan in names and units, and its figures."""

from typing import Literal

from pydantic import computed_field

from models.base import SCHEMA_VERSION, Model
from models.quantities import Count, Identifier, Metres, Money, People, Seconds, SquareMetres

NOBODY = 1e-4  # people of one group of one block: fewer without a place are rounding
ROOM = 0.5  # of the space of a person: a site has room left for one
SPHERE_M2 = 3.5  # covered floor per person, Sphere Handbook, Shelter standard 3

Reason = Literal[
    "too_far",
    "too_late",
    "not_accessible",
    "not_equipped",
    "in_hazard",
    "waiting",
    "kept_out",
    "not_open",
    "full",
]


class OpenShelter(Model):
    """One open shelter; the figures are claims, checked where given."""

    site_id: Identifier
    existing: bool | None = None
    open_cost: Money | None = None


class Assignment(Model):
    """People of one group of one block who go to one shelter, in one scenario.

    Those who are fetched walk nowhere: ``ride_s`` is how long they ride.
    """

    scenario_id: Identifier
    block_id: Identifier
    group: Identifier
    site_id: Identifier
    people: People
    walk_m: Metres | None = None
    ride_s: Seconds | None = None


class Shuttle(Model):
    """Vehicles of one kind that go between one block and one site in a scenario, all day long.

    ``rounds`` is what each of them makes by the deadline, a claim that is checked.
    """

    scenario_id: Identifier
    vehicle_id: Identifier
    block_id: Identifier
    site_id: Identifier
    vehicles: Count
    rounds: Count


class WalkRoute(Model):
    """The way on foot from a block to a site, in one state of the ways: positions as (lon, lat)."""

    travel_scenario: Identifier
    block_id: Identifier
    site_id: Identifier
    lon_lat: tuple[tuple[float, float], ...]


class WithoutPlace(Model):
    """People left without a place, and why.

    ``too_far``: no site of the request lies within their walking limit. ``not_accessible``: none
    of those that do is accessible to them. ``not_equipped``: none of those has the facilities that
    they need. ``in_hazard``: every such site is lost in this scenario, or serves not at all in it.
    ``kept_out``: an open site has room for them, and other rules or aims of the request keep them
    out. ``not_open``: sites that could serve stay closed. ``full``: all open ones they can reach
    are full. Of those who must be fetched, ``too_late``: no vehicle brings anybody to any site by
    the deadline; ``waiting``: an open site has room for them, and no vehicle is left to bring them
    by then.
    """

    scenario_id: Identifier
    block_id: Identifier
    group: Identifier
    people: People
    reason: Reason | None = None


class StagePlan(Model):
    """What opens or is upgraded in one stage, and what that costs."""

    stage_id: Identifier
    site_ids: tuple[Identifier, ...]
    cost: Money


class Fill(Model):
    """How full one open shelter is in one scenario; capacity 0 where it is lost."""

    scenario_id: Identifier
    site_id: Identifier
    people: People
    used_m2: SquareMetres
    capacity_m2: SquareMetres
    effective_m2_per_person: float | None
    gross_m2_per_person: float | None


class ScenarioFigures(Model):
    """One scenario in numbers; walks are over those who have a place and walked there."""

    scenario_id: Identifier
    leaving: People
    sheltered: People
    unmet: People
    fetched: People = 0.0
    mean_walk_m: Metres | None
    p90_walk_m: Metres | None
    worst_walk_m: Metres | None


class AreaReading(Model):
    """Open shelter area per resident, in both readings.

    ``city``: all of the request; ``area``: one of its areas; ``catchment``: the blocks to which
    one open site (``id``) is the nearest of those within the walking limit, or, with ``id``
    None, the blocks that have none.
    """

    scope: Literal["city", "area", "catchment"]
    id: Identifier | None = None
    residents: People
    effective_m2: SquareMetres
    gross_m2: SquareMetres

    @computed_field  # type: ignore[prop-decorator]
    @property
    def effective_m2_per_resident(self) -> float | None:
        """Reading A."""
        return self.effective_m2 / self.residents if self.residents > 0 else None

    @computed_field  # type: ignore[prop-decorator]
    @property
    def gross_m2_per_resident(self) -> float | None:
        """Reading B."""
        return self.gross_m2 / self.residents if self.residents > 0 else None


class ShelterFigures(Model):
    """What a plan achieves and costs."""

    expected_unmet: People
    unmet_risk: People
    open_cost: Money
    new_sites: Count
    upgraded_sites: Count = 0
    expected_person_metres: float
    scenarios: tuple[ScenarioFigures, ...]
    readings: tuple[AreaReading, ...]


class ShelterPlan(Model):
    """Which sites are shelters, and who goes where in each scenario.

    A plan made by hand needs ``shelters`` and ``assignments``; who is in none of them has no
    place. Whoever is fetched needs ``shuttles``. ``routes`` are for the map where people walk along
    roads. ``objective_values`` are the request's objectives
    in their order.
    """

    schema_version: str = SCHEMA_VERSION
    kind: Literal["shelters"] = "shelters"
    shelters: tuple[OpenShelter, ...]
    assignments: tuple[Assignment, ...]
    shuttles: tuple[Shuttle, ...] = ()
    stages: tuple[StagePlan, ...] | None = None
    routes: tuple[WalkRoute, ...] = ()
    without_place: tuple[WithoutPlace, ...] | None = None
    fills: tuple[Fill, ...] | None = None
    objective_values: tuple[float, ...] | None = None
    figures: ShelterFigures | None = None
    illustrative: bool = False
