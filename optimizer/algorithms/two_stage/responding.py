"""Recourse to given first stages: its worth, its slope, and what is done."""

from collections.abc import Sequence
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
    """The best recourse to one first stage, for every scenario asked about.

    ``worth`` is ``Q_s(z)`` and ``slope`` a subgradient there; with ``level = worth - slope @ z``,
    ``level + slope @ z`` bounds ``Q_s`` from below everywhere.
    """

    worth: FloatArray  # (scenario,)
    slope: FloatArray  # (scenario, first-stage column)
    columns: tuple[FloatArray, ...]  # each scenario's recourse
    duals: tuple[FloatArray, ...]  # each scenario's rows


@dataclass(eq=False)
class Responder:
    """Finds recourse scenario by scenario; each program stays warm for the next first stage."""

    recourses: Sequence[Recourse]
    limits: RunLimits
    keep: bool = True
    _sessions: dict[int, LpSession] = field(default_factory=dict, init=False, repr=False)

    def reply(self, first: FloatArray, control: RunControl) -> Reply | None:
        """Return the best recourse to ``first``; None where the time ran out."""
        worth, slope, columns, duals = [], [], [], []
        for s, recourse in enumerate(self.recourses):
            session = self._session(s, first)
            status = session.solve(control)
            if status is Status.UNKNOWN:
                return None
            if status is not Status.OPTIMAL:
                raise BackendError("a recourse has no solution, though anything may go unmet")
            row = np.maximum(0.0, session.dual)
            worth.append(session.objective)
            slope.append(-(recourse.tie.T @ row))
            columns.append(session.primal)
            duals.append(row)
        return Reply(np.array(worth), np.array(slope), tuple(columns), tuple(duals))

    def _session(self, s: int, first: FloatArray) -> LpSession:
        recourse = self.recourses[s]
        session = self._sessions.get(s)
        if session is None:
            session = LpSession(recourse.program(first), self.limits)
            session.share()
            if self.keep:
                self._sessions[s] = session
            return session
        session.change_row_lower(recourse.least - recourse.tie @ first)
        return session
