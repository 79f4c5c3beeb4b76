"""Pre-positioning: where teams wait for what a warning announces, over scenarios."""

from typing import Annotated, Literal

from pydantic import Field

from models.answer import Answer
from models.base import Model
from models.dispatch.incidents import Incident
from models.dispatch.readiness import MoveUp, Post
from models.dispatch.situated import Situated
from models.quantities import Count, Identifier
from models.run import RunLimits
from models.text import Label, Text


class WarningScenario(Model):
    """What may happen: incidents at once, with their needs and deadlines counted from then."""

    id: Identifier
    name: Label | None = None
    probability: Annotated[float, Field(gt=0, le=1)]
    incidents: Annotated[tuple[Incident, ...], Field(min_length=1, max_length=1000)]


class PositioningRequest(Situated):
    """Send ready teams to posts before a warning comes true, so that most severity is served.

    An incident counts where all its needs are met in time, its *standard response*; the sum over
    scenarios of probability x severity served is made large, less ``least_gain`` for each move.
    Probabilities may sum to less than 1: else nothing happens. Who goes where in a scenario is
    decided when it is known, each team for one need, of teams or of an amount. Modes
    tell ways between any places. Incidents and orders of the situation are not looked at; its
    teams that are ready are.
    """

    kind: Literal["dispatch_positioning"] = "dispatch_positioning"
    name: Label = Label(en="Pre-positioning", zh="力量预置")
    posts: Annotated[tuple[Post, ...], Field(min_length=1)]
    scenarios: Annotated[tuple[WarningScenario, ...], Field(min_length=1, max_length=200)]
    moves_max: Annotated[int, Field(ge=0, le=1000)] = 1000
    least_gain: Annotated[float, Field(ge=0)] = 0.01
    limits: RunLimits = RunLimits(time_limit_s=20.0)


class ScenarioOrder(Model):
    """Who goes to which need of an incident if its scenario comes true."""

    team_id: Identifier
    incident_id: Identifier
    need: Count
    first_due: bool = False


class ScenarioOutcome(Model):
    """What one scenario comes to: orders, and the incidents that are not served."""

    scenario_id: Identifier
    orders: tuple[ScenarioOrder, ...] = ()
    unserved: tuple[Identifier, ...] = ()
    severity_served: float
    severity_total: float


class PositioningPlan(Model):
    """Moves, what each scenario comes to with them and without, and the expected severity."""

    moves: tuple[MoveUp, ...]
    outcomes: tuple[ScenarioOutcome, ...]
    staying: tuple[ScenarioOutcome, ...]
    expected_after: float
    expected_before: float
    expected_total: float


class PositioningReason(Model):
    """Why an incident of a scenario is not served.

    SKILL: fewer teams are ready that can do it than it wants, or they bring less than it wants in
    all. TIME_WINDOW: too few of them reach it in time from wherever they may wait. OUTCOMPETED:
    they are wanted elsewhere, in this scenario or another.
    """

    scenario_id: Identifier
    incident_id: Identifier
    reason: Literal["SKILL", "TIME_WINDOW", "OUTCOMPETED"]
    text: Text


class PositioningExplanation(Model):
    """A reason for each incident that is not served with the moves."""

    unserved: tuple[PositioningReason, ...] = ()


class PositioningAnswer(Answer[PositioningPlan, PositioningExplanation]):
    """A verified plan of where to wait, with its reasons."""
