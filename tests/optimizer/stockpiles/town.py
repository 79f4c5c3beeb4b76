"""A small town with everything a stockpile request can have, solved once."""

from functools import cache

from models.places import Area
from models.stockpiles import StockAnswer, StockRequest
from models.stockpiles.items import Item, Need
from models.stockpiles.lots import Lot
from models.stockpiles.nodes import Contract, Depot, DepotSize, HouseholdStock, StockBlock
from models.stockpiles.objectives import Unmet, UnmetRisk, YearlyCost
from models.stockpiles.rules import ChanceTarget, GiniLimit, LeastCover, Minimum, StockRules
from models.stockpiles.scenarios import StockScenario
from models.stockpiles.tiers import Tier
from optimizer.control import RunControl
from optimizer.stockpiles.solve import solve

NO_RULES = StockRules()


@cache
def town() -> StockRequest:
    """Return two blocks a kilometre apart, a depot, a store, a supplier, water and beds."""
    return StockRequest(
        tiers=(
            Tier(id="district", dispatch_s=1800.0, budget=8000.0),
            Tier(id="community", dispatch_s=600.0, reach_s=600.0, may_hold=("water",)),
        ),
        items=(
            Item(
                id="water",
                volume_m3=0.001,
                weight_kg=1.0,
                price=1.0,
                weight=2.0,
                shelf_life_days=365.0,
                needs=(Need(quantity=3.0, per_day=True),),
            ),
            Item(
                id="bed",
                volume_m3=0.04,
                weight_kg=7.0,
                price=50.0,
                service_life_days=3650.0,
                needs=(Need(quantity=0.1),),
            ),
        ),
        depots=(
            Depot(
                id="depot",
                tier="district",
                area="all",
                x_m=0.0,
                y_m=5000.0,
                volume_m3=1.0,
                weight_kg=2000.0,
                handling_m3_per_h=2.0,
                sizes=(
                    DepotSize(id="more", volume_m3=3.0, weight_kg=1000.0, capital_cost=500.0),
                    DepotSize(id="most", volume_m3=9.0, weight_kg=3000.0, capital_cost=4000.0),
                ),
            ),
            Depot(id="store", tier="community", area="east", x_m=0.0, y_m=0.0, volume_m3=0.3),
        ),
        blocks=(
            StockBlock(id="e", area="east", x_m=0.0, y_m=100.0, weights={"residents": 400.0}),
            StockBlock(id="w", area="west", x_m=9000.0, y_m=0.0, weights={"residents": 300.0}),
        ),
        households=HouseholdStock(
            tier="community",
            kit={"water": 3.0},
            free_share=0.1,
            share_max=0.4,
            cost_per_person=5.0,
        ),
        contracts=(
            Contract(
                id="firm",
                tier="district",
                item_id="water",
                x_m=0.0,
                y_m=9000.0,
                most=100.0,
                lead_time_s=3600.0,
                fee=0.1,
            ),
        ),
        lots=(
            Lot(
                id="old", item_id="water", depot_id="store", quantity=50.0, expires_on="2030-01-01"
            ),
        ),
        scenarios=(
            StockScenario(id="calm", weight=3.0, affected={"e": 0.2}),
            StockScenario(
                id="storm",
                weight=1.0,
                affected={"e": 0.6, "w": 0.8},
                surviving_share={"store": 0.5},
                slower=1.5,
            ),
            StockScenario(id="cut", weight=1.0, affected={"w": 0.5}, cut_off=("west",)),
        ),
        areas=(
            Area(id="all", level="district"),
            Area(id="east", level="community", parent="all"),
            Area(id="west", level="community", parent="all"),
        ),
        rules=StockRules(
            budget=9000.0,
            yearly_budget=5000.0,
            max_built=1,
            minimums=(
                Minimum(tier="district", item_id="water", quantity=100.0),
                Minimum(tier="community", item_id="water", quantity=20.0, each=True),
            ),
            least_cover=(LeastCover(share=0.3),),
            gini=GiniLimit(most=0.3, level="community"),
            chance=ChanceTarget(share=0.9, risk=0.5),
        ),
        objectives=(Unmet(), UnmetRisk(alpha=0.5), YearlyCost()),
    )


@cache
def answered() -> StockAnswer:
    """Return the town's answer."""
    request = town()
    return solve(request, RunControl(request.limits))
