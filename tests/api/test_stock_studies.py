"""Studies of a stockpile, the day of supplies and its hand-over, through the doors people use."""

import csv
import json
from functools import cache
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli.commands import app
from api.offering import check
from api.output import request_json
from api.processes import PROCESSES
from api.reports import Format, Look, made
from api.requests import parse
from api.settings import Settings
from instances.examples import EXAMPLES
from models.dispatch import DispatchRequest
from models.messages import MESSAGES
from models.stockpiles import StockAnswer, StockRequest
from models.stockpiles.day import StockDayAnswer, StockDayRequest
from models.stockpiles.lots import Lot
from models.stockpiles.scenarios import Band
from models.stockpiles.studies import Studies
from models.text import LANGUAGES
from optimizer.control import RunControl
from optimizer.dispatch.solve import solve as dispatch
from optimizer.errors import InputError
from optimizer.stockpiles.replay import replay
from optimizer.stockpiles.solve import solve
from optimizer.stockpiles.today import solve_day
from optimizer.stockpiles.verify import verify


@cache
def studied() -> tuple[StockRequest, StockAnswer]:
    smallest = EXAMPLES["minimal-stockpiles"].build()
    assert isinstance(smallest, StockRequest)
    lot = Lot(id="l", item_id="water", depot_id="store", quantity=400.0, expires_on="2030-01-01")
    request = smallest.model_copy(
        update={
            "lots": (lot,),
            "studies": Studies(
                budgets=(3000.0, 500.0),
                tiers=True,
                balance=True,
                next_money=100.0,
                target_probability=0.9,
            ),
        }
    )
    return request, solve(request, RunControl(request.limits))


@cache
def day() -> tuple[StockDayRequest, StockDayAnswer]:
    request = EXAMPLES["minimal-stock-day"].build()
    assert isinstance(request, StockDayRequest)
    return request, solve_day(request, RunControl(request.limits))


def test_every_study_that_is_asked_for_is_answered() -> None:
    _, answer = studied()
    found = answer.explanation
    assert found is not None
    assert found.left_out == ()
    assert [one.budget for one in found.curve] == [500.0, 3000.0]
    assert found.curve[0].expected_unmet > found.curve[1].expected_unmet
    assert {one.tier for one in found.tiers} == {"district", "community"}
    # A litre costs 1.2 and whatever is bought is needed: 100 money save 100 / 1.2.
    # The kit-less request has one line: 1,890 l of 9 storms in 10, of which 400 l are there.
    assert [one.without for one in found.targets] == [None]
    assert found.targets[0].point is not None
    assert found.targets[0].tried < found.targets[0].point.budget <= 12_000.0
    assert found.targets[0].point.meets_target >= 0.9
    assert found.next_money is not None
    assert found.next_money.saved == pytest.approx(100.0 / 1.2)
    assert sum(one.quantity for one in found.next_money.buys) == pytest.approx(100.0 / 1.2)
    assert found.balance is not None
    assert found.balance.actual >= found.balance.best


def test_what_was_not_asked_for_is_not_studied() -> None:
    request, _ = studied()
    bare = request.model_copy(update={"studies": Studies()})
    found = solve(bare, RunControl(bare.limits)).explanation
    assert found is not None
    assert (found.curve, found.tiers, found.balance, found.next_money) == ((), (), None, None)


def test_the_report_tells_the_studies_in_both_languages() -> None:
    request, answer = studied()
    for n, language in enumerate(LANGUAGES):
        page = str(made(request, answer, Format.HTML, Look(language)))
        for table in ("stock_curve", "stock_tiers", "stock_next", "stock_targets"):
            assert MESSAGES[f"table.{table}"][n] in page


def test_the_command_line_studies_and_hands_over(tmp_path: Path) -> None:
    asked, out, orders = (tmp_path / name for name in ("a.json", "b.json", "c.json"))
    asked.write_text(request_json(EXAMPLES["minimal-stockpiles"].build()), encoding="utf-8")
    call = ["stockpiles", "study", str(asked), "--budget", "500", "--out", str(out)]
    done = CliRunner().invoke(app, call)
    assert done.exit_code == 0, done.output
    assert json.loads(out.read_text())["explanation"]["curve"][0]["budget"] == 500.0
    call = ["stockpiles", "flows", str(asked), str(out), "--out", str(orders), "--scenario"]
    done = CliRunner().invoke(app, [*call, "flood"])
    assert done.exit_code == 0, done.output
    lines = list(csv.DictReader(orders.read_text(encoding="utf-8-sig").splitlines()))
    sent = StockAnswer.model_validate_json(out.read_text()).plan
    assert sent is not None
    (flood,) = (one for one in sent.deliveries if one.scenario_id == "flood")
    assert sum(float(one["Quantity"]) for one in lines) == pytest.approx(sum(flood.quantity))
    assert {one["travel_method"] for one in lines} == {"straight_line"}
    assert CliRunner().invoke(app, [*call, "nowhere"]).exit_code == 2
    asked.write_text(request_json(day()[0]), encoding="utf-8")
    refused = CliRunner().invoke(app, ["stockpiles", "study", str(asked)])
    assert refused.exit_code == 2
    out.write_text(day()[1].model_dump_json(), encoding="utf-8")
    done = CliRunner().invoke(
        app, ["stockpiles", "hand-over", str(asked), str(out), "--out", str(orders)]
    )
    assert done.exit_code == 0, done.output
    assert json.loads(orders.read_text())["kind"] == "dispatch_teams"
    done = CliRunner().invoke(
        app, ["stockpiles", "orders", str(asked), str(out), "--out", str(orders)]
    )
    assert done.exit_code == 0, done.output
    lines = list(csv.DictReader(orders.read_text(encoding="utf-8-sig").splitlines()))
    plan = day()[1].plan
    assert plan is not None
    assert len({one["vehicle"] for one in lines}) == len(plan.trips)
    assert sum(float(one["quantity"]) for one in lines) == pytest.approx(
        sum(plan.deliveries[0].quantity)
    )


def test_loads_are_fetched_by_the_last_moment_that_still_arrives() -> None:
    request, answer = day()
    assert answer.plan is not None
    sent = answer.plan.deliveries[0]
    assert isinstance(answer.dispatch, DispatchRequest)
    loads = [one.needs[0].amount for one in answer.dispatch.incidents if one.needs]
    assert sum(loads) == pytest.approx(1.05 * sum(sent.quantity))
    for one in answer.dispatch.incidents:
        assert one.full_within_s is not None
        back_and_forth = one.on_scene_s
        assert one.full_within_s + back_and_forth / 2.0 == pytest.approx(10_800.0)
    ordered = dispatch(answer.dispatch, RunControl(answer.dispatch.limits))
    assert ordered.plan is not None
    assert {one.team_id for one in ordered.plan.orders} == {one.id for one in request.vehicles}
    no_vehicles = request.model_copy(update={"vehicles": ()})
    assert solve_day(no_vehicles, RunControl(request.limits)).dispatch is None


def test_the_day_is_verified_and_a_day_that_sends_too_much_is_refused() -> None:
    request, answer = day()
    assert answer.verification is not None
    assert answer.verification.passed
    assert answer.run.levels[0].gap == 0.0
    assert answer.plan is not None
    sent = answer.plan.deliveries[0]
    more = sent.model_copy(update={"quantity": tuple(3.0 * one for one in sent.quantity)})
    plan = answer.plan.model_copy(update={"deliveries": (more,)})
    failed = {one.rule for one in verify(request.asked, plan).failed}
    assert {"deliveries.stock", "deliveries.needed"} <= failed


def test_a_day_of_several_bands_refills_and_is_told_in_both_languages() -> None:
    request, _ = day()
    tiers = request.stockpiles.tiers
    stock = request.stockpiles.model_copy(
        update={
            "tiers": (tiers[0].model_copy(update={"refills": ("community",)}), tiers[1]),
            "bands": (Band(id="3h", end_s=10_800.0), Band(id="12h", end_s=43_200.0)),
        }
    )
    for vehicles in ((), request.vehicles):
        wide = request.model_copy(update={"stockpiles": stock, "vehicles": vehicles})
        answer = solve_day(wide, RunControl(wide.limits))
        assert answer.plan is not None
        for language in LANGUAGES:
            for form in (Format.TEXT, Format.CSV, Format.HTML):
                assert "north" in str(made(wide, answer, form, Look(language)))
            page = str(made(wide, answer, Format.HTML, Look(language)))
            assert ("lorry-1/1" in page) == bool(vehicles)


def test_faults_of_the_day_name_their_part_of_the_request() -> None:
    request, _ = day()
    today = request.today.model_copy(update={"affected": {"nowhere": 0.5}})
    empty = request.vehicles[0].model_copy(update={"amounts": {}})
    wrong = request.model_copy(update={"today": today, "vehicles": (empty, empty)})
    inputs = parse(json.dumps({"request": json.loads(request_json(wrong))}).encode())
    task = PROCESSES["send-supplies"].read(inputs, Settings())
    with pytest.raises(InputError) as caught:
        check(task, 60.0)
    paths = {one.path for one in caught.value.faults}
    assert paths == {
        f"request.{one}"
        for one in (
            "today.affected.nowhere",
            "vehicles[1].id",
            "vehicles[0].amounts",
            "vehicles[1].amounts",
        )
    }


def test_a_run_is_replayed_to_the_byte_and_one_from_another_plan_promises_nothing() -> None:
    request, answer = studied()
    record = answer.run.record
    assert record is not None
    assert record.replayable
    again = replay(request, record)
    assert again.plan is not None
    assert answer.plan is not None
    assert again.plan.model_dump_json() == answer.plan.model_dump_json()
    bare = request.model_copy(update={"studies": Studies()})
    unsure = solve(bare, RunControl(bare.limits), start=answer.plan).run.record
    assert unsure is not None
    assert not unsure.replayable
    with pytest.raises(InputError):
        replay(bare, unsure)
