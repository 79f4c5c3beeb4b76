"""Published inventory values that a stockpile of one depot and one item must come to."""

from itertools import pairwise
from statistics import NormalDist

import pytest

from models.stockpiles import StockRequest
from models.stockpiles.items import Item, Need
from models.stockpiles.nodes import Depot, StockBlock
from models.stockpiles.objectives import Combination, Unmet, YearlyCost
from models.stockpiles.scenarios import StockScenario
from models.stockpiles.tiers import Tier
from optimizer.control import RunControl
from optimizer.stockpiles.formulation import Formulation
from optimizer.stockpiles.instance import Instance
from optimizer.stockpiles.levels import Levels
from optimizer.stockpiles.solution import bare_plan

HOLDING, SHORTAGE, MEAN, SPREAD = 0.18, 0.70, 50.0, 8.0


def newsvendor(scenarios: int) -> StockRequest:
    """Return the newsvendor with normal demand, by the means of equally likely parts of it.

    What is left over costs h, what is short p: ``h S + (h + p) E[short] - h E[D]``.
    """
    normal = NormalDist()
    edges = [normal.inv_cdf(n / scenarios) for n in range(1, scenarios)]
    density = [0.0, *(normal.pdf(one) for one in edges), 0.0]
    means = [MEAN - SPREAD * scenarios * (b - a) for a, b in pairwise(density)]
    return StockRequest(
        tiers=(Tier(id="shop"),),
        items=(
            Item(
                id="paper",
                volume_m3=0.0,
                price=10.0 * HOLDING,
                needs=(Need(driver="buyer", quantity=1.0),),
            ),
        ),
        depots=(Depot(id="stand", tier="shop", x_m=0.0, y_m=0.0, volume_m3=1.0),),
        blocks=(StockBlock(id="street", x_m=0.0, y_m=100.0, weights={"residents": 1.0}),),
        scenarios=tuple(
            StockScenario(id=f"d{n}", counts={"buyer": {"street": demand}})
            for n, demand in enumerate(means)
        ),
        holding_rate=0.1,
        objectives=(Unmet(weight=HOLDING + SHORTAGE), YearlyCost()),
        combination=Combination.WEIGHTED_SUM,
        method="extensive",
    )


def test_the_newsvendor_orders_and_pays_what_is_published() -> None:
    # Snyder, L. V. and Shen, Z.-J. M. (2019), Fundamentals of Supply Chain Theory, example 4.3:
    # order up to 56.604 at an expected cost of 1.9976.
    request = newsvendor(1000)
    formulation = Formulation.of(Instance.from_request(request, None))
    solution = Levels(formulation, RunControl(request.limits)).climb().solution
    assert solution is not None
    (held,) = bare_plan(solution.first, solution.values).stock
    assert held.quantity == pytest.approx(56.604, abs=0.03)
    assert solution.value(0) - HOLDING * MEAN == pytest.approx(1.9976, abs=1e-4)
