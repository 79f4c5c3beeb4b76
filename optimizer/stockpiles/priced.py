r"""Least covers with scenarios taken apart: what an area may go without is priced.

With prices :math:`\lambda \ge 0` on the shares :math:`A y` that areas go without, of which at most
:math:`m` is allowed, every first stage :math:`z` costs at least

.. math:: c z + \sum_s p_s \min_{y} (q + \lambda A_s) y - \lambda m,

and the best prices make it exact. At a first stage they are found by mixing the recourses seen so
far (Dantzig and Wolfe 1960): the mixture keeps the rules, and its duals are the next prices, of
which half the way is asked (Wentges 1997). The L-shaped method then goes on in that mood, its cuts
beside those of the moods before. Where scenarios are long to answer, the first prices come from a
sample of them.

Dantzig, G. B. and Wolfe, P. (1960). Decomposition principle for linear programs. Operations
Research 8(1). https://doi.org/10.1287/opre.8.1.101
Wentges, P. (1997). Weighted Dantzig-Wolfe decomposition for linear mixed-integer programming.
International Transactions in Operational Research 4(2).
https://doi.org/10.1111/j.1475-3995.1997.tb00071.x
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array, vstack

from models.run import Status, StopReason
from optimizer.algorithms.two_stage import Aim, LShaped
from optimizer.algorithms.two_stage.l_shaped import NAME
from optimizer.backends import Outcome
from optimizer.backends.highs import solve_linear
from optimizer.control import RunControl
from optimizer.demand import FloatArray
from optimizer.errors import BackendError
from optimizer.linear import Builder
from optimizer.quiet import quiet
from optimizer.stockpiles.formulation import Formulation
from optimizer.stockpiles.replies import Replies

_BEYOND = 1e2  # times all need: what it costs a mixture to break a rule
_LAWFUL = 1e-6  # how far a first stage may be from its rows, limits and whole numbers, relative
_KEPT = 1e-7  # of a share: what rounding may take
_MIXES, _MOODS = 60, 40
_SEARCH_SHARE = 0.5  # of the time left, for a mood's search
_OPEN, _STUCK = 0.2, 3  # of the gap: what a mixture may leave of it, and how often less helps
_HALFWAY = 0.5
_REACH, _FARTHER = 0.2, 3.0  # of an area's need: the highest price asked at first, and its growth


@dataclass(eq=False)
class Mixture:
    """Recourses to one first stage, and how they are mixed to keep the rules."""

    unmet: list[FloatArray] = field(default_factory=list)  # (scenario,) of each round
    columns: list[list[csr_array]] = field(default_factory=list)  # of each round, by scenario
    shares: list[FloatArray] = field(default_factory=list)  # (scenario, rule) of each round
    weights: FloatArray = field(default_factory=lambda: np.zeros((0, 0)))  # (round, scenario)


@dataclass(frozen=True)
class Mixed:
    """What the best mixture is worth, the bound on any, and whether it keeps the rules."""

    unmet: float
    bound: float
    keeps: bool
    prices: FloatArray  # (rule,) that give the bound


@dataclass(eq=False)
class Priced:
    """The level of one formulation whose least covers are priced."""

    formulation: Formulation
    replies: Replies
    tell: Callable[[RunControl, float, float, FloatArray], None]
    prices: FloatArray | None = None  # (rule,) to begin with
    open: float = field(default=_OPEN, init=False)
    _mood: FloatArray | None = field(default=None, init=False)  # the prices of the latest
    value: float = field(default=np.inf, init=False)
    bound: float = field(default=-np.inf, init=False)
    best: FloatArray | None = field(default=None, init=False)

    @cached_property
    def _rules(self) -> tuple[csr_array, FloatArray]:
        """Return (rule, recourse column) of what areas go without, and what is allowed."""
        found = [
            (served.terms["recourse"], served.upper)
            for served in self.formulation.served.rules()
            if served.path.startswith("rules.least_cover")
        ]
        shares, most = zip(*found, strict=True)
        return csr_array(vstack(shares, format="csr")), np.concatenate(most)

    @cached_property
    def _needs(self) -> FloatArray:
        """What the area of each rule needs, (rule,)."""
        floors = self.formulation.instance.request.rules.least_cover
        return np.concatenate([self.formulation.served.shares(one.level)[1] for one in floors])

    @cached_property
    def _by_scenario(self) -> list[csr_array]:
        """Each scenario's own part of the rules, (rule, column), unweighted."""
        columns = self.formulation.columns
        by_column = self._rules[0].tocsc()
        return [
            csr_array(by_column[:, one] / p)
            for one, p in zip(columns, self.formulation.probability, strict=True)
        ]

    def level(self, method: LShaped, aim: Aim, control: RunControl) -> Outcome:
        """Return the best first stage with its mixture as columns of recourse, and its bound."""
        if self.prices is not None:
            self._turn(method, method.start, self.prices, control)
        for _ in range(_MOODS):
            before = self.value, self.bound
            found = method.level(aim, [], quiet(control, _SEARCH_SHARE))
            if found.bound is not None:
                self.bound = max(self.bound, found.bound)
            if found.status is Status.INFEASIBLE or self.bound > self._worst(aim):
                return Outcome(Status.INFEASIBLE, StopReason.PROOF, None, None, NAME)
            first = method.wanted if found.values is None else self._next(method, found.values)
            prices = None if first is None else self._judge(first, aim, control, method)
            if first is None or prices is None:
                break
            self.prices = prices
            if (self.value, self.bound) == before:
                self.open *= _OPEN
            if self._ended(method.close, control) or not self._turn(method, first, prices, control):
                break
        self.replies.price(None)
        stop = control.halted or StopReason.CONVERGED
        status = Status.UNKNOWN if self.best is None else Status.FEASIBLE
        bound = self.bound if np.isfinite(self.bound) else None
        return Outcome(status, stop, self.best, bound, NAME)

    def _ended(self, close: float, control: RunControl) -> bool:
        """Return whether no further mood is wanted: proven, stuck or out of time."""
        closed = self.best is not None and self._gap() <= close
        return closed or self.open < _OPEN**_STUCK or control.halted is not None

    def _gap(self) -> float:
        return (self.value - self.bound) / max(1.0, abs(self.value))

    def _judge(
        self, first: FloatArray, aim: Aim, control: RunControl, method: LShaped
    ) -> FloatArray | None:
        """Mix for a first stage, keep it if it is the best, and return the prices of its bound.

        One whose sizes are not whole is no plan: it is good for prices alone.
        """
        fixed = float(aim.cost @ first) + aim.offset

        def enough(unmet: float, bound: float) -> bool:
            value = fixed + aim.expected * unmet
            room = 0.5 * method.close * max(1.0, abs(value))
            room = max(room, self.open * (value - self.bound))
            return unmet - bound <= max(room / max(aim.expected, 1e-9), 1e-9 * abs(unmet))

        mixture = Mixture()
        mixed = self._mix(first, mixture, enough, control)
        if mixed is None:
            return None
        value = fixed + aim.expected * mixed.unmet
        if mixed.keeps and value < self.value and _is_whole(method, first):
            self.value, self.best = value, np.concatenate([first, self._columns(mixture)])
            self.tell(control, value, self.bound, first)
        return mixed.prices

    def _worst(self, aim: Aim) -> float:
        """Return what no plan that keeps the rules can cost: all there is, and nobody served."""
        first = self.formulation.first
        dearest = np.maximum(aim.cost * first.lower, aim.cost * np.minimum(first.upper, 1e12))
        return float(dearest.sum()) + aim.expected * self._need + aim.offset

    @cached_property
    def _need(self) -> float:
        """The expected need, weighted, over all bands."""
        bands = np.array([one.weight for one in self.formulation.instance.bands])
        weight = self.formulation.instance.weight
        needs = [
            float(np.einsum("gkb,k,b->", one.groups.need, weight, bands))
            for one in self.formulation.responses
        ]
        return float(self.formulation.probability @ np.array(needs))

    def _next(self, method: LShaped, found: FloatArray) -> FloatArray:
        """Return the first stage to mix for: the master's own, once moods differ and it helps."""
        plain = len(method.offsets) == 1 or self.best is None or self.open < _OPEN
        wanted = method.wanted
        return found if plain or wanted is None or not _is_whole(method, wanted) else wanted

    def _turn(
        self, method: LShaped, first: FloatArray, prices: FloatArray, control: RunControl
    ) -> bool:
        """Begin the mood of other prices, with its cuts at a first stage.

        With the prices of the latest mood its search goes on.
        """
        self._price(prices)
        method.start = first
        if np.array_equal(prices, np.zeros(len(prices)) if self._mood is None else self._mood):
            return True
        self._mood = prices
        method.new_mood(float(prices @ self._rules[1]))
        return method.ask(first, control) is not None

    def _price(self, prices: FloatArray) -> None:
        if not prices.any():
            self.replies.price(None)
        else:
            self.replies.price(lambda s: np.asarray(self._by_scenario[s].T @ prices))

    def _mix(
        self,
        first: FloatArray,
        mixture: Mixture,
        enough: Callable[[float, float], bool],
        control: RunControl,
    ) -> Mixed | None:
        """Return the best mixture of recourses to a first stage; None where time ran out."""
        most, probability = self._rules[1], self.formulation.probability
        prices = np.zeros(len(most)) if self.prices is None else self.prices
        bound, best, worth, keeps, reach = -np.inf, prices, np.inf, False, _REACH
        for _ in range(_MIXES):
            self._price(prices)
            reply = self.replies.columns(first, control)
            if reply is None:
                break
            reached, before = float(probability @ reply[0] - prices @ most), (bound, worth)
            if reached > bound:
                bound, best = reached, prices
            self._add(mixture, reply[2])
            worth, keeps, wanted = self._weigh(mixture, control)
            if keeps and enough(worth, bound):
                break
            stuck = before[0] == bound and worth >= before[1] * (1 - 1e-9)
            if stuck and np.array_equal(prices, wanted):
                break
            if not keeps:  # its duals say how much a broken rule costs, not what is to be asked
                reach *= _FARTHER
                wanted = np.minimum(wanted, reach * self._needs)
            prices = wanted if stuck else best + _HALFWAY * (wanted - best)
        if not mixture.unmet or not len(mixture.weights):
            return None
        unmet = float(np.sum(probability * mixture.weights * np.array(mixture.unmet)))
        return Mixed(unmet, bound, keeps, best)

    def _add(self, mixture: Mixture, columns: list[FloatArray]) -> None:
        costs = [one.recourse.cost for one in self.formulation.responses]
        own = zip(costs, columns, strict=True)
        mixture.unmet.append(np.array([float(cost @ one) for cost, one in own]))
        mixture.columns.append([csr_array(one[None]) for one in columns])
        shares = zip(self._by_scenario, columns, strict=True)
        mixture.shares.append(np.array([rule @ one for rule, one in shares]))

    def _weigh(self, mixture: Mixture, control: RunControl) -> tuple[float, bool, FloatArray]:
        """Return what the best mixture is worth, whether it keeps the rules, and their prices."""
        most, p = self._rules[1], self.formulation.probability
        rounds, scenarios, rules = len(mixture.unmet), len(p), len(most)
        builder = Builder("min")
        unmet = np.array(mixture.unmet)
        builder.add_columns("mixed", (p * unmet).ravel(), upper=np.inf, integer=False)
        beyond = np.full(rules, _BEYOND * max(1.0, self._need))
        builder.add_columns("beyond", beyond, upper=np.inf, integer=False)
        where = np.arange(rounds * scenarios)
        whole = csr_array((np.ones(len(where)), (where % scenarios, where)))
        builder.add_rows("whole", {"mixed": whole}, lower=1.0, upper=1.0)
        shares = (np.array(mixture.shares) * p[None, :, None]).reshape(-1, rules).T
        terms = {"mixed": csr_array(shares), "beyond": csr_array(-np.eye(rules))}
        builder.add_rows("most", terms, lower=-np.inf, upper=most)
        program = builder.build()
        endless = control.limits.model_copy(update={"time_limit_s": 604_800.0})
        found = solve_linear(program, RunControl(endless))  # small: it is let end
        if found.values is None or found.duals is None:
            raise BackendError("a mixture of recourses has no best weights")
        weights = found.values[program.columns["mixed"]].reshape(rounds, scenarios)
        mixture.weights = weights / weights.sum(axis=0)
        past = found.values[program.columns["beyond"]]
        prices = np.maximum(0.0, -found.duals.row[program.rows["most"]])
        return program.objective(found.values), bool(past.max(initial=0.0) <= _KEPT), prices

    def _columns(self, mixture: Mixture) -> FloatArray:
        """Return the mixture's columns of recourse, all scenarios behind one another."""
        found = []
        for s in range(mixture.weights.shape[1]):
            mixed = np.zeros(mixture.columns[0][s].shape[1])
            for weight, columns in zip(mixture.weights[:, s], mixture.columns, strict=True):
                one = columns[s]
                mixed[one.indices] += weight * one.data
            found.append(mixed)
        return np.concatenate(found)


def _is_whole(method: LShaped, first: FloatArray) -> bool:
    """Return whether a first stage keeps its program, whole columns included."""
    return method.first.violation(first, relative=True) <= _LAWFUL
