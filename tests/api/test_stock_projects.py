"""Stockpiles through the planners' doors: a workbook with a list of scenarios, faults by cell."""

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from api.cli.commands import app
from api.projects import checked
from api.settings import Settings
from instances.projects import import_project
from instances.projects.roles import role_of_table
from instances.projects.stock_fields import STOCK_FIELDS
from instances.projects.stock_forms import STOCK_SHEETS
from instances.tables.columns import guess_columns
from instances.tables.files import Table
from models.stockpiles import StockAnswer, StockRequest
from models.stockpiles.nodes import DepotVehicles
from models.stockpiles.rules import ChanceTarget, GiniLimit
from tests.api.questions import filled_in

Row = dict[str, object]

ROWS: dict[str, tuple[Row, ...]] = {
    "需求 Demand": (
        {"id": "n", "name": "北块", "lat": 22.72, "lon": 114.36, "residents": "9百"}
        | {"subdistrict": "坑梓街道", "area": "北社区", "kit_free": "10%"},
        {"id": "s", "lat": 22.68, "lon": 114.34, "residents": 1500, "area": "南社区"},
    ),
    "仓库 Sites": (
        {"id": "depot", "name": "区库", "lat": 22.70, "lon": 114.35, "tier": "区级", "volume": 3}
        | {"floor_load": "20吨", "yearly_cost": "1万元", "vehicle_count": 2}
        | {"vehicle_load": "4吨", "vehicle_loading": "15分钟"},
        {"id": "store", "lat": 22.68, "lon": 114.34, "tier": "low", "volume": 1, "area": "南社区"},
    ),
    "储备层级 Tiers": (
        {"id": "top", "name": "区级", "dispatch_after": "30分钟", "refills": "low"},
        {"id": "low", "dispatch_after": "10分钟", "reach": "10分钟", "may_hold": "饮用水"},
    ),
    "物资 Items": (
        {"id": "water", "name": "饮用水", "unit_volume": 0.0013, "unit_mass": "1千克"}
        | {"price": "1.2元", "shelf_life": 540, "per_person_day": 3, "per_kit": 3},
        {"id": "pump", "unit_volume": 0.5, "price": 3000, "driver": "flood_point", "per_driver": 1}
        | {"substitutes": "饮用水 9000"},
        {"id": "box", "name": "应急箱", "unit_volume": 0.01, "price": "9元", "shelf_life": 540}
        | {"contents": "饮用水 × 6；pump*0.01", "packs": "托盘 × 48"},
    ),
    "最低储备 Minimums": ({"tier": "区级", "item": "饮用水", "least": 100},),
    "批次 Lots": (
        {"id": "l1", "item": "water", "depot": "区库", "quantity": 200, "expires": "2030年5月1日"},
        {"item": "饮用水", "depot": "store"},
    ),
    "情景 Scenarios": (
        {"id": "storm", "name": "台风", "probability": 0.8, "affected": "20%", "slower": 1.5},
        {"id": "flood", "probability": 0.2, "duration_days": 2},
        {"id": "unseen", "affected": "30%", "held_out": "是"},
    ),
    "情景影响 Effects": (
        {"scenario": "台风", "where": "store", "lost": "50%"},
        {"scenario": "flood", "where": "北块", "affected_people": 450},
        {"scenario": "flood", "where": "s", "driver": "flood_point", "count": 2},
        {"scenario": "flood", "where": "南社区", "slower": 3},
        {"scenario": "flood", "where": "北社区", "cut_off": "是"},
    ),
    "区域 Areas": ({"id": "坑梓街道"}, {"id": "北社区", "parent": "坑梓街道"}, {"id": "南社区"}),
}
SETTINGS = {"crs": "wgs84", "budget": "1万元", "kit_tier": "low", "kit_cost": 5, "name": "试点"}


def workbook(changed: dict[str, tuple[Row, ...]] | None = None) -> bytes:
    """Return the template with rows and settings filled in."""
    return filled_in("stockpiles", SETTINGS, ROWS | (changed or {}))


@pytest.mark.parametrize("sheet", STOCK_SHEETS[:-1])
def test_every_heading_is_a_field_of_its_role(sheet: Any) -> None:
    headings = tuple(one.heading for one in sheet.columns)
    role = role_of_table(sheet.title)
    assert role is not None
    found = guess_columns(Table("t", headings, (), ()), STOCK_FIELDS[role])
    assert set(found.values()) == set(headings)


def test_a_workbook_with_a_list_of_scenarios_runs_to_a_checked_plan(tmp_path: Path) -> None:
    asked, out = tmp_path / "stock.xlsx", tmp_path / "out"
    asked.write_bytes(workbook())
    done = CliRunner().invoke(app, ["run", str(asked), "--out", str(out), "--lang", "zh"])
    assert done.exit_code == 0, done.output
    request = StockRequest.model_validate_json((out / "request.json").read_text("utf-8"))
    storm, flood = request.scenarios
    assert (storm.weight, storm.slower, storm.affected) == (0.8, 1.5, {"n": 0.2, "s": 0.2})
    assert storm.surviving_share == {"store": 0.5}
    assert (flood.affected, flood.duration_days) == ({"n": 0.5}, 2.0)
    assert flood.counts == {"flood_point": {"s": 2.0}}
    assert (flood.slower_by_area, flood.cut_off) == ({"南社区": 3.0}, ("北社区",))
    assert [one.id for one in request.held_out] == ["unseen"]
    assert [one.dispatch_s for one in request.tiers] == [1800.0, 600.0]
    assert (request.tiers[0].refills, request.tiers[1].may_hold) == (("low",), ("water",))
    water, pump, box = request.items
    assert (box.contents, pump.substitutes) == ({"water": 6.0, "pump": 0.01}, {"water": 9000.0})
    assert [(one.id, one.holds) for one in box.packs] == [("托盘", 48.0)]
    assert (water.price, water.weight_kg, water.needs[0].per_day) == (1.2, 1.0, True)
    assert (pump.needs[0].driver, pump.needs[0].quantity) == ("flood_point", 1.0)
    known, unknown = request.lots
    assert (known.depot_id, known.quantity, str(known.expires_on)) == ("depot", 200.0, "2030-05-01")
    assert (unknown.quantity, unknown.expires_on) == (None, None)
    assert request.households is not None
    assert request.households.kit == {"water": 3.0}
    assert request.households.free_share_by_block == {"n": 0.1}
    assert (request.rules.budget, request.rules.minimums[0].tier) == (10_000.0, "top")
    assert request.depots[0].weight_kg == 20_000.0
    assert request.depots[0].vehicles == DepotVehicles(count=2, load_kg=4000.0, loading_s=900.0)
    assert request.depots[1].vehicles is None
    answer = StockAnswer.model_validate_json((out / "plan.json").read_text("utf-8"))
    assert answer.verification is not None
    assert answer.verification.passed
    assert answer.explanation is not None
    assert answer.explanation.out_of_sample is not None


def test_a_wrong_list_of_contents_is_a_fault_of_its_cell() -> None:
    items = list(ROWS["物资 Items"])
    items[2:] = [
        items[2] | {"contents": "饮用水"},
        items[2] | {"id": "b2", "contents": "黄金 × 2"},
        items[2] | {"id": "b3", "contents": "", "packs": "托盘 × 0"},
    ]
    told = checked(workbook({"物资 Items": tuple(items)}), Settings(), "en")
    assert [one.path.rpartition("!")[2] for one in told.errors] == ["J9", "K7", "K8"]


def test_every_wrong_effect_is_a_fault_of_its_cell() -> None:
    wrong: tuple[Row, ...] = (
        {"scenario": "storm", "where": "北块", "affected_people": 9000},
        {"scenario": "storm", "where": "depot", "affected": "10%"},
        {"scenario": "storm", "where": "n", "cut_off": "是"},
        {"scenario": "nowhere", "where": "n", "affected": "10%"},
        {"scenario": "storm", "where": "n", "count": 3},
        {"scenario": "storm", "where": "南社区", "slower": 0.5},
    )
    told = checked(workbook({"情景影响 Effects": wrong}), Settings(), "en")
    cells = [one.path.rpartition("!")[2] for one in told.errors]
    assert cells == ["D5", "C6", "G7", "A8", "I9", "F10"]
    assert told.dropped == len(wrong)
    assert (told.kind, told.demand_points, told.sites) == ("stockpiles", 2, 2)


def test_sizes_agreements_bands_and_rules_come_from_the_workbook_too(tmp_path: Path) -> None:
    more: dict[str, tuple[Row, ...]] = {
        "仓库规模 Sizes": (
            {"depot": "区库", "size": "大", "volume": 500, "capital_cost": "180万元"}
            | {"life_years": 25, "yearly_cost": "2万元", "handling": 40},
        ),
        "协议储备 Contracts": (
            {"id": "firm", "name": "水厂", "lat": 22.71, "lon": 114.35, "tier": "区级"}
            | {"item": "饮用水", "most": 900, "lead_time": "2小时", "fee": "0.1元"}
            | {"kind": "产能 capacity", "area": "南社区"},
        ),
        "时段 Bands": (
            {"id": "late", "end": "12小时", "supply_days": 2},
            {"id": "early", "end": "3小时", "supply_days": 1, "band_weight": 2},
        ),
        "批次 Lots": (
            {"id": "l1", "item": "box", "depot": "区库", "quantity": 2, "quantity_most": 3}
            | {"unit": "托盘", "expires": "2030-05-01", "expires_last": "2030-06-01"},
            {"id": "l2", "item": "water", "depot": "区库", "quantity_most": 80},
        ),
        "情景影响 Effects": ({"scenario": "storm", "where": "水厂", "lost": "50%"},),
    }
    settings = {"max_built": 1, "gini": 0.4, "chance_risk": 0.2, "deadline_s": 10_800}
    asked = tmp_path / "stock.xlsx"
    asked.write_bytes(filled_in("stockpiles", SETTINGS | settings, ROWS | more))
    imported = import_project(asked)
    assert imported.faults == ()
    request = StockRequest.model_validate(imported.request)
    (size,) = request.depots[0].sizes
    assert (size.id, size.capital_cost, size.life_years) == ("大", 1_800_000.0, 25.0)
    (firm,) = request.contracts
    assert (firm.kind, firm.tier, firm.item_id, firm.area) == ("capacity", "top", "water", "南社区")
    assert (firm.most, firm.lead_time_s, firm.fee) == (900.0, 7200.0, 0.1)
    assert [(one.id, one.end_s, one.weight) for one in request.bands] == [
        ("early", 10_800.0, 2.0),
        ("late", 43_200.0, 1.0),
    ]
    first, second = request.lots
    assert first.quantity_between == (96.0, 144.0)
    assert [str(one) for one in first.expires_between or ()] == ["2030-05-01", "2030-06-01"]
    assert second.quantity_between == (0.0, 80.0)
    assert request.rules.max_built == 1
    assert request.rules.gini == GiniLimit(most=0.4, level="block")
    assert request.rules.chance == ChanceTarget(risk=0.2)
    assert request.scenarios[0].surviving_share == {"firm": 0.5}


def test_wrong_sizes_agreements_and_units_are_faults_of_their_cells() -> None:
    wrong: dict[str, tuple[Row, ...]] = {
        "仓库规模 Sizes": ({"depot": "月球", "size": "大", "volume": 500},),
        "协议储备 Contracts": (
            {"id": "firm", "lat": 22.71, "lon": 114.35, "tier": "区级", "item": "饮用水"}
            | {"most": 900, "lead_time": "2小时", "fee": "0.1元", "kind": "借用"},
        ),
        "时段 Bands": ({"id": "b", "end": "很快"},),
        "批次 Lots": ({"item": "box", "depot": "区库", "quantity": 2, "unit": "桶"},),
    }
    told = checked(workbook(wrong), Settings(), "en")
    cells = [one.path.rpartition("]")[2].rpartition("!")[2] for one in told.errors]
    assert sorted(cells) == ["A4", "B6", "E3", "F3"]
