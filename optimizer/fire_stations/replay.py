"""The same run again, stopped where it was stopped: the same plan, byte for byte."""

from models.fire_stations import FireStationAnswer, FireStationRequest
from models.run import RunRecord
from optimizer.datasets import Store
from optimizer.fire_stations.solve import Extras, solve
from optimizer.record import replay_control


def replay(
    request: FireStationRequest, record: RunRecord, store: Store | None = None
) -> FireStationAnswer:
    """Return the answer of the run that ``record`` tells of, found again without a clock.

    What a clock ended then ends at the same improvement. Times are those of the replay; reasons
    are not computed again.

    Raises
    ------
    InputError
        The record is of another request or of other versions, or cannot be replayed.
    """
    control = replay_control(request, record)
    extras = Extras(explain=False)
    return solve(request, control, store=store, extras=extras)
