"""The fixed requests hold what they promise, or agreeing on them would prove little."""

import pytest

from models.run import Status
from tests.oracles.facts import Facts
from tests.oracles.levels import best
from tests.oracles.staffing import best_staffing
from tests.oracles.staging import best_staging
from tests.strategies import FIXED_COUNT, OBJECTIVE_KINDS, request_number
from tests.strategies.second_solves import staffing_request_number, staging_request_number
from tests.survey import survey_of

RULES = {
    "new_stations",
    "open_sites",
    "forbidden_sites",
    "idle_stations",
    "capital_budget",
    "yearly_budget",
    "crew_limit_people",
    "spacing",
    "clearances",
    "cover_floors",
    "small_adjoins_larger",
    "nominal_area",
}


def test_the_fixed_requests_have_the_size_asked_for() -> None:
    for request in map(request_number, range(0, FIXED_COUNT, 5)):
        assert 6 <= len(request.sites) <= 8
        assert 8 <= len(request.demand_points) <= 20
        assert 1 <= len(request.objectives) <= 3


@pytest.mark.slow
def test_every_rule_and_objective_occurs_and_matters_often_enough() -> None:
    survey = survey_of(FIXED_COUNT)
    assert survey.infeasible >= FIXED_COUNT / 10
    assert set(survey.rules) == RULES
    assert set(survey.objectives) == set(OBJECTIVE_KINDS)
    assert min(survey.rules.values()) >= 40
    assert min(survey.objectives.values()) >= 40
    assert min(survey.binding[name] for name in RULES) >= 10
    assert min(survey.deciding[kind] for kind in OBJECTIVE_KINDS) >= 10


def test_the_staffing_requests_leave_something_to_decide_on_every_level() -> None:
    found = []
    for request in map(staffing_request_number, range(40)):
        facts = Facts(request)
        found.append(best_staffing(facts, best(facts).plans[0]))
    for level in range(5):
        assert 5 <= sum(values[level] > 0 for values in found) <= 38


def test_the_staging_requests_can_and_cannot_be_paid() -> None:
    statuses = []
    for request in map(staging_request_number, range(40)):
        facts = Facts(request)
        statuses.append(best_staging(facts, best(facts).plans[0]).status)
    assert statuses.count(Status.INFEASIBLE) >= 2
    assert statuses.count(Status.OPTIMAL) >= 20
