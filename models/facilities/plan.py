"""A plan of facilities in names and units, and its figures."""

from typing import Literal

from models.base import SCHEMA_VERSION, Model
from models.facilities.places import Length, SiteState
from models.quantities import Count, Identifier, Money, Weight

REACH_TOLERANCE = 1e-6  # metres or seconds: farther than the radius by less is within it
LISTED_MAX = 10_000  # points without service that are named, the heaviest first

Reason = Literal["out_of_reach", "not_open", "full"]


class OpenFacility(Model):
    """One facility of the plan; the figures are claims, checked where given.

    ``points`` and ``served`` are those whose nearest facility within reach it is, or who are
    allocated to it; ``farthest`` is the longest way to one of them.
    """

    site_id: Identifier
    state: SiteState | None = None
    cost: Money | None = None
    points: Count | None = None
    served: Weight | None = None
    farthest: Length | None = None


class Allocation(Model):
    """How much of a point one facility serves, and how far it is."""

    point_id: Identifier
    site_id: Identifier
    served: Weight
    way: Length | None = None


class Unserved(Model):
    """What of a point is not served, and why.

    ``out_of_reach``: no site that may be used lies within reach. ``not_open``: sites that could
    serve it are not built. ``full``: every facility within reach is full. ``nearest`` is the way
    to the nearest facility, None where there is none.
    """

    point_id: Identifier
    weight: Weight
    reason: Reason | None = None
    nearest: Length | None = None


class FacilityFigures(Model):
    """What a plan achieves and costs.

    Ways are over what is served; ``within_radius`` is the weight that has a facility within the
    request's radius, None without a radius.
    """

    weight: Weight
    served: Weight
    points: Count
    points_unserved: Count
    new_facilities: Count
    cost: Money
    mean_way: Length | None
    longest_way: Length | None
    within_radius: Weight | None = None


class FacilityPlan(Model):
    """Which sites have a facility, those that exist included, and whom each serves.

    A plan made by hand needs ``facilities`` alone; with capacities ``allocations`` too.
    ``allocations`` are left out where the points lie in a dataset.
    """

    schema_version: str = SCHEMA_VERSION
    kind: Literal["facilities"] = "facilities"
    facilities: tuple[OpenFacility, ...]
    allocations: tuple[Allocation, ...] | None = None
    unserved: tuple[Unserved, ...] | None = None
    objective_value: float | None = None
    figures: FacilityFigures | None = None
    illustrative: bool = False
