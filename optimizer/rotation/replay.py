"""The same run again, ended where it was ended: the same plan, byte for byte."""

from models.rotation import RotationAnswer, RotationRequest
from models.run import RunRecord
from optimizer.datasets import Store
from optimizer.record import replay_control
from optimizer.rotation.solve import solve


def replay(
    request: RotationRequest, record: RunRecord, store: Store | None = None
) -> RotationAnswer:
    """Return the answer of the run that ``record`` tells of, found again without a clock.

    What a clock ended then ends at the same improvement. Times and reasons are those of the
    replay.

    Raises
    ------
    InputError
        The record is of another request or of other versions, or cannot be replayed.
    """
    return solve(request, replay_control(request, record), store=store)
