"""One module per solver library, each with the same ``solve`` and its ``CAPABILITIES``.

    solve(program, control, *, start=None, absolute_gap=0.0) -> Outcome

``optimizer.backends.table`` finds them by name.
"""

from dataclasses import dataclass

from models.run import Status, StopReason
from optimizer.demand import FloatArray


@dataclass(frozen=True)
class Duals:
    """The dual solution of a linear program, whatever its sense.

    ``reduced_cost = cost - matrix.T @ row``; a row's entry is the change of the optimum per
    unit of its active limit.
    """

    row: FloatArray  # (row,)
    reduced_cost: FloatArray  # (column,)


@dataclass(frozen=True)
class Outcome:
    """What a solver said, in our words and checked; None where there is no such number.

    ``ordinal`` is that of the level's last improvement when the solve ended, and ``values``
    are that improvement's, so a replay can stop there.
    """

    status: Status
    stop: StopReason
    values: FloatArray | None  # (column,)
    bound: float | None
    backend: str
    node_count: int | None = None
    duals: Duals | None = None
    ordinal: int | None = None


@dataclass(frozen=True)
class Capabilities:
    """What a backend can do; it refuses the rest with a ``BackendError``.

    ``deterministic`` speaks of one thread and a search that no clock ended,
    ``deterministic_parallel`` of several. ``incumbents`` includes ending at a given one
    (``RunControl.stop_after``).
    """

    continuous: bool
    bound: bool
    cancel: bool
    incumbents: bool
    start: bool
    node_limit: bool
    duals: bool
    deterministic: bool
    deterministic_parallel: bool
