"""What planning for scenarios and foresight are worth where rules ask who is served."""

import pytest

from api.render.stockpiles.text import summary
from models.run import Status
from models.stockpiles import StockAnswer, StockRequest
from models.stockpiles.explanation import StochasticValue
from models.stockpiles.items import Item, Need
from models.stockpiles.nodes import Depot, HouseholdStock, StockBlock
from models.stockpiles.objectives import Combination, Unmet, YearlyCost
from models.stockpiles.rules import ChanceTarget, GiniLimit, LeastCover, StockRules
from models.stockpiles.scenarios import Band, StockScenario
from models.stockpiles.tiers import Tier
from optimizer.control import RunControl
from optimizer.stockpiles.solve import solve
from tests.optimizer.stockpiles.drawn import drawn


def two_blocks(budget: float, *scenarios: dict[str, float], **rules: object) -> StockRequest:
    """Two blocks of a hundred people who each need one thing of their own, x or y."""
    x, y = (
        Item(
            id=name,
            volume_m3=0.0,
            price=1.0,
            weight=weight,
            needs=(Need(quantity=1.0, group=name),),
        )
        for name, weight in (("x", 2.0), ("y", 1.0))
    )
    blocks = tuple(
        StockBlock(id=one, x_m=float(n), y_m=0.0, weights={name: 100.0})
        for n, (one, name) in enumerate((("a", "x"), ("b", "y")))
    )
    return StockRequest(
        tiers=(Tier(id="t"),),
        items=(x, y),
        depots=(Depot(id="d", tier="t", x_m=0.0, y_m=0.0),),
        blocks=blocks,
        scenarios=tuple(
            StockScenario(id=f"s{n}", affected=affected) for n, affected in enumerate(scenarios)
        ),
        rules=StockRules(budget=budget, **rules),
    )


def answered(request: StockRequest) -> StockAnswer:
    return solve(request, RunControl(request.limits))


def worth(request: StockRequest) -> StochasticValue:
    explanation = answered(request).explanation
    assert explanation is not None
    assert explanation.stochastic is not None
    return explanation.stochastic


BOTH, FIRST, SECOND = {"a": 1.0, "b": 1.0}, {"a": 1.0}, {"b": 1.0}


def test_foresight_too_keeps_the_covers_that_rules_ask_for() -> None:
    # Planned: 70 x, 30 y; 130 go unmet, or 60. Foreseen: the same, since only then b needs any
    # at all; and in the other scenario nothing. For mean need 85 x, 15 y: b has 15 % of its need.
    request = two_blocks(100.0, BOTH, FIRST, least_cover=(LeastCover(share=0.3),))
    found = worth(request)
    assert found.evpi == pytest.approx(30.0)
    assert (found.vss, found.mean_breaks_rules) == (None, True)
    free = worth(two_blocks(100.0, BOTH, FIRST))
    assert free.evpi == pytest.approx(0.5 * 100.0 - 0.5 * 100.0, abs=1e-5)


def test_a_plan_for_mean_need_is_judged_by_what_it_can_send_under_the_rules() -> None:
    # For mean need 50 of each are enough, and cost least; planned for both, 100 x and 40 y.
    request = two_blocks(140.0, FIRST, SECOND, least_cover=(LeastCover(share=0.4),))
    found = worth(request)
    assert found.vss == pytest.approx((0.5 * 100.0 + 0.5 * 50.0) - 0.5 * 60.0)
    assert found.evpi == pytest.approx(0.5 * 60.0)
    assert not found.mean_breaks_rules


def test_what_breaks_the_rules_for_mean_need_is_said_in_words() -> None:
    request = two_blocks(100.0, BOTH, FIRST, least_cover=(LeastCover(share=0.3),))
    answer = answered(request)
    assert "could not keep the rules" in summary(request, answer, "en")
    assert "公平性规则" in summary(request, answer, "zh")


@pytest.mark.parametrize("seed", [2, 5, 12, 17])
def test_rules_that_ask_for_nothing_change_nothing(seed: int) -> None:
    request = drawn(seed, plain=True).model_copy(
        update={"objectives": (Unmet(), YearlyCost()), "combination": Combination.LEXICOGRAPHIC}
    )
    request = request.model_copy(
        update={
            "depots": tuple(one.model_copy(update={"sizes": ()}) for one in request.depots),
            "scenarios": (*request.scenarios, *drawn(seed + 1, plain=True).scenarios)[:4],
        }
    )
    scenarios = tuple(
        one.model_copy(update={"id": f"s{n}"}) for n, one in enumerate(request.scenarios)
    )
    request = request.model_copy(update={"scenarios": scenarios})
    rules = request.rules.model_copy(
        update={"least_cover": (LeastCover(share=0.0),), "gini": GiniLimit(most=1.0, level="block")}
    )
    plain, fair = worth(request), worth(request.model_copy(update={"rules": rules}))
    assert plain.vss is not None
    assert plain.evpi is not None
    assert fair.vss == pytest.approx(plain.vss, abs=1e-4, rel=1e-4)
    assert fair.evpi == pytest.approx(plain.evpi, abs=1e-4, rel=1e-4)


def test_the_chance_rule_leaves_both_untold() -> None:
    request = two_blocks(100.0, BOTH, FIRST, chance=ChanceTarget(share=0.5, risk=0.5))
    assert worth(request) == StochasticValue()


LATER = (Band(id="3h", end_s=10_800.0), Band(id="12h", end_s=43_200.0))


@pytest.mark.parametrize("bands", [LATER[:1], LATER])
def test_evenness_is_not_had_by_calling_missing_what_people_have(bands: tuple[Band, ...]) -> None:
    # All of block a have their x at home, nobody in b gets any y: the Gini coefficient is 1/2.
    homes = HouseholdStock(tier="t", kit={"x": 1.0}, free_share=1.0, cost_per_person=1.0)
    request = two_blocks(0.0, BOTH, gini=GiniLimit(most=0.49, level="block"))
    request = request.model_copy(update={"households": homes, "bands": bands})
    answer = answered(request)
    assert answer.run.status is Status.INFEASIBLE
    assert answer.conflict is not None
    assert {one.path for one in answer.conflict.rules} == {"rules.budget", "rules.gini"}
    rules = request.rules.model_copy(update={"gini": GiniLimit(most=0.51, level="block")})
    assert answered(request.model_copy(update={"rules": rules})).run.status is Status.OPTIMAL


def test_foresight_with_bands_behind_the_deadline_is_worth_the_same() -> None:
    homes = HouseholdStock(tier="t", kit={"x": 1.0}, share_max=0.5, cost_per_person=1.0)
    request = two_blocks(60.0, BOTH, FIRST, SECOND)
    request = request.model_copy(update={"households": homes, "bands": LATER})
    rules = request.rules.model_copy(update={"gini": GiniLimit(most=1.0, level="block")})
    plain, fair = worth(request), worth(request.model_copy(update={"rules": rules}))
    assert fair.vss == pytest.approx(plain.vss, abs=1e-5)
    assert fair.evpi == pytest.approx(plain.evpi, abs=1e-5)
