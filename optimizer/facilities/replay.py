"""The same run again, stopped where it was stopped: the same plan, byte for byte."""

from models.facilities import FacilityAnswer, FacilityRequest
from models.run import RunRecord
from optimizer.control import RunControl
from optimizer.datasets import Store
from optimizer.facilities.solve import solve
from optimizer.record import replay_limits


def replay(
    request: FacilityRequest, record: RunRecord, store: Store | None = None
) -> FacilityAnswer:
    """Return the answer of the run that ``record`` tells of, found again without a clock.

    The search ends at the improvement it ended at then, or at its proof. Times and reasons are
    those of the replay.

    Raises
    ------
    InputError
        The record is of another request or of other versions, or cannot be replayed.
    """
    control = RunControl(replay_limits(request, record))
    ordinal = record.level_ordinals[0] if record.level_ordinals else None
    return solve(request, control, store=store, stop_after=ordinal)
