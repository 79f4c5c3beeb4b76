"""How well the stock that is there is placed: the balance metric.

Actual use against best use of the same goods (Acimovic and Goentzel 2016): the same quantities of
each item, free to lie anywhere they may, would leave ``best`` unmet; where they lie they leave
``actual``. ``balance`` is ``actual / best``, 1 where nothing can be gained by moving stock.

References
----------
Acimovic, J. and Goentzel, J. (2016). Models and metrics to assess humanitarian response capacity.
Journal of Operations Management 45. https://doi.org/10.1016/j.jom.2016.05.004
"""

import numpy as np
from scipy.sparse import csr_array

from models.run import Status
from models.stockpiles import StockPlan, StockRequest
from models.stockpiles.explanation import Balance
from models.stockpiles.plan import Held
from models.stockpiles.rules import StockRules
from optimizer.backends import highs
from optimizer.control import RunControl
from optimizer.datasets import Store
from optimizer.stockpiles.formulation import Expression, Formulation
from optimizer.stockpiles.instance import Instance
from optimizer.stockpiles.levels import settled
from optimizer.stockpiles.solution import first_of_plan


def holding(instance: Instance) -> StockPlan:
    """Return what is surely there as a plan: the lots, and the kits people have."""
    request = instance.request
    held = tuple(
        Held(
            depot_id=request.depots[n].id,
            item_id=request.items[k].id,
            quantity=float(quantity),
            kept=float(quantity),
        )
        for n, k, quantity in zip(
            instance.holding_source, instance.holding_item, instance.existing, strict=True
        )
        if quantity > 0
    )
    return StockPlan(stock=held)


def balance(request: StockRequest, control: RunControl, store: Store | None = None) -> Balance:
    """Return how well the lots of a request are placed for its scenarios."""
    bare = request.model_copy(update={"rules": StockRules(), "held_out": ()})
    instance = Instance.from_request(bare, store)
    formulation = Formulation.of(instance)
    first = formulation.first
    there = first_of_plan(first, holding(instance))
    actual = settled(formulation, there, control)
    expression = Expression({"recourse": formulation.weighted_cost})
    program = formulation.program(expression)
    # The same goods and no more: what depots hold of each item sums to what is there.
    items = len(instance.weight)
    owned = instance.holding_item[first.bought], np.arange(len(first.bought))
    of_item = csr_array((np.ones(len(first.bought)), owned), shape=(items, len(first.bought)))
    total = np.zeros(items)
    np.add.at(total, instance.holding_item, instance.existing)
    wide = np.zeros((items, len(program.cost)))
    wide[:, first.blocks["buy"]] = of_item.toarray()
    program = program.with_rows("goods", csr_array(wide), -np.inf, total)
    upper = program.upper.copy()
    for name in ("keep", "agree", "size"):
        upper[first.blocks[name]] = 0.0
    upper[first.blocks["kits"]] = first.lower[first.blocks["kits"]]
    found = highs.solve(program.with_bounds(program.lower, upper).relaxed(), control)
    before = float(actual.probability @ actual.unmet)
    if found.values is None:
        return Balance(actual=before, best=before, balance=None, proven=False)
    values = np.clip(found.values[: first.width], first.lower, np.inf)
    best = settled(formulation, values, control)
    after = min(before, float(best.probability @ best.unmet))
    placed = first.stock @ values
    return Balance(
        actual=before,
        best=after,
        balance=before / after if after > 0 else None,
        proven=found.status is Status.OPTIMAL,
        best_stock=tuple(
            Held(
                depot_id=request.depots[n].id,
                item_id=request.items[k].id,
                quantity=float(quantity),
            )
            for n, k, quantity in zip(
                instance.holding_source, instance.holding_item, placed, strict=True
            )
            if n < instance.depot_count and quantity > 1e-6
        ),
    )
