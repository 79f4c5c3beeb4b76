"""Teams: who they are, what they can do, where they stand and whose they are."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from models.base import Model
from models.places import Place
from models.quantities import Headcount, Identifier, Seconds, Share
from models.text import Label

Amount = Annotated[float, Field(ge=0, description="an amount, in the unit its name says")]


class TeamStatus(StrEnum):
    """What a team does now."""

    READY = "ready"
    EN_ROUTE = "en_route"
    ON_SCENE = "on_scene"
    RESTING = "resting"
    LOST = "lost"  # out of contact or out of service: never sent


class Owner(Model):
    """Whose teams they are, and how they are released.

    ``release_delay_s`` passes before a team of theirs turns out (a call across the border).
    Where ``needs_permission``, none moves until the permission is ``granted``.
    """

    id: Identifier
    name: Label | None = None
    release_delay_s: Seconds = 0.0
    needs_permission: bool = False
    granted: bool = False


class Team(Place):
    """One team that can be sent.

    ``skills`` counts its people by what they can do; ``amounts`` is what it brings that adds up
    over teams (pump m³/h, seats, kW). ``turnout_share`` is the share of its people that turns
    out: ``floor(share * people)`` of them count, of each skill likewise.

    ``free_in_s`` is the time left: to arrive when en route, to finish on scene, to rest. A team
    on scene without one stays there. En route it may be diverted from where it is now; ready
    teams turn out first. ``shift_ends_s`` is on the clock of the request. ``position_s`` is when
    its position was last heard. ``command_span`` is how many other teams its leader can command
    at an incident; None where that is not said.
    """

    id: Identifier
    name: Label | None = None
    contact: Label | None = None
    kind: Identifier = "team"
    tier: Identifier | None = None
    skills: dict[Identifier, Headcount] = Field(default_factory=dict)
    people: Headcount = 0
    vehicles: dict[Identifier, Headcount] = Field(default_factory=dict)
    amounts: dict[Identifier, Amount] = Field(default_factory=dict)
    turnout_share: Share = 1.0
    turnout_s: Seconds = 60.0
    mode: Identifier = "road"
    zone: Identifier | None = None
    owner: Identifier | None = None
    status: TeamStatus = TeamStatus.READY
    free_in_s: Seconds | None = None
    shift_ends_s: Seconds | None = None
    position_s: Seconds | None = None
    roles_max: Annotated[int, Field(ge=1, le=20)] = 1
    command_span: Annotated[int, Field(ge=0, le=100)] | None = None
    illustrative: bool = False
