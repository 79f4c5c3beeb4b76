"""What a plan must keep."""

from typing import Annotated, Literal

from pydantic import Field

from models.base import Model
from models.quantities import Count, Identifier, Metres, Money, Share, SquareMetres

Reading = Literal["effective", "gross"]


class AreaTarget(Model):
    """Shelter area per resident of at least ``m2_per_resident``.

    Reading A (``effective``) counts the area people can use, reading B (``gross``) the whole
    site. ``level`` None: over the whole request; else in every area of that level.
    """

    m2_per_resident: Annotated[SquareMetres, Field(gt=0)] = 1.5
    reading: Reading = "effective"
    level: Identifier | None = None


class ServedFloor(Model):
    """At least this share of those who leave has a place, in every scenario.

    ``group`` and ``area`` narrow it to a group of people or the blocks of an area.
    """

    share: Share
    group: Identifier | None = None
    area: Identifier | None = None


class ShelterRules(Model):
    """The rules; what is left out does not bind."""

    walk_limit_m: Metres = 1000.0
    budget: Money | None = None
    max_new_sites: Count | None = None
    open_sites: tuple[Identifier, ...] = ()
    forbidden_sites: tuple[Identifier, ...] = ()
    served_floors: tuple[ServedFloor, ...] = ()
    area_targets: tuple[AreaTarget, ...] = ()
