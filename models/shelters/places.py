"""Who must leave, and where they may go."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from models.base import Model
from models.places import DemandPoint, Place, Site
from models.quantities import (
    Count,
    Headcount,
    Identifier,
    Metres,
    MetresPerSecond,
    Money,
    Seconds,
    Share,
    SquareMetres,
    Weight,
)
from models.text import Label


class ListedKind(StrEnum):
    """What kind of place people are listed at."""

    GEOHAZARD_POINT = "geohazard_point"
    SLOPE = "slope"
    SITE_HUT = "site_hut"
    LOW_BASEMENT = "low_basement"
    OTHER = "other"


class Listed(Model):
    """People to move from one named place: all of them leave, whatever share others leave with.

    ``scenarios`` are those in which they must (None: every one). ``within`` is the block that
    counts the same people already: there they leave from the list alone, and area targets count
    them once. None: they come on top of what the blocks count.
    """

    kind: ListedKind
    scenarios: Annotated[tuple[Identifier, ...], Field(min_length=1)] | None = None
    within: Identifier | None = None


class Block(DemandPoint):
    """A block or cell where people are: ``weights`` counts them by group.

    ``day_weights`` counts them in a scenario by day; None: as at night. ``listed`` makes it a
    place whose people are to be moved: a geohazard point, a slope, a hut, a low basement.
    """

    name: Label | None = None
    day_weights: dict[Identifier, Weight] | None = None
    listed: Listed | None = None


class PeopleGroup(Model):
    """People with needs of their own.

    ``walk_limit_m`` and ``walk_limit_s`` tighten the request's walking limit, the latter at
    ``walking_speed_m_s``. ``m2_per_person`` is the least space each needs, whatever the phase.
    ``needs_facilities``: they go only to sites that have all of these.
    ``fetched``: they cannot walk, and go only where a vehicle of the fleet brings them; each takes
    ``seats`` of it.
    """

    id: Identifier
    name: Label | None = None
    walking_speed_m_s: MetresPerSecond = 1.2
    walk_limit_m: Metres | None = None
    walk_limit_s: Seconds | None = None
    m2_per_person: SquareMetres = 0.0
    needs_accessible: bool = False
    needs_facilities: tuple[str, ...] = ()
    fetched: bool = False
    seats: Annotated[float, Field(gt=0)] = 1.0


class Setting(StrEnum):
    """Whether a shelter has a roof."""

    INDOOR = "indoor"
    OUTDOOR = "outdoor"


class ShelterClass(Model):
    """A class that a site may be made into, with its own size, cost and life.

    ``cost`` is what making it takes: an existing site's upgrade, or what comes on top of a
    candidate's ``open_cost``; ``run_cost`` is by year. What is None is as the site has it.
    """

    id: Identifier
    name: Label | None = None
    places: Headcount | None = None
    effective_area_m2: SquareMetres | None = None
    gross_area_m2: SquareMetres | None = None
    cost: Money = 0.0
    run_cost: Money = 0.0
    last_phase: Identifier | None = None
    accessible: bool | None = None
    suitability: Share | None = None
    facilities: tuple[str, ...] | None = None


class ShelterSite(Place):
    """A place that is a shelter (``existing``) or may become one.

    ``effective_area_m2`` is what people can use; where only ``places`` are known, it is places x
    the request's ``m2_per_place``. ``gross_area_m2`` None: the effective area stands in for it.
    An existing shelter is open and costs nothing more. ``last_phase`` is the last phase that a
    site can serve, and with it all phases before; None: every one.

    ``classes`` are what it may be made into, and plans call it ``site/class`` then. At most one of
    them stands, or the site as it is: an existing one stays open, and a candidate without a size of
    its own opens only as one of its classes. ``run_cost`` is by year. ``facilities`` are what
    groups and phases may need. A walk ends at the nearest of ``entrance_points``, where there are
    any, not at the site's own position; ``entrances`` is their number alone, told in the report.
    Hazards and vehicles meet the site's own position. ``made_of`` names the site that a class was
    unfolded from.
    """

    id: Identifier
    name: Label | None = None
    setting: Setting
    area: Identifier | None = None
    places: Headcount | None = None
    effective_area_m2: SquareMetres | None = None
    gross_area_m2: SquareMetres | None = None
    existing: bool = False
    open_cost: Money = 0.0
    suitability: Annotated[Share, Field(description="0 worst, 1 best")] = 1.0
    accessible: bool = True
    last_phase: Identifier | None = None
    classes: tuple[ShelterClass, ...] = ()
    run_cost: Money = 0.0
    entrances: Count | None = None
    entrance_points: tuple[Place, ...] = ()
    facilities: tuple[str, ...] = ()
    made_of: Identifier | None = None
    illustrative: bool = False

    @property
    def class_id(self) -> str | None:
        """The class that an unfolded site is made into, None where it is as it is."""
        return None if self.made_of is None else self.id.removeprefix(f"{self.made_of}/")

    @property
    def ground(self) -> str:
        """The site it stands on: its own, or the one it is a class of."""
        return self.made_of or self.id

    def as_site(self) -> Site:
        """Return its position alone, as travel wants it."""
        return Site(id=self.ground, lat=self.lat, lon=self.lon, x_m=self.x_m, y_m=self.y_m)
