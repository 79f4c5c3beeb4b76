r"""A `Choice` that falls apart: parts that share no place, joined by how many sites each has.

.. math:: \min \; b + \sum_c f_c(k_c), \quad \sum_c k_c = p

A part's multipliers bound :math:`f_c` for every number of sites at once, as the sum of so many
least worths. Allotments of the least summed bound are taken one after the other: the parts of one
are relaxed at the numbers it gives them, then searched there, until no allotment is below the
cutoff. A tree over the whole instead divides every part anew below each node of the others.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from optimizer.algorithms.siting.choice import Choice, FloatArray, IndexArray
from optimizer.algorithms.siting.cuts import Cuts
from optimizer.algorithms.siting.lagrangian import Ascent, Bound, bound_at, bounds_of_counts
from optimizer.algorithms.siting.swap import interchange
from optimizer.algorithms.siting.tree import WHOLE
from optimizer.control import RunControl

_MOST = 0.5  # of all sites in one part, for a division to pay
_ROUNDS = 30  # of cuts
_LITTLE = 0.002
_NODES = 250  # of the first search of a part; each further one of it may take twice as many


@dataclass(frozen=True)
class Answer:
    """What a search of a part came to."""

    sites: IndexArray
    cost: float
    bound: float
    nodes: int


Solve = Callable[[Choice, float, int], Answer]  # a choice, a bound that is enough, and nodes
Judge = Callable[[IndexArray], float]


@dataclass
class _Part:
    """Some sites and places of the whole; lists run over the numbers of sites."""

    choice: Choice
    sites: IndexArray  # of the whole
    bound: Bound
    lower: FloatArray
    upper: FloatArray
    cuts: Cuts | None = None
    relaxed: set[int] = field(default_factory=set)
    tries: dict[int, int] = field(default_factory=dict)
    known: dict[int, IndexArray] = field(default_factory=dict)  # the best so many sites

    def learn(self, sites: IndexArray, cost: float) -> None:
        """Keep some sites where none of as many are known to be cheaper."""
        if cost < self.upper[len(sites)]:
            self.upper[len(sites)], self.known[len(sites)] = cost, sites


class Division:
    """The parts of a choice, and what is known of each for each number of sites."""

    def __init__(self, choice: Choice, bound: Bound, *, whole: bool, control: RunControl) -> None:
        self.nodes = 0
        self._choice, self._whole, self._control = choice, whole, control
        self._base = choice.base
        self._parts: list[_Part] = []
        multipliers = np.clip(bound.multipliers, 0.0, choice.cap)
        for sites, places in components(choice):
            if not len(sites):
                self._base += float(choice.cap[places].sum())
                continue
            part = choice.part(sites, places)
            value, worth, chosen = bound_at(part, multipliers[places])
            share = bound.share[sites]
            start = Bound(value, multipliers[places], worth, chosen, share, 0)
            made = _open(part, sites, start)
            made.lower = np.minimum(self._rounded(made.lower), made.upper)
            self._parts.append(made)

    @property
    def pays(self) -> bool:
        """Whether the parts are small beside the whole."""
        most = max((len(part.sites) for part in self._parts), default=0)
        return most <= _MOST * len(self._choice.site)

    def prove(self, judge: Judge, aim: Callable[[], float], solve: Solve) -> float:
        """Return a bound on all that is cheaper than the aim; better sites are judged.

        It is below the aim where the run was stopped, or where the best of this choice costs less
        here than counted afresh.
        """
        while True:
            value, counts = self._allot([part.lower for part in self._parts])
            if value >= self._below(aim()) or self._stopped():
                return min(value, aim())
            left = [
                (part, count)
                for part, count in zip(self._parts, counts, strict=True)
                if part.lower[count] < self._below(part.upper[count])
            ]
            new = [(part, count) for part, count in left if count not in part.relaxed]
            for part, count in new:
                self._relax(part, count)
            if not left:
                return value
            if not new:
                self._search(*min(left, key=_effort), aim(), solve)
            self._join(judge)

    def _stopped(self) -> bool:
        return self._control.halted is not None or self._nodes_left == 0

    @property
    def _nodes_left(self) -> int | None:
        most = self._control.limits.node_limit
        return None if most is None else max(0, most - self.nodes)

    def _below(self, value: float) -> float:
        """Return what a bound is to exceed to show that nothing costs less than a value."""
        if not np.isfinite(value):
            return value
        return value - (WHOLE if self._whole else 1e-9 * max(1.0, abs(value)))

    def _rounded(self, lower: FloatArray) -> FloatArray:
        """Return the least values that a whole choice above some bounds can have."""
        return np.ceil(lower - 1e-6) if self._whole else lower

    def _relax(self, part: _Part, count: int) -> None:
        """Bound a part by cuts for some number of sites; the multipliers serve every number."""
        part.relaxed.add(count)
        choice = replace(part.choice, count=count)
        if part.cuts is None:
            part.cuts = Cuts(choice, part.bound, self._control)
        part.cuts.recount(count)
        none = np.zeros(len(part.sites), dtype=np.bool_)
        plan = Ascent(np.inf, np.inf, _ROUNDS, tolerance=_LITTLE)
        found = part.cuts.bound(choice, np.flatnonzero(none), none, part.bound.multipliers, plan)
        part.bound = found
        lower = bounds_of_counts(part.choice, found.multipliers)
        part.lower = np.maximum(part.lower, self._rounded(lower))
        sites = interchange(choice, found.favoured, self._stopped)
        part.learn(sites, choice.value(sites))

    def _search(self, part: _Part, count: int, aim: float, solve: Solve) -> None:
        """Search a part for so many sites, as far as the others leave it something to save."""
        others = [one.lower for one in self._parts if one is not part]
        rest, _ = self._allot(others, self._choice.count - count)
        tries = part.tries.get(count, 0)
        part.tries[count] = tries + 1
        nodes = _NODES << tries
        if self._nodes_left is not None:
            nodes = min(nodes, self._nodes_left)
        found = solve(replace(part.choice, count=count), aim - rest, nodes)
        self.nodes += found.nodes
        part.lower[count] = max(part.lower[count], float(self._rounded(np.array(found.bound))))
        part.learn(found.sites, found.cost)

    def _join(self, judge: Judge) -> None:
        """Judge the best that the parts' best sites make together."""
        value, counts = self._allot([part.upper for part in self._parts])
        if np.isfinite(value):
            pairs = zip(self._parts, counts, strict=True)
            judge(np.concatenate([part.sites[part.known[count]] for part, count in pairs]))

    def _allot(self, costs: list[FloatArray], count: int | None = None) -> tuple[float, list[int]]:
        """Return the least that parts cost together with so many sites, and each one's number."""
        count = self._choice.count if count is None else count
        least = np.full(count + 1, np.inf)
        least[0] = self._base
        given = []
        for cost in costs:
            after, mine = np.full(count + 1, np.inf), np.zeros(count + 1, dtype=np.intp)
            for one in range(min(count + 1, len(cost))):
                total = least[: count + 1 - one] + cost[one]
                better = total < after[one:]
                after[one:][better] = total[better]
                mine[one:][better] = one
            least = after
            given.append(mine)
        numbers, left = [], count
        for mine in reversed(given):
            numbers.append(int(mine[left]))
            left -= numbers[-1]
        return float(least[count]), numbers[::-1]


def _open(choice: Choice, sites: IndexArray, bound: Bound) -> _Part:
    """Return a part of which no site and all sites are known, and bounds between."""
    none, every = np.zeros(0, dtype=np.intp), np.arange(len(sites))
    lower, upper = bounds_of_counts(choice, bound.multipliers), np.full(len(sites) + 1, np.inf)
    known = {0: none, len(sites): every}
    if not len(choice.place):
        known = {count: every[:count] for count in range(len(sites) + 1)}
    for count, some in known.items():
        lower[count] = upper[count] = choice.value(some)
    return _Part(choice, sites, bound, lower, upper, known=known)


def _effort(one: tuple[_Part, int]) -> tuple[int, int]:
    part, count = one
    return part.tries.get(count, 0), len(part.sites)


def components(choice: Choice) -> Iterator[tuple[IndexArray, IndexArray]]:
    """Yield the sites and places of each part; sites near no place, and such places, come first."""
    places, sites = len(choice.cap), len(choice.site)
    pairs = (np.ones(len(choice.place)), (choice.place, places + choice.owner))
    graph = csr_array(pairs, shape=(places + sites, places + sites))
    _, label = connected_components(graph, directed=False)
    of_place, of_site = label[:places], label[places:]
    served = np.isin(of_place, of_site)
    none = np.zeros(0, dtype=np.intp)
    idle = np.diff(choice.start) == 0
    yield none, np.flatnonzero(~served)
    if idle.any():
        yield np.flatnonzero(idle), none
    for one in np.unique(of_site[~idle]):
        yield np.flatnonzero(of_site == one), np.flatnonzero(of_place == one)
