r"""Units shared out over stations so that most weight gets all it needs: a search on plain arrays.

A group of points counts when all its needs are met, and a near miss counts for nothing: shifts of
units see no way uphill. So the search climbs a smoother hill first, where a group counts as

.. math:: w_g \prod_r \min(1, s_{rg} / n_{rg})^p

with :math:`s_{rg}` the units in time and :math:`n_{rg}` those needed, and lets :math:`p` grow until
near misses are worth nothing (graduated non-convexity: Blake, A. and Zisserman, A. (1987). Visual
reconstruction. MIT Press). Later rounds begin from the best, with weights shaken while the hill is
smooth. All shifts of one size are judged at once, by two products of matrices.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

BoolArray = NDArray[np.bool_]
FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Shared = tuple[IntArray, ...]  # of each kind (station,)

_POWERS = (1, 2, 4, 8, 16, 32, 64)
_SMOOTH = 4  # below this power weights may be shaken
_SHAKE = 0.7  # of a weight, up or down
_ROUNDS = 20
_PLAIN_ROUNDS = 1  # with weights as they are
_SIZES = (1, 2, 3, 4, 6, 9, 13)  # units of a shift, and the most that can be
_WORK = 4_000_000_000  # multiplications: some two seconds
_TINY = 1e-9  # of all weight


@dataclass(frozen=True)
class Kind:
    """One kind of unit: what each station must and may have, and how many there are in all.

    ``needs`` are the rows of the problem's needs that a unit counts for.
    """

    lower: IntArray  # (station,)
    upper: IntArray  # (station,)
    total: int
    needs: tuple[int, ...]


@dataclass(frozen=True)
class Sharing:
    """Groups with needs, and the kinds of units that meet them."""

    in_time: BoolArray  # (group, station)
    weight: FloatArray  # (group,)
    needs: FloatArray  # (need, group)
    kinds: tuple[Kind, ...]

    def met(self, shared: Shared) -> float:
        """Return the weight of the groups that have all they need."""
        enough = (self.brought(shared) >= self.needs).all(axis=0)
        return float(self.weight[enough].sum())

    def brought(self, shared: Sequence[IntArray]) -> FloatArray:
        """Return the units in time (need, group)."""
        found = np.zeros_like(self.needs)
        for kind, units in zip(self.kinds, shared, strict=True):
            found[list(kind.needs)] += self.in_time.astype(np.float64) @ units
        return found


def share_out(
    problem: Sharing,
    start: Shared,
    *,
    seed: int,
    stop: Callable[[], bool],
    improved: Callable[[Shared], None],
) -> Shared:
    """Return the best sharing found from ``start``, never worse than it.

    ``improved`` hears of each better one; ``stop`` is asked between steps. Without a stop the
    work is the same on every machine.
    """
    rng = np.random.default_rng(seed)
    search = _Search(problem, stop)
    best, worth = start, problem.met(start)
    for number in range(_ROUNDS):
        if worth >= problem.weight.sum() or search.over:
            break
        shaken = problem.weight
        if number >= _PLAIN_ROUNDS:
            shaken = shaken * rng.uniform(1.0 - _SHAKE, 1.0 + _SHAKE, len(shaken))
        found = search.climbed(best, shaken)
        value = problem.met(found)
        if value > worth and not stop():
            best, worth = found, value
            improved(best)
    return best


def trimmed(problem: Sharing, shared: Shared, kinds: Sequence[int]) -> Shared:
    """Return ``shared`` without units of ``kinds``, dearest first, that nobody served waits for."""
    left = [units.copy() for units in shared]
    worth = problem.met(shared)
    for kind in kinds:
        for station in range(problem.in_time.shape[1]):
            while left[kind][station] > problem.kinds[kind].lower[station]:
                left[kind][station] -= 1
                if problem.met(tuple(left)) < worth:
                    left[kind][station] += 1
                    break
    return tuple(left)


class _Shift(NamedTuple):
    gain: float
    kind: int
    size: int
    giver: int
    taker: int


class _Search:
    """Shifts units, the best shift first, over stations and a pool of those without a place."""

    def __init__(self, problem: Sharing, stop: Callable[[], bool]) -> None:
        groups, stations = problem.in_time.shape
        self._problem = problem
        self._stop = stop
        self._work = 0
        self._here = np.zeros((groups, stations + 1))  # nobody is in time from the pool
        self._here[:, :-1] = problem.in_time
        self._elsewhere = 1.0 - self._here
        needs = problem.needs
        self._per_unit = np.divide(1.0, needs, out=np.zeros_like(needs), where=needs > 0)
        self._nothing = needs <= 0
        self._lower = [np.append(kind.lower, 0) for kind in problem.kinds]
        self._upper = [np.append(kind.upper, kind.total) for kind in problem.kinds]

    @property
    def over(self) -> bool:
        """Whether the work is used up, or the search is to stop."""
        return self._work >= _WORK or self._stop()

    def climbed(self, shared: Shared, shaken: FloatArray) -> Shared:
        """Return what ``shared`` becomes as the hill grows steeper."""
        kinds = self._problem.kinds
        units = [
            np.append(there, kind.total - there.sum())
            for kind, there in zip(kinds, shared, strict=True)
        ]
        for power in _POWERS:
            weight = shaken if power < _SMOOTH else self._problem.weight
            while not self.over:
                shift = self._best(units, weight, power)
                if shift is None:
                    break
                units[shift.kind][shift.giver] -= shift.size
                units[shift.kind][shift.taker] += shift.size
        return tuple(there[:-1].copy() for there in units)

    def _best(self, units: list[IntArray], weight: FloatArray, power: int) -> _Shift | None:
        brought = self._problem.brought([there[:-1] for there in units])
        now = self._height(brought, power)
        best: _Shift | None = None
        least = _TINY * float(weight.sum())
        for index, kind in enumerate(self._problem.kinds):
            spare, room = units[index] - self._lower[index], self._upper[index] - units[index]
            most = int(min(spare.max(), room.max()))
            for size in sorted({min(size, most) for size in (*_SIZES, most)} - {0}):
                up, down = brought.copy(), brought.copy()
                up[list(kind.needs)] += size
                down[list(kind.needs)] -= size
                gained = weight * (self._height(up, power) - now)
                lost = weight * (self._height(down, power) - now)
                worth = (self._here.T * lost) @ self._elsewhere
                worth += (self._elsewhere.T * gained) @ self._here
                worth[spare < size, :] = -np.inf
                worth[:, room < size] = -np.inf
                place = int(np.argmax(worth))
                if worth.flat[place] > least:
                    least = float(worth.flat[place])
                    best = _Shift(least, index, size, *divmod(place, worth.shape[1]))
                self._work += 2 * worth.size * len(weight)
        return best

    def _height(self, brought: FloatArray, power: int) -> FloatArray:
        """Return how far each group's needs are met (group,), steeper with ``power``."""
        share = np.clip(brought * self._per_unit, 0.0, 1.0)
        share[self._nothing] = 1.0
        height: FloatArray = share.prod(axis=0) ** power
        return height
