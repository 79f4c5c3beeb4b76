"""The disaster phase: teams that go from stop to stop over hours, and the plan of their rounds."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from models.answer import Answer
from models.base import Model
from models.dispatch.situated import Situated
from models.dispatch.walking import Night, Pace, Walk
from models.places import Place
from models.quantities import Count, Identifier, Seconds
from models.run import RunLimits
from models.text import Label, Text

Amount = Annotated[float, Field(ge=0, description="an amount, in the unit its name says")]


class Volume(Model):
    """Work that goes the faster the more a team brings: ``amount`` at ``of`` an hour.

    A waterlogging point of 600 m³ takes a team that pumps 300 m³/h two hours. ``shared``: the
    slots of the incident have an equal part each. ``uses`` is what a team hands out for each unit
    it does: litres of water for a metre of line.
    """

    of: Identifier
    amount: Annotated[float, Field(gt=0)]
    shared: bool = False
    uses: dict[Identifier, Amount] = Field(default_factory=dict)


class Work(Model):
    """What is to be known of an incident's work beside the incident itself.

    ``walk`` is the way on foot from the road's end, up before the work and down after it.
    ``approach_s`` says the way up alone, where the time is known. Teams whose mode goes all the
    way do without either. ``loads`` is what its team hands out there; ``after`` names incidents
    that must be complete before it begins. ``done_within_s`` of the report it should be complete:
    the plan counts how many are, whatever its objective.
    """

    incident_id: Identifier
    approach_s: Seconds = 0.0
    walk: Walk | None = None
    volume: Volume | None = None
    loads: dict[Identifier, Amount] = Field(default_factory=dict)
    after: tuple[Identifier, ...] = ()
    done_within_s: Seconds | None = None


class Break(Model):
    """A rest of ``length_s`` that begins between two times of the clock, wherever the team is.

    A crew that went there on foot comes down after it.
    """

    from_s: Seconds
    until_s: Seconds
    length_s: Annotated[float, Field(gt=0)]

    @model_validator(mode="after")
    def _in_order(self) -> "Break":
        if self.until_s < self.from_s:
            raise ValueError("until_s must not be before from_s")
        return self


class Crew(Model):
    """What a team carries (full at the start), its breaks, and the incidents it goes to first.

    ``reload_s`` is what filling up takes, beside what flows; ``pace`` None: the request's.
    """

    team_id: Identifier
    carries: dict[Identifier, Amount] = Field(default_factory=dict)
    reload_s: Seconds = 600.0
    breaks: tuple[Break, ...] = ()
    first: tuple[Identifier, ...] = ()
    pace: Pace | None = None


class Depot(Place):
    """A place where teams fill up all they carry: a store, a cistern, a dip point.

    Only teams of these modes and kinds, with one of these vehicles, can; an empty list lets
    everybody. What ``per_hour`` names flows at that rate; all else is there at once.
    """

    id: Identifier
    name: Label | None = None
    kind: Literal["store", "cistern", "dip_point", "helicopter_point"] = "store"
    modes: tuple[Identifier, ...] = ()
    kinds: tuple[Identifier, ...] = ()
    vehicles: tuple[Identifier, ...] = ()
    per_hour: dict[Identifier, Annotated[float, Field(gt=0)]] = Field(default_factory=dict)


class PhaseRequest(Situated):
    """Send teams from incident to incident over hours, the severest done soonest.

    What is made small is the sum of severity x seconds from now until each incident is done. An
    incident late for its deadline adds ``late_factor`` x severity for each second its work begins
    too late, unless ``hard_deadlines``: then it may not begin late. One left out counts as if done
    after ``unserved_s``.

    All teams of an incident begin together; of a ``partial`` one each for itself, for its share
    of the severity, no team for two of its slots unless it has so many roles, and never for two
    of one need. Modes must tell the way between any two places: roads or coordinates.
    ``no_foot_at_night``: who goes up on foot is up, at work and down again by day (before a break
    that follows, though the plan counts the way down after it); works are not interrupted, so one
    longer than a day's light is left to teams that need not walk.
    Current orders, reserve, pins and stability belong to immediate dispatch and must be empty.
    """

    kind: Literal["dispatch_phase"] = "dispatch_phase"
    name: Label = Label(en="Disaster phase", zh="灾害处置阶段")
    works: tuple[Work, ...] = ()
    crews: tuple[Crew, ...] = ()
    depots: tuple[Depot, ...] = ()
    pace: Pace = Pace()
    no_foot_at_night: Night | None = None
    hard_deadlines: bool = False
    late_factor: Annotated[float, Field(ge=0, le=1000)] = 1.0
    unserved_s: Annotated[float, Field(gt=0, le=31_536_000)] = 604_800.0
    limits: RunLimits = RunLimits(time_limit_s=20.0)


class Call(Model):
    """One stop of a team's round, on the clock of the request.

    ``need`` is the place of the need in the incident's list; ``first_due`` marks the slot with
    the first deadline. ``incident_id`` None: a break, then ``need`` is the break's place.
    ``by_depot``: where it fills up on the way there. Where it walks, it is at the road's end at
    ``road_end_s``, walks ``walk_s`` up to arrive, and ``back_s`` down after the work.
    ``waits_for_day``: the night alone keeps the work from beginning sooner.
    """

    incident_id: Identifier | None
    need: Count
    first_due: bool = False
    by_depot: Identifier | None = None
    road_end_s: Seconds | None = None
    walk_s: Seconds = 0.0
    arrive_s: Seconds
    start_s: Seconds
    finish_s: Seconds
    back_s: Seconds = 0.0
    waits_for_day: bool = False


class Round(Model):
    """What one team does, in order; it leaves at ``leave_s``."""

    team_id: Identifier
    leave_s: Seconds
    calls: tuple[Call, ...]


class PhasePlan(Model):
    """Rounds by team, what stays undone, and the figures.

    ``completion`` is severity x seconds until done, ``lateness`` and ``left_out`` as the request
    counts them; ``objective`` is their sum. ``done_s`` is when the last incident is done. Of
    ``targets`` incidents that should be complete within a time, ``targets_met`` are.
    """

    rounds: tuple[Round, ...]
    unserved: tuple[Identifier, ...] = ()
    severity_served: float
    severity_total: float
    completion: float
    lateness: float
    left_out: float
    objective: float
    done_s: Seconds
    targets: Count = 0
    targets_met: Count = 0


class PhaseReason(Model):
    """Why an incident is not, or not wholly, served."""

    incident_id: Identifier
    reason: Literal["SKILL", "REACHABLE", "TIME_WINDOW", "NIGHT", "AFTER", "OUTCOMPETED"]
    text: Text


class PhaseExplanation(Model):
    """Reasons for what stays undone, and how busy each team is (travel, work, waiting in s)."""

    unserved: tuple[PhaseReason, ...] = ()
    busy: dict[Identifier, tuple[Seconds, Seconds, Seconds]] = Field(default_factory=dict)


class PhaseAnswer(Answer[PhasePlan, PhaseExplanation]):
    """A verified plan; ``steps`` of the search bring it again with the request and the seed."""

    steps: Count = 0
