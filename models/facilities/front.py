"""What one goal costs in terms of another: the non-dominated plans of two objectives."""

from typing import Annotated, Literal

from pydantic import Field

from models.base import Model
from models.quantities import Count, Identifier
from models.run import Status, StopReason

FEWEST_POINTS, MOST_POINTS = 2, 200

Against = Literal["cost", "longest_way"]


class FrontAsked(Model):
    """A wish to see the goal against a second objective, both at their best.

    ``against`` ``cost``: what is built beside what exists, in money, or in facilities where no
    site has a cost; for the goal ``cover``. ``longest_way``: that of the farthest point to its
    nearest facility, which measures equity as Rawls does; for ``cover`` and ``p_median``.
    ``points`` is how many are sought, spread evenly over the second objective; None: all.
    """

    against: Against
    points: Annotated[int, Field(ge=FEWEST_POINTS, le=MOST_POINTS)] | None = 20


class FrontPoint(Model):
    """A choice of sites, what the goal is worth with it, and the second objective.

    OPTIMAL: proven that no choice is as good in both and better in one. FEASIBLE: found when time
    was up; ``bound`` says how good the goal might be at the same ``against``, which is None where
    some point has no way to a facility.
    """

    status: Status
    objective: float
    bound: float
    against: float | None
    new_facilities: Count
    site_ids: tuple[Identifier, ...]


class FacilityFront(Model):
    """Points from the goal's best to the second objective's best.

    OPTIMAL: all that were asked for are there, each proven. FEASIBLE or UNKNOWN: time was up.
    INFEASIBLE: no choice keeps the limits of the request.
    """

    against: Against
    status: Status
    stop: StopReason
    points: tuple[FrontPoint, ...]
