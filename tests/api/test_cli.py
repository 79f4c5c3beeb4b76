"""The command line as a real process: answers, exit codes, and what bad input gets."""

import json
import signal
import subprocess
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import highspy
import numpy as np
import pytest
from typer.testing import CliRunner

from api.cli.commands import app
from tests.api.doors import COMMAND, Muster, environment, long, tiny

Change = dict[str, Any]


def test_examples_are_listed_by_name_first_and_printed_as_requests() -> None:
    names = [line.split()[0] for line in inside("examples").stdout.decode().splitlines()]
    assert "pingshan-fire-stations" in names
    printed = json.loads(inside("example", "minimal").stdout)
    assert printed["schema_version"] == "1.0"
    assert printed["new_stations"] == {"city": {"min": 1, "max": 1}}


def test_an_example_can_be_solved_verified_and_reported(muster: Muster, tmp_path: Path) -> None:
    muster("example", "minimal", "--out", "request.json")
    solved = muster("solve", "request.json", "--out", "plan.json", "--time-limit", "20")
    assert solved.returncode == 0, solved.stderr
    assert muster("verify", "request.json", "plan.json").returncode == 0
    request, plan = str(tmp_path / "request.json"), str(tmp_path / "plan.json")
    for name in ("report.html", "summary.txt", "map.geojson"):
        report = inside("report", request, plan, "--out", str(tmp_path / name), "--lang", "zh")
        assert report.returncode == 0, report.stderr
        assert (tmp_path / name).stat().st_size > 100


def test_json_is_the_answer_alone_and_the_same_as_the_file(
    muster: Muster, request_file: Path, tmp_path: Path
) -> None:
    solved = muster("solve", request_file, "--json", "--out", "plan.json")
    assert json.loads(solved.stdout)["run"]["status"] == "optimal"
    assert solved.stdout == (tmp_path / "plan.json").read_bytes()


def test_no_plan_is_an_answer(muster: Muster, request_file: Path) -> None:
    budget = {"rules": {"capital_budget": 0}}
    request_file.write_text(json.dumps(tiny() | budget), encoding="utf-8")
    solved = muster("solve", request_file, "--json")
    assert solved.returncode == 0, solved.stderr
    assert json.loads(solved.stdout)["run"]["status"] == "infeasible"


def test_limits_on_the_command_line_stand_above_those_of_the_request(
    muster: Muster, request_file: Path
) -> None:
    solved = muster("solve", request_file, "--json", "--seed", "7", "--backend", "mathopt")
    record = json.loads(solved.stdout)["run"]["record"]
    assert (record["seed"], record["backend"]) == (7, "mathopt")


def test_a_plan_that_breaks_a_rule_fails_its_verification(
    muster: Muster, request_file: Path, tmp_path: Path
) -> None:
    plan = {"stations": [{"site_id": "s0", "class_id": "city"}]}
    (tmp_path / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    verified = muster("verify", request_file, "plan.json", "--json")
    assert verified.returncode == 1
    failed = [one for one in json.loads(verified.stdout)["checks"] if not one["passed"]]
    assert {one["rule"] for one in failed} == {"new_stations"}


def test_answers_are_compared_side_by_side(
    muster: Muster, request_file: Path, tmp_path: Path
) -> None:
    muster("solve", request_file, "--out", "a.json")
    (tmp_path / "b.json").write_bytes((tmp_path / "a.json").read_bytes())
    compared = muster("compare", "a.json", "b.json", "--request", request_file)
    assert compared.returncode == 0, compared.stderr
    assert b"b.json" in compared.stdout


def test_a_solve_may_start_from_an_earlier_plan(muster: Muster, request_file: Path) -> None:
    first = muster("solve", request_file, "--out", "plan.json", "--json")
    again = muster("solve", request_file, "--warm-from", "plan.json", "--json")
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout)["plan"] == json.loads(first.stdout)["plan"]


def test_a_proposal_gets_its_figures_and_its_distance_from_the_best(
    muster: Muster, request_file: Path, tmp_path: Path
) -> None:
    muster("solve", request_file, "--out", "plan.json")
    best = ["--against", str(tmp_path / "plan.json"), "--json"]
    found = inside("evaluate", str(request_file), "--open", "s0:city,s1:city", *best)
    assert found.returncode == 0, found.stderr
    answer = json.loads(found.stdout)
    first = answer["run"]["levels"][0]
    assert first["objective"] == answer["plan"]["objective_values"][0]
    assert 0 < first["objective"] < first["bound"]


def test_a_proposal_that_breaks_a_rule_says_which(request_file: Path) -> None:
    found = inside("evaluate", str(request_file), "--open", "s0:city")
    assert found.returncode == 1
    told = found.stdout.decode()
    assert "✗ new_stations" in told
    assert "a proposal, breaks rules" in told.splitlines()[0]
    assert "neither a plan nor a proof" not in told
    assert "ended by proof" not in told


@pytest.mark.parametrize("asked", [[], ["--open", "s0"], ["--open", ","]])
def test_a_proposal_that_names_no_stations_is_refused(request_file: Path, asked: list[str]) -> None:
    assert inside("evaluate", str(request_file), *asked).returncode == 2


def test_a_bare_plan_can_be_reported(request_file: Path, tmp_path: Path) -> None:
    plan = {"stations": [{"site_id": f"s{j}", "class_id": "city"} for j in (0, 2)]}
    (tmp_path / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    asked = ["report", str(request_file), str(tmp_path / "plan.json"), "--format", "text"]
    told = inside(*asked).stdout.decode()
    assert "s2" in told
    assert "a proposal, keeps every rule" in told.splitlines()[0]


def test_a_run_is_replayed_to_the_same_plan_crews_years_and_all(
    muster: Muster, tmp_path: Path
) -> None:
    years = [{"year": 2027 + k, "capital_budget": 60_000_000} for k in range(2)]
    crews = {"people_at_hand": 60, "people_hired_max": 20}
    (tmp_path / "request.json").write_text(
        json.dumps(tiny() | {"staffing": crews, "staging": {"years": years}}), encoding="utf-8"
    )
    muster("solve", "request.json", "--out", "plan.json")
    answer = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))
    assert answer["plan"]["staffing"]["levels"]
    assert answer["plan"]["staging"]["years"]
    replayed = muster("replay", "request.json", "plan.json")
    assert replayed.returncode == 0, replayed.stderr
    assert b"byte for byte" in replayed.stderr

    answer["plan"]["staffing"]["hired_people"] += 1
    (tmp_path / "plan.json").write_text(json.dumps(answer), encoding="utf-8")
    assert muster("replay", "request.json", "plan.json").returncode == 1


def test_every_level_is_exported_as_a_file_other_solvers_read(
    muster: Muster, request_file: Path, tmp_path: Path
) -> None:
    muster("solve", request_file, "--out", "plan.json")
    plan, folder = str(tmp_path / "plan.json"), tmp_path / "programs"
    for ending in ("mps", "lp"):
        asked = ["--plan", plan, "--format", ending, "--out", str(folder)]
        assert inside("export", str(request_file), *asked).returncode == 0
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        f"request-level-{level}.{ending}" for level in (1, 2, 3, 4) for ending in ("mps", "lp")
    )
    highs = highspy.Highs()
    highs.silent()
    highs.readModel(str(folder / "request-level-1.mps"))
    highs.run()
    levels = json.loads((tmp_path / "plan.json").read_bytes())["run"]["levels"]
    assert highs.getInfo().objective_function_value == pytest.approx(levels[0]["objective"])


def test_an_answer_to_another_request_is_not_exported(muster: Muster, request_file: Path) -> None:
    muster("solve", request_file, "--out", "plan.json")
    request_file.write_text(json.dumps(tiny() | {"new_stations": 1}), encoding="utf-8")
    plan = str(request_file.parent / "plan.json")
    assert inside("export", str(request_file), "--plan", plan).returncode == 2


BAD_BYTES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "empty"),
    "gbk": ('{"name": "坪山区消防站"}'.encode("gbk"), "GBK"),
    "deep": (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "100000 deep"),
    "no json": (b"{'a': 1}", "line 1, column 2"),
    "no object": (b"[]", "object"),
}


def points(**change: Any) -> Change:
    return {"demand_points": [tiny()["demand_points"][0] | change]}


BAD_FIELDS: dict[str, tuple[Change, list[str]]] = {
    "unknown field": ({"bogus": 1}, ["bogus: needs nothing"]),
    "nan": (points(x_m=float("nan")), ["demand_points[0].x_m: needs a finite number"]),
    "infinity": (points(x_m=float("inf")), ["demand_points[0].x_m: needs a finite number"]),
    "negative weight": (
        points(weights={"residents": -1}),
        ["demand_points[0].weights.residents: needs at least 0"],
    ),
    "latitude out of range": (points(lat=114.3, lon=22.7), ["demand_points[0].lat: needs"]),
    "duplicate ids": ({"sites": [tiny()["sites"][0]] * 2}, ["sites[1].id: needs"]),
    "reference to nothing": (
        {"rules": {"forbidden_sites": ["nowhere"]}},
        ["rules.forbidden_sites[0]: needs"],
    ),
    "matrix of the wrong shape": (
        {"travel": {"kind": "matrix", "scenarios": [{"travel_time_s": [[1.0]]}]}},
        ["travel.scenarios[0].travel_time_s: needs"],
    ),
    "no candidates": ({"sites": []}, ["sites: needs at least 1"]),
    "more stations than sites": ({"new_stations": {"city": 9}}, ["new_stations.city: needs"]),
    "several at once": (
        {"bogus": 1, "new_stations": -1, "limits": {"threads": 0}},
        ["bogus: needs", "new_stations: needs", "limits.threads: needs"],
    ),
}


class Said(NamedTuple):
    """What a command printed, and how it ended."""

    returncode: int
    stdout: bytes
    stderr: bytes


def inside(*arguments: str) -> Said:
    """Run ``muster`` in this process: quicker, and all that reading input needs."""
    result = CliRunner().invoke(app, arguments)
    return Said(result.exit_code, result.stdout_bytes, result.stderr_bytes)


def check_refused(said: Said, folder: Path, needs: list[str]) -> None:
    text = said.stderr.decode()
    assert said.returncode == 2, text
    assert said.stdout == b""
    assert "Traceback" not in text
    assert [need for need in needs if need not in text] == [], text
    assert [path.name for path in folder.iterdir()] == ["request.json"]


@pytest.mark.parametrize(("raw", "need"), BAD_BYTES.values(), ids=BAD_BYTES)
def test_a_file_that_is_no_request_is_refused(tmp_path: Path, raw: bytes, need: str) -> None:
    path = tmp_path / "request.json"
    path.write_bytes(raw)
    said = inside("solve", str(path), "--out", str(tmp_path / "plan.json"))
    check_refused(said, tmp_path, [need])


@pytest.mark.parametrize(("change", "needs"), BAD_FIELDS.values(), ids=BAD_FIELDS)
def test_every_fault_is_listed_and_nothing_is_written(
    request_file: Path, tmp_path: Path, change: Change, needs: list[str]
) -> None:
    request_file.write_text(json.dumps(tiny() | change), encoding="utf-8")
    said = inside("solve", str(request_file), "--out", str(tmp_path / "plan.json"))
    check_refused(said, tmp_path, needs)


def test_a_file_of_200_mb_is_refused(muster: Muster, tmp_path: Path) -> None:
    with (tmp_path / "request.json").open("wb") as stream:
        stream.truncate(200_000_000)
    ended = muster("solve", "request.json", "--out", "plan.json")
    said = Said(ended.returncode, ended.stdout, ended.stderr)
    check_refused(said, tmp_path, ["at most 128 MB", "dataset"])


def test_faults_are_told_in_chinese(tmp_path: Path) -> None:
    told = inside("solve", str(tmp_path / "none.json"), "--lang", "zh")
    assert (told.returncode, "须为存在的文件" in told.stderr.decode()) == (2, True)


def test_a_place_that_cannot_be_written_is_refused_before_solving(
    request_file: Path, tmp_path: Path
) -> None:
    told = inside("solve", str(request_file), "--out", str(tmp_path))
    assert (told.returncode, b"can be written" in told.stderr) == (2, True)


def test_a_dataset_is_named_by_its_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSTER_STORE_FOLDER", str(tmp_path / "store"))
    np.savez(tmp_path / "data.npz", x=np.arange(3))
    (tmp_path / "text.npz").write_bytes(b"nothing of the kind")
    (tmp_path / "broken.npz").write_bytes(b"PK\x03\x04 and nothing more")
    added = inside("dataset", "add", str(tmp_path / "data.npz"))
    name = sha256((tmp_path / "data.npz").read_bytes()).hexdigest()
    assert added.stdout.decode().strip() == name
    assert inside("dataset", "add", str(tmp_path / "text.npz")).returncode == 2
    assert inside("dataset", "add", str(tmp_path / "broken.npz")).returncode == 2
    assert inside("dataset", "list").stdout.decode().split() == [name]


def test_ctrl_c_keeps_the_best_plan(request_file: Path, tmp_path: Path) -> None:
    request_file.write_text(json.dumps(long()), encoding="utf-8")
    with subprocess.Popen(  # noqa: S603 - a process as a user starts it
        [*COMMAND, "solve", str(request_file), "--out", "plan.json"],
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        assert "best" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 0, said
    answer = json.loads((tmp_path / "plan.json").read_bytes())
    assert answer["plan"]["stations"]
    assert answer["run"]["stop"] == "cancelled"
