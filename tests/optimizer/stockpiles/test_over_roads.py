"""Stockpiles over a road network: refills from depot to depot, and vehicles on their way."""

from pathlib import Path

import pytest

from models.dispatch.teams import Team
from models.roads import ByRoads, RoadScenario
from models.stockpiles import StockRequest
from models.stockpiles.day import LOAD, StockDayRequest
from models.stockpiles.items import Item, Need
from models.stockpiles.lots import Lot
from models.stockpiles.nodes import Depot, StockBlock
from models.stockpiles.rules import StockRules
from models.stockpiles.scenarios import Band, StockScenario
from models.stockpiles.tiers import Tier
from optimizer.control import RunControl
from optimizer.datasets import Store
from optimizer.stockpiles.solve import solve
from optimizer.stockpiles.today import solve_day
from optimizer.stockpiles.verify import verify
from tests.optimizer.travel.networks import STEP_DEG, kept, row


def along(folder: Path, **travel: object) -> tuple[StockRequest, Store]:
    """A road of 400 s: stock at its beginning, a store half way, ten people at its end."""
    store, network = kept(row(5), folder)
    water = Item(id="water", volume_m3=0.001, weight_kg=1.0, price=1.0, needs=(Need(quantity=1.0),))
    request = StockRequest(
        tiers=(Tier(id="top", reach_s=250.0, refills=("low",)), Tier(id="low")),
        items=(water,),
        depots=(
            Depot(id="far", tier="top", lat=0.0, lon=0.0, volume_m3=1.0),
            Depot(id="near", tier="low", lat=0.0, lon=2 * STEP_DEG, volume_m3=1.0),
        ),
        blocks=(StockBlock(id="b", lat=0.0, lon=4 * STEP_DEG, weights={"residents": 10.0}),),
        lots=(Lot(id="l", item_id="water", depot_id="far", quantity=10.0),),
        scenarios=(StockScenario(id="s", affected={"b": 1.0}),),
        bands=(Band(id="early", end_s=300.0), Band(id="late", end_s=900.0)),
        deadline_s=900.0,
        rules=StockRules(budget=0.0),
        travel=ByRoads(network=network, **travel),
    )
    return request, store


def test_a_depot_is_refilled_over_roads_and_sends_on(tmp_path: Path) -> None:
    request, store = along(tmp_path)
    plan = solve(request, RunControl(request.limits), store=store).plan
    assert plan is not None
    (sent,) = plan.deliveries
    assert (sent.refill_quantity, sent.quantity) == (
        (pytest.approx(10.0),),
        (pytest.approx(10.0),),
    )
    assert (sent.refill_band, sent.band) == ((0,), (1,))
    slow = request.scenarios[0].model_copy(update={"slower": 2.0})
    late = request.model_copy(update={"scenarios": (slow,)})
    assert "deliveries.in_time" in {one.rule for one in verify(late, plan, store).failed}


def test_a_state_of_the_roads_holds_between_depots_too(tmp_path: Path) -> None:
    states = RoadScenario(id="usual"), RoadScenario(id="wet", time_factor=3.0)
    request, store = along(tmp_path, scenarios=states)
    plan = solve(request, RunControl(request.limits), store=store).plan
    assert plan is not None
    wet = request.scenarios[0].model_copy(update={"travel_scenario": "wet"})
    flooded = request.model_copy(update={"scenarios": (wet,)})
    assert "deliveries.in_time" in {one.rule for one in verify(flooded, plan, store).failed}
    nothing = solve(flooded, RunControl(request.limits), store=store).plan
    assert nothing is not None
    assert nothing.deliveries[0].quantity == ()


def test_a_vehicle_drives_over_roads_from_where_it_stands(tmp_path: Path) -> None:
    request, store = along(tmp_path)
    lots = (request.lots[0].model_copy(update={"depot_id": "near"}),)
    van = Team(id="van", lat=0.0, lon=0.0, amounts={LOAD: 100.0})
    day = StockDayRequest(
        stockpiles=request.model_copy(update={"lots": lots}),
        today=request.scenarios[0],
        vehicles=(van,),
    )
    answer = solve_day(day, RunControl(day.limits), store=store)
    assert answer.plan is not None
    (trip,) = answer.plan.trips
    assert trip.leaves_s == pytest.approx(van.turnout_s + 200.0)
    assert trip.arrives_s == pytest.approx(van.turnout_s + 400.0)
