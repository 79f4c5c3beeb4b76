"""The question of team dispatch: whom to send, at once."""

from typing import Annotated, Literal

from pydantic import Field

from models.answer import Assumption
from models.backdrop import BackdropShape
from models.base import SCHEMA_VERSION, Model
from models.dispatch.incidents import Incident, ResponsePlan
from models.dispatch.policy import Policy
from models.dispatch.teams import Owner, Team
from models.places import Area
from models.quantities import Identifier, Seconds
from models.run import RunLimits
from models.text import Label
from models.travel import ByCoordinates, Travel


class TravelMode(Model):
    """A way to travel: by road, high-clearance vehicle, boat, on foot.

    Rows of a matrix are the incidents, its columns all teams, both in the order of the request.
    The first scenario counts. ``to_the_spot``: as by helicopter, its teams are set down at the
    work itself, where others walk on from the road's end.
    """

    id: Identifier
    name: Label | None = None
    travel: Travel = ByCoordinates()
    to_the_spot: bool = False


class CurrentOrder(Model):
    """An order in force: ``team_id`` is sent to ``incident_id``; ``need`` as in a pin."""

    team_id: Identifier
    incident_id: Identifier
    need: Annotated[int, Field(ge=0)] | None = None
    confirmed_by: str | None = None


class DispatchRequest(Model):
    """Send teams to incidents now.

    Needed are ``teams`` and ``incidents``; what an incident needs stands with it or in a response
    plan of its kind. All times are seconds on one clock; ``now_s`` is its present reading.
    ``deadline_ms`` bounds the time to the answer: the best plan found by then comes back.
    """

    schema_version: Literal["1.0"] = SCHEMA_VERSION
    kind: Literal["dispatch_teams"] = "dispatch_teams"
    mode: Literal["immediate"] = "immediate"
    name: Label = Label(en="Team dispatch", zh="力量调派")
    now_s: Seconds = 0.0
    teams: Annotated[tuple[Team, ...], Field(min_length=1)]
    incidents: tuple[Incident, ...]
    response_plans: tuple[ResponsePlan, ...] = ()
    owners: tuple[Owner, ...] = ()
    policy: Policy = Policy()
    modes: Annotated[tuple[TravelMode, ...], Field(min_length=1)] = (TravelMode(id="road"),)
    orders: tuple[CurrentOrder, ...] = ()
    areas: tuple[Area, ...] = ()
    skill_names: dict[Identifier, Label] = Field(default_factory=dict)
    assumptions: tuple[Assumption, ...] = ()
    backdrop: tuple[BackdropShape, ...] = ()
    source_crs: str | None = None
    illustrative: bool = False
    deadline_ms: Annotated[int, Field(ge=10, le=600_000)] = 800
    limits: RunLimits = RunLimits()
