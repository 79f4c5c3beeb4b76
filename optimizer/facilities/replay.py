"""The same run again, stopped where it was stopped: the same plan, byte for byte."""

from models.facilities import FacilityAnswer, FacilityRequest
from models.run import RunRecord
from optimizer.datasets import Store
from optimizer.facilities.solve import solve
from optimizer.record import replay_control


def replay(
    request: FacilityRequest, record: RunRecord, store: Store | None = None
) -> FacilityAnswer:
    """Return the answer of the run that ``record`` tells of, found again without a clock.

    The search ends the steps that were ended then, those of a front included. Times and reasons
    are those of the replay.

    Raises
    ------
    InputError
        The record is of another request or of other versions, or cannot be replayed.
    """
    return solve(request, replay_control(request, record), store=store)
