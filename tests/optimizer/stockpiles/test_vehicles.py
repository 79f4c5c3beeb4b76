"""The day with vehicles: what they carry limits what arrives; the verifier counts their trips."""

import time

import pytest

from instances.examples import example
from models.dispatch.teams import Team, TeamStatus
from models.stockpiles.day import LOAD, StockDayAnswer, StockDayRequest
from models.stockpiles.plan import StockPlan
from models.stockpiles.scenarios import Band
from optimizer.control import RunControl
from optimizer.stockpiles.today import solve_day
from optimizer.stockpiles.verify import verify_day


def day(*vehicles: Team, **change: object) -> StockDayRequest:
    request = example("minimal-stock-day")
    assert isinstance(request, StockDayRequest)
    return request.model_copy(update={"vehicles": vehicles, **change})


def lorry(name: str = "lorry", load_kg: float = 100.0, **more: object) -> Team:
    return Team(id=name, lat=22.69, lon=114.35, amounts={LOAD: load_kg}, **more)


def answered(request: StockDayRequest) -> StockDayAnswer:
    return solve_day(request, RunControl(request.limits))


def planned(request: StockDayRequest) -> StockPlan:
    plan = answered(request).plan
    assert plan is not None
    return plan


def kilograms(plan: StockPlan) -> float:
    return sum(one.weight_kg for one in plan.trips)


def test_a_small_vehicle_brings_what_its_trips_carry_and_the_bound_holds() -> None:
    request = day(lorry(load_kg=5.0))
    answer = answered(request)
    free = answered(day())
    assert answer.plan is not None
    assert answer.verification is not None
    assert answer.verification.passed
    level, best = answer.run.levels[0], free.run.levels[0]
    assert level.objective is not None
    assert level.bound is not None
    assert best.objective is not None
    assert best.objective <= level.bound <= level.objective
    assert all(one.weight_kg <= 5.0 + 1e-6 for one in answer.plan.trips)
    sent = sum(answer.plan.deliveries[0].quantity)
    assert kilograms(answer.plan) == pytest.approx(1.05 * sent)
    assert level.objective > best.objective


def test_enough_vehicles_bring_what_a_day_without_limits_would() -> None:
    free = answered(day()).run.levels[0].objective
    many = answered(day(*(lorry(f"l{n}", 2000.0) for n in range(4)))).run.levels[0]
    assert many.objective == pytest.approx(free)
    assert many.gap == pytest.approx(0.0)


def test_more_vehicles_never_bring_less_and_none_that_can_drive_bring_nothing() -> None:
    unmet = [
        answered(day(*(lorry(f"l{n}", 20.0) for n in range(count)))).run.levels[0].objective
        for count in (1, 2, 4)
    ]
    assert unmet == sorted(unmet, reverse=True)
    assert unmet[0] > unmet[-1]
    lost = planned(day(lorry(status=TeamStatus.LOST)))
    assert lost.trips == ()
    assert lost.deliveries[0].quantity == ()


def test_a_shift_that_ends_early_ends_the_trips() -> None:
    whole, half = (planned(day(lorry(load_kg=5.0, shift_ends_s=end))) for end in (None, 7200.0))
    assert kilograms(half) < kilograms(whole)
    assert all(one.arrives_s <= 7200.0 for one in half.trips)


def test_what_comes_late_counts_from_its_own_band_on() -> None:
    stock = day().stockpiles.model_copy(
        update={"bands": (Band(id="3h", end_s=10_800.0), Band(id="12h", end_s=43_200.0))}
    )
    plan = planned(day(lorry(load_kg=5.0), stockpiles=stock))
    assert {one.band for one in plan.trips} == {0, 1}


def test_stock_of_other_tiers_goes_without_vehicles() -> None:
    plan = planned(day(lorry(load_kg=5.0), carried_tiers=("district",)))
    assert {one.source for one in plan.trips} == {0}
    assert set(plan.deliveries[0].source) == {0, 1}


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        ("trips.known", {"vehicle_id": "nobody"}),
        ("trips.load", {"weight_kg": 1.0}),
        ("trips.time", {"leaves_s": 0.0, "arrives_s": 10.0}),
        ("trips.time", {"arrives_s": 20_000.0}),
    ],
)
def test_a_trip_that_cannot_be_made_is_refused(rule: str, change: dict[str, object]) -> None:
    request = day(lorry(load_kg=50.0))
    plan = planned(request)
    wrong = plan.trips[0].model_copy(update=change)
    broken = plan.model_copy(update={"trips": (wrong, *plan.trips[1:])})
    assert rule in {one.rule for one in verify_day(request, broken).failed}


def test_what_no_trip_carries_does_not_arrive() -> None:
    request = day(lorry(load_kg=50.0))
    plan = planned(request)
    broken = plan.model_copy(update={"trips": plan.trips[1:]})
    assert {one.rule for one in verify_day(request, broken).failed} == {"trips.deliveries"}


def test_a_depot_that_handles_little_sends_no_more_in_a_band_however_many_vehicles_wait() -> None:
    request = day(*(lorry(f"l{n}", 2000.0) for n in range(3)))
    (store, *others) = request.stockpiles.depots
    slow = store.model_copy(update={"handling_m3_per_h": 0.02})
    bands = (Band(id="3h", end_s=10_800.0), Band(id="12h", end_s=43_200.0))
    stock = request.stockpiles.model_copy(update={"depots": (slow, *others), "bands": bands})
    answer = answered(request.model_copy(update={"stockpiles": stock}))
    assert answer.verification is not None
    assert answer.verification.passed
    assert answer.plan is not None
    volume = dict.fromkeys(range(len(bands)), 0.0)
    for trip in answer.plan.trips:
        for one in trip.carried if trip.source == 0 else ():
            volume[trip.band] += one.quantity * stock.items[one.item].volume_m3
    assert 0.0 < volume[0] <= 0.02 * 3.0
    assert volume[1] > 0.0


def test_a_day_of_a_whole_district_is_answered_in_two_seconds() -> None:
    request = example("pingshan-stock-day")
    assert isinstance(request, StockDayRequest)
    answered(day())  # what is loaded and compiled once
    began = time.process_time()
    answer = answered(request)
    assert time.process_time() - began <= 2.0
    assert answer.verification is not None
    assert answer.verification.passed
    assert answer.plan is not None
    assert len({one.vehicle_id for one in answer.plan.trips}) == 12
    assert answer.dispatch is not None
    assert answer.explanation is not None
    assert answer.explanation.unmet
