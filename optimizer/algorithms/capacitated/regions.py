"""Better plans region by region: which of some neighbouring sites open, for what they serve now.

A region's customers that have the same nearest sites are served like one, so that its program is
small; what it opens is then served anew, customer by customer. Which options open together is what
is hard about a large instance: it is taken in pieces that a program settles (a large neighbourhood
search: Shaw 1998).

Shaw, P. (1998). Using constraint programming and local search methods to solve vehicle routing
problems. Principles and Practice of Constraint Programming - CP98.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.sparse import csr_array

from optimizer.algorithms.capacitated.instance import (
    BoolArray,
    CapacitatedInstance,
    FloatArray,
    IndexArray,
    Plan,
)
from optimizer.algorithms.capacitated.program import formulate
from optimizer.backends.highs import solve
from optimizer.control import RunControl
from optimizer.quiet import quiet

_ROUGHLY, _CLOSELY = (10, 2), (12, 3)  # sites of a region, and nearest that a group has in common
_WIDER = 1.5  # times as many neighbours as a region has sites, of which others are drawn
_PASSES_IN_VAIN = 2
_SITES = 12  # near sites of a group
_ROUGH = 2e-4  # of the bound: how exactly a region's program is solved at least,
_OF_GAP = 0.1  # and of what the plan costs more
_LEAST_SHARE = 1e-9

Serve = Callable[[IndexArray], tuple[Plan, float] | None]


@dataclass
class Regions:
    """The regions of an instance: ``alive`` sites (site,) that a plan may want.

    ``near`` are pairs of the instance worth knowing: sites are neighbours that are near to the
    same customers.
    """

    instance: CapacitatedInstance
    near: CapacitatedInstance
    alive: BoolArray
    control: RunControl
    _tried: set[bytes] = field(default_factory=set)

    def improve(self, plan: Plan, value: float, bound: float, serve: Serve) -> None:
        """Open regions anew, one around each site in turn, until passes over all are in vain.

        A first pass looks at regions roughly, those after it more closely; once none of those that
        are nearest helps, regions are drawn from a wider surrounding. ``serve`` returns the
        cheapest plan that opens some options and what it is worth, None where it is known.
        """
        rng = np.random.default_rng(self.control.limits.seed)
        sites, order = self._neighbours()
        (size, alike), wide, vain = _ROUGHLY, False, 0
        while vain < _PASSES_IN_VAIN:
            better = False
            for centre in rng.permutation(len(sites)).tolist():
                if self.control.halted is not None or value <= bound:
                    return
                picked = order[centre, :size]
                if wide:
                    around = order[centre, : int(_WIDER * size)]
                    picked = rng.choice(around, min(len(around), size), replace=False)
                gap = min(_ROUGH * abs(bound), _OF_GAP * (value - bound))
                options = self._reopened(plan, np.sort(sites[picked]), alike, gap)
                found = None if options is None else serve(options)
                if found is not None and found[1] < value:
                    (plan, value), better = found, True
            if not better:
                vain += wide
                wide = (size, alike) == _CLOSELY
                size, alike = _CLOSELY

    def _neighbours(self) -> tuple[IndexArray, IndexArray]:
        """Return the sites, and for each the order of all by how many customers they share."""
        sites = np.flatnonzero(self.alive)
        number = np.full(self.instance.sites, -1)
        number[sites] = np.arange(len(sites))
        at = number[self.near.site]
        pairs = at >= 0
        shape = (len(self.near.demand), len(sites))
        reach = csr_array((np.ones(pairs.sum()), (self.near.customer[pairs], at[pairs])), shape)
        shared = (reach.T @ reach).toarray()
        np.fill_diagonal(shared, np.inf)
        return sites, np.argsort(-shared, axis=1, kind="stable")

    def _reopened(
        self, plan: Plan, region: IndexArray, alike: int, gap: float
    ) -> IndexArray | None:
        """Return the plan's options with those of a region anew; None if that was tried."""
        owner = self.instance.option_site[plan.options]
        held = np.isin(owner, region)
        key = bytes([alike]) + region.tobytes() + plan.options[held].tobytes()
        if key in self._tried:
            return None
        self._tried.add(key)
        part, options = self._part(plan, region, alike, int((~held).sum()))
        if part is None:
            return None
        program = formulate(part)
        outcome = solve(program, quiet(self.control), absolute_gap=gap)
        if outcome.values is None:
            return None
        taken = options[outcome.values[program.columns["open"]] > 0.5]
        return np.concatenate([plan.options[~held], taken]).astype(np.intp)

    def _part(
        self, plan: Plan, region: IndexArray, alike: int, others: int
    ) -> tuple[CapacitatedInstance | None, IndexArray]:
        """Return the instance of a region's sites and what they serve, in groups, and its options.

        Customers of a group have the ``alike`` nearest sites in common, in their order; ``others``
        sites are open elsewhere. None where the region serves nobody.
        """
        whole = self.instance
        inside = np.isin(plan.site, region)
        share = np.bincount(plan.customer[inside], plan.share[inside], len(whole.demand))
        served = np.flatnonzero(share > _LEAST_SHARE)
        ranges = [
            np.arange(whole.option_start[site], whole.option_start[site + 1]) for site in region
        ]
        options = np.concatenate(ranges).astype(np.intp)
        if not len(served):
            return None, options
        total, group = _group_costs(self._costs(region)[served] * share[served, None], alike)
        site, customer = np.nonzero(np.isfinite(total.T))
        part = replace(
            whole,
            demand=np.bincount(group, (whole.demand * share)[served], len(total)).astype(
                np.float64
            ),
            start=np.searchsorted(site, np.arange(len(region) + 1)).astype(np.intp),
            customer=customer.astype(np.intp),
            cost=total.T[site, customer],
            option_start=np.cumsum([0, *(len(one) for one in ranges)]).astype(np.intp),
            capacity=whole.capacity[options],
            opening=whole.opening[options],
            opened=np.flatnonzero(np.isin(region, whole.opened)).astype(np.intp),
            least=max(0, whole.least - others),
            most=None if whole.most is None else whole.most - others,
        )
        return part, options

    def _costs(self, region: IndexArray) -> FloatArray:
        """Return what serving each customer from each site of a region costs (customer, site)."""
        cost = np.full((len(self.instance.demand), len(region)), np.inf)
        for n, site in enumerate(region.tolist()):
            mine = slice(int(self.instance.start[site]), int(self.instance.start[site + 1]))
            cost[self.instance.customer[mine], n] = self.instance.cost[mine]
        return cost


def _group_costs(cost: FloatArray, alike: int) -> tuple[FloatArray, IndexArray]:
    """Return the costs of groups (group, site) with the same nearest sites, and each one's group.

    A group has its near sites only; one that a member may not use is not the group's.

    Examples
    --------
    >>> cost = np.array([[1.0, 2.0, 9.0], [2.0, 3.0, 4.0], [5.0, 1.0, 2.0]])
    >>> total, group = _group_costs(cost, 2)
    >>> total.tolist(), group.tolist()
    ([[3.0, 5.0, 13.0], [5.0, 1.0, 2.0]], [0, 0, 1])
    """
    order = np.argsort(cost, axis=1, kind="stable")[:, :alike]
    _, group = np.unique(order, axis=0, return_inverse=True)
    total = np.zeros((int(group.max()) + 1, cost.shape[1]))
    np.add.at(total, group.ravel(), cost)
    rank = np.argsort(np.argsort(total, axis=1, kind="stable"), axis=1)
    total[rank >= _SITES] = np.inf
    return total, group.ravel().astype(np.intp)
