"""The longest walk, area per catchment, fairness and its price: in the village, by hand."""

import pytest

from models.run import RunLimits, Status
from models.shelters import ShelterAnswer, ShelterRequest
from models.shelters.objectives import Combination, LargestShare, OpeningCost, Unmet, WorstWalk
from models.shelters.plan import OpenShelter, ShelterPlan
from models.shelters.rules import AreaTarget, ServedFloor, ShelterRules
from optimizer.control import RunControl
from optimizer.errors import InputError
from optimizer.shelters.solve import solve
from optimizer.shelters.verify import verify
from tests.optimizer.shelters.village import village


def solved(request: ShelterRequest) -> ShelterAnswer:
    return solve(request, RunControl(RunLimits(time_limit_s=30.0)))


def test_nobody_walks_farther_than_is_needed() -> None:
    # In the flood the hall is lost: only the park, 500 m away, and the barn, 200 m, serve east.
    aims = (Unmet(), WorstWalk(), OpeningCost())
    answer = solved(village(objectives=aims))
    assert [level.status for level in answer.run.levels] == [Status.OPTIMAL] * 3
    assert answer.run.levels[1].final == 500.0
    # Who may not walk at all stays at the doors: west in its school, east in its hall.
    answer = solved(village(objectives=(WorstWalk(), Unmet(), OpeningCost())))
    assert answer.plan is not None
    assert {one.walk_m for one in answer.plan.assignments} == {0.0}
    assert answer.run.levels[1].final == pytest.approx(0.75 * (40 + 5) + 0.25 * (40 + 70 + 5))


def test_the_longest_walk_cannot_be_weighed() -> None:
    request = village(objectives=(Unmet(), WorstWalk()), combination=Combination.WEIGHTED_SUM)
    with pytest.raises(InputError) as caught:
        solved(request)
    assert [one.need.code for one in caught.value.faults] == ["fault.shelters.worst_walk"]


def targets(m2: float, reading: str = "effective") -> ShelterRequest:
    target = AreaTarget.model_validate(
        {"m2_per_resident": m2, "reading": reading, "level": "catchment"}
    )
    rules = ShelterRules(walk_limit_m=600.0, area_targets=(target,))
    return village(rules=rules, objectives=(OpeningCost(), Unmet()))


def opened(request: ShelterRequest) -> set[str]:
    plan = solved(request).plan
    assert plan is not None
    return {one.site_id for one in plan.shelters}


def test_every_catchment_has_its_area_in_either_reading() -> None:
    # West's 100 have the school's 90 m². East's 70 have the park's 75 m² of 300 gross, the barn's
    # 30, the hall's 150: 1.07, 0.43 and 2.14 m² each; far has no site in reach, and no catchment.
    assert opened(targets(0.4)) == {"school", "barn"}
    assert opened(targets(0.5)) == {"school", "park"}
    assert opened(targets(0.9, "gross")) == {"school", "park"}
    answer = solved(targets(1.0))
    assert answer.conflict is not None
    assert [one.path for one in answer.conflict.rules] == ["rules.area_targets[0]"]


@pytest.mark.parametrize(
    ("sites", "holds"),
    [
        (("school", "barn"), False),
        (("school", "hall"), True),
        (("school",), False),
        (("school", "hall", "barn"), True),
    ],
)
def test_a_catchment_that_is_short_is_found(sites: tuple[str, ...], holds: bool) -> None:
    shelters = tuple(OpenShelter(site_id=one) for one in sites)
    plan = ShelterPlan(shelters=shelters, assignments=())
    failed = [one.rule for one in verify(targets(0.5), plan).failed]
    assert failed == ([] if holds else ["area_targets"])


def test_fairness_has_a_price() -> None:
    # Half of east, in the flood, needs the park; without the floor nothing new opens.
    floors = (ServedFloor(share=0.5, level="half"),)
    rules = ShelterRules(walk_limit_m=600.0, served_floors=floors)
    request = village(rules=rules, objectives=(OpeningCost(), Unmet()))
    request = request.model_copy(update={"scenarios": request.scenarios[1:]})
    explanation = solved(request).explanation
    assert explanation is not None
    price = explanation.fairness
    assert price is not None
    assert price.proven
    assert price.level == "half"
    assert price.least_served == pytest.approx(0.5, abs=0.17)
    assert price.least_served_without == 0.0
    assert [(one.kind, one.value, one.without) for one in price.aims] == [
        ("cost", 3.0, 0.0),
        ("unmet", pytest.approx(65.0), pytest.approx(115.0)),
    ]


def test_a_request_without_fairness_tells_no_price() -> None:
    answer = solved(village())
    assert answer.explanation is not None
    assert answer.explanation.fairness is None


def test_the_fairest_plan_leaves_no_half_behind() -> None:
    aims = (LargestShare(level="half"), Unmet())
    rules = ShelterRules(walk_limit_m=600.0, max_new_sites=1)
    request = village(objectives=aims, rules=rules)
    request = request.model_copy(update={"scenarios": request.scenarios[1:]})
    answer = solved(request)
    # The park's 50 places go to west's 40 left and east's 75: both lack the same share, 65 / 175.
    assert answer.run.levels[0].final == pytest.approx(65 / 175, abs=1e-4)
    assert answer.explanation is not None
    assert answer.explanation.fairness is not None
    assert answer.explanation.fairness.aims[0].without == pytest.approx(65.0, abs=1e-3)
