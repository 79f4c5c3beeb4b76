"""The kept situation: what is known at a moment, and the events that change it."""

from typing import Annotated, Literal

from pydantic import Field

from models.base import Model
from models.dispatch.incidents import Incident, ResponseLevel
from models.dispatch.plan import Order
from models.dispatch.request import DispatchRequest
from models.dispatch.teams import Team, TeamStatus
from models.places import Place
from models.quantities import Count, Identifier, Seconds
from models.roads import Closure
from models.text import Label, Text


class _Event(Model):
    """What happened when, and who said so; times are on the clock of the request."""

    at_s: Seconds
    by: str


class IncidentReported(_Event):
    """A new incident, or a known one told anew."""

    kind: Literal["incident_reported"] = "incident_reported"
    incident: Incident


class IncidentClosed(_Event):
    """An incident is over; its teams are free from now on."""

    kind: Literal["incident_closed"] = "incident_closed"
    incident_id: Identifier


class TeamJoined(_Event):
    """A new team, or a known one told anew."""

    kind: Literal["team_joined"] = "team_joined"
    team: Team


class TeamReported(_Event):
    """A team's status: ready, en route or on scene with a time left, resting, lost."""

    kind: Literal["team_reported"] = "team_reported"
    team_id: Identifier
    status: TeamStatus
    free_in_s: Seconds | None = None


class TeamMoved(_Event):
    """Where a team is."""

    kind: Literal["team_moved"] = "team_moved"
    team_id: Identifier
    place: Place


class RoadShut(_Event):
    """A closure for the modes that go by road (every scenario of theirs)."""

    kind: Literal["road_shut"] = "road_shut"
    closure: Closure


class TierOpened(_Event):
    """A tier opens for incidents of this level and above."""

    kind: Literal["tier_opened"] = "tier_opened"
    tier_id: Identifier
    opens_at: ResponseLevel = ResponseLevel.IV


class PermissionGiven(_Event):
    """An owner lets its teams go, or no longer."""

    kind: Literal["permission_given"] = "permission_given"
    owner_id: Identifier
    granted: bool = True


class OrderConfirmed(_Event):
    """The dispatcher ``by`` confirms a proposed order: it is in force."""

    kind: Literal["order_confirmed"] = "order_confirmed"
    team_id: Identifier
    incident_id: Identifier
    need: Count | None = None


class OrderOverridden(_Event):
    """The dispatcher ``by`` decides otherwise than proposed, with a reason.

    With an ``incident_id`` the team is pinned there; without, it shall not go to the incident it
    was proposed for (``was``).
    """

    kind: Literal["order_overridden"] = "order_overridden"
    team_id: Identifier
    was: Identifier | None = None
    incident_id: Identifier | None = None
    need: Count | None = None
    reason: Label


class ClockAdvanced(_Event):
    """Nothing but time has passed."""

    kind: Literal["clock_advanced"] = "clock_advanced"


Event = Annotated[
    IncidentReported
    | IncidentClosed
    | TeamJoined
    | TeamReported
    | TeamMoved
    | RoadShut
    | TierOpened
    | PermissionGiven
    | OrderConfirmed
    | OrderOverridden
    | ClockAdvanced,
    Field(discriminator="kind"),
]


class Situation(Model):
    """What is known now: a request, and the orders proposed but not yet confirmed.

    It is the fold of its events over the request it began with; ``event_count`` says how many.
    """

    request: DispatchRequest
    proposed: tuple[Order, ...] = ()
    event_count: Count = 0


class ProposalChange(Model):
    """How one team's proposed order changes."""

    team_id: Identifier
    was: Order | None = None
    now: Order | None = None
    why: Text


class AnswerChange(Model):
    """What an event changes in the answer, and what it leaves doubtful."""

    event_count: Count
    changes: tuple[ProposalChange, ...] = ()
    unserved: tuple[Identifier, ...] = ()
    duplicates: tuple[tuple[Identifier, Identifier], ...] = ()
    stale_teams: tuple[Identifier, ...] = ()
    quality: Literal["proven", "improving", "greedy"]
