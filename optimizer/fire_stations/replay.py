"""The same run again, stopped where it was stopped: the same plan, byte for byte."""

import json
from importlib.metadata import version

from models.faults import Fault
from models.fire_stations import FireStationAnswer, FireStationRequest
from models.run import RunLimits, RunRecord
from models.text import Text
from optimizer.control import RunControl
from optimizer.datasets import Store
from optimizer.errors import InputError
from optimizer.fire_stations.record import request_sha256
from optimizer.fire_stations.solve import Extras, solve

_NO_TIME_LIMIT_S = 604_800.0


def replay(
    request: FireStationRequest, record: RunRecord, store: Store | None = None
) -> FireStationAnswer:
    """Return the answer of the run that ``record`` tells of, found again without a clock.

    Each level ends at the improvement it ended at then, or at its proof. Times are those of
    the replay; reasons are not computed again.

    Raises
    ------
    InputError
        The record is of another request or of other versions, or cannot be replayed.
    """
    faults = tuple(_faults(request, record))
    if faults:
        raise InputError(faults)
    limits = RunLimits(
        time_limit_s=_NO_TIME_LIMIT_S,
        threads=record.threads,
        seed=record.seed,
        node_limit=record.node_limit,
        backend=record.backend,
    )
    extras = Extras(explain=False)
    return solve(
        request, RunControl(limits), store=store, extras=extras, replay=record.level_ordinals
    )


def _faults(request: FireStationRequest, record: RunRecord) -> list[Fault]:
    """Return everything that keeps a record from being replayed here."""
    found = []
    given = request_sha256(request)
    if given != record.request_sha256:
        need = Text(code="fault.replay_request", values={"expected": record.request_sha256})
        found.append(Fault(path="record.request_sha256", value=json.dumps(given), need=need))
    for name, expected in record.versions.items():
        if version(name) != expected:
            need = Text(code="fault.replay_version", values={"expected": expected})
            path = f"record.versions.{name}"
            found.append(Fault(path=path, value=json.dumps(version(name)), need=need))
    if not record.replayable:
        need = Text(code=record.reason or "replay.not_promised")
        found.append(Fault(path="record.replayable", value="false", need=need))
    return found
