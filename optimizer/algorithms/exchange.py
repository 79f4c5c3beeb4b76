"""Exchange: better choices by swapping one taken option for another.

The interchange of Teitz and Bart (1968), with every insertion for one removal judged at once by
matrix products, under linear rules and floors on other measures. Kicks out of a local optimum
are drawn from a seed, so the same start and seed give the same result.

Teitz, M. and Bart, P. (1968). Heuristic methods for estimating the generalized vertex median of a
weighted graph. Operations Research 16(5).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
IndexArray = NDArray[np.intp]

_TINY = 1e-9
_LARGEST_KICK = 6
_DRIFT = 0.003  # how much worse a choice may be to be kicked on from, relative


class Measure(Protocol):
    """Something worth knowing of a choice: what it would be with one option more."""

    @property
    def costly(self) -> bool:
        """Whether to ask it last, of the fewest options."""

    def insertions(self, chosen: BoolArray, options: IndexArray) -> FloatArray:
        """Return the value (options,) when each of ``options`` is added to ``chosen``."""


@dataclass(frozen=True)
class Exchange:
    """The problem: make ``objective`` small, keep floors at least 0, and keep the rules.

    ``rules @ chosen`` must lie in ``[lower, upper]``; ``movable`` options may leave, ``possible``
    ones may come; two options of one ``place`` are kinds of the same thing.
    """

    objective: Measure
    floors: tuple[Measure, ...]
    rules: FloatArray  # (rule, option)
    lower: FloatArray  # (rule,)
    upper: FloatArray  # (rule,)
    movable: BoolArray  # (option,)
    possible: BoolArray  # (option,)
    place: IndexArray  # (option,)

    def allowed(self, chosen: BoolArray) -> IndexArray:
        """Return the options that may be added to ``chosen`` with every rule kept."""
        options = np.flatnonzero(self.possible & ~chosen)
        activity = (self.rules @ chosen.astype(np.float64))[:, None] + self.rules[:, options]
        keeps = (activity <= self.upper[:, None] + _TINY).all(axis=0)
        keeps &= (activity >= self.lower[:, None] - _TINY).all(axis=0)
        return options[keeps]

    def best_insertion(self, chosen: BoolArray, below: float) -> tuple[int, float] | None:
        """Return the option that makes the objective least, and below ``below``; or None.

        Measures are asked in the order of their cost, each only of the options that passed
        those before it.
        """
        options = self.allowed(chosen)
        objective = np.zeros(len(options))
        for measure in sorted((self.objective, *self.floors), key=lambda one: one.costly):
            if not len(options):
                return None
            worth = measure.insertions(chosen, options)
            passes = worth < below if measure is self.objective else worth >= 0.0
            objective = worth if measure is self.objective else objective
            options, objective = options[passes], objective[passes]
        if not len(options):
            return None
        best = int(np.argmin(objective))
        return int(options[best]), float(objective[best])

    def score(self, chosen: BoolArray) -> float:
        """Return the objective of a choice that is not empty."""
        option = np.flatnonzero(chosen)[:1]
        without = chosen.copy()
        without[option] = False
        return float(self.objective.insertions(without, option)[0])


@dataclass(frozen=True)
class Found:
    """A choice that keeps every rule and floor, and its objective."""

    chosen: BoolArray
    objective: float


def exchange(
    problem: Exchange,
    start: BoolArray,
    *,
    seed: int,
    kicks: int,
    stop: Callable[[], bool],
    improved: Callable[[BoolArray], None],
) -> BoolArray:
    """Return the best choice found from a ``start`` that keeps every rule and floor.

    ``improved`` hears of each better choice; ``stop`` is asked between steps.
    """
    rng = np.random.default_rng(seed)
    best = Found(start, problem.score(start))
    current = best
    for _ in range(kicks + 1):
        found = _descend(problem, current, stop, best=best, improved=improved)
        if found.objective < best.objective - _margin(best):
            best = found
        if stop():
            break
        if found.objective <= best.objective + _DRIFT * abs(best.objective):
            current = found
        else:
            current = best
        current = _kick(problem, current, rng)
    return best.chosen


def _margin(found: Found) -> float:
    return _TINY * max(1.0, abs(found.objective))


def _descend(
    problem: Exchange,
    found: Found,
    stop: Callable[[], bool],
    *,
    best: Found,
    improved: Callable[[BoolArray], None],
) -> Found:
    """Take the best exchange as long as there is one, and tell of every step below ``best``.

    A run that is stopped between two steps can so be replayed to the same step.
    """
    while not stop():
        step = _best_exchange(problem, found) or _trade(problem, found)
        if step is None:
            return found
        found = step
        if found.objective < best.objective - _margin(best):
            best = found
            improved(best.chosen)
    return found


def _best_exchange(problem: Exchange, found: Found) -> Found | None:
    best: Found | None = None
    below = found.objective - _margin(found)
    for out in np.flatnonzero(found.chosen & problem.movable):
        without = found.chosen.copy()
        without[out] = False
        insertion = problem.best_insertion(without, below)
        if insertion is not None:
            without[insertion[0]] = True
            below = insertion[1]
            best = Found(without, below)
    return best


def _trade(problem: Exchange, found: Found) -> Found | None:
    """Trade kinds between two places: each takes another option at its own place."""
    below = found.objective - _margin(found)
    kinds = np.bincount(problem.place, weights=problem.possible)[problem.place]
    taken = np.flatnonzero(found.chosen & problem.movable & (kinds > 1))
    for index, first in enumerate(taken):
        for second in taken[index + 1 :]:
            without = found.chosen.copy()
            without[[first, second]] = False
            for one in _others(problem, int(first)):
                trial = without.copy()
                trial[one] = True
                beside = np.zeros_like(problem.possible)
                beside[_others(problem, int(second))] = True
                only = replace(problem, possible=beside)
                insertion = only.best_insertion(trial, below)
                if insertion is not None:
                    trial[insertion[0]] = True
                    return Found(trial, insertion[1])
    return None


def _others(problem: Exchange, option: int) -> IndexArray:
    same = (problem.place == problem.place[option]) & problem.possible
    same[option] = False
    return np.flatnonzero(same)


def _kick(problem: Exchange, found: Found, rng: np.random.Generator) -> Found:
    """Return the choice after some random exchanges that keep rules and floors."""
    chosen = found.chosen.copy()
    for _ in range(int(rng.integers(2, _LARGEST_KICK + 1))):
        taken = np.flatnonzero(chosen & problem.movable)
        if not len(taken):
            break
        out = int(rng.choice(taken))
        chosen[out] = False
        options = problem.allowed(chosen)
        for floor in sorted(problem.floors, key=lambda one: one.costly):
            if len(options):
                options = options[floor.insertions(chosen, options) >= 0.0]
        chosen[int(rng.choice(options)) if len(options) else out] = True
    return Found(chosen, problem.score(chosen))
