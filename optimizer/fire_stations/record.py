"""The record of a run: what a replay needs to stop at the same solution."""

import hashlib
from importlib.metadata import version

from models.fire_stations import FireStationRequest
from models.run import LevelReport, RunLimits, RunRecord
from optimizer.backends.table import backend_of

_LIBRARIES = {
    "highs": ("highspy",),
    "cp_sat": ("ortools",),
    "mathopt": ("ortools",),
    "pulp": ("pulp", "cbcbox"),
}


def request_sha256(request: FireStationRequest) -> str:
    """Return the SHA-256 of the question asked: the request without its limits."""
    question = request.model_dump_json(exclude={"limits"})
    return hashlib.sha256(question.encode()).hexdigest()


def run_record(
    request: FireStationRequest,
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
