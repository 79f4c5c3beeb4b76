"""Large questions with rules on how people are spread: sites first, then every case by itself.

Such rules couple no two cases once the sites are chosen. So equal groups of a block are taken
together, sites are found by a search that keeps the rules in every plan it looks at, and who goes
where is decided case by case. Where the program is small enough to be solved, sites are then chosen
without the rules; cases that lose by it get their rules into the program, those that lose most
first, and sites are chosen again. A program without some rules is a relaxation: what it proves is
a bound of the whole.
"""

from dataclasses import dataclass, field

import numpy as np

from optimizer.algorithms.cases.search import prepare
from optimizer.backends import highs
from optimizer.control import RunControl
from optimizer.demand import FloatArray
from optimizer.linear import LinearProgram
from optimizer.quiet import quiet
from optimizer.shelters.annealed import Annealed
from optimizer.shelters.assigning import assigned
from optimizer.shelters.formulation import Formulation
from optimizer.shelters.instance import Instance
from optimizer.shelters.manners import Manners
from optimizer.shelters.merging import Merged
from optimizer.shelters.solution import Solution
from optimizer.shelters.spreading import SPREADING, Spread
from optimizer.shelters.tighten import Tightened, tightened

_MANY = 20_000  # arcs: fewer are solved in one program
_LARGE = 100_000  # columns: a larger program is searched alone
_SEARCH = 0.65  # of the seconds left: for the search of a large program
_FIRST, _SECOND = 0.35, 0.25  # of the seconds left: for a first choice of sites, for a better one
_CASES = 0.3  # of the seconds left: to assign people in all cases
_LAST = 0.95  # likewise, where nothing comes after it
_AGAIN = 0.6  # of the seconds left: to choose sites again
_ROUGH = 2e-3  # relative: how exactly sites are chosen
_LOST = 1e-4  # of the level: what a case must lose for its rules to be taken in
_MOST = 0.5  # of the largest loss: which cases are taken in together
_SETTLED = 2e-4  # relative: a round of links that lifts the bound less is the last


@dataclass(frozen=True)
class Apart:
    """A plan, and what it is worth at least."""

    solution: Solution | None
    bound: float | None


def applies(formulation: Formulation) -> bool:
    """Return whether a request is large, and has rules that couple no cases but by their sites."""
    instance, rules = formulation.instance, formulation.instance.request.rules
    spread = any(getattr(rules, name) is not None for name in SPREADING)
    return spread and len(instance.arcs) >= _MANY and not len(instance.shuttles)


def apart(formulation: Formulation, control: RunControl) -> Apart:
    """Return a plan and a bound of the first level.

    Time that goes into compiling, once for each installation, is none of the run's.
    """
    control.ready(prepare)
    whole = formulation.instance
    by_group = any(floor.group for floor in whole.request.rules.served_floors)
    merged = None if by_group else Merged(whole)
    search = _Search(whole if merged is None else merged.instance, control)
    search.run()
    best = search.best
    if best is None:
        return Apart(None, search.bound)
    people = best.people if merged is None else merged.parted(best.people)
    return Apart(Solution(whole, best.open, people, np.zeros(0)), search.bound)


@dataclass
class _Search:
    """The best plan and bound so far."""

    instance: Instance
    control: RunControl
    best: Solution | None = field(default=None, init=False)
    bound: float | None = field(default=None, init=False)

    def run(self) -> None:
        """Choose sites and assign people, with the rules of ever more cases, until none loses."""
        ruled = np.zeros(len(self.instance.probability), dtype=np.bool_)
        spread = Spread(self.instance, ruled)
        formulation = spread.plain
        program = formulation.program(formulation.levels[0])
        large = len(program.cost) > _LARGE
        search = Annealed(formulation, Manners(self.instance), program)
        if search.applies:
            part = quiet(self.control, _SEARCH if large else _FIRST)
            annealed, self.bound = search.search(part, ruled=large)
            self.best = self._assigned(annealed, _LAST if large else _CASES)
            if large or self._near:
                return
        tight = tightened(
            formulation.instance, program, quiet(self.control, _FIRST), settled=_SETTLED
        )
        self._prove(tight.bound)
        found = self._sites(spread, tight)
        while found is not None:
            plan = self._assigned(found)
            if self.best is None or plan.value(0) < self.best.value(0):
                self.best = plan
            value = self.best.value(0)
            lost = spread.by_case(plan, program) - spread.by_case(found, program)
            lost[spread.ruled | (lost < _LOST * abs(value))] = 0.0
            if self._near or not lost.any() or self.control.halted:
                return
            spread = Spread(self.instance, spread.ruled | (lost > _MOST * lost.max()))
            found = self._again(spread, tight, self.best)

    @property
    def _near(self) -> bool:
        """Whether plan and bound are near enough."""
        if self.best is None or self.bound is None:
            return False
        value = self.best.value(0)
        return value - self.bound <= _ROUGH * max(1.0, abs(value))

    def _prove(self, bound: float | None) -> None:
        known = [one for one in (self.bound, bound) if one is not None]
        self.bound = max(known, default=None)

    def _sites(self, spread: Spread, tight: Tightened) -> Solution | None:
        """Return sites, and who goes where without rules; None where time was too short."""
        narrow = tight.undecided()
        if narrow is None or tight.bound is None:
            return None
        gap = _ROUGH * max(1.0, abs(tight.bound))
        first = highs.solve(narrow, quiet(self.control, _FIRST), absolute_gap=gap)
        if first.values is None:
            return None
        best, value = first.values, tight.program.objective(first.values)
        if value - tight.bound > gap:
            wide = tight.undecided(value) or tight.program
            best = self._solved(wide, best, gap, _SECOND)
        return spread.solution(best)

    def _again(self, spread: Spread, tight: Tightened, best: Solution) -> Solution | None:
        """Return better sites under the rules of some cases, beginning from the best plan."""
        start, value = spread.values_of(best), best.value(0)
        wide = spread.over(tight.undecided(value) or tight.program)
        gap = _ROUGH * max(1.0, abs(value))
        return spread.solution(self._solved(wide, start, gap, _AGAIN))

    def _solved(
        self, wide: LinearProgram, start: FloatArray, gap: float, share: float
    ) -> FloatArray:
        """Return the best values of a program without what no plan better than the start does."""
        value = wide.objective(start)
        outcome = highs.solve(wide, quiet(self.control, share), start=start, absolute_gap=gap)
        if outcome.bound is not None:
            self._prove(min(outcome.bound, value))
        worse = outcome.values is None or wide.objective(outcome.values) > value
        return start if worse or outcome.values is None else outcome.values

    def _assigned(self, found: Solution, share: float = _CASES) -> Solution:
        """Return the sites of ``found`` with everybody assigned under the rules, case by case."""
        cases = len(self.instance.probability)
        part = quiet(self.control, share)
        people = np.zeros(len(self.instance.arcs))
        for s in range(cases):
            people += assigned(self.instance, s, found, quiet(part, 1.0 / (cases - s)))
        return Solution(self.instance, found.open, people, np.zeros(0))
