r"""Rules on how people are spread over the open sites, and the columns they need.

Columns: ``base`` :math:`b` (scenario, cluster, site: the cluster's people go there), ``full``
:math:`h` (scenario, site: no room for one more), ``in_use`` :math:`o` (scenario, site: somebody is
there), ``fill`` the largest and the smallest share filled (scenario, kind of site), ``bad``
(scenario: more than allowed may lack a place), ``catch`` (see ``catchments``). With :math:`z` the
space a site's people take and :math:`A` what survives of it:

.. math::

    x_a \le n_{si} b, \quad \sum_j b \le 1, \quad b \le y_j \
    \sum_{a \text{ farther than } (1 + \lambda) d_{ik}} x_a \le n_{si} (1 - y_k + h_{sk}),
    \quad z_{sk} \ge A_{sk} h_{sk} - m \
    \beta A_{sj} o_{sj} \le z_{sj} \le A_{sj} o_{sj}, \quad
    z / A \le \overline f, \quad z / A + 1 - o \ge \underline f, \quad
    \overline f - \underline f \le \delta
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from math import ceil

import numpy as np
from scipy.sparse import csr_array

from models.shelters.rules import ChanceLimit
from models.text import Text
from optimizer.demand import FloatArray
from optimizer.ruling import Rule
from optimizer.shelters.catchments import Catchments
from optimizer.shelters.instance import IndexArray, Instance
from optimizer.shelters.solution import Solution
from optimizer.shelters.stacking import stacked

_ROUNDING = 1e-9
_SHARE_ROUNDED = 1e-6  # of those who leave: what a solver takes for nobody


@dataclass(frozen=True)
class Extra:
    """A block of columns that only these rules speak of."""

    name: str
    width: int
    integer: bool
    upper: float = 1.0


@dataclass(frozen=True, eq=False)
class Manners:
    """The columns and rows of the rules on how people are spread."""

    instance: Instance

    @cached_property
    def extras(self) -> tuple[Extra, ...]:
        """The blocks of columns that the request's rules need."""
        rules, places = self.instance.request.rules, len(self._places[0])
        found = []
        if rules.together is not None:
            found.append(Extra("base", len(self._bases[0]), integer=True))
        if rules.nearest_first is not None:
            found.append(Extra("full", places, integer=True))
        if rules.least_fill is not None or rules.fill_balance is not None:
            found.append(Extra("in_use", places, integer=True))
        if rules.fill_balance is not None:
            found.append(Extra("fill", 2 * self._kinds, integer=False))
        if rules.chance is not None:
            found.append(Extra("bad", len(self.instance.probability), integer=True))
        if self._catchments.wanted:
            found.append(Extra("catch", len(self._catchments.pairs[0]), integer=False))
        return tuple(found)

    @cached_property
    def _catchments(self) -> Catchments:
        return Catchments(self.instance)

    def rules(self) -> Iterator[Rule]:
        """Yield the rules as rows."""
        rules = self.instance.request.rules
        if rules.together is not None:
            yield self._together(rules.together)
        if rules.nearest_first is not None:
            yield self._nearest(rules.nearest_first)
        if rules.least_fill is not None or rules.fill_balance is not None:
            yield self._in_use(rules.least_fill or 0.0)
        if rules.fill_balance is not None:
            yield self._balance(rules.fill_balance)
        if rules.central is not None:
            yield self._central()
        if rules.chance is not None:
            yield self._chance(rules.chance)
        yield from self._catchments.rules()

    def _chance(self, limit: ChanceLimit) -> Rule:
        """Return ``unmet <= people_max`` but in bad scenarios, and how likely those may be."""
        arcs, leaving = self.instance.arcs, self.instance.leaving.sum(axis=1)
        scenarios = len(leaving)
        where = (arcs.scenario, np.arange(len(arcs)))
        placed = csr_array((np.ones(len(arcs)), where), shape=(scenarios + 1, len(arcs)))
        beyond = np.maximum(0.0, leaving - limit.people_max)
        bad = np.vstack([np.diag(-beyond), self.instance.probability])
        return Rule(
            path="rules.chance",
            text=Text(
                code="rule.shelters.chance",
                values={"people": limit.people_max, "risk": limit.risk},
            ),
            terms={"go": -placed, "bad": csr_array(bad)},
            lower=np.full(scenarios + 1, -np.inf),
            upper=np.append(-(leaving - limit.people_max), limit.risk),
            number=limit.risk,
            step=np.append(np.zeros(scenarios), 1.0),
        )

    def _bad_values(self, solution: Solution) -> FloatArray:
        limit = self.instance.request.rules.chance
        assert limit is not None
        room = limit.people_max + _SHARE_ROUNDED * self.instance.leaving.sum(axis=1)
        bad: FloatArray = (solution.unmet.sum(axis=1) > room).astype(np.float64)
        return bad

    def values(self, solution: Solution) -> list[FloatArray]:
        """Return the extra columns that a solution means, in the order of ``extras``."""
        found = []
        for extra in self.extras:
            match extra.name:
                case "base":
                    found.append(self._base_values(solution))
                case "full":
                    found.append(self._full_values(solution))
                case "in_use":
                    found.append((self._filled(solution) > 0).astype(np.float64))
                case "bad":
                    found.append(self._bad_values(solution))
                case "catch":
                    found.append(self._catchments.values(solution.open))
                case _:
                    found.append(self._fill_values(solution))
        return found

    @cached_property
    def _places(self) -> tuple[IndexArray, IndexArray]:
        """The (scenario x site) places that arcs lead to, and the one of each arc."""
        arcs, sites = self.instance.arcs, len(self.instance.existing)
        places, of_arc = np.unique(arcs.scenario * sites + arcs.site, return_inverse=True)
        return places, of_arc

    @property
    def places(self) -> IndexArray:
        """The (scenario x site) of each ``full`` and ``in_use`` column."""
        return self._places[0]

    @property
    def kinds(self) -> IndexArray:
        """The (scenario x kind) of each ``in_use`` column: fills are balanced within one."""
        return self._kind

    @property
    def _capacity(self) -> FloatArray:
        capacity: FloatArray = self.instance.capacity_m2.ravel()[self._places[0]]
        return capacity

    @property
    def _kinds(self) -> int:
        return len(self.instance.probability) * len(set(self.site_kinds))

    @cached_property
    def _kind(self) -> IndexArray:
        """The (scenario x kind of site) of each place."""
        scenario, site = np.divmod(self._places[0], len(self.instance.existing))
        of_site = self.site_kinds
        kind: IndexArray = scenario * len(set(of_site)) + np.array(of_site, dtype=np.int64)[site]
        return kind

    @cached_property
    def site_kinds(self) -> tuple[int, ...]:
        """The kind of each site: its setting, and its class where balance is within one."""
        by_class = self.instance.request.rules.balance_within == "class"
        keys = [
            (site.setting, site.class_id if by_class else None)
            for site in self.instance.request.sites
        ]
        number = {key: n for n, key in enumerate(dict.fromkeys(keys))}
        return tuple(number[key] for key in keys)

    def _space(self) -> csr_array:
        """Return the rows (place, arc) of the space that people take."""
        arcs, (places, of_arc) = self.instance.arcs, self._places
        where = (of_arc, np.arange(len(arcs)))
        return csr_array((arcs.m2, where), shape=(len(places), len(arcs)))

    def _filled(self, solution: Solution) -> FloatArray:
        filled: FloatArray = self._space() @ solution.people
        return filled

    @cached_property
    def _bases(self) -> tuple[IndexArray, IndexArray, IndexArray, IndexArray]:
        """Each base's (scenario x cluster) and site; the base of each arc; a key of each base."""
        arcs, sites = self.instance.arcs, len(self.instance.existing)
        clusters = clusters_of(self.instance)
        cluster = clusters[self.instance.unit_block[arcs.unit]]
        key = (arcs.scenario * (clusters.max() + 1) + cluster) * sites + arcs.site
        found, of_arc = np.unique(key, return_inverse=True)
        return found // sites, found % sites, of_arc, found

    def _together(self, level: str) -> Rule:
        instance, arcs = self.instance, self.instance.arcs
        owner, site, of_arc, _ = self._bases
        people = instance.leaving[arcs.scenario, arcs.unit]
        every, bases = np.arange(len(arcs)), np.arange(len(owner))
        owners, row = np.unique(owner, return_inverse=True)
        heights = (len(arcs), len(owners), len(bases))
        links = csr_array((-people, (every, of_arc)), shape=(len(arcs), len(bases)))
        one = csr_array((np.ones(len(bases)), (row, bases)), shape=(len(owners), len(bases)))
        own = csr_array((np.ones(len(bases)), (bases, bases)), shape=(len(bases), len(bases)))
        opened = csr_array(
            (-np.ones(len(bases)), (bases, site)), shape=(len(bases), len(instance.existing))
        )
        go = csr_array((np.ones(len(arcs)), (every, every)), shape=(len(arcs), len(arcs)))
        return Rule(
            path="rules.together",
            text=Text(code="rule.shelters.together", values={"level": level}),
            terms={
                "go": stacked([go, None, None], heights),
                "base": stacked([links, one, own], heights),
                "open": stacked([None, None, opened], heights),
            },
            lower=np.full(sum(heights), -np.inf),
            upper=np.concatenate([np.zeros(heights[0]), np.ones(heights[1]), np.zeros(heights[2])]),
        )

    def _nearest(self, detour: float) -> Rule:
        """Return one row per arc ``(i, k)``: who of ``i`` goes farther finds ``k`` full."""
        instance, arcs = self.instance, self.instance.arcs
        places, of_arc = self._places
        people = instance.leaving[arcs.scenario, arcs.unit]
        near, far = _passed(instance, detour)
        every, sites = np.arange(len(arcs)), len(instance.existing)
        heights = (len(arcs), len(places))
        least = np.full(len(places), np.inf)
        np.minimum.at(least, of_arc, arcs.m2)
        farther = csr_array((np.ones(len(near)), (near, far)), shape=(len(arcs),) * 2)
        full = csr_array((-people, (every, of_arc)), shape=(len(arcs), len(places)))
        rows = np.arange(len(places))
        holds = csr_array((self._capacity, (rows, rows)), shape=(len(places),) * 2)
        opened = csr_array((people, (every, arcs.site)), shape=(len(arcs), sites))
        return Rule(
            path="rules.nearest_first",
            text=Text(code="rule.shelters.nearest_first", values={"detour": detour}),
            terms={
                "go": stacked([farther, -self._space()], heights),
                "full": stacked([full, holds], heights),
                "open": stacked([opened, None], heights),
            },
            lower=np.full(sum(heights), -np.inf),
            upper=np.concatenate([people, least]),
        )

    def _in_use(self, least: float) -> Rule:
        places = len(self._places[0])
        rows, heights = np.arange(places), (places, places)
        area = csr_array((self._capacity, (rows, rows)), shape=heights)
        space = self._space()
        return Rule(
            path="rules.least_fill",
            text=Text(code="rule.shelters.least_fill", values={"share": least}),
            terms={
                "go": stacked([space, -space], heights),
                "in_use": stacked([-area, least * area], heights),
            },
            lower=np.full(2 * places, -np.inf),
            upper=np.zeros(2 * places),
        )

    def _balance(self, most: float) -> Rule:
        places, kinds = len(self._places[0]), self._kinds
        heights = (places, places, kinds)
        rows, kind = np.arange(places), np.arange(kinds)
        share = csr_array(self._space().multiply(1.0 / self._capacity[:, None]))
        top = csr_array((-np.ones(places), (rows, self._kind)), shape=(places, 2 * kinds))
        low = csr_array((np.ones(places), (rows, kinds + self._kind)), shape=(places, 2 * kinds))
        apart = csr_array(
            (np.repeat([1.0, -1.0], kinds), (np.tile(kind, 2), np.arange(2 * kinds))),
            shape=(kinds, 2 * kinds),
        )
        used = csr_array((np.ones(places), (rows, rows)), shape=(places, places))
        return Rule(
            path="rules.fill_balance",
            text=Text(code="rule.shelters.fill_balance", values={"share": most}),
            terms={
                "go": stacked([share, -share, None], heights),
                "fill": stacked([top, low, apart], heights),
                "in_use": stacked([None, used, None], heights),
            },
            lower=np.full(sum(heights), -np.inf),
            upper=np.concatenate([np.zeros(places), np.ones(places), np.full(kinds, most)]),
            number=most,
            step=np.concatenate([np.zeros(2 * places), np.ones(kinds)]),
        )

    def _central(self) -> Rule:
        instance, rule = self.instance, self.instance.request.rules.central
        assert rule is not None
        need = central_count(instance)
        row = (instance.effective_m2 >= rule.least_effective_m2).astype(np.float64)
        return Rule(
            path="rules.central",
            text=Text(code="rule.shelters.central", values={"count": need}),
            terms={"open": csr_array(row[None])},
            lower=np.array([float(need)]),
            upper=np.array([np.inf]),
        )

    def _base_values(self, solution: Solution) -> FloatArray:
        went = np.bincount(self._bases[2], weights=solution.people, minlength=len(self._bases[0]))
        return (went > 0).astype(np.float64)

    def _full_values(self, solution: Solution) -> FloatArray:
        places, of_arc = self._places
        least = np.full(len(places), np.inf)
        np.minimum.at(least, of_arc, self.instance.arcs.m2)
        room = self._capacity - self._filled(solution)
        return (room <= least + _ROUNDING).astype(np.float64)

    def _fill_values(self, solution: Solution) -> FloatArray:
        share = self._filled(solution) / self._capacity
        top, low = np.zeros(self._kinds), np.ones(self._kinds)
        used = share > 0
        np.maximum.at(top, self._kind[used], share[used])
        np.minimum.at(low, self._kind[used], share[used])
        return np.concatenate([top, np.minimum(low, top)])


def clusters_of(instance: Instance) -> IndexArray:
    """Return the cluster of each block: itself, or its area of the rule's level."""
    request, level = instance.request, instance.request.rules.together
    cluster = np.arange(len(request.blocks))
    if level == "block":
        return cluster
    names = [area.id for area in request.areas if area.level == level]
    for n, name in enumerate(names):
        cluster[instance.blocks_in(name)] = len(request.blocks) + n
    return cluster


def central_count(instance: Instance) -> int:
    """Return how many central shelters the request must have."""
    rule = instance.request.rules.central
    assert rule is not None
    people = float(instance.residents.sum()) / rule.people_each
    area = float(instance.demand.built_up_area_m2.sum()) / rule.built_up_m2_each
    return ceil(max(people, area) - _ROUNDING)


def _passed(instance: Instance, detour: float) -> tuple[IndexArray, IndexArray]:
    """Return pairs of arcs of one unit, the second more than the detour farther than the first.

    Who is fetched walks nowhere, and passes nothing.
    """
    arcs = instance.arcs
    owner = arcs.scenario * instance.leaving.shape[1] + arcs.unit
    order = np.lexsort((arcs.walk_m, owner))
    starts = np.flatnonzero(np.diff(owner[order], prepend=-1))
    ends = np.append(starts[1:], len(order))[: len(starts)]
    near, far = [], []
    for start, end in zip(starts, ends, strict=True):
        mine = order[start:end]
        walk_m = arcs.walk_m[mine]
        first, second = np.nonzero(walk_m[None, :] > (1.0 + detour) * walk_m[:, None] + _ROUNDING)
        near.append(mine[first])
        far.append(mine[second])
    nothing = np.zeros(0, dtype=np.int64)
    return np.concatenate([nothing, *near]), np.concatenate([nothing, *far])
