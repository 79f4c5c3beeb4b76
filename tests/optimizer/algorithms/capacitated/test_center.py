"""The capacitated p-center against every choice of sites, every radius and every assignment."""

from itertools import combinations, product

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from models.run import RunLimits, Status
from optimizer.algorithms.capacitated.center import capacitated_center, count_longest
from optimizer.algorithms.capacitated.instance import CapacitatedInstance
from optimizer.control import RunControl


def drawn(seed: int, customers: int, sites: int, most: int, *, single: bool) -> CapacitatedInstance:
    rng = np.random.default_rng(seed)
    demand = rng.integers(1, 9, customers).astype(np.float64)
    room = rng.integers(6, 14, sites) * demand.sum() / (8.0 * most)
    there = rng.random((sites, customers)) < 0.9
    site, customer = np.nonzero(there)
    return CapacitatedInstance(
        demand=demand,
        start=np.searchsorted(site, np.arange(sites + 1)).astype(np.intp),
        customer=customer.astype(np.intp),
        cost=rng.integers(1, 40, len(site)).astype(np.float64),
        option_start=np.arange(sites + 1),
        capacity=np.floor(room),
        opening=np.zeros(sites),
        single_source=single,
        most=most,
    )


def served(instance: CapacitatedInstance, chosen: tuple[int, ...], reach: np.ndarray) -> bool:
    """Return whether some sites can serve everybody over some pairs (site, customer)."""
    demand = instance.demand.astype(int)
    if instance.single_source:
        for homes in product(chosen, repeat=len(demand)):
            load = np.bincount(homes, demand, instance.sites)
            near = all(reach[site, i] for i, site in enumerate(homes))
            if near and (load <= instance.capacity).all():
                return True
        return False
    customers, count = len(demand), len(chosen)
    size = customers + count + 2
    arcs = np.zeros((size, size), dtype=np.int32)
    for row, site in enumerate(chosen):
        arcs[0, 1 + row] = int(instance.capacity[site])
        arcs[1 + row, 1 + count : -1] = np.where(reach[site], demand, 0)
    arcs[1 + count : -1, -1] = demand
    return bool(maximum_flow(csr_array(arcs), 0, size - 1).flow_value == demand.sum())


def by_enumeration(instance: CapacitatedInstance) -> float | None:
    ways = np.full((instance.sites, len(instance.demand)), np.inf)
    ways[instance.site, instance.customer] = instance.cost
    assert instance.most is not None
    choices = [*combinations(range(instance.sites), instance.most)]
    for radius in np.unique(instance.cost):
        reach = ways <= radius
        for chosen in choices:
            if reach[list(chosen)].any(axis=0).all() and served(instance, chosen, reach):
                return float(radius)
    return None


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("single", [False, True])
def test_no_plan_has_a_shorter_longest_way(seed: int, single: bool) -> None:
    instance = drawn(seed, 6 if single else 9, 5, 2 + seed % 2, single=single)
    found = capacitated_center(instance, RunControl(RunLimits(time_limit_s=60.0)))
    known = by_enumeration(instance)
    if known is None:
        assert found.status is Status.INFEASIBLE
        return
    assert (found.status, found.objective, found.bound) == (Status.OPTIMAL, known, known)
    assert found.plan is not None
    assert count_longest(instance, found.plan) == known


def test_a_search_without_time_says_that_it_does_not_know() -> None:
    instance = drawn(1, 9, 5, 3, single=False)
    found = capacitated_center(instance, RunControl(RunLimits(time_limit_s=1e-9)))
    assert (found.status, found.plan) == (Status.UNKNOWN, None)
