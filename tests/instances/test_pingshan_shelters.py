"""Pingshan's shelters: the published totals, and which reading of 1.5 m² is met."""

import pytest

from instances.generators.pingshan import shelters
from models.run import Status
from models.shelters import ShelterAnswer, ShelterRequest
from models.shelters.places import Setting
from models.shelters.plan import AreaReading
from optimizer.control import RunControl
from optimizer.shelters.solve import solve


def existing(request: ShelterRequest, setting: Setting) -> list[int]:
    return [site.places or 0 for site in request.sites if site.existing and site.setting is setting]


@pytest.fixture(scope="module", params=[shelters.typhoon, shelters.earthquake])
def request_(request: pytest.FixtureRequest) -> ShelterRequest:
    built: ShelterRequest = request.param()
    return built


def test_the_totals_are_those_of_the_plan(request_: ShelterRequest) -> None:
    indoor, outdoor = (existing(request_, one) for one in Setting)
    assert (len(indoor), sum(indoor)) == (45, 9_740)
    assert (len(outdoor), sum(outdoor)) == (27, 400_000)
    assert sum(block.weights["residents"] for block in request_.blocks) == 551_333
    gross = [one.gross_area_m2 or 0 for one in request_.sites if one.existing]
    assert sum(gross) == pytest.approx(1_260_000)


def test_every_block_lies_in_one_of_the_communities(request_: ShelterRequest) -> None:
    assert len({block.area for block in request_.blocks}) == 23


def solved(request: ShelterRequest, seconds: float = 60.0) -> ShelterAnswer:
    limits = request.limits.model_copy(update={"time_limit_s": seconds})
    return solve(request, RunControl(limits))


def city(answer: ShelterAnswer) -> AreaReading:
    assert answer.plan is not None
    assert answer.plan.figures is not None
    return answer.plan.figures.readings[0]


@pytest.mark.parametrize("build", [shelters.typhoon, shelters.earthquake])
def test_nobody_is_sent_into_a_hazard(build: object) -> None:
    answer = solved(build())  # type: ignore[operator]
    assert answer.run.status in (Status.OPTIMAL, Status.FEASIBLE)
    assert answer.verification is not None
    assert answer.verification.passed
    assert "people.hazard" in [check.rule for check in answer.verification.checks]


def test_today_reading_a_is_missed_and_reading_b_is_met() -> None:
    today = shelters.earthquake()
    rules = today.rules.model_copy(update={"max_new_sites": 0})
    found = city(solved(today.model_copy(update={"rules": rules})))
    assert found.effective_m2 == pytest.approx(409_740 * 1.5)
    assert found.effective_m2_per_resident == pytest.approx(1.115, abs=0.001)
    assert found.gross_m2_per_resident is not None
    assert found.gross_m2_per_resident > 1.5


def test_the_target_in_reading_a_is_closed_at_the_least_cost() -> None:
    answer = solved(shelters.area_target(), 120.0)
    effective = city(answer).effective_m2_per_resident
    assert effective is not None
    assert effective >= 1.5
    assert answer.run.levels[0].status is Status.OPTIMAL
