"""Incidents and what they need, by their own word or by a response plan."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from models.base import Model
from models.places import Place
from models.quantities import Headcount, Identifier, Seconds
from models.text import Label


class ResponseLevel(StrEnum):
    """The response level; I is the highest."""

    IV = "IV"
    III = "III"
    II = "II"
    I = "I"  # noqa: E741 - the level's own name


RANKS = {level: rank for rank, level in enumerate(ResponseLevel)}


class TeamNeed(Model):
    """So many teams, each of which can do it.

    A team fits if, of those that turn out, it has ``min_skilled`` people of ``skill`` and
    ``min_people`` in all, and the ``vehicles``. ``skill`` None: any team. ``within_s`` is this
    need's own deadline, counted from the report; the incident's for full force otherwise.
    ``first_due``: one of these teams is the first to arrive, by the incident's first deadline.
    """

    kind: Literal["teams"] = "teams"
    skill: Identifier | None = None
    teams: Annotated[int, Field(ge=1, le=1000)] = 1
    min_skilled: Annotated[int, Field(ge=1)] = 1
    min_people: Headcount = 0
    vehicles: dict[Identifier, Headcount] = Field(default_factory=dict)
    within_s: Seconds | None = None
    first_due: bool = False


class AmountNeed(Model):
    """An amount that teams bring together: m³/h of pumps, seats, kW, litres, metres of dyke."""

    kind: Literal["amount"] = "amount"
    of: Identifier
    amount: Annotated[float, Field(gt=0)]
    within_s: Seconds | None = None


Need = Annotated[TeamNeed | AmountNeed, Field(discriminator="kind")]
Needs = Annotated[tuple[Need, ...], Field(min_length=1, max_length=100)]


class ResponsePlan(Model):
    """What an incident of a kind and level gets; ``level`` None is for every other level."""

    incident_kind: Identifier
    level: ResponseLevel | None = None
    needs: Needs
    first_within_s: Seconds | None = None
    full_within_s: Seconds | None = None


class Incident(Place):
    """Something that happened and wants teams.

    ``reported_s`` is when it was reported, on the clock of the request; ``first_within_s`` and
    ``full_within_s`` count from there. What it does not say itself (needs, deadlines) its
    response plan says. ``severity`` is a whole number, by the level where there is none.
    An incident of a ``parent`` is answered at the parent's level where that is higher.
    ``partial``: every team that comes counts for its share; otherwise all or none come.
    """

    id: Identifier
    name: Label | None = None
    kind: Identifier = "incident"
    level: ResponseLevel = ResponseLevel.IV
    severity: Annotated[int, Field(ge=1, le=10_000)] | None = None
    zone: Identifier | None = None
    reported_s: Seconds = 0.0
    needs: Needs | None = None
    first_within_s: Seconds | None = None
    full_within_s: Seconds | None = None
    on_scene_s: Seconds = 0.0
    partial: bool = True
    parent: Identifier | None = None
    illustrative: bool = False
