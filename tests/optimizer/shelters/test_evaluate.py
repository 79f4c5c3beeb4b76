"""Plans made by hand get figures, rule by rule."""

import pytest

from models.run import RunLimits, Status
from models.shelters import ShelterAnswer, ShelterPlan
from models.shelters.plan import Assignment, OpenShelter
from optimizer.control import RunControl
from optimizer.errors import InputError
from optimizer.shelters.evaluate import evaluate
from optimizer.shelters.solve import solve
from tests.optimizer.shelters.village import village


def plan(*moves: tuple[str, str, str, float], sites: tuple[str, ...] = ("park",)) -> ShelterPlan:
    return ShelterPlan(
        shelters=tuple(OpenShelter(site_id=site) for site in sites),
        assignments=tuple(
            Assignment(
                scenario_id=scenario, block_id=block, group="residents", site_id=site, people=people
            )
            for scenario, block, site, people in moves
        ),
    )


def broken(answer: ShelterAnswer) -> set[str]:
    assert answer.verification is not None
    return {check.rule for check in answer.verification.failed}


def test_a_plan_by_hand_gets_its_figures_and_the_existing_school() -> None:
    answer = evaluate(village(), plan(("dry", "west", "school", 50), ("dry", "east", "park", 40)))
    assert broken(answer) == set()
    assert answer.run.status is Status.FEASIBLE
    assert answer.plan is not None
    assert answer.plan.figures is not None
    # Of 175 people 90 have a place in the dry scenario, nobody in the flood; the park costs 3.
    assert answer.plan.figures.expected_unmet == pytest.approx(0.75 * 85 + 0.25 * 175)
    assert answer.plan.figures.open_cost == pytest.approx(3)
    assert {one.site_id for one in answer.plan.shelters} == {"park", "school"}


def test_an_overfull_site_is_shown_as_full_as_it_is() -> None:
    answer = evaluate(village(), plan(("dry", "west", "park", 100)))
    assert broken(answer) == {"people.capacity"}
    assert answer.run.status is Status.UNKNOWN
    assert answer.plan is not None
    assert answer.plan.fills is not None
    used = {(one.scenario_id, one.site_id): one.used_m2 for one in answer.plan.fills}
    assert used["dry", "park"] == pytest.approx(150)  # of 75


def test_people_sent_into_the_flood_and_too_far_are_told() -> None:
    moves = (("flood", "east", "hall", 10.0), ("dry", "far", "school", 5.0))
    answer = evaluate(village(), plan(*moves, sites=("hall",)))
    assert {"people.hazard", "people.walk"} <= broken(answer)
    assert answer.plan is not None
    assert answer.plan.objective_values is not None
    assert answer.plan.objective_values[0] == pytest.approx(0.75 * 170 + 0.25 * 165)


def test_names_that_are_unknown_are_told_without_figures() -> None:
    for made in (plan(sites=("castle",)), plan(("dry", "moon", "park", 1.0))):
        answer = evaluate(village(), made)
        assert broken(answer)
        assert answer.run.status is Status.UNKNOWN
        assert answer.plan is not None
        assert answer.plan.objective_values is None


def test_the_best_plan_attains_the_bounds_of_its_own_answer() -> None:
    best = solve(village(), RunControl(RunLimits()))
    assert best.plan is not None
    assert evaluate(village(), best.plan, against=best).run.status is Status.OPTIMAL
    worse = evaluate(village(), plan(), against=best)
    assert worse.run.status is Status.FEASIBLE
    assert worse.run.gap is not None
    assert worse.run.gap > 0
    with pytest.raises(InputError):
        evaluate(village(m2_per_place=2.0), best.plan, against=best)
