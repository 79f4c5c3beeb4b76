r"""The master program of the L-shaped method: what is aimed at, and the cuts gathered so far.

Besides the first stage :math:`z` it holds a column :math:`\Theta` for the expected worth, one for
each risk measure, and for each mood :math:`m` a column :math:`\theta_{mc}` for each cluster of
scenarios. A mood prices recourse in such a way that its expected worth, less an offset, is no more
than the true one: :math:`\Theta \ge \sum_c \theta_{mc} - o_m`. The first mood prices nothing; in
the others no scenario is cheaper, so :math:`\theta_{mc} \ge \theta_{0c}`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack

from optimizer.algorithms.two_stage.risk import value_at_risk, worst_weights
from optimizer.control import Described, RunControl
from optimizer.demand import FloatArray
from optimizer.linear import LinearProgram

CLOSE = 1e-4  # relative: a gap that ends the search


@dataclass(frozen=True)
class Aim:
    """``cost @ z + expected * E[Q] + sum of weight * CVaR_alpha(Q) + offset``."""

    cost: FloatArray  # (first-stage column,)
    expected: float = 0.0
    tails: tuple[tuple[float, float], ...] = ()  # alpha, weight
    offset: float = 0.0

    def value(self, first: FloatArray, worth: FloatArray, probability: FloatArray) -> float:
        """Return its value at a first stage whose recourse is worth so much."""
        risks = sum(
            weight * value_at_risk(worth, probability, alpha) for alpha, weight in self.tails
        )
        expected = self.expected * float(probability @ worth)
        return float(self.cost @ first) + expected + risks + self.offset


Respond = Callable[[FloatArray, RunControl], tuple[FloatArray, FloatArray] | None]
"""A first stage to worth (scenario,) and slope (scenario, column); None where time ran out."""


@dataclass(frozen=True)
class Sample:
    """Some scenarios that stand for all: what they reply, 0 for the others, and how they weigh."""

    respond: Respond
    probability: FloatArray  # (scenario,) 0 where another stands for it


@dataclass(eq=False)
class Master:
    """Cuts gathered for one set of scenarios; every level of objectives goes on with them.

    A search ends at a relative gap of ``close``.
    """

    first: LinearProgram  # the first stage's columns and rules
    probability: FloatArray  # (scenario,)
    cluster: NDArray[np.int64]  # (scenario,) of each, from 0
    alphas: tuple[float, ...]
    respond: Respond
    start: FloatArray
    sample: Sample | None = None
    close: float = CLOSE
    describe: Callable[[float, FloatArray], Described] | None = None
    offsets: list[float] = field(default_factory=lambda: [0.0], init=False)  # of the moods
    asked: int = field(default=0, init=False)
    wanted: FloatArray | None = field(default=None, init=False)  # where the master was best last
    _rows: list[FloatArray] = field(default_factory=list, init=False, repr=False)
    _places: list[int] = field(default_factory=list, init=False, repr=False)
    _least: list[float] = field(default_factory=list, init=False, repr=False)

    def new_mood(self, offset: float) -> None:
        """Go on with replies that are priced otherwise, worth at most ``offset`` too much."""
        self.offsets.append(offset)

    @property
    def width(self) -> int:
        """The columns of the master program."""
        own = 1 + len(self.alphas) + len(self.offsets) * self.clusters
        return len(self.first.cost) + own

    @property
    def clusters(self) -> int:
        """How many clusters there are."""
        return int(self.cluster.max()) + 1

    def _theta(self, mood: int) -> int:
        """Return where a mood's columns begin."""
        return len(self.first.cost) + 1 + len(self.alphas) + mood * self.clusters

    def ask(self, first: FloatArray, control: RunControl) -> FloatArray | None:
        """Return the worth of every scenario at a first stage, and keep its cuts."""
        found = self.respond(first, control)
        if found is None:
            return None
        self.asked += 1
        worth, slope = found
        self.learn(first, worth, slope)
        return worth

    def learn(self, first: FloatArray, worth: FloatArray, slope: FloatArray) -> None:
        """Keep the cuts of a reply in the latest mood."""
        level = worth - slope @ first
        begins = self._theta(len(self.offsets) - 1)
        for c in range(self.clusters):
            mine = np.where(self.cluster == c, self.probability, 0.0)
            self._keep(mine, level, slope, begins + c)
        for n, alpha in enumerate(self.alphas):
            omega = worst_weights(worth, self.probability, alpha)
            self._keep(omega, level, slope, len(self.first.cost) + 1 + n)

    def _keep(self, weights: FloatArray, level: FloatArray, slope: FloatArray, place: int) -> None:
        self._rows.append(-(weights @ slope))
        self._places.append(place)
        self._least.append(float(weights @ level))

    @property
    def count(self) -> int:
        """How many cuts there are."""
        return len(self._rows)

    def cuts(self, since: int = 0) -> tuple[csr_array, FloatArray]:
        """Return the cuts from ``since`` on as rows of the master program."""
        own = len(self.first.cost)
        rows = np.array(self._rows[since:]).reshape(-1, own)
        places = np.array(self._places[since:], dtype=np.int64) - own
        where = (np.arange(len(places)), places)
        later = csr_array((np.ones(len(places)), where), shape=(len(places), self.width - own))
        return csr_array(hstack([csr_array(rows), later], format="csr")), np.array(
            self._least[since:]
        )

    def row(self, aim: Aim) -> FloatArray:
        """Return an aim over the master's columns, without its offset."""
        row, own = np.zeros(self.width), len(aim.cost)
        row[:own] = aim.cost
        row[own] = aim.expected
        for alpha, weight in aim.tails:
            row[own + 1 + self.alphas.index(alpha)] += weight
        return row

    def program(self, aim: Aim, ceilings: Sequence[tuple[Aim, float]]) -> LinearProgram:
        """Return the master program with the cuts so far."""
        first, more = self.first, self.width - len(self.first.cost)
        wide = csr_array(
            (first.matrix.data, first.matrix.indices, first.matrix.indptr),
            shape=(first.matrix.shape[0], self.width),
        )
        program = LinearProgram(
            sense="min",
            cost=self.row(aim),
            lower=np.concatenate([first.lower, np.zeros(more)]),
            upper=np.concatenate([first.upper, np.full(more, np.inf)]),
            integer=np.concatenate([first.integer, np.zeros(more, dtype=np.bool_)]),
            matrix=wide,
            row_lower=first.row_lower,
            row_upper=first.row_upper,
            columns={**first.columns, "later": slice(len(first.cost), self.width)},
            rows=dict(first.rows),
            offset=aim.offset,
        )
        matrix, least = self._moods()
        program = program.with_rows("moods", matrix, least, np.inf)
        for n, (other, limit) in enumerate(ceilings):
            row = csr_array(self.row(other)[None])
            program = program.with_rows(f"ceiling[{n}]", row, -np.inf, limit - other.offset)
        matrix, least = self.cuts()
        return program.with_rows("cuts", matrix, least, np.inf) if self.count else program

    def _moods(self) -> tuple[csr_array, FloatArray]:
        """Return what the expected worth is in each mood, and that none is cheaper than plain."""
        moods, clusters = len(self.offsets), self.clusters
        rows = np.zeros((moods + (moods - 1) * clusters, self.width))
        rows[:moods, len(self.first.cost)] = 1.0
        for mood in range(moods):
            begins = self._theta(mood)
            rows[mood, begins : begins + clusters] = -1.0
            if mood:
                own = moods + (mood - 1) * clusters + np.arange(clusters)
                rows[own, begins + np.arange(clusters)] = 1.0
                rows[own, self._theta(0) + np.arange(clusters)] = -1.0
        least = np.zeros(len(rows))
        least[:moods] = -np.array(self.offsets)
        return csr_array(rows), least


def spread(values: FloatArray, count: int) -> NDArray[np.int64]:
    """Return a cluster for each scenario: ``count`` of them, alike in how much is at stake.

    Each cluster gets scenarios of every size, so that none is nothing.
    """
    order = np.argsort(-values, kind="stable")
    cluster = np.zeros(len(values), dtype=np.int64)
    cluster[order] = np.arange(len(values)) % max(1, min(count, len(values)))
    return cluster
