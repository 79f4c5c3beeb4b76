"""What a plan must keep."""

from typing import Annotated, Literal

from pydantic import Field

from models.base import Model
from models.quantities import Count, Identifier, Metres, Money, People, Share, SquareMetres
from models.text import Label

CATCHMENT = "catchment"  # the level of targets that hold in every walking catchment
Reading = Literal["effective", "gross"]


class AreaTarget(Model):
    """Shelter area per resident of at least ``m2_per_resident``.

    Reading A (``effective``) counts the area people can use, reading B (``gross``) the whole
    site. ``level`` None: over the whole request; ``catchment``: in every walking catchment, which
    is an open site and the blocks to which it is the nearest open one within the walking limit (a
    block must then lie in one, if any site of the request is within that limit); else in every
    area of that level.
    """

    m2_per_resident: Annotated[SquareMetres, Field(gt=0)] = 1.5
    reading: Reading = "effective"
    level: Identifier | None = None


class ServedFloor(Model):
    """At least this share of those who leave has a place, in every scenario.

    ``group`` and ``area`` narrow it to a group of people or the blocks of an area; with ``level``
    it holds in every area of that level by itself.
    """

    share: Share
    group: Identifier | None = None
    area: Identifier | None = None
    level: Identifier | None = None


class CentralShelters(Model):
    """At least one central shelter per so many residents and so much built-up area.

    Central is an open site of at least ``least_effective_m2``. Defaults: GB 51143-2015 (recalled)
    for the size; a code text found for people and area (see the planning standards).
    """

    people_each: Annotated[float, Field(gt=0)] = 500_000.0
    built_up_m2_each: Annotated[SquareMetres, Field(gt=0)] = 50e6
    least_effective_m2: SquareMetres = 200_000.0


class ChanceLimit(Model):
    """More than ``people_max`` lack a place with a probability of ``risk`` at most.

    Each phase of a scenario counts by itself, with its part of the scenario's probability.
    """

    people_max: People
    risk: Share = 0.1


class Stage(Model):
    """A step in which sites open: a year, a budget. Money that is left goes to the next stage."""

    id: Identifier
    name: Label | None = None
    budget: Money


class ShelterRules(Model):
    """The rules; what is left out does not bind.

    ``stages`` say when new and upgraded sites open: their budgets together bound the cost, and the
    plan opens first what helps most.

    ``together`` sends all people of a block (``block``), or of an area of that level, who leave
    in a scenario and have a place to one and the same site. ``nearest_first`` is how much farther
    a site may be than a nearer one with room: nobody is sent more than ``1 + nearest_first`` times
    as far as to an open site that still has room for a person. ``least_fill`` is the least share
    of its space that a site with people in it is filled to, in every scenario; ``fill_balance`` the
    largest difference of these shares among the sites of one setting, or, with ``balance_within``
    ``class``, among those of one setting made into one class (sites as they are: one more).
    """

    walk_limit_m: Metres = 1000.0
    budget: Money | None = None
    max_new_sites: Count | None = None
    stages: tuple[Stage, ...] = ()
    open_sites: tuple[Identifier, ...] = ()
    forbidden_sites: tuple[Identifier, ...] = ()
    served_floors: tuple[ServedFloor, ...] = ()
    area_targets: tuple[AreaTarget, ...] = ()
    together: Identifier | None = None
    nearest_first: Annotated[float, Field(ge=0, le=10)] | None = None
    least_fill: Share | None = None
    fill_balance: Share | None = None
    balance_within: Literal["setting", "class"] = "setting"
    central: CentralShelters | None = None
    chance: ChanceLimit | None = None
