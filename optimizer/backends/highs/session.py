"""The warm linear program under every decomposition."""

from dataclasses import replace
from functools import partial
from typing import Any, cast

import highspy
import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csc_array, csr_array, hstack, vstack

from models.run import RunLimits, Status, StopReason
from optimizer.backends import Duals, Outcome
from optimizer.backends.bounds import farkas_margin, safe_dual_bound
from optimizer.backends.highs.loading import NAME, duals, has_values, load, must, primal, run
from optimizer.control import RunControl
from optimizer.demand import FloatArray
from optimizer.errors import BackendError
from optimizer.linear import LinearProgram

IndexArray = NDArray[np.int64]
Basis = highspy.HighsBasis


class LpSession:
    """A linear program that changes a little between solves and starts from its last basis.

    Integrality is ignored. After each change the last solve's numbers are gone; asking for
    numbers that the last solve did not prove raises a ``BackendError``.
    """

    def __init__(self, program: LinearProgram, limits: RunLimits) -> None:
        self._program = program.relaxed()
        self._limits = limits
        self._alone = True
        self.cut_off = False
        self._highs = load(self._program, limits)
        self._highs.cbSimplexInterrupt += self._interrupt
        self._highs.cbIpmInterrupt += self._interrupt
        self._control: RunControl | None = None
        self._status = Status.UNKNOWN
        self._duals: Duals | None = None
        self._safe: tuple[float | None] | None = None
        self._values: FloatArray | None = None
        self.stop: StopReason | None = None

    @property
    def program(self) -> LinearProgram:
        """The linear program as it now stands; added rows and columns have no names."""
        return self._program

    def add_rows(self, matrix: csr_array, lower: ArrayLike, upper: ArrayLike) -> None:
        """Add rows over all columns; the basis stays, with the new rows basic."""
        height = matrix.shape[0]
        low, high = _spread(lower, height), _spread(upper, height)
        rows = csr_array(matrix)
        status = self._highs.addRows(height, low, high, rows.nnz, *_compressed(rows))
        must(status, "the new rows")
        self._change(
            matrix=csr_array(vstack([self._program.matrix, rows], format="csr")),
            row_lower=np.concatenate([self._program.row_lower, low]),
            row_upper=np.concatenate([self._program.row_upper, high]),
        )

    def delete_rows(self, rows: IndexArray) -> None:
        """Drop the rows at these places; those behind them move up."""
        keep = np.ones(len(self._program.row_lower), dtype=np.bool_)
        keep[rows] = False
        gone = np.flatnonzero(~keep).astype(np.int32)
        must(self._highs.deleteRows(len(gone), gone), "to delete rows")
        self._change(
            matrix=csr_array(self._program.matrix[keep]),
            row_lower=self._program.row_lower[keep],
            row_upper=self._program.row_upper[keep],
        )

    def add_columns(
        self, cost: FloatArray, matrix: csr_array, lower: ArrayLike, upper: ArrayLike
    ) -> None:
        """Add columns; ``matrix`` is (row, new column) over the rows as they now stand."""
        width = len(cost)
        low, high = _spread(lower, width), _spread(upper, width)
        columns = csc_array(matrix)
        status = self._highs.addCols(width, cost, low, high, columns.nnz, *_compressed(columns))
        must(status, "the new columns")
        self._change(
            cost=np.concatenate([self._program.cost, cost]),
            lower=np.concatenate([self._program.lower, low]),
            upper=np.concatenate([self._program.upper, high]),
            integer=np.zeros(len(self._program.cost) + width, dtype=np.bool_),
            matrix=csr_array(hstack([self._program.matrix, columns], format="csr")),
        )

    def change_bounds(self, columns: IndexArray, lower: ArrayLike, upper: ArrayLike) -> None:
        """Give the columns at these places other limits."""
        low, high = _spread(lower, len(columns)), _spread(upper, len(columns))
        at = np.asarray(columns, dtype=np.int32)
        must(self._highs.changeColsBounds(len(at), at, low, high), "the new bounds")
        changed = self._program.lower.copy(), self._program.upper.copy()
        changed[0][columns], changed[1][columns] = low, high
        self._change(lower=changed[0], upper=changed[1])

    def change_row_bounds(self, row: int, lower: float, upper: float) -> None:
        """Give one row other limits."""
        must(self._highs.changeRowBounds(row, lower, upper), "the new row limits")
        changed = self._program.row_lower.copy(), self._program.row_upper.copy()
        changed[0][row], changed[1][row] = lower, upper
        self._change(row_lower=changed[0], row_upper=changed[1])

    def change_row_lower(self, lower: FloatArray) -> None:
        """Give every row another lower limit; upper limits stay."""
        at = np.arange(len(lower), dtype=np.int32)
        upper = self._program.row_upper
        highs = cast("Any", self._highs)  # the call is missing in highspy's type stubs
        must(highs.changeRowsBounds(len(at), at, lower, upper), "the new row limits")
        self._change(row_lower=lower)

    def change_cost(self, columns: IndexArray, cost: ArrayLike) -> None:
        """Give the columns at these places another cost."""
        at, costs = np.asarray(columns, dtype=np.int32), _spread(cost, len(columns))
        must(self._highs.changeColsCost(len(at), at, costs), "the new costs")
        changed = self._program.cost.copy()
        changed[columns] = costs
        self._change(cost=changed)

    def share(self) -> None:
        """Prepare for solving beside other sessions, of as many threads, in threads of their own.

        A solve then ends at its time, and is not asked in between: every such question would
        wait for Python's lock.
        """
        self._highs.cbSimplexInterrupt -= self._interrupt
        self._highs.cbIpmInterrupt -= self._interrupt
        self._alone = False

    def twin(self) -> "LpSession":
        """Return another session on the program as it now stands, at the same basis, to share."""
        other = LpSession(self._program, self._limits)
        other.share()
        other.basis = self.basis
        return other

    def solve(self, control: RunControl, *, cutoff: float | None = None) -> Status:
        """Solve from the last basis; OPTIMAL, INFEASIBLE, or UNKNOWN with the reason in ``stop``.

        With a ``cutoff`` it ends, UNKNOWN and ``cut_off``, as soon as no value can be better than
        that; ``safe_bound`` then proves it.

        Where the warm start ends in numerical trouble the solve is repeated from nothing,
        and what still has no proof raises.

        It is a step of the run: a replay does not begin a solve that the run ended early.
        """
        self._forget()
        if control.attempt(partial(self._solve, control, cutoff)) is None:
            self.stop = self.stop or StopReason.TIME
        return self._status

    def _solve(self, control: RunControl, cutoff: float | None) -> Status | None:
        """Solve; None where control or clock ended it."""
        self._control = control
        self.stop = control.stop
        if self.stop is not None:
            return None
        if self._alone:  # Another HiGHS of this process may have left another pool.
            highspy.Highs.resetGlobalScheduler(True)
        sign = 1.0 if self._program.sense == "min" else -1.0
        limit = highspy.kHighsInf if cutoff is None else sign * cutoff
        must(self._highs.setOptionValue("objective_bound", limit), "the cutoff")
        try:
            self._status = run(self._highs, control.remaining_s)
            unsound = self._status is Status.OPTIMAL and not has_values(self._highs)
        except BackendError:
            unsound = True
        if unsound:
            must(self._highs.clearSolver(), "to forget its basis")
            self._status = run(self._highs, control.remaining_s)
        self.cut_off = self._status is Status.UNKNOWN and (
            self._highs.getModelStatus() == highspy.HighsModelStatus.kObjectiveBound
        )
        if self._status is Status.UNKNOWN and not self.cut_off:
            self.stop = control.stop or StopReason.TIME
            return None
        return self._status

    @property
    def objective(self) -> float:
        """The optimum, recounted from the values."""
        return self._program.objective(self.primal)

    @property
    def primal(self) -> FloatArray:
        """The optimal values."""
        self._need(Status.OPTIMAL)
        if self._values is None:
            self._values = primal(self._highs)
        if self._values is None:
            raise BackendError("HiGHS says optimal and gives no values")
        return self._values.copy()

    @property
    def dual(self) -> FloatArray:
        """The rows' duals; see ``Duals`` for the signs."""
        return self._dual_solution().row

    @property
    def reduced_cost(self) -> FloatArray:
        """The columns' reduced costs."""
        return self._dual_solution().reduced_cost

    @property
    def duals(self) -> Duals:
        """Both kinds of duals."""
        return self._dual_solution()

    @property
    def safe_bound(self) -> float | None:
        """The bound that the duals prove whatever HiGHS's tolerances; see there for None."""
        self._safe = self._safe or (safe_dual_bound(self._program, self.dual),)
        return self._safe[0]

    def ray(self) -> FloatArray:
        """Return row multipliers that prove infeasibility (Farkas), the proof recomputed."""
        self._need(Status.INFEASIBLE)
        found = cast("Any", self._highs).getDualRay()  # missing in highspy's type stubs
        if len(found) < 3 or not found[1]:
            raise BackendError("HiGHS gives no ray for an infeasible program")
        ray = np.array(found[2], dtype=np.float64)
        if farkas_margin(self._program, ray) <= 0.0:
            raise BackendError("HiGHS gives a ray that proves nothing")
        return ray

    @property
    def basis(self) -> Basis:
        """The current basis, to come back to; rows added since become basic."""
        return self._highs.getBasis()

    @basis.setter
    def basis(self, basis: Basis) -> None:
        more = len(self._program.row_lower) - len(basis.row_status)
        if more > 0:  # a basis of fewer rows is refused
            status = [*basis.row_status, *[highspy.HighsBasisStatus.kBasic] * more]
            longer = highspy.HighsBasis()
            longer.col_status, longer.row_status = basis.col_status, status
            longer.valid = True
            basis = longer
        must(self._highs.setBasis(basis), "the basis")
        self._forget()

    def _interrupt(self, event: highspy.HighsCallbackEvent) -> None:
        # Set either way: HiGHS keeps the wish of an interrupted run for the next one.
        self.stop = self._control.stop if self._control is not None else None
        event.interrupt(self.stop is not None)

    def _dual_solution(self) -> Duals:
        if not self.cut_off:
            self._need(Status.OPTIMAL)
        self._duals = self._duals or duals(self._highs)
        return self._duals

    def _need(self, status: Status) -> None:
        if self._status is not status:
            raise BackendError(f"the last solve ended {self._status}, not {status}")

    def _forget(self) -> None:
        self._status, self._duals, self.stop = Status.UNKNOWN, None, None
        self._safe, self._values = None, None
        self.cut_off = False

    def _change(self, **parts: Any) -> None:
        self._program = replace(self._program, **parts)
        self._forget()


def solve_linear(program: LinearProgram, control: RunControl) -> Outcome:
    """Solve a linear program once, with presolve, which large ones need; integers are ignored.

    The bound is the one its duals prove.
    """
    session = LpSession(program, control.limits)
    status = session.solve(control)
    if status is not Status.OPTIMAL:
        stop = StopReason.PROOF if status is Status.INFEASIBLE else session.stop or StopReason.TIME
        return Outcome(status, stop, None, None, NAME)
    values = np.clip(session.primal, program.lower, program.upper)
    objective, safe = program.objective(values), session.safe_bound
    minimal = program.sense == "min"
    bound = objective if safe is None else (min if minimal else max)(objective, safe)
    return Outcome(status, StopReason.PROOF, values, bound, NAME, duals=session.duals)


def _compressed(
    matrix: csr_array | csc_array,
) -> tuple[NDArray[np.int32], NDArray[np.int32], FloatArray]:
    starts = matrix.indptr[:-1].astype(np.int32)
    return starts, matrix.indices.astype(np.int32), matrix.data.astype(np.float64)


def _spread(value: ArrayLike, length: int) -> FloatArray:
    return np.broadcast_to(np.asarray(value, dtype=np.float64), (length,)).copy()
