"""The same run again, stopped where it was stopped: the same plan, byte for byte."""

from models.run import RunRecord
from models.shelters import ShelterAnswer, ShelterRequest
from optimizer.datasets import Store
from optimizer.record import replay_control
from optimizer.shelters.solve import solve


def replay(request: ShelterRequest, record: RunRecord, store: Store | None = None) -> ShelterAnswer:
    """Return the answer of the run that ``record`` tells of, found again without a clock.

    What a clock ended then ends at the same improvement. Times and reasons are those of the
    replay.

    Raises
    ------
    InputError
        The record is of another request or of other versions, or cannot be replayed.
    """
    control = replay_control(request, record)
    return solve(request, control, store=store)
