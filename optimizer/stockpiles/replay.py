"""The same run again: levels solved whole and proven come out the same, byte for byte."""

from models.run import RunRecord
from models.stockpiles import StockAnswer, StockRequest
from optimizer.control import RunControl
from optimizer.datasets import Store
from optimizer.record import replay_limits
from optimizer.stockpiles.solve import solve


def replay(request: StockRequest, record: RunRecord, store: Store | None = None) -> StockAnswer:
    """Return the answer of the run that ``record`` tells of, found again without a clock.

    Runs that were taken apart by scenario, or that a clock ended, are not promised: their records
    say so.

    Raises
    ------
    InputError
        The record is of another request or of other versions, or cannot be replayed.
    """
    return solve(request, RunControl(replay_limits(request, record)), store=store)
