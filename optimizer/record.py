"""The record of a run: what a replay needs to stop at the same solution."""

import hashlib
import json
from importlib.metadata import PackageNotFoundError, version

from models.base import Model
from models.faults import Fault
from models.run import LevelReport, RunLimits, RunRecord
from models.text import Text
from optimizer.backends.table import backend_of
from optimizer.errors import InputError

_NO_TIME_LIMIT_S = 604_800.0
_LIBRARIES = {
    "highs": ("highspy",),
    "cp_sat": ("ortools",),
    "mathopt": ("ortools",),
    "pulp": ("pulp", "cbcbox"),
}


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
    cut_short: bool,
) -> RunRecord:
    """Return the record of a run that went as ``reports`` say.

    ``steady`` is False where something else than the levels cannot be repeated: a start from
    another answer, crews or years that a clock ended. ``cut_short``: a clock ended a part of a
    level's search, and the search went on from there.
    """
    abilities = backend_of(limits).CAPABILITIES
    steady &= abilities.deterministic and (limits.threads == 1 or abilities.deterministic_parallel)
    stopped = any(report.accepted_ordinal is not None for report in reports)
    promised = steady and (abilities.incumbents or not stopped)
    reason = "replay.cut_short" if cut_short else None
    reason = reason if promised else "replay.not_promised"
    names = ("numpy", "scipy", *_LIBRARIES[limits.backend])
    return RunRecord(
        request_sha256=request_sha256(request),
        versions={name: version(name) for name in names},
        seed=limits.seed,
        threads=limits.threads,
        backend=limits.backend,
        node_limit=limits.node_limit,
        level_ordinals=tuple(report.accepted_ordinal for report in reports),
        replayable=reason is None,
        reason=reason,
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
