"""Where people are and where stations stand or may stand."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from models.base import Model
from models.datasets import DatasetReference
from models.quantities import (
    Headcount,
    Identifier,
    Latitude,
    Longitude,
    Metres,
    Money,
    Planar,
    Share,
    SquareMetres,
    Weight,
)
from models.text import Label


class Place(Model):
    """Something with a position: ``lat`` and ``lon`` (WGS 84), or ``x_m`` and ``y_m`` on a plane.

    Both numbers of a pair or neither; none at all where the request brings a travel-time matrix.
    ``precision`` marks a position that was found by a name, and says how exact it is: a building,
    the middle of a community. None: the position is the place's own.
    """

    lat: Latitude | None = None
    lon: Longitude | None = None
    x_m: Planar | None = None
    y_m: Planar | None = None
    precision: Identifier | None = None


class Area(Model):
    """An area that figures are given for: a community, a sub-district."""

    id: Identifier
    name: Label | None = None
    level: Identifier = "area"
    parent: Identifier | None = None


class DemandPoint(Place):
    """A place that must be served: a grid cell, a community, an address.

    ``weights`` counts what is there by name (``residents``, ``three_small``, ...); a name left
    out counts 0. ``area`` is the smallest area it lies in; its parents follow from the areas.
    ``built_up_area_m2`` defaults to ``area_m2 * (1 - forest_share)``.
    """

    id: Identifier
    weights: dict[Identifier, Weight] = Field(default_factory=lambda: {"residents": 1.0})
    risk_class: Identifier | None = None
    area: Identifier | None = None
    area_m2: SquareMetres | None = None
    forest_share: Share = 0.0
    built_up_area_m2: SquareMetres | None = None


class DemandTable(DatasetReference):
    """Demand points as a dataset: one row a point.

    Columns: ``lat`` and ``lon``, or ``x_m`` and ``y_m``; any other numeric column is a weight of
    that name; optional ``id``, ``risk_class``, ``area`` (text), ``area_m2``, ``forest_share``,
    ``built_up_area_m2``. Without ``id`` a point's id is its row number, from 0.
    """


class StationStatus(StrEnum):
    """Where an existing station stands in its life."""

    IN_SERVICE = "in_service"
    BUILT_IDLE = "built_idle"
    NOT_TRANSFERRED = "not_transferred"
    PLANNED = "planned"


class Change(StrEnum):
    """What a request may allow to be done to a station in service."""

    CLOSE = "close"
    MOVE = "move"
    STRENGTHEN = "strengthen"
    REGRADE = "regrade"


class Station(Model):
    """An existing station.

    ``headcount_people`` is everyone on its books, ``on_duty_people`` one shift. Either may be
    missing: on duty is then ``headcount // shift_count``, and a class norm where both are.
    ``may`` lists the changes the request allows; a station stays open unless it may be closed.
    """

    class_id: Identifier
    status: StationStatus = StationStatus.IN_SERVICE
    headcount_people: Headcount | None = None
    on_duty_people: Headcount | None = None
    vehicles: dict[Identifier, Headcount] | None = None
    owner: str | None = None
    may: tuple[Change, ...] = ()
    commissioning_cost: Money | None = None
    yearly_cost: Money | None = None


class Nearby(Model):
    """Something a siting rule keeps a distance from: its kind, and how far it is."""

    kind: Identifier
    distance_m: Metres
    name: Label | None = None


class Site(Place):
    """A place where a station stands (``station`` given) or may be built.

    ``allowed_classes`` are the classes that may be built here, or that an existing station may
    be regraded to; None allows every class the request asks new stations of.
    ``land_cost`` adds to the class's capital cost when one is built. ``outskirts`` gives the
    station the larger nominal area of the urban edge.
    """

    id: Identifier
    name: Label | None = None
    station: Station | None = None
    allowed_classes: Annotated[tuple[Identifier, ...], Field(min_length=1)] | None = None
    land_cost: Money = 0.0
    nearby: tuple[Nearby, ...] = ()
    outskirts: bool = False
    illustrative: bool = False
