import pytest

from api.render import html
from api.render.compare import compare
from api.render.names import Names
from api.render.station_side import side
from api.render.tables import Table, csv, formatted, frame
from models.fire_stations.objectives import Combination
from models.text import Language
from tests.api.render.answers import NEW, OLD, SPARE, answer, infeasible, plan, request

PARTS = {
    "figures": {
        "stations", "closed", "cover", "areas", "scenarios", "resources", "districts", "staffing",
        "staging",
    },
    "reasons": {
        "contributions", "marginal", "uncovered", "binding", "ranking", "robustness", "survival",
        "second_opinion",
    },
    "run": {"levels", "staffing_levels", "verification"},
}  # fmt: skip


def tables(language: Language = "en") -> dict[str, Table]:
    found = html.tables(Names(request(), language), answer())
    return {table.key: table for group in found.values() for table in group}


def test_every_part_of_an_answer_has_its_table() -> None:
    found = html.tables(Names(request(), "en"), answer())
    assert {part: {one.key for one in group} for part, group in found.items()} == PARTS


@pytest.mark.parametrize("key", sorted(set.union(*PARTS.values())))
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_table_has_a_cell_for_every_column(key: str, language: Language) -> None:
    titles, rows = formatted(tables(language)[key], language)
    assert rows
    assert {len(row) for row in rows} == {len(titles)}


def test_a_frame_keeps_base_units_and_marks_what_is_illustrative() -> None:
    stations = frame(tables()["stations"])
    assert stations["capital"].tolist() == [63_000_000, 0]
    assert stations["illustrative"].tolist() == [True, False]


def test_csv_starts_with_the_keys_of_its_columns() -> None:
    assert csv(tables()["districts"]).splitlines()[0] == (
        "site,built_up,nominal,exceeded,illustrative"
    )


def test_what_changes_comes_first_among_the_stations() -> None:
    assert [row[0] for row in formatted(tables()["stations"], "en")[1]] == [
        "New & <fine> [illustrative]",
        "Old",
    ]


def test_names_given_in_both_languages_at_once_are_shown_in_one() -> None:
    assert "大队" in csv(tables("zh")["stations"])
    assert "brigade" not in csv(tables("zh")["stations"])


def test_answers_side_by_side_show_sites_gained_and_lost() -> None:
    moved = plan().stations[1].model_copy(update={"site_id": SPARE})
    other = plan().model_copy(update={"stations": (plan().stations[0], moved)})
    answers = {"ours": answer(), "theirs": answer().model_copy(update={"plan": other})}
    sides = {name: side(None, one, "en") for name, one in answers.items()}
    rows = {row.cells[0]: row.cells[1:] for row in compare(sides, "en").rows}
    assert rows["Gained against the base"] == (None, SPARE)
    assert rows["Lost against the base"] == (None, NEW)
    assert rows["Covered in time: Residents"] == (0.9, 0.9)


def test_an_answer_without_a_plan_can_be_compared() -> None:
    both = (answer(), infeasible())
    sides = {name: side(request(), one, "zh") for name, one in zip("ab", both, strict=True)}
    rows = compare(sides, "zh").rows
    assert {len(row.cells) for row in rows} == {3}
    lost = next(row.cells for row in rows if row.cells[0] == "比基准减少")
    assert lost[2] == "New & <fine>、旧站"
    assert OLD not in str(lost)


def test_under_a_weighted_sum_values_are_those_of_the_sum() -> None:
    asked = request().model_copy(update={"combination": Combination.WEIGHTED_SUM})
    found = html.tables(Names(asked, "en"), answer())["reasons"]
    notes = {table.key: table.note or "" for table in found}
    assert "Weighted sum of objectives" in notes["marginal"]
