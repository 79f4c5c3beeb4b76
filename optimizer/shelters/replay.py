"""The same run again, stopped where it was stopped: the same plan, byte for byte."""

from models.run import RunRecord
from models.shelters import ShelterAnswer, ShelterRequest
from optimizer.control import RunControl
from optimizer.datasets import Store
from optimizer.record import replay_limits
from optimizer.shelters.solve import solve


def replay(request: ShelterRequest, record: RunRecord, store: Store | None = None) -> ShelterAnswer:
    """Return the answer of the run that ``record`` tells of, found again without a clock.

    Each level ends at the improvement it ended at then, or at its proof. Times and reasons are
    those of the replay.

    Raises
    ------
    InputError
        The record is of another request or of other versions, or cannot be replayed.
    """
    control = RunControl(replay_limits(request, record))
    return solve(request, control, store=store, replay=record.level_ordinals)
