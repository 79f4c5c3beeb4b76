"""The kept situation: what is known at a moment, and the events that change it."""

from typing import Annotated, Literal

from pydantic import Field

from models.base import Model
from models.dispatch.explanation import Candidate
from models.dispatch.incidents import Incident, ResponseLevel
from models.dispatch.plan import Order
from models.dispatch.request import DispatchRequest, TravelMode
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
    """A closure for the modes that go by road (every scenario of theirs).

    ``soon``: answers use the travel times from before the closure, which are there at once, and
    say so by ``stale_travel``, until the clock is next told to have advanced or a road is shut
    without ``soon``: that answer is exact. A service tells so itself: advanced by nothing.
    """

    kind: Literal["road_shut"] = "road_shut"
    closure: Closure
    soon: bool = False


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


EVENT_KINDS = (
    IncidentReported,
    IncidentClosed,
    TeamJoined,
    TeamReported,
    TeamMoved,
    RoadShut,
    TierOpened,
    PermissionGiven,
    OrderConfirmed,
    OrderOverridden,
    ClockAdvanced,
)
MOST_EVENTS = 1000


class NewEvents(Model):
    """Events in the order in which they happened; they count together or not at all."""

    events: Annotated[tuple[Event, ...], Field(min_length=1, max_length=MOST_EVENTS)]


class Situation(Model):
    """What is known now: a request, and the orders proposed but not yet confirmed.

    It is the fold of its events over the request it began with; ``event_count`` says how many.
    ``reasons`` say why teams are proposed, by team; ``stale_travel`` is as in `AnswerChange`.
    ``known_modes`` are the modes from before closures that answers do not know yet, if any.
    """

    request: DispatchRequest
    proposed: tuple[Order, ...] = ()
    reasons: dict[Identifier, Text] = Field(default_factory=dict)
    stale_travel: tuple[Identifier, ...] = ()
    known_modes: tuple[TravelMode, ...] = ()
    event_count: Count = 0

    @property
    def answered(self) -> DispatchRequest:
        """The request as it can be answered at once: by travel times that are there."""
        if not self.known_modes:
            return self.request
        return self.request.model_copy(update={"modes": self.known_modes})


class ProposalChange(Model):
    """How one team's proposed order changes."""

    team_id: Identifier
    was: Order | None = None
    now: Order | None = None
    why: Text


class AnswerChange(Model):
    """What an event changes in the answer, and what it leaves doubtful.

    ``stale_travel``: the teams whose orders rest on travel times from before a closure; the exact
    answer follows.
    """

    event_count: Count
    changes: tuple[ProposalChange, ...] = ()
    unserved: tuple[Identifier, ...] = ()
    duplicates: tuple[tuple[Identifier, Identifier], ...] = ()
    stale_teams: tuple[Identifier, ...] = ()
    stale_travel: tuple[Identifier, ...] = ()
    quality: Literal["proven", "improving", "greedy"]


class OrderStatus(Model):
    """A team's order: proposed, confirmed (in force), or in force while another is proposed.

    ``by``: who confirmed it. ``line``: the order for radio or chat; None where it is not proposed.
    ``stale_travel``: its times are from before a closure.
    """

    team_id: Identifier
    incident_id: Identifier
    need: Count | None = None
    status: Literal["proposed", "confirmed", "diverted"]
    leave_s: Seconds | None = None
    arrive_s: Seconds | None = None
    by: str | None = None
    line: Label | None = None
    stale_travel: bool = False


class Orders(Model):
    """The orders of a situation, those to arrive first before others."""

    event_count: Count
    now_s: Seconds
    orders: tuple[OrderStatus, ...]


class LoggedEvent(Model):
    """An event of the log: its number, when it was told, by whose key, and what it changed.

    Of events that came together the last holds what they change.
    """

    number: Count
    told: str
    who: str
    event: Event
    change: AnswerChange | None = None


class Supposition(Model):
    """What is supposed: more teams, closures, tiers open for lower levels."""

    teams: tuple[Team, ...] = ()
    closures: tuple[Closure, ...] = ()
    tiers: dict[Identifier, ResponseLevel] = Field(default_factory=dict)


class Supposed(Model):
    """What a supposition would change: orders, and the figures before and after."""

    changes: tuple[ProposalChange, ...]
    severity_served: float
    severity_if: float
    unserved: tuple[Identifier, ...]
    unserved_if: tuple[Identifier, ...]
    response: float
    response_if: float
    quality: Literal["proven", "improving", "greedy"]


class Ranking(Model):
    """The teams that could take an incident now, best first.

    ``stale_travel`` is as in `AnswerChange`.
    """

    incident_id: Identifier
    candidates: tuple[Candidate, ...]
    stale_travel: tuple[Identifier, ...] = ()


class KeptSituation(Model):
    """A situation as it is told; lists leave out what it holds.

    ``event_count`` is also its ETag. ``change``: the first proposals, as it begins.
    """

    id: str
    name: Label
    created: str
    event_count: Count
    now_s: Seconds
    situation: Situation | None = None
    change: AnswerChange | None = None
    links: tuple[dict[str, str], ...]


class EventLog(Model):
    """Events of a situation by number."""

    events: tuple[LoggedEvent, ...]
    links: tuple[dict[str, str], ...]
