"""What is printed of a shelter plan speaks of whole people, and adds up."""

import pytest

from api.render.shelters import all_tables, sheets
from api.render.shelters.whole import whole_people
from api.render.tables import Table
from models.shelters import ShelterAnswer, ShelterPlan, ShelterRequest
from models.shelters.plan import Assignment, OpenShelter, WithoutPlace
from optimizer.control import RunControl
from optimizer.shelters.solve import solve
from tests.optimizer.shelters.village import village


def thirds() -> ShelterPlan:
    """Ten people in three thirds and one part without a place."""
    part = {"scenario_id": "now", "group": "residents"}
    return ShelterPlan(
        shelters=(OpenShelter(site_id="hall"), OpenShelter(site_id="park")),
        assignments=(
            Assignment(block_id="a", site_id="hall", people=2.6, **part),
            Assignment(block_id="b", site_id="hall", people=2.6, **part),
            Assignment(block_id="b", site_id="park", people=2.5, **part),
        ),
        without_place=(
            WithoutPlace(block_id="b", people=2.1, reason="full", **part),
            WithoutPlace(block_id="a", people=0.2, reason="full", **part),
        ),
    )


def test_parts_of_people_are_rounded_by_the_largest_remainder() -> None:
    whole = whole_people(thirds())
    assert [one.people for one in whole.assignments] == [3.0, 2.0, 3.0]
    assert [one.people for one in whole.without_place or ()] == [2.0]
    assert whole_people(whole) == whole


@pytest.fixture(scope="module")
def uneven() -> tuple[ShelterRequest, ShelterAnswer]:
    """The village when a third of it leaves: people in parts everywhere."""
    request = village()
    scenarios = tuple(one.model_copy(update={"leave_share": 0.337}) for one in request.scenarios)
    request = request.model_copy(update={"scenarios": scenarios})
    return request, solve(request, RunControl(request.limits))


def column(table: Table, key: str) -> list[float]:
    n = [one.key for one in table.columns].index(key)
    return [float(row.cells[n] or 0.0) for row in table.rows]


def test_sheets_fills_and_scenarios_add_up_in_whole_people(
    uneven: tuple[ShelterRequest, ShelterAnswer],
) -> None:
    request, answer = uneven
    assert answer.plan is not None
    exact = [one.people for one in answer.plan.assignments]
    assert any(people % 1 for people in exact)
    printed = [n for one in sheets(request, answer.plan, "en") for n in column(one, "people")]
    tables = {one.key: one for one in all_tables(request, answer, "en")}
    totals = tables["shelter_scenarios"]
    assert all(people % 1 == 0 for people in printed)
    assert sum(printed) == sum(column(totals, "leaving"))
    placed = sum(column(tables["shelter_fills"], "people"))
    assert placed == sum(column(totals, "sheltered"))
    assert abs(sum(printed) - sum(column(totals, "sheltered")) - sum(column(totals, "unmet"))) == 0
