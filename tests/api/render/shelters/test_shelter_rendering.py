"""A shelter answer in words, tables, sheets, map layers and HTML, in both languages."""

import re

import pytest

from api.render.shelters import all_tables, layers, sections, sheets, summary
from api.render.tables import formatted
from instances.generators.pingshan import shelters
from models.shelters import ShelterAnswer, ShelterRequest
from models.shelters.places import Setting
from models.shelters.rules import ServedFloor, ShelterRules, Stage
from models.text import LANGUAGES, Label, Language
from optimizer.control import RunControl
from optimizer.shelters.solve import solve
from tests.optimizer.shelters.test_classes import classed
from tests.optimizer.shelters.test_fetching import fetching
from tests.optimizer.shelters.village import village

CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def storm() -> tuple[ShelterRequest, ShelterAnswer]:
    request = shelters.typhoon()
    return request, solve(request, RunControl(request.limits))


@pytest.fixture(scope="module")
def hamlet() -> tuple[ShelterRequest, ShelterAnswer]:
    return village(), solve(village(), RunControl(village().limits))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_summary_speaks_one_language(
    storm: tuple[ShelterRequest, ShelterAnswer], language: Language
) -> None:
    text = summary(*storm, language)
    assert bool(CHINESE.search(text)) is (language == "zh")


def test_the_summary_tells_both_readings(hamlet: tuple[ShelterRequest, ShelterAnswer]) -> None:
    text = summary(*hamlet, "en")
    assert "1.8 m² effective (reading A: the 1.5 m² are met), 3.09 m² gross (reading B" in text
    assert "65 do not" in text


def test_rules_in_conflict_are_told() -> None:
    rules = ShelterRules(walk_limit_m=600.0, budget=2.0, served_floors=(ServedFloor(share=0.5),))
    request = village(rules=rules)
    text = summary(request, solve(request, RunControl(request.limits)), "en")
    assert "alone, it would do at 3" in text


def test_nobody_is_left_off_the_sheets(hamlet: tuple[ShelterRequest, ShelterAnswer]) -> None:
    request, answer = hamlet
    assert answer.plan is not None
    made = sheets(request, answer.plan, "en")
    assert [one.key for one in made] == ["sheet_a", "sheet_b"]
    people = sum(row.cells[3] for one in made for row in one.rows)  # type: ignore[misc]
    assert people == pytest.approx(2 * 175)


def test_every_table_can_be_written_in_both_languages(
    storm: tuple[ShelterRequest, ShelterAnswer],
) -> None:
    keys = [table.key for table in all_tables(*storm, "en")]
    assert keys[:4] == ["shelters", "shelter_scenarios", "shelter_readings", "shelter_fills"]
    for language in LANGUAGES:
        for table in all_tables(*storm, language):
            titles, rows = formatted(table, language)
            assert rows
            assert all(len(row) == len(titles) for row in rows)


def test_the_map_has_every_block_site_and_hazard(
    storm: tuple[ShelterRequest, ShelterAnswer],
) -> None:
    request, answer = storm
    made = layers(request, answer, "zh")
    assert answer.plan is not None
    assert len(made["blocks"]["features"]) == len(request.blocks)
    assert len(made["shelters"]["features"]) == len(answer.plan.shelters)
    sites = len(made["shelters"]["features"]) + len(made["candidates"]["features"])
    assert sites == len(request.sites)
    assert len(made["hazards"]["features"]) == 6
    assert len(made["walks"]["features"]) == len(answer.plan.assignments)


def test_a_request_on_a_plane_has_no_map(hamlet: tuple[ShelterRequest, ShelterAnswer]) -> None:
    assert layers(*hamlet, "en") == {}


def test_html_is_escaped() -> None:
    request = village(name=Label(en="<b>", zh="<b>"))
    answer = solve(request, RunControl(request.limits))
    pieces = sections(request, answer, "en")
    assert len(pieces) > 5
    assert all("<b>" not in piece for _, piece in pieces)
    assert "&lt;b&gt;" in pieces[0][1]


def test_new_shelters_come_first_and_those_that_serve_nobody_last() -> None:
    base = village()
    outdoor = base.sites[2].model_copy(update={"existing": True})
    sites = (outdoor, *(one for one in base.sites if one.id != "park"))
    scenarios = tuple(
        one.model_copy(update={"settings": (Setting.INDOOR,)}) for one in base.scenarios
    )
    request = village(sites=sites, scenarios=scenarios)
    answer = solve(request, RunControl(request.limits))
    table = all_tables(request, answer, "en")[0]
    named = [str(row.cells[0]) for row in table.rows]
    assert named[0] == "hall"
    assert named[-1] == "park"
    assert {"entrances", "facilities"}.isdisjoint(column.key for column in table.columns)


def test_the_summary_tells_reasons_and_whether_the_target_is_met(
    hamlet: tuple[ShelterRequest, ShelterAnswer],
) -> None:
    text = summary(*hamlet, "en")
    assert "of those without: 5: no site within the walking limit" in text
    school = village(rules=ShelterRules(budget=0.0))
    few = summary(school, solve(school, RunControl(school.limits)), "en")
    assert "reading A: 172 m² short of 1.5 m² each" in few  # 90 m² for 175 residents


def test_the_site_whose_loss_hurts_most_is_told(
    hamlet: tuple[ShelterRequest, ShelterAnswer],
) -> None:
    assert "The loss of school would hurt most" in summary(*hamlet, "en")


@pytest.fixture(scope="module")
def staged() -> tuple[ShelterRequest, ShelterAnswer]:
    request = classed(
        rules=ShelterRules(
            walk_limit_m=600.0,
            stages=(Stage(id="first", budget=4.0), Stage(id="second", budget=9.0)),
            served_floors=(ServedFloor(share=0.1, area="a"),),
        )
    )
    return request, solve(request, RunControl(request.limits))


@pytest.fixture(scope="module")
def fetched() -> tuple[ShelterRequest, ShelterAnswer]:
    request = fetching()
    return request, solve(request, RunControl(request.limits))


@pytest.mark.parametrize("language", LANGUAGES)
def test_classes_stages_and_fairness_are_told(
    staged: tuple[ShelterRequest, ShelterAnswer], language: Language
) -> None:
    keys = {table.key for table in all_tables(*staged, language)}
    assert {"shelter_stages", "shelter_fairness"} <= keys
    text = summary(*staged, language)
    assert bool(CHINESE.search(text)) is (language == "zh")
    assert ("school (large)" if language == "en" else "school（large）") in text


@pytest.mark.parametrize(("language", "said"), [("en", "still waiting"), ("zh", "仍在等待")])
def test_vehicles_and_those_who_wait_are_told(
    fetched: tuple[ShelterRequest, ShelterAnswer], language: Language, said: str
) -> None:
    assert said in summary(*fetched, language)
    assert "shelter_shuttles" in {one.key for one in all_tables(*fetched, language)}
    assert "break-after: page" in sections(*fetched, language)[-1][1]
