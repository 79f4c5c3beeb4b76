"""What a plan must keep."""

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from models.base import Model
from models.fire_stations.objectives import ScenarioMode
from models.quantities import Count, Headcount, Identifier, Metres, Money, Seconds, Share


class CountRange(Model):
    """How many: from ``min`` to ``max`` (None: no limit); a plain number means exactly it."""

    min: Count = 0
    max: Count | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_number(cls, data: Any) -> Any:
        exact = isinstance(data, int) and not isinstance(data, bool)
        return {"min": data, "max": data} if exact else data


class SiteChoice(Model):
    """A site, and the class it is to have (None: any allowed)."""

    site_id: Identifier
    class_id: Identifier | None = None


class IdlePolicy(StrEnum):
    """What happens to stations that are built but not in service."""

    CLOSED = "closed"
    MAY_OPEN = "may_open"
    OPEN = "open"


class Spacing(Model):
    """A least straight-line distance of each new station from other stations.

    ``between`` = ``new``: from other new ones; ``all``: from every open station.
    """

    distance_m: Metres
    between: Literal["new", "all"] = "all"


class Clearance(Model):
    """New stations stand at least ``distance_m`` from anything nearby of ``kind``."""

    kind: Identifier
    distance_m: Metres


class CoverFloor(Model):
    """At least ``share`` of the weight must be covered within ``within_s``.

    Of all demand; or of one ``risk_class``; or of one ``area`` with all that lies in it; or,
    with ``each``, of every risk class, or of every area of ``level``, apart. In the expected
    value over travel scenarios, or in the worst of them. ``within_s`` defaults as for cover.
    """

    share: Share
    weight: Identifier = "residents"
    within_s: Seconds | None = None
    scenarios: ScenarioMode = "expected"
    risk_class: Identifier | None = None
    area: Identifier | None = None
    each: Literal["risk_class", "area"] | None = None
    level: Identifier | None = None


class Rules(Model):
    """The rules of a siting request; every one may be left out.

    ``capital_budget`` bounds the capital cost of all changes, ``yearly_budget`` what they add to
    the yearly cost, ``crew_limit_people`` what they add to the people on duty.
    ``small_adjoins_larger``: a station of the lowest rank may be opened only if some demand
    point is within the first-arrival standard of it and of an open station of a higher rank, in
    the first travel scenario. ``nominal_area``: a station's district (the demand points nearest
    to it in the first travel scenario, ties to the lower id) is held against the nominal area of
    its class: ``report`` says where it is exceeded, ``enforce`` forbids it.
    """

    open_sites: tuple[SiteChoice, ...] = ()
    forbidden_sites: tuple[Identifier, ...] = ()
    idle_stations: IdlePolicy = IdlePolicy.CLOSED
    capital_budget: Money | None = None
    yearly_budget: Money | None = None
    crew_limit_people: Headcount | None = None
    spacing: Spacing | None = None
    clearances: tuple[Clearance, ...] = ()
    cover_floors: tuple[CoverFloor, ...] = ()
    small_adjoins_larger: bool = False
    nominal_area: Annotated[Literal["report", "enforce"], Field()] = "report"
