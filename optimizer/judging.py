"""When a level is proven, and a plan made elsewhere held against what another run has proven."""

from collections.abc import Sequence
from typing import Any

from models.answer import Answer
from models.base import Model
from models.faults import Fault
from models.run import NOT_SEARCHED, LevelReport, RunReport, Status, StopReason
from models.text import Text
from optimizer.backends import Outcome
from optimizer.errors import BackendError, InputError
from optimizer.record import request_sha256

PROVEN_GAP = 1e-6  # relative: a level whose gap is no larger is proven
AGREEMENT = 1e-5  # relative: how near a program's and our own count must be
_RANK = (Status.UNKNOWN, Status.FEASIBLE, Status.OPTIMAL)


def closed(value: float, bound: float) -> bool:
    """Return whether a gap is small enough for a proof."""
    return abs(value - bound) <= PROVEN_GAP * max(1.0, abs(value))


def bound_of(outcome: Outcome, value: float) -> float | None:
    """Return what was proven of a level that cannot be below 0, never more than its own count.

    What lies beyond is rounding, up to ``AGREEMENT``.

    Raises
    ------
    BackendError
        It claims more.
    """
    claimed = outcome.bound
    if claimed is None and outcome.status is Status.OPTIMAL:
        claimed = value
    if claimed is None:
        return None
    if claimed > value + AGREEMENT * max(1.0, abs(value)):
        raise BackendError(f"a level is worth {value:g}, and its bound is said to be {claimed:g}")
    return min(max(0.0, claimed), value)


def ended(levels: Sequence[LevelReport]) -> tuple[Status, StopReason]:
    """Return the status of a plan found through all these levels, and why the first open one is."""
    stops = [one.stop for one in levels if one.status is not Status.OPTIMAL]
    return (Status.FEASIBLE, stops[0]) if stops else (Status.OPTIMAL, StopReason.PROOF)


def bounds_of(
    request: Model, against: Answer[Any, Any] | None, *others: str
) -> tuple[float | None, ...]:
    """Return the bound of each level as the other answer proved it.

    ``others`` are fields of the request that do not change the question.

    Raises
    ------
    InputError
        ``against`` answers another request.
    """
    if against is None:
        return ()
    record = against.run.record
    if record is None or record.request_sha256 != request_sha256(request, *others):
        need = Text(code="fault.against_request")
        raise InputError((Fault(path="against.run.record.request_sha256", need=need),))
    return tuple(level.bound for level in against.run.levels)


def judged(report: LevelReport, *, kept: bool) -> LevelReport:
    """Return a level of a plan made elsewhere with its status; ``kept``: the plan keeps every rule.

    It is optimal where it attains the bound that another run has proven.
    """
    status = Status.FEASIBLE if kept else Status.UNKNOWN
    if kept and report.gap is not None and report.gap <= PROVEN_GAP:
        status = Status.OPTIMAL
    return report.model_copy(update={"status": status})


def held_against(
    kinds: Sequence[str],
    values: Sequence[float] | None,
    bounds: Sequence[float | None],
    *,
    kept: bool,
) -> tuple[LevelReport, ...]:
    """Return a report a level of a plan made elsewhere, each to be small: value, bound, status.

    ``values`` None: the plan has none. Levels beyond ``bounds`` have none; ``kept`` as in `judged`.
    """
    found = []
    for n, kind in enumerate(kinds):
        value = None if values is None else values[n]
        report = LevelReport(
            kind=kind,
            sense="min",
            status=Status.UNKNOWN,
            stop=StopReason.PROOF,
            objective=value,
            bound=bounds[n] if n < len(bounds) else None,
            final=value,
        )
        found.append(judged(report, kept=kept))
    return tuple(found)


def run_of(levels: Sequence[LevelReport], wall_s: float) -> RunReport:
    """Return the run of a plan made elsewhere: nothing was searched for.

    Its status is its worst level's, unknown without any.
    """
    return RunReport(
        status=min((level.status for level in levels), key=_RANK.index, default=Status.UNKNOWN),
        stop=StopReason.PROOF,
        levels=tuple(levels),
        wall_s=wall_s,
        backend=NOT_SEARCHED,
    )
