"""Crews and vehicles: who and what each chosen station gets (a second solve)."""

from typing import Annotated

from pydantic import Field

from models.base import Model
from models.quantities import Headcount, Identifier, Money
from models.run import LevelReport, Status


class Staffing(Model):
    """How crews and vehicles are shared out over the chosen stations.

    In this order: least shortfall against the class norms (people on duty, then vehicles), least
    shortfall against ``people_per_10k`` by headcount, most weight covered by full force, least
    hiring and buying. None means: people or vehicles at hand are those of the existing stations;
    hiring and buying without limit. A headcount of ``h`` puts ``h // shift_count`` on duty.
    """

    people_at_hand: Headcount | None = None
    people_hired_max: Headcount | None = None
    hire_cost_yearly: Money = 0.0
    vehicles_at_hand: dict[Identifier, Headcount] | None = None
    vehicles_bought_max: dict[Identifier, Headcount] | None = None
    vehicle_price: dict[Identifier, Money] = Field(default_factory=dict)
    people_per_10k: Annotated[float, Field(ge=0)] = 6.0


class StationCrew(Model):
    """What one station gets; ``norm_*`` is what its class asks for."""

    site_id: Identifier
    class_id: Identifier
    headcount_people: Headcount
    on_duty_people: Headcount
    vehicles: dict[Identifier, Headcount]
    norm_on_duty_people: Headcount
    norm_vehicles: dict[Identifier, Headcount]


class StaffingPlan(Model):
    """Crews and vehicles of every open station, and how good they are."""

    status: Status
    levels: tuple[LevelReport, ...]
    crews: tuple[StationCrew, ...]
    headcount_people: Headcount
    hired_people: Headcount
    bought_vehicles: dict[Identifier, Headcount]
    per_10k: float | None
    people_short_of_norm: Headcount
    vehicles_short_of_norm: Headcount
    people_short_of_per_10k: Headcount
    full_force_weight: float
    full_force_total: float
    yearly_cost: Money = 0.0
    capital_cost: Money = 0.0
