"""Recourse to given first stages: its worth, its slope, and what is done."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from models.run import RunLimits, Status
from optimizer.algorithms.two_stage.program import Recourse
from optimizer.backends.highs import LpSession
from optimizer.control import RunControl
from optimizer.demand import FloatArray
from optimizer.errors import BackendError


@dataclass(frozen=True, eq=False)
class Reply:
    """The best recourse to one first stage in one scenario.

    ``worth`` is ``Q(z)`` and ``slope`` a subgradient there: with ``level = worth - slope @ z``,
    ``level + slope @ z`` bounds ``Q`` from below everywhere.
    """

    worth: float
    slope: FloatArray  # (first-stage column,)
    columns: FloatArray  # (column,)


@dataclass(eq=False)
class Responder:
    """Finds recourse scenario by scenario; with ``keep``, programs stay warm for the next time."""

    recourse: Callable[[int], Recourse]
    limits: RunLimits
    keep: bool = True
    _sessions: dict[int, LpSession] = field(default_factory=dict, init=False, repr=False)
    _prices: dict[int, FloatArray] = field(default_factory=dict, init=False, repr=False)

    def price(self, s: int, prices: FloatArray | None) -> None:
        """Add to what the columns of scenario ``s`` cost, (column,), from the next reply on."""
        if prices is None and s not in self._prices:
            return
        self._prices.pop(s, None)
        if prices is not None:
            self._prices[s] = prices
        session = self._sessions.get(s)
        if session is not None:
            cost = self._cost(s)
            session.change_cost(np.arange(len(cost)), cost)

    def _cost(self, s: int) -> FloatArray:
        cost = self.recourse(s).cost
        return cost + self._prices[s] if s in self._prices else cost

    def reply(self, s: int, first: FloatArray, control: RunControl) -> Reply | None:
        """Return scenario ``s``'s best recourse to ``first``; None where the time ran out."""
        recourse = self.recourse(s)
        if len(recourse.cost) == 0:  # nothing is needed, and HiGHS takes no empty program
            return Reply(0.0, np.zeros(len(first)), np.zeros(0))
        session = self._session(s, recourse, first)
        status = session.solve(control)
        if status is Status.UNKNOWN:
            return None
        if status is not Status.OPTIMAL:
            raise BackendError("a recourse has no solution, though anything may go unmet")
        row = np.maximum(0.0, session.dual)
        return Reply(session.objective, -(recourse.tie.T @ row), session.primal)

    def _session(self, s: int, recourse: Recourse, first: FloatArray) -> LpSession:
        session = self._sessions.get(s)
        if session is None:
            program = recourse.program(first).with_cost(self._cost(s), "min")
            session = LpSession(program, self.limits)
            session.share()
            if self.keep:
                self._sessions[s] = session
            return session
        session.change_row_lower(recourse.least - recourse.tie @ first)
        return session
