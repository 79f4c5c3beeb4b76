"""Rules on how people are spread: by hand, and on drawn requests by the verifier."""

from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from models.run import Status
from models.shelters import ShelterAnswer, ShelterRequest
from models.shelters.objectives import Combination, Unmet, Walk
from models.shelters.rules import CentralShelters, ShelterRules
from optimizer.backends import Outcome
from optimizer.control import RunControl
from optimizer.errors import BackendError
from optimizer.shelters.levels import Levels
from optimizer.shelters.solve import solve
from tests.optimizer.shelters.drawn import requests
from tests.optimizer.shelters.village import village

SPREADS: list[dict[str, object]] = [
    {"together": "block"},
    {"together": "subdistrict"},
    {"nearest_first": 0.0},
    {"nearest_first": 0.5},
    {"least_fill": 0.6},
    {"fill_balance": 0.2},
    {"least_fill": 0.3, "fill_balance": 0.5, "nearest_first": 0.2},
    {"central": CentralShelters(people_each=100.0, least_effective_m2=60.0)},
]


def solved(request: ShelterRequest) -> ShelterAnswer:
    return solve(request, RunControl(request.limits))


def hold(request: ShelterRequest, spread: dict[str, object]) -> None:
    """Solve with and without; the plan passes its verifier, and no rule makes it better."""
    objectives = {"objectives": (Unmet(), Walk()), "combination": Combination.LEXICOGRAPHIC}
    free = request.model_copy(update=objectives)
    bound = free.model_copy(update={"rules": free.rules.model_copy(update=spread)})
    without, answer = solved(free), solved(bound)
    assume(answer.run.status is not Status.INFEASIBLE)
    assert answer.run.status is Status.OPTIMAL
    assert answer.verification is not None
    assert answer.verification.passed
    assert without.run.objective is not None
    assert answer.run.objective is not None
    assert answer.run.objective >= without.run.objective - 1e-4


@given(requests(), st.sampled_from(SPREADS))
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_rule_holds_in_the_plan_and_costs_something(
    request: ShelterRequest, spread: dict[str, object]
) -> None:
    hold(request, spread)


@pytest.mark.slow
@given(requests(), st.sampled_from(SPREADS))
@settings(max_examples=500, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_rule_holds_on_many_requests(
    request: ShelterRequest, spread: dict[str, object]
) -> None:
    hold(request, spread)


def test_what_rounding_took_from_a_level_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, list[float]]] = []
    under = Levels._under

    def doubted(self: Levels, level: int, *given: Any) -> Outcome:
        asked.append((level, [one.limit for one in given[1]]))
        if level == 1 and [at for at, _ in asked].count(1) == 1:
            raise BackendError("infeasible, though a plan satisfies it")
        return under(self, level, *given)

    monkeypatch.setattr(Levels, "_under", doubted)
    objectives = {"objectives": (Unmet(), Walk()), "combination": Combination.LEXICOGRAPHIC}
    answer = solved(village().model_copy(update=objectives))
    assert answer.run.status is Status.OPTIMAL
    (first,), (again,) = [limits for level, limits in asked if level == 1][:2]
    assert first < again <= first + 1e-8 * max(1.0, first)


def unmet(**rules: object) -> float:
    answer = solved(village(rules=ShelterRules.model_validate({"walk_limit_m": 600.0, **rules})))
    assert answer.plan is not None
    assert answer.plan.figures is not None
    return answer.plan.figures.expected_unmet


def test_a_block_kept_together_leaves_those_who_do_not_fit() -> None:
    # West has 100 people; no site within its reach holds more than the school's 60. In the flood
    # east has the park (50) or the barn (20, not for wheelchairs).
    assert unmet(together="block") == pytest.approx(0.75 * (40 + 5) + 0.25 * (40 + 20 + 5))


def test_wanting_a_larger_central_shelter_than_any_is_a_conflict() -> None:
    rules = ShelterRules(central=CentralShelters(least_effective_m2=1000.0))
    answer = solved(village(rules=rules))
    assert answer.conflict is not None
    assert [one.path for one in answer.conflict.rules] == ["rules.central"]
