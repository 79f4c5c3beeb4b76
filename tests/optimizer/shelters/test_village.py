"""The village: numbers that can be counted by hand."""

import pytest

from models.run import Status
from models.shelters import ShelterAnswer, ShelterRequest
from models.shelters.rules import AreaTarget, ServedFloor, ShelterRules
from optimizer.control import RunControl
from optimizer.errors import InputError
from optimizer.shelters.solve import solve
from tests.optimizer.shelters.village import village


def solved(request: ShelterRequest) -> ShelterAnswer:
    return solve(request, RunControl(request.limits))


@pytest.fixture(scope="module")
def answer() -> ShelterAnswer:
    return solved(village())


def test_the_best_village_opens_hall_and_park(answer: ShelterAnswer) -> None:
    # Dry: school 60 + park 40 for west, hall for east, far lost: 5. Flood: the hall is gone, so
    # of 170 within reach the school takes 60, the park 50: 60 + 5 are left.
    assert answer.plan is not None
    assert {one.site_id for one in answer.plan.shelters} == {"school", "hall", "park"}
    assert answer.plan.objective_values is not None
    assert answer.plan.objective_values[0] == pytest.approx(0.75 * 5 + 0.25 * 65)


def test_each_left_out_person_has_the_true_reason(answer: ShelterAnswer) -> None:
    assert answer.plan is not None
    assert answer.plan.without_place is not None
    reasons = {
        (one.scenario_id, one.block_id, one.group): one.reason for one in answer.plan.without_place
    }
    assert reasons["dry", "far", "residents"] == "too_far"
    assert reasons["flood", "east", "residents"] == "not_open"  # the barn would take 20


def test_both_readings_are_told_of_the_city_and_each_half(answer: ShelterAnswer) -> None:
    assert answer.plan is not None
    assert answer.plan.figures is not None
    city, first, second = answer.plan.figures.readings[:3]
    assert (city.effective_m2, city.gross_m2, city.residents) == (315, 540, 175)
    assert (first.id, first.effective_m2_per_resident) == ("a", pytest.approx(1.65))
    assert (second.id, second.gross_m2_per_resident) == ("b", pytest.approx(2.0))


def test_the_risk_is_that_of_the_worst_tenth(answer: ShelterAnswer) -> None:
    assert answer.plan is not None
    assert answer.plan.objective_values is not None
    assert answer.plan.objective_values[3] == pytest.approx(65)


def test_a_site_is_worth_those_who_lose_their_place_without_it(answer: ShelterAnswer) -> None:
    assert answer.explanation is not None
    worth = {one.site_id: one for one in answer.explanation.worth}
    # Without the park: dry west 40 lost, all else as before; flood 50 more.
    assert worth["park"].loses == pytest.approx(0.75 * 40 + 0.25 * 50)
    assert answer.explanation.worst_loss == "school"


def test_rules_that_cannot_all_hold_are_named_with_what_resolves_them() -> None:
    rules = ShelterRules(walk_limit_m=600.0, budget=2.0, served_floors=(ServedFloor(share=0.5),))
    answer = solved(village(rules=rules))
    assert answer.run.status is Status.INFEASIBLE
    assert answer.conflict is not None
    changes = {one.path: one.restores_at for one in answer.conflict.rules}
    assert changes["rules.budget"] == pytest.approx(3.0)  # the park
    assert changes["rules.served_floors[0]"] == pytest.approx(80 / 175)  # school and barn


def test_an_area_target_in_every_half_is_kept_or_named() -> None:
    rules = ShelterRules(
        walk_limit_m=600.0, budget=5.0, area_targets=(AreaTarget(level="half", reading="gross"),)
    )
    answer = solved(village(rules=rules))
    assert answer.conflict is not None
    assert [one.path for one in answer.conflict.rules] == ["rules.budget", "rules.area_targets[0]"]
    assert answer.conflict.rules[0].restores_at == pytest.approx(11.0)


def test_the_plan_can_be_the_start_of_the_next_run(answer: ShelterAnswer) -> None:
    again = solve(village(), RunControl(village().limits), start=answer.plan)
    assert again.plan is not None
    assert answer.plan is not None
    assert again.plan.objective_values == pytest.approx(answer.plan.objective_values)


def test_an_answer_can_be_written_and_read_back(answer: ShelterAnswer) -> None:
    again = ShelterAnswer.model_validate_json(answer.model_dump_json())
    assert again.model_dump_json() == answer.model_dump_json()


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({"sites": [{"setting": "indoor"}]}, "sites[0].places", "fault.shelters.size"),
        ({"sites": [{"id": "hall", "places": 3}]}, "sites[1].id", "fault.duplicate"),
        ({"sites": [{"lat": 1.0, "places": 3}]}, "sites[0]", "fault.coordinates"),
        (
            {"sites": [{"effective_area_m2": 9, "gross_area_m2": 8}]},
            "sites[0].gross_area_m2",
            "fault.at_least",
        ),
        ({"residents": ["nobody"]}, "residents[0]", "fault.reference"),
        ({"rules": {"open_sites": ["x"]}}, "rules.open_sites[0]", "fault.reference"),
        (
            {"rules": {"forbidden_sites": ["school"]}},
            "rules.forbidden_sites[0]",
            "fault.shelters.existing",
        ),
        (
            {"rules": {"open_sites": ["park"], "forbidden_sites": ["park"]}},
            "rules.forbidden_sites[0]",
            "fault.contradiction",
        ),
        (
            {"rules": {"area_targets": [{"level": "moon"}]}},
            "rules.area_targets[0].level",
            "fault.reference",
        ),
        (
            {"scenarios": [{"id": "k", "travel_scenario": "x"}]},
            "scenarios[0].travel_scenario",
            "fault.reference",
        ),
        (
            {
                "scenarios": [
                    {
                        "id": "k",
                        "hazards": [
                            {
                                "kind": "f",
                                "shape": {
                                    "type": "Planar",
                                    "corners_m": [[0, 0], [1, 1], [1, 0], [0, 1]],
                                },
                            }
                        ],
                    }
                ]
            },
            "scenarios[0].hazards[0].shape",
            "fault.shelters.shape",
        ),
        (
            {"areas": [{"id": "a", "parent": "b"}, {"id": "b", "parent": "a"}]},
            "areas[0].parent",
            "fault.cycle",
        ),
    ],
)
def test_a_faulty_request_names_its_field(changes: dict[str, object], path: str, code: str) -> None:
    data = village().model_dump(mode="json")
    sites = changes.pop("sites", None)
    if sites is not None:
        plain = {"id": "new", "x_m": 0.0, "y_m": 0.0, "setting": "indoor"}
        extra = [{**plain, **one} for one in sites]  # type: ignore[attr-defined]
        first = extra[0]["id"] != "hall"
        data["sites"] = [*extra, *data["sites"]] if first else [data["sites"][1], *extra]
    request = ShelterRequest.model_validate({**data, **changes})
    with pytest.raises(InputError) as caught:
        solved(request)
    assert (path, code) in [(one.path, one.need.code) for one in caught.value.faults]
