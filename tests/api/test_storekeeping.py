"""Stock rotation through the doors: files to plan, the storekeeper's workbook out and back."""

import csv
import io
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner

from api.cli import app
from api.output import request_json, to_json
from api.problems import PROBLEMS
from api.processes import PROCESSES
from api.render.rotation.workbook import storekeepers_workbook
from api.reports import Format, Look, made
from instances.projects.storekeeping import read_return
from models.messages import MESSAGES
from models.rotation import RotationAnswer, RotationRequest
from models.text import Label
from tests.optimizer.rotation.store import NEW, OLD, answered, store


@pytest.fixture(scope="module")
def answer() -> RotationAnswer:
    return answered()


def run(*words: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, [str(word) for word in words])
    return done.exit_code, done.output


def workbook(answer: RotationAnswer, request: RotationRequest | None = None) -> Any:
    raw = storekeepers_workbook(request or store(), answer, "zh")
    return openpyxl.load_workbook(io.BytesIO(raw))


def column(sheet: Any, key: str) -> int:
    heads = [str(cell.value).split()[-1] for cell in sheet[1]]
    return heads.index(key) + 1


def rows(sheet: Any, **wanted: str) -> list[int]:
    """Return the rows of a sheet whose cells hold these last words."""
    return [
        row
        for row in range(2, sheet.max_row + 1)
        if all(
            str(sheet.cell(row, column(sheet, key)).value).split()[-1] == text
            for key, text in wanted.items()
        )
    ]


def fill(sheet: Any, row: int, **cells: object) -> None:
    for key, value in cells.items():
        sheet.cell(row, column(sheet, key)).value = value  # type: ignore[assignment]


def returned(book: Any, path: Path, start: date | None = None) -> Any:
    book.save(path)
    return read_return(path, store(), start)


def test_the_command_line_plans_and_writes_every_report(tmp_path: Path) -> None:
    request, plan = tmp_path / "request.json", tmp_path / "plan.json"
    request.write_text(request_json(store()), encoding="utf-8")
    code, text = run("solve", request, "--out", plan, "--lang", "zh")
    assert code == 0, text
    assert "已证明最优" in text
    assert run("verify", request, plan)[0] == 0
    for name in ("report.html", "plan.xlsx", "plan.csv", "map.geojson"):
        code, text = run("report", request, plan, "--out", tmp_path / name, "--lang", "zh")
        assert code == 0, text
        assert (tmp_path / name).stat().st_size > 200
    book = openpyxl.load_workbook(tmp_path / "plan.xlsx")
    assert {"台账 Book", "2027-01", "2027-06"} <= set(book.sheetnames)


def test_whatever_a_map_layer_says_has_a_name(answer: RotationAnswer) -> None:
    text = made(store(), answer, Format.GEOJSON, Look("en"))
    features = json.loads(text)["features"]
    assert features
    for one in features:
        said = dict(one["properties"])
        assert f"folio.layer.{said.pop('layer')}" in MESSAGES
        assert [key for key in said if f"folio.field.{key}" not in MESSAGES] == []


def test_the_process_reads_its_own_example() -> None:
    process = PROCESSES["plan-rotation"]
    request = process.example()["request"]
    kind = PROBLEMS[process.kind or ""]
    assert kind.request.model_validate(request).kind == "stock_rotation"


def test_an_untouched_workbook_changes_nothing(answer: RotationAnswer, tmp_path: Path) -> None:
    found = returned(workbook(answer), tmp_path / "book.xlsx")
    assert found.faults == ()
    assert found.differences == ()
    assert found.lines == 0
    assert found.request == store()


def test_what_was_done_and_counted_is_the_next_book(answer: RotationAnswer, tmp_path: Path) -> None:
    book = workbook(answer)
    january, ledger = book["2027-01"], book["台账 Book"]
    (drill, *_) = rows(january, action="issue", lot="old", to="drills")
    fill(january, drill, done=1, unit="箱")
    (unclear,) = rows(january, action="count", lot="unknown")
    fill(january, unclear, done=12, new_expiry=datetime(2027, 12, 1))  # noqa: DTZ001 - as Excel
    line = january.max_row + 1
    fill(
        january,
        line,
        action="到货",
        depot="store",
        item="饮用水",
        lot="fresh",
        done=3,
        unit="box",
        new_expiry="2028-02-01",
    )
    fill(
        january, line + 1, action="move", depot="store", item="water", lot="new", done=7, to="shop"
    )
    fill(ledger, rows(ledger, lot="old")[0], counted=44)
    found = returned(book, tmp_path / "book.xlsx", date(2027, 2, 1))
    assert found.faults == ()
    lots = {one.id: one for one in found.request.lots}
    assert lots["old"].quantity == 44.0
    assert (lots["fresh"].quantity, lots["fresh"].expires_on) == (30.0, date(2028, 2, 1))
    assert lots["new"].quantity == 53.0
    assert (lots["new>shop"].quantity, lots["new>shop"].depot_id) == (7.0, "shop")
    assert lots["new>shop"].expires_on == NEW
    assert (lots["unknown"].quantity, lots["unknown"].expires_on) == (12.0, date(2027, 12, 1))
    assert lots["unknown"].quantity_between is None
    differences = {one.path: (one.book, one.found) for one in found.differences}
    assert differences == {
        "lots[2].quantity": (None, "12"),
        "lots[2].expires_on": (None, "2027-12-01"),
        "lots[0].quantity": ("50", "44"),
    }
    assert found.differences[0].cell.startswith("book.xlsx:2027-01:")
    assert found.request.start == date(2027, 2, 1)


def test_faults_are_told_by_their_cells_and_good_lines_outlive_them(
    answer: RotationAnswer, tmp_path: Path
) -> None:
    book = workbook(answer)
    january = book["2027-01"]
    (drill, *_) = rows(january, action="issue", lot="old", to="drills")
    fill(january, drill, done="约10")
    line = january.max_row + 1
    good = {"action": "issue", "depot": "store", "item": "water"}
    fill(january, line, **good, lot="nobody", done=1)
    fill(january, line + 1, **good, lot="old", done=1000)
    fill(january, line + 2, **good | {"action": "eat"}, lot="old", done=1)
    fill(january, line + 3, **good, lot="old", done=1, unit="barrel")
    fill(january, line + 4, **good, lot="old", done=2)
    request, path = tmp_path / "request.json", tmp_path / "book.xlsx"
    request.write_text(request_json(store()), encoding="utf-8")
    book.save(path)
    out, marked, listed = (tmp_path / one for one in ("next.json", "marked.xlsx", "list.csv"))
    code, text = run(
        "rotation",
        "return",
        request,
        path,
        "--out",
        out,
        "--marked",
        marked,
        "--differences",
        listed,
    )
    assert code == 0, text
    assert [f"book.xlsx:2027-01:{n}" in text for n in (drill, *range(line, line + 4))] == [True] * 5
    lots = {one["id"]: one for one in json.loads(out.read_text(encoding="utf-8"))["lots"]}
    assert lots["old"]["quantity"] == 58.0
    sheet = openpyxl.load_workbook(marked)["2027-01"]
    assert sheet.cell(line, column(sheet, "lot")).comment is not None
    assert run("rotation", "return", request, path, "--out", out, "--strict")[0] == 2


def test_no_cell_is_ever_a_formula(answer: RotationAnswer) -> None:
    evil = "=cmd|' /C calc'!A0"
    depots = tuple(
        one.model_copy(update={"name": Label(en=evil, zh=evil)}) for one in store().depots
    )
    lots = tuple(one.model_copy(update={"id": f"={one.id}"}) for one in store().lots[:1])
    request = store().model_copy(update={"depots": depots, "lots": lots + store().lots})
    book = workbook(answer, request)
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    assert any(str(cell.value).startswith("=") for cell in cells)


def test_a_pick_list_goes_out_per_vehicle_and_comes_back(tmp_path: Path) -> None:
    request, orders = tmp_path / "request.json", tmp_path / "orders.csv"
    request.write_text(request_json(store()), encoding="utf-8")
    lines = [
        ("vehicle", "depot", "item", "quantity", "unit", "to"),
        ("粤B1", "store", "water", "7", "箱", "hall"),
        ("粤B2", "store", "water", "90", "", "school"),
    ]
    with orders.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(lines)
    out = tmp_path / "picks.xlsx"
    code, text = run("rotation", "pick", request, orders, "--out", out, "--day", "2027-01-20")
    assert code == 0, text
    assert "40 short, not in stock" in text
    book = openpyxl.load_workbook(out)
    first = book["粤B1"]
    said = [first.cell(2, column(first, key)).value for key in ("lot", "packs", "weight_kg", "to")]
    assert said == ["old", "6 × box", 30.0, "hall"]
    assert first.cell(2, column(first, "expires")).value.date() == OLD  # type: ignore[union-attr]
    for sheet in (first, book["粤B2"]):
        for row in range(2, sheet.max_row + 1):
            fill(sheet, row, done=sheet.cell(row, column(sheet, "planned")).value)
    found = returned(book, tmp_path / "back.xlsx")
    assert found.faults == ()
    lots = {one.id: one.quantity for one in found.request.lots}
    assert (lots["old"], lots["new"]) == (0.0, 0.0)


def test_bad_input_is_refused_without_a_trace(tmp_path: Path) -> None:
    request, out = tmp_path / "request.json", tmp_path / "next.json"
    request.write_text(request_json(store()), encoding="utf-8")
    junk = tmp_path / "junk.xlsx"
    junk.write_bytes(b"no workbook")
    code, text = run("rotation", "return", request, junk, "--out", out)
    assert code == 2
    assert "Traceback" not in text
    assert not out.exists()
    plain = json.loads(request.read_text(encoding="utf-8")) | {"start": "2027-01-09"}
    request.write_text(json.dumps(plain), encoding="utf-8")
    code, text = run("solve", request)
    assert code == 2
    assert "start" in text


def test_the_answer_reads_back_from_its_json(answer: RotationAnswer) -> None:
    assert RotationAnswer.model_validate_json(to_json(answer)) == answer
