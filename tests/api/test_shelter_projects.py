"""Shelters through the planners' doors: a workbook, a folder with hazards, reports, map."""

import io
import json
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from typer.testing import CliRunner

from api.cli.commands import app
from api.projects import checked, marked
from api.settings import Settings
from instances.generators.road_town import road_town
from instances.projects import import_project
from models.messages import message
from models.shelters import ShelterAnswer, ShelterRequest
from optimizer.errors import InputError
from tests.api.questions import filled_in

ROWS: dict[str, tuple[dict[str, object], ...]] = {
    "需求 Demand": (
        {"id": "west", "lat": 22.692, "lon": 114.346, "residents": 400, "weights.bedridden": 6},
        {"id": "east", "lat": 22.692, "lon": 114.352, "residents": "0.3千", "weights.aged": 40},
    ),
    "转移人员 People to move": (
        {
            "id": "slope",
            "lat": 22.6925,
            "lon": 114.3465,
            "listed_kind": "边坡",
            "residents": 24,
            "within": "west",
            "in_scenarios": "flood",
        },
    ),
    "场所 Sites": (
        {"id": "school", "lat": 22.6922, "lon": 114.3462, "setting": "室内", "places": 60}
        | {"state": "现有", "accessible": "是", "facilities": "供水；厕所"},
        {"id": "hall", "lat": 22.6921, "lon": 114.3518, "setting": "indoor", "places": 90}
        | {"state": "候选", "cost": "80万元", "effective_area_m2": "180平方米"},
        {"id": "pit", "lat": 22.6918, "lon": 114.3522, "setting": "室内", "places": 500}
        | {"cost": "1万元"},
    ),
    "出入口 Entrances": (
        {"id": "gate", "lat": 22.6925, "lon": 114.3512, "of_site": "hall"},
        {"id": "back", "lat": 22.6917, "lon": 114.3524, "of_site": "hall"},
    ),
    "场所类别 Classes": (
        {"id": "fixed", "of_site": "school；hall", "places": 200, "cost": "30万元"}
        | {"facilities": "供水；厕所；厨房", "run_cost": "1万元"},
    ),
    "分期 Stages": (
        {"id": "2027", "stage_budget": "60万元"},
        {"id": "2028", "stage_budget": 400_000},
    ),
    "人群 Groups": (
        {
            "id": "aged",
            "name": "70岁以上",
            "walking_speed": "0.8米/秒",
            "group_walk_limit_m": 500,
        },
        {
            "id": "bedridden",
            "name": "卧床",
            "fetched": "是",
            "seats": 2,
            "needs_facilities": "供水",
        },
    ),
    "情景 Scenarios": (
        {"id": "storm", "probability": 0.7, "leave_share": "10%", "settings": "室内"},
        {"id": "flood", "probability": 0.3, "leave_share": 0.2, "lost_sites": "pit"},
    ),
    "车辆 Fleet": (
        {"id": "van", "vehicle_count": 1, "seats": 4, "ready_s": "10分钟", "boarding_s": "30分钟"},
    ),
}


def workbook(**settings: object) -> bytes:
    """Return the template with rows and settings filled in."""
    given = {"crs": "wgs84", "budget": 1_000_000, "fetch_deadline_s": 3600, **settings}
    return filled_in("shelters", given, ROWS)


def test_a_workbook_runs_to_a_checked_plan_and_comes_back_with_it(tmp_path: Path) -> None:
    asked, out = tmp_path / "shelters.xlsx", tmp_path / "out"
    asked.write_bytes(workbook())
    done = CliRunner().invoke(app, ["run", str(asked), "--out", str(out), "--lang", "zh"])
    assert done.exit_code == 0, done.output
    request = ShelterRequest.model_validate_json((out / "request.json").read_text("utf-8"))
    assert [site.existing for site in request.sites] == [True, False, False]
    assert request.sites[1].effective_area_m2 == 180.0
    assert request.sites[1].open_cost == 800_000.0
    assert request.blocks[1].weights["residents"] == 300.0
    assert request.blocks[2].listed is not None
    assert request.fleet is not None
    assert [len(site.entrance_points) for site in request.sites] == [0, 2, 0]
    assert [[one.id for one in site.classes] for site in request.sites] == [["fixed"]] * 2 + [[]]
    assert request.sites[1].classes[0].facilities == ("供水", "厕所", "厨房")
    assert [one.budget for one in request.rules.stages] == [600_000.0, 400_000.0]
    assert request.groups[1].needs_facilities == ("供水",)
    assert (request.fleet.vehicles[0].ready_s, request.fleet.deadline_s) == (600.0, 3600.0)
    answer = ShelterAnswer.model_validate_json((out / "plan.json").read_text("utf-8"))
    assert answer.verification is not None
    assert answer.verification.passed
    assert answer.plan is not None
    assert answer.plan.figures is not None
    # Storm: 30 of west and 34 of east walk; flood: 24 listed and a fifth of the others of west.
    assert [one.leaving for one in answer.plan.figures.scenarios] == pytest.approx(
        [40 + 0.6 + 30 + 4, 24 + 0.2 * 376 + 1.2 + 60 + 8]
    )
    went = {(one.scenario_id, one.site_id) for one in answer.plan.assignments}
    assert ("storm", "school") in went
    assert ("flood", "pit") not in went
    book = openpyxl.load_workbook(out / "shelters-answers.xlsx")
    assert {"需求 Demand", message("table.shelters", "zh")} <= set(book.sheetnames)
    assert message("table.shelter_shuttles", "en") in (out / "report-en.html").read_text("utf-8")
    features = json.loads((out / "map.geojson").read_text())["features"]
    layers = {one["properties"]["layer"] for one in features}
    assert {"blocks", "shelters", "walks", "rides"} <= layers


def test_the_service_takes_the_same_workbook_and_marks_what_is_wrong() -> None:
    found = checked(workbook(), Settings(), "en")
    assert (found.kind, found.process) == ("shelters", "site-shelters")
    assert (found.demand_points, found.sites) == (3, 3)
    book = openpyxl.load_workbook(io.BytesIO(workbook()))
    book["场所 Sites"].cell(4, 5).value = "水上"
    bad = io.BytesIO()
    book.save(bad)
    told = checked(bad.getvalue(), Settings(), "en")
    assert told.dropped == 1, told.errors
    assert [one.value for one in told.errors] == ["水上"]
    assert openpyxl.load_workbook(io.BytesIO(marked(bad.getvalue(), "en"))).sheetnames[
        0
    ] == message("project.faults_sheet", "en")
    with pytest.raises(InputError):
        checked(workbook(budget="much"), Settings(), "en")


AREA = [[114.351, 22.69], [114.354, 22.69], [114.354, 22.693], [114.351, 22.693], [114.351, 22.69]]


def folder(path: Path, **more: str) -> Path:
    files = {
        "project.toml": 'kind = "shelters"\ncrs = "wgs84"\nwalk_limit_m = 900\n',
        "demand.csv": "id,lat,lon,residents,weights.aged\na,22.70,114.35,500,40\n",
        "sites.csv": (
            "id,lat,lon,室内外,容纳人数\ns,22.70,114.351,室内,80\nt,22.692,114.352,室外,400\n"
        ),
        "scenarios.csv": "id,概率,疏散比例,分阶段\nquake,1,0.2,\nflood,1,0.1,gb51143\n",
        "hazard_areas.geojson": json.dumps(
            {
                "type": "FeatureCollection",
                "features": [
                    {
                        "type": "Feature",
                        "properties": {"kind": "flood", "scenarios": "flood"},
                        "geometry": {"type": "Polygon", "coordinates": [AREA]},
                    }
                ],
            }
        ),
        **more,
    }
    for name, text in files.items():
        (path / name).write_text(text, encoding="utf-8")
    return path


def test_a_folder_brings_its_hazards_to_their_scenarios(tmp_path: Path) -> None:
    found = import_project(folder(tmp_path))
    assert found.faults == ()
    assert found.request is not None
    request = ShelterRequest.model_validate(found.request)
    quake, flood = request.scenarios
    assert quake.hazards == ()
    assert [one.kind for one in flood.hazards] == ["flood"]
    assert [phase.id for phase in flood.phases] == ["emergency", "short", "medium", "long"]
    assert any("GB 51143" in one.source for one in request.assumptions)
    assert request.rules.walk_limit_m == 900.0


def test_a_folder_with_bad_rows_goes_on_without_them(tmp_path: Path) -> None:
    sites = (
        "id,lat,lon,室内外,容纳人数\n"
        "s,22.70,114.351,室内,80\nt,22.692,114.352,,400\nu,22.7,114.35,室外,\n"
    )
    found = import_project(folder(tmp_path, **{"sites.csv": sites}))
    assert len(found.faults) == 2
    assert found.request is not None
    assert [site["id"] for site in found.request["sites"]] == ["s"]


def test_entrances_and_classes_of_no_site_are_refused(tmp_path: Path) -> None:
    more = {
        "出入口.csv": "所属场所,lat,lon\ns,22.70,114.3511\nx,22.70,114.35\n",
        "classes.csv": "id,所属场所,容纳人数\nfixed,s,200\nfixed,s,300\nfixed,t,\n",
        "分期.csv": "id,分期预算\nfirst,\n",
    }
    found = import_project(folder(tmp_path, **more))
    assert {(one.path, one.need.code) for one in found.faults} == {
        ("出入口.csv:3:所属场所", "table.need.site"),
        ("classes.csv:3:id", "table.need.unique"),
        ("classes.csv:4:容纳人数", "fault.shelters.size"),
        ("分期.csv:2:分期预算", "table.need.value"),
    }


@pytest.mark.slow
def test_people_walk_along_the_roads_of_a_folder(tmp_path: Path) -> None:
    asked = tmp_path / "project"
    asked.mkdir()
    folder(
        asked,
        **{
            "demand.csv": "id,lat,lon,residents\na,30.010,112.010,300\nb,30.014,112.016,200\n",
            "sites.csv": "id,lat,lon,室内外,容纳人数\ns,30.012,112.013,室内,80\n",
            "scenarios.csv": "id,概率,疏散比例\nquake,1,0.1\n",
            "hazard_areas.geojson": "",
            "roads.geojson": road_town(size=8)["roads.geojson"],
            "project.toml": 'kind = "shelters"\ncrs = "wgs84"\nwalk_limit_m = 3000\n',
        },
    )
    (asked / "hazard_areas.geojson").unlink()
    out = tmp_path / "out"
    done = CliRunner().invoke(app, ["run", str(asked), "--out", str(out)])
    assert done.exit_code == 0, done.output
    answer = ShelterAnswer.model_validate_json((out / "plan.json").read_text("utf-8"))
    assert answer.plan is not None
    assert {one.block_id for one in answer.plan.routes} == {"a", "b"}
    walks = {one.block_id: one.walk_m for one in answer.plan.assignments}
    for route in answer.plan.routes:
        steps = np.diff(np.radians(route.lon_lat), axis=0) * [np.cos(np.radians(30.01)), 1.0]
        assert 6.371e6 * np.hypot(*steps.T).sum() == pytest.approx(walks[route.block_id], rel=0.02)
    features = json.loads((out / "map.geojson").read_text())["features"]
    drawn = [one for one in features if one["properties"]["layer"] == "walks"]
    assert all(one["properties"]["along_roads"] for one in drawn)
    assert max(len(one["geometry"]["coordinates"]) for one in drawn) > 2
