"""The day itself: what is known now, and which shelter opens next."""

from typing import Annotated, Literal

from pydantic import Field

from models.answer import Answer
from models.backdrop import BackdropShape
from models.base import SCHEMA_VERSION, Model
from models.places import Area
from models.quantities import Identifier, People
from models.run import RunLimits
from models.shelters.plan import Assignment, Shuttle, WithoutPlace
from models.shelters.request import ShelterRequest
from models.text import Label


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
    ``unmet_if_all_open`` is how many would lack a place with every site open that can be used:
    no order leaves fewer.
    """

    scenario_id: Identifier
    unmet_before: People
    steps: tuple[OpeningStep, ...]
    assignments: tuple[Assignment, ...]
    shuttles: tuple[Shuttle, ...] = ()
    without_place: tuple[WithoutPlace, ...]
    unmet_if_all_open: People | None = None
    complete: bool = True


class OpeningRequest(Model):
    """Which shelter opens next, given what is known now: a siting request and the situation."""

    schema_version: Literal["1.0"] = SCHEMA_VERSION
    kind: Literal["shelter_opening"] = "shelter_opening"
    name: Label = Label(en="Opening order", zh="启用顺序")
    shelters: ShelterRequest
    situation: Situation
    limits: RunLimits = RunLimits(time_limit_s=10.0)

    @property
    def areas(self) -> tuple[Area, ...]:
        """The areas of the siting request."""
        return self.shelters.areas

    @property
    def backdrop(self) -> tuple[BackdropShape, ...]:
        """What its map shows beneath."""
        return self.shelters.backdrop

    @property
    def source_crs(self) -> str | None:
        """The system its coordinates came in."""
        return self.shelters.source_crs

    @property
    def illustrative(self) -> bool:
        """Whether it rests on invented data."""
        return self.shelters.illustrative


class OpeningAnswer(Answer[OpeningOrder, Model]):
    """A verified opening order; the reasons stand beside those who are left without a place."""
