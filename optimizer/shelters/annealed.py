"""Sites chosen by a search that keeps the rules on how people are spread, and a bound."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array

from optimizer.algorithms.cases.climbing import RuledClimb
from optimizer.algorithms.cases.dual import dual_bound
from optimizer.algorithms.cases.instance import BoolArray, CaseArrays, Manner
from optimizer.algorithms.cases.search import SiteSearch
from optimizer.control import RunControl
from optimizer.linear import LinearProgram
from optimizer.quiet import quiet
from optimizer.shelters.formulation import Formulation
from optimizer.shelters.greedy import fallbacks
from optimizer.shelters.instance import IndexArray
from optimizer.shelters.manners import Manners
from optimizer.shelters.solution import Solution

_BLIND = 0.1  # of the seconds left: for the bound without the rules
_FIRST, _CLIMB, _AGAIN = 0.2, 0.4, 0.6  # likewise, for a first plan, a bound under the rules, plans
_BESIDE = 8  # sites that may take a site's place


@dataclass(frozen=True, eq=False)
class Annealed:
    """The search over ``plain``, a formulation without the rules that ``manners`` has."""

    plain: Formulation
    manners: Manners
    program: LinearProgram  # of the plain formulation's first level

    @property
    def applies(self) -> bool:
        """Whether the question has sites, walks and people without a place, and no more."""
        rules = self.manners.instance.request.rules
        known = set(self.program.columns) == {"open", "go", "unmet"}
        return known and rules.together is None and not rules.served_floors

    def search(self, control: RunControl, *, ruled: bool = False) -> tuple[Solution, float]:
        """Return a plan that keeps the rules on the spread, and a bound of all plans.

        The bound knows those rules where it is asked to be ``ruled``; it takes all time left.
        """
        arrays = self._arrays
        level = self.program.objective
        known = [self.plain.values_of(one) for one in fallbacks(self.plain.instance)]
        target = min(map(level, known))
        dual = dual_bound(arrays, target, quiet(control, _BLIND))
        search = SiteSearch(arrays, self._manner, self._beside)
        first = search.first(dual.opened)
        if not ruled:
            return self._solution(search, search.improve(first, control)), dual.value
        best = search.improve(first, quiet(control, _FIRST))
        value = search.value(best)
        climb = RuledClimb(arrays, self._manner, dual.multiplier, search.placed(best), value)
        climb.run(quiet(control, _CLIMB))
        search.doubting(climb.opened)
        found = search.improve(search.first(climb.opened), quiet(control, _AGAIN), eased=False)
        if search.value(found) < search.value(best):
            best = found
        climb.target = search.value(best)
        climb.run(control)
        return self._solution(search, best), max(dual.value, climb.value)

    def _solution(self, search: SiteSearch, opened: BoolArray) -> Solution:
        """Return what the search makes of these sites as a plan."""
        search.value(opened)  # at its best levels
        people = np.zeros(len(search.arrays.site))
        people[self._order] = search.placed(opened)
        values = opened.astype(np.float64)
        return Solution.of_values(self.manners.instance, values, people, np.zeros(0))

    @cached_property
    def _party(self) -> IndexArray:
        """The party of each arc: its place among those who leave."""
        instance, waiting = self.plain.instance, self.plain.waiting
        key = instance.arcs.scenario * instance.leaving.shape[1] + instance.arcs.unit
        found: IndexArray = np.searchsorted(waiting, key).astype(np.int64)
        return found

    @cached_property
    def _order(self) -> IndexArray:
        """The arcs party by party, each party's by ascending walk."""
        arcs = self.plain.instance.arcs
        return np.lexsort((arcs.site, arcs.walk_m, self._party)).astype(np.int64)

    @cached_property
    def _arrays(self) -> CaseArrays:
        plain, program = self.plain, self.program
        instance, arcs, order = plain.instance, plain.instance.arcs, self._order
        cases, units = instance.leaving.shape
        sites = program.columns["open"]
        inside = program.matrix[:, sites]
        alone = np.diff(inside.indptr) == np.diff(program.matrix.indptr)
        alone &= np.diff(inside.indptr) > 0
        parties = np.arange(len(plain.waiting) + 1)
        return CaseArrays(
            party_start=np.searchsorted(plain.waiting // units, np.arange(cases + 1)),
            people=instance.leaving.ravel()[plain.waiting],
            unplaced=program.cost[program.columns["unmet"]],
            arc_start=np.searchsorted(self._party[order], parties),
            site=arcs.site[order].astype(np.int64),
            space=arcs.m2[order],
            walk=arcs.walk_m[order],
            cost=program.cost[program.columns["go"]][order],
            area=np.ascontiguousarray(instance.capacity_m2),
            opening=program.cost[sites],
            rows=inside[alone].toarray(),
            lower=program.row_lower[alone],
            upper=program.row_upper[alone],
            forced=program.lower[sites] > 0.0,
            barred=program.upper[sites] < 1.0,
        )

    @property
    def _manner(self) -> Manner:
        rules = self.manners.instance.request.rules
        return Manner(
            kind=np.array(self.manners.site_kinds, dtype=np.int64),
            detour=rules.nearest_first,
            least_fill=rules.least_fill or 0.0,
            balance=rules.fill_balance,
        )

    @property
    def _beside(self) -> IndexArray:
        """The sites that share most people's walks with each site (site, some)."""
        arrays = self._arrays
        shape = (len(arrays.people), len(arrays.opening))
        reach = csr_array((np.ones(len(arrays.site)), (arrays.party, arrays.site)), shape=shape)
        shared = (reach.T @ reach).toarray()
        np.fill_diagonal(shared, -1.0)
        count = min(_BESIDE, len(arrays.opening) - 1)
        return np.argsort(-shared, axis=1, kind="stable")[:, :count].astype(np.int64)
