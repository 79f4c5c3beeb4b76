"""The same run again: byte for byte, whatever a clock or a person ended."""

from models.run import RunRecord
from models.stockpiles import StockAnswer, StockRequest
from optimizer.datasets import Store
from optimizer.record import replay_control
from optimizer.stockpiles.solve import solve


def replay(request: StockRequest, record: RunRecord, store: Store | None = None) -> StockAnswer:
    """Return the answer of the run that ``record`` tells of, found again without a clock.

    What a clock ended then ends at the same step, in one program or taken apart by scenario. A run
    that began from another plan is not promised: its record says so.

    Raises
    ------
    InputError
        The record is of another request or of other versions, or cannot be replayed.
    """
    return solve(request, replay_control(request, record), store=store)
