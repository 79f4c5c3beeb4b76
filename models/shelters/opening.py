"""The day itself: what is known now, and which shelter opens next."""

from typing import Annotated

from pydantic import Field

from models.base import Model
from models.quantities import Identifier, People
from models.shelters.plan import Assignment, WithoutPlace


class Situation(Model):
    """What is known now, in one scenario of the request.

    ``open_sites`` are open already, ``closed_sites`` cannot be used (lost, or their road is cut).
    ``inside`` counts the people whom a site has taken in, of whatever block: their space is gone.
    ``heads`` counts who still needs a place, by block and group; a block that is not named counts
    as the scenario expects it.
    """

    scenario_id: Identifier
    open_sites: tuple[Identifier, ...] = ()
    closed_sites: tuple[Identifier, ...] = ()
    inside: dict[Identifier, People] = Field(default_factory=dict)
    heads: dict[Identifier, dict[Identifier, People]] = Field(default_factory=dict)
    steps_max: Annotated[int, Field(ge=0, le=1000)] = 20


class OpeningStep(Model):
    """The next site to open: how many more have a place then, and how many still have none."""

    site_id: Identifier
    gains: People
    unmet: People


class OpeningOrder(Model):
    """Which sites open next, in order, and where everybody goes once the last one is open.

    ``complete`` is False where time ran out before no site would help any more.
    """

    scenario_id: Identifier
    unmet_before: People
    steps: tuple[OpeningStep, ...]
    assignments: tuple[Assignment, ...]
    without_place: tuple[WithoutPlace, ...]
    complete: bool = True
