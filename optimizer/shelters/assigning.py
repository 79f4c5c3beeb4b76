"""One case with its sites given: who goes where, under the rules on how people are spread."""

from dataclasses import replace

import numpy as np

from models.shelters.rules import ShelterRules
from optimizer.backends import highs
from optimizer.control import RunControl
from optimizer.demand import FloatArray
from optimizer.judging import PROVEN_GAP
from optimizer.quiet import quiet
from optimizer.shelters.formulation import Formulation
from optimizer.shelters.instance import Arcs, BoolArray, Instance
from optimizer.shelters.solution import Solution
from optimizer.shelters.spreading import SPREADING

_CASE = 5e-4  # relative: how exactly a case is solved
_START = 0.3  # of a case's seconds: for each pattern to begin from


def assigned(instance: Instance, s: int, solution: Solution, control: RunControl) -> FloatArray:
    """Return who takes which arc to an open site in case ``s``, the others nobody.

    Where the people of ``solution`` keep the rules, they are what the search begins from.
    """
    request = instance.request
    also = ("balance_within", "served_floors")
    kept = {name: getattr(request.rules, name) for name in (*SPREADING, *also)}
    rules = ShelterRules(walk_limit_m=request.rules.walk_limit_m).model_copy(update=kept)
    mine = (instance.arcs.scenario == s) & solution.open[instance.arcs.site]
    some = instance.arcs.taken(mine)
    arcs: Arcs = replace(some, scenario=np.zeros(len(some), dtype=np.int64))
    alone = replace(
        instance,
        request=request.model_copy(update={"rules": rules, "scenarios": (request.scenarios[s],)}),
        probability=np.ones(1),
        leaving=instance.leaving[[s]],
        capacity_m2=instance.capacity_m2[[s]],
        arcs=arcs,
        shuttles=instance.shuttles.nobody(len(arcs)),
    )
    people = np.zeros(len(instance.arcs))
    people[mine] = _Alone(Formulation(alone), solution.open, control).people(solution.people[mine])
    return people


class _Alone:
    """One case with its sites given: who goes where, under the rules on how people are spread."""

    def __init__(self, formulation: Formulation, opened: BoolArray, control: RunControl) -> None:
        self._formulation, self._control = formulation, control
        program = formulation.program(formulation.levels[0])
        lower, upper = program.lower.copy(), program.upper.copy()
        sites = program.columns["open"]
        lower[sites] = upper[sites] = opened.astype(np.float64)
        self._program, self._opened = program.with_bounds(lower, upper), opened

    def people(self, given: FloatArray) -> FloatArray:
        """Return who takes which arc.

        Without the rules first: where they hold anyway, that is the best there is. Else begin from
        the best of what is given and two patterns of full and used sites, each a linear program.
        """
        instance = self._formulation.instance
        loose = self._formulation.assigning(self._formulation.levels[0])
        loose = loose.with_bounds(self._program.lower, self._program.upper)
        free = highs.solve(loose, quiet(self._control))
        nobody = Solution(instance, self._opened, np.zeros(len(instance.arcs)), np.zeros(0))
        known = replace(nobody, people=given)
        starts = [self._formulation.values_of(one) for one in (nobody, known)]
        gap = 0.0
        if free.values is not None:
            found = self._formulation.solution(free.values)
            values = self._formulation.values_of(found)
            if self._keeps(values):
                return found.people
            starts += self._patterns(values, found)
            gap = _CASE * self._program.objective(values)
        kept = filter(self._keeps, starts)  # none where floors want more than these sites hold
        start = min(kept, key=self._program.objective, default=starts[0])
        outcome = highs.solve(self._program, self._control, start=start, absolute_gap=gap)
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
