"""The workbook to fill in says what the import reads."""

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from instances.projects import import_project
from instances.projects.fields import FIELDS
from instances.projects.forms import SHEETS
from instances.projects.roles import role_of_table
from instances.projects.rows import EXAMPLE
from instances.projects.template import template
from instances.projects.words import class_words, look_up, status_words
from instances.tables.columns import guess_columns
from instances.tables.files import Table
from models.fire_stations import FireStationRequest


def _settings(book: Any, **given: object) -> None:
    for row in book["参数 Settings"].iter_rows(min_row=2):
        row[1].value = given.get(row[0].value.replace(".", "_"), row[1].value)


@pytest.mark.parametrize("sheet", [one for one in SHEETS if "Contacts" not in one.title])
def test_every_heading_is_a_field_of_its_role(sheet: Any) -> None:
    headings = tuple(one.heading for one in sheet.columns)
    role = role_of_table(sheet.title)
    assert role is not None
    found = guess_columns(Table("t", headings, (), ()), FIELDS[role])
    assert set(found.values()) == set(headings)
    fields = {one for field in found for one in (field, field.partition(".")[0])}
    assert set(FIELDS[role]) - {"place", "position", "name_en"} <= fields | {"status", "class"} | {
        *("headcount_people", "on_duty_people", "vehicles", "owner", "may", "yearly_cost"),
        *("commissioning_cost", "allowed_classes", "land_cost", "outskirts"),
    }


def test_the_examples_can_be_used_once_they_are_no_examples(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(template()))
    _settings(book, crs="wgs84", new_stations=1, new_stations_small=1)
    for sheet in book.worksheets:
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            if isinstance(cell.value, str) and sheet.title != "说明 Notes":
                cell.value = cell.value.removeprefix(EXAMPLE)
    book.save(tmp_path / "questions.xlsx")

    imported = import_project(tmp_path / "questions.xlsx")

    assert (imported.faults, imported.warnings) == ((), ())
    request = FireStationRequest.model_validate(imported.request)
    assert {key: one.min for key, one in request.new_stations.items()} == {"city": 1, "small": 1}
    assert isinstance(request.demand_points, tuple)
    assert [one.weights["residents"] for one in request.demand_points] == [33_000, 27_000]
    assert request.demand_points[1].lon == pytest.approx(114.386, abs=1e-3)
    assert [one.id for one in request.areas] == ["6", "7", "8", "9"]
    assert [one.area for one in request.demand_points] == ["8", "9"]
    assert request.classes[0].nominal_area_m2 == 4e6
    assert request.sites[1].land_cost == 2e7


def test_an_untouched_template_holds_no_row_at_all(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(template()))
    _settings(book, crs="wgs84", new_stations=1)
    book.save(tmp_path / "questions.xlsx")
    imported = import_project(tmp_path / "questions.xlsx")
    assert {fault.need.code for fault in imported.faults} == {"project.need.good_row"}
    assert imported.contacts == ()
    assert imported.notes == () or all(one.code != "project.unused" for one in imported.notes)


def test_sheets_that_hold_examples_alone_change_nothing(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(template()))
    _settings(book, crs="wgs84", new_stations=1)
    heads = [cell.value for cell in book["需求 Demand"][1]]
    row = {"编号 id": "p", "纬度 lat": 22.7, "经度 lon": 114.3, "常住人口 residents": 5}
    row |= {"社区 area": "新社区", "风险等级 risk_class": "一般"}
    book["需求 Demand"].append([row.get(head) for head in heads])
    book["站址 Sites"].append(("s", None, 22.7, 114.3))
    book.save(tmp_path / "questions.xlsx")

    imported = import_project(tmp_path / "questions.xlsx")

    assert imported.faults == ()
    assert imported.request is not None
    assert [one["id"] for one in imported.request["areas"]] == ["新社区"]
    assert imported.request["risk_classes"] == [{"id": "一般"}]
    assert "classes" not in imported.request


def test_every_choice_of_a_list_is_understood() -> None:
    columns = {one.heading: one for sheet in SHEETS for one in sheet.columns if one.choices}
    assert all(look_up(one, class_words()) for one in columns["类别 class"].choices)
    assert all(look_up(one, status_words()) for one in columns["状态 status"].choices)
    # A spreadsheet holds a list of at most 255 characters, commas included.
    assert all(len(",".join(one.choices)) <= 255 for one in columns.values())


def test_no_cell_of_the_template_is_a_formula() -> None:
    book = openpyxl.load_workbook(io.BytesIO(template()))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    texts = [cell.value for cell in cells if isinstance(cell.value, str)]
    assert not [text for text in texts if text[:1] in tuple("=+-@")]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"crs": 4490}, None),
        ({"crs": 9}, "coordinates.need.crs"),
        ({"name": 2024}, None),
        ({"new_stations": -1}, "table.need.not_negative"),
        ({"new_stations_small": "two"}, "number.need.number"),
        ({"network": "x" * 5000}, "project.need.network"),
    ],
)
def test_settings_are_read_whatever_the_cell_holds(
    tmp_path: Path, given: dict[str, object], code: str | None
) -> None:
    book = openpyxl.load_workbook(io.BytesIO(template()))
    _settings(book, **{"crs": "wgs84", "new_stations": 1, **given})
    book["需求 Demand"].append(("p", None, 22.7, 114.3, 5))
    book["站址 Sites"].append(("s", None, 22.7, 114.3))
    book.save(tmp_path / "questions.xlsx")

    imported = import_project(tmp_path / "questions.xlsx")

    assert [fault.need.code for fault in imported.faults] == ([code] if code else [])


def test_a_name_too_long_for_a_request_drops_its_row_alone(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(template()))
    _settings(book, crs="wgs84", new_stations=1)
    for name in ("p", "q" * 201):
        book["需求 Demand"].append((name, None, 22.7, 114.3, 5))
    book["站址 Sites"].append(("s", None, 22.7, 114.3))
    book.save(tmp_path / "questions.xlsx")
    imported = import_project(tmp_path / "questions.xlsx")
    assert [fault.need.code for fault in imported.faults] == ["table.need.short"]
    FireStationRequest.model_validate(imported.request)
