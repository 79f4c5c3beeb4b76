"""How likely it may be that too many lack a place: the village, counted by hand."""

import pytest

from models.run import RunLimits, Status
from models.shelters import ShelterAnswer, ShelterRequest
from models.shelters.objectives import OpeningCost, Unmet
from models.shelters.rules import ChanceLimit, ShelterRules
from optimizer.control import RunControl
from optimizer.shelters.solve import solve
from optimizer.shelters.verify import verify
from tests.optimizer.shelters.village import village


def asked(people_max: float, risk: float) -> ShelterRequest:
    rules = ShelterRules(
        walk_limit_m=600.0, budget=11.0, chance=ChanceLimit(people_max=people_max, risk=risk)
    )
    return village(rules=rules, objectives=(OpeningCost(), Unmet()))


def solved(people_max: float, risk: float) -> ShelterAnswer:
    return solve(asked(people_max, risk), RunControl(RunLimits()))


@pytest.mark.parametrize(
    ("people_max", "risk", "cost"),
    [
        (45.0, 0.0, 4.0),  # park and barn: 130 of 175 have a place, dry or flooded
        (44.0, 0.25, 11.0),  # one more in the dry needs hall and park; the flood is spared
        (44.0, 1.0, 0.0),
    ],
)
def test_the_cheapest_sites_keep_the_risk(people_max: float, risk: float, cost: float) -> None:
    answer = solved(people_max, risk)
    assert answer.run.status is Status.OPTIMAL
    assert answer.run.objective == pytest.approx(cost, abs=1e-6)
    assert answer.verification is not None
    assert "chance" in {check.rule for check in answer.verification.checks}


def test_a_risk_that_no_plan_keeps_is_the_conflict() -> None:
    answer = solved(44.0, 0.2)  # in the flood no more than 130 find a place
    assert answer.run.status is Status.INFEASIBLE
    assert answer.conflict is not None
    assert "rules.chance" in {rule.path for rule in answer.conflict.rules}


def test_a_plan_of_too_much_risk_is_refused() -> None:
    plan = solved(44.0, 0.25).plan
    assert plan is not None
    failed = {check.rule for check in verify(asked(44.0, 0.2), plan).failed}
    assert failed == {"chance"}
