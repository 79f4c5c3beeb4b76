import pytest

from api.render.text import faults, summary
from models.answer import Check, Verification
from models.faults import Fault
from models.fire_stations.plan import FireStationPlan, PlannedStation
from models.run import Status
from models.text import Language, Text
from tests.api.render.answers import NEW, OLD, answer, infeasible, request


def test_the_summary_says_what_a_planner_must_know() -> None:
    said = summary(request(), answer(), "en")
    for part in (
        "proven best",
        "ILLUSTRATIVE",
        "build: City station (class I) at New & <fine> (illustrative site)",
        "60.0 % → 90.0 %",
        "+300",
        "mean 5 min → 4 min",
        "CNY 63 million",
        "gap 0 %",
        "1 of 1 checks hold",
    ):
        assert part in said


def test_the_summary_is_short() -> None:
    assert len(summary(request(), answer(), "en").splitlines()) <= 25


def test_the_chinese_summary_is_chinese() -> None:
    said = summary(request(), answer(), "zh")
    assert "建设 6,300万元" in said
    assert "平均 5分钟 → 4分钟" in said
    assert "residents" not in said


def test_a_plan_without_proof_says_so_with_its_gap() -> None:
    said = summary(request(), answer(Status.FEASIBLE, bound=909.0), "en")
    assert "not proven best. First level: gap 1.00 %" in said


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_infeasible_answer_names_the_rules_and_their_changes(language: Language) -> None:
    said = summary(request(), infeasible(), language)
    assert "rules.capital_budget" in said
    assert ("CNY 63 million" if language == "en" else "6,300万元") in said
    none_alone = "No change of this rule alone" if language == "en" else "仅调整此项不足以"
    assert said.count(none_alone) == 1


def test_a_failed_check_is_shouted() -> None:
    failed = Verification(checks=(Check(rule="spacing", passed=False),))
    said = summary(request(), answer().model_copy(update={"verification": failed}), "en")
    assert "FAILED check: Spacing of stations" in said


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_bare_plan_without_figures_can_be_summed_up(language: Language) -> None:
    bare = FireStationPlan(
        stations=tuple(PlannedStation(site_id=s, class_id="small") for s in (OLD, NEW))
    )
    without = answer().model_copy(update={"plan": bare, "verification": None})
    assert "New & <fine>" in summary(request(), without, language)


def test_faults_are_told_by_path_need_and_value() -> None:
    need = Text(code="fault.ascending")
    found = [Fault(path="travel.bands", value="[3, 2]", need=need), Fault(path="", need=need)]
    said = faults(found, "en")
    assert said.splitlines()[0] == "The input has 2 faults:"
    assert "travel.bands: needs values in ascending order; given: [3, 2]" in said
    assert "the request: needs" in said
