"""Team dispatch through the planners' doors: a workbook, a folder with roads, faults by cell."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner

from api.cli.commands import app
from api.projects import checked
from api.settings import Settings
from instances.generators.road_town import road_town
from instances.projects.dispatch_fields import DISPATCH_FIELDS
from instances.projects.dispatch_forms import DISPATCH_SHEETS
from instances.projects.roles import role_of_table
from instances.tables.columns import guess_columns
from instances.tables.files import Table
from models.dispatch import DispatchAnswer, DispatchRequest
from models.messages import message
from optimizer.errors import InputError
from tests.api.questions import filled_in

Row = dict[str, object]

ROWS: dict[str, tuple[Row, ...]] = {
    "队伍 Teams": (
        {"id": "near", "name": "近队", "lat": 22.70, "lon": 114.35, "skills.rescue": 6}
        | {"people": "1.2百", "zone": "a", "turnout": "2分钟", "status": "待命"},
        {"id": "boat", "lat": 22.71, "lon": 114.35, "skills.rescue": 3, "skills.drainage": 4}
        | {"mode": "boat", "amounts.pump_m3_h": 900, "status": "休整", "free_in": "10分钟"},
        {"id": "aid", "lat": 22.70, "lon": 114.36, "skills.rescue": 9, "owner": "city"}
        | {"tier": "mutual", "turnout_share": "50%", "people": 10},
    ),
    "险情 Incidents": (
        {"id": "pool", "lat": 22.701, "lon": 114.351, "kind": "waterlogging"}
        | {"waited": "5分钟", "response_level": "IV", "on_scene": "1小时"},
        {"id": "slope", "lat": 22.705, "lon": 114.355, "needs": "抢险 2"}
        | {"response_level": "二级", "full_within": "45分钟", "partial": "否"},
    ),
    "响应预案 Response plans": (
        {"incident_kind": "waterlogging", "skill": "drainage", "teams": 1, "first_due": "是"}
        | {"first_within": "40分钟", "full_within": "1小时"},
        {"incident_kind": "waterlogging", "amount_of": "pump_m3_h", "amount": 500},
    ),
    "梯队 Tiers": ({"id": "mutual", "opens_at": "III", "surcharge": "3分钟"},),
    "隶属单位 Owners": (
        {"id": "city", "release_delay": "2分钟", "needs_permission": "是", "granted": "是"},
    ),
    "出行方式 Modes": ({"id": "boat", "speed": "18公里/小时"},),
    "预备力量 Reserve": ({"zone": "a", "skill": "rescue", "teams": 1, "hard": "否"},),
    "指令 Orders": (
        {"team": "near", "incident": "slope", "order_kind": "指定", "reason": "熟悉地形"},
        {"team": "aid", "incident": "pool", "order_kind": "forbidden"},
    ),
}


def workbook(changed: dict[str, tuple[Row, ...]] | None = None, **settings: object) -> bytes:
    """Return the template with rows and settings filled in."""
    given = {"crs": "wgs84", "deadline_ms": 5000, **settings}
    return filled_in("dispatch", given, ROWS | (changed or {}))


@pytest.mark.parametrize("sheet", DISPATCH_SHEETS[:-1])
def test_every_heading_is_a_field_of_its_role(sheet: Any) -> None:
    headings = tuple(one.heading for one in sheet.columns)
    role = role_of_table(sheet.title)
    assert role is not None
    found = guess_columns(Table("t", headings, (), ()), DISPATCH_FIELDS[role])
    assert set(found.values()) == set(headings)


def test_a_workbook_runs_to_checked_orders_and_comes_back_with_them(tmp_path: Path) -> None:
    asked, out = tmp_path / "now.xlsx", tmp_path / "out"
    asked.write_bytes(workbook())
    done = CliRunner().invoke(app, ["run", str(asked), "--out", str(out), "--lang", "zh"])
    assert done.exit_code == 0, done.output
    request = DispatchRequest.model_validate_json((out / "request.json").read_text("utf-8"))
    near, boat, aid = request.teams
    assert (near.people, near.turnout_s, near.skills) == (120, 120.0, {"rescue": 6})
    assert (boat.status.value, boat.free_in_s, boat.amounts) == (
        "resting",
        600.0,
        {"pump_m3_h": 900.0},
    )
    assert (aid.turnout_share, aid.owner, aid.tier) == (0.5, "city", "mutual")
    assert request.now_s == 300.0
    assert [one.reported_s for one in request.incidents] == [0.0, 300.0]
    assert [one.level.value for one in request.incidents] == ["IV", "II"]
    assert not request.incidents[1].partial
    assert [one.model_dump()["skill"] for one in request.incidents[1].needs or ()] == ["rescue"]
    assert request.skill_names["rescue"].zh == "抢险"
    (plan,) = request.response_plans
    assert [one.kind for one in plan.needs] == ["teams", "amount"]
    assert (plan.first_within_s, plan.full_within_s) == (2400.0, 3600.0)
    assert {one.id for one in request.modes} == {"boat", "road"}
    assert request.policy.pinned[0].reason is not None
    answer = DispatchAnswer.model_validate_json((out / "plan.json").read_text("utf-8"))
    assert answer.verification is not None
    assert answer.verification.passed
    assert answer.plan is not None
    sent = {(one.team_id, one.incident_id) for one in answer.plan.orders}
    assert sent == {("near", "slope"), ("aid", "slope"), ("boat", "pool")}
    book = openpyxl.load_workbook(out / "now-answers.xlsx")
    assert {"队伍 Teams", message("table.dispatch_orders", "zh")} <= set(book.sheetnames)


def test_a_folder_with_roads_sends_teams_over_them(tmp_path: Path) -> None:
    town = tmp_path / "town"
    town.mkdir()
    files = road_town()
    for name, text in files.items():
        if not name.startswith(("demand", "sites", "stations", "project")):
            (town / name).write_text(text, encoding="utf-8")
    (town / "project.toml").write_text('kind = "dispatch"\ncrs = "wgs84"\n')
    (town / "teams.csv").write_text("id,lat,lon,skills.rescue\nt,30.0187,112.0212,5\n")
    (town / "incidents.csv").write_text("id,lat,lon,needs\ni,30.0536,112.0029,rescue 1\n")
    done = CliRunner().invoke(app, ["run", str(town), "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    request = DispatchRequest.model_validate_json((tmp_path / "out/request.json").read_text())
    assert request.modes[0].travel.kind == "roads"
    answer = DispatchAnswer.model_validate_json((tmp_path / "out/plan.json").read_text())
    assert answer.plan is not None
    assert [one.team_id for one in answer.plan.orders] == ["t"]


def test_the_service_takes_the_workbook_and_tells_every_fault_by_its_cell() -> None:
    found = checked(workbook(), Settings(), "en")
    assert (found.kind, found.process) == ("dispatch_teams", "dispatch-teams")
    assert (found.demand_points, found.sites) == (2, 3)
    place: Row = {"lat": 22.7, "lon": 114.35}
    bad = {
        "队伍 Teams": (
            {"id": "lost", "status": "asleep", **place},
            {"id": "many", "people": -3, **place},
            {"id": "ok", "skills.rescue": 2, **place},
        ),
        "险情 Incidents": (
            {"id": "x", "needs": "rescue two", **place},
            {"id": "y", "response_level": "V", **place},
            {"id": "z", "needs": "rescue 0", **place},
            {"id": "good", "needs": "rescue 1", **place},
        ),
        "出行方式 Modes": ({"id": "raft", "speed": "0公里/小时"},),
        "预备力量 Reserve": ({"zone": "a", "teams": None, "skill": "rescue"},),
        "指令 Orders": ({"team": "ok", "incident": "good", "order_kind": "perhaps"},),
    }
    told = checked(workbook(bad), Settings(), "en")
    assert [one.value for one in told.errors] == [
        *("asleep", "-3", "rescue two", "V", "rescue 0", "0公里/小时", None, "perhaps"),
    ]
    assert told.dropped == 8
    unknown = {"指令 Orders": ({"team": "ghost", "incident": "pool"},)}
    with pytest.raises(InputError, match=r"orders\[0\].team_id"):
        checked(workbook(unknown), Settings(), "en")
    with pytest.raises(InputError, match="digits"):
        checked(workbook(deadline_ms="soon"), Settings(), "en")
