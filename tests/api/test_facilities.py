"""Plain siting through the planners' doors: a workbook, a folder, the command line, a report."""

import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner

from api.cli.commands import app
from api.output import request_json
from api.projects import checked, marked
from api.settings import Settings
from instances.examples import EXAMPLES
from instances.projects import import_project
from instances.projects.template import template
from models.facilities import FacilityAnswer, FacilityRequest
from models.messages import message
from optimizer.errors import InputError

DEMAND = (
    ("north", "North street", 22.7040, 114.3520, None, 300),
    ("middle", "Market", 22.6980, 114.3520, None, 80),
    ("south", "South street", 22.6920, 114.3530, None, 500),
)
SITES = (
    ("gate", "Gate", 22.7030, 114.3510, "候选 candidate", "1.5万元"),
    ("square", "Square", 22.6922, 114.3520, "现有 existing", None),
    ("yard", "Yard", 22.6921, 114.3521, "禁用 forbidden", 10_000),
)


def workbook(**settings: object) -> bytes:
    """Return the template with rows and settings filled in."""
    book = openpyxl.load_workbook(io.BytesIO(template("facilities")))
    given = {"crs": "wgs84", "goal": "cover", "number": 1, "radius": 200, **settings}
    given |= {"weight": "three_small", "name": "Hydrants", "facility": "hydrant"}
    for row in book["参数 Settings"].iter_rows(min_row=2):
        row[1].value = given.get(row[0].value, row[1].value)
    _fill(book["需求 Demand"], DEMAND, ("常住人口 residents", "三小场所 weights.three_small"))
    _fill(book["场所 Sites"], SITES, ("状态 state", "费用 cost"))
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _fill(sheet: Any, rows: tuple[tuple[object, ...], ...], more: tuple[str, ...]) -> None:
    columns = {cell.value: cell.column for cell in sheet[1]}
    for at, row in enumerate(rows, sheet.max_row + 1):
        heads = ("编号 id", "名称 name", "纬度 lat", "经度 lon", *more)
        for head, value in zip(heads, row, strict=True):
            sheet.cell(at, columns[head]).value = value


def test_a_workbook_runs_to_a_checked_plan_and_comes_back_with_it(tmp_path: Path) -> None:
    asked, out = tmp_path / "hydrants.xlsx", tmp_path / "out"
    asked.write_bytes(workbook())
    done = CliRunner().invoke(app, ["run", str(asked), "--out", str(out), "--lang", "zh"])
    assert done.exit_code == 0, done.output
    request = FacilityRequest.model_validate_json((out / "request.json").read_text("utf-8"))
    assert [site.state.value for site in request.sites] == ["candidate", "existing", "forbidden"]
    assert request.sites[0].cost == 15_000.0
    answer = FacilityAnswer.model_validate_json((out / "plan.json").read_text("utf-8"))
    assert answer.run.objective == 800.0
    assert answer.verification is not None
    assert answer.verification.passed
    book = openpyxl.load_workbook(out / "hydrants-answers.xlsx")
    assert {"需求 Demand", message("table.facilities", "zh")} <= set(book.sheetnames)
    assert message("facilities.reason.out_of_reach", "en") in (out / "report-en.html").read_text(
        "utf-8"
    )
    layers = {
        one["properties"]["layer"]
        for one in json.loads((out / "map.geojson").read_text())["features"]
    }
    assert {"facilities", "demand_points", "service"} <= layers


def test_a_workbook_may_ask_what_the_goal_costs(tmp_path: Path) -> None:
    asked, out = tmp_path / "hydrants.xlsx", tmp_path / "out"
    asked.write_bytes(workbook(front="cost"))
    done = CliRunner().invoke(app, ["run", str(asked), "--out", str(out), "--lang", "zh"])
    assert done.exit_code == 0, done.output
    answer = FacilityAnswer.model_validate_json((out / "plan.json").read_text("utf-8"))
    assert answer.front is not None
    assert [(one.objective, one.against) for one in answer.front.points] == [
        (800.0, 15_000.0),
        (500.0, 0.0),
    ]
    page = (out / "report-en.html").read_text("utf-8")
    assert message("table.facility_front", "en") in page
    assert "<polyline" in page
    book = openpyxl.load_workbook(out / "hydrants-answers.xlsx")
    assert message("table.facility_front", "zh") in book.sheetnames


def test_the_service_takes_the_same_workbook_and_marks_what_is_wrong() -> None:
    found = checked(workbook(), Settings(), "en")
    assert (found.kind, found.process, found.demand_points, found.sites) == (
        "facilities",
        "site-facilities",
        3,
        3,
    )
    bad = workbook(goal="widest", radius="far")
    with pytest.raises(InputError) as raised:
        checked(bad, Settings(), "en")
    assert any("radius" in fault.path or "B" in fault.path for fault in raised.value.faults)
    assert openpyxl.load_workbook(io.BytesIO(marked(bad, "en"))).sheetnames[0] == message(
        "project.faults_sheet", "en"
    )


def test_a_folder_names_its_kind_in_its_settings(tmp_path: Path) -> None:
    (tmp_path / "project.toml").write_text(
        'kind = "facilities"\ncrs = "wgs84"\ngoal = "p_center"\nnumber = 1\nmeasure = "seconds"\n',
        encoding="utf-8",
    )
    (tmp_path / "demand.csv").write_text("id,lat,lon\na,22.70,114.35\nb,22.71,114.35\n")
    (tmp_path / "sites.csv").write_text(
        "id,lat,lon,状态,容量\ns,22.70,114.35,候选,5\nt,22.71,114.35,未定,\n", encoding="utf-8"
    )
    found = import_project(tmp_path)
    assert [fault.value for fault in found.faults] == ["未定"]
    assert found.request is not None
    request = FacilityRequest.model_validate(found.request)
    assert [site.capacity for site in request.sites] == [5.0]
    assert request.measure == "seconds"
    (tmp_path / "project.toml").write_text('kind = "wells"\ngoal = 5\n', encoding="utf-8")
    needs = {fault.path for fault in import_project(tmp_path).faults}
    assert "project.toml:kind" in needs


@pytest.mark.parametrize(
    "name", ["pingshan-hydrants", "pingshan-loudspeakers", "pingshan-slope-sensors"]
)
def test_the_examples_are_labelled_illustrative(name: str) -> None:
    request = EXAMPLES[name].build()
    assert isinstance(request, FacilityRequest)
    assert request.illustrative
    assert all(site.illustrative for site in request.sites)
    assert any(one.illustrative for one in request.assumptions)


def test_solve_verify_and_report_from_the_command_line(tmp_path: Path) -> None:
    request, plan = tmp_path / "request.json", tmp_path / "plan.json"
    request.write_text(request_json(EXAMPLES["minimal-facilities"].build()), encoding="utf-8")
    run = CliRunner().invoke
    assert run(app, ["solve", str(request), "--out", str(plan)]).exit_code == 0
    verified = run(app, ["verify", str(request), str(plan)])
    assert verified.exit_code == 0, verified.output
    broken = json.loads(plan.read_text("utf-8"))
    broken["plan"]["objective_value"] += 1.0
    plan.write_text(json.dumps(broken), encoding="utf-8")
    assert run(app, ["verify", str(request), str(plan)]).exit_code == 1
    bare = {"facilities": [{"site_id": "school"}]}
    plan.write_text(json.dumps(bare), encoding="utf-8")
    out = tmp_path / "report.html"
    done = run(app, ["report", str(request), str(plan), "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert "school" in out.read_text("utf-8")
    wrong = json.loads(request.read_text("utf-8")) | {"goal": "p_median", "radius": -1}
    request.write_text(json.dumps(wrong), encoding="utf-8")
    refused = run(app, ["solve", str(request), "--out", str(plan)])
    assert refused.exit_code == 2
    assert "Traceback" not in refused.output
