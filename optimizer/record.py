"""The record of a run: what a replay needs to stop at the same solution."""

import hashlib
import json
from functools import cache
from importlib import metadata
from importlib.metadata import PackageNotFoundError

from models.base import Model
from models.faults import Fault
from models.run import LevelReport, RunLimits, RunRecord, RunReport, Status, StopReason
from models.text import Text
from optimizer.backends.table import backend_of
from optimizer.control import RunControl
from optimizer.errors import InputError
from optimizer.journal import Journal

_NO_TIME_LIMIT_S = 604_800.0
_LIBRARIES = {
    "highs": ("highspy",),
    "cp_sat": ("ortools",),
    "mathopt": ("ortools",),
    "pulp": ("pulp", "cbcbox"),
}


@cache
def version(name: str) -> str:
    """Return the installed version of a library; looking it up reads and parses its description.

    Raises
    ------
    PackageNotFoundError, ValueError
        There is none of that name; it can be no name.
    """
    return metadata.version(name)


def request_sha256(request: Model, *others: str) -> str:
    """Return the SHA-256 of the question asked: the request without its limits.

    ``others`` are further fields that do not change the question.
    """
    question = request.model_dump_json(exclude={"limits", *others})
    return hashlib.sha256(question.encode()).hexdigest()


def run_record(
    request: Model,
    limits: RunLimits,
    reports: tuple[LevelReport, ...],
    *,
    steady: bool,
    journal: Journal | None = None,
) -> RunRecord:
    """Return the record of a run that went as ``reports`` say.

    ``steady`` is False where something else than the levels cannot be repeated: a start from
    another answer. ``journal`` says what was ended early; without one a replay ends the levels at
    their last improvements.
    """
    abilities = backend_of(limits).CAPABILITIES
    steady &= abilities.deterministic and (limits.threads == 1 or abilities.deterministic_parallel)
    stopped = any(report.accepted_ordinal is not None for report in reports)
    if journal is not None:
        steady &= journal.whole
        stopped |= bool(journal.ended)
    reason = None if steady and (abilities.incumbents or not stopped) else "replay.not_promised"
    names = ("numpy", "scipy", *_LIBRARIES[limits.backend])
    return RunRecord(
        request_sha256=request_sha256(request),
        versions={name: version(name) for name in names},
        seed=limits.seed,
        threads=limits.threads,
        backend=limits.backend,
        node_limit=limits.node_limit,
        level_ordinals=tuple(report.accepted_ordinal for report in reports),
        ended_steps=None if journal is None else tuple(journal.ended),
        replayable=reason is None,
        reason=reason,
    )


def searched(
    request: Model,
    control: RunControl,
    status: Status,
    stop: StopReason,
    levels: tuple[LevelReport, ...],
    *,
    steady: bool,
) -> RunReport:
    """Return the report of a run of levels that ends here, with its record; see `run_record`."""
    journal = control.journal
    return RunReport(
        status=status,
        stop=stop,
        levels=levels,
        wall_s=control.elapsed_s,
        backend=control.limits.backend,
        incumbents=tuple(control.incumbents),
        record=run_record(request, control.limits, levels, steady=steady, journal=journal),
    )


def replay_limits(request: Model, record: RunRecord, *others: str) -> RunLimits:
    """Return the limits of a replay of ``record``: its own, without a clock.

    ``others`` are fields of the request that do not change the question.

    Raises
    ------
    InputError
        The record is of another request or of other versions, or cannot be replayed.
    """
    faults = tuple(_faults(request, record, others))
    if faults:
        raise InputError(faults)
    return RunLimits(
        time_limit_s=_NO_TIME_LIMIT_S,
        threads=record.threads,
        seed=record.seed,
        node_limit=record.node_limit,
        backend=record.backend,
    )


def replay_control(request: Model, record: RunRecord, *others: str) -> RunControl:
    """Return the control of a replay that ends the same steps as the run that ``record`` tells of.

    Raises
    ------
    InputError
        As for `replay_limits`; or the record does not say which steps its run ended.
    """
    limits = replay_limits(request, record, *others)
    stopped = any(one is not None for one in record.level_ordinals)
    if record.ended_steps is None and stopped:
        need = Text(code="replay.not_promised")
        raise InputError((Fault(path="record.ended_steps", value="null", need=need),))
    return RunControl(limits, journal=Journal(record.ended_steps or ()))


def _faults(request: Model, record: RunRecord, others: tuple[str, ...]) -> list[Fault]:
    """Return everything that keeps a record from being replayed here."""
    found = []
    given = request_sha256(request, *others)
    if given != record.request_sha256:
        need = Text(code="fault.replay_request", values={"expected": record.request_sha256})
        found.append(Fault(path="record.request_sha256", value=json.dumps(given), need=need))
    for name, expected in record.versions.items():
        here = _installed(name)
        if here != expected:
            need = Text(code="fault.replay_version", values={"expected": expected})
            path = f"record.versions.{name}"
            found.append(Fault(path=path, value=json.dumps(here), need=need))
    if not record.replayable:
        need = Text(code=record.reason or "replay.not_promised")
        found.append(Fault(path="record.replayable", value="false", need=need))
    return found


def _installed(name: str) -> str | None:
    """Return the version of a library, None where there is none of that name."""
    try:
        return version(name)
    except (PackageNotFoundError, ValueError):  # the latter for what can be no name
        return None
