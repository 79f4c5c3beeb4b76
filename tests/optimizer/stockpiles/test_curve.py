"""What money, tiers and moving stock are worth, and the day itself."""

from typing import Any

import pytest

from instances.examples import example
from models.stockpiles import StockRequest
from models.stockpiles.lots import Lot
from models.stockpiles.rules import StockRules
from models.stockpiles.scenarios import StockScenario
from models.stockpiles.studies import Studies
from optimizer.control import RunControl
from optimizer.stockpiles import curve
from optimizer.stockpiles.balance import balance
from optimizer.stockpiles.curve import (
    budget_curve,
    budget_for_target,
    budgets_for_target,
    without_households,
    without_tier,
    worth_of_tiers,
)
from optimizer.stockpiles.instance import Instance
from optimizer.stockpiles.solve import solve
from optimizer.stockpiles.today import deliveries_today
from tests.optimizer.stockpiles.town import town


def smallest(**change: object) -> StockRequest:
    request = example("minimal-stockpiles")
    assert isinstance(request, StockRequest)
    return request.model_copy(update=change)


def control() -> RunControl:
    return RunControl(smallest().limits)


def test_the_curve_falls_and_the_least_budget_that_meets_the_target_is_found() -> None:
    request = smallest()
    points = budget_curve(request, [500.0, 1500.0, 3000.0], control())
    unmet = [point.expected_unmet for point in points]
    assert unmet == sorted(unmet, reverse=True)
    # In the storm (9 of 10) 1,890 l are needed: 95 % of them cost 2,154.6, in whichever depot.
    found = budget_for_target(request, 0.0, 4000.0, control(), probability=0.9, within=0.001)
    assert found.point is not None
    assert found.point.budget == pytest.approx(2154.6, abs=5.0)
    assert found.tried < 2154.6
    assert budget_for_target(request, 0.0, 2000.0, control(), probability=0.9).point is None


def test_a_budget_falls_short_only_by_a_proven_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    request, searched = smallest(), curve.planned

    def unproven(*asked: Any) -> curve.Planned:
        return searched(*asked)._replace(proven=False)

    monkeypatch.setattr(curve, "planned", unproven)
    with pytest.raises(TimeoutError):
        budget_for_target(request, 0.0, 2000.0, control(), probability=0.9)
    found = budget_for_target(request, 0.0, 4000.0, control(), probability=0.9)
    assert found.point is not None
    assert not found.point.proven
    assert (found.tried, found.point.budget) == (0.0, 4000.0)  # 2,000 may do: nobody knows
    assert [one.budget for one in budget_curve(request, [500.0, 1500.0], control())] == [500, 1500]
    studies = Studies(target_probability=0.999)
    asked = request.model_copy(
        update={"studies": studies, "rules": request.rules.model_copy(update={"budget": 10.0})}
    )
    assert budgets_for_target(asked, 0.999, control()) == ()
    told = solve(asked, control()).explanation
    assert told is not None
    assert told.targets == ()
    assert [one.code for one in told.left_out] == ["explanation.stockpiles.target_probability"]


def test_the_target_costs_more_without_kits_and_more_still_without_their_tier() -> None:
    found = budgets_for_target(town(), 0.5, control())
    assert [one.without for one in found] == [None, "household_kits", "community"]
    budgets = [one.tried if one.point is None else one.point.budget for one in found]
    assert budgets == sorted(budgets)


def test_without_kits_more_goes_unmet_and_no_tier_is_worth_less_than_nothing() -> None:
    request = town().model_copy(update={"rules": StockRules(budget=400.0)})
    with_kits, without = (
        budget_curve(one, [400.0], control())[0].expected_unmet
        for one in (request, without_households(request))
    )
    assert without > with_kits
    for worth in worth_of_tiers(request, control()):
        assert worth.unmet_without >= with_kits - 1e-6


@pytest.mark.parametrize("tier", ["district", "community"])
def test_a_request_without_a_tier_names_nothing_of_it(tier: str) -> None:
    instance = Instance.from_request(without_tier(town(), tier), None)
    assert all(one.tier != tier for one in instance.request.depots)


def test_stock_in_the_wrong_place_is_out_of_balance_by_what_moving_it_would_save() -> None:
    # The store holds 600 l that its tier may not carry north, where alone they are needed.
    lot = Lot(id="l", item_id="water", depot_id="store", quantity=600.0, expires_on="2030-01-01")
    north = (StockScenario(id="s", affected={"north": 1.0}),)
    found = balance(smallest(lots=(lot,), scenarios=north), control())
    assert found.actual == pytest.approx(2700.0)
    assert found.best == pytest.approx(2100.0)
    assert found.balance == pytest.approx(2700.0 / 2100.0)
    assert [(one.depot_id, one.quantity) for one in found.best_stock] == [
        ("depot", pytest.approx(600.0))
    ]


def test_today_what_is_there_goes_where_it_is_needed() -> None:
    lots = tuple(
        Lot(id=at, item_id="water", depot_id=at, quantity=300.0, expires_on="2030-01-01")
        for at in ("depot", "store")
    )
    request = smallest(lots=lots)
    today = StockScenario(id="today", affected={"north": 0.1, "south": 0.05})
    sent = deliveries_today(request, None, today, control())
    to = {
        block.id: sum(q for j, q in zip(sent.block, sent.quantity, strict=True) if j == n)
        for n, block in enumerate(request.blocks)
    }
    assert to == {"north": pytest.approx(270.0), "south": pytest.approx(225.0)}
