"""Phases of a stay: their own space, walk and sites."""

import pytest

from models.shelters import ShelterRequest
from models.shelters.presets import GB_51143_PHASES
from models.shelters.rules import ShelterRules
from models.shelters.scenarios import Phase, ShelterScenario
from models.shelters.unfolding import unfolded
from optimizer.control import RunControl
from optimizer.shelters.solve import solve
from tests.optimizer.shelters.village import village

HOURS = Phase(id="hours", m2_per_person=1.0, weight=1.0)
WEEKS = Phase(id="weeks", m2_per_person=3.0, stay_share=0.5, walk_limit_m=400.0, weight=3.0)


def stay(**changes: object) -> ShelterRequest:
    scenarios = (ShelterScenario(id="quake", weight=2.0, phases=(HOURS, WEEKS)),)
    return village(scenarios=scenarios, **changes)


def test_each_phase_is_a_case_with_its_part_of_the_weight() -> None:
    first, second = unfolded(stay()).scenarios
    assert (first.id, second.id) == ("quake/hours", "quake/weeks")
    assert (first.weight, second.weight) == (0.5, 1.5)
    assert (first.leave_share, second.leave_share) == (1.0, 0.5)


def test_a_phase_has_its_own_space_and_walk() -> None:
    # Hours: school 90 and park 75 take the west's 100, hall 150 the east's 70. Weeks: half stay,
    # at 3 m² and within 400 m: school 30 of the west's 50, hall the east's 35; far has 2.5.
    request = stay()
    answer = solve(request, RunControl(request.limits))
    assert answer.plan is not None
    assert answer.plan.figures is not None
    unmet = {one.scenario_id: one.unmet for one in answer.plan.figures.scenarios}
    assert unmet == pytest.approx({"quake/hours": 5.0, "quake/weeks": 22.5})


def test_a_site_serves_its_last_phase_and_those_before() -> None:
    sites = tuple(
        site.model_copy(update={"last_phase": "hours" if site.id == "hall" else None})
        for site in village().sites
    )
    rules = ShelterRules(walk_limit_m=600.0, open_sites=("hall",), forbidden_sites=("park", "barn"))
    request = stay(sites=sites, rules=rules)
    answer = solve(request, RunControl(request.limits))
    assert answer.plan is not None
    went = {one.scenario_id for one in answer.plan.assignments if one.site_id == "hall"}
    assert went == {"quake/hours"}


def test_later_phases_of_the_standard_ask_more_space_and_allow_longer_walks() -> None:
    space = [phase.m2_per_person for phase in GB_51143_PHASES]
    walks = [phase.walk_limit_m or 0 for phase in GB_51143_PHASES]
    assert space == sorted(space)
    assert walks == sorted(walks)
