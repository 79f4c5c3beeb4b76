"""``muster matrix``: times to look at, to export, and from routers; who made them is not lost."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from api.cli.commands import app
from optimizer.datasets import Store
from tests.api.clients.servers import Running, running, seconds
from tests.optimizer.travel.networks import kept, row

_STRAIGHT = "Straight-line stand-in"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    """A router that the operator allows."""
    with running() as one:
        monkeypatch.setenv("MUSTER_ROUTERS", f"http://localhost:1, {one.url}/")
        yield one


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The store that commands use."""
    monkeypatch.setenv("MUSTER_STORE_FOLDER", str(tmp_path / "store"))
    return Store(tmp_path / "store")


def town(points: int = 6, **more: Any) -> dict[str, Any]:
    """Return a request of places in degrees, three sites among them."""
    return {
        "demand_points": [
            {"id": f"p{i}", "lat": 0.0, "lon": 0.01 * i, "weights": {"residents": 10 + i}}
            for i in range(points)
        ],
        "sites": [{"id": f"s{j}", "lat": 0.0, "lon": 0.02 * j + 0.005} for j in range(3)],
        "new_stations": {"city": 1},
        "limits": {"time_limit_s": 20},
        **more,
    }


class Folder:
    """Requests in a folder, and commands about them."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def muster(self, *arguments: str, code: int = 0) -> tuple[str, str]:
        """Run a command; return what it prints and what it tells."""
        result = CliRunner().invoke(app, arguments)
        told = result.stderr_bytes.decode()
        assert result.exit_code == code, told
        assert "Traceback" not in told
        return result.stdout_bytes.decode(), told

    def matrix(self, request: dict[str, Any], *options: str, code: int = 0) -> tuple[str, str]:
        """Run ``muster matrix`` on a request."""
        file = self.path / "request.json"
        file.write_text(json.dumps(request), encoding="utf-8")
        return self.muster("matrix", str(file), *options, code=code)

    def solved(self, request: dict[str, Any]) -> tuple[dict[str, Any], str]:
        """Return the answer to a request, and its summary."""
        file = self.path / "given.json"
        file.write_text(json.dumps(request), encoding="utf-8")
        answer, _ = self.muster("solve", str(file), "--json")
        (self.path / "plan.json").write_text(answer, encoding="utf-8")
        summary = self.muster("report", str(file), str(self.path / "plan.json"), "--format", "text")
        return json.loads(answer), summary[0]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """An empty folder."""
    return Folder(tmp_path)


def test_straight_lines_stay_labelled_as_a_matrix(folder: Folder) -> None:
    printed, told = folder.matrix(town())
    changed = json.loads(printed)
    answer, summary = folder.solved(changed)
    assert changed["travel"]["kind"] == "matrix"
    assert answer["travel"]["method"] == "straight_line"
    assert _STRAIGHT in told
    assert _STRAIGHT in summary
    assert answer["plan"] == folder.solved(town())[0]["plan"]


def test_roads_as_a_matrix_keep_their_source_and_come_to_the_same_plan(
    folder: Folder, store: Store
) -> None:
    sha256 = store.add_arrays(row(8))
    travel = {
        "kind": "roads",
        "network": {"sha256": sha256},
        "scenarios": [{"id": "usual", "weight": 3.0}, {"id": "peak", "time_factor": 2.0}],
    }
    request = town(travel=travel)
    changed = json.loads(folder.matrix(request)[0])
    before, after = folder.solved(request)[0], folder.solved(changed)[0]
    assert [one["id"] for one in changed["travel"]["scenarios"]] == ["usual", "peak"]
    assert changed["travel"]["scenarios"][0]["weight"] == 3.0
    assert after["plan"] == before["plan"]
    for name in ("method", "source", "node_count", "edge_count"):
        assert after["travel"][name] == before["travel"][name], name


def test_what_a_closure_did_is_kept_with_the_matrix(folder: Folder, store: Store) -> None:
    travel = {
        "kind": "roads",
        "network": {"sha256": store.add_arrays(row(8))},
        "closures": [
            {"id": "flood", "geometry": {"type": "Point", "coordinates": [0.022, 0.0]}},
        ],
        "scenarios": [{"id": "usual"}, {"id": "wet", "closures": ["flood"]}],
    }
    before = folder.solved(town(travel=travel))[0]["travel"]["scenarios"]
    changed = json.loads(folder.matrix(town(travel=travel))[0])
    after = folder.solved(changed)[0]["travel"]["scenarios"]
    assert before[1]["closed_length_m"] > 0
    assert [one | {"isochrones": []} for one in before] == after


def test_invented_roads_stay_illustrative_as_a_matrix(folder: Folder, store: Store) -> None:
    about = np.array(json.dumps({"source": "drawn", "illustrative": True}))
    travel = {"kind": "roads", "network": {"sha256": store.add_arrays(row(8) | {"about": about})}}
    printed, told = folder.matrix(town(travel=travel))
    assert "illustrative" in told
    assert folder.solved(json.loads(printed))[0]["travel"]["illustrative"]


def test_a_matrix_leaves_as_a_table_with_the_names_of_both_sides(folder: Folder) -> None:
    out = folder.path / "times.csv"
    folder.matrix(town(), "--out", str(out))
    frame = pd.read_csv(out, index_col="demand_point")
    assert list(frame.index) == [f"p{i}" for i in range(6)]
    assert list(frame.columns) == ["s0", "s1", "s2"]
    # 0.005 degrees of longitude on the equator, 35 % of detour, 30 km/h.
    assert frame.loc["p0", "s0"] == pytest.approx(555.97 * 1.35 / (30 / 3.6), abs=0.1)


@pytest.mark.parametrize("suffix", ["parquet", "npz"])
def test_a_matrix_as_a_dataset_can_be_added_and_named(folder: Folder, suffix: str) -> None:
    out = folder.path / f"times.{suffix}"
    folder.matrix(town(), "--out", str(out))
    name = folder.muster("dataset", "add", str(out))[0].strip()
    by_name = {"travel_time_s": {"sha256": name}}
    answer, summary = folder.solved(
        town(travel={"kind": "matrix", "source": "a survey", "scenarios": [by_name]})
    )
    assert answer["plan"] == folder.solved(town())[0]["plan"]
    assert "Travel times as given: a survey." in summary


def test_many_pairs_go_into_the_store(folder: Folder, store: Store) -> None:
    printed, told = folder.matrix(town(points=4000))
    sha256 = json.loads(printed)["travel"]["scenarios"][0]["travel_time_s"]["sha256"]
    assert store.load(sha256)["travel_time_s"].shape == (4000, 3)
    assert sha256 in told


def test_a_matrix_written_as_a_file_leaves_nothing_in_the_store(
    folder: Folder, store: Store
) -> None:
    folder.matrix(town(points=4000), "--out", str(folder.path / "times.npz"))
    assert store.names() == ()


def test_a_matrix_that_is_given_stays_as_it_is(folder: Folder) -> None:
    times = [[60.0, None, 70.0]] * 6
    travel = {"kind": "matrix", "source": "a survey", "scenarios": [{"travel_time_s": times}]}
    printed, told = folder.matrix(town(travel=travel))
    assert json.loads(printed)["travel"] == travel
    assert "no way for 6 of 18 pairs" in told


@pytest.mark.parametrize("kind", ["osrm", "valhalla"])
def test_a_router_s_times_name_it_in_the_answer_and_its_outputs(
    folder: Folder, server: Running, kind: str
) -> None:
    printed, told = folder.matrix(town(), "--router", kind, "--url", server.url)
    changed = json.loads(printed)
    times = changed["travel"]["scenarios"][0]["travel_time_s"]
    assert times[3][1] == pytest.approx(seconds((0.0, 0.025), (0.0, 0.03)))
    answer, summary = folder.solved(changed)
    assert answer["travel"]["method"] == "router"
    assert server.url in answer["travel"]["source"]
    assert f"Travel times from a router, not from Muster: {answer['travel']['source']}" in summary
    assert answer["travel"]["source"] in told
    assert "18 of 18 times known" in told


@pytest.mark.parametrize("suffix", ["html", "geojson", "csv"])
def test_every_file_says_that_a_router_gave_the_times(
    folder: Folder, server: Running, suffix: str
) -> None:
    changed = folder.matrix(town(), "--router", "osrm", "--url", server.url)[0]
    folder.solved(json.loads(changed))
    out = folder.path / f"out.{suffix}"
    given, plan = (str(folder.path / name) for name in ("given.json", "plan.json"))
    folder.muster("report", given, plan, "--out", str(out))
    files = [one for one in folder.path.rglob("*") if one.name.startswith("out")]
    assert any(server.url in one.read_text("utf-8") for one in files if one.is_file())


def test_places_far_from_every_road_are_named_and_not_reached(
    folder: Folder, server: Running
) -> None:
    request = town()
    request["demand_points"][2]["lon"] = -0.5
    request["demand_points"][4]["lat"] = 1.5
    options = ("--router", "valhalla", "--url", server.url)
    printed, told = folder.matrix(request, *options)
    rests_on = json.loads(printed)["travel"]["rests_on"]
    assert rests_on["unsnapped"] == [{"what": "demand_point", "id": "p2", "distance_m": None}]
    assert "No road near enough, so not reached: p2" in told
    assert "no way for 6 of 18 pairs" in told
    assert "no site reaches p2, p4" in told
    _, told = folder.matrix(request, *options, "--snap-limit", "50")
    assert "no way for 18 of 18 pairs" in told
    assert "s0 (56 m)" in told


def test_the_hour_s_factor_multiplies_a_router_s_times_and_is_said(
    folder: Folder, server: Running, tmp_path: Path
) -> None:
    _, network = kept(row(8), tmp_path / "store")
    travel = {
        "kind": "roads",
        "network": {"sha256": network.sha256},
        "scenarios": [{"id": "usual"}, {"id": "peak", "time_factor": 1.5}],
    }
    printed, _ = folder.matrix(town(travel=travel), "--router", "osrm", "--url", server.url)
    made = json.loads(printed)["travel"]
    usual, peak = (np.array(one["travel_time_s"]) for one in made["scenarios"])
    np.testing.assert_allclose(peak, 1.5 * usual)
    assert made["source"].endswith(", peak x 1.5")


def test_a_router_is_not_asked_for_what_it_does_not_know(folder: Folder, server: Running) -> None:
    flood = {"id": "flood", "geometry": {"type": "Point", "coordinates": [0.0, 0.0]}}
    travel = {
        "kind": "roads",
        "network": {"sha256": "0" * 64},
        "closures": [flood],
        "scenarios": [{"id": "usual"}, {"id": "wet", "closures": ["flood"]}],
    }
    request = town(travel=travel)
    for place in request["demand_points"]:
        place["x_m"], place["y_m"] = place.pop("lat"), place.pop("lon")
    options = ("--router", "osrm", "--url", server.url)
    _, told = folder.matrix(request, *options, code=2)
    assert "travel.scenarios[1]: needs no closures" in told
    assert "demand_points: needs lat and lon" in told
    assert server.behaviour.asked == []
    folder.matrix(town(travel=travel), *options, "--scenario", "usual")


def test_one_router_is_one_state_of_the_roads(folder: Folder, server: Running) -> None:
    travel = {"kind": "coordinates", "scenarios": [{"id": "day"}, {"id": "night"}]}
    options = ("--router", "osrm", "--url", server.url)
    _, told = folder.matrix(town(travel=travel), *options, code=2)
    assert "choose it with --scenario: day, night" in told
    printed, _ = folder.matrix(town(travel=travel), *options, "--scenario", "night")
    assert [one["id"] for one in json.loads(printed)["travel"]["scenarios"]] == ["night"]


def test_a_file_holds_one_matrix(folder: Folder) -> None:
    travel = {"kind": "coordinates", "scenarios": [{"id": "day"}, {"id": "night"}]}
    out = ("--out", str(folder.path / "times.csv"))
    assert "--scenario: day, night" in folder.matrix(town(travel=travel), *out, code=2)[1]
    folder.matrix(town(travel=travel), *out, "--scenario", "day")
    told = folder.matrix(town(travel=travel), "--scenario", "dawn", code=2)[1]
    assert "a scenario of the request: day, night" in told


@pytest.mark.parametrize(
    ("options", "needs"),
    [
        (["--url", "http://localhost:1"], ["--url: needs --router as well"]),
        (["--profile", "car", "--at-once", "5"], ["--profile:", "--at-once:"]),
        (["--router", "osrm"], ["--url: needs an address"]),
        (["--router", "osrm", "--url", "http://localhost:2"], ["--url: needs a router that the"]),
        (["--router", "osrm", "--url", "file:///etc/passwd"], ["--url: needs an http or https"]),
        (
            ["--router", "osrm", "--url", "http://localhost:2", "--profile", "../x"],
            ["--url:", "--profile: needs the name of a profile"],
        ),
        (["--out", "times.xlsx"], ["--out: needs a name that ends in .json"]),
    ],
)
@pytest.mark.usefixtures("server")
def test_options_that_cannot_be_are_refused_together(
    folder: Folder, options: list[str], needs: list[str]
) -> None:
    printed, told = folder.matrix(town(), *options, code=2)
    assert printed == ""
    assert [need for need in needs if need not in told] == [], told


def test_no_router_is_allowed_unless_the_operator_says_so(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MUSTER_ROUTERS", raising=False)
    options = ("--router", "osrm", "--url", "http://localhost:1", "--lang", "zh")
    assert "MUSTER_ROUTERS 为空" in folder.matrix(town(), *options, code=2)[1]


def test_a_router_that_fails_is_no_fault_of_the_request(folder: Folder, server: Running) -> None:
    server.behaviour.fixed = (500, '{"message": "out of memory"}', {})
    options = ("--router", "osrm", "--url", server.url)
    told = folder.matrix(town(), *options, code=3)[1]
    assert "The router failed: it answers with status 500: out of memory" in told
    assert "路径服务出错" in folder.matrix(town(), *options, "--lang", "zh", code=3)[1]


def test_a_request_at_fault_asks_nobody(folder: Folder, server: Running) -> None:
    request = town()
    request["sites"][1]["id"] = "s0"
    told = folder.matrix(request, "--router", "osrm", "--url", server.url, code=2)[1]
    assert "sites[1].id" in told
    assert server.behaviour.asked == []
