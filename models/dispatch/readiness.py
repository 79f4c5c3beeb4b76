"""Readiness: what cover is left for the calls to come, and which idle teams should move up."""

from typing import Annotated, Literal

from pydantic import Field

from models.answer import Answer
from models.base import Model
from models.dispatch.situated import Situated
from models.places import Place
from models.quantities import Identifier, Seconds, Share
from models.run import RunLimits
from models.text import Label

Demand = Annotated[float, Field(ge=0, description="expected calls, in any one unit")]


class Zone(Place):
    """Where calls may come from, and how many are expected beside the other zones."""

    id: Identifier
    name: Label | None = None
    demand: Demand = 1.0


class Post(Place):
    """Where a team can wait: a station, a square, a school yard; None: for any number."""

    id: Identifier
    name: Label | None = None
    teams_max: Annotated[int, Field(ge=1)] | None = None


class ReadinessRequest(Situated):
    """Keep the expected cover of the zones high with the teams that are ready now.

    A zone that ``k`` ready teams reach within ``standard_s`` (turnout included) is covered with
    probability ``1 - busy_share ** k``. A move must bring more than ``least_gain`` of all demand.
    Where more than ``move_up_below`` of the teams in contact are busy, nobody moves: then moves
    take away more than they bring. Modes tell ways between any places: roads or coordinates.
    """

    kind: Literal["dispatch_readiness"] = "dispatch_readiness"
    name: Label = Label(en="Readiness", zh="备勤与移防")
    zones: Annotated[tuple[Zone, ...], Field(min_length=1)]
    posts: Annotated[tuple[Post, ...], Field(min_length=1)]
    standard_s: Annotated[float, Field(gt=0)] = 480.0
    busy_share: Annotated[float, Field(gt=0, lt=1)] = 0.3
    move_up_below: Share = 0.35
    moves_max: Annotated[int, Field(ge=0, le=100)] = 3
    least_gain: Share = 0.005
    limits: RunLimits = RunLimits(time_limit_s=10.0)


class MoveUp(Model):
    """An idle team that goes to wait elsewhere."""

    team_id: Identifier
    post_id: Identifier
    way_s: Seconds


class TeamWorth(Model):
    """What the cover falls by, as a share of all demand, if this team alone is sent away now."""

    team_id: Identifier
    loss: Share


class ReadinessPlan(Model):
    """Moves, and the expected cover before and after them, as shares of all demand.

    ``busy`` is the share of teams in contact that are busy; ``gated``: it is too high to move.
    """

    moves: tuple[MoveUp, ...]
    cover_before: Share
    cover_after: Share
    worth: tuple[TeamWorth, ...]
    bare_zones: tuple[Identifier, ...]
    busy: Share
    gated: bool


class ReadinessAnswer(Answer[ReadinessPlan, Model]):
    """A verified plan; each team's worth and the zones that nobody reaches are its reasons."""
