"""Vehicles of depots in the plan: what they can drive there and back limits what is sent."""

import pytest

from models.dispatch.teams import Team
from models.run import Status
from models.stockpiles import StockAnswer, StockRequest
from models.stockpiles.day import LOAD, StockDayAnswer, StockDayRequest
from models.stockpiles.items import Item, Need
from models.stockpiles.lots import Lot
from models.stockpiles.nodes import Depot, DepotVehicles, StockBlock
from models.stockpiles.rules import StockRules
from models.stockpiles.scenarios import StockScenario
from models.stockpiles.tiers import Tier
from optimizer.control import RunControl
from optimizer.errors import InputError
from optimizer.stockpiles.instance import Instance
from optimizer.stockpiles.solve import solve
from optimizer.stockpiles.today import solve_day
from optimizer.stockpiles.verify import verify
from optimizer.stockpiles.verify.question import Question
from tests.optimizer.stockpiles.drawn import drawn, with_kits, with_vehicles
from tests.optimizer.stockpiles.test_oracle import apart_equals, equals_plain


@pytest.mark.parametrize("seed", [0, 1, 4, 6, 10])
def test_no_plan_with_vehicles_is_better_than_the_one_found(seed: int) -> None:
    equals_plain(with_vehicles(drawn(seed), seed))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20, 100))
def test_no_plan_with_vehicles_is_better_than_the_one_found_in_any_of_many(seed: int) -> None:
    request = with_vehicles(drawn(seed), seed)
    equals_plain(with_kits(request, seed) if seed % 2 else request)


@pytest.mark.parametrize("seed", [3, 14])
def test_taken_apart_by_scenario_the_answer_with_vehicles_is_the_same(seed: int) -> None:
    apart_equals(with_vehicles(drawn(seed, plain=True), seed))


def village(vehicles: DepotVehicles | None, **more: object) -> StockRequest:
    """A hundred people, 300 l of water for them in a depot 5 km away."""
    depot = Depot(id="depot", tier="depots", x_m=0.0, y_m=0.0, volume_m3=3.0, vehicles=vehicles)
    water = Item(id="water", volume_m3=0.01, weight_kg=1.0, price=1.0, needs=(Need(quantity=3.0),))
    return StockRequest(
        tiers=(Tier(id="depots", hand_over_s=600.0, dispatch_s=1800.0),),
        items=(water,),
        depots=(depot.model_copy(update=more),),
        blocks=(StockBlock(id="b", x_m=5000.0, y_m=0.0, weights={"residents": 100.0}),),
        lots=(Lot(id="l", item_id="water", depot_id="depot", quantity=300.0),),
        scenarios=(StockScenario(id="s", affected={"b": 1.0}, slower=2.0),),
        rules=StockRules(budget=0.0),
    )


def solved(request: StockRequest) -> StockAnswer:
    answer = solve(request, RunControl(request.limits))
    assert answer.run.status is Status.OPTIMAL
    return answer


def unmet(answer: StockAnswer | StockDayAnswer) -> dict[str, float]:
    assert answer.explanation is not None
    return {one.reason: one.expected for one in answer.explanation.unmet}


def round_trip_s(request: StockRequest) -> float:
    return 2.0 * Question.read(request, None).travel_s(request.scenarios[0], 0, 0)


@pytest.mark.parametrize("measure", ["load_kg", "load_m3"])
def test_what_is_sent_times_its_round_trip_is_what_vehicles_carry_in_their_time(
    measure: str,
) -> None:
    each = {"load_kg": 20.0, "load_m3": 0.2}[measure]  # twenty litres either way
    request = village(DepotVehicles(count=2, loading_s=900.0, **{measure: each}))
    trips = (10_800.0 - 1800.0) / (round_trip_s(request) + 600.0 + 900.0)
    found = unmet(solved(request))
    assert 0.0 < 2 * 20.0 * trips < 300.0
    assert found == {"vehicles": pytest.approx(300.0 - 2 * 20.0 * trips)}


def test_with_more_vehicles_what_was_missing_for_them_arrives() -> None:
    few, many = (village(DepotVehicles(count=n, load_kg=20.0)) for n in (1, 50))
    assert unmet(solved(few)).keys() == {"vehicles"}
    assert unmet(solved(many)) == unmet(solved(village(None))) == {}


def test_what_is_neither_loaded_nor_carried_in_time_waits_for_the_hands() -> None:
    slow = {"handling_m3_per_h": 0.1}
    request = village(DepotVehicles(count=1, load_kg=20.0), **slow)
    assert unmet(solved(request)).keys() == {"handling"}
    assert unmet(solved(village(None, **slow))).keys() == {"handling"}


def test_a_plan_that_its_vehicles_cannot_drive_is_refused() -> None:
    plan = solved(village(None)).plan
    assert plan is not None
    few = village(DepotVehicles(count=1, load_kg=20.0))
    assert {one.rule for one in verify(few, plan).failed} == {"deliveries.vehicles"}
    assert verify(village(DepotVehicles(count=50, load_m3=0.2)), plan).passed


def test_on_the_day_real_vehicles_take_the_place_of_those_planned_for() -> None:
    request = village(DepotVehicles(count=0, load_kg=20.0))
    day = StockDayRequest(stockpiles=request, today=request.scenarios[0])
    assert unmet(solve_day(day, RunControl(day.limits))) == {"vehicles": pytest.approx(300.0)}
    van = Team(id="van", x_m=0.0, y_m=0.0, amounts={LOAD: 50.0})
    driven = solve_day(day.model_copy(update={"vehicles": (van,)}), RunControl(day.limits))
    assert driven.plan is not None
    assert driven.plan.trips
    found = unmet(driven)
    assert found.keys() == {"vehicles"}
    assert found["vehicles"] < 300.0


def test_vehicles_that_carry_nothing_known_are_a_fault() -> None:
    with pytest.raises(InputError) as raised:
        Instance.from_request(village(DepotVehicles(count=3)), None)
    assert [one.path for one in raised.value.faults] == ["depots[0].vehicles"]
