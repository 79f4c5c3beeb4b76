r"""The L-shaped method: the first stage against cuts that scenarios answer with.

The master program holds the first stage :math:`z`, a column :math:`\theta_c` for the expected worth
of each cluster of scenarios and :math:`\varphi_n` for each risk measure. A reply at :math:`\hat z`
gives subgradients, hence cuts

.. math::

    \theta_c &\ge \sum_{s \in c} p_s (Q_s(\hat z) + g_s (z - \hat z)) \\
    \varphi_n &\ge \sum_s \omega_{ns} (Q_s(\hat z) + g_s (z - \hat z))

with :math:`\omega` the probabilities of the worst scenarios at :math:`\hat z`: the risk is the
largest such sum over all :math:`\omega`, so each is a bound. Between master and incumbent the
method asks halfway first (in-out), which keeps it from swinging. With whole columns the relaxation
is closed first, then masters are solved whole, and each whole choice is polished by cuts with it
held. The first of them keeps the whole columns that the relaxation has whole already: cuts are
right near its point, and far too low elsewhere.

References
----------
Van Slyke, R. M. and Wets, R. (1969). L-shaped linear programs with applications to optimal
control and stochastic programming. SIAM Journal on Applied Mathematics 17(4).
https://doi.org/10.1137/0117061
Birge, J. R. and Louveaux, F. V. (1988). A multicut algorithm for two-stage stochastic linear
programs. European Journal of Operational Research 34(3).
https://doi.org/10.1016/0377-2217(88)90159-2
Ben-Ameur, W. and Neto, J. (2007). Acceleration of cutting-plane and column generation algorithms.
Networks 49(1). https://doi.org/10.1002/net.20137
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from models.run import Status, StopReason
from optimizer.algorithms.two_stage.master import Aim, Master
from optimizer.backends import Outcome, highs
from optimizer.control import RunControl
from optimizer.demand import FloatArray
from optimizer.quiet import quiet

NAME = "l-shaped"
_HALFWAY = 0.5
_ROOT = 1e-3  # relative: the relaxation's gap before masters are solved whole
_ROOT_SHARE = 0.6  # of the time for the relaxation
_POLISHES = 12
_WHOLE, _NEAR = 1e-6, 0.1  # what counts as whole in the relaxation, and the share of time for it
_MASTERS = 0.25  # of the gap: what a whole master may leave
_POLISHED = 0.1  # of the gap: what is left of it when a whole choice is polished
_WARM, _WARM_SHARE = 2e-2, 0.2  # the gap of a sample, and its share of the time


class LShaped(Master):
    """The method on one master program: its cuts serve one level of objectives after another."""

    def level(
        self, aim: Aim, ceilings: Sequence[tuple[Aim, float]], control: RunControl
    ) -> Outcome:
        """Return the best first stage for ``aim`` under ``ceilings``, and its bound."""
        return _Level(self, aim, tuple(ceilings), control).search()


@dataclass(eq=False)
class _Level:
    """One search: an aim, its ceilings, its bound and incumbent."""

    shared: LShaped
    aim: Aim
    ceilings: tuple[tuple[Aim, float], ...]
    control: RunControl
    bound: float = field(default=-np.inf, init=False)
    value: float = field(default=np.inf, init=False)
    best: FloatArray | None = field(default=None, init=False)

    def search(self) -> Outcome:
        """Return the outcome of the whole search."""
        mixed = bool(self.shared.first.integer.any())
        self._warm()
        self._try(self.shared.start, whole=not mixed)
        fixed = self.shared.first.lower, self.shared.first.upper
        part = self.control.share(_ROOT_SHARE) if mixed else self.control
        status = self._cut(_ROOT if mixed else self.shared.close, fixed, part, bounding=True)
        if mixed and status is not Status.INFEASIBLE:
            self.value, self.best = np.inf, None
            status = self._whole()
        if status is Status.INFEASIBLE:
            return self._ended(status)
        return self._ended(Status.FEASIBLE if self.best is not None else Status.UNKNOWN)

    def _warm(self) -> None:
        """Begin with some scenarios in place of all: their cuts are cheap, and hold for all too."""
        shared, sample = self.shared, self.shared.sample
        if sample is None or shared.count or self.aim.tails or self.ceilings:
            return

        def respond(first: FloatArray, control: RunControl) -> tuple[FloatArray, FloatArray] | None:
            found = sample.respond(first, control)
            if found is not None:
                shared.learn(first, *found)
            return found

        lesser = LShaped(
            first=shared.first,
            probability=sample.probability,
            cluster=shared.cluster,
            alphas=(),
            respond=respond,
            start=shared.start,
        )
        part = _Level(lesser, self.aim, (), quiet(self.control, _WARM_SHARE))
        part._try(shared.start, whole=False)
        part._cut(_WARM, (shared.first.lower, shared.first.upper), part.control, bounding=True)
        shared.start = shared.start if part.best is None else part.best

    def _ended(self, status: Status) -> Outcome:
        stop = self.control.halted
        closed = self.best is not None and self._gap() <= self.shared.close
        if status is Status.INFEASIBLE:
            reason = StopReason.PROOF
        else:
            reason = StopReason.CONVERGED if closed else stop or StopReason.CONVERGED
        bound = self.bound if np.isfinite(self.bound) else None
        return Outcome(status, reason, self.best, bound, NAME)

    def _gap(self) -> float:
        return (self.value - self.bound) / max(1.0, abs(self.value))

    def _try(self, first: FloatArray, *, whole: bool) -> bool | None:
        """Ask about a first stage; return whether it is the best yet, None without an answer."""
        worth = self.shared.ask(first, self.control)
        if worth is None:
            return None
        for other, limit in self.ceilings:
            reached = other.value(first, worth, self.shared.probability)
            if reached > limit + 1e-9 * max(1.0, abs(limit)):
                return False
        program = self.shared.first
        if program.relaxed().violation(first, relative=True) > 1e-6:
            return False
        excess = self.aim.expected * self.shared.offsets[-1]  # what the latest mood adds
        value = self.aim.value(first, worth, self.shared.probability) - excess
        if value >= self.value:
            return False
        self.value, self.best = value, first.copy()
        if whole:
            self._tell(value, first)
        return True

    def _tell(self, value: float, first: FloatArray) -> None:
        """Record an improvement, with what it means where somebody can say."""
        describe = self.shared.describe
        if describe is not None:
            self.control.describe = lambda values: describe(value, values)
        self.control.improved(value, self.bound, first)

    def _cut(
        self,
        close: float,
        limits: tuple[FloatArray, FloatArray],
        control: RunControl,
        *,
        bounding: bool,
    ) -> Status:
        """Close the relaxation's gap within column limits; the bound counts where they are all."""
        shared = self.shared
        program = shared.program(self.aim, self.ceilings).relaxed()
        lower, upper = program.lower.copy(), program.upper.copy()
        lower[: len(limits[0])], upper[: len(limits[1])] = limits
        session = highs.LpSession(program.with_bounds(lower, upper), control.limits)
        real = not (bounding and shared.first.integer.any())
        rounds = 0
        while control.halted is None:
            seen = shared.count
            status = session.solve(control)
            if status is not Status.OPTIMAL:
                return status
            reached = session.objective
            if bounding:
                self.bound = max(self.bound, reached)
            floor = self.bound if bounding else reached
            if np.isfinite(self.value) and self.value - floor <= close * max(1.0, abs(self.value)):
                break
            self._step(session.primal, limits, seen, whole=real)
            new = self._parting(session.primal, seen)
            if not new.any():
                break
            matrix, least = shared.cuts(seen)
            session.add_rows(csr_array(matrix[new]), least[new], np.inf)
            rounds += 1
            if not bounding and rounds >= _POLISHES:
                break
        return Status.FEASIBLE

    def _step(
        self,
        primal: FloatArray,
        limits: tuple[FloatArray, FloatArray],
        seen: int,
        *,
        whole: bool,
    ) -> None:
        """Ask halfway to the master's point, and at it where that parts it from nothing."""
        wanted = primal[: len(self.shared.first.cost)]
        self.shared.wanted = wanted
        anchor = self._anchor(limits)
        if anchor is not None:
            self._try(anchor + _HALFWAY * (wanted - anchor), whole=whole)
        if anchor is None or not self._parting(primal, seen).any():
            self._try(wanted, whole=whole)

    def _anchor(self, limits: tuple[FloatArray, FloatArray]) -> FloatArray | None:
        if self.best is None:
            return None
        inside = (self.best >= limits[0] - 1e-9).all() and (self.best <= limits[1] + 1e-9).all()
        return self.best if inside else None

    def _parting(self, primal: FloatArray, seen: int) -> NDArray[np.bool_]:
        """Return which of the cuts gathered since ``seen`` the master's point breaks."""
        matrix, least = self.shared.cuts(seen)
        return np.asarray(matrix @ primal < least - 1e-9 * np.maximum(1.0, np.abs(least)))

    def _allowed(self) -> float:
        """Return the gap of a whole master: a quarter of what is open, or of the relaxation's."""
        if not np.isfinite(self.value):
            return _MASTERS * _ROOT * max(1.0, abs(self.bound)) if np.isfinite(self.bound) else 0.0
        open_ = max(self.shared.close, self._gap())
        return _MASTERS * open_ * max(1.0, abs(self.value))

    def _whole(self) -> Status:
        """Solve masters whole, and polish each whole choice with it held."""
        shared = self.shared
        columns = np.flatnonzero(shared.first.integer)
        tried: set[bytes] = set()
        self._near(columns, tried)
        while self.control.halted is None:
            program = shared.program(self.aim, self.ceilings)
            allowed = self._allowed()
            found = highs.solve(program, quiet(self.control, 0.5), absolute_gap=allowed)
            if found.bound is not None:
                self.bound = max(self.bound, found.bound)
            if found.values is None:
                return found.status
            before = shared.count
            self._polish(found.values[: len(shared.first.cost)], columns, tried)
            settled = not self._parting(found.values, before).any()
            if self._gap() <= shared.close or (settled and self._allowed() >= allowed):
                break
        return Status.FEASIBLE

    def _near(self, columns: NDArray[np.int64], tried: set[bytes]) -> None:
        """Polish the best whole choice that keeps what the relaxation has whole."""
        shared = self.shared
        if shared.wanted is None or self.control.halted is not None:
            return
        program = shared.program(self.aim, self.ceilings)
        at = shared.wanted[columns]
        kept = np.abs(at - np.round(at)) <= _WHOLE
        if kept.all():
            return
        lower, upper = program.lower.copy(), program.upper.copy()
        lower[columns[kept]] = upper[columns[kept]] = np.round(at[kept])
        near = program.with_bounds(lower, upper)
        found = highs.solve(near, quiet(self.control, _NEAR), absolute_gap=self._allowed())
        if found.values is not None:
            self._polish(found.values[: len(shared.first.cost)], columns, tried)

    def _polish(self, first: FloatArray, columns: NDArray[np.int64], tried: set[bytes]) -> None:
        """Ask about a whole choice, and close in on the best first stage that has it."""
        shared = self.shared
        first[columns] = np.round(first[columns])
        shared.wanted = first
        self._try(first, whole=True)
        choice = first[columns].tobytes()
        if choice in tried:
            return
        tried.add(choice)
        lower, upper = shared.first.lower.copy(), shared.first.upper.copy()
        lower[columns] = upper[columns] = first[columns]
        close = _POLISHED * max(shared.close, self._gap())
        self._cut(close, (lower, upper), self.control, bounding=False)
