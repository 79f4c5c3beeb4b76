"""Rounds with several stops, made from a shelter plan: by hand, and solved by dispatch."""

import pytest

from models.dispatch.phase import PhaseRequest
from models.run import RunLimits
from models.shelters import ShelterAnswer, ShelterPlan, ShelterRequest
from models.shelters.fleet import Fleet
from models.travel import ByMatrix, MatrixScenario
from optimizer.control import RunControl
from optimizer.dispatch.phase.solve import solve as plan_phase
from optimizer.shelters.pickups import SEATS, pickup_cases, pickups
from optimizer.shelters.solve import solve
from tests.optimizer.shelters.test_fetching import fetching

LIMITS = RunLimits(time_limit_s=30.0)


def solved(request: ShelterRequest) -> ShelterAnswer:
    return solve(request, RunControl(LIMITS))


@pytest.fixture(scope="module")
def asked() -> ShelterRequest:
    return fetching(sick=(4, 3, 0))


@pytest.fixture(scope="module")
def plan(asked: ShelterRequest) -> ShelterPlan:
    found = solved(asked).plan
    assert found is not None
    return found


def rounds(asked: ShelterRequest, plan: ShelterPlan) -> list[tuple[str, PhaseRequest]]:
    found = []
    for case, sites in pickup_cases(plan).items():
        for site in sites:
            made = pickups(asked, plan, case, site)
            assert made is not None
            found.append((f"{case}/{site}", made))
    return found


def test_every_person_whom_the_plan_fetches_gets_in_at_a_stop(
    asked: ShelterRequest, plan: ShelterPlan
) -> None:
    for name, made in rounds(asked, plan):
        sent = sum(
            one.people
            for one in plan.assignments
            if f"{one.scenario_id}/{one.site_id}" == name and one.group == "bedridden"
        )
        seats = sum(one.loads[SEATS] for one in made.works)
        assert seats >= 2.0 * sent - 1e-6
        least = min(one.carries[SEATS] for one in made.crews)
        assert max(one.loads[SEATS] for one in made.works) <= least
        vehicles = sum(
            one.vehicles for one in plan.shuttles if f"{one.scenario_id}/{one.site_id}" == name
        )
        assert len(made.situation.teams) == vehicles


@pytest.mark.slow
def test_dispatch_brings_them_all_in_time() -> None:
    asked = fetching(counts=(2, 0), sick=(4, 2, 0))
    plan = solved(asked).plan
    assert plan is not None
    for _, made in rounds(asked, plan):
        limits = made.limits.model_copy(update={"time_limit_s": 2.0})
        answer = plan_phase(made.model_copy(update={"limits": limits}), RunControl(limits))
        assert answer.verification is not None
        assert answer.verification.passed
        assert answer.plan is not None
        assert answer.plan.unserved == ()
        assert answer.plan.lateness == pytest.approx(0.0)


def test_who_would_be_waiting_joins_the_rounds() -> None:
    base = fetching(counts=(1, 0), sick=(9, 0, 0))
    west = base.blocks[0].model_copy(update={"weights": {"residents": 10.0, "bedridden": 9.0}})
    asked = base.model_copy(update={"blocks": (west, *base.blocks[1:])})
    plan = solved(asked).plan
    assert plan is not None
    waiting = sum(
        one.people
        for one in plan.without_place or ()
        if (one.scenario_id, one.reason) == ("dry", "waiting")
    )
    assert waiting == pytest.approx(4.0)  # five of nine by the van's rounds
    site = pickup_cases(plan)["dry"][0]
    made = pickups(asked, plan, "dry", site)
    assert made is not None
    assert sum(one.loads[SEATS] for one in made.works) == pytest.approx(18.0)


def test_rides_by_a_matrix_say_no_way_between_blocks(
    asked: ShelterRequest, plan: ShelterPlan
) -> None:
    seconds = tuple(tuple(100.0 for _ in range(4)) for _ in range(3))
    matrix = ByMatrix(scenarios=(MatrixScenario(id="van", travel_time_s=seconds),))
    assert asked.fleet is not None
    fleet = Fleet(vehicles=asked.fleet.vehicles, travel=matrix)
    case, sites = next(iter(pickup_cases(plan).items()))
    assert pickups(asked.model_copy(update={"fleet": fleet}), plan, case, sites[0]) is None
    assert pickups(asked, plan, case, "barn") is None
