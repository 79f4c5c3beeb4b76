"""How long a run may take, and how it went."""

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field, computed_field

from models.base import Model
from models.quantities import Count, Seconds, Sha256


class Status(StrEnum):
    """What came back."""

    OPTIMAL = "optimal"  # every level is proven
    FEASIBLE = "feasible"  # a plan, but no proof
    INFEASIBLE = "infeasible"  # proof that no plan exists
    UNKNOWN = "unknown"  # neither a plan nor a proof


class StopReason(StrEnum):
    """Why the run ended."""

    PROOF = "proof"
    TIME = "time"
    WORK = "work"  # the node limit, or a replay's ordinal
    CANCELLED = "cancelled"
    CONVERGED = "converged"  # a heuristic ran out of improving moves


Backend = Literal["highs", "cp_sat", "mathopt", "pulp"]


class RunLimits(Model):
    """What the caller grants a run.

    ``pulp_solver`` is the solver that the backend ``pulp`` calls, by PuLP's name for it
    (``GUROBI_CMD``, ``CPLEX_CMD``, ``XPRESS_CMD``, ...); None is CBC.

    ``node_limit`` bounds the branch-and-bound nodes of each level: with it, and with time to
    spare, the same request and seed give the same plan on any machine of the same versions.
    """

    time_limit_s: Annotated[float, Field(gt=0, le=604_800)] = 60.0
    threads: Annotated[int, Field(ge=1, le=256)] = 1
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0
    node_limit: Annotated[int, Field(ge=0)] | None = None
    backend: Backend = "highs"
    pulp_solver: Annotated[str, Field(min_length=1, max_length=50)] | None = None


def relative_gap(objective: float | None, bound: float | None) -> float | None:
    """Return ``|objective - bound| / max(1, |objective|)``, or None where one is missing.

    Examples
    --------
    >>> relative_gap(200.0, 190.0)
    0.05
    """
    if objective is None or bound is None:
        return None
    return abs(objective - bound) / max(1.0, abs(objective))


class Incumbent(Model):
    """One improvement: in which level, as which of its improvements, when and of what worth.

    ``plan_sites`` names what it would open. ``plan`` is the bare plan as JSON, enough to start
    from again, so that nothing found is ever lost; it is not written with the incumbent.
    """

    level: Count = 0
    ordinal: Count = 0
    elapsed_s: Seconds
    objective: float
    bound: float | None = None
    plan_sites: tuple[str, ...] = ()
    plan: Annotated[Any, Field(default=None, exclude=True, repr=False)]

    @computed_field  # type: ignore[prop-decorator]
    @property
    def gap(self) -> float | None:
        """The relative gap at that moment."""
        return relative_gap(self.objective, self.bound)


class LevelReport(Model):
    """How one level of the ordered objectives went, given the levels before it.

    ``objective`` and ``bound`` are in the objective's own unit; ``allowed_loss`` is what later
    levels may spend of it, counted from ``objective``; ``final`` is its value in the plan.
    """

    kind: str
    sense: Literal["min", "max"]
    status: Status
    stop: StopReason
    objective: float | None = None
    bound: float | None = None
    allowed_loss: float = 0.0
    final: float | None = None
    wall_s: Seconds = 0.0
    node_count: Count | None = None
    accepted_ordinal: Count | None = None

    @computed_field  # type: ignore[prop-decorator]
    @property
    def gap(self) -> float | None:
        """The relative gap when the level ended."""
        return relative_gap(self.objective, self.bound)


class EndedSteps(Model):
    """Steps of a run, one after the other, that its clock or a person ended in the same way.

    Steps are counted through the run, from 0. ``improvements`` is how many a solve had found by
    then, ``bound`` what it had proven on ``node_count`` nodes; ``started``: it ended with nothing
    but its start.
    """

    first: Count
    last: Count
    stop: StopReason
    improvements: Count = 0
    bound: float | None = None
    node_count: Count | None = None
    started: bool = False


class RunRecord(Model):
    """What a replay needs: the same input, versions, seed and threads, and where to stop.

    ``ended_steps`` are those that the run did not carry through; None in the record of a problem
    whose runs end at the improvements in ``level_ordinals`` instead.

    ``replayable`` is False where the backend cannot promise the same path twice; ``reason``
    then says why, as a message code.
    """

    request_sha256: Sha256
    versions: dict[str, str]
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)]
    threads: Annotated[int, Field(ge=1, le=256)]
    backend: Backend
    node_limit: Annotated[int, Field(ge=0)] | None = None
    level_ordinals: tuple[int | None, ...] = ()
    ended_steps: tuple[EndedSteps, ...] | None = None
    replayable: bool = True
    reason: str | None = None


NOT_SEARCHED = "evaluation"
"""The backend of a plan made elsewhere: it was judged, not searched for."""


class RunReport(Model):
    """How one run went; ``None`` means there is no such number.

    ``objective``, ``bound`` and ``gap`` are those of the first level.
    """

    status: Status
    stop: StopReason
    levels: tuple[LevelReport, ...] = ()
    wall_s: Seconds
    backend: str
    incumbents: tuple[Incumbent, ...] = ()
    record: RunRecord | None = None

    @computed_field  # type: ignore[prop-decorator]
    @property
    def objective(self) -> float | None:
        """The first level's value."""
        return self.levels[0].objective if self.levels else None

    @computed_field  # type: ignore[prop-decorator]
    @property
    def bound(self) -> float | None:
        """The first level's proven bound."""
        return self.levels[0].bound if self.levels else None

    @computed_field  # type: ignore[prop-decorator]
    @property
    def gap(self) -> float | None:
        """Relative gap of the first level.

        Examples
        --------
        >>> level = LevelReport(kind="cover", sense="max", status="feasible", stop="time",
        ...                     objective=200.0, bound=210.0)
        >>> RunReport(status="feasible", stop="time", levels=(level,), wall_s=1.0,
        ...           backend="highs").gap
        0.05
        """
        return relative_gap(self.objective, self.bound)
