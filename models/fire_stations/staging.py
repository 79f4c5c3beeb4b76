"""In which year each chosen site is built, under yearly budgets."""

from typing import Annotated

from pydantic import Field

from models.base import Model
from models.quantities import Identifier, Money
from models.run import LevelReport, Status


class StageYear(Model):
    """One year and the capital it grants; what is left over carries to the next year."""

    year: int
    capital_budget: Money


class Staging(Model):
    """The years in which the final set is opened, first to last.

    The order is chosen so that the sum over years of the first objective, counted at each
    year's end, is best. Every opening must be paid by its year; what cannot be paid by the last
    year is an infeasibility, reported as such.
    """

    years: Annotated[tuple[StageYear, ...], Field(min_length=1, max_length=50)]


class StagedYear(Model):
    """What opens in a year, what it costs and the first objective at its end."""

    year: int
    opened_sites: tuple[Identifier, ...]
    capital_cost: Money
    budget_left: float
    objective: float


class StagingPlan(Model):
    """The order of building, and how good it is."""

    status: Status
    level: LevelReport
    years: tuple[StagedYear, ...]
