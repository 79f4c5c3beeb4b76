"""Blocks that stay together, everybody with a place, one case: capacitated location, single source.

Then a block or area is a customer, its space a demand, and the search for that problem decides
faster than any program: what a customer costs at a site is what its people's walks cost.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from models.run import Status
from optimizer.algorithms.capacitated.instance import CapacitatedInstance, Plan
from optimizer.algorithms.capacitated.search import locate
from optimizer.backends import Outcome
from optimizer.control import Describe, Described, RunControl
from optimizer.demand import FloatArray
from optimizer.shelters.formulation import Expression, Formulation
from optimizer.shelters.instance import BoolArray, IndexArray
from optimizer.shelters.manners import clusters_of
from optimizer.shelters.solution import Solution

SEARCH = "capacitated"  # what a report calls it
_WHOLE = 1e-9  # relative: what shares of people and their sums may lack of a whole number
_OTHER = (
    "budget",
    "stages",
    "area_targets",
    "nearest_first",
    "least_fill",
    "fill_balance",
    "central",
    "chance",
)


def applies(formulation: Formulation, expression: Expression) -> bool:
    """Return whether a level asks for nothing else."""
    instance = formulation.instance
    rules = instance.request.rules
    everybody = any(
        one.share == 1.0 and one.group is None and one.area is None for one in rules.served_floors
    )
    return (
        rules.together is not None
        and everybody
        and len(instance.probability) == 1
        and not any(getattr(rules, name) for name in _OTHER)
        and not len(instance.shuttles)
        and bool(instance.alone.all())
        and set(expression) <= {"open", "go", "unmet"}
        and not set(expression) <= {"unmet"}
        and all((part >= 0.0).all() for part in expression.values())
    )


def settle(formulation: Formulation, expression: Expression, control: RunControl) -> Outcome | None:
    """Return what the search comes to; None where it found no plan in time."""
    asked = _Asked(formulation, expression)
    part = control.share(1.0, describe=asked.describing(control.describe))
    found = locate(asked.located, part)
    if found.status is Status.UNKNOWN:
        return None
    values = None if found.plan is None else formulation.values_of(asked.solution(found.plan))
    return Outcome(
        status=found.status,
        stop=found.stop,
        values=values,
        bound=found.bound,
        backend=SEARCH,
        node_count=found.nodes,
        ordinal=control.ordinal or None,
    )


@dataclass(frozen=True, eq=False)
class _Asked:
    """The level as customers, sites and pairs, and the way back."""

    formulation: Formulation
    expression: Expression

    @cached_property
    def _customers(self) -> tuple[IndexArray, IndexArray]:
        """The customer of each unit that leaves, -1 of others; and the units of each customer."""
        instance = self.formulation.instance
        leaves = instance.leaving[0] > 0
        cluster = clusters_of(instance)[instance.unit_block]
        found = np.full(len(cluster), -1)
        _, found[leaves] = np.unique(cluster[leaves], return_inverse=True)
        return found, np.bincount(found[leaves])

    @cached_property
    def _pairs(self) -> tuple[IndexArray, IndexArray, IndexArray]:
        """The site and customer of each pair, site by site, and the pair of each arc or -1.

        A customer may go where all of its units may.
        """
        arcs = self.formulation.instance.arcs
        customer, units = self._customers
        key = arcs.site * len(units) + customer[arcs.unit]
        keys, of_arc, count = np.unique(key, return_inverse=True, return_counts=True)
        site, owner = np.divmod(keys, len(units))
        whole = count == units[owner]
        number = np.where(whole, np.cumsum(whole) - 1, -1)
        return site[whole], owner[whole], number[of_arc]

    @cached_property
    def located(self) -> CapacitatedInstance:
        """The question as the search knows it."""
        instance, arcs = self.formulation.instance, self.formulation.instance.arcs
        rules = instance.request.rules
        customer, units = self._customers
        site, owner, pair = self._pairs
        people = instance.leaving[0][arcs.unit]
        each = self.expression.get("go", np.zeros(len(arcs)))
        used = pair >= 0
        cost = np.bincount(pair[used], (each * people)[used], len(site)).astype(np.float64)
        space = np.zeros(len(customer))
        space[arcs.unit] = people * arcs.m2
        mine = customer >= 0
        demand = np.bincount(customer[mine], space[mine], len(units)).astype(np.float64)
        named = [(one.id, one.ground) for one in instance.request.sites]
        may = np.array([not set(rules.forbidden_sites) & set(one) for one in named])
        must = np.array([bool(set(rules.open_sites) & set(one)) for one in named])
        sites = len(named)
        opening = self.expression.get("open", np.zeros(sites))
        most = None
        if rules.max_new_sites is not None:
            most = min(sites, int(instance.existing.sum()) + rules.max_new_sites)
        return CapacitatedInstance(
            demand=_rounded(demand),
            start=np.searchsorted(site, np.arange(sites + 1)).astype(np.intp),
            customer=owner.astype(np.intp),
            cost=_rounded(cost),
            option_start=np.append(0, np.cumsum(may)).astype(np.intp),
            capacity=_rounded(instance.capacity_m2[0][may]),
            opening=_rounded(opening[may]),
            single_source=True,
            opened=np.flatnonzero(instance.existing | must).astype(np.intp),
            most=most,
        )

    def solution(self, plan: Plan) -> Solution:
        """Return a plan of the search as who goes where."""
        instance, arcs = self.formulation.instance, self.formulation.instance.arcs
        site, owner, pair = self._pairs
        chosen = np.zeros(len(site), dtype=np.bool_)
        key = site * len(self._customers[1]) + owner
        wanted = plan.site * len(self._customers[1]) + plan.customer
        chosen[np.searchsorted(key, wanted)] = True
        goes: BoolArray = (pair >= 0) & chosen[np.maximum(pair, 0)]
        opened = instance.existing.copy()
        opened[self.located.option_site[plan.options]] = True
        people = np.where(goes, instance.leaving[0][arcs.unit], 0.0)
        return Solution(instance, opened, people, np.zeros(0))

    def describing(self, told: Describe | None) -> Describe | None:
        """Return what tells of the search's plans as the level's own."""
        if told is None:
            return None

        def described(values: FloatArray) -> Described | None:
            located = self.located
            options = np.flatnonzero(values[: len(located.capacity)] > 0.5).astype(np.intp)
            used = np.flatnonzero(values[len(located.capacity) :]).astype(np.intp)
            share = np.ones(len(used))
            plan = Plan(options, located.customer[used], located.site[used].astype(np.intp), share)
            return told(self.formulation.values_of(self.solution(plan)))

        return described


def _rounded(values: FloatArray) -> FloatArray:
    """Return whole numbers where all are but for rounding: then so is every plan's worth."""
    whole = np.rint(values)
    near = np.abs(values - whole) <= _WHOLE * np.maximum(1.0, np.abs(values))
    return whole if bool(near.all()) else values
