"""Large questions with rules on how people are spread: sites first, then every case by itself.

Such rules couple no two cases once the sites are chosen. Without them, and with equal groups of a
block taken together, the program is a third of its size and a relaxation: what it proves is a bound
of the whole. The sites it opens are then taken as given, and who goes where is decided case by
case, under the rules.
"""

from dataclasses import dataclass, replace

import numpy as np

from models.shelters.rules import ShelterRules
from optimizer.backends import highs
from optimizer.control import RunControl
from optimizer.demand import FloatArray
from optimizer.judging import PROVEN_GAP
from optimizer.quiet import quiet
from optimizer.shelters.formulation import Formulation
from optimizer.shelters.instance import Arcs, BoolArray, IndexArray, Instance
from optimizer.shelters.solution import Solution
from optimizer.shelters.tighten import tightened

_SPREADING = ("together", "nearest_first", "least_fill", "fill_balance")
_MANY = 20_000  # arcs: fewer are solved in one program
_FIRST, _SECOND = 0.45, 0.25  # of the seconds left: for a first choice of sites, for a better one
_ROUGH = 2e-3  # relative: how exactly sites are chosen
_CASE = 2e-3  # relative: how exactly a case is solved
_START = 0.3  # of a case's seconds: for each pattern to begin from
_SETTLED = 2e-4  # relative: a round of links that lifts the bound less is the last


@dataclass(frozen=True)
class Apart:
    """A plan, and what it is worth at least."""

    solution: Solution | None
    bound: float | None


def applies(formulation: Formulation) -> bool:
    """Return whether a request is large, and has rules that couple no cases but by their sites."""
    instance, rules = formulation.instance, formulation.instance.request.rules
    spread = any(getattr(rules, name) is not None for name in _SPREADING)
    return spread and len(instance.arcs) >= _MANY and not len(instance.shuttles)


def apart(formulation: Formulation, control: RunControl) -> Apart:
    """Return a plan and a bound of the first level."""
    bound, opened = _sites(formulation, control)
    if opened is None:
        return Apart(None, bound)
    instance = formulation.instance
    people = np.zeros(len(instance.arcs))
    cases = len(instance.probability)
    for s in range(cases):
        mine = np.flatnonzero((instance.arcs.scenario == s) & opened[instance.arcs.site])
        people[mine] = _case(instance, s, mine, opened, quiet(control, 1.0 / (cases - s)))
    return Apart(Solution(instance, opened, people, np.zeros(0)), bound)


def _sites(formulation: Formulation, control: RunControl) -> tuple[float | None, BoolArray | None]:
    """Return the relaxation's bound and the sites that it opens, None where time was too short."""
    coarse = Formulation(_coarse(formulation.instance))
    program = coarse.program(coarse.levels[0])
    tight = tightened(coarse.instance, program, quiet(control, _FIRST), settled=_SETTLED)
    narrow = tight.undecided()
    if narrow is None or tight.bound is None:
        return tight.bound, None
    gap = _ROUGH * max(1.0, abs(tight.bound))
    first = highs.solve(narrow, quiet(control, _FIRST), absolute_gap=gap)
    if first.values is None:
        return tight.bound, None
    best, bound, value = first.values, tight.bound, program.objective(first.values)
    if value - bound > gap:
        wide = tight.undecided(value) or tight.program
        second = highs.solve(wide, quiet(control, _SECOND), start=best, absolute_gap=gap)
        bound = max(bound, -np.inf if second.bound is None else second.bound)
        if second.values is not None and program.objective(second.values) < value:
            best = second.values
    return min(bound, value), coarse.solution(best).open


def _coarse(instance: Instance) -> Instance:
    """Return the instance with fewer groups and without rules on how people are spread."""
    request, arcs = instance.request, instance.arcs
    rules = request.rules.model_copy(
        update={
            **dict.fromkeys(_SPREADING),
            "served_floors": tuple(one for one in request.rules.served_floors if not one.group),
        }
    )
    unit, first = _merged(instance)
    leaving = np.zeros((len(first), len(instance.leaving)))
    np.add.at(leaving, unit, instance.leaving.T)
    kept = arcs.taken(np.isin(arcs.unit, first))
    merged = replace(kept, unit=unit[kept.unit])
    return replace(
        instance,
        request=request.model_copy(update={"rules": rules}),
        unit_block=instance.unit_block[first],
        unit_group=instance.unit_group[first],
        leaving=leaving.T,
        arcs=merged,
        shuttles=instance.shuttles.nobody(len(merged)),
    )


def _merged(instance: Instance) -> tuple[IndexArray, IndexArray]:
    """Return where each unit goes, and the first unit of each merged one.

    Groups of a block are one where they may go to the same sites and need the same space there, in
    every case: who of them goes where makes no difference then.
    """
    arcs = instance.arcs
    order = np.lexsort((arcs.site, arcs.scenario, arcs.unit))
    ends = np.searchsorted(arcs.unit[order], np.arange(len(instance.unit_block) + 1))
    known: dict[tuple[int, bytes, bytes, bytes], int] = {}
    unit = np.zeros(len(instance.unit_block), dtype=np.int64)
    first: list[int] = []
    for n, block in enumerate(instance.unit_block.tolist()):
        mine = order[ends[n] : ends[n + 1]]
        parts = (arcs.scenario[mine], arcs.site[mine], arcs.m2[mine])
        key = (block, *(part.tobytes() for part in parts))
        unit[n] = known.setdefault(key, len(known))
        if unit[n] == len(first):
            first.append(n)
    return unit, np.array(first, dtype=np.int64)


def _case(
    instance: Instance, s: int, mine: np.ndarray, opened: BoolArray, control: RunControl
) -> FloatArray:
    """Return who takes which of the arcs ``mine`` in one case."""
    request = instance.request
    also = ("balance_within", "served_floors")
    kept = {name: getattr(request.rules, name) for name in (*_SPREADING, *also)}
    rules = ShelterRules(walk_limit_m=request.rules.walk_limit_m).model_copy(update=kept)
    some = instance.arcs.taken(mine)
    arcs: Arcs = replace(some, scenario=np.zeros(len(mine), dtype=np.int64))
    alone = replace(
        instance,
        request=request.model_copy(update={"rules": rules, "scenarios": (request.scenarios[s],)}),
        probability=np.ones(1),
        leaving=instance.leaving[[s]],
        capacity_m2=instance.capacity_m2[[s]],
        arcs=arcs,
        shuttles=instance.shuttles.nobody(len(arcs)),
    )
    return _Alone(Formulation(alone), opened, control).people()


class _Alone:
    """One case with its sites given: who goes where, under the rules on how people are spread."""

    def __init__(self, formulation: Formulation, opened: BoolArray, control: RunControl) -> None:
        self._formulation, self._control = formulation, control
        program = formulation.program(formulation.levels[0])
        lower, upper = program.lower.copy(), program.upper.copy()
        sites = program.columns["open"]
        lower[sites] = upper[sites] = opened.astype(np.float64)
        self._program, self._opened = program.with_bounds(lower, upper), opened
        self._gap = _CASE * float(formulation.instance.leaving.sum())

    def people(self) -> FloatArray:
        """Return who takes which arc.

        Without the rules first: where they hold anyway, that is the best there is. Else begin from
        the better of two patterns of full and used sites, each a linear program.
        """
        instance = self._formulation.instance
        loose = self._formulation.assigning(self._formulation.levels[0])
        loose = loose.with_bounds(self._program.lower, self._program.upper)
        free = highs.solve(loose, quiet(self._control))
        nobody = Solution(instance, self._opened, np.zeros(len(instance.arcs)), np.zeros(0))
        starts = [self._formulation.values_of(nobody)]
        if free.values is not None:
            found = self._formulation.solution(free.values)
            values = self._formulation.values_of(found)
            if self._keeps(values):
                return found.people
            starts += self._patterns(values, found)
        start = min(filter(self._keeps, starts), key=self._program.objective)
        outcome = highs.solve(self._program, self._control, start=start, absolute_gap=self._gap)
        values = start if outcome.values is None else outcome.values
        return self._formulation.solution(values).people

    def _keeps(self, values: FloatArray) -> bool:
        return self._program.violation(values, relative=True) <= PROVEN_GAP

    def _patterns(self, values: FloatArray, loose: Solution) -> list[FloatArray]:
        """Return plans in which full sites are as in ``values``, or none is.

        Beside full ones only those sites are used that are filled well enough for the balance.
        """
        enough = self._well_filled(loose)
        full, used = (self._program.columns.get(name) for name in ("full", "in_use"))
        found = []
        for keep_full in (True, False):
            lower, upper = self._program.lower.copy(), self._program.upper.copy()
            if full is not None:
                lower[full] = upper[full] = values[full] * keep_full
            if used is not None:
                lower[used] = upper[used] = values[used] * (enough if keep_full else 1.0)
            posed = self._program.with_bounds(lower, upper)
            outcome = highs.solve(posed, quiet(self._control, _START))
            if outcome.values is not None:
                found.append(outcome.values)
        return found

    def _well_filled(self, loose: Solution) -> FloatArray:
        """Return which places are filled to within the balance of the fullest of their kind."""
        instance, manners = self._formulation.instance, self._formulation.manners
        sites, kind = manners.places, manners.kinds
        space = loose.people * instance.arcs.m2
        taken = np.bincount(instance.arcs.site, weights=space, minlength=len(self._opened))
        share = taken[sites] / instance.capacity_m2[0, sites]
        balance = instance.request.rules.fill_balance
        found = np.ones(len(sites))
        for one in np.unique(kind):
            mine = kind == one
            top = share[mine].max(initial=0.0)
            found[mine] = share[mine] >= top - (1.0 if balance is None else balance)
        return found
